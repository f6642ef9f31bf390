"""Find what other packages offer, and our own parts, by one door."""

import logging
from functools import lru_cache
from importlib.metadata import EntryPoint, EntryPoints, entry_points
from typing import Any, Protocol, runtime_checkable

from mtd_learning.errors import N_, NameTaken, Unavailable

log = logging.getLogger(__name__)

SITE = "mtd_learning.plugins"
"""Objects with `init_app(app)`; those that keep something about people keep the contract below."""
QUESTIONS = "mtd_learning.questions"
"""Question types."""
COMMANDS = "flask.commands"
"""Commands of `mtd`."""

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
    _all_installed.cache_clear()


def load(group: str) -> dict[str, object]:
    """Return every plugin of `group` by its name; one that breaks is named and left out."""
    refuse_doubles(group)
    found = {name: load_one(group, name) for name in offered(group)}
    return {name: plugin for name, plugin in found.items() if plugin is not None}


def refuse_doubles(group: str) -> None:
    """Refuse two plugins of one name, with the packages that bring them."""
    for name, points in offered(group).items():
        if len(points) > 1:
            raise NameTaken(
                "%(group)s: %(name)r is offered by %(packages)s: take one of them away.",
                group=group,
                name=name,
                packages=_packages(points),
            )


def load_one(group: str, name: str) -> Any:
    """Return a plugin, or None when it is not there, breaks, or has a name that is taken."""
    points = offered(group).get(name, [])
    if not points or f"{group}: {name}" in broken:
        return None
    try:
        if len(points) > 1:
            raise NameTaken(f"offered by {_packages(points)}")
        plugin = points[0].load()
        if group == SITE and hasattr(plugin, "personal_data") != hasattr(plugin, "forget"):
            raise TypeError("who keeps something about people needs both personal_data and forget")
    except Exception as error:
        leave_out(group, name, error)
        return None
    return plugin


def leave_out(group: str, name: str, error: Exception) -> None:
    """Note that a plugin broke: the site goes on without it."""
    why = f"{type(error).__name__}: {error}"
    # Who types a command is told why; the log of a site needs to know where, too.
    log.error(
        "Plugin %r of %s is left out: %s", name, group, why, exc_info=group != COMMANDS and error
    )
    broken[f"{group}: {name}"] = why


def absent() -> list[str]:
    """Return the names of site plugins that are installed, but not loaded."""
    names = {point.name for point in installed(SITE)}
    return sorted(
        name for name in names if name not in offered(SITE) or f"{SITE}: {name}" in broken
    )


def refuse_to_forget_by_halves() -> None:
    """Refuse while a plugin that may keep something about people is not there to forget it."""
    if names := absent():
        raise Unavailable(
            N_(
                "No account can be deleted just now: a part of the site that may keep something "
                "about people is switched off (%(names)s). Please tell your coordinator."
            ),
            names=", ".join(names),
        )


def offered(group: str) -> dict[str, list[EntryPoint]]:
    """Return what is offered to `group` and may come in, by name."""
    found: dict[str, list[EntryPoint]] = {}
    for point in installed(group):
        if not _safe_mode or point.value.startswith(OURS):
            found.setdefault(point.name, []).append(point)
    return found


def _packages(points: list[EntryPoint]) -> str:
    return " and ".join(sorted(point.dist.name if point.dist else point.value for point in points))


def installed(group: str) -> EntryPoints:
    """Return what installed packages offer to `group`, let in or not."""
    found: EntryPoints = _all_installed().select(group=group)
    return found


@lru_cache(maxsize=1)
def _all_installed() -> Any:
    # Read once: it means a look into every package that is installed.
    return entry_points()
