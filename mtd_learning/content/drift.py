"""How far each variant has drifted from the source: counts and single texts."""

from collections import Counter

from mtd_learning.content.course import Catalogue
from mtd_learning.content.equivalence import mark_equivalent
from mtd_learning.content.overlay import Resolved, resolve, spoken
from mtd_learning.content.variant import Variant

__all__ = ["STATES", "mark_equivalent", "states", "states_of", "table", "tables"]

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


def table(resolved: Resolved) -> dict[str, int]:
    """Return how many texts of a variant are in which state."""
    counts = Counter(states_of(resolved).values())
    return {state: counts[state] for state in STATES if counts[state]}


def tables(catalogue: Catalogue, course_id: str) -> dict[str, dict[str, int]]:
    """Return the same for every variant of a course."""
    variants = catalogue.course(course_id).variants()
    return {str(name): table(resolve(catalogue, course_id, name)) for name in variants}
