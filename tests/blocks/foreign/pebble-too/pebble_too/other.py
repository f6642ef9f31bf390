"""Another block of the same name."""

from web_fragments.fragment import Fragment
from xblock.core import XBlock


class OtherPebbleBlock(XBlock):
    """Shows that it is the other one."""

    def student_view(self, context=None):
        """Show a sentence."""
        return Fragment("<p>The other jar</p>")
