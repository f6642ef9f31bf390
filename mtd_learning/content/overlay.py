"""Lay the layers over a course and remember whose words each text carries."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from mtd_learning.content import changes
from mtd_learning.content.course import QUIZZES, Catalogue, Course, Pack, Source
from mtd_learning.content.equivalence import Equivalents
from mtd_learning.content.memory import Inputs, Memory
from mtd_learning.content.outline import Item, Outline
from mtd_learning.content.segments import Segment, facts_in
from mtd_learning.content.variant import Variant

__all__ = ["Part", "Resolved", "Text", "Variant", "flatten", "resolve"]

BASE = "base"


class Text(NamedTuple):
    """Words a reader is shown, their language, the layer they come from, and their state."""

    words: str
    language: str
    layer: str
    state: str


@dataclass(eq=False)
class Part:
    """A module, a bank or course.yaml as one variant has it; hidden items keep their texts.

    It is the same object for every variant, and in every later catalogue, in which it is made
    from the same files: what was worked out from it need not be worked out again.
    """

    key: str
    outline: Outline
    texts: dict[str, Text]

    @cached_property
    def facts(self) -> list[str]:
        """Return the names of the facts that its texts and its cards show."""
        found = dict.fromkeys(facts_in(*(text.words for text in self.texts.values())))
        for item in self.outline.items:
            for each in item.lineage_down():
                found |= dict.fromkeys(each.data.get("facts", ()))
        return list(found)

    @cached_property
    def banks(self) -> list[str]:
        """Return the names of the banks from which its quizzes ask."""
        blocks = (block.data for unit in self.outline.items for block in unit.children)
        return sorted({block["quiz"] for block in blocks if block.get("type") == "quiz"})


@dataclass
class Resolved:
    """A course in one variant."""

    course: Course
    variant: Variant
    chain: list[Pack]
    parts: dict[str, Part]

    @property
    def units(self) -> list[tuple[str, Item]]:
        """Every unit a reader sees, with the id of its module, in order."""
        return [
            (key, item)
            for key in self.course.module_order
            for item in self.parts[key].outline.items
            if not item.hidden
        ]

    @cached_property
    def drafts(self) -> list[Source]:
        """The translations a reader sees that are marked as drafts of a machine."""
        wanted = _wanted(self.variant)
        found = [source for (name, _), source in self.course.words.items() if name in wanted]
        for pack in self.chain:
            for words in (pack.course_words, pack.quiz_words):
                found += [source for name, source in words.items() if name in wanted]
        return [source for source in found if source.data.get("review") == "machine-draft"]

    def text(self, part: str, address: str) -> Text:
        """Return the text at an address of a part."""
        return self.parts[part].texts[address]

    def inputs(self, *keys: str) -> Inputs:
        """Return everything that these parts of the variant, and its facts, are made from."""
        parts = (self.parts[key] for key in keys)
        return (self.variant, *parts, *(file for pack in self.chain for file in pack.changing))


def resolve(catalogue: Catalogue, course_id: str, variant: Variant) -> Resolved:
    """Return the course as the last layer that speaks words each text; nobody changes it."""
    known = _resolved.setdefault(catalogue, {})
    if (course_id, variant) not in known:
        known[course_id, variant] = _resolve(catalogue.course(course_id), variant)
    return known[course_id, variant]


_resolved: WeakKeyDictionary[Catalogue, dict[tuple[str, Variant], Resolved]] = WeakKeyDictionary()


def _resolve(course: Course, variant: Variant) -> Resolved:
    made = Resolved(course, variant, course.chain(variant), {})
    # Most countries have no wording of their own for a language: then they share its texts.
    spoken_in = {course.source_locale, *course.locales}.intersection(_wanted(variant))
    written = changes.laid(course, ())[0]
    for key, outline in changes.laid(course, made.chain)[0].items():
        beneath = None
        if outline is not written[key]:
            beneath = _part(course, written[key], variant, spoken_in, None)
        made.parts[key] = _part(course, outline, variant, spoken_in, beneath)
    return made


def _part(
    course: Course, outline: Outline, variant: Variant, spoken_in: Set[str], beneath: Part | None
) -> Part:
    wanted = [each for each in _wanted(variant) if outline.owners or each in spoken_in]
    words = (course.words.get((each, outline.key)) for each in wanted)
    beside = (variant.language, course.source_locale, *course.equivalents.values())

    def work() -> Part:
        return Part(outline.key, outline, _texts(course, outline, variant, beneath))

    return _parts.of((outline, *beside, *wanted, *filter(None, words)), work)


_parts: Memory[Part] = Memory(2_000)


def flatten(resolved: Resolved) -> list[dict[str, str]]:
    """Return every text a reader sees: address, words, language, layer and state."""
    return [
        {
            "address": f"{part.key}:{segment.address}",
            "words": text.words,
            "language": text.language,
            "layer": text.layer,
            "state": text.state,
        }
        for part in resolved.parts.values()
        for group in part.outline.visible_groups()
        for segment in part.outline.groups[group]
        for text in (part.texts[segment.address],)
    ]


def spoken(source: Source, prefix: str = "") -> Mapping[str, Mapping[str, Any]]:
    """Return what a translation says, by address; `prefix` picks one part out of a pack's."""
    if source not in _spoken:
        found: dict[str, dict[str, Mapping[str, Any]]] = {"": {}}
        for unit, entries in source.data["segments"].items():
            part, mark, name = unit.partition(":")
            key, name = (part, name) if mark else ("", unit)
            for rest, entry in entries.items():
                found.setdefault(key, {})[f"{name}/{rest}"] = entry
        _spoken[source] = found
    return _spoken[source].get(prefix, {})


