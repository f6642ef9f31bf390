"""Who did what, when: written in the same commit as the deed, changed only to forget who left."""

from datetime import datetime

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from mtd_learning.base import clock
from mtd_learning.base.db import UTCDateTime, db


class AuditLine(db.Model):
    """One deed. `actor_id` is None for the command line and for the system itself."""

    __tablename__ = "audit_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    actor_id: Mapped[int | None] = mapped_column(index=True)
    verb: Mapped[str]
    thing: Mapped[str]
    details: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)


def note(verb: str, thing: str, *, actor_id: int | None = None, **details: object) -> None:
    """Write down that `actor_id` did `verb` to `thing`; no personal text in `details`."""
    db.session.add(
        AuditLine(at=clock.now(), actor_id=actor_id, verb=verb, thing=thing, details=details)
    )
