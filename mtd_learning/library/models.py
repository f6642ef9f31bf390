"""Tables of what was written (files, revisions) and what is read (blobs, editions)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mtd_learning.base.db import UTCDateTime, db


class ContentBlob(db.Model):
    """Bytes under their hash: files by git's blob id, compiled units by SHA-256. Never changed."""

    __tablename__ = "content_blob"

    sha: Mapped[str] = mapped_column(String(64), primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)


class ContentRevision(db.Model):
    """One saved state of the files, with who wrote it and from where it came."""

    __tablename__ = "content_revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("content_revision.id"))
    author_id: Mapped[int | None]
    message: Mapped[str]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    origin: Mapped[str] = mapped_column(String(8))
    git_sha: Mapped[str | None] = mapped_column(String(40))


class ContentFileRevision(db.Model):
    """A file as one revision left it; `sha` None says that the revision took it away."""

    __tablename__ = "content_file_rev"

    path: Mapped[str] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("content_revision.id"), primary_key=True)
    sha: Mapped[str | None] = mapped_column(ForeignKey("content_blob.sha"))


class ContentFileHead(db.Model):
    """The present state of a file."""

    __tablename__ = "content_file_head"

    path: Mapped[str] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("content_revision.id"))
    sha: Mapped[str] = mapped_column(ForeignKey("content_blob.sha"))


class SourceText(db.Model):
    """Every source text ever published, under its fingerprint, for translators."""

    __tablename__ = "source_text"

    fingerprint: Mapped[str] = mapped_column(String(10), primary_key=True)
    text: Mapped[str]


class Edition(db.Model):
    """A published state of one variant of a course. Only `withdrawn_at` may still change."""

    __tablename__ = "edition"
    __table_args__ = (
        UniqueConstraint("course_key", "variant", "number"),
        Index("ix_edition_current", "course_key", "variant", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_key: Mapped[str]
    version: Mapped[str]
    variant: Mapped[str]
    number: Mapped[int]
    manifest_sha: Mapped[str] = mapped_column(ForeignKey("content_blob.sha"))
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("content_revision.id"))
    pilot: Mapped[bool]
    published_by: Mapped[int | None]
    published_at: Mapped[datetime] = mapped_column(UTCDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
