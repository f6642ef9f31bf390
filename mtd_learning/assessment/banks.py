"""Draw a paper from a bank of questions by a seed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mtd_learning.assessment.dice import Dice
from mtd_learning.assessment.questions import Question, from_compiled


@dataclass(frozen=True, slots=True)
class Band:
    """Words for a result, from a percentage on."""

    slug: str
    floor: float
    text: str


@dataclass(frozen=True, slots=True)
class Bank:
    """Questions of one quiz and the rules by which they are drawn and judged."""

    id: str
    title: str
    questions: tuple[Question, ...]
    pass_percent: float = 80
    critical_percent: float = 100
    count: int | None = None
    at_least: tuple[tuple[str, int], ...] = ()
    attempts: int | None = None
    feedback: str = "end"
    shuffle: bool = True
    bands: tuple[Band, ...] = ()
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """The questions of one try, in the order in which they are asked."""

    bank: Bank
    seed: int
    questions: tuple[Question, ...]

    @property
    def question_ids(self) -> tuple[str, ...]:
        """Return the ids of the questions, in order."""
        return tuple(question.about.id for question in self.questions)


def from_compiled_bank(raw: Mapping[str, Any]) -> Bank:
    """Return a bank from its compiled form."""
    questions = tuple(from_compiled(one) for one in raw["questions"])
    return Bank(
        id=raw["id"],
        title=raw.get("title") or "",
        questions=questions,
        pass_percent=float(raw.get("pass_percent") or 0),
        critical_percent=float(_or(raw.get("critical_percent"), 100)),
        count=_whole(raw.get("draw")),
        at_least=_at_least(raw.get("draw_tags")),
        attempts=_whole(raw.get("attempts")),
        feedback=raw.get("feedback") or "end",
        shuffle=bool(_or(raw.get("shuffle"), True)),
        bands=_bands(raw.get("bands")),
        lang=raw.get("lang") or (questions[0].about.lang if questions else ""),
    )


def draw(bank: Bank, seed: int) -> Paper:
    """Return the paper of a seed: all critical questions, enough of each tag, then by chance."""
    dice = Dice(seed)
    pool = dice.shuffled(bank.questions)
    chosen = {one.about.id for one in pool if one.about.critical}
    for tag, least in bank.at_least:
        having = [one.about.id for one in pool if tag in one.about.tags]
        missing = least - sum(one in chosen for one in having)
        free = [one for one in having if one not in chosen]
        chosen.update(free[: max(0, missing)])
    wanted = len(pool) if bank.count is None else bank.count
    free = [one.about.id for one in pool if one.about.id not in chosen]
    chosen.update(free[: max(0, wanted - len(chosen))])
    order = dice.shuffled(bank.questions) if bank.shuffle else bank.questions
    asked = (one for one in order if one.about.id in chosen)
    return Paper(bank, seed, tuple(_arranged(one, bank, dice) for one in asked))


def _arranged(question: Question, bank: Bank, dice: Dice) -> Question:
    """Return the question mixed; things to order or match are mixed in any case."""
    if bank.shuffle or question.kind in ("order", "match"):
        return question.arranged(dice)
    return question


def _at_least(raw: Any) -> tuple[tuple[str, int], ...]:
    pairs = raw.items() if isinstance(raw, Mapping) else raw or ()
    return tuple(sorted((str(tag), int(least)) for tag, least in pairs))


def _bands(raw: Any) -> tuple[Band, ...]:
    pairs = raw.items() if isinstance(raw, Mapping) else raw or ()
    bands = (Band(slug, float(one["from"]), one["text"]) for slug, one in pairs)
    return tuple(sorted(bands, key=lambda band: band.floor))


def _whole(raw: Any) -> int | None:
    return None if raw in (None, "") else int(raw)


def _or(raw: Any, default: Any) -> Any:
    return default if raw is None else raw