_spoken: WeakKeyDictionary[Source, dict[str, dict[str, Mapping[str, Any]]]] = WeakKeyDictionary()


def _texts(
    course: Course, outline: Outline, variant: Variant, beneath: Part | None
) -> dict[str, Text]:
    """Return every text by its address; what no pack touches is as it is `beneath` them."""
    voices: dict[Pack | None, _Voice] = {None: _Voice.of_base(course, outline.key, variant)}
    texts: dict[str, Text] = {}
    for name, group in outline.groups.items():
        if beneath is not None and beneath.outline.groups.get(name) is group:
            texts |= {each.address: beneath.texts[each.address] for each in group}
            continue
        owners = [outline.owners.get(segment.address) for segment in group]
        for owner in dict.fromkeys(owners):
            if owner is not None and owner not in voices:
                voices[owner] = _Voice.of_pack(owner, outline.key, variant)
            own = [segment for segment, whose in zip(group, owners, strict=True) if whose is owner]
            said = voices[owner].say(own)
            texts.update(said if owner is None else _as_local(outline, owner, said))
    return texts


def _as_local(
    outline: Outline, owner: Pack, said: Mapping[str, Text]
) -> Iterator[tuple[str, Text]]:
    """Texts of a pack are adapted or local, unless their translation is old."""
    for address, text in said.items():
        state = "adapted" if address in outline.replaced else "local"
        if text.state == "outdated":
            state = "outdated"
        yield address, Text(text.words, text.language, owner.id, state)


@dataclass(frozen=True)
class _Voice:
    """Who words the texts of one owner, and the translations in which they may be heard."""

    language: str
    layer: str
    wanted: tuple[str, ...]
    words: Mapping[str, Mapping[str, Mapping[str, Any]]]
    equivalents: Equivalents
    part: str

    @classmethod
    def of_base(cls, course: Course, key: str, variant: Variant) -> "_Voice":
        wanted = _wanted(variant)
        words = {
            locale: spoken(course.words[locale, key])
            for locale in wanted
            if (locale, key) in course.words
        }
        known = Equivalents.of(course, key.startswith(QUIZZES))
        return cls(course.source_locale, BASE, wanted, words, known, key)

    @classmethod
    def of_pack(cls, pack: Pack, key: str, variant: Variant) -> "_Voice":
        own = pack.part(key)
        language = str(own.data["text_locale"]) if own else variant.language
        wanted, translations = _wanted(variant), pack.words(key)
        part = key.removeprefix(QUIZZES)
        words = {
            locale: spoken(translations[locale], part)
            for locale in wanted
            if locale in translations
        }
        return cls(language, pack.id, wanted, words, Equivalents(), key)

    def say(self, segments: Sequence[Segment]) -> dict[str, Text]:
        """Return the texts of one group, which fall back together or not at all."""
        own = self.language in self.wanted
        if own and not self.words:
            return {s.address: Text(s.words, self.language, self.layer, "source") for s in segments}
        heard = {segment.address: self._heard(segment) for segment in segments}
        if own:
            return {s.address: self._in_own_language(s, heard[s.address]) for s in segments}
        stale = any(s.wording and _is_outdated(heard[s.address]) for s in segments)
        whole = {address: text for address, text in heard.items() if text is not None}
        if len(whole) == len(heard) and not stale:
            return whole
        return {s.address: self._fallback(s, heard[s.address], stale) for s in segments}

    def _heard(self, segment: Segment) -> Text | None:
        """Return the best translation: a current one first, then regional wording."""
        found = None
        for locale, words in self.words.items():
            entry = words.get(segment.address)
            if entry is None:
                continue
            if self.equivalents.is_current(self.part, segment, entry.get("src")):
                return Text(entry["text"], locale, locale, "current")
            found = found or Text(entry["text"], locale, locale, "outdated")
        return found

    def _in_own_language(self, segment: Segment, heard: Text | None) -> Text:
        """Regional wording of the source language may stand in for it, one text at a time."""
        if heard is not None and not (segment.wording and _is_outdated(heard)):
            return heard
        return Text(segment.words, self.language, self.layer, "source")

    def _fallback(self, segment: Segment, heard: Text | None, stale: bool) -> Text:
        state = "missing" if heard is None else "held"
        if stale and _is_outdated(heard):
            state = "outdated"
        return Text(segment.words, self.language, self.layer, state)


def _is_outdated(text: Text | None) -> bool:
    return text is not None and text.state == "outdated"


def _wanted(variant: Variant) -> tuple[str, ...]:
    return (variant.region, variant.language) if variant.region else (variant.language,)
