"""One question between two paragraphs; it may be answered as often as one likes."""

from typing import Any

from web_fragments.fragment import Fragment
from webob import Response
from xblock.fields import Scope

from mtd_learning.assessment.choosing import Choice
from mtd_learning.assessment.dice import Dice, seed_of
from mtd_learning.assessment.questions import ALWAYS_MIXED, Question, from_compiled
from mtd_learning.blocks.asking import Asked, answer_in, question_html
from mtd_learning.blocks.block import Fixed, MtdBlock, Posted, posting, remembered
from mtd_learning.blocks.saving import must_know


class CheckBlock(MtdBlock):
    """Asks one question and says at once what is right."""

    has_form = True

    question = Fixed(scope=Scope.content, default=None)
    answer = Fixed(scope=Scope.user_state, default=None)
    tried = Fixed(scope=Scope.user_state, default=())
    right = Fixed(scope=Scope.user_state, default=False)
    missing = Fixed(scope=Scope.user_state, default=False)
    draft = Fixed(scope=Scope.user_state, default=None)

    @property
    def same_for_all(self) -> bool:
        """Return whether the parts stand in the same order for everybody."""
        return self._question().kind not in ALWAYS_MIXED

    @property
    def begun(self) -> bool:
        """Return whether the learner has answered or begun to."""
        return self.answer is not None or self.draft is not None

    def student_view(self, context: Any = None) -> Fragment:
        """Return the question, and what there is to say about the last answer."""
        question, draft = self._question(), self.draft or {}
        verdict = None if self.answer is None else question.judge(self.answer)
        filled_in = draft.get("answer", self.answer)
        # What is said at an option is about the option; in a field it would be about other words.
        fits = filled_in == self.answer or isinstance(question, Choice)
        asked = Asked(
            question=question,
            uid=self.html_id,
            answer=filled_in,
            verdict=verdict if fits else None,
            reveal=fits and verdict is not None and verdict.right,
            missing=self.missing,
            tried=self.tried,
            lang=self.lang,
        )
        words = self.runtime.service(self, "i18n")
        return self.show(
            "check.html",
            form=question_html(asked, words),
            verdict=verdict,
            about=question.about,
            missing=asked.missing,
            saved_at=draft.get("saved_at", ""),
        )

    def paper_view(self, context: Any = None) -> Fragment:
        """Return the question with boxes and lines for a pen."""
        asked = Asked(question=self._question(), uid=self.html_id, lang=self.lang)
        words = self.runtime.service(self, "i18n")
        return self.show("paper/check.html", form=question_html(asked, words, paper=True))

    @posting
    def submit(self, posted: Posted) -> Response:
        """Judge an answer and keep it; once right, the block is done."""
        question = self._question()
        answer = answer_in(posted, question, posted.data.get("answer"))
        self.missing = not question.is_answered(answer)
        if self.missing:
            self.draft = {"answer": answer, "saved_at": self.now()}
            return self.reply(posted, {"missing": True})
        verdict = question.judge(answer)
        self.answer, self.draft = answer, None
        chosen = {part for part, note in verdict.notes.items() if note.chosen}
        self.tried = sorted({*self.tried, *chosen})
        if verdict.right:
            self.right = True
            self.done()
        said = {"right": verdict.right, "score": verdict.score, "feedback": verdict.feedback}
        return self.reply(posted, said)

    @posting
    def keep(self, posted: Posted) -> Response:
        """Keep what is filled in so far; it is no answer before it is sent."""
        before = self.draft or {}
        must_know(posted, before.get("saved_at", ""), before.get("window", ""))
        answer = answer_in(posted, self._question(), posted.data.get("answer"))
        kept = {"answer": answer, "saved_at": self.now(), "window": posted.text("window")}
        self.draft, self.missing = kept, False
        return self.reply(posted, {"time": self.time_of_day(kept["saved_at"])})

    def _question(self) -> Question:
        """Return the question in the order in which this learner sees its parts."""
        key, user = self.scope_ids.usage_id, self.scope_ids.user_id
        question = remembered(from_compiled, self.question)
        if question.kind not in ALWAYS_MIXED:
            return question
        return question.arranged(Dice(seed_of("check", user, key)))

    @staticmethod
    def workbench_scenarios() -> list[tuple[str, str]]:
        """Return an example for a foreign workbench."""
        return [
            (
                "mtd check",
                """<mtd_check question='{"id": "q", "type": "single", "text": "What first?",
                "options": [{"id": "a", "text": "Listen.", "correct": true, "feedback": "Yes."},
                {"id": "b", "text": "Advise.", "feedback": "Later, perhaps."}]}'/>""",
            )
        ]
