"""The verbs of learning: join, open, do, finish."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, case, or_, select, update

from mtd_learning.assessment import papers
from mtd_learning.base import audit, clock
from mtd_learning.base.db import db, dialect, execute, insert_into, insert_or_ignore
from mtd_learning.errors import N_, Conflict, Forbidden, NotJoined
from mtd_learning.learning import rules
from mtd_learning.learning.models import (
    Attempt,
    BlockEvent,
    BlockScore,
    BlockState,
    Enrolment,
    Mark,
)
from mtd_learning.library import service as library

# On the tables themselves: this runs on every page of a course.
_ENROLMENT, _MARK, _SCORE = Enrolment.__table__, Mark.__table__, BlockScore.__table__
_KEYS = frozenset(("user_id", "usage_key"))
_PROGRESS = (
    select(
        _ENROLMENT.c.id,
        _ENROLMENT.c.completed_at,
        _ENROLMENT.c.completed_edition_id,
        _ENROLMENT.c.went_back_to,
        _MARK.c.unit_key,
        _MARK.c.kind,
        _MARK.c.revision,
    )
    .select_from(_ENROLMENT.outerjoin(_MARK, _MARK.c.enrolment_id == _ENROLMENT.c.id))
    .where(
        _ENROLMENT.c.user_id == bindparam("user"), _ENROLMENT.c.course_key == bindparam("course")
    )
    .order_by(_MARK.c.id)
)
_GO_BACK = (
    update(_ENROLMENT)
    .where(_ENROLMENT.c.id == bindparam("enrolment"))
    .values(went_back_to=bindparam("unit"))
)
_COMPLETIONS = select(_SCORE.c.usage_key, _SCORE.c.completion).where(
    _SCORE.c.user_id == bindparam("user"),
    _SCORE.c.usage_key.in_(bindparam("keys", expanding=True)),
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A person's enrolment with what was opened and done, read in one statement."""

    enrolment_id: int
    user_id: int
    course_key: str
    completed_at: datetime | None
    completed_edition_id: int | None
    progress: rules.Progress


def enrol(user_id: int, course_key: str) -> None:
    """Join a course; joining twice changes nothing."""
    row = {"user_id": user_id, "course_key": course_key, "joined_at": clock.now()}
    if insert_or_ignore(Enrolment.__table__, [row]):
        audit.note("course.join", course_key, actor_id=user_id)


def standing_of(user_id: int, course_key: str) -> Standing:
    """Return where a person stands in a course, or NotJoined."""
    rows = execute(_PROGRESS, {"user": user_id, "course": course_key}).all()
    if not rows:
        raise NotJoined(course_key)
    done: dict[str, int] = {}
    opened = []
    for row in rows:
        if row.kind == "done":
            done[row.unit_key] = max(done.get(row.unit_key, 0), row.revision)
        elif row.kind == "opened":
            opened.append(row.unit_key)
    first = rows[0]
    return Standing(
        first.id,
        user_id,
        course_key,
        first.completed_at,
        first.completed_edition_id,
        rules.Progress(done, tuple(opened), first.went_back_to),
    )


def courses_of(user_id: int) -> list[str]:
    """Return the keys of the courses a person has joined, the latest first."""
    return list(
        db.session.scalars(
            select(Enrolment.course_key)
            .where(Enrolment.user_id == user_id)
            .order_by(Enrolment.id.desc())
        )
    )


def mark(standing: Standing, unit_key: str, kind: str, revision: int, edition_id: int) -> bool:
    """Add that a unit was `opened` or `done`; say whether that was new."""
    row = {
        "enrolment_id": standing.enrolment_id,
        "unit_key": unit_key,
        "kind": kind,
        "revision": revision,
        "edition_id": edition_id,
        "at": clock.now(),
    }
    return bool(insert_or_ignore(Mark.__table__, [row]))


def go_back(standing: Standing, unit_key: str | None) -> None:
    """Keep that a person went back to a unit; None when they are at one that is new to them."""
    execute(_GO_BACK, {"enrolment": standing.enrolment_id, "unit": unit_key})


