"""What was worked out from files that have not changed since."""

from collections.abc import Callable, Hashable, Iterable
from typing import Generic, Self, TypeVar

Inputs = tuple[Hashable, ...]
Result = TypeVar("Result")


class Hashed(tuple[Hashable, ...]):
    """A tuple whose hash is worked out once, for one that is long or asked for often."""

    _hash: int

    def __new__(cls, items: Iterable[Hashable]) -> Self:
        made = super().__new__(cls, items)
        made._hash = tuple.__hash__(made)
        return made

    def __hash__(self) -> int:
        return self._hash


class Memory(Generic[Result]):
    """Results by what they were made from; the least recently used go first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._results: dict[Hashed, Result] = {}

    def of(self, inputs: Inputs, work: Callable[[], Result]) -> Result:
        """Return the result for these inputs; work it out where it is not known."""
        key = Hashed(inputs)
        found = self._results.pop(key, None)
        if found is None:
            found = work()
        self._results[key] = found
        if len(self._results) > self._most:
            del self._results[next(iter(self._results))]
        return found
