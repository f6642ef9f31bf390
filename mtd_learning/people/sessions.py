"""Sign a device in, know it again at every request, and sign it out."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, or_, select, update
from sqlalchemy.exc import DBAPIError

from mtd_learning.base import audit, clock
from mtd_learning.base.db import db, execute, expect_writing, let_go
from mtd_learning.people import policy
from mtd_learning.people.models import LoginSession, OneTimeLink, Organisation, RoleGrant, User
from mtd_learning.people.roles import Grant
from mtd_learning.people.tokens import hash_of, new_token

log = logging.getLogger(__name__)

RENEW_AFTER = timedelta(minutes=15)

# After a sign-in by a link, for so long no present password is asked for.
FRESH = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class SessionView:
    """The signed-in person, as one statement finds them; speaks Flask-Login's protocol."""

    token: str
    grants: tuple[Grant, ...]
    id: int
    email: str
    name: str
    language: str
    country: str | None
    organisation_id: int | None
    pack: str | None
    active: bool
    has_password: bool
    way: str
    created_at: datetime
    seen_at: datetime

    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        """Return whether the account is open."""
        return self.active

    def get_id(self) -> str:
        """Return the session's token: that, and not a user's number, is what a cookie carries."""
        return self.token

    def is_fresh(self, now: datetime) -> bool:
        """Return whether this device proved the e-mail address just now."""
        return self.way in ("link", "invitation") and now - self.created_at <= FRESH

    def is_stale(self, now: datetime) -> bool:
        """Return whether it is time to note that this device was seen."""
        return now - self.seen_at >= RENEW_AFTER


@dataclass(frozen=True)
class Device:
    """One line of the list of signed-in devices."""

    name: str
    created_at: datetime
    seen_at: datetime
    here: bool


# Built once, on the tables themselves: it runs on every page. A person with several roles
# gives several rows.
_USER, _HOME = User.__table__, Organisation.__table__
_LOGIN, _GRANT = LoginSession.__table__, RoleGrant.__table__
_OF_PERSON = (  # in the order of the fields of SessionView
    _USER.c.id,
    _USER.c.email,
    _USER.c.name,
    _USER.c.language,
    _USER.c.country,
    _USER.c.organisation_id,
    _HOME.c.pack,
    _USER.c.active,
    _USER.c.password_hash.is_not(None),
    _LOGIN.c.way,
    _LOGIN.c.created_at,
    _LOGIN.c.seen_at,
)
_OF_GRANT = (_GRANT.c.role, _GRANT.c.organisation_id, _GRANT.c.country)
_FIND = (
    select(*_OF_PERSON, *_OF_GRANT)
    .select_from(
        _LOGIN.join(_USER, _USER.c.id == _LOGIN.c.user_id)
        .outerjoin(_HOME, _HOME.c.id == _USER.c.organisation_id)
        .outerjoin(_GRANT, _GRANT.c.user_id == _USER.c.id)
    )
    .where(_LOGIN.c.token_hash == bindparam("token_hash"))
)


def open_session(user: User, device: str, *, way: str = "link") -> str:
    """Sign a device in and return its token; `way` says by what: link, password, …"""
    now = clock.now()
    db.session.execute(delete(LoginSession).where(LoginSession.user_id == user.id, _ended(now)))
    user.seen_at = now
    token = new_token()
    db.session.add(
        LoginSession(
            token_hash=hash_of(token),
            user_id=user.id,
            created_at=now,
            seen_at=now,
            device=device[:60],
            way=way,
        )
    )
    db.session.flush()
    return token


def _ended(now: datetime) -> ColumnElement[bool]:
    rule = policy.current()
    return or_(
        LoginSession.seen_at <= now - rule.idle, LoginSession.created_at <= now - rule.longest
    )


def session_of(token: str, now: datetime | None = None) -> SessionView | None:
    """Return who is signed in with this token; None when nobody is, or not any more."""
    rows = execute(_FIND, {"token_hash": hash_of(token)}).all()
    if not rows:
        return None
    view = _view(token, rows)
    now = now or clock.now()
    rule = policy.current()
    ended = now - view.seen_at >= rule.idle or now - view.created_at >= rule.longest
    return None if ended or not view.active else view


def _view(token: str, rows: Sequence[Any]) -> SessionView:
    person = len(_OF_PERSON)
    grants = tuple(Grant(*row[person:]) for row in rows if row.role is not None)
    return SessionView(token, grants, *rows[0][:person])


def renew(view: SessionView) -> None:
    """Note that the device was seen now, in a transaction of its own, after the page is made.

    The only verb that commits: it is nobody's deed, and what a refused request left pending
    must not be kept by it. A database that cannot be written costs nobody their page.
    """
    now = clock.now()
    let_go()
    expect_writing(True)
    try:
        db.session.execute(
            update(LoginSession)
            .where(LoginSession.token_hash == hash_of(view.token), LoginSession.seen_at < now)
            .values(seen_at=now)
        )
        db.session.execute(update(User).where(User.id == view.id).values(seen_at=now))
        db.session.commit()
    except DBAPIError:
        let_go()
        log.warning("A session could not be renewed: the database takes no writing")


def end_session(token: str) -> None:
    """Sign this device out."""
    db.session.execute(delete(LoginSession).where(LoginSession.token_hash == hash_of(token)))


def end_all_sessions(user_id: int, *, but: str | None = None, actor_id: int | None = None) -> int:
    """Sign a person out on every device, but not the one with the token `but`; return how many.

    Links by mail that still wait open nothing any more: a thief may have asked for one.
    """
    close_links(user_id)
    ending = delete(LoginSession).where(LoginSession.user_id == user_id)
    if but is not None:
        ending = ending.where(LoginSession.token_hash != hash_of(but))
    ended = db.session.execute(ending.returning(LoginSession.token_hash)).all()
    if ended:
        audit.note("session.end_all", f"user {user_id}", actor_id=actor_id, devices=len(ended))
    return len(ended)


def close_links(user_id: int) -> None:
    """Take the links by mail away that a person has not used yet."""
    db.session.execute(
        delete(OneTimeLink).where(OneTimeLink.user_id == user_id, OneTimeLink.used_at.is_(None))
    )


def devices_of(user_id: int, token: str) -> list[Device]:
    """Return the devices on which a person is signed in, the last seen first."""
    rows = db.session.scalars(
        select(LoginSession)
        .where(LoginSession.user_id == user_id, ~_ended(clock.now()))
        .order_by(LoginSession.seen_at.desc())
    )
    here = hash_of(token)
    return [Device(row.device, row.created_at, row.seen_at, row.token_hash == here) for row in rows]
