"""One try at a quiz: which paper it has, what it was worth, how it looks afterwards."""

import gettext
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from mtd_learning.assessment import papers
from mtd_learning.assessment.banks import Bank, Paper, draw, from_compiled_bank
from mtd_learning.assessment.dice import seed_of
from mtd_learning.assessment.papers import Result
from mtd_learning.blocks.asking import Asked, question_html
from mtd_learning.blocks.block import template_of
from mtd_learning.blocks.services import I18n, Module, Words, interface


@dataclass(frozen=True, slots=True)
class Try:
    """A numbered try and its paper."""

    number: int
    seed: int
    bank_sha: str
    paper: Paper

    def record(self, quiz: str, answers: Mapping[str, Any], result: Result) -> dict[str, Any]:
        """Return what is kept of a judged try: enough to show it again as it was."""
        ids = self.paper.question_ids
        return {
            "quiz": quiz,
            "bank_sha": self.bank_sha,
            "number": self.number,
            "seed": self.seed,
            "allowed": self.paper.bank.attempts,
            "question_ids": list(ids),
            "answers": {one: answers[one] for one in ids if one in answers},
            "percent": result.percent,
            "passed": result.passed,
            "critical_missed": list(result.critical_missed),
        }


def open_try(raw: Mapping[str, Any], sha: str, user_id: Any, key: str, number: int) -> Try:
    """Return the try of a person at a quiz; the same number always has the same paper."""
    seed = seed_of("quiz", user_id, key, number)
    paper = _drawn(_Raw(sha, raw), seed) if sha else draw(bank_of(raw, sha), seed)
    return Try(number, seed, sha, paper)


def bank_of(raw: Mapping[str, Any], sha: str) -> Bank:
    """Return the bank of a compiled form; read once for each hash."""
    if not sha:
        return from_compiled_bank(raw)
    return _kept(_Raw(sha, raw))


def asked_of(paper: Paper, uid: str, lang: str, answers: Mapping[str, Any]) -> list[Asked]:
    """Return every question of a paper as it is to be asked."""
    return [
        Asked(
            question=question,
            uid=f"{uid}-{number}",
            answer=answers.get(question.about.id),
            number=number,
            lang=lang,
        )
        for number, question in enumerate(paper.questions, start=1)
    ]


def reviewed(
    paper: Paper, uid: str, lang: str, answers: Mapping[str, Any], result: Result
) -> list[Asked]:
    """Return every question of a judged paper with what there is to say about its answer."""
    return [
        replace(one, verdict=result.verdicts[one.question.about.id], reveal=True, frozen=True)
        for one in asked_of(paper, uid, lang, answers)
    ]


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the questions about a module were right."""

    module: Module
    right: int
    asked: int

    @property
    def is_whole(self) -> bool:
        """Return whether nothing was wrong."""
        return self.right == self.asked


def by_module(paper: Paper, result: Result, modules: Sequence[Module]) -> list[Share]:
    """Return the shares of the modules that tags of the paper's questions name, in order."""
    shares = []
    for module in modules:
        about = [one.about.id for one in paper.questions if module.id in one.about.tags]
        if about:
            right = sum(result.verdicts[one].right for one in about)
            shares.append(Share(module, right, len(about)))
    return shares


def render_attempt(
    raw: Mapping[str, Any],
    record: Mapping[str, Any],
    words: Words | None = None,
    language: str = "en",
) -> Markup:
    """Return a try that is long over: its questions, the answers given, what was said."""
    i18n = I18n(words or gettext.NullTranslations(), language)
    bank = from_compiled_bank(raw)
    paper = draw(bank, int(record["seed"]))
    paper = as_it_was(paper, record.get("question_ids") or paper.question_ids)
    answers = record.get("answers") or {}
    result = papers.judge(paper, answers)
    uid = f"attempt-{record.get('number', 1)}"
    asked = reviewed(paper, uid, bank.lang, answers, result)
    return Markup(
        template_of("attempt.html").render(
            bank=bank,
            number=record.get("number", 1),
            percent=int(record.get("percent", result.percent)),
            passed=record.get("passed", result.passed),
            forms=[question_html(one, i18n) for one in asked],
            **interface(i18n, bank.lang),
        )
    )


def as_it_was(paper: Paper, question_ids: Sequence[str]) -> Paper:
    """Return the paper with the recorded questions, should the bank draw others today."""
    if tuple(question_ids) == paper.question_ids:
        return paper
    drawn = {one.about.id: one for one in paper.questions}
    known = {one.about.id: one for one in paper.bank.questions} | drawn
    asked = tuple(known[one] for one in question_ids if one in known)
    return Paper(paper.bank, asked)


class _Raw:
    """A compiled bank that counts as the same as another one with its hash."""

    def __init__(self, sha: str, raw: Mapping[str, Any]) -> None:
        self.sha = sha
        self.raw = raw

    def __hash__(self) -> int:
        return hash(self.sha)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Raw) and other.sha == self.sha


@lru_cache(maxsize=64)
def _drawn(key: _Raw, seed: int) -> Paper:
    """Return a paper, kept for the next look at it: a large bank takes some milliseconds."""
    return draw(_kept(key), seed)


@lru_cache(maxsize=128)
def _kept(key: _Raw) -> Bank:
    return from_compiled_bank(key.raw)
