"""Two columns: what is worth trying, and what is better left out."""

from typing import Any

from web_fragments.fragment import Fragment
from xblock.fields import Scope

from mtd_learning.blocks.block import Fixed, MtdBlock, Plain


class CompareBlock(MtdBlock):
    """Sets good ways beside less good ones."""

    same_for_all = True

    title = Plain(scope=Scope.content, default="")
    good = Fixed(scope=Scope.content, default=())
    less = Fixed(scope=Scope.content, default=())

    def student_view(self, context: Any = None) -> Fragment:
        """Return both columns."""
        return self.show("compare.html", title=self.title, good=self.good, less=self.less)

    paper_view = student_view

    @staticmethod
    def workbench_scenarios() -> list[tuple[str, str]]:
        """Return an example for a foreign workbench."""
        return [
            (
                "mtd compare",
                """<mtd_compare good='[["a", "Thank you."]]' less='[["b", "I promise."]]'/>""",
            )
        ]
