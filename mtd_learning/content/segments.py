"""Every text of a course under its address, with the fingerprint of its words."""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from mtd_learning.content.course import Source

BLOCK, INLINE, PLAIN = "block", "inline", "plain"
TRAINER = "trainer"
FACT = re.compile(r"\{\{\s*([a-z][a-z0-9-]{0,47})\s*\}\}")
GAP = re.compile(r"\[\[([^\[\]]*)\]\]")
_BRACES = re.compile(r"\{\{([^{}]*)\}\}")
Slot = tuple[str, dict[str, Any], str, str]
"""An address within its item, the mapping that holds the text, its key there, its form."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One text of the source language; `group` names what falls back as one."""

    address: str
    words: str
    form: str
    group: str
    fingerprint: str
    wording: bool


def fingerprint(text: str) -> str:
    """Return the ten signs by which a translation remembers the text it was made from."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    tidy = "\n".join(line.rstrip() for line in lines.split("\n")).strip()
    return hashlib.blake2b(tidy.encode(), digest_size=5).hexdigest()


_known: WeakKeyDictionary[Source, dict[str, Segment]] = WeakKeyDictionary()


def segments(source: Source) -> dict[str, Segment]:
    """Return every text of a course, module or bank file by its address, in reading order."""
    if source not in _known:
        found = _known[source] = {}
        for segment in _all(source.kind, source.data):
            # Of two with one id, which is refused elsewhere, the first is the one that is meant.
            found.setdefault(segment.address, segment)
    return _known[source]


def pack_segments(source: Source) -> dict[str, Segment]:
    """Return the texts a pack words itself, by `module:unit/block/field`."""
    found: dict[str, Segment] = {}
    for change in source.data.get("changes", ()):
        if change["op"] == "replace":
            at, mark = change["at"], fingerprint(change["text"])
            found[at] = Segment(at, change["text"], BLOCK, at, mark, False)
        elif change["op"] == "add":
            what = next(name for name in ("unit", "block", "question") if name in change)
            for segment in item_segments(change[what], _added_at(change, what)):
                found[segment.address] = segment
    return found


def item_segments(item: Mapping[str, Any], at: str, wording: bool = False) -> Iterator[Segment]:
    """Return the texts of a unit, block or question that stands at the address `at`."""
    wording = wording or "wording" in item.get("protect", ())
    if "blocks" in item:
        # The title's group is the unit: a block inside may itself be called "title".
        yield _segment(f"{at}/title", item["title"], PLAIN, at, wording)
        for block in item["blocks"]:
            yield from item_segments(block, f"{at}/{block['id']}", wording)
        return
    wording = wording or "wording" in (item.get("question") or {}).get("protect", ())
    for rest, holder, key, form in slots(item):
        yield _segment(f"{at}/{rest}", holder[key], form, at, wording)


def slots(item: Any) -> Iterator[Slot]:
    """Return the texts of one block or question where they stand, so that they can be changed."""
    yield from _field(item, "content_note", PLAIN)
    kind = item["type"]
    if kind in QUESTIONS:
        yield from _field(item, "text", BLOCK)
        yield from QUESTIONS[kind](item)
        for name, form in (("hint", BLOCK), ("feedback", INLINE), ("otherwise", INLINE)):
            yield from _field(item, name, form)
        yield from _field(item, "explain", BLOCK)
    else:
        yield from BLOCKS[kind](item)


def header_slots(kind: str, data: Any) -> Iterator[Slot]:
    """Return the texts that stand above the units or questions: the unit `_` of translations."""
    yield from _field(data, "title", PLAIN)
    yield from _field(data, "summary", PLAIN)
    yield from _mapping(data, "outcomes", INLINE)
    yield from _mapping(data, "certificate", INLINE)
    for name, band in data.get("bands", {}).items():
        yield f"bands/{name}", band, "text", BLOCK
    if kind == "course":
        for name, fact in data.get("facts", {}).items():
            yield f"facts/{name}", fact, "label", PLAIN
    for note in data.get("trainer") or ():
        for rest, holder, key, form in note_slots(note):
            yield f"{TRAINER}/{note['id']}/{rest}", holder, key, form


def note_slots(note: Any) -> Iterator[Slot]:
    """Return the texts of one of the trainer's notes where they stand."""
    yield from _field(note, "title", PLAIN)
    yield from _field(note, "text", BLOCK)


def facts_in(*texts: str) -> list[str]:
    """Return what stands in double braces, in order; a misspelt name as well."""
    return [name.strip() for text in texts if "{{" in text for name in _BRACES.findall(text)]


