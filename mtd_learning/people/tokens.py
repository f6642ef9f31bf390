"""Secrets that open something: 256 random bits in an address, only their hash in a table."""

import hashlib
import secrets


def new_token() -> str:
    """Return a fresh secret of 43 characters that may stand in an address."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """Return what a table keeps. The secret is random and long, so a plain hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
