"""Words we do not use about people, links without a date, units longer than they say."""

import html
import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path

from mtd_learning.content import markup
from mtd_learning.content.course import Course, Source
from mtd_learning.content.memory import Memory
from mtd_learning.content.problems import Problem
from mtd_learning.content.segments import item_segments
from mtd_learning.content.texts import Written, written

WORDS_A_MINUTE = 130
"""Calm reading with a thought now and then."""
HALF_AGAIN, GRACE_MINUTES = 1.5, 1
AVOID = Path(__file__).parent / "data" / "avoid.json"
_HREF = re.compile(r'href="((?:https?:)?//[^"]*)"')
_LINK = re.compile(r'<a (?:href="([^"]*)")?')
_LINK_TO_FACT = re.compile(r"\]\(\s*[^()\s]*\{\{\s*([^{}]*?)\s*\}\}")
_LEADS = ("https://", "http://", "mailto:", "tel:", "/", "#")
_QUOTED = re.compile(r"[\"'“”„‘’‚«»*_]")


def wording_problems(course: Course) -> Iterator[Problem]:
    """Return what S110 says about links, and all of S130, S131 and W501, in a course."""
    yield from _minutes(course)
    dated = _Dated(course)
    for key, source, texts in written(course):
        yield from _checked.of((key, source, dated.known), partial(_texts_of, dated, texts))


_checked: Memory[list[Problem]] = Memory(5_000)


def _texts_of(dated: "_Dated", texts: Callable[[], Iterator[Written]]) -> list[Problem]:
    return [
        found
        for text in texts()
        for found in (*_avoided(text), *_astray(text), *dated.problems(text))
    ]


def reading_minutes(words: int) -> float:
    """Return how long it takes to read that many words."""
    return words / WORDS_A_MINUTE


def is_too_long(words: int, minutes: int) -> bool:
    """Say whether reading takes half again as long as told, and a minute more than that."""
    return reading_minutes(words) > HALF_AGAIN * minutes + GRACE_MINUTES


def avoided(text: str, language: str) -> tuple[str, str] | None:
    """Return the first word of a text that we do not use about people, and a better one.

    A word alone in quotation marks or emphasis is talked about, not used.
    """
    pattern, better = _known(language)
    for found in pattern.finditer(text) if pattern else ():
        around = (
            text[max(0, found.start() - 1) : found.start()],
            text[found.end() : found.end() + 1],
        )
        if not all(_QUOTED.fullmatch(sign) for sign in around):
            return found[0], better[found.lastindex or 0]
    return None


@cache
def _known(language: str) -> tuple[re.Pattern[str] | None, Mapping[int, str]]:
    entries = json.loads(AVOID.read_text("utf-8")).get(language, [])
    groups = ["|".join(_pattern(word) for word in entry["words"]) for entry in entries]
    first = "".join(sorted({re.escape(word[0]) for entry in entries for word in entry["words"]}))
    better = {number: entry["better"] for number, entry in enumerate(entries, start=1)}
    if not groups:
        return None, better
    # Most words begin with another letter; only the others are compared with each pattern.
    every = "|".join(f"({one})" for one in groups)
    return re.compile(rf"\b(?=[{first}])(?:{every})", re.IGNORECASE), better


def _pattern(word: str) -> str:
    if word.endswith("*"):
        return re.escape(word[:-1]) + r"\w*"
    return re.escape(word) + r"\b"


def _avoided(text: Written) -> Iterator[Problem]:
    """What stands as an example of what not to say, or in an answer, is left alone."""
    found = None if text.is_example else avoided(text.words, text.language)
    if found:
        word, better = found
        sentence = f"'{word}' is a word we do not use about people"
        yield text.source.problem(text.path, "warning", "W501", sentence, f"write '{better}'")


def _astray(text: Written) -> Iterator[Problem]:
    """A link that leads nowhere, such as one without `https://`, or with a fact in its address."""
    if "](" not in text.words:
        return
    for name in dict.fromkeys(_LINK_TO_FACT.findall(text.words)):
        sentence = "a fact stands in the address of a link"
        step = f"write {{{{ {name} }}}} outside of the link: a number becomes one by itself"
        yield text.source.problem(text.path, "error", "S110", sentence, step)
    for target in dict.fromkeys(_LINK.findall(markup.clean(text.words))):
        if not target.startswith(_LEADS) and "%7B%7B" not in target:
            sentence = f"a link leads to '{html.unescape(target)}', which is no address"
            step = "begin it with https://, mailto:, tel: or /; a picture is a block 'type: image'"
            yield text.source.problem(text.path, "error", "S110", sentence, step)


class _Dated:
    """The addresses outside that a course names with a year."""

    def __init__(self, course: Course) -> None:
        self.by_module = {name: _addresses(module) for name, module in course.modules.items()}
        self.everywhere = set().union(*self.by_module.values())
        self.known = tuple((name, *sorted(known)) for name, known in self.by_module.items())

    def problems(self, text: Written) -> Iterator[Problem]:
        """Return a problem for each link outside that no `sources` names."""
        if "//" not in text.words:
            return
        known = self.by_module.get(text.part, self.everywhere) | _of_facts(text.source)
        for address in dict.fromkeys(_HREF.findall(markup.clean(text.words))):
            if _bare(html.unescape(address)) not in known:
                sentence = f"a link without a date: {html.unescape(address)}"
                step = "add it to the module's 'sources' with title, url and year"
                yield text.source.problem(text.path, "error", "S131", sentence, step)


def _addresses(module: Source) -> set[str]:
    return {_bare(entry["url"]) for entry in module.data["sources"].values()}


def _of_facts(source: Source) -> set[str]:
    """Return the sources of a pack's facts: each fact has a year or a day of its check."""
    facts = source.data.get("facts", {}) if source.kind.endswith("-pack") else {}
    entries = (entry for values in facts.values() for entry in values.values())
    return {_bare(entry["source"]) for entry in entries if entry.get("source")}


def _bare(address: str) -> str:
    return address.partition("#")[0].rstrip("/")


def _minutes(course: Course) -> Iterator[Problem]:
    for name in course.module_order:
        source = course.modules[name]
        yield from _checked.of((source,), partial(_too_long, source))


def _too_long(source: Source) -> list[Problem]:
    found = []
    for number, unit in enumerate(source.data["units"]):
        minutes = unit["minutes"]
        if not is_too_long(most_unit_words(unit), minutes):
            continue
        words = unit_words(unit)
        if is_too_long(words, minutes):
            needed = round(reading_minutes(words))
            sentence = f"{words} words take about {needed} minutes to read, the unit says {minutes}"
            step = f"write 'minutes: {needed}', or shorten the unit"
            where = ("units", number, "minutes")
            found.append(source.problem(where, "error", "S130", sentence, step))
    return found


def unit_words(unit: Mapping[str, object]) -> int:
    """Return how many words a unit has, every choice and every answer counted."""
    return sum(len(markup.plain(words).split()) for words in _texts_in(unit))


def most_unit_words(unit: Mapping[str, object]) -> int:
    """Return a number of words that a unit cannot exceed; quick to find."""
    return sum(markup.most_words(words) for words in _texts_in(unit))


def _texts_in(unit: Mapping[str, object]) -> Iterator[str]:
    return (segment.words for segment in item_segments(unit, str(unit["id"])))
