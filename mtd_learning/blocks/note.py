"""A closed door before a hard story: the reader opens it, or goes on and loses nothing."""

from typing import Any

from web_fragments.fragment import Fragment
from webob import Response
from xblock.completable import XBlockCompletionMode
from xblock.fields import Scope

from mtd_learning.blocks.block import Fixed, MtdBlock, Plain, Posted, posting


class NoteBlock(MtdBlock):
    """Says what the block behind it is about, before it is seen."""

    has_children = True
    has_form = True
    completion_mode = XBlockCompletionMode.EXCLUDED

    note = Plain(scope=Scope.content, default="")
    skipped = Fixed(scope=Scope.user_state, default=False)

    def student_view(self, context: Any = None) -> Fragment:
        """Return the note, and the block behind it, closed until it was begun."""
        children = self.get_children()
        behind = [child.render("student_view", context) for child in children]
        made = self.show(
            "note.html",
            note=self.note,
            behind=behind,
            is_open=any(getattr(child, "begun", False) for child in children),
            may_skip=self._may_skip(),
            skipped=self.skipped,
        )
        made.add_resources(behind)
        return made

    def paper_view(self, context: Any = None) -> Fragment:
        """Return the note, and the block below it; closed where it is read on a screen."""
        behind = self.runtime.render_children(self, "paper_view", context)
        template = "note.html" if (context or {}).get("on_screen") else "paper/note.html"
        made = self.show(template, note=self.note, behind=behind)
        made.add_resources(behind)
        return made

    @posting
    def skip(self, posted: Posted) -> Response:
        """Count the block behind as done, without its having been read."""
        if self._may_skip():
            self.skipped = True
            for child in self.get_children():
                said = {"completion": 1.0, "skipped": True}
                self.runtime.publish(child, "completion", said)
        return self.reply(posted, {"skipped": self.skipped})

    def _may_skip(self) -> bool:
        """Return whether the block behind may be left out; what gives a score may not."""
        return bool(self.required) and not any(
            getattr(one, "has_score", False) for one in self.get_children()
        )

    @staticmethod
    def workbench_scenarios() -> list[tuple[str, str]]:
        """Return an example for a foreign workbench."""
        return [
            (
                "mtd note",
                "<mtd_note note='A parent is drunk.' required='true'>"
                "<mtd_text text='Dad was asleep.'/></mtd_note>",
            )
        ]
