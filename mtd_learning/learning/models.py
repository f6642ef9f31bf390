"""Tables of learning: who joined, what was opened and done, what was answered."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mtd_learning.base.db import UTCDateTime, db


class Enrolment(db.Model):
    """A person in a course. What is finished stays finished: `completed_at` is never taken back.

    One stopped at the unit that one `went_back_to`, or else at the last one that was opened first.
    """

    __tablename__ = "enrolment"
    __table_args__ = (UniqueConstraint("user_id", "course_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    course_key: Mapped[str]
    joined_at: Mapped[datetime] = mapped_column(UTCDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    completed_edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id"))
    went_back_to: Mapped[str | None]


class Mark(db.Model):
    """A unit was opened or done under an edition. Marks are only added."""

    __tablename__ = "mark"
    __table_args__ = (UniqueConstraint("enrolment_id", "unit_key", "kind", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    unit_key: Mapped[str]
    kind: Mapped[str] = mapped_column(String(8))
    revision: Mapped[int]
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Attempt(db.Model):
    """One try at a quiz, with the paper as it was drawn. It stays with its edition."""

    __tablename__ = "attempt"
    __table_args__ = (UniqueConstraint("enrolment_id", "quiz_key", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    quiz_key: Mapped[str]
    number: Mapped[int]
    bank_sha: Mapped[str] = mapped_column(String(64))
    seed: Mapped[str]
    paper: Mapped[dict[str, object]] = mapped_column(JSON)
    percent: Mapped[float]
    passed: Mapped[bool]
    taken_at: Mapped[datetime] = mapped_column(UTCDateTime)


class BlockState(db.Model):
    """What one block remembers of one person, as one JSON document; `user_id` 0 is shared."""

    __tablename__ = "block_state"
    __table_args__ = {"sqlite_with_rowid": False}

    user_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    block_key: Mapped[str] = mapped_column(primary_key=True)
    fields: Mapped[str] = mapped_column(Text)
    rev: Mapped[int]
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)


class BlockScore(db.Model):
    """How far a person is with a block: points and completion 0..1."""

    __tablename__ = "block_score"

    user_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    usage_key: Mapped[str] = mapped_column(primary_key=True)
    earned: Mapped[float | None]
    possible: Mapped[float | None]
    completion: Mapped[float] = mapped_column(default=0.0)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)


class BlockEvent(db.Model):
    """Another event that a block published, kept for its makers as long as answers are."""

    __tablename__ = "block_event"
    __table_args__ = (Index("ix_block_event_user_usage", "user_id", "usage_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int]
    usage_key: Mapped[str]
    kind: Mapped[str]
    data: Mapped[dict[str, object]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