def has_loose_braces(text: str) -> bool:
    """Say whether two braces stand there without the two that belong to them."""
    left = _BRACES.sub("", text)
    return "{{" in left or "}}" in left


def split(address: str) -> tuple[str, str]:
    """Return the unit (or question, or `_`) of an address and the rest, as files write it."""
    unit, _, rest = address.partition("/")
    return unit, rest


def _all(kind: str, data: Mapping[str, Any]) -> Iterator[Segment]:
    for rest, holder, key, form in header_slots(kind, data):
        # A trainer's note falls back as one, as a block does; what else stands above, singly.
        group = rest.rpartition("/")[0] if rest.startswith(f"{TRAINER}/") else rest
        yield _segment(f"_/{rest}", holder[key], form, f"_/{group}", False)
    for item in data.get("units") or data.get("questions") or ():
        yield from item_segments(item, item["id"])


def _added_at(change: Mapping[str, Any], what: str) -> str:
    """Return the full address that an added item will have."""
    part, _, place = (change.get("after") or change["into"]).partition(":")
    parent = place.partition("/")[0] + "/" if what == "block" else ""
    return f"{part}:{parent}{change[what]['id']}"


def _segment(address: str, words: str, form: str, group: str, wording: bool) -> Segment:
    return Segment(address, words, form, group, fingerprint(words), wording)


def _field(holder: Any, key: str, form: str) -> Iterator[Slot]:
    if isinstance(holder.get(key), str):
        yield key, holder, key, form


def _mapping(holder: Any, key: str, form: str) -> Iterator[Slot]:
    for name in holder.get(key) or ():
        yield f"{key}/{name}", holder[key], name, form


def _fields(*names: tuple[str, str]) -> Callable[[Any], Iterator[Slot]]:
    def found(item: Any) -> Iterator[Slot]:
        for name, form in names:
            yield from _field(item, name, form)

    return found


def _listed(items: Any, *names: str) -> Iterator[Slot]:
    for item in items or ():
        for name in names:
            for _, holder, key, form in _field(item, name, INLINE):
                yield f"{item['id']}/{name}", holder, key, form


def _compare(item: Any) -> Iterator[Slot]:
    yield from _field(item, "title", PLAIN)
    yield from _mapping(item, "good", INLINE)
    yield from _mapping(item, "less", INLINE)


def _scenario(item: Any) -> Iterator[Slot]:
    yield from _field(item, "text", BLOCK)
    yield from _listed(item.get("choices"), "text", "feedback")
    for scene in item.get("scenes") or ():
        yield f"{scene['id']}/text", scene, "text", BLOCK
        for rest, holder, key, form in _listed(scene.get("choices"), "text", "feedback"):
            yield f"{scene['id']}/{rest}", holder, key, form
    yield from _field(item, "debrief", BLOCK)


def _checklist(item: Any) -> Iterator[Slot]:
    yield from _field(item, "text", BLOCK)
    yield from _mapping(item, "items", INLINE)


def _gaps(item: Any) -> Iterator[Slot]:
    for gap in item["gaps"]:
        for name in ("accept", "choices"):
            for rest, holder, key, _ in _mapping(gap, name, PLAIN):
                yield f"{gap['id']}/{rest}", holder, key, PLAIN


def _options(item: Any) -> Iterator[Slot]:
    return _listed(item["options"], "text", "feedback")


_RECORDING = _fields(("title", PLAIN), ("transcript", BLOCK))
BLOCKS: dict[str, Callable[[Any], Iterator[Slot]]] = {
    "text": _fields(("text", BLOCK)),
    "image": _fields(("alt", PLAIN), ("caption", INLINE)),
    "video": _RECORDING,
    "audio": _RECORDING,
    "compare": _compare,
    "facts": _fields(("title", PLAIN), ("text", BLOCK)),
    "check": lambda item: slots(item["question"]),
    "quiz": _fields(("text", BLOCK)),
    "scenario": _scenario,
    "reflection": _fields(("text", BLOCK)),
    "checklist": _checklist,
    "xblock": _fields(("title", PLAIN)),
}
QUESTIONS: dict[str, Callable[[Any], Iterator[Slot]]] = {
    "single": _options,
    "multiple": _options,
    "truefalse": _options,
    "short": lambda item: _mapping(item, "accept", PLAIN),
    "numeric": _fields(("unit", PLAIN)),
    "order": lambda item: _listed(item["items"], "text"),
    "match": lambda item: _listed(item["pairs"], "text", "match"),
    "gap": _gaps,
}
