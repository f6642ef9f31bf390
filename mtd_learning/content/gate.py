"""May this variant be published, and if not, why not."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

from mtd_learning.content import facts, version
from mtd_learning.content.check import check
from mtd_learning.content.compile import compile_resolved
from mtd_learning.content.course import QUIZZES, Catalogue, Course, Source
from mtd_learning.content.equivalence import Equivalents
from mtd_learning.content.events import Path
from mtd_learning.content.memory import Memory
from mtd_learning.content.outline import Outline
from mtd_learning.content.overlay import Resolved, resolve
from mtd_learning.content.problems import Problem, errors
from mtd_learning.content.segments import segments, split
from mtd_learning.content.structure import path_of
from mtd_learning.content.variant import Variant, language_of

PILOT_CODES = frozenset(("G401", "G403", "G404"))
_APPROVE = "ask a second person to approve it"
_BEHIND = {"missing": "missing", "held": "not shown", "outdated": "outdated"}


def problems(
    catalogue: Catalogue,
    course_id: str,
    variant: Variant,
    today: date,
    *,
    published: Mapping[str, Any] | None = None,
    before: Catalogue | None = None,
    approved: bool = False,
    translate: facts.Translate = facts.untranslated,
) -> list[Problem]:
    """Return what closes the gate of a variant, and warnings.

    `published` is the manifest of its last edition (G405); `before` is the catalogue that edition
    was made from, and `approved` says that a second person has agreed (G406). Who compiles the
    variant next hands in the same `translate`, so that it is worked out once.
    """
    course = catalogue.course(course_id)
    resolved = resolve(catalogue, course_id, variant)
    found = list(_broken_files(catalogue, course, resolved, today))
    found += _texts(resolved)
    found += _drafts(resolved)
    found += _facts(resolved, today)
    if published is not None:
        found += _version(resolved, published, today, translate)
    if before is not None and not approved and course_id in before.courses:
        found += _protected_changes(course, before.courses[course_id])
        found += _said_equivalent(course, before.courses[course_id])
    return sorted(set(found))


def verdict(found: list[Problem]) -> str:
    """Return "open", "pilot" or "closed"."""
    codes = {problem.code for problem in errors(found)}
    if not codes:
        return "open"
    return "pilot" if codes <= PILOT_CODES else "closed"


def concerns(resolved: Resolved, path: str) -> bool:
    """Say whether a file takes part in what the variant shows."""
    _, *inside = path.split("/")
    if not inside:  # courses/ or quizzes/ as a whole
        return True
    course, *inner = inside
    if course != resolved.course.id:
        return False
    if len(inner) == 1:
        return True
    names = [name.removesuffix(".yaml") for name in inner]
    locales = (resolved.variant.language, resolved.variant.region)
    if names[0] == "i18n":
        return names[1] in locales
    if names[0] in ("countries", "orgs"):
        own = names[1] in {resolved.variant.country, *(pack.id for pack in resolved.chain)}
        return own and ("i18n" not in names or names[-1] in locales)
    return True


def _broken_files(
    catalogue: Catalogue, course: Course, resolved: Resolved, today: date
) -> Iterator[Problem]:
    wrong = [
        problem for problem in errors(check(catalogue, today)) if concerns(resolved, problem.file)
    ]
    if wrong:
        first = wrong[0]
        count = "1 error" if len(wrong) == 1 else f"{len(wrong)} errors"
        sentence = f"{count} in the files of {resolved.variant}; the first: {first.sentence}"
        step = "run 'mtd content check' and mend them"
        yield Problem(first.file, first.line, first.column, "error", "G400", sentence, step)


def _texts(resolved: Resolved) -> Iterator[Problem]:
    for key, part in resolved.parts.items():
        yield from _of_parts.of((part,), partial(_of_part, resolved, key))


_of_parts: Memory[list[Problem]] = Memory(2_000)


def _of_part(resolved: Resolved, key: str) -> list[Problem]:
    return [*_protected(resolved, key), *_local_texts(resolved, key)]


def _protected(resolved: Resolved, key: str) -> Iterator[Problem]:
    language, part = resolved.variant.language, resolved.parts[key]
    for group in part.outline.visible_groups():
        for segment in part.outline.groups[group]:
            state = part.texts[segment.address].state
            if segment.wording and state in _BEHIND:
                source, path = _translated_at(resolved, key, segment.address)
                sentence = f"protected text '{segment.address}' is {_BEHIND[state]} in {language}"
                step = "translate the whole block, then stamp it"
                yield source.problem(path, "error", "G401", sentence, step)


def _translated_at(resolved: Resolved, key: str, address: str) -> tuple[Source, Path]:
    """Return where the translation of a text stands; without a file for it, the text itself."""
    course, language = resolved.course, resolved.variant.language
    outline = resolved.parts[key].outline
    pack, (unit, rest) = outline.owners.get(address), split(address)
    words = pack.words(key).get(language) if pack else course.words.get((language, key))
    if words is not None:
        above = f"{key.removeprefix(QUIZZES)}:{unit}" if pack else unit
        return words, ("segments", above, rest)
    source = (pack and pack.part(key)) or course.parts[key]
    return source, _written_at(source, outline, address)


def _written_at(source: Source, outline: Outline, address: str) -> Path:
    """Return the place in a base file or a pack of the item that has a text, or of its change."""
    place = f"{outline.key.removeprefix(QUIZZES)}:{address}"
    for number, change in enumerate(source.data.get("changes", ())):
        if change.get("at") == place:
            return ("changes", number)
    unit, rest = split(address)
    item = outline.find(f"{unit}/{rest.partition('/')[0]}") or outline.find(unit)
    return path_of(source, item.data) if item else ()


def _drafts(resolved: Resolved) -> Iterator[Problem]:
    for source in resolved.drafts:
        sentence = f"the {source.data['locale']} texts are a draft that nobody has checked"
        step = "let a speaker of the language read them, then write 'review: checked'"
        yield source.problem(("review",), "error", "G401", sentence, step)


def _local_texts(resolved: Resolved, key: str) -> Iterator[Problem]:
    language, part = resolved.variant.language, resolved.parts[key]
    for group in part.outline.visible_groups():
        for segment in part.outline.groups[group]:
            pack = part.outline.owners.get(segment.address)
            source = pack.part(key) if pack else None
            if source is None:
                continue
            text = part.texts[segment.address]
            told = segment.wording and text.state in _BEHIND
            if language_of(text.language) != language and not told:
                path = _written_at(source, part.outline, segment.address)
                sentence = f"local text '{segment.address}' exists only in {text.language}"
                step = f"translate it in the pack's i18n/{language}.yaml"
                yield source.problem(path, "warning", "G402", sentence, step)


def _facts(resolved: Resolved, today: date) -> Iterator[Problem]:
    variant = resolved.variant
    if variant.country is None:
        return
    where = f"courses/{resolved.course.id}/countries/{variant.country}/pack.yaml"
    packs = {pack.id: pack.course for pack in resolved.chain}
    for fact in facts.filled(resolved).values():
        owner = variant.country if fact.owner == "country" else variant.organisation
        said = _fact(fact, variant.language, today)
        if said and owner:
            source = packs.get(fact.layer or owner)
            path: Path = ("facts", fact.name)
            yield source.problem(path, *said) if source else Problem(where, 1, 1, *said)


def _fact(fact: facts.Fact, language: str, today: date) -> tuple[str, str, str, str] | None:
    # A line that answers in another language is no number for this reader: that must be said.
    foreign = fact.lang is not None and fact.lang != language
    severity = "error" if fact.required else "warning"
    if fact.missing or foreign:
        sentence = f"fact '{fact.name}' ({fact.label}) has no value for {language}"
        return severity, "G403", sentence, f"find the value and its source, or ask the {fact.owner}"
    step = "check it at its source, then write 'checked_on' and 'checked_by'"
    state = fact.state(today)
    if state == "unchecked":
        return severity, "G404", f"fact '{fact.name}' has not been checked by a person yet", step
    sentence = (
        f"fact '{fact.name}' was last checked {fact.checked_on}, "
        f"allowed age {fact.max_age_days} days"
    )
    if state == "old":
        return severity, "G404", sentence, step
    return ("warning", "G404", sentence, step) if state == "aging" else None


def _version(
    resolved: Resolved, published: Mapping[str, Any], today: date, translate: facts.Translate
) -> Iterator[Problem]:
    base = resolved.course.base
    made = compile_resolved(resolved, pilot=False, today=today, translate=translate)
    before, now = str(published["version"]), str(made.manifest["version"])
    step = version.smallest_step(published, made.manifest)
    if step not in (None, "patch") and not version.is_enough(before, now, step):
        least = version.next_version(before, step)
        why = next(w for s, w in version.differences(published, made.manifest) if s == step)
        sentence = f"version {now} is too small a step: {why}"
    elif version.is_lower(now, before):
        least, sentence = before, f"version {now} is lower than {before}, which is published"
    else:
        return
    yield base.problem(("version",), "error", "G405", sentence, f"write 'version: {least}'")


def _protected_changes(course: Course, before: Course) -> Iterator[Problem]:
    parts, old_parts = course.parts, before.parts
    for key in {**old_parts, **parts}:
        old = segments(old_parts[key]) if key in old_parts else {}
        now = segments(parts[key]) if key in parts else {}
        source = parts.get(key, course.base)
        for address, segment in {**old, **now}.items():
            changed = now.get(address) != old.get(address)
            if changed and (segment.wording or (address in old and old[address].wording)):
                where = _written_at(source, Outline(key, source), address)
                sentence = f"protected text '{address}' was changed"
                yield source.problem(where, "error", "G406", sentence, _APPROVE)


def _said_equivalent(course: Course, before: Course) -> Iterator[Problem]:
    for of_quizzes, source in course.equivalents.items():
        old_entries = Equivalents.of(before, of_quizzes).known
        for name, entries in source.data["segments"].items():
            base = course.parts.get(QUIZZES + name if of_quizzes else name)
            texts = segments(base) if base else {}
            for address, entry in entries.items():
                changed = entry != old_entries.get(name, {}).get(address)
                if changed and address in texts and texts[address].wording:
                    sentence = f"protected text '{address}' is said to mean the same as before"
                    where = ("segments", name, address)
                    yield source.problem(where, "error", "G406", sentence, _APPROVE)
