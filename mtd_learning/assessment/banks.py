"""Draw a paper from a bank of questions by a seed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mtd_learning import minima
from mtd_learning.assessment.dice import Dice
from mtd_learning.assessment.questions import ALWAYS_MIXED, Question, from_compiled


@dataclass(frozen=True, slots=True)
class Band:
    """Words for a result, from a percentage on."""

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
    critical_topics: tuple[str, ...] = ()
    attempts: int | None = None
    feedback: str = "end"
    shuffle: bool = True
    bands: tuple[Band, ...] = ()
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """The questions of one try, in the order in which they are asked."""

    bank: Bank
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
        critical_percent=float(raw.get("critical_percent", 100)),
        count=raw.get("draw"),
        at_least=tuple(sorted((raw.get("draw_tags") or {}).items())),
        critical_topics=tuple(raw.get("critical_topics") or ()),
        attempts=raw.get("attempts"),
        feedback=raw.get("feedback") or "end",
        shuffle=raw.get("shuffle", True),
        bands=_bands(raw.get("bands") or {}),
        lang=raw.get("lang") or (questions[0].about.lang if questions else ""),
    )


def draw(bank: Bank, seed: int) -> Paper:
    """Return the paper of a seed: what must be there, enough of each tag, then by chance."""
    dice = Dice(seed)
    pool = dice.shuffled(bank.questions)
    chosen = _by_topics(bank, pool) if bank.critical_topics else _all_critical(bank, pool)
    order = dice.shuffled(bank.questions) if bank.shuffle else bank.questions
    asked = (one for one in order if one.about.id in chosen)
    return Paper(bank, tuple(_arranged(one, bank, dice) for one in asked))


def _all_critical(bank: Bank, pool: Sequence[Question]) -> set[str]:
    """Return all critical questions, what each tag lacks, then the next ones of the pool."""
    chosen = {one.about.id for one in pool if one.about.critical}
    for tag, least in bank.at_least:
        having = [one.about.id for one in pool if tag in one.about.tags]
        missing = least - sum(one in chosen for one in having)
        free = [one for one in having if one not in chosen]
        chosen.update(free[: max(0, missing)])
    wanted = len(pool) if bank.count is None else bank.count
    free = [one.about.id for one in pool if one.about.id not in chosen]
    chosen.update(free[: max(0, wanted - len(chosen))])
    return chosen


def _by_topics(bank: Bank, pool: Sequence[Question]) -> set[str]:
    """Return one critical question at least of each topic, all minima met at once.

    The pool comes in an order of chance. Each question in turn is taken if the questions after
    it can still meet all minima in the places that are left; so chance decides as long as it
    may. What has once been passed over, and all that counts for the same, is never needed again.
    """
    needs = minima.needs_of(bank.critical_topics, dict(bank.at_least))
    kinds = {one.about.id: _kind(one, needs) for one in pool}
    chosen = {one.about.id for one in pool if _is_always_drawn(one, bank)}
    waiting = [one.about.id for one in pool if one.about.id not in chosen]
    offered = Counter(kinds[one] for one in waiting)
    # A pack may have hidden questions: then what is left gives as much as it can.
    there = Counter(name for kind in kinds.values() for name in kind)
    needs = {name: min(least, there[name]) for name, least in needs.items()}
    needs = minima.after(needs, (kinds[one] for one in chosen))
    wanted = len(pool) if bank.count is None else bank.count
    places = max(wanted - len(chosen), 0)
    if not minima.can_meet(needs, offered, places):
        places = minima.fewest(needs, offered) or 0
    for one in waiting:
        kind = kinds[one]
        offered[kind] -= 1
        left = minima.after(needs, [kind])
        if places and offered[kind] >= 0 and minima.can_meet(left, offered, places - 1):
            chosen.add(one)
            needs, places = left, places - 1
        else:
            offered[kind] = 0
    return chosen


def _kind(question: Question, needs: Mapping[str, int]) -> minima.Kind:
    return minima.kind_of(question.about.tags, question.about.critical, needs)


def _is_always_drawn(question: Question, bank: Bank) -> bool:
    about = question.about
    return minima.is_always_drawn(about.tags, about.critical, bank.critical_topics)


def _arranged(question: Question, bank: Bank, dice: Dice) -> Question:
    """Return the question mixed; things to order or match are mixed in any case."""
    if bank.shuffle or question.kind in ALWAYS_MIXED:
        return question.arranged(dice)
    return question


def _bands(raw: Mapping[str, Any]) -> tuple[Band, ...]:
    bands = (Band(float(one["from"]), one["text"]) for one in raw.values())
    return tuple(sorted(bands, key=lambda band: band.floor))
