"""A closed door before a hard story: the reader opens it, or goes on and loses nothing."""

from typing import Any

from web_fragments.fragment import Fragment
from webob import Request, Response
from xblock.completable import XBlockCompletionMode
from xblock.core import XBlock
from xblock.fields import Scope

from mtd_learning.blocks.block import Fixed, MtdBlock, Plain, Posted, answer_json


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
            may_skip=bool(self.required),
            skipped=self.skipped,
        )
        made.add_resources(behind)
        return made

    def paper_view(self, context: Any = None) -> Fragment:
        """Return the note, and the block below it."""
        behind = self.runtime.render_children(self, "paper_view", context)
        made = self.show("paper/note.html", note=self.note, behind=behind)
        made.add_resources(behind)
        return made

    @XBlock.handler
    def skip(self, request: Request, suffix: str = "") -> Response:
        """Count the block behind as done, without its having been read."""
        if request.method != "POST":
            return Response(status=405, headers={"Allow": "POST"})
        posted = Posted(request)
        self.skipped = True
        for child in self.get_children():
            said = {"completion": 1.0, "skipped": True}
            self.runtime.publish(child, "completion", said)
        return answer_json({"skipped": True}) if posted.is_json else self.return_to(request)

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
