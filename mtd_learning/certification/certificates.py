"""The verbs of certificates: issue, typeset, show to the holder, verify for a stranger."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import version
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from mtd_learning.base import audit, clock, jobs, mail
from mtd_learning.base.db import db, expect_writing, let_go
from mtd_learning.certification import designs, glyphs, press, rules
from mtd_learning.certification.models import Certificate
from mtd_learning.errors import N_, Invalid, NotFound


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Who gets the certificate, with the name as they confirmed it."""

    id: int
    name: str
    email: str


@dataclass(frozen=True, kw_only=True)
class Issuer:
    """Who gives it: an organisation, or the site itself (then without an id)."""

    key: str
    name: str
    country: str | None
    organisation_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Site:
    """The site that stands behind the check page: its name and its public address."""

    name: str
    address: str


@dataclass(frozen=True, kw_only=True)
class Completed:
    """A finished course: the edition in which it was finished, its quizzes, and when."""

    manifest: Mapping[str, Any]
    manifest_sha: str
    edition_id: int
    at: datetime
    banks: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True)
class View:
    """What anybody with the code may know about a certificate."""

    certificate: Certificate
    standing: str
    initials: str
    name: str | None


def confirmed_name(typed: str) -> str:
    """Return the name as it will be printed, or Invalid with what is wrong with it."""
    name = rules.clean_name(typed)
    if not name:
        raise Invalid(N_("Write your name as it should stand on the certificate."), field="name")
    if len(name) > rules.LONGEST_NAME:
        raise Invalid(
            N_("A name on a certificate has at most %(most)s letters."),
            field="name",
            most=rules.LONGEST_NAME,
        )
    if strange := glyphs.unprintable(name):
        raise Invalid(
            N_("The certificate cannot print these letters: %(letters)s"),
            field="name",
            letters=" ".join(strange),
        )
    return name


def issue(
    *,
    holder: Holder,
    issuer: Issuer,
    completed: Completed,
    site: Site,
    language: str,
    translate: designs.Translate,
) -> Certificate:
    """Give the certificate "Completed online course"; asked again, the first one is returned.

    `translate` turns a marked sentence into words of `language`; the words stay with the
    certificate. The name is refused as in `confirmed_name`.
    """
    name = confirmed_name(holder.name)
    manifest = completed.manifest
    if found := _given(holder.id, manifest):
        return found
    certificate = _drawn_up(holder, name, issuer, completed)
    _put_into_words(certificate, site, language, translate)
    try:
        _keep(certificate, issuer)
    except IntegrityError:
        # The same person asked in two windows; the other one was first.
        found = _given(holder.id, manifest)
        if found is None:
            raise
        return found
    _announce(holder, certificate, language)
    db.session.flush()
    return certificate


def paper(certificate: Certificate, site_address: str = "") -> bytes:
    """Return the PDF: the kept one, or typeset now from the row; both are the same bytes, unless
    there is a better page to name than that of the row. NotFound when its name was taken away."""
    page = designs.better_page(certificate, site_address)
    if certificate.pdf is not None and page is None:
        return certificate.pdf
    if certificate.holder_name_snapshot is None:
        raise NotFound(N_("There is no certificate at this address."))
    return press.typeset(designs.values(certificate, page))


def typeset(values: Mapping[str, Any]) -> None:
    """Do the job `certificate.typeset`: keep the PDF beside the row, once."""
    expect_writing(False)
    let_go()
    try:
        certificate = db.session.get(Certificate, values["certificate_id"])
        if (
            certificate is None
            or certificate.holder_name_snapshot is None
            or certificate.pdf is not None
        ):
            return
        printed = designs.values(certificate)
        # Nobody shall wait for the write lock while the typesetter works.
        let_go()
        pdf = press.typeset(printed)
    finally:
        let_go()
        expect_writing(True)
    db.session.execute(
        update(Certificate)
        .where(Certificate.id == values["certificate_id"], Certificate.pdf.is_(None))
        .where(Certificate.holder_name_snapshot.is_not(None))  # forgotten meanwhile
        .values(pdf=pdf, pdf_sha256=hashlib.sha256(pdf).hexdigest())
    )


def certificates_of(holder_id: int) -> list[Certificate]:
    """Return a person's certificates, the latest first."""
    return list(
        db.session.scalars(
            select(Certificate)
            .where(Certificate.holder_id == holder_id)
            .order_by(Certificate.valid_from.desc(), Certificate.number.desc())
        )
    )


def certificate_of(holder_id: int, number: str) -> Certificate:
    """Return one certificate of this person, or NotFound; other people's are not found."""
    found = db.session.scalar(
        select(Certificate).where(Certificate.number == number, Certificate.holder_id == holder_id)
    )
    if found is None:
        raise NotFound(N_("There is no certificate at this address."))
    return found


def share_name(certificate: Certificate, share: bool) -> None:
    """Show the full name on the check page, or only the initials."""
    certificate.share_name = share
    audit.note(
        "certificate.share-name", certificate.number, actor_id=certificate.holder_id, on=share
    )
    db.session.flush()


def hide_page(certificate: Certificate, hide: bool) -> None:
    """Take the check page away from the public, or give it back."""
    certificate.page_hidden = hide
    audit.note("certificate.hide-page", certificate.number, actor_id=certificate.holder_id, on=hide)
    db.session.flush()


