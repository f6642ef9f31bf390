"""Whether a few questions can meet several minima at once: an exact search, of bounded size."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping

Kind = frozenset[str]
"""What a question counts for: the names of the minima that it helps to meet."""
MOST_TOGETHER = 16
"""Up to so many minima, it is searched whether a question can count for several of them. The
search grows with 2 to their number: beyond, a question is reckoned for one of them only."""


def needs_of(topics: Iterable[str], least: Mapping[str, int]) -> dict[str, int]:
    """Return every minimum of a bank by its name: one for each topic, and those of its tags."""
    critical = {_critical(topic): 1 for topic in topics}
    return critical | {f"tag {tag}": count for tag, count in least.items()}


def kind_of(tags: Collection[str], critical: bool, needs: Mapping[str, int]) -> Kind:
    """Return which minima a question counts for."""
    names = {f"tag {tag}" for tag in tags}
    if critical:
        names |= {_critical(tag) for tag in tags}
    return frozenset(names & needs.keys())


def is_always_drawn(tags: Collection[str], critical: bool, topics: Collection[str]) -> bool:
    """Say whether a question is critical and stands for none of the critical topics."""
    return critical and not any(tag in topics for tag in tags)


def after(needs: Mapping[str, int], kinds: Iterable[Kind]) -> dict[str, int]:
    """Return what is still needed when questions of these kinds are drawn."""
    given = Counter(name for kind in kinds for name in kind)
    return {name: count - given[name] for name, count in needs.items() if count > given[name]}


def can_meet(needs: Mapping[str, int], offered: Mapping[Kind, int], places: int) -> bool:
    """Say whether that many questions, of those offered, can meet all needs; no where there
    are too many needs to find out.

    Questions that count for the same minima are one kind. The need with the fewest kinds is met
    first, and only by kinds that no other kind outdoes: whoever takes a lesser one may exchange
    it. A kind that led nowhere is not tried again on the same path.
    """
    held = _useful(needs, offered)
    if not _is_possible(needs, held, places):
        return False
    if sum(needs.values()) <= places:
        return True  # each need could even have questions of its own
    if len(needs) > MOST_TOGETHER:
        return False
    rarest = min(needs, key=lambda name: (sum(name in kind for kind in held), name))
    for kind in list(_best(held, rarest)):
        left = {**held, kind: held[kind] - 1}
        if can_meet(after(needs, [kind]), left, places - 1):
            return True
        del held[kind]
    return False


def fewest(needs: Mapping[str, int], offered: Mapping[Kind, int]) -> int | None:
    """Return how many questions it takes to meet all needs; None when all are not enough."""
    most = sum(offered.values())
    return next((n for n in range(most + 1) if can_meet(needs, offered, n)), None)


def _critical(topic: str) -> str:
    return f"critical {topic}"


def _useful(needs: Mapping[str, int], offered: Mapping[Kind, int]) -> dict[Kind, int]:
    held: Counter[Kind] = Counter()
    for kind, count in offered.items():
        useful = kind & needs.keys()
        if useful and count > 0:
            held[frozenset(useful)] += count
    return dict(held)


def _is_possible(needs: Mapping[str, int], held: Mapping[Kind, int], places: int) -> bool:
    """Say no where counting alone shows that it cannot be."""
    for name, count in needs.items():
        if count > places or count > sum(n for kind, n in held.items() if name in kind):
            return False
    open_places, wanted = places, sum(needs.values())
    for kind in sorted(held, key=len, reverse=True):
        taken = min(open_places, held[kind])
        open_places, wanted = open_places - taken, wanted - taken * len(kind)
    return wanted <= 0


def _best(held: Mapping[Kind, int], name: str) -> Iterator[Kind]:
    """Yield the kinds that meet a need and that no other kind outdoes, the richest first."""
    having = sorted((kind for kind in held if name in kind), key=lambda k: (-len(k), sorted(k)))
    for kind in having:
        if not any(kind < other for other in having):
            yield kind
