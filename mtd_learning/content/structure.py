"""Ids used once, names that must exist somewhere, options that say nothing when they are chosen."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

from mtd_learning.content.course import QUIZZES, Catalogue, Course, Pack, Source
from mtd_learning.content.disk import ROOMS
from mtd_learning.content.events import Path
from mtd_learning.content.explain import NEEDED_FOR
from mtd_learning.content.memory import Hashed, Inputs, Memory
from mtd_learning.content.problems import Problem, did_you_mean
from mtd_learning.content.segments import TRAINER, facts_in, has_loose_braces, header_slots, slots

MAX_TOLD = 20
LISTS = (
    *("units", "blocks", "questions", "options", "items", "pairs", "gaps", "choices", "scenes"),
    TRAINER,
)


def structure_problems(catalogue: Catalogue, course: Course) -> Iterator[Problem]:
    """Return what S120 and S121 have to say about a course, and S101 about its options."""
    known = _Known(catalogue, course)
    inputs = Hashed(known.inputs)
    changing = [source for pack in course.packs.values() for source in pack.changing]
    for source in (*course.parts.values(), *changing):
        yield from _of_files.of((source, inputs), partial(_of_file, known, source))
    for name in course.module_order:
        yield from _of_module(course, known, name)
    yield from _of_translations(course, known)
    yield from _idle_banks(course, changing)
    for pack in course.packs.values():
        for _, own, words in pack.halves:
            if own is not None and own.data["text_locale"] in words:
                yield _own_language(words[own.data["text_locale"]], "pack", own)
        if pack.parent is not None:
            yield from known.parents(pack)


_of_files: Memory[list[Problem]] = Memory(1_000)


def _of_file(known: "_Known", source: Source) -> list[Problem]:
    """What one file says twice, or names that is not there."""
    found = list(_twice(source, source.data, ()))
    for path, item in items(source):
        found += known.references(source, path, item)
        found += _silent_options(source, path, item)
    for path, holder, key in titles_and_replacements(source):
        found += known.facts_of_text(source, path, holder, holder, key)
    if "pack" not in source.kind:
        for _, holder, key, _ in header_slots(source.kind, source.data):
            found += known.facts_of_text(source, (), source.data, holder, key)
    return found


def _of_module(course: Course, known: "_Known", name: str) -> Iterator[Problem]:
    module = course.modules[name]
    yield from known.requirements(module)
    yield from _old_ids(module)
    if name == TRAINER:
        sentence = "'trainer' is the address of the trainer's notes"
        yield module.problem(("id",), "error", "S120", sentence, "choose another id")
    if name in _required_by(course, name):
        sentence = "the modules require each other in a circle"
        step = "remove one of them from 'requires'"
        yield module.problem(("requires",), "error", "S110", sentence, step)


def _of_translations(course: Course, known: "_Known") -> Iterator[Problem]:
    for (locale, key), source in course.words.items():
        if locale == course.source_locale:
            yield _own_language(source, "course", course.parts.get(key, course.base))
        if key not in course.parts and not known.has_file(key):
            what = f"a translation of '{key.removeprefix(QUIZZES)}', which does not exist"
            yield source.problem(("of",), "error", "S121", what, known.nearest_part(key))


def _idle_banks(course: Course, changing: Iterable[Source]) -> Iterator[Problem]:
    if course.unread:  # it may be the broken module that asks from a bank
        return
    parts = [*course.parts.values(), *changing]
    asked = {item.get("quiz") for source in parts for _, item in items(source)}
    for name, bank in course.banks.items():
        if name not in asked:
            sentence = "no block of the course asks from this bank: nobody is shown it"
            step = f"add a block 'type: quiz' with 'quiz: {name}', or remove the file"
            yield bank.problem(("id",), "warning", "S120", sentence, step)


def items(source: Source) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Return every block and question of a file, those that packs add too, with its path."""
    data = source.data
    for number, unit in enumerate(data.get("units", ())):
        for inner, block in enumerate(unit["blocks"]):
            yield ("units", number, "blocks", inner), block
    for number, question in enumerate(data.get("questions", ())):
        yield ("questions", number), question
    for number, change in enumerate(data.get("changes", ())):
        for inner, block in enumerate(change.get("unit", {}).get("blocks", ())):
            yield ("changes", number, "unit", "blocks", inner), block
        for name in ("block", "question"):
            if name in change:
                yield ("changes", number, name), change[name]