def verify(typed: str, today: date) -> View:
    """Return what a stranger may know; NotFound for malformed, unknown and hidden alike."""
    # A malformed code is looked up too, so that the three take the same time.
    code = rules.read_code(typed) or ""
    found = db.session.scalar(select(Certificate).where(Certificate.public_code == code))
    if found is None or found.page_hidden:
        raise NotFound(
            N_("There is no certificate with this code. Please compare it with the paper.")
        )
    name = found.holder_name_snapshot
    return View(
        certificate=found,
        standing=rules.standing(found.state, found.valid_from, found.valid_until, today),
        initials=rules.initials(name or ""),
        name=name if found.share_name else None,
    )


def names_match(certificate: Certificate, typed: str) -> bool:
    """Say whether a typed name is the printed one; case, spaces and letter forms do not count."""
    name = certificate.holder_name_snapshot
    return name is not None and rules.same_name(name, typed)


def _given(holder_id: int, manifest: Mapping[str, Any]) -> Certificate | None:
    return db.session.scalar(
        select(Certificate).where(
            Certificate.holder_id == holder_id,
            Certificate.course_key == manifest["course"],
            Certificate.course_version == manifest["version"],
            Certificate.kind == rules.ONLINE_COURSE,
        )
    )


def _drawn_up(holder: Holder, name: str, issuer: Issuer, completed: Completed) -> Certificate:
    manifest = completed.manifest
    return Certificate(
        public_code=rules.new_code(),
        kind=rules.ONLINE_COURSE,
        holder_id=holder.id,
        holder_name_snapshot=name,
        organisation_id=issuer.organisation_id,
        issuer_name=issuer.name,
        issuer_country=issuer.country,
        course_key=manifest["course"],
        course_title=rules.plain(manifest["title"]),
        course_version=manifest["version"],
        course_locale=manifest["language"],
        variant=manifest["variant"],
        edition_id=completed.edition_id,
        manifest_sha=completed.manifest_sha,
        pilot=bool(manifest.get("pilot")),
        elements=rules.elements(
            manifest,
            assessment=designs.assessment(completed.banks),
            participation=designs.ONLINE,
            quality=designs.UNCHECKED if manifest.get("pilot") else designs.CHECKED,
        ),
        awarded_at=completed.at,
        valid_from=clock.now(),
        valid_until=None,
        state="valid",
        template_version=designs.VERSION,
        engine=f"typst {version('typst')}",
        share_name=False,
        page_hidden=False,
    )


def _put_into_words(
    certificate: Certificate, site: Site, language: str, translate: designs.Translate
) -> None:
    elements = certificate.elements
    certificate.language, certificate.words = designs.words(
        translate,
        language,
        kind=certificate.kind,
        sentences=[
            elements["participation"],
            elements["quality"],
            *(said["say"] for said in elements["assessment"]),
        ],
        site=site.name,
    )
    certificate.page_address = designs.page_address(site.address, certificate.public_code)


def _keep(certificate: Certificate, issuer: Issuer) -> None:
    with db.session.begin_nested():
        year = certificate.valid_from.year
        sequence = _next_number(issuer.key.upper(), year)
        certificate.number = rules.number_of(issuer.key, year, sequence)
        db.session.add(certificate)


def _next_number(issuer_key: str, year: int) -> int:
    # One statement that both databases know: two who come at once wait for each other's row.
    return int(
        db.session.execute(
            text(
                "INSERT INTO certificate_counter (issuer_key, year, last_number) "
                "VALUES (:issuer_key, :year, 1) ON CONFLICT (issuer_key, year) DO UPDATE "
                "SET last_number = certificate_counter.last_number + 1 RETURNING last_number"
            ),
            {"issuer_key": issuer_key, "year": year},
        ).scalar_one()
    )


def _announce(holder: Holder, certificate: Certificate, language: str) -> None:
    audit.note(
        "certificate.issue",
        certificate.number,
        actor_id=holder.id,
        course=certificate.course_key,
        edition=certificate.edition_id,
    )
    jobs.enqueue(
        "certificate.typeset",
        {"certificate_id": certificate.id},
        send_key=f"certificate.typeset:{certificate.id}",
    )
    mail.send(
        holder.email,
        "certificate",
        language,
        {
            "name": certificate.holder_name_snapshot,
            "course": certificate.course_title,
            "number": certificate.number,
            "page": certificate.page_address,
        },
        send_key=f"certificate.letter:{certificate.id}",
    )


def personal_data(user_id: int) -> list[dict[str, object]]:
    """Return a person's certificates as plain data; the papers themselves are downloads."""
    return [
        {
            "number": one.number,
            "code": one.public_code,
            "name": one.holder_name_snapshot,
            "course": one.course_key,
            "version": one.course_version,
            "issuer": one.issuer_name,
            "state": one.state,
            "valid_from": one.valid_from.isoformat(),
            "valid_until": one.valid_until.isoformat() if one.valid_until else None,
            "shows_name": one.share_name,
            "page_hidden": one.page_hidden,
        }
        for one in certificates_of(user_id)
    ]
