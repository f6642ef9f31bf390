"""Words to read: an opening, a paragraph, a note, a warning, the line to take along."""

from typing import Any

from web_fragments.fragment import Fragment
from xblock.fields import Scope

from mtd_learning.blocks.block import MtdBlock, Plain


class TextBlock(MtdBlock):
    """Shows words."""

    same_for_all = True

    text = Plain(scope=Scope.content, default="")
    role = Plain(scope=Scope.content, default="plain")

    def student_view(self, context: Any = None) -> Fragment:
        """Return the words in the dress of their role."""
        return self.show("text.html", text=self.text, role=self.role)

    paper_view = student_view

    @staticmethod
    def workbench_scenarios() -> list[tuple[str, str]]:
        """Return an example for a foreign workbench."""
        return [("mtd text", "<mtd_text role='note' text='Listen first.'/>")]
