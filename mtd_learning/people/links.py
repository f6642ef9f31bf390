"""Links by mail that open the door once."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from mtd_learning.base import audit, clock, mail
from mtd_learning.base.db import db
from mtd_learning.errors import N_, Conflict, Expired
from mtd_learning.people import policy, service, sessions
from mtd_learning.people.models import Invitation, OneTimeLink, User
from mtd_learning.people.tokens import hash_of, new_token

SIGN_IN = "sign-in"
EMAIL = "email"

# A used or late link is kept a little, so that its page can say which of the two it is.
KEPT_AFTER_END = timedelta(days=1)


@dataclass(frozen=True)
class LinkView:
    """What may be shown of a link before it is used: whether it still opens, and to what.

    `home` is the organisation that one joins by it: somebody else may have typed the address.
    """

    purpose: str
    email: str | None
    home: str


def make_link(
    user: User,
    purpose: str = SIGN_IN,
    *,
    email: str | None = None,
    invitation: Invitation | None = None,
) -> str:
    """Return the token of a new one-time link; earlier ones of this purpose stop working.

    The invitation of somebody who joined and never came in goes over to the new link.
    """
    now = clock.now()
    if invitation is None and purpose == SIGN_IN:
        invitation = _waiting_invitation(user)
    db.session.execute(
        delete(OneTimeLink).where(
            ((OneTimeLink.expires_at <= now - KEPT_AFTER_END) & OneTimeLink.invitation_id.is_(None))
            | (
                (OneTimeLink.user_id == user.id)
                & (OneTimeLink.purpose == purpose)
                & OneTimeLink.used_at.is_(None)
            )
        )
    )
    token = new_token()
    db.session.add(
        OneTimeLink(
            token_hash=hash_of(token),
            user_id=user.id,
            purpose=purpose,
            created_at=now,
            expires_at=now + policy.current().link,
            email=email,
            invitation_id=invitation.id if invitation else None,
        )
    )
    db.session.flush()
    return token


def hand_out(user: User) -> str:
    """Return the token of a link that an operator hands over; that one was taken is noted."""
    audit.note("link.hand-out", f"user {user.id}")
    return make_link(user)


def send_sign_in_link(email: str, *, onward: str = "") -> None:
    """Mail a sign-in link if the address has an open account; nobody learns whether it has."""
    user = service.find_user(email)
    if user is not None and user.active:
        mail_link(user, "sign_in", make_link(user), onward=onward)


def mail_link(
    user: User, template: str, token: str, *, to: str | None = None, onward: str = ""
) -> None:
    """Queue the letter that carries a link; it holds nothing that somebody else typed."""
    minutes = int(policy.current().link.total_seconds() // 60)
    values = {"token": token, "onward": onward, "minutes": minutes}
    mail.send(to or user.email, template, user.language, values)


def send_email_link(user: User, email: str) -> None:
    """Mail a link to a new address of a person, and a word to the old one."""
    address = service.clean_email(email)
    other = service.find_user(address)
    if other is not None:
        mail.send(address, "address_known", other.language, {})
    else:
        mail_link(user, "new_address", make_link(user, EMAIL, email=address), to=address)
    mail.send(user.email, "address_changing", user.language, {})
    audit.note("email.ask", f"user {user.id}", actor_id=user.id)


def look(token: str) -> LinkView:
    """Return what a link is for without using it; Expired when it opens nothing any more."""
    row = _waiting(token)
    invitation = invitation_of(token)
    home_id = invitation.organisation_id if invitation and invitation.used_at is None else None
    return LinkView(row.purpose, row.email, service.organisation_name(home_id))


def use_link(token: str) -> User:
    """Use a link up and return whose it is; Expired when it was used or is too old."""
    now = clock.now()
    # One statement, so that of two clicks at the same moment one finds it used.
    row = db.session.execute(
        update(OneTimeLink)
        .where(
            OneTimeLink.token_hash == hash_of(token),
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > now,
        )
        .values(used_at=now)
        .returning(OneTimeLink.user_id, OneTimeLink.email)
    ).first()
    if row is None:
        _waiting(token)  # says why not
        raise Expired(N_("This link has been used already. Ask for a new one."))
    user = service.user(row.user_id)
    if not user.active:
        raise Expired(N_("This account is closed."))
    if row.email is not None:
        _move(user, row.email)
    return user


def invitation_of(token: str) -> Invitation | None:
    """Return the invitation that came with a link."""
    return db.session.scalar(
        select(Invitation)
        .join(OneTimeLink, OneTimeLink.invitation_id == Invitation.id)
        .where(OneTimeLink.token_hash == hash_of(token))
    )


def _waiting_invitation(user: User) -> Invitation | None:
    if service.grants_of(user.id):
        return None
    return db.session.scalar(
        select(Invitation)
        .join(OneTimeLink, OneTimeLink.invitation_id == Invitation.id)
        .where(OneTimeLink.user_id == user.id, OneTimeLink.used_at.is_(None))
        .order_by(OneTimeLink.created_at.desc())
        .limit(1)
    )


def _waiting(token: str) -> OneTimeLink:
    row = db.session.get(OneTimeLink, hash_of(token))
    if row is None:
        raise Expired(N_("This link does not open anything. Ask for a new one."))
    if row.used_at is not None:
        raise Expired(N_("This link has been used already. Ask for a new one."))
    if row.expires_at <= clock.now():
        raise Expired(N_("This link is too old. Ask for a new one."))
    return row


def _move(user: User, email: str) -> None:
    before = user.email
    try:
        with db.session.begin_nested():
            user.email = email
            db.session.flush()
    except IntegrityError as error:
        raise Conflict(N_("There is an account with this e-mail address already.")) from error
    sessions.close_links(user.id)  # those went to the address before, which is kept nowhere
    invited = Invitation.email == before
    db.session.execute(update(Invitation).where(invited).values(email=email))
    audit.note("email.change", f"user {user.id}", actor_id=user.id)
