"""Publish variants as editions, and find the edition and the unit that a reader sees."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, func, select

from mtd_learning.base import audit, clock
from mtd_learning.base.db import db, execute, insert_or_ignore
from mtd_learning.errors import N_, NotFound
from mtd_learning.library.models import ContentBlob, Edition, SourceText

Translate = Callable[[str, str], str]
MOST_KEPT = 600  # units and manifests, about 25 kB each
MOST_VARIANTS = 6  # two languages in an organisation, in its country, and anywhere


@dataclass(frozen=True, slots=True)
class Current:
    """The edition that is read now: its row id, variant, number and manifest."""

    id: int
    course_key: str
    variant: str
    number: int
    version: str
    pilot: bool
    manifest_sha: str

    @property
    def manifest(self) -> dict[str, Any]:
        """Return the compiled table of contents of this edition."""
        return document(self.manifest_sha)

    @property
    def has_trainer_notes(self) -> bool:
        """Say whether the course, or a module of it, has notes for trainers."""
        manifest = self.manifest
        return any(one.get("trainer") for one in (manifest, *manifest["modules"]))


def variants_for(
    language: str, country: str | None = None, organisation: str | None = None, source: str = "en"
) -> tuple[str, ...]:
    """Return the variants that suit a reader, best first.

    A country's numbers go before the reader's language: a text in the source language with
    the right number helps more than a translated page without one.
    """
    found: list[str] = []
    for place in (
        ([f"-{country}+{organisation}"] if country and organisation else [])
        + ([f"-{country}"] if country else [])
        + [""]
    ):
        found += [language + place, source + place]
    return tuple(dict.fromkeys(found))


# On the tables themselves, not on the mapped classes: these run on every page, and what they
# return needs no object.
_EDITION = Edition.__table__.c
_CURRENT = select(
    _EDITION.id,
    _EDITION.course_key,
    _EDITION.variant,
    _EDITION.number,
    _EDITION.version,
    _EDITION.pilot,
    _EDITION.manifest_sha,
).where(
    _EDITION.id.in_(
        select(func.max(_EDITION.id))
        .where(
            _EDITION.course_key == bindparam("course"),
            _EDITION.variant.in_([bindparam(f"variant_{at}") for at in range(MOST_VARIANTS)]),
            _EDITION.withdrawn_at.is_(None),
        )
        .group_by(_EDITION.variant)
    )
)

_COURSE_KEYS = (
    select(_EDITION.course_key)
    .where(_EDITION.withdrawn_at.is_(None))
    .distinct()
    .order_by(_EDITION.course_key)
)


def edition_for(course_key: str, variants: Iterable[str]) -> Current:
    """Return the current edition of the first of `variants` that is published, or NotFound.

    A course that has none of them is read in the language in which it was written.
    """
    found = _current(course_key, tuple(variants))
    if found is None:
        raise NotFound(N_("There is no course at this address."))
    return found


def _current(course_key: str, order: Sequence[str]) -> Current | None:
    return _first(course_key, order) or _first(course_key, _as_written(course_key, order))


def _first(course_key: str, order: Sequence[str]) -> Current | None:
    if not order:
        return None
    # A fixed number of places: a list of changing length would be written out at each call.
    places = {f"variant_{at}": order[min(at, len(order) - 1)] for at in range(MOST_VARIANTS)}
    rows: list[Any] = list(execute(_CURRENT, {"course": course_key, **places}))
    return Current(*min(rows, key=lambda row: order.index(row[2]))) if rows else None


def _as_written(course_key: str, order: Sequence[str]) -> list[str]:
    """Return the same variants in the course's own language."""
    manifest_sha = db.session.scalar(
        select(Edition.manifest_sha)
        .where(Edition.course_key == course_key, Edition.withdrawn_at.is_(None))
        .order_by(Edition.id.desc())
        .limit(1)
    )
    source = document(manifest_sha).get("source") if manifest_sha else None
    if source is None:
        return []
    places = ["".join(one.partition("-")[1:]) for one in order]
    return list(dict.fromkeys(source + place for place in places))


def courses_for(variants: Iterable[str]) -> list[Current]:
    """Return the current edition of every published course for a reader, by course key."""
    return list(_courses(tuple(variants)))


def first_course_for(variants: Iterable[str]) -> Current | None:
    """Return the first of these courses, or None; the others are not looked up."""
    return next(_courses(tuple(variants)), None)


def _courses(order: Sequence[str]) -> Iterator[Current]:
    for (key,) in execute(_COURSE_KEYS).all():
        found = _current(key, order)
        if found is not None:
            yield found


def countries_published() -> set[str]:
    """Return the countries for which some variant of some course is published."""
    names = db.session.scalars(
        select(Edition.variant).where(Edition.withdrawn_at.is_(None)).distinct()
    )
    places = (name.partition("+")[0].rpartition("-")[2] for name in names)
    return {place for place in places if len(place) == 2 and place.isupper()}


def editions_now() -> list[Edition]:
    """Return the current edition of every variant of every course, by course and variant."""
    newest = (
        select(func.max(Edition.id))
        .where(Edition.withdrawn_at.is_(None))
        .group_by(Edition.course_key, Edition.variant)
    )
    return list(
        db.session.scalars(
            select(Edition)
            .where(Edition.id.in_(newest))
            .order_by(Edition.course_key, Edition.variant)
        )
    )


