"""A picture with the words that stand for it."""

from typing import Any

from web_fragments.fragment import Fragment
from xblock.fields import Scope

from mtd_learning.blocks.block import Fixed, MtdBlock, Plain


class ImageBlock(MtdBlock):
    """Shows a picture."""

    same_for_all = True

    file = Plain(scope=Scope.content, default="")
    alt = Plain(scope=Scope.content, default="")
    caption = Plain(scope=Scope.content, default="")
    size = Fixed(scope=Scope.content, default=None)

    def student_view(self, context: Any = None) -> Fragment:
        """Return the picture and its caption."""
        return self.show(
            "image.html",
            src=self.media(self.file),
            alt=self.alt,
            caption=self.caption,
            size=self.size,
        )

    paper_view = student_view

    @staticmethod
    def workbench_scenarios() -> list[tuple[str, str]]:
        """Return an example for a foreign workbench."""
        return [("mtd image", "<mtd_image file='walk.svg' alt='Two people walk.'/>")]