def finish_if_complete(standing: Standing, edition: library.Current) -> bool:
    """Note that the course is complete, once; say whether it is complete now."""
    now = standing_of(standing.user_id, standing.course_key)
    if now.completed_at is not None:
        return True
    if not rules.is_complete(edition.manifest, now.progress):
        return False
    first = db.session.scalar(
        update(Enrolment)
        .where(Enrolment.id == standing.enrolment_id, Enrolment.completed_at.is_(None))
        .values(completed_at=clock.now(), completed_edition_id=edition.id)
        .returning(Enrolment.id)
    )
    if first is not None:
        audit.note(
            "course.complete", standing.course_key, actor_id=standing.user_id, edition=edition.id
        )
    return True


def record_score(
    user_id: int,
    usage_key: str,
    *,
    completion: float | None = None,
    earned: float | None = None,
    possible: float | None = None,
    only_if_higher: bool = False,
) -> float | None:
    """Keep points and completion of a block; what is not given stays as it was.

    Return the completion that is kept now, 0 to 1; None when there is none.
    """
    row: dict[str, Any] = {"user_id": user_id, "usage_key": usage_key, "updated_at": clock.now()}
    if completion is not None:
        row["completion"] = completion
    if earned is not None:
        row |= {"earned": earned, "possible": possible}
    kept: float | None = execute(_keeping(dialect(), frozenset(row), only_if_higher), row).scalar()
    return kept


@cache
def _keeping(name: str, columns: frozenset[str], only_if_higher: bool) -> Any:
    """Return the statement that keeps a score; with `only_if_higher` points never fall."""
    new = insert_into(_SCORE, name)
    higher = or_(_SCORE.c.earned.is_(None), new.excluded.earned >= _SCORE.c.earned)
    changes: dict[str, Any] = {column: new.excluded[column] for column in sorted(columns - _KEYS)}
    if only_if_higher:
        for column in columns & {"earned", "possible"}:
            changes[column] = case((higher, new.excluded[column]), else_=_SCORE.c[column])
    kept = new.on_conflict_do_update(index_elements=sorted(_KEYS), set_=changes)
    return kept.returning(_SCORE.c.completion)


def completions(user_id: int, usage_keys: Iterable[str]) -> dict[str, float]:
    """Return the completion of those of the blocks that have any."""
    rows = execute(_COMPLETIONS, {"user": user_id, "keys": list(usage_keys)})
    return {row.usage_key: row.completion for row in rows}


def record_attempt(standing: Standing, edition_id: int, paper: Mapping[str, Any]) -> None:
    """Keep one try at a quiz with the paper as it was drawn.

    `paper` holds quiz, bank_sha, number, seed, question_ids, answers, percent, passed and,
    where the bank limits tries, allowed. Raises Conflict when no try is left; sending the
    same number twice keeps the first.
    """
    if paper.get("allowed") is not None:
        _must_have_a_try_left(standing, paper)
    row = {
        "enrolment_id": standing.enrolment_id,
        "edition_id": edition_id,
        "quiz_key": paper["quiz"],
        "number": paper["number"],
        "bank_sha": paper["bank_sha"],
        "seed": str(paper["seed"]),
        "paper": dict(paper),
        "percent": float(paper["percent"]),
        "passed": bool(paper["passed"]),
        "taken_at": clock.now(),
    }
    insert_or_ignore(Attempt.__table__, [row])


def _must_have_a_try_left(standing: Standing, paper: Mapping[str, Any]) -> None:
    taken = db.session.scalars(
        select(Attempt.number).where(
            Attempt.enrolment_id == standing.enrolment_id, Attempt.quiz_key == paper["quiz"]
        )
    ).all()
    again = paper["number"] in taken
    if not again and papers.tries_left(paper["allowed"], len(taken)) == 0:
        raise Conflict(N_("You have used all your attempts at this test."))


