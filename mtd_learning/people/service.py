"""Verbs of accounts: make them, find them, give them roles, change what they say."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from mtd_learning.base import audit, clock, mail
from mtd_learning.base.db import db
from mtd_learning.errors import N_, Conflict, Invalid, NotFound
from mtd_learning.people import sessions
from mtd_learning.people.countries import COUNTRIES, OTHER
from mtd_learning.people.models import LoginSession, Organisation, RoleGrant, User
from mtd_learning.people.roles import ROLES, Grant, Home

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def clean_email(email: str) -> str:
    """Return an address in the one form that we keep; Invalid when it cannot be one."""
    # Heavy to load, and reading pages never need it.
    from email_validator import EmailNotValidError, validate_email

    try:
        found = validate_email(
            email.strip(),
            check_deliverability=False,
            allow_smtputf8=False,
            globally_deliverable=False,
        )
    except EmailNotValidError as error:
        raise Invalid(
            N_("This is not an e-mail address. It looks like name@example.org."), field="email"
        ) from error
    return str(found.ascii_email).casefold()


def clean_name(name: str) -> str:
    """Return a name as it will stand on a certificate; Invalid when it cannot."""
    plain = " ".join(unicodedata.normalize("NFC", name).split())
    if not plain:
        raise Invalid(N_("Please write your name."), field="name")
    if len(plain) > 120:
        raise Invalid(N_("A name may have at most 120 characters."), field="name")
    if any(unicodedata.category(character) in ("Cc", "Cf", "Co", "Cn") for character in plain):
        raise Invalid(N_("The name holds a sign that cannot be printed."), field="name")
    return plain


def clean_country(country: str | None) -> str | None:
    """Return two letters, or None for elsewhere; Invalid when it is no country of the list."""
    if country in (None, "", OTHER):
        return None
    if country not in COUNTRIES:
        raise Invalid(N_("Please choose a country from the list."), field="country")
    return country


def create_organisation(
    slug: str,
    name: str,
    country: str | None,
    pack: str | None = None,
    *,
    parent: Organisation | None = None,
    by: int | None = None,
) -> Organisation:
    """Add an organisation; `pack` names its layer of course texts.

    Invalid when `slug` cannot be a short name, Conflict when there is one of that name.
    """
    if not SLUG.fullmatch(slug):
        raise Invalid(
            N_("%(slug)r cannot be a short name: use small letters, digits and hyphens."),
            field="slug",
            slug=slug,
        )
    if db.session.scalar(select(Organisation.id).where(Organisation.slug == slug)):
        raise Conflict(N_("There is an organisation %(slug)s already."), slug=slug)
    organisation = Organisation(
        slug=slug,
        name=name.strip(),
        country=clean_country(country),
        parent_id=parent.id if parent else None,
        pack=pack,
    )
    db.session.add(organisation)
    db.session.flush()
    audit.note("organisation.create", f"organisation {organisation.id}", actor_id=by)
    return organisation


def find_organisation(slug: str) -> Organisation | None:
    """Return the organisation with this short name."""
    return db.session.scalar(select(Organisation).where(Organisation.slug == slug))


def organisation_named(slug: str) -> Organisation:
    """Return the organisation with this short name; NotFound when there is none."""
    organisation = find_organisation(slug)
    if organisation is None:
        raise NotFound(N_("There is no organisation %(slug)s."), slug=slug)
    return organisation


def organisation(organisation_id: int | None) -> Organisation | None:
    """Return an organisation by its number; who belongs to none has none."""
    return None if organisation_id is None else db.session.get(Organisation, organisation_id)


def organisation_name(organisation_id: int | None) -> str:
    """Return the name of an organisation; nothing for who belongs to none."""
    found = organisation(organisation_id)
    return found.name if found else ""


def create_user(
    email: str,
    name: str,
    language: str,
    country: str | None = None,
    *,
    organisation: Organisation | None = None,
    by: int | None = None,
) -> User:
    """Add an account without password or role; Conflict when the address has one already."""
    now = clock.now()
    user = User(
        email=clean_email(email),
        name=clean_name(name),
        language=language,
        country=clean_country(country),
        organisation_id=organisation.id if organisation else None,
        active=True,
        created_at=now,
        seen_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(user)
    except IntegrityError as error:
        raise Conflict(N_("There is an account with this e-mail address already.")) from error
    audit.note("user.create", f"user {user.id}", actor_id=by)
    return user


def find_user(email: str) -> User | None:
    """Return the account with this address, however it is spelled."""
    try:
        known = clean_email(email)
    except Invalid:
        return None
    return db.session.scalar(select(User).where(User.email == known))


def user(user_id: int) -> User:
    """Return an account by its number; NotFound when there is none."""
    found = db.session.get(User, user_id)
    if found is None:
        raise NotFound(N_("There is no such person."))
    return found


def list_users() -> list[User]:
    """Return all accounts but the forgotten ones, in the order of their addresses."""
    known = select(User).where(User.forgotten_at.is_(None))
    return list(db.session.scalars(known.order_by(User.email)))


def grants_of(user_id: int) -> tuple[Grant, ...]:
    """Return the roles of a person with the places in which they hold."""
    rows = db.session.execute(
        select(RoleGrant.role, RoleGrant.organisation_id, RoleGrant.country)
        .where(RoleGrant.user_id == user_id)
        .order_by(RoleGrant.id)
    )
    return tuple(Grant(*row) for row in rows)


def homes_of(grants: Iterable[Grant]) -> dict[int, Home]:
    """Return the organisations in which roles hold, by number, as course texts know them."""
    wanted = {held.organisation_id for held in grants} - {None}
    if not wanted:
        return {}
    rows = db.session.execute(
        select(Organisation.id, Organisation.country, Organisation.pack).where(
            Organisation.id.in_(wanted)
        )
    )
    return {row.id: Home(row.country, row.pack) for row in rows}


def grant(
    user: User,
    role: str,
    organisation: Organisation | None = None,
    country: str | None = None,
    by: int | None = None,
) -> RoleGrant:
    """Give a person a role in a place, or everywhere; giving it twice changes nothing.

    Invalid when there is no such role.
    """
    if role not in ROLES:
        raise Invalid(
            N_("There is no role %(role)r. There are: %(roles)s."),
            field="role",
            role=role,
            roles=", ".join(ROLES),
        )
    kept = _grant_row(user, role, organisation, country)
    if kept is not None:
        return kept
    row = RoleGrant(
        user_id=user.id,
        role=role,
        organisation_id=organisation.id if organisation else None,
        country=clean_country(country),
        place=_place(organisation, country),
    )
    db.session.add(row)
    db.session.flush()
    audit.note("role.grant", f"user {user.id}", actor_id=by, role=role, place=row.place)
    return row


def withdraw(
    user: User,
    role: str,
    organisation: Organisation | None = None,
    country: str | None = None,
    by: int | None = None,
) -> bool:
    """Take a role away again; say whether there was one."""
    kept = _grant_row(user, role, organisation, country)
    if kept is None:
        return False
    db.session.delete(kept)
    db.session.flush()
    audit.note("role.withdraw", f"user {user.id}", actor_id=by, role=role, place=kept.place)
    return True


def _grant_row(
    user: User, role: str, organisation: Organisation | None, country: str | None
) -> RoleGrant | None:
    return db.session.scalar(
        select(RoleGrant).where(
            RoleGrant.user_id == user.id,
            RoleGrant.role == role,
            RoleGrant.place == _place(organisation, country),
        )
    )


def _place(organisation: Organisation | None, country: str | None) -> str:
    words = []
    if organisation is not None:
        words.append(f"organisation {organisation.id}")
    if clean_country(country):
        words.append(f"country {country}")
    return ", ".join(words) or "everywhere"


def change_profile(
    user: User, *, name: str, language: str, country: str | None, languages: Sequence[str]
) -> None:
    """Change one's own account; Invalid with the field that cannot be kept as it is given."""
    if language not in languages:
        raise Invalid(N_("Please choose a language from the list."), field="language")
    user.name = clean_name(name)
    user.language = language
    user.country = clean_country(country)
    db.session.flush()
    audit.note("user.change", f"user {user.id}", actor_id=user.id)


