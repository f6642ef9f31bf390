"""Chance from a seed: the same seed gives the same course of events on every machine, for ever."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

_WORD = 4
_RANGE = 1 << (8 * _WORD)


def seed_of(*parts: object) -> int:
    """Return a seed for a person, a place and a number, small enough for any JSON reader."""
    told = "\x1f".join(str(part) for part in parts).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(told, digest_size=6).digest(), "big")


class Dice:
    """Numbers that look like chance; `random` is not used, its ways may change with Python."""

    def __init__(self, seed: int | str) -> None:
        self._words = _stream(str(seed).encode("utf-8", "surrogatepass"))

    def below(self, limit: int) -> int:
        """Return a number from 0 to limit - 1, each with the same chance."""
        fair = _RANGE - _RANGE % limit
        return next(word for word in self._words if word < fair) % limit

    def shuffled(self, items: Sequence[T]) -> tuple[T, ...]:
        """Return the items in another order."""
        left = list(items)
        for last in range(len(left) - 1, 0, -1):
            other = self.below(last + 1)
            left[last], left[other] = left[other], left[last]
        return tuple(left)

    def moved(self, items: Sequence[T]) -> tuple[T, ...]:
        """Return the items in an order that is not the one they came in, where there is one."""
        mixed = self.shuffled(items)
        return mixed[1:] + mixed[:1] if mixed == tuple(items) else mixed


def _stream(seed: bytes) -> Iterator[int]:
    """Yield 32-bit words: the hash of the seed and a counter, block after block."""
    count = 0
    while True:
        block = hashlib.blake2b(seed + b"\x1f%d" % count, digest_size=64).digest()
        for start in range(0, 64, _WORD):
            yield int.from_bytes(block[start : start + _WORD], "big")
        count += 1
