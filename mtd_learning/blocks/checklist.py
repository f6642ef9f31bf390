"""Things to do, ticked off one by one."""

from typing import Any

from web_fragments.fragment import Fragment
from webob import Response
from xblock.fields import Scope

from mtd_learning.blocks.block import Fixed, MtdBlock, Plain, Posted, posting
from mtd_learning.blocks.saving import must_know


class ChecklistBlock(MtdBlock):
    """Keeps what a learner has ticked."""

    has_form = True
    same_for_all = True

    text = Plain(scope=Scope.content, default="")
    items = Fixed(scope=Scope.content, default=())
    ticked = Fixed(scope=Scope.user_state, default=())
    saved_at = Plain(scope=Scope.user_state, default="")
    window = Plain(scope=Scope.user_state, default="")

    @property
    def begun(self) -> bool:
        """Return whether anything is ticked."""
        return bool(self.ticked)

    def student_view(self, context: Any = None) -> Fragment:
        """Return the list with its ticks."""
        return self.show(
            "checklist.html",
            text=self.text,
            items=self.items,
            ticked=self.ticked,
            saved_at=self.saved_at,
        )

    def paper_view(self, context: Any = None) -> Fragment:
        """Return the list with boxes to tick."""
        return self.show("paper/checklist.html", text=self.text, items=self.items)

    @posting
    def submit(self, posted: Posted) -> Response:
        """Keep the ticks."""
        must_know(posted, self.saved_at, self.window)
        chosen, known = set(posted.many("item")), [slug for slug, _ in self.items]
        self.ticked = [slug for slug in known if slug in chosen]
        self.saved_at, self.window = self.now(), posted.text("window")
        if known:
            self.done(len(self.ticked) / len(known))
        time = self.time_of_day(self.saved_at)
        saved = {"ticked": list(self.ticked), "saved_at": self.saved_at, "time": time}
        return self.reply(posted, saved)

    @staticmethod
    def workbench_scenarios() -> list[tuple[str, str]]:
        """Return an example for a foreign workbench."""
        return [("mtd checklist", """<mtd_checklist items='[["a", "Call."], ["b", "Write."]]'/>""")]
