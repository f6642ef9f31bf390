"""Let nobody guess for long: tries are counted in a table that all workers share.

Each kind of try has lanes: the account it aims at, the network it comes from, and for the
owner's own devices a lane that strangers cannot fill. Only tries that were let through are
counted, so that hammering at a full lane does not keep it full.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_address
from typing import Final

from sqlalchemy import delete, func, select

from mtd_learning.base import clock
from mtd_learning.base.db import db, one_at_a_time
from mtd_learning.errors import N_, TooMany
from mtd_learning.people import policy
from mtd_learning.people.models import SignInTry

WINDOW: Final = timedelta(minutes=15)
# A printed name may be compared ten times an hour, codes may be mistyped thirty times a minute.
WINDOWS: Final = {"name-compare": timedelta(hours=1), "verify-miss": timedelta(minutes=1)}

# Tries in one window. A whole class may sit behind one network address.
MOST: Final[dict[str, dict[str, int]]] = {
    "password": {"account": 10, "device": 10, "network": 100},
    "link": {"account": 5, "network": 60},
    "join": {"account": 5, "network": 60},
    "verify-miss": {"network": 30},
    "name-compare": {"account": 10, "network": 30},
}


@dataclass(frozen=True)
class Try:
    """A try that was let through; `give_back` forgets it when it turned out honest."""

    ids: tuple[int, ...]


def check(kind: str, **lanes: str) -> None:
    """Raise TooMany when one of the lanes has had its share; count nothing."""
    hashes = _hashes(kind, lanes)
    now, window = clock.now(), WINDOWS.get(kind, WINDOW)
    rows = db.session.execute(
        select(SignInTry.key_hash, func.count(SignInTry.id).label("used"))
        .where(
            SignInTry.kind == kind,
            SignInTry.key_hash.in_(hashes.values()),
            SignInTry.at > now - window,
            # A clock that was set back must not lock anybody out.
            SignInTry.at <= now + window,
        )
        .group_by(SignInTry.key_hash)
    )
    counts = {row.key_hash: row.used for row in rows}
    if any(counts.get(key, 0) >= MOST[kind][lane] for lane, key in hashes.items()):
        raise TooMany(
            N_("That was tried too often. Please wait %(minutes)s minutes and try again."),
            minutes=int(window.total_seconds() // 60),
        )


def count(kind: str, **lanes: str) -> Try:
    """Note one try in each lane, and delete what is too old to matter."""
    now = clock.now()
    oldest = now - max(WINDOW, *WINDOWS.values())
    db.session.execute(delete(SignInTry).where(SignInTry.at <= oldest))
    rows = [SignInTry(kind=kind, key_hash=key, at=now) for key in _hashes(kind, lanes).values()]
    db.session.add_all(rows)
    db.session.flush()
    return Try(tuple(row.id for row in rows))


def take(kind: str, **lanes: str) -> Try:
    """Count a try if every lane has room, else raise TooMany; exact among many workers."""
    # Two workers could both count nine and both let a tenth through.
    one_at_a_time(*(int(key[:15], 16) for key in _hashes(kind, lanes).values()))
    check(kind, **lanes)
    return count(kind, **lanes)


def give_back(tried: Try) -> None:
    """Forget a try that succeeded: it was no guess."""
    db.session.execute(delete(SignInTry).where(SignInTry.id.in_(tried.ids)))


def network_of(address: str | None) -> str:
    """Return the network of an address: an IPv6 subscriber owns a whole /64."""
    try:
        ip = ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is None:
        return str(IPv6Address(int(ip) >> 64 << 64))
    return str(getattr(ip, "ipv4_mapped", None) or ip)


def _hashes(kind: str, lanes: dict[str, str]) -> dict[str, str]:
    key = policy.current().key
    return {
        lane: hmac.new(key, f"{kind}\n{lane}\n{value}".encode(), hashlib.sha256).hexdigest()[:32]
        for lane, value in lanes.items()
    }
