"""A variant as unit blobs and a manifest: ready HTML, content-addressed, canonical JSON."""

import hashlib
import json
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from typing import Any

from mtd_learning.content import facts as local
from mtd_learning.content.course import COURSE, QUIZZES, Catalogue
from mtd_learning.content.facts import Translate, untranslated
from mtd_learning.content.memory import Hashed, Inputs, Memory
from mtd_learning.content.outline import Item
from mtd_learning.content.overlay import Resolved, resolve
from mtd_learning.content.press import Press
from mtd_learning.content.segments import facts_in
from mtd_learning.content.variant import Variant
from mtd_learning.errors import N_
from mtd_learning.glossary import FirstMentions

WORDS_PAGE = "/words"
MEANING = N_("What this word means")
PILOT = N_("The numbers and rules for %(country)s have not been checked by a person there yet.")
PILOT_WORDS = N_(
    "A machine helped to translate this course, and no person has checked every text yet."
)
PILOT_GAPS = N_("Some important texts are shown in the original language for now.")


@dataclass
class Compiled:
    """What an edition keeps: the manifest, and every blob it names by its SHA-256."""

    manifest: dict[str, Any]
    blobs: dict[str, bytes] = field(default_factory=dict)

    @cached_property
    def manifest_blob(self) -> bytes:
        """The manifest in canonical JSON."""
        fields = sorted(self.manifest.items())
        return b"{%s}" % b",".join(b'"%s":%s' % (key.encode(), _json(it)) for key, it in fields)

    @cached_property
    def manifest_sha(self) -> str:
        return hashlib.sha256(self.manifest_blob).hexdigest()


class _Shared(dict[str, Any]):
    """A part of many manifests, written as JSON once for all of them; nobody changes it."""

    @cached_property
    def json(self) -> bytes:
        return canonical(self)


def _json(data: Any) -> bytes:
    """Return the canonical JSON of a field of a manifest."""
    if isinstance(data, list) and all(isinstance(each, _Shared) for each in data):
        return b"[%s]" % b",".join(each.json for each in data)
    return canonical(data)


def canonical(data: Any) -> bytes:
    """Return JSON that is the same for the same data, byte for byte."""
    return _encoder.encode(data).encode()


_encoder = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def compile_variant(
    catalogue: Catalogue,
    course_id: str,
    variant: Variant,
    *,
    pilot: bool,
    today: date,
    translate: Translate = untranslated,
    media: Mapping[str, str] | None = None,
) -> Compiled:
    """Return one variant of a course, ready to be kept as an edition."""
    resolved = resolve(catalogue, course_id, variant)
    return compile_resolved(resolved, pilot=pilot, today=today, translate=translate, media=media)


def compile_resolved(
    resolved: Resolved,
    *,
    pilot: bool,
    today: date,
    translate: Translate = untranslated,
    media: Mapping[str, str] | None = None,
) -> Compiled:
    """Return the same of a course that is resolved already; nobody changes it."""
    pilot_on = today if pilot else None
    shas = {name: each.sha for name, each in resolved.course.media.items()} | dict(media or {})
    files = (*resolved.inputs(*resolved.parts), *resolved.drafts)
    return _compiled.of(
        (*files, translate, *shas.items(), pilot_on),
        lambda: _Edition(resolved, translate, shas).compiled(pilot_on),
    )


_compiled: Memory[Compiled] = Memory(200)


@dataclass(frozen=True)
class _Made:
    """A bank, module or unit of an edition, with the blobs and media that it brings along."""

    data: dict[str, Any]
    blobs: dict[str, bytes]
    used: dict[str, str]


_made: Memory[_Made] = Memory(8_000)


