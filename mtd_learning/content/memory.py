"""What was worked out from files that have not changed since."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Inputs = tuple[Hashable, ...]
Result = TypeVar("Result")


class Memory(Generic[Result]):
    """Results by what they were made from; the least recently used go first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._results: OrderedDict[Inputs, Result] = OrderedDict()

    def of(self, inputs: Inputs, work: Callable[[], Result]) -> Result:
        """Return the result for these inputs; work it out where it is not known."""
        found = self._results.get(inputs)
        if found is None:
            found = self._results[inputs] = work()
            if len(self._results) > self._most:
                self._results.popitem(last=False)
        else:
            self._results.move_to_end(inputs)
        return found
