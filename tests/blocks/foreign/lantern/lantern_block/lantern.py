"""A block that fills its template by Django, as most blocks elsewhere do."""

from web_fragments.fragment import Fragment
from xblock.core import XBlock
from xblock.fields import Scope, String

try:  # as blocks do that also want to run on older hosts
    from xblock.utils.resources import ResourceLoader
except ModuleNotFoundError:
    from xblockutils.resources import ResourceLoader


class LanternBlock(XBlock):
    """Shows a light."""

    name = String(default="you", scope=Scope.content)

    def student_view(self, context=None):
        """Show the template."""
        from django.utils.translation import get_language

        values = {"self": self, "language": get_language()}
        loader = ResourceLoader(__name__)
        return Fragment(loader.render_django_template("templates/lantern.html", values))