class _Edition:
    def __init__(self, resolved: Resolved, translate: Translate, media: Mapping[str, str]) -> None:
        self.resolved = resolved
        self.translate = translate
        self.facts = local.filled(resolved, translate)
        self.press = Press(resolved, self.facts, media)
        # What a unit, a module or a bank may show that is not its own, besides facts and banks.
        self.beside = Hashed((resolved.course.source_locale, translate, *media.items()))
        self.blobs: dict[str, bytes] = {}
        self.banks: dict[str, tuple[str, dict[str, Any]]] = {}
        self.marks: dict[str, _Shared] = {}

    def once(self, work: Callable[[], dict[str, Any]], *inputs: Hashable) -> dict[str, Any]:
        """Return what `work` makes of these inputs, or made of equal ones before."""

        def made() -> _Made:
            outer = self.blobs, self.press.used
            self.blobs, self.press.used = {}, {}
            try:
                return _Made(work(), self.blobs, self.press.used)
            finally:
                self.blobs, self.press.used = outer

        found = _made.of((*inputs, self.beside), made)
        self.blobs |= found.blobs
        self.press.used |= found.used
        return found.data

    def parts(self, *keys: str) -> Inputs:
        """Return what modules and banks are made from, with the facts that they show."""
        parts = [self.resolved.parts[key] for key in keys]
        return (*parts, *(self.facts.get(name) for part in parts for name in part.facts))

    def bank(self, name: str) -> None:
        """Keep a bank, and remember it for the units that ask from it."""

        def work() -> dict[str, Any]:
            bank = self.press.bank(name)
            return {"sha": self.keep(bank), "bank": bank, "marks": _Shared(_marks(bank))}

        made = self.once(work, *self.parts(QUIZZES + name))
        self.banks[name] = made["sha"], made["bank"]
        self.marks[name] = made["marks"]

    def banks_in(self, module: str) -> list[str]:
        """Return the parts of the banks from which a module asks."""
        asked = self.resolved.parts[module].banks
        return [QUIZZES + name for name in asked if name in self.banks]

    def compiled(self, pilot_on: date | None) -> Compiled:
        course, variant = self.resolved.course, self.resolved.variant
        for name in course.banks:
            self.bank(name)
        title = self.resolved.text(COURSE, "_/title")
        manifest = {
            "course": course.id,
            "version": course.base.data["version"],
            "variant": str(variant),
            "language": variant.language,
            "source": course.source_locale,
            "country": variant.country,
            "org": variant.organisation,
            "pilot": pilot_on is not None,
            "notices": self.notices(pilot_on) if pilot_on else [],
            "machine_draft": bool(self.resolved.drafts),
            "title": self.press.header(COURSE, "title"),
            "title_lang": title.language,
            "summary": self.press.header(COURSE, "summary"),
            "licence": course.base.data.get("licence", ""),
            "certificate": self.press.header_pairs(COURSE, "certificate"),
            "facts": {name: fact.as_data() for name, fact in self.facts.items()},
            "trainer": self.notes(COURSE),
            "modules": [
                self.once(partial(self.module, name), *self.parts(name, *self.banks_in(name)))
                for name in course.module_order
            ],
            "banks": {name: sha for name, (sha, _) in self.banks.items()},
            "quizzes": self.marks,
        }
        manifest["media"] = self.press.used
        for name, sha in self.press.used.items():
            if name in course.media:
                self.blobs[sha] = course.media[name].data
        return Compiled(manifest, self.blobs)

    def keep(self, data: Any) -> str:
        blob = canonical(data)
        sha = hashlib.sha256(blob).hexdigest()
        self.blobs[sha] = blob
        return sha

    def notes(self, part: str) -> str | None:
        """Keep a trainer's notes by themselves, so that no page of a learner reads them."""
        items = self.resolved.parts[part].outline.notes
        if not items:
            return None

        def work() -> dict[str, Any]:
            return {"sha": self.keep({"part": part, "notes": self.press.notes(part)})}

        return str(self.once(work, *self.shown_in(part, *items))["sha"])

    def notices(self, today: date) -> list[str]:
        """Return in words why this is only a pilot edition."""
        language, found = self.resolved.variant.language, list[str]()
        if self.resolved.variant.country and not all(
            fact.state(today) in ("fresh", "aging") for fact in self.facts.values()
        ):
            country = self.country_name(language)
            found.append(self.translate(PILOT, language) % {"country": country})
        if self.resolved.drafts:
            found.append(self.translate(PILOT_WORDS, language))
        return found or [self.translate(PILOT_GAPS, language)]

    def country_name(self, language: str) -> str:
        """Return the country's name: the pack's own, else as the language calls it."""
        # Only publishing needs it, and it is slow to load.
        from babel import Locale

        country = str(self.resolved.variant.country)
        for pack in self.resolved.chain:
            for source in pack.changing:
                if pack.is_country and "name" in source.data:
                    return self.translate(str(source.data["name"]), language)
        return Locale.parse(language, sep="-").territories.get(country, country)

    def module(self, name: str) -> dict[str, Any]:
        data = self.resolved.course.modules[name].data
        part = self.resolved.parts[name]
        units = [
            self.once(partial(self.unit, name, item), *self.shown_in(name, item))
            for item in part.outline.items
            if not item.hidden
        ]
        title = part.texts["_/title"]
        data = {
            "id": name,
            "title": self.press.header(name, "title"),
            "lang": title.language,
            "summary": self.press.header(name, "summary"),
            "mandatory": data["mandatory"],
            "requires": data["requires"],
            "outcomes": self.press.header_pairs(name, "outcomes"),
            "sources": [{"id": key, **entry} for key, entry in data["sources"].items()],
            "minutes": sum(unit["minutes"] for unit in units),
            "trainer": self.notes(name),
            "units": units,
        }
        return _Shared(data)

    def shown_in(self, part: str, *items: Item) -> Inputs:
        """Return what units or notes are made from: equal in two countries that say the same
        in them, and after a change elsewhere in their file."""
        course, language = self.resolved.course.id, self.resolved.variant.language
        of_part = self.resolved.parts[part]
        visible = [each for item in items for each in (item, *item.visible_children)]
        texts = [
            of_part.texts[segment.address]
            for each in visible
            for segment in of_part.outline.groups.get(each.address, ())
        ]
        named = facts_in(*(text.words for text in texts))
        named += [name for each in visible for name in each.data.get("facts", ())]
        facts = (self.facts.get(name) for name in dict.fromkeys(named))
        asked = (self.banks.get(each.data["quiz"]) for each in visible if "quiz" in each.data)
        banks = (found and found[0] for found in asked)
        own = (item.content for item in items)
        return (course, part, language, *own, *texts, *facts, *banks)

    def unit(self, module: str, item: Item) -> dict[str, Any]:
        title = self.resolved.text(module, f"{item.address}/title")
        mentions = FirstMentions(
            WORDS_PAGE, self.translate(MEANING, self.resolved.variant.language)
        )
        blocks = [
            self.press.block(module, child, self.banks, mentions) for child in item.visible_children
        ]
        shared = {
            "id": item.id,
            "title": local.in_plain(title.words, self.facts),
            "lang": title.language,
            "minutes": item.data["minutes"],
            "revision": item.data["revision"],
            "protected": any(
                "wording" in each.own_protection for each in (item, *item.visible_children)
            ),
        }
        return {
            **shared,
            "required": item.data["required"],
            "was": item.data["was"],
            "blob": self.keep({**shared, "module": module, "blocks": blocks}),
            "keys": [block["key"] for block in blocks if block["required"]],
        }


def _marks(bank: Mapping[str, Any]) -> dict[str, Any]:
    """What a new version may not change in silence."""
    return {
        "title": bank["title"],
        "pass_percent": bank["pass_percent"],
        "critical_percent": bank["critical_percent"],
        "critical": [each["id"] for each in bank["questions"] if each["critical"]],
        "questions": {each["id"]: each["revision"] for each in bank["questions"]},
    }
