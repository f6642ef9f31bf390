"""Tables of certificates: what was issued, as it was on that day, and the counter of numbers."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mtd_learning.base.db import UTCDateTime, db


class Certificate(db.Model):
    """One certificate: a snapshot. Later changes of course, name or design do not touch it.

    The holder and the name go when the holder asks to be forgotten; the row stays, so that
    the check page can still answer honestly.
    """

    __tablename__ = "certificate"
    __table_args__ = (UniqueConstraint("holder_id", "course_key", "course_version", "kind"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: str(uuid.uuid4()))
    public_code: Mapped[str] = mapped_column(unique=True)
    number: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    holder_name_snapshot: Mapped[str | None]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    issuer_name: Mapped[str]
    issuer_country: Mapped[str | None]
    course_key: Mapped[str]
    course_title: Mapped[str]
    course_version: Mapped[str]
    course_locale: Mapped[str]
    variant: Mapped[str]
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    manifest_sha: Mapped[str]
    pilot: Mapped[bool]
    elements: Mapped[dict[str, Any]] = mapped_column(JSON)
    awarded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    valid_from: Mapped[datetime] = mapped_column(UTCDateTime)
    valid_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    state: Mapped[str] = mapped_column(default="valid")
    language: Mapped[str]
    words: Mapped[dict[str, str]] = mapped_column(JSON)
    page_address: Mapped[str]
    template_version: Mapped[str]
    engine: Mapped[str]
    pdf: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    pdf_sha256: Mapped[str | None]
    share_name: Mapped[bool] = mapped_column(default=False)
    page_hidden: Mapped[bool] = mapped_column(default=False)


class CertificateCounter(db.Model):
    """The last number that one issuer gave in one year."""

    __tablename__ = "certificate_counter"

    issuer_key: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last_number: Mapped[int]
