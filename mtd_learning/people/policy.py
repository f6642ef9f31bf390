"""How long sign-ins, links and invitations live, and the key that hides who tried what."""

from dataclasses import dataclass
from datetime import timedelta

from mtd_learning.base.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What the people room takes from the settings."""

    key: bytes
    idle: timedelta
    longest: timedelta
    link: timedelta
    invitation: timedelta


_policy: Policy | None = None


def follow(settings: Settings) -> None:
    """Take over what the operator has set; called once when the house is put together."""
    global _policy
    if not settings.secret_key:
        raise ValueError("people cannot hide who tried to sign in without a secret key")
    _policy = Policy(
        key=settings.secret_key.encode(),
        idle=timedelta(days=settings.session_idle_days),
        longest=timedelta(days=settings.session_days),
        link=timedelta(minutes=settings.link_minutes),
        invitation=timedelta(days=settings.invitation_days),
    )


def current() -> Policy:
    """Return the policy that holds."""
    if _policy is None:
        raise RuntimeError("people.policy.follow was not called at the start")
    return _policy
