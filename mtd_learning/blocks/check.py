"""One question between two paragraphs; it may be answered as often as one likes."""

from typing import Any

from web_fragments.fragment import Fragment
from webob import Request, Response
from xblock.fields import Scope

from mtd_learning.assessment.dice import Dice, seed_of
from mtd_learning.assessment.questions import Question, from_compiled
from mtd_learning.blocks.asking import Asked, answer_in, question_html
from mtd_learning.blocks.block import Fixed, MtdBlock, Posted, answer_json, posting, remembered

SHUFFLED = ("order", "match")


class CheckBlock(MtdBlock):
    """Asks one question and says at once what is right."""

    has_form = True

    question = Fixed(scope=Scope.content, default=None)
    answer = Fixed(scope=Scope.user_state, default=None)
    tried = Fixed(scope=Scope.user_state, default=())
    right = Fixed(scope=Scope.user_state, default=False)
    missing = Fixed(scope=Scope.user_state, default=False)

    @property
    def same_for_all(self) -> bool:
        """Return whether the parts stand in the same order for everybody."""
        return self._question().kind not in SHUFFLED

    @property
    def begun(self) -> bool:
        """Return whether the question was answered."""
        return self.answer is not None

    def student_view(self, context: Any = None) -> Fragment:
        """Return the question, and what there is to say about the last answer."""
        question = self._question()
        verdict = None if self.answer is None else question.judge(self.answer)
        asked = Asked(
            question=question,
            uid=self.html_id,
            answer=self.answer,
            verdict=verdict,
            reveal=verdict is not None and verdict.right,
            missing=self.missing and verdict is None,
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
        )

    def paper_view(self, context: Any = None) -> Fragment:
        """Return the question with boxes and lines for a pen."""
        asked = Asked(question=self._question(), uid=self.html_id, lang=self.lang)
        words = self.runtime.service(self, "i18n")
        return self.show("paper/check.html", form=question_html(asked, words, paper=True))

    @posting
    def submit(self, request: Request, posted: Posted) -> Response:
        """Judge an answer and keep it; once right, the block is done."""
        question = self._question()
        answer = answer_in(posted, question, posted.data.get("answer"))
        self.missing = not question.is_answered(answer)
        if self.missing:
            said: dict[str, Any] = {"missing": True}
            return answer_json(said) if posted.is_json else self.return_to(request)
        verdict = question.judge(answer)
        self.answer = answer
        chosen = {part for part, note in verdict.notes.items() if note.chosen}
        self.tried = sorted({*self.tried, *chosen})
        if verdict.right:
            self.right = True
            self.done()
        said = {"right": verdict.right, "score": verdict.score, "feedback": verdict.feedback}
        return answer_json(said) if posted.is_json else self.return_to(request)

    def _question(self) -> Question:
        """Return the question in the order in which this learner sees its parts."""
        key, user = self.scope_ids.usage_id, self.scope_ids.user_id
        question = remembered(from_compiled, self.question)
        if question.kind not in SHUFFLED:
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