def titles_and_replacements(source: Source) -> Iterator[tuple[Path, dict[str, Any], str]]:
    """Return where a text stands outside of blocks and questions, packs' texts too."""
    for number, unit in enumerate(source.data.get("units", ())):
        yield ("units", number), unit, "title"
    for number, change in enumerate(source.data.get("changes", ())):
        if change["op"] == "replace":
            yield ("changes", number), change, "text"
        elif "unit" in change:
            yield ("changes", number, "unit"), change["unit"], "title"


def path_of(source: Source, item: Any) -> Path:
    """Return the path of a unit, block or question of a file; () for what stands in another."""
    if source not in _paths:
        _paths[source] = {id(data): path for path, data in items(source)} | {
            id(holder): path for path, holder, _ in titles_and_replacements(source)
        }
    return _paths[source].get(id(item), ())


_paths: WeakKeyDictionary[Source, dict[int, Path]] = WeakKeyDictionary()


def path_to(data: Any, wanted: Any, path: Path = ()) -> Path | None:
    """Return the path of the very object `wanted` inside plain data."""
    if data is wanted:
        return path
    inside: Iterable[tuple[Any, Any]] = ()
    if isinstance(data, dict):
        inside = data.items()
    elif isinstance(data, list):
        inside = enumerate(data)
    for key, value in inside:
        if isinstance(value, dict | list):
            found = path_to(value, wanted, (*path, key))
            if found is not None:
                return found
    return None


