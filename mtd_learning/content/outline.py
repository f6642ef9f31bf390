"""One part of a course as items that packs can add to, hide and move."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

from mtd_learning.content.course import Pack, Source
from mtd_learning.content.memory import Inputs
from mtd_learning.content.segments import TRAINER, Segment, item_segments, segments

Groups = dict[str, list[Segment]]


@dataclass(eq=False)
class Item:
    """A unit, block or question at its place; `pack` is who added it, None for the base."""

    address: str
    data: dict[str, Any]
    parent: "Item | None" = None
    pack: Pack | None = None
    children: list["Item"] = field(default_factory=list)
    hidden: bool = False

    @property
    def id(self) -> str:
        return self.address.rpartition("/")[2]

    @property
    def visible_children(self) -> list["Item"]:
        """What stands in it that a reader sees."""
        return [child for child in self.children if not child.hidden]

    @cached_property
    def content(self) -> Inputs:
        """What a reader sees of it, but for its words in another language; for a laid outline.

        Equal for an equal item of another catalogue.
        """
        own = {key: value for key, value in self.data.items() if key != "blocks"}
        files = self.pack.changing if self.pack else ()
        inside = (child.content for child in self.visible_children)
        return (self.address, repr(own), tuple(files), *inside)

    @property
    def own_protection(self) -> set[str]:
        """What the item itself protects; a check speaks with its question."""
        question = self.data.get("question") or {}
        return {*self.data.get("protect", ()), *question.get("protect", ())}

    def is_protected(self, what: str) -> bool:
        """Say whether the item or the unit around it protects `what`."""
        above = self.parent is not None and self.parent.is_protected(what)
        return above or what in self.own_protection

    def lineage_down(self) -> Iterator["Item"]:
        """Return the item and everything inside it."""
        yield self
        for child in self.children:
            yield from child.lineage_down()


class Outline:
    """The items of one part in order, with the texts they hold now and who owns each; the
    trainer's `notes` are items too; `renamed` says for each old id of a unit which it is now."""

    def __init__(self, key: str, source: Source) -> None:
        self.key = key
        self.source = source
        self.groups: Groups = dict(_groups_of(source))
        self.owners: dict[str, Pack] = {}
        self.replaced: set[str] = set()
        self.items: list[Item] = []
        notes = source.data.get(TRAINER) or ()
        self.notes = [Item(f"_/{TRAINER}/{note['id']}", note) for note in notes]
        self.renamed: dict[str, str] = {}
        self._found: dict[str, Item] = {}
        for data in source.data.get("units") or source.data.get("questions") or ():
            self.items.append(_item(data, data["id"], None, None))
            self._know(self.items[-1])

    @property
    def holds(self) -> str:
        """What stands at the top: "unit", "question", or nothing in course.yaml."""
        return {"module": "unit", "quiz": "question"}.get(self.source.kind, "")

    def find(self, address: str) -> Item | None:
        """Return the item at `unit`, `unit/block` or `question`, hidden ones too."""
        return self._found.get(address)

    def _know(self, item: Item) -> None:
        for each in item.lineage_down():
            self._found.setdefault(each.address, each)
        self.renamed |= dict.fromkeys(item.data.get("was", ()), item.id)

    def siblings(self, item: Item) -> list[Item]:
        """Return the list in which an item stands."""
        return item.parent.children if item.parent else self.items

    def segment(self, address: str) -> Segment | None:
        """Return the text that stands at an address now."""
        for group in (address, *_prefixes(address)):
            for segment in self.groups.get(group, ()):
                if segment.address == address:
                    return segment
        return None

    def addresses(self) -> list[str]:
        """Return every address that has a text."""
        return [segment.address for group in self.groups.values() for segment in group]

    def replace(self, segment: Segment, words: str, mark: str, pack: Pack) -> None:
        """Let a pack put its words in the place of a text."""
        group = self.groups[segment.group]
        new = replace(segment, words=words, fingerprint=mark)
        self.groups[segment.group] = [new if each is segment else each for each in group]
        self.owners[segment.address] = pack
        self.replaced.add(segment.address)

    def add(self, data: dict[str, Any], parent: Item | None, at: int, pack: Pack) -> None:
        """Let a pack put an item of its own at position `at` among its siblings."""
        address = within(parent, data["id"])
        item = _item(data, address, parent, pack)
        (parent.children if parent else self.items).insert(at, item)
        self._know(item)
        for segment in item_segments(data, address):
            self.groups.setdefault(segment.group, []).append(segment)
            self.owners[segment.address] = pack

    def visible_items(self) -> Iterator[Item]:
        """Return every unit, block and question that a reader sees, in order."""
        for item in self.items:
            if not item.hidden:
                yield item
                yield from item.visible_children

    def visible_groups(self) -> Iterator[str]:
        """Return the groups of texts that a reader sees, in reading order."""
        yield from (name for name in self.groups if name.startswith("_/"))
        for item in self.visible_items():
            if item.address in self.groups:
                yield item.address


def within(parent: Item | None, name: str) -> str:
    """Return the address of an item called `name` in its unit, or at the top."""
    return f"{parent.address}/{name}" if parent else name


# Outlines of one file share these lists: that is how one sees what no pack has touched.
_known: WeakKeyDictionary[Source, Groups] = WeakKeyDictionary()


def _groups_of(source: Source) -> Groups:
    if source not in _known:
        groups: Groups = {}
        for segment in segments(source).values():
            groups.setdefault(segment.group, []).append(segment)
        _known[source] = groups
    return _known[source]


def _prefixes(address: str) -> Iterator[str]:
    while "/" in address:
        address = address.rpartition("/")[0]
        yield address


def _item(data: dict[str, Any], address: str, parent: Item | None, pack: Pack | None) -> Item:
    item = Item(address, data, parent, pack)
    item.children = [
        _item(block, f"{address}/{block['id']}", item, pack) for block in data.get("blocks", ())
    ]
    return item
