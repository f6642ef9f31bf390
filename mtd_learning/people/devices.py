"""Name a device in a few words, and know one again on which somebody has signed in before."""

import hashlib
import hmac
import re
import secrets

from mtd_learning.people import policy

# Order matters: nearly every browser also calls itself by the names of older ones.
_BROWSERS = (
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Edge", r"Edg(e|A|iOS)?/"),
    ("Opera", r"OPR/|Opera"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Chrome", r"Chrome/|CriOS/"),
    ("Safari", r"Safari/"),
)
_SYSTEMS = (
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("ChromeOS", r"CrOS"),
    ("Mac", r"Macintosh|Mac OS X"),
    ("Linux", r"Linux|X11"),
)


def device_name(user_agent: str) -> str:
    """Return a short name such as "Firefox, Linux", or "" when nothing is known."""
    browser = _first(_BROWSERS, user_agent)
    system = _first(_SYSTEMS, user_agent)
    return ", ".join(word for word in (browser, system) if word)


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for name, sign in names if re.search(sign, user_agent)), "")


def device_mark(email: str) -> str:
    """Return what a device keeps after a sign-in, so that its owner has a lane of their own."""
    nonce = secrets.token_urlsafe(12)
    return f"{nonce}.{_signature(email, nonce)}"


def lane_of(mark: str, email: str) -> str | None:
    """Return the lane of a known device, or None when the mark is not this account's."""
    nonce, _, signature = mark.partition(".")
    if not signature.isascii() or not nonce:
        return None
    known = hmac.compare_digest(signature, _signature(email, nonce))
    return f"{email} {nonce}" if known else None


def _signature(email: str, nonce: str) -> str:
    message = f"device\n{email}\n{nonce}".encode()
    return hmac.new(policy.current().key, message, hashlib.sha256).hexdigest()[:32]
