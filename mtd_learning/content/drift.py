"""How far each variant has drifted from the source: counts and single texts."""

from collections import Counter
from collections.abc import Iterable

from mtd_learning.content.course import Catalogue
from mtd_learning.content.equivalence import mark_equivalent
from mtd_learning.content.overlay import Resolved, resolve, spoken
from mtd_learning.content.variant import Variant

__all__ = ["STATES", "mark_equivalent", "states", "states_of", "table"]

STATES = ("source", "current", "outdated", "missing", "held", "adapted", "local", "orphaned")


def states(catalogue: Catalogue, course_id: str, variant: Variant) -> dict[str, str]:
    """Return the state of every text of a variant by its full address, hidden ones too."""
    return states_of(resolve(catalogue, course_id, variant))


def states_of(resolved: Resolved) -> dict[str, str]:
    """Return the same of a course that is resolved already."""
    found: dict[str, str] = {}
    for part in resolved.parts.values():
        for address, text in part.texts.items():
            found[f"{part.key}:{address}"] = text.state
        source = resolved.course.words.get((resolved.variant.language, part.key))
        for address in spoken(source) if source else ():
            if address not in part.texts:
                found[f"{part.key}:{address}"] = "orphaned"
    return found


def table(
    catalogue: Catalogue, course_id: str, variants: Iterable[Variant] | None = None
) -> dict[str, dict[str, int]]:
    """Return for each variant how many texts are in which state."""
    chosen = catalogue.course(course_id).variants() if variants is None else variants
    counted: dict[str, dict[str, int]] = {}
    for variant in chosen:
        counts = Counter(states(catalogue, course_id, variant).values())
        counted[str(variant)] = {state: counts[state] for state in STATES if counts[state]}
    return counted
