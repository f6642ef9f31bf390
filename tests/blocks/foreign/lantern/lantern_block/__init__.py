"""A block that stands in the package itself, and lets the host fill its template."""

from web_fragments.fragment import Fragment
from xblock.core import XBlock


class LampBlock(XBlock):
    """Shows a light."""

    def student_view(self, context=None):
        """Show the template."""
        return Fragment(self.runtime.render_template("lamp.html", name="Zoë <b>"))
