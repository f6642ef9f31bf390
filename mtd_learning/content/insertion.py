"""New texts into a translation file, each at its place; no other byte changes."""

import re
from collections.abc import Mapping, Sequence

from mtd_learning.content import events
from mtd_learning.content.segments import split

INDENT = "  "
_LINES = re.compile(r"[^\n\r]*(?:\r\n|[\n\r])|.+")
_TOP = ("segments",)


def insert(text: bytes, new: Mapping[str, str], order: Sequence[str]) -> bytes:
    """Return a translation with new entries, each after the one it follows in the source.

    `new` has each entry as YAML by its address, without indentation; `order` has all addresses
    of the source. Units are block mappings, as the house's form has them.
    """
    file = _File(text)
    units = list(dict.fromkeys(split(address)[0] for address in order))
    for unit in units:
        rests = [split(address)[1] for address in order if split(address)[0] == unit]
        fresh = {rest: new[f"{unit}/{rest}"] for rest in rests if f"{unit}/{rest}" in new}
        if fresh and file.has(unit):
            for rest, entry in fresh.items():
                file.add((*_TOP, unit), rests, rest, entry)
        elif fresh:
            key = f'"{unit}"' if ":" in unit else unit
            file.add(_TOP, units, unit, f"{key}:\n" + _indented("".join(fresh.values()), INDENT))
    return file.text()


class _File:
    """The lines of a translation, where its keys stand, and what comes before which line."""

    def __init__(self, text: bytes) -> None:
        self.lines = _LINES.findall(text.decode())
        if not self.lines[-1].endswith("\n"):
            self.lines[-1] += "\n"
        self.places = events.build(text, with_places=True).places
        self.added: dict[int, list[str]] = {}

    def has(self, unit: str) -> bool:
        return (*_TOP, unit) in self.places

    def add(self, above: events.Path, order: Sequence[str], name: str, entry: str) -> None:
        """Add an entry below the key `above`, behind what stands before it in `order`."""
        line, column = self.places[above]
        beside = [place for path, place in self.places.items() if path[:-1] == above]
        indent = beside[0][1] - 1 if beside else column - 1 + len(INDENT)
        for one in reversed(order[: order.index(name)]):
            if (*above, one) in self.places:
                line = self._end(*self.places[*above, one])
                break
        self.added.setdefault(line, []).append(_indented(entry, " " * indent))

    def _end(self, line: int, column: int) -> int:
        """Return the last line of the entry whose key stands there: what is indented deeper."""
        last = line
        for number, words in enumerate(self.lines[line:], start=line + 1):
            if words.strip():
                if len(words) - len(words.lstrip(" ")) < column:
                    break
                last = number
        return last

    def text(self) -> bytes:
        for line in sorted(self.added, reverse=True):
            self.lines[line:line] = self.added[line]
        return "".join(self.lines).encode()


def _indented(entry: str, indent: str) -> str:
    return "".join(indent + line if line.strip() else line for line in _LINES.findall(entry))
