"""Sign in with a password, in two steps with a commit between them.

`knock` counts the try and reads the kept hash. Then the door commits, so that no lock is held
and the try is counted whatever happens. `enter` compares slowly, and writes only when it is
right. An unknown address takes the same steps and the same time.
"""

from dataclasses import dataclass

from mtd_learning.base.db import db
from mtd_learning.errors import N_, Invalid
from mtd_learning.people import passwords, service, sessions, throttle
from mtd_learning.people.models import User


@dataclass(frozen=True)
class Knock:
    """A try that was let through: whose it would be, and the hash to compare with."""

    user_id: int | None
    kept: str | None
    tried: throttle.Try


def knock(email: str, *, network: str, lane: str | None = None) -> Knock:
    """Count a try at the password of an account; TooMany when there were too many.

    `lane` is that of a device on which the owner has signed in before (`devices.lane_of`):
    strangers fill the lane of the account, never that one.
    """
    address = email.strip().casefold()[:254]
    if lane is None:
        tried = throttle.take("password", account=address, network=network)
    else:
        tried = throttle.take("password", device=lane)
    user = service.find_user(address)
    if user is None or not user.active:
        return Knock(None, None, tried)
    return Knock(user.id, user.password_hash, tried)


def prove(knocked: Knock, password: str) -> User:
    """Return whose password this is; Invalid, with one sentence for every reason, if nobody's."""
    verdict = passwords.check(knocked.kept, password)
    fresh = passwords.hash_password(password) if verdict.right and verdict.outdated else None
    user = db.session.get(User, knocked.user_id) if verdict.right else None
    # The password may have been changed while we compared.
    if user is None or user.password_hash != knocked.kept:
        raise Invalid(N_("The e-mail address or the password is not right."), field="password")
    if fresh is not None:
        user.password_hash = fresh
    throttle.give_back(knocked.tried)
    return user


def enter(knocked: Knock, password: str, device: str) -> str:
    """Sign a device in with a password and return the token of its session."""
    return sessions.open_session(prove(knocked, password), device, way="password")
