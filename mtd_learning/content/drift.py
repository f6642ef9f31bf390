"""How far each variant has drifted from the source: counts and single texts."""

from collections import Counter

from mtd_learning.content.overlay import Resolved, spoken

STATES = ("source", "current", "outdated", "missing", "held", "adapted", "local", "orphaned")


def states_of(resolved: Resolved) -> dict[str, str]:
    """Return the state of every text of a variant by its full address, hidden ones too."""
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
