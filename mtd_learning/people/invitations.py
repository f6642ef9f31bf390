"""Invite people, one by e-mail or many by an open link, and let them join."""

from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import Any

from sqlalchemy import or_, select, update

from mtd_learning.base import audit, clock, mail
from mtd_learning.base.db import db
from mtd_learning.errors import N_, Expired, Invalid
from mtd_learning.people import links, policy, service
from mtd_learning.people.models import Invitation, Organisation, User
from mtd_learning.people.roles import ROLES
from mtd_learning.people.tokens import hash_of, new_token


@dataclass(frozen=True)
class Joined:
    """What became of a joining: `at_once` when the address needs no further proof."""

    user: User
    at_once: bool
    course_key: str | None


def invite(
    email: str | None,
    *,
    role: str,
    language: str,
    organisation: Organisation | None = None,
    course_key: str | None = None,
    country: str | None = None,
    by: int | None = None,
    note: str = "",
) -> str:
    """Return the token of a new invitation; with an e-mail address a letter goes out.

    An open link gives the role of a volunteer and no other: it may end up anywhere.
    """
    _refuse_role(role, is_open=email is None)
    now = clock.now()
    token = new_token()
    invitation = Invitation(
        token_hash=hash_of(token),
        email=service.clean_email(email) if email is not None else None,
        role=role,
        organisation_id=organisation.id if organisation else None,
        course_key=course_key,
        country=service.clean_country(country),
        language=language,
        created_at=now,
        expires_at=now + policy.current().invitation,
        created_by=by,
        note=note[:200],
    )
    db.session.add(invitation)
    db.session.flush()
    audit.note("invitation.make", f"invitation {invitation.id}", actor_id=by, role=role)
    _mail(invitation, token)
    return token


def send_way_in(email: str, *, onward: str = "") -> None:
    """Mail a way in to an address that has one; nobody learns whether it has.

    A sign-in link to an account; to somebody who is invited and has not come, the invitation
    again, under a new address: the old one is kept as a hash only.
    """
    address = service.clean_email(email)
    if service.find_user(address) is not None:
        links.send_sign_in_link(address, onward=onward)
        return
    waiting = (
        select(Invitation)
        .where(Invitation.email == address, Invitation.used_at.is_(None))
        .where(Invitation.expires_at > clock.now())
        .order_by(Invitation.id.desc())
        .limit(1)
    )
    invitation = db.session.scalar(waiting)
    if invitation is not None:
        token = new_token()
        invitation.token_hash = hash_of(token)
        _mail(invitation, token)


def _refuse_role(role: str, *, is_open: bool) -> None:
    if role not in ROLES:
        raise Invalid(N_("There is no role %(role)r."), field="role", role=role)
    if is_open and role != "volunteer":
        raise Invalid(
            N_("An open link can only invite volunteers. Name the e-mail address."), field="email"
        )


def _mail(invitation: Invitation, token: str) -> None:
    if invitation.email is None:
        return
    days = (invitation.expires_at - clock.now()) / timedelta(days=1)
    home = service.organisation_name(invitation.organisation_id)
    values = {"token": token, "organisation": home, "days": ceil(days)}
    mail.send(invitation.email, "invitation", invitation.language, values)


def look(token: str) -> Invitation:
    """Return an invitation that still opens; Expired with a sentence when it does not."""
    found = db.session.scalar(select(Invitation).where(Invitation.token_hash == hash_of(token)))
    if found is None:
        raise Expired(N_("This invitation does not open anything. Ask for a new one."))
    if found.used_at is not None:
        raise Expired(N_("This invitation has been used. Sign in with your e-mail address."))
    if found.expires_at <= clock.now():
        raise Expired(N_("This invitation is too old. Ask for a new one."))
    return found


def join(token: str, name: str, email: str, language: str, country: str | None) -> Joined:
    """Make an account by an invitation and let its owner in, at once or by a letter.

    At once only when the invitation was sent to a new address: then the token proves it. In
    every other case the answer is the same, whether or not the address has an account, and
    a letter with a one-time link goes there; the invitation counts when that link is used.
    """
    invitation = look(token)
    address = invitation.email or service.clean_email(email)
    name = service.clean_name(name)
    country = service.clean_country(country)
    known = service.find_user(address)
    if known is None:
        user = service.create_user(address, name, language, country)
        if invitation.email is not None:
            accept(invitation, user)
            return Joined(user, at_once=True, course_key=invitation.course_key)
    else:
        user = known
    if user.active:
        link = links.make_link(user, invitation=invitation)
        links.mail_link(user, "sign_in" if known else "join", link)
    return Joined(user, at_once=False, course_key=invitation.course_key)


def accept(invitation: Invitation, user: User) -> None:
    """Give the role of an invitation to whoever proved the address; Expired when it was used."""
    if invitation.email is not None:
        used = db.session.execute(
            update(Invitation)
            .where(Invitation.id == invitation.id, Invitation.used_at.is_(None))
            .values(used_at=clock.now())
            .returning(Invitation.id)
        ).first()
        if used is None:
            raise Expired(N_("This invitation has been used. Sign in with your e-mail address."))
    home = service.organisation(invitation.organisation_id)
    if user.organisation_id is None and home is not None:
        user.organisation_id = home.id
    service.grant(user, invitation.role, home, by=invitation.created_by)
    audit.note("invitation.accept", f"invitation {invitation.id}", actor_id=user.id)


def enter(token: str) -> Joined:
    """Use a one-time link up and say who came in; an invitation that came with it counts."""
    user = links.use_link(token)
    invitation = links.invitation_of(token)
    if invitation is None:
        return Joined(user, at_once=True, course_key=None)
    if invitation.used_at is None:
        accept(invitation, user)
    return Joined(user, at_once=True, course_key=invitation.course_key)


def personal_data(user_id: int) -> list[dict[str, Any]]:
    """Return the invitations to and by a person; an address that is not theirs is left out."""
    found = service.user(user_id)
    invited = select(Invitation).where(
        or_(Invitation.email == found.email, Invitation.created_by == found.id)
    )
    return [
        {
            "to_you": row.email == found.email,
            "by_you": row.created_by == found.id,
            "role": row.role,
            "course": row.course_key,
            "country": row.country,
            "language": row.language,
            "note": row.note,
            "created_at": row.created_at.isoformat(),
            "expires_at": row.expires_at.isoformat(),
            "used_at": row.used_at.isoformat() if row.used_at else None,
        }
        for row in db.session.scalars(invited.order_by(Invitation.id))
    ]
