"""What a pack may change in the course beneath it, and why a change is refused."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

from mtd_learning.content.course import QUIZZES, Course, Pack, Source
from mtd_learning.content.equivalence import Equivalents
from mtd_learning.content.events import Path
from mtd_learning.content.memory import Memory
from mtd_learning.content.outline import Item, Outline, within
from mtd_learning.content.problems import Problem, did_you_mean
from mtd_learning.content.segments import GAP, fingerprint

MAX_TOLD = 100
Outlines = Mapping[str, Outline]


@dataclass(eq=False)
class Refusal(Exception):
    """Why a change is not made; a warning says what to look at, and the change stands."""

    field: str | Path
    code: str
    sentence: str
    next_step: str
    severity: str = "error"


class Unread(Exception):
    """The file beneath a change is broken, which is told elsewhere."""


def laid(course: Course, chain: Sequence[Pack]) -> tuple[Outlines, list[Problem]]:
    """Return the parts of a course as these packs change them, one on top of the other, and
    what was refused of the last or is to be looked at.

    A part that no pack names is that of the course. The same files make the same outlines, in
    the next catalogue too. Nobody changes them.
    """
    base = _base(course)
    files = [file for pack in chain for file in pack.files]
    # Somebody who misspells the name of a part is told those that there are.
    beside = (*files, *base, course.unread, *course.equivalents.values())
    parts, told = dict(base), list[Problem]()
    for key, named in _by_part(chain, base).items():
        work = partial(_lay, course, base, key, named, chain[-1])
        part, problems = _laid.of((key, base.get(key), *beside), work)
        parts |= {key: part} if part else {}
        told += problems
    return parts, told


def _base(course: Course) -> Outlines:
    """Return the parts of a course as they are written."""
    if course not in _written:
        made = [_outlines.of(part, partial(Outline, *part)) for part in course.parts.items()]
        _written[course] = {outline.key: outline for outline in made}
    return _written[course]


_written: WeakKeyDictionary[Course, Outlines] = WeakKeyDictionary()
_outlines: Memory[Outline] = Memory(1_000)
_laid: Memory[tuple[Outline | None, list[Problem]]] = Memory(2_000)
NOWHERE = ""
Named = Mapping[Pack, Sequence[tuple[Source, int]]]


def _by_part(chain: Sequence[Pack], known: Outlines) -> Mapping[str, Named]:
    """Return the changes that name a part, by its key and by pack; others under NOWHERE."""
    found: dict[str, dict[Pack, list[tuple[Source, int]]]] = {}
    for pack in chain:
        for source in pack.changing:
            for number, change in enumerate(source.data["changes"]):
                place = change.get("at") or change.get("after") or change.get("into") or ""
                key = _prefix(pack, source) + place.partition(":")[0]
                of_part = found.setdefault(key if key in known else NOWHERE, {})
                of_part.setdefault(pack, []).append((source, number))
    return found


def _prefix(pack: Pack, source: Source) -> str:
    return QUIZZES if source is pack.quizzes else ""


def _lay(
    course: Course, base: Outlines, key: str, named: Named, last: Pack
) -> tuple[Outline | None, list[Problem]]:
    """Apply what packs change in one part, in order; return it, and what is told of the last."""
    part = Outline(key, base[key].source) if key in base else None
    parts = {**base, key: part} if part else base
    told: dict[Pack, list[Problem]] = {last: []}
    for pack, places in named.items():
        problems = told[pack] = []
        for source, number in places:
            if len(problems) > MAX_TOLD:
                break
            problems += _changed(course, pack, parts, source, number)
    return part, told[last]


def _changed(
    course: Course, pack: Pack, parts: Outlines, source: Source, number: int
) -> Iterator[Problem]:
    prefix, change = _prefix(pack, source), source.data["changes"][number]
    equivalents = Equivalents.of(course, bool(prefix))
    desk = _Desk(pack, parts, prefix, change, equivalents, course.unread)
    for refusal in desk.work():
        yield _problem(source, number, refusal)


def _problem(source: Source, number: int, refusal: Refusal) -> Problem:
    inside = (refusal.field,) if isinstance(refusal.field, str) else refusal.field
    where: Path = ("changes", number, *inside)
    return source.problem(
        where, refusal.severity, refusal.code, refusal.sentence, refusal.next_step
    )


class _Desk:
    """One change of one pack on the course as it stands."""

    def __init__(
        self,
        pack: Pack,
        parts: Outlines,
        prefix: str,
        change: Mapping[str, Any],
        equivalents: Equivalents,
        unread: frozenset[str],
    ) -> None:
        self.pack = pack
        self.parts = parts
        self.prefix = prefix
        self.change = change
        self.equivalents = equivalents
        self.unread = unread
        self.warnings: list[Refusal] = []

    def work(self) -> list[Refusal]:
        verbs: dict[str, Callable[[], None]] = {
            "replace": self.replace,
            "add": self.add,
            "hide": self.hide,
            "move": self.move,
        }
        try:
            verbs[self.change["op"]]()
        except Refusal as refusal:
            return [refusal]
        except Unread:
            return []
        return self.warnings

    def target(self, field: str) -> tuple[Outline, str]:
        name, _, rest = self.change[field].partition(":")
        key = self.prefix + name
        part = self.parts.get(key) if self.is_ours(key) else None
        if part is None and key in self.unread:
            raise Unread
        if part is None:
            known = [key.removeprefix(QUIZZES) for key in self.parts if self.is_ours(key)]
            what = "bank" if self.prefix else "module"
            step = did_you_mean(name, known) or f"begin with the id of a {what} and a colon"
            raise Refusal(field, "P301", f"there is no {what} called '{name}'", step)
        return part, rest

    def is_ours(self, key: str) -> bool:
        """Say whether a part is one that this file speaks about: of the course, or a bank."""
        return key.startswith(QUIZZES) == bool(self.prefix)

    def item(self, field: str) -> tuple[Outline, Item]:
        part, rest = self.target(field)
        found = part.find(rest)
        if found is None:
            raise self.unknown(field, part, rest)
        return part, found

    def unknown(self, field: str, part: Outline, rest: str, texts: bool = False) -> Refusal:
        items = [each.address for item in part.items for each in item.lineage_down()]
        known = part.addresses() if texts else items
        name = part.key.removeprefix(QUIZZES)
        first, mark, inner = rest.partition("/")
        if not rest:
            step = f"name a place in it, such as '{name}:{next(iter(known), '…')}'"
            return Refusal(field, "P301", f"'{name}' is the whole file", step)
        step = did_you_mean(rest, known) or "look the id up in the base file"
        if first in part.renamed:
            step = f"it has a new id: write '{name}:{part.renamed[first]}{mark}{inner}'"
        return Refusal(field, "P301", f"nothing called '{rest}' in {name}", step)

    def replace(self) -> None:
        part, rest = self.target("at")
        segment = part.segment(rest)
        if segment is None:
            raise self.unknown("at", part, rest, texts=True)
        if segment.wording:
            whose = "the country's pack" if rest in part.owners else "the base course"
            raise Refusal(
                "at",
                "P302",
                f"'{rest}' is protected by {whose}: its wording may be translated but not replaced",
                "add your own text after it with 'op: add'",
            )
        if sorted(GAP.findall(segment.words)) != sorted(GAP.findall(self.change["text"])):
            sentence = "the text beneath has other [[gaps]]"
            raise Refusal("text", "S110", sentence, "write each of its gaps once")
        src = self.change.get("src")
        if src is None or not self.equivalents.is_current(part.key, segment, src):
            was = f"was made over {src}" if src else "does not say over which text it was made"
            self.warnings.append(
                Refusal(
                    "src" if src else "at",
                    "P305",
                    f"the text under this change {was}, it is now {segment.fingerprint}",
                    "compare, then write the new 'src'",
                    "warning",
                )
            )
        words = self.change["text"]
        part.replace(segment, words, fingerprint(words), self.pack)

    def add(self) -> None:
        what = next(name for name in ("unit", "block", "question") if name in self.change)
        data = self.change[what]
        part, parent, at = self.place(what)
        if part.find(within(parent, data["id"])) is not None:
            step = f"choose another id, such as '{self.stem()}-{data['id']}'"
            raise Refusal((what, "id"), "P306", f"the id '{data['id']}' exists already", step)
        if parent is None:
            self.refuse_old_ids(part, what, data)
        protecting = _protecting(data)
        if not self.pack.is_country and protecting is not None:
            raise Refusal(
                (what, *protecting),
                "S110",
                "an organisation may not protect what it adds; only a country may",
                "remove 'protect'",
            )
        if not self.is_own_id(data["id"]):
            self.warnings.append(
                Refusal(
                    (what, "id"),
                    "S104",
                    f"'{data['id']}' does not say whose it is; the base could use it one day",
                    f"try '{self.stem()}-{data['id']}'",
                    "warning",
                )
            )
        part.add(data, parent, at, self.pack)

    def refuse_old_ids(self, part: Outline, what: str, data: Mapping[str, Any]) -> None:
        """An id is never used again: progress would follow it to another unit."""
        step = "ids are never used again"
        if data["id"] in part.renamed:
            sentence = f"the id '{data['id']}' was that of '{part.renamed[data['id']]}' before"
            raise Refusal((what, "id"), "P306", sentence, step)
        for number, name in enumerate(data.get("was", ())):
            if name in part.renamed or part.find(name) is not None:
                raise Refusal((what, "was", number), "S120", f"the old id '{name}' is in use", step)

    def place(self, what: str) -> tuple[Outline, Item | None, int]:
        field = "after" if "after" in self.change else "into"
        part, rest = self.target(field)
        if field == "into" and not rest:
            parent, at = None, len(part.items)
        elif field == "into":
            parent = self.item(field)[1]
            at = len(parent.children)
        else:
            item = self.item(field)[1]
            parent, at = item.parent, part.siblings(item).index(item) + 1
        fits = part.holds if parent is None else "block" if "blocks" in parent.data else ""
        if fits != what:
            raise Refusal(
                field,
                "P301",
                f"a {what} cannot stand at '{self.change[field]}'",
                f"name a place for a {what}",
            )
        return part, parent, at

    def hide(self) -> None:
        _, item = self.item("at")
        above = item.parent is not None and self.is_kept(item.parent)
        for each in item.lineage_down():
            if above or self.is_kept(each):
                whose = "in this country" if self.is_theirs(each) else "in every country"
                raise Refusal(
                    "at",
                    "P303",
                    f"'{each.address}' must stay {whose} (protected)",
                    "remove this change",
                )
        item.hidden = True

    def is_kept(self, item: Item) -> bool:
        """Say whether an item must stay: what a country added and protects in any way, too."""
        own = item.own_protection
        return "presence" in own or (bool(own) and self.is_theirs(item))

    def is_theirs(self, item: Item) -> bool:
        """Say whether the country of an organisation added an item."""
        return item.pack is not None and item.pack.is_country and not self.pack.is_country

    def move(self) -> None:
        part, item = self.item("at")
        is_here = self.target("after")[0] is part
        other = self.item("after")[1] if is_here else None
        if item.is_protected("order"):
            raise Refusal(
                "at",
                "P304",
                f"'{item.address}' must keep its place (protected)",
                "remove this change",
            )
        if other is None or item.parent is not other.parent or item is other:
            raise Refusal(
                "after",
                "P304",
                f"'{item.address}' can only move among its neighbours",
                "name a neighbour in 'after'",
            )
        siblings = part.siblings(item)
        siblings.remove(item)
        siblings.insert(siblings.index(other) + 1, item)

    def stem(self) -> str:
        return self.pack.id.lower() if self.pack.is_country else self.pack.id.split("-")[-1]

    def is_own_id(self, name: str) -> bool:
        if self.pack.is_country:
            return name.startswith(self.pack.id.lower() + "-")
        return name.split("-")[0] in self.pack.id.split("-")


def _protecting(data: Mapping[str, Any]) -> Path | None:
    """Return the path to the first `protect` in what a pack adds."""
    if data.get("protect"):
        return ("protect",)
    if "question" in data and data["question"].get("protect"):
        return ("question", "protect")
    for number, block in enumerate(data.get("blocks", ())):
        inside = _protecting(block)
        if inside is not None:
            return ("blocks", number, *inside)
    return None
