"""The numbers and duties of a country, as a card."""

from typing import Any

from web_fragments.fragment import Fragment
from xblock.fields import Scope

from mtd_learning.blocks.block import Fixed, MtdBlock, Plain


class FactsBlock(MtdBlock):
    """Shows local facts: whom to call, what the law asks."""

    same_for_all = True

    title = Plain(scope=Scope.content, default="")
    text = Plain(scope=Scope.content, default="")
    facts = Fixed(scope=Scope.content, default=())

    def student_view(self, context: Any = None) -> Fragment:
        """Return the card."""
        return self.show(
            "facts.html", title=self.title, text=self.text, facts=self.facts, lang=self.lang
        )

    paper_view = student_view

    @staticmethod
    def workbench_scenarios() -> list[tuple[str, str]]:
        """Return an example for a foreign workbench."""
        return [
            (
                "mtd facts",
                """<mtd_facts title='Numbers' facts='[{"name": "emergency", "label": "Emergency",
                "value": "112", "href": "tel:112"}]'/>""",
            )
        ]