def _twice(source: Source, data: Any, path: Path) -> Iterator[Problem]:
    if isinstance(data, dict):
        for key, value in data.items():
            if key in LISTS and isinstance(value, list):
                yield from _ids_twice(source, value, (*path, key))
            if isinstance(value, dict | list):
                yield from _twice(source, value, (*path, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _twice(source, value, (*path, number))


def _silent_options(source: Source, path: Path, item: Any) -> Iterator[Problem]:
    if "question" in item:
        path, item = (*path, "question"), item["question"]
    for number, option in enumerate(item.get("options", ())):
        if "feedback" not in option:
            step = f"add 'feedback:'{NEEDED_FOR['feedback']}"
            where = (*path, "options", number)
            yield source.problem(where, "warning", "S101", "'feedback' is missing", step)


def _old_ids(source: Source) -> Iterator[Problem]:
    units = source.data["units"]
    taken = {unit["id"] for unit in units}
    for number, unit in enumerate(units):
        for position, name in enumerate(unit["was"]):
            if name in taken:
                where = ("units", number, "was", position)
                sentence = f"the old id '{name}' is in use"
                yield source.problem(where, "error", "S120", sentence, "ids are never used again")
            taken.add(name)


def _required_by(course: Course, name: str) -> set[str]:
    """Return every module that must come before `name`."""
    found, ahead = set[str](), list(course.modules[name].data["requires"])
    while ahead:
        next_one = ahead.pop()
        if next_one not in found and next_one in course.modules:
            found.add(next_one)
            ahead += course.modules[next_one].data["requires"]
    return found


def _ids_twice(source: Source, siblings: Sequence[Any], path: Path) -> Iterator[Problem]:
    seen = set[str]()
    for number, item in enumerate(siblings):
        name = item.get("id") if isinstance(item, dict) else None
        if name in seen:
            sentence = f"the id '{name}' is used twice in '{path[-1]}'"
            where = (*path, number, "id")
            yield source.problem(where, "error", "S120", sentence, "choose another id")
        elif name is not None:
            seen.add(name)


class _Known:
    """Every name of a course that others may use."""

    def __init__(self, catalogue: Catalogue, course: Course) -> None:
        self.course = course
        self.names = catalogue.names
        self.facts = course.base.data["facts"]
        self.outcomes = {
            name for module in course.modules.values() for name in module.data["outcomes"]
        }

    @property
    def inputs(self) -> Inputs:
        """Return the names that the items and texts of a file may use."""
        course = self.course
        names = (self.facts, sorted(self.outcomes), course.banks, course.media)
        return (course.unread, *map(tuple, names))

    def has_file(self, key: str) -> bool:
        """A file that is there but broken is not reported a second time as missing."""
        return key in self.course.unread

    def nearest_part(self, key: str) -> str:
        """Return the next step for a translation of a part that is not there."""
        of_banks = key.startswith(QUIZZES)
        beside = [name for name in self.course.parts if name.startswith(QUIZZES) == of_banks]
        return did_you_mean(key, beside).replace(QUIZZES, "") or "remove the file"

    def references(self, source: Source, path: Path, item: Any) -> Iterator[Problem]:
        kind = item["type"]
        if kind == "quiz" and not self._has_bank(item["quiz"]):
            yield _unknown(source, (*path, "quiz"), "quiz", item["quiz"], self.course.banks)
        if kind == "facts":
            for number, name in enumerate(item["facts"]):
                if name not in self.facts:
                    where = (*path, "facts", number)
                    yield _unknown(source, where, "fact", name, self.facts)
        files = [("file", item.get("file")), *(item.get("captions") or {}).items()]
        for key, name in files:
            if name is not None and name not in self.course.media:
                where = (*path, "file") if key == "file" else (*path, "captions", key)
                yield _unknown(source, where, "media file", name, self.course.media)
        question, inner = item, path
        if "question" in item:
            question, inner = item["question"], (*path, "question")
        if question.get("outcome") and question["outcome"] not in self.outcomes:
            where = (*inner, "outcome")
            yield _unknown(source, where, "outcome", question["outcome"], self.outcomes)
        for _, holder, key, _ in slots(item):
            yield from self.facts_of_text(source, path, item, holder, key)

    def facts_of_text(
        self, source: Source, path: Path, item: Any, holder: Any, key: str
    ) -> Iterator[Problem]:
        text = holder[key]
        if "{{" not in text and "}}" not in text:
            return
        where = (*path, *(path_to(item, holder) or ()), key)
        if has_loose_braces(text):
            sentence, step = "a fact lacks one of its braces", "write it as {{ name }}"
            yield source.problem(where, "error", "S110", sentence, step)
        unknown = [name for name in dict.fromkeys(facts_in(text)) if name not in self.facts]
        for name in unknown[:MAX_TOLD]:
            yield _unknown(source, where, "fact", name, self.facts)

    def requirements(self, source: Source) -> Iterator[Problem]:
        for number, name in enumerate(source.data["requires"]):
            if name not in self.course.modules and not self.has_file(name):
                where = ("requires", number)
                yield _unknown(source, where, "module", name, self.course.modules)

    def parents(self, pack: Pack) -> Iterator[Problem]:
        first, *rest = pack.changing
        parent, packs = first.data["parent"], self.course.packs
        for other in rest:
            if other.data["parent"] != parent:
                sentence = f"'parent' is '{other.data['parent']}', in {first.path} it is '{parent}'"
                step = "write the same in both files"
                yield other.problem(("parent",), "error", "S120", sentence, step)
        if parent not in packs:
            places = {f"{top}/{self.course.id}/orgs/{parent}.yaml" for top in ROOMS}
            if places.isdisjoint(self.names):
                yield _unknown(first, ("parent",), "pack", parent, packs)
        elif self.course.lineage(pack.id)[0].parent in packs:
            sentence = f"the parents of '{pack.id}' never lead to a country"
            step = "let the chain of 'parent' end at a country pack"
            yield first.problem(("parent",), "error", "S121", sentence, step)

    def _has_bank(self, name: str) -> bool:
        return name in self.course.banks or self.has_file(QUIZZES + name)


def _own_language(words: Source, what: str, own: Source) -> Problem:
    sentence = f"'{words.data['locale']}' is the language in which the {what} is written"
    step = f"change the texts in {own.path}, and remove this file"
    return words.problem(("locale",), "error", "S120", sentence, step)


def _unknown(
    source: Source, where: Path, what: str, name: str, known: Iterable[str] | Mapping[str, Any]
) -> Problem:
    step = did_you_mean(name, known) or f"add the {what}, or name one that exists"
    return source.problem(where, "error", "S121", f"there is no {what} called '{name}'", step)