def block_states(manifest_sha: str) -> dict[str, int]:
    """Return how many blocks of an edition are in which state: current, missing, local, …"""
    counts = Counter[str]()
    for module in document(manifest_sha)["modules"]:
        for unit in module["units"]:
            counts.update(_states_in(unit["blob"]))
    return dict(sorted(counts.items()))


# Neither of these two asks `document`: the units and manifests of all editions fill the memory.
@lru_cache(10_000)
def _states_in(unit_sha: str) -> Counter[str]:
    return Counter(block["state"] for block in json.loads(blob(unit_sha))["blocks"])


@lru_cache(10_000)
def _media_in(manifest_sha: str) -> frozenset[str]:
    return frozenset(json.loads(blob(manifest_sha)).get("media", {}).values())


def edition(edition_id: int) -> Edition:
    """Return one edition by its row id, current or not."""
    found = db.session.get(Edition, edition_id)
    if found is None:
        raise NotFound(N_("There is no such edition."))
    return found


def edition_at(edition_id: int) -> Current:
    """Return an edition as it was read when it was the current one."""
    found = edition(edition_id)
    return Current(
        found.id,
        found.course_key,
        found.variant,
        found.number,
        found.version,
        found.pilot,
        found.manifest_sha,
    )


def blob(sha: str) -> bytes:
    """Return the bytes under a hash, or NotFound."""
    data = db.session.scalar(select(ContentBlob.data).where(ContentBlob.sha == sha))
    if data is None:
        raise NotFound(N_("This content is not here."))
    return data


def media(sha: str) -> bytes:
    """Return a picture or recording that an edition shows; NotFound for any other content.

    Compiled banks lie under hashes too, and hold the answers.
    """
    newest_first = db.session.scalars(select(Edition.manifest_sha).order_by(Edition.id.desc()))
    if not any(sha in _media_in(manifest_sha) for manifest_sha in newest_first.all()):
        raise NotFound(N_("This content is not here."))
    return blob(sha)


@lru_cache(MOST_KEPT)
def document(sha: str) -> Any:
    """Return the JSON under a hash, kept in memory: a hash never changes its meaning.

    Shared by all requests; nobody may change it.
    """
    return json.loads(blob(sha))


def trainer_notes(part: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the trainer's notes that a manifest, or a module in it, names; none for none.

    Editions that were published before there were notes name none.
    """
    sha = part.get("trainer")
    return document(sha)["notes"] if sha else []


@dataclass(frozen=True)
class Published:
    """What publishing did with one variant: a new edition, none needed, or refused."""

    course_key: str
    variant: str
    verdict: str
    edition: Edition | None
    problems: tuple[Any, ...]


def newest_of(course_key: str) -> dict[str, Edition]:
    """Return the newest edition of each variant of a course, withdrawn or not."""
    newest = (
        select(func.max(Edition.id))
        .where(Edition.course_key == course_key)
        .group_by(Edition.variant)
    )
    rows = db.session.scalars(select(Edition).where(Edition.id.in_(newest)))
    return {row.variant: row for row in rows}


def add_edition(
    manifest: Mapping[str, Any],
    manifest_sha: str,
    last: Edition | None,
    *,
    revision_id: int | None,
    published_by: int | None,
) -> Edition | None:
    """Make a compiled variant the edition after `last`; None when it equals that one.

    What the manifest names, and itself, is kept by `keep_blobs`.
    """
    course_key, variant = manifest["course"], manifest["variant"]
    if last is not None and last.manifest_sha == manifest_sha and last.withdrawn_at is None:
        return None
    made = Edition(
        course_key=course_key,
        variant=variant,
        version=manifest["version"],
        number=1 if last is None else last.number + 1,
        manifest_sha=manifest_sha,
        revision_id=revision_id,
        pilot=manifest["pilot"],
        published_by=published_by,
        published_at=clock.now(),
    )
    db.session.add(made)
    audit.note(
        "edition.publish",
        f"{course_key} {variant} {made.number}",
        actor_id=published_by,
        pilot=made.pilot,
    )
    return made


def keep_blobs(blobs: Mapping[str, bytes]) -> None:
    """Keep bytes under their SHA-256, those that are not kept yet."""
    rows = [{"sha": sha, "data": data} for sha, data in sorted(blobs.items())]
    insert_or_ignore(ContentBlob.__table__, rows)


def keep_sources(texts: Mapping[str, str]) -> None:
    """Keep source texts under their fingerprints, so that translators see what changed."""
    table = SourceText.__table__
    kept = set(execute(select(table.c.fingerprint)).scalars())
    new = sorted(item for item in texts.items() if item[0] not in kept)
    insert_or_ignore(table, [{"fingerprint": key, "text": text} for key, text in new])


def sources_kept(fingerprints: Iterable[str]) -> dict[str, str]:
    """Return the source texts that were kept under these fingerprints."""
    chosen = select(SourceText).where(SourceText.fingerprint.in_(fingerprints))
    return {row.fingerprint: row.text for row in db.session.scalars(chosen)}


def withdraw(edition_id: int, *, actor_id: int | None) -> Edition:
    """Stop an edition from being read; the one before it is read again."""
    found = edition(edition_id)
    found.withdrawn_at = clock.now()
    audit.note("edition.withdraw", f"edition {edition_id}", actor_id=actor_id)
    db.session.flush()
    return found
