"""What counts as done, what is missing, and where to go on. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Manifest = Mapping[str, Any]
"""The table of contents of an edition, as `content.compile` makes it: its `modules` in order."""
Module = Mapping[str, Any]
"""A module in a manifest: `id`, `title`, `lang`, what it `requires`, its `units` in order."""
Unit = Mapping[str, Any]
"""A unit in a manifest: `id`, `title`, `lang`, `minutes`, whether it is `required`, its
`revision`, the ids that it `was` known by, and the hash of its `blob`."""


def unit_key(module: Module, unit: Unit) -> str:
    """Return the key under which progress in a unit is kept, the same in every variant."""
    return f"{module['id']}/{unit['id']}"


def units(manifest: Manifest) -> Iterator[tuple[Module, Unit]]:
    """Yield every module and unit in order."""
    for module in manifest["modules"]:
        for unit in module["units"]:
            yield module, unit


@dataclass(frozen=True)
class Progress:
    """What one person opened and did: unit key to the highest revision that was done; and to
    which unit, opened before, they went back."""

    done: Mapping[str, int] = field(default_factory=dict)
    opened: tuple[str, ...] = ()
    went_back_to: str | None = None

    @property
    def stopped_at(self) -> str | None:
        """Return the key of the unit where the person was last."""
        return self.went_back_to or (self.opened[-1] if self.opened else None)

    def is_done(self, module: Module, unit: Unit) -> bool:
        """Say whether the unit was done, under its present or a former id, at its revision."""
        return self._done_at(module, unit) >= unit.get("revision", 1)

    def is_begun(self, module: Module, unit: Unit) -> bool:
        """Say whether the unit was opened, under its present or a former id."""
        return not _keys(module, unit).isdisjoint(self.opened)

    def has_changed(self, module: Module, unit: Unit) -> bool:
        """Say whether the unit was done at an earlier revision only."""
        return 0 < self._done_at(module, unit) < unit.get("revision", 1)

    def _done_at(self, module: Mapping[str, Any], unit: Unit) -> int:
        return max(self.done.get(key, 0) for key in _keys(module, unit))


def _keys(module: Module, unit: Unit) -> set[str]:
    return {f"{module['id']}/{name}" for name in (unit["id"], *unit.get("was", ()))}


def is_open(manifest: Manifest, module: Module, progress: Progress) -> bool:
    """Say whether a module may be worked on: the modules that it requires are done."""
    wanted = set(module.get("requires", ()))
    return all(
        is_module_done(other, progress) for other in manifest["modules"] if other["id"] in wanted
    )


def is_module_done(module: Module, progress: Progress) -> bool:
    """Say whether every required unit of a module is done."""
    return all(progress.is_done(module, unit) for unit in module["units"] if unit["required"])


def is_complete(manifest: Manifest, progress: Progress) -> bool:
    """Say whether every required unit of the course is done."""
    return all(is_module_done(module, progress) for module in manifest["modules"])


@dataclass(frozen=True)
class Missing:
    """What is still to do in one module: id, title and language of its open units; the minutes."""

    module_id: str
    module_title: str
    module_lang: str
    units: tuple[tuple[str, str, str], ...]
    minutes: int


def missing(manifest: Manifest, progress: Progress) -> list[Missing]:
    """Return, per module with something left, which required units are still to do.

    Every module counts. `mandatory` says that nobody may be let off it; for the others a
    coordinator will be able to do that, with a reason, and nobody can yet.
    """
    found = []
    for module in manifest["modules"]:
        left = [u for u in module["units"] if u["required"] and not progress.is_done(module, u)]
        if left:
            found.append(
                Missing(
                    module["id"],
                    module["title"],
                    module["lang"],
                    tuple((unit["id"], unit["title"], unit["lang"]) for unit in left),
                    sum(unit["minutes"] for unit in left),
                )
            )
    return found


def next_unit(manifest: Manifest, progress: Progress) -> tuple[str, str] | None:
    """Return module and unit id where a person goes on: where they stopped if it is not done, or
    the first not done after it, or the first not done at all; None when all is done."""
    order = [
        (module["id"], unit["id"], progress.is_done(module, unit))
        for module, unit in units(manifest)
        if is_open(manifest, module, progress)
    ]
    if not order:
        return None
    last = progress.stopped_at
    at = next((i for i, (m, u, _) in enumerate(order) if f"{m}/{u}" == last), 0)
    for module_id, unit_id, done in [*order[at:], *order[:at]]:
        if not done:
            return module_id, unit_id
    return None


def counts(modules: Iterable[Module], progress: Progress) -> dict[str, int]:
    """Return of the required units of some modules how many are `done`, how many there are in
    `total`, and the minutes of those not done, `minutes_left`."""
    done = total = minutes = 0
    for module in modules:
        for unit in module["units"]:
            if unit["required"]:
                total += 1
                if progress.is_done(module, unit):
                    done += 1
                else:
                    minutes += unit["minutes"]
    return {"done": done, "total": total, "minutes_left": minutes}
