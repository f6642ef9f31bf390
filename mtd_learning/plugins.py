"""Find what other packages offer, and our own parts, by one door."""

import logging
from importlib.metadata import entry_points
from typing import Any, Protocol, runtime_checkable

from mtd_learning.errors import N_, NameTaken

log = logging.getLogger(__name__)

SITE = "mtd_learning.plugins"
"""Objects with `init_app(app)`; those that keep something about people keep the contract below."""
QUESTIONS = "mtd_learning.questions"
"""Question types."""

OURS = "mtd_learning."
broken: dict[str, str] = {}
"""Why a plugin of this process was left out, by group and name; for `mtd doctor`."""
_safe_mode = False


@runtime_checkable
class KeepsPersonalData(Protocol):
    """What a plugin must be able to do when it keeps anything about people."""

    def personal_data(self, user_id: int) -> Any:
        """Return all that is kept about a person, as plain data."""

    def forget(self, user_id: int) -> None:
        """Take away what says whose it was, in the transaction that is open."""


def start(*, safe_mode: bool) -> None:
    """Begin anew; in safe mode nobody but ourselves is let in."""
    global _safe_mode
    _safe_mode = safe_mode
    broken.clear()


def load(group: str) -> dict[str, object]:
    """Return every plugin of `group` by its name; one that breaks is named and left out."""
    found: dict[str, object] = {}
    for point in entry_points(group=group):
        if _safe_mode and not point.value.startswith(OURS):
            continue
        if point.name in found:
            raise NameTaken(
                N_("%(group)s: %(name)r is offered twice, see %(value)s"),
                group=group,
                name=point.name,
                value=point.value,
            )
        try:
            found[point.name] = point.load()
        except Exception as error:
            leave_out(group, point.name, error)
    return found


def leave_out(group: str, name: str, error: Exception) -> None:
    """Note that a plugin broke: the site goes on without it."""
    log.error("Plugin %r of %s is left out", name, group, exc_info=error)
    broken[f"{group}: {name}"] = f"{type(error).__name__}: {error}"
