"""One open question; nobody but its writer sees the note."""

from typing import Any

from web_fragments.fragment import Fragment
from webob import Response
from xblock.fields import Scope

from mtd_learning.blocks.block import MtdBlock, Plain, Posted, posting
from mtd_learning.blocks.saving import must_know

LONGEST_NOTE = 10_000


class ReflectionBlock(MtdBlock):
    """Keeps a private note."""

    has_form = True
    same_for_all = True

    text = Plain(scope=Scope.content, default="")
    note = Plain(scope=Scope.user_state, default="")
    saved_at = Plain(scope=Scope.user_state, default="")
    window = Plain(scope=Scope.user_state, default="")

    @property
    def begun(self) -> bool:
        """Return whether there is a note."""
        return bool(self.note)

    def student_view(self, context: Any = None) -> Fragment:
        """Return the question, and the note to write or to go on writing."""
        return self.show(
            "reflection.html",
            text=self.text,
            note=self.note,
            saved_at=self.saved_at,
        )

    def paper_view(self, context: Any = None) -> Fragment:
        """Return the question and lines to write on."""
        return self.show("paper/reflection.html", text=self.text)

    @posting
    def submit(self, posted: Posted) -> Response:
        """Keep the note; an empty one deletes it."""
        must_know(posted, self.saved_at, self.window)
        # Forms send two characters for the end of a line, which the page counted as one.
        sent = posted.text("note", 2 * LONGEST_NOTE)
        self.note = sent.replace("\r\n", "\n")[:LONGEST_NOTE]
        self.saved_at, self.window = self.now() if self.note else "", posted.text("window")
        if self.note.strip():
            self.done()
        saved = {"saved_at": self.saved_at, "time": self.time_of_day(self.now())}
        return self.reply(posted, saved)

    @posting
    def forget(self, posted: Posted) -> Response:
        """Delete the note; what was done stays done."""
        self.note = self.saved_at = self.window = ""
        return self.reply(posted, {"saved_at": ""})

    @staticmethod
    def workbench_scenarios() -> list[tuple[str, str]]:
        """Return an example for a foreign workbench."""
        return [("mtd reflection", "<mtd_reflection text='Who listened to you?'/>")]
