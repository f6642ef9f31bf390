"""A unit: its blocks, one after the other."""

from typing import Any

from web_fragments.fragment import Fragment
from xblock.completable import XBlockCompletionMode

from mtd_learning.blocks.block import MtdBlock


class UnitBlock(MtdBlock):
    """Holds the blocks of a unit."""

    has_children = True
    completion_mode = XBlockCompletionMode.AGGREGATOR

    def student_view(self, context: Any = None) -> Fragment:
        """Return all blocks."""
        return self._joined("student_view", context)

    def paper_view(self, context: Any = None) -> Fragment:
        """Return all blocks as they are printed."""
        return self._joined("paper_view", context)

    def _joined(self, view: str, context: Any) -> Fragment:
        children = self.runtime.render_children(self, view, context)
        made = Fragment("\n".join(child.content for child in children))
        made.add_resources(children)
        return made

    @staticmethod
    def workbench_scenarios() -> list[tuple[str, str]]:
        """Return an example for a foreign workbench."""
        return [("mtd unit", "<mtd_unit><mtd_text text='One.'/><mtd_text text='Two.'/></mtd_unit>")]
