"""When a person last checked a fact of a country, and whether that is too long ago."""

from collections.abc import Mapping
from datetime import date
from typing import Any

WARN_FROM = 0.8
NO_LIMIT = date.max.toordinal()


def state(checked_on: date | None, checked_by: str | None, max_age_days: int, today: date) -> str:
    """Return "unchecked", "old", "aging" (from 80 % of its time on) or "fresh"."""
    age = None if checked_on is None else (today - checked_on).days
    if age is None or age < 0 or checked_by is None:
        return "unchecked"
    if age > max_age_days:
        return "old"
    return "aging" if age >= WARN_FROM * max_age_days else "fresh"


def state_now(fact: Mapping[str, Any], today: date) -> str:
    """Return the same of a fact of a country's manifest, or "missing".

    Facts age after an edition is published, too. Editions from before this was kept do not say
    how old theirs may be; those stay "fresh".
    """
    if fact["missing"]:
        return "missing"
    day = date.fromisoformat(fact["checked_on"]) if fact["checked_on"] else None
    return state(day, fact["checked_by"], fact.get("max_age_days", NO_LIMIT), today)
