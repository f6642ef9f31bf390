"""A paper drawn from a bank, handed in as a whole or question by question, judged here."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from web_fragments.fragment import Fragment
from webob import Response
from xblock.core import XBlock
from xblock.fields import Scope

from mtd_learning.assessment import papers
from mtd_learning.assessment.banks import Paper
from mtd_learning.assessment.papers import Result
from mtd_learning.blocks.asking import answer_in, question_html
from mtd_learning.blocks.attempts import (
    Share,
    Try,
    as_it_was,
    asked_of,
    bank_of,
    by_module,
    open_try,
    reviewed,
)
from mtd_learning.blocks.block import Fixed, MtdBlock, Plain, Posted, posting
from mtd_learning.blocks.saving import must_know
from mtd_learning.errors import N_, Conflict

EACH = "each"
EARLIER_SHOWN = 5
HANDED_IN = N_("This test was handed in already. Here is what was kept.")
USED_UP = N_("You have used all your attempts at this test.")
NOT_NEXT = N_(
    "This is not the test that comes next. Please open the step again: it shows the right one."
)


@XBlock.wants("attempts", "banks", "modules")
class QuizBlock(MtdBlock):
    """Keeps the last try and the one that is under way; the ear keeps every one."""

    has_form = True
    has_score = True

    quiz = Plain(scope=Scope.content, default="")
    text = Plain(scope=Scope.content, default="")
    bank = Fixed(scope=Scope.content, default=None)
    bank_sha = Plain(scope=Scope.content, default="")

    used = Fixed(scope=Scope.user_state, default=0)
    last = Fixed(scope=Scope.user_state, default=None)
    passed = Fixed(scope=Scope.user_state, default=False)
    taking = Fixed(scope=Scope.user_state, default=False)
    draft = Fixed(scope=Scope.user_state, default=None)

    @property
    def begun(self) -> bool:
        """Return whether the learner has answered anything."""
        return bool(self.used or self.draft)

    def student_view(self, context: Any = None) -> Fragment:
        """Return the last result, or the paper of the next try."""
        if self.last and not self.taking:
            return self._result_view(self.last)
        draft = self.draft or {}
        now = self._try_in_my_language(self.used + 1, draft.get("bank_sha") or self.bank_sha)
        if now.paper.bank.feedback == EACH:
            return self._each_view(now)
        return self._whole_view(now, draft)

    def paper_view(self, context: Any = None) -> Fragment:
        """Return a paper with boxes and lines for a pen."""
        now = self._try(1, self.bank_sha)
        asked = asked_of(now.paper, self.html_id, self.lang, {})
        words = self.runtime.service(self, "i18n")
        forms = [question_html(one, words, paper=True) for one in asked]
        return self.show("paper/quiz.html", bank=now.paper.bank, text=self.text, forms=forms)

    @posting
    def hand_in(self, posted: Posted) -> Response:
        """Judge a try; one that was handed in already is not stored again."""
        if self._is_handed_in(posted):
            return self._handed_in_already(posted)
        now = self._try(self.used + 1, posted.text("bank_sha"))
        draft = self.draft or {}
        if now.paper.bank.feedback == EACH and not posted.is_json:
            answers = draft.get("answers") or {}
        else:
            answers = self._answers(posted, now)
        missing = papers.unanswered(now.paper, answers)
        if missing:
            self.draft = {**self._draft_of(now, answers), "missing": True}
            return self.reply(posted, {"missing": list(missing)}, f"{self.html_id}-errors")
        return self.reply(posted, self._store(now, answers))

    @posting
    def keep(self, posted: Posted) -> Response:
        """Keep what is filled in so far of the next paper; it is not judged."""
        if self._is_handed_in(posted):
            raise Conflict(NOT_NEXT)
        now = self._try(self.used + 1, posted.text("bank_sha"))
        # Question by question an answer counts once it was given, so none may slip in here.
        if now.paper.bank.feedback != EACH:
            before = self.draft or {}
            must_know(posted, before.get("saved_at", ""), before.get("window", ""))
            kept = self._draft_of(now, self._answers(posted, now))
            self.draft = {**kept, "window": posted.text("window")}
        return self.reply(posted, {"time": self.time_of_day(self.now())})

    @posting
    def submit(self, posted: Posted) -> Response:
        """Keep the answer to one question of a try that goes question by question."""
        if self._is_handed_in(posted):
            return self._handed_in_already(posted)
        now = self._try(self.used + 1, posted.text("bank_sha"))
        draft = self._fitting_draft(now)
        answers, at = dict(draft["answers"]), draft["at"]
        ids = now.paper.question_ids
        # The first answer to a question counts; a second post of it changes nothing.
        if posted.text("question") == ids[at] and ids[at] not in answers:
            question = now.paper.questions[at]
            answer = answer_in(posted, question, posted.data.get("answer"))
            answered = question.is_answered(answer)
            if answered:
                answers[ids[at]] = answer
            self.draft = {**draft, "answers": answers, "missing": not answered}
        return self.reply(posted, {"answered": list(answers)})

    @posting
    def go_on(self, posted: Posted) -> Response:
        """Go on to the next question."""
        if self._is_handed_in(posted):
            return self._handed_in_already(posted)
        now = self._try(self.used + 1, posted.text("bank_sha"))
        draft = self._fitting_draft(now)
        at, ids = draft["at"], now.paper.question_ids
        if posted.whole("at") == at and ids[at] in draft["answers"] and at + 1 < len(ids):
            at += 1
            self.draft = {**draft, "at": at, "missing": False}
        return self.reply(posted, {"at": at})

    @posting
    def again(self, posted: Posted) -> Response:
        """Open the next try."""
        if not self.taking and self._left() != 0:
            self.taking, self.draft = True, None
        return self.reply(posted, {"number": self.used + 1})

    def _store(self, now: Try, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Judge and keep a complete try; the ear may still refuse it, then nothing is kept."""
        result = papers.judge(now.paper, answers)
        record = now.record(self.quiz, answers, result)
        grade = {"value": result.percent, "max_value": 100.0, "only_if_higher": True}
        self.runtime.publish(self, "grade", {**grade, "paper": record})
        if result.passed:
            self.done()
        self.used, self.last = now.number, record
        self.passed = bool(self.passed or result.passed)
        self.taking, self.draft = False, None
        return record

    def _draft_of(self, now: Try, answers: Mapping[str, Any]) -> dict[str, Any]:
        return {"bank_sha": now.bank_sha, "answers": answers, "saved_at": self.now()}

    def _whole_view(self, now: Try, draft: Mapping[str, Any]) -> Fragment:
        """Return the whole paper in one form, with what is still missing."""
        answers = draft.get("answers") or {}
        missing = papers.unanswered(now.paper, answers) if draft.get("missing") else ()
        asked = [
            replace(one, missing=one.question.about.id in missing)
            for one in asked_of(now.paper, self.html_id, self.lang, answers)
        ]
        words = self.runtime.service(self, "i18n")
        return self.show(
            "quiz.html",
            **self._rules(now),
            text=self.text,
            asked=asked,
            missing=[one for one in asked if one.missing],
            forms=[question_html(one, words) for one in asked],
            saved_at=draft.get("saved_at", ""),
        )

    def _each_view(self, now: Try) -> Fragment:
        """Return one question, or what there is to say about its answer."""
        draft = self._fitting_draft(now)
        answers, at = draft["answers"], draft["at"]
        asked = asked_of(now.paper, self.html_id, self.lang, answers)[at]
        about = asked.question.about
        told = about.id in answers
        verdict = asked.question.judge(answers[about.id]) if told else None
        shown = replace(
            asked, verdict=verdict, reveal=told, frozen=told, missing=bool(draft.get("missing"))
        )
        judged = {
            one.about.id: one.judge(answers[one.about.id]).right
            for one in now.paper.questions
            if one.about.id in answers
        }
        marks = {True: "ok", False: "again", None: ""}
        return self.show(
            "quiz_each.html",
            **self._rules(now),
            text=self.text,
            at=at,
            last=at + 1 == len(now.paper.questions),
            question_id=about.id,
            pips=[marks[judged.get(one)] for one in now.paper.question_ids],
            verdict=verdict,
            form=question_html(shown, self.runtime.service(self, "i18n")),
        )

    def _result_view(self, record: Mapping[str, Any]) -> Fragment:
        """Return how a try went, with every answer and what there is to say about it."""
        now = self._try_in_my_language(record["number"], record["bank_sha"])
        paper = as_it_was(now.paper, record["question_ids"])
        judged = papers.judge(paper, record["answers"])
        # What was earned stays as it was, even when a question has been corrected since.
        result = replace(
            judged,
            percent=record["percent"],
            passed=record["passed"],
            critical_missed=tuple(record["critical_missed"]),
            band=papers.band_of(paper.bank, record["percent"]),
        )
        asked = reviewed(paper, self.html_id, self.lang, record["answers"], judged)
        words = self.runtime.service(self, "i18n")
        return self.show(
            "quiz_result.html",
            **self._rules(now),
            result=result,
            percent=int(result.percent),
            shares=self._shares(paper, judged),
            missed=[one for one in asked if one.question.about.id in result.critical_missed],
            ever_passed=self.passed,
            may_retry=self._left() != 0,
            earlier=self._earlier(record["number"]),
            forms=[question_html(one, words) for one in asked],
        )

    def _shares(self, paper: Paper, judged: Result) -> list[Share]:
        """Return how it went by module, where questions say which module they are about."""
        modules = self.runtime.service(self, "modules")
        return by_module(paper, judged, modules.in_order()) if modules else []

    def _earlier(self, number: int) -> list[tuple[int, str]]:
        """Return number and address of the tries before this one, where the house shows them."""
        kept = self.runtime.service(self, "attempts")
        if kept is None:
            return []
        first = max(1, number - EARLIER_SHOWN)
        return [(one, str(kept.url(self, self.quiz, one))) for one in range(first, number)]

    def _rules(self, now: Try) -> dict[str, Any]:
        bank = now.paper.bank
        return {
            "bank": bank,
            "bank_sha": now.bank_sha,
            "number": now.number,
            "pass_mark": f"{bank.pass_percent:g}",
            "left": self._left(),
            "has_critical": any(one.about.critical for one in now.paper.questions),
        }

    def _try(self, number: int, sha: str) -> Try:
        """Return a try with the bank it began with, or with today's when that one is gone."""
        raw: Mapping[str, Any] | None = self.bank
        if sha != self.bank_sha:
            banks = self.runtime.service(self, "banks")
            raw = banks.get(sha) if banks else None
        # Another quiz of the same unit may be known to the service; its bank is not ours.
        if raw is None or raw.get("id", self.quiz) != self.quiz:
            raw, sha = self.bank, self.bank_sha
        ids = self.scope_ids
        return open_try(raw, sha, ids.user_id, str(ids.usage_id), number)

    def _try_in_my_language(self, number: int, sha: str) -> Try:
        """Return a try as it began, in today's words when these ask the same questions."""
        began = self._try(number, sha)
        if began.bank_sha == self.bank_sha:
            return began
        today = self._try(number, self.bank_sha)
        translated = today.paper.bank.lang != began.paper.bank.lang
        same = today.paper.question_ids == began.paper.question_ids
        return today if translated and same else began

    def _fitting_draft(self, now: Try) -> dict[str, Any]:
        """Return the draft of this try; one that was made for other questions begins anew."""
        draft = self.draft or {}
        answers, at = draft.get("answers") or {}, draft.get("at", 0)
        ids = now.paper.question_ids
        fits = at < len(ids) and set(answers) <= set(ids[: at + 1])
        begun = {**draft, "answers": answers, "at": at} if fits else {"answers": {}, "at": 0}
        return {**begun, "bank_sha": now.bank_sha}

    def _answers(self, posted: Posted, now: Try) -> dict[str, Any]:
        given = posted.data.get("answers") if posted.is_json else {}
        given = given if isinstance(given, dict) else {}
        return {
            one.about.id: answer_in(posted, one, given.get(one.about.id))
            for one in now.paper.questions
        }

    def _left(self) -> int | None:
        """Return how many tries are left; None stands for as many as one likes."""
        return papers.tries_left(bank_of(self.bank, self.bank_sha).attempts, self.used)

    def _is_handed_in(self, posted: Posted) -> bool:
        """Return whether this paper was handed in; one that cannot come now is refused."""
        number = posted.whole("number")
        if 1 <= number <= self.used:
            return True
        if self._left() == 0:
            raise Conflict(USED_UP)
        if number != self.used + 1:
            raise Conflict(NOT_NEXT)
        return False

    def _handed_in_already(self, posted: Posted) -> Response:
        """Return what is kept; another window or a second press may have sent other answers."""
        forms = self.runtime.service(self, "forms")
        if forms and not posted.wants_json:
            forms.say(self.runtime.service(self, "i18n").gettext(HANDED_IN))
        return self.reply(posted, {**(self.last or {}), "saved": True, "number": self.used}, "")

    @staticmethod
    def workbench_scenarios() -> list[tuple[str, str]]:
        """Return an example for a foreign workbench."""
        return [
            (
                "mtd quiz",
                """<mtd_quiz quiz="a5" bank_sha="1" bank='{"id": "a5", "title": "Check yourself",
                "pass_percent": 50, "questions": [{"id": "q1", "type": "truefalse",
                "critical": true, "text": "You may call.", "options": [
                {"id": "t", "text": "True", "correct": true, "feedback": "Yes."},
                {"id": "f", "text": "False", "feedback": "You never need permission."}]}]}'/>""",
            )
        ]
