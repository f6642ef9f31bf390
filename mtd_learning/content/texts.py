"""Every text that a course's files hold, with its place and its language, for the checker."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

from mtd_learning.content.course import COURSE, QUIZZES, Course, Source
from mtd_learning.content.events import Path
from mtd_learning.content.segments import header_slots, slots
from mtd_learning.content.structure import items, path_to, titles_and_replacements

_EXAMPLE = re.compile(r"(^|/)less/|/(text|match)$")


class Written(NamedTuple):
    """One text as a file holds it; `part` is the module, bank or course.yaml that it is for.

    It stands at the path `above`, or below it: then `inside` has the item at that path, the
    mapping in the item that holds the text, and its key there.
    """

    source: Source
    part: str
    language: str
    words: str
    is_example: bool
    above: Path
    inside: tuple[Any, Any, str] | None = None

    @property
    def path(self) -> Path:
        """Return where the text stands; looked for only when somebody asks."""
        if self.inside is None:
            return self.above
        item, holder, key = self.inside
        return (*self.above, *(path_to(item, holder) or ()), key)


Texts = Callable[[], Iterator[Written]]


def written(course: Course) -> Iterator[tuple[str, Source, Texts]]:
    """Return every file of a course that holds texts: its own, the packs', all translations.

    Each with the part of the course it speaks about, and a function that returns its texts.
    """
    for key, source in course.parts.items():
        yield key, source, partial(_own, source, key, course.source_locale)
    for (locale, key), source in course.words.items():
        yield key, source, partial(_translated, source, key, locale)
    for pack in course.packs.values():
        for prefix, own, words in pack.halves:
            if own is not None:
                yield prefix, own, partial(_changes, own, prefix, str(own.data["text_locale"]))
            for locale, source in words.items():
                yield prefix, source, partial(_translated, source, prefix, locale)


def _own(source: Source, key: str, locale: str) -> Iterator[Written]:
    data = source.data
    for rest, holder, name, _ in header_slots(source.kind, data):
        yield _here(source, key, locale, rest, (), (data, holder, name))
    for path, unit, name in titles_and_replacements(source):
        yield Written(source, key, _main(locale), unit[name], False, (*path, name))
    yield from _items(source, key, locale)


def _items(source: Source, key: str, locale: str) -> Iterator[Written]:
    for path, item in items(source):
        for rest, holder, name, _ in slots(item):
            yield _here(source, key, locale, rest, path, (item, holder, name))


def _changes(source: Source, prefix: str, locale: str) -> Iterator[Written]:
    for path, holder, name in titles_and_replacements(source):
        part, _, address = source.data["changes"][path[1]].get("at", "").partition(":")
        example = _is_example(prefix + part, address)
        yield Written(source, prefix + part, _main(locale), holder[name], example, (*path, name))
    yield from _items(source, prefix, locale)


def _translated(source: Source, key: str, locale: str) -> Iterator[Written]:
    for unit, entries in source.data["segments"].items():
        part, mark, name = unit.rpartition(":")
        of = key + part if mark else key
        for rest, entry in entries.items():
            where: Path = ("segments", unit, rest, "text")
            example = _is_example(of, f"{name}/{rest}")
            yield Written(source, of, _main(locale), entry["text"], example, where)


def _here(
    source: Source, key: str, locale: str, rest: str, above: Path, inside: tuple[Any, Any, str]
) -> Written:
    example, words = _EXAMPLE.search(rest) is not None, inside[1][inside[2]]
    return Written(source, key, _main(locale), words, example, above, inside)


def _is_example(part: str, address: str) -> bool:
    """Say whether an address is of an answer, or of what is better left out."""
    above = 1 if part.startswith(QUIZZES) or part == COURSE else 2
    return _EXAMPLE.search("/".join(address.split("/")[above:])) is not None


def _main(locale: str) -> str:
    return locale.partition("-")[0]
