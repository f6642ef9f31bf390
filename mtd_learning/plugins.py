"""Find what other packages offer, and our own parts, by one door."""

import logging
from importlib.metadata import entry_points

from mtd_learning.errors import N_, NameTaken

log = logging.getLogger(__name__)


def load(group: str) -> dict[str, object]:
    """Return every plugin of `group` by its name; one that breaks is named and left out."""
    found: dict[str, object] = {}
    for point in entry_points(group=group):
        if point.name in found:
            raise NameTaken(
                N_("%(group)s: %(name)r is offered twice, see %(value)s"),
                group=group,
                name=point.name,
                value=point.value,
            )
        try:
            found[point.name] = point.load()
        except Exception:
            log.exception("Plugin %r of %s could not be loaded", point.name, group)
    return found