def change_language(user: User, language: str) -> None:
    """Change the language of one's own account; the caller knows which there are."""
    user.language = language
    db.session.flush()


def set_password(user: User, password_hash: str, *, but: str | None = None) -> None:
    """Keep a new password and sign out every device but the one with the token `but`.

    The hash is made before, outside the writing transaction: `passwords.hash_password`.
    """
    user.password_hash = password_hash
    db.session.flush()
    audit.note("password.set", f"user {user.id}", actor_id=user.id)
    mail.send(user.email, "password_changed", user.language, {})
    sessions.end_all_sessions(user.id, but=but, actor_id=user.id)


def personal_data(user_id: int) -> dict[str, Any]:
    """Return what this room keeps about a person, as plain data for a file."""
    found = user(user_id)
    home = organisation(found.organisation_id)
    devices = db.session.scalars(
        select(LoginSession)
        .where(LoginSession.user_id == user_id)
        .order_by(LoginSession.created_at)
    )
    return {
        "account": {
            "email": found.email,
            "name": found.name,
            "language": found.language,
            "country": found.country,
            "organisation": home.name if home else None,
            "has_password": found.password_hash is not None,
            "created_at": found.created_at.isoformat(),
            "seen_at": found.seen_at.isoformat() if found.seen_at else None,
            "warned_at": found.warned_at.isoformat() if found.warned_at else None,
        },
        "roles": [
            {
                "role": held.role,
                "organisation": held.organisation_id,
                "country": held.country,
            }
            for held in grants_of(user_id)
        ],
        "devices": [
            {
                "device": row.device,
                "signed_in_at": row.created_at.isoformat(),
                "seen_at": row.seen_at.isoformat(),
            }
            for row in devices
        ],
    }