def attempts_of(standing: Standing, quiz_key: str) -> list[Attempt]:
    """Return a person's tries at a quiz, the first one first."""
    return list(
        db.session.scalars(
            select(Attempt)
            .where(Attempt.enrolment_id == standing.enrolment_id, Attempt.quiz_key == quiz_key)
            .order_by(Attempt.number)
        )
    )


def record_event(user_id: int, usage_key: str, kind: str, data: Mapping[str, Any]) -> None:
    """Keep another event that a block published."""
    db.session.add(
        BlockEvent(user_id=user_id, usage_key=usage_key, kind=kind, data=dict(data), at=clock.now())
    )


@dataclass(frozen=True)
class Completion:
    """Whether a course is complete for a person, and in words what is still missing."""

    done: bool
    missing: list[rules.Missing]
    edition: library.Current
    completed_at: datetime | None

    @property
    def manifest(self) -> rules.Manifest:
        """Return the table of contents of the edition."""
        return self.edition.manifest


def completion_of(user_id: int, course_key: str, variants: Iterable[str]) -> Completion:
    """Return how far a person is with a course; NotJoined when they have not joined it.

    What was completed stays complete under the edition of that day.
    """
    standing = standing_of(user_id, course_key)
    current = library.edition_for(course_key, variants)
    if standing.completed_at is not None and standing.completed_edition_id is not None:
        kept = library.edition_at(standing.completed_edition_id)
        return Completion(True, [], kept, standing.completed_at)
    left = rules.missing(current.manifest, standing.progress)
    return Completion(not left, left, current, None)


def must_be_open(manifest: rules.Manifest, module: rules.Module, standing: Standing) -> None:
    """Raise Forbidden for a module that requires others which are not done."""
    if not rules.is_open(manifest, module, standing.progress):
        raise Forbidden(N_("This module opens when the modules before it are done."))


def personal_data(user_id: int) -> dict[str, Any]:
    """Return what this room keeps about a person, private notes included, as plain data."""
    enrolments = list(db.session.scalars(select(Enrolment).where(Enrolment.user_id == user_id)))
    courses = {enrolment.id: enrolment.course_key for enrolment in enrolments}
    return {
        "courses": [
            {
                "course": one.course_key,
                "joined_at": one.joined_at.isoformat(),
                "completed_at": one.completed_at.isoformat() if one.completed_at else None,
                "went_back_to": one.went_back_to,
            }
            for one in enrolments
        ],
        "steps": _steps_of(courses),
        "attempts": _attempts_in(courses),
        "blocks": {
            one.block_key: json.loads(one.fields)
            for one in db.session.scalars(select(BlockState).where(BlockState.user_id == user_id))
        },
        "scores": {
            one.usage_key: {
                "completion": one.completion,
                "earned": one.earned,
                "possible": one.possible,
            }
            for one in db.session.scalars(select(BlockScore).where(BlockScore.user_id == user_id))
        },
        "events": [
            {"block": one.usage_key, "kind": one.kind, "data": one.data, "at": one.at.isoformat()}
            for one in db.session.scalars(select(BlockEvent).where(BlockEvent.user_id == user_id))
        ],
    }


def _steps_of(courses: Mapping[int, str]) -> list[dict[str, Any]]:
    marks = select(Mark).where(Mark.enrolment_id.in_(courses)).order_by(Mark.id)
    return [
        {
            "course": courses[one.enrolment_id],
            "step": one.unit_key,
            "what": one.kind,
            "at": one.at.isoformat(),
        }
        for one in db.session.scalars(marks)
    ]


def _attempts_in(courses: Mapping[int, str]) -> list[dict[str, Any]]:
    tries = select(Attempt).where(Attempt.enrolment_id.in_(courses)).order_by(Attempt.id)
    return [
        {
            "course": courses[one.enrolment_id],
            "quiz": one.quiz_key,
            "number": one.number,
            "percent": one.percent,
            "passed": one.passed,
            "answers": one.paper.get("answers"),
            "at": one.taken_at.isoformat(),
        }
        for one in db.session.scalars(tries)
    ]
