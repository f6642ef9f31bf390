"""A unit as a frozen tree of blocks, made from its compiled blob."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Self

KEY = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\Z")

OURS = frozenset(
    [
        "text",
        "image",
        "video",
        "audio",
        "compare",
        "facts",
        "check",
        "quiz",
        "scenario",
        "reflection",
        "checklist",
    ]
)
UNIT_TYPE = "mtd_unit"
NOTE_TYPE = "mtd_note"


class UsageKey(str):
    """`<course>.<module>.<unit>.<block>`: a string that strangers may treat as an opaque key."""

    block_type: str = ""
    org = "mtd"
    run = "current"
    branch = None
    version_guid = None

    def __new__(cls, key: str, block_type: str = "") -> Self:
        """Return the key; a key with other characters than letters, digits, `_-.` is refused."""
        if not KEY.match(key):
            raise ValueError(f"{key!r} cannot be the key of a block")
        made = super().__new__(cls, key)
        made.block_type = block_type
        return made

    @property
    def block_id(self) -> str:
        """Return the last part: the block's id within its unit."""
        return self.split(".", 3)[-1] if self.count(".") >= 3 else self.rpartition(".")[2]

    @property
    def unit_key(self) -> "UsageKey":
        """Return the key of the unit in which the block stands."""
        return UsageKey(".".join(self.split(".", 3)[:3]), UNIT_TYPE)

    @property
    def course_key(self) -> str:
        """Return the course's key."""
        return self.partition(".")[0]

    context_key = course_key

    @property
    def course(self) -> str:
        """Return the course's key, as older blocks ask for it."""
        return self.course_key

    def html_id(self) -> str:
        """Return the id that the block's element carries on a page."""
        return "b-" + self.block_id.replace(".", "-")

    def map_into_course(self, course_key: object) -> "UsageKey":
        """Return this key: a key of ours stands in one course only."""
        return self

    def replace(self, *args: Any, **parts: Any) -> Any:
        """Return this key when a part of a key is asked for, else what `str.replace` says."""
        return str.replace(self, *args) if args else self

    def __copy__(self) -> "UsageKey":
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> "UsageKey":
        return self

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        return (UsageKey, (str(self), self.block_type))


class KeyReader:
    """Tells what a key stands for, to blocks that look without making a block."""

    def get_definition_id(self, usage_id: UsageKey) -> UsageKey:
        """Return the same key: a definition is used once."""
        return usage_id

    def get_block_type(self, def_id: UsageKey) -> str:
        """Return the type of the block that has the key."""
        return def_id.block_type


@dataclass(frozen=True, slots=True)
class Node:
    """One block of a unit: what its author wrote, frozen."""

    key: UsageKey
    type: str
    parent: UsageKey | None = None
    children: tuple[UsageKey, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    lang: str = ""
    required: bool = False


@dataclass(frozen=True)
class Unit:
    """A unit and its blocks by key; it never changes, so many requests may share it."""

    root: UsageKey
    nodes: Mapping[UsageKey, Node]
    lang: str = ""
    shown: dict[tuple[str, str, str], str] = field(default_factory=dict, compare=False, repr=False)
    """HTML of blocks that look the same to everybody, by key, view and language of the reader."""

    def __iter__(self) -> Iterator[Node]:
        return iter(self.nodes.values())

    @property
    def types(self) -> frozenset[str]:
        """Return every block type that stands in the unit."""
        return frozenset(node.type for node in self.nodes.values())

    @property
    def foreign_types(self) -> frozenset[str]:
        """Return the types that are not ours; a page with one of them needs the old libraries."""
        return frozenset(name for name in self.types if not is_ours(name))

    @property
    def state_keys(self) -> tuple[str, ...]:
        """Return all keys under which a learner may have something stored for this unit."""
        own = tuple(str(key) for key in self.nodes)
        foreign = self.foreign_types
        return (*own, *(f"type:{name}" for name in sorted(foreign)), "*") if foreign else own


def is_ours(block_type: str) -> bool:
    """Return whether a block type comes from this house."""
    return block_type.startswith("mtd_")


def type_name(name: str) -> str:
    """Return the registered name of a block type as it is written in a course."""
    return f"mtd_{name}" if name in OURS else name


def freeze(value: Any) -> Any:
    """Return a JSON value that nobody can change."""
    if isinstance(value, Mapping):
        return MappingProxyType({name: freeze(item) for name, item in value.items()})
    if isinstance(value, (list, tuple)):
        return tuple(freeze(item) for item in value)
    return value


def thaw(value: Any) -> Any:
    """Return a fresh copy of a frozen value, in lists and dicts, for blocks that may change it."""
    if isinstance(value, Mapping):
        return {name: thaw(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [thaw(item) for item in value]
    return value


def unit_tree(blob: Mapping[str, Any]) -> Unit:
    """Return the tree of a compiled unit."""
    blocks = blob["blocks"]
    course = blocks[0]["key"].split(".", 1)[0] if blocks else "course"
    root = UsageKey(f"{course}.{blob['module']}.{blob['id']}", UNIT_TYPE)
    lang = blob.get("lang", "")
    nodes: dict[UsageKey, Node] = {}
    children = [_add(nodes, block, root) for block in blocks]
    top = Node(root, UNIT_TYPE, None, tuple(children), MappingProxyType({}), lang)
    return Unit(root, MappingProxyType({root: top, **nodes}), lang)


def _add(nodes: dict[UsageKey, Node], block: Mapping[str, Any], root: UsageKey) -> UsageKey:
    """Add a block, behind its note where it has one; return the key that the unit names."""
    kind = type_name(block["type"])
    key = UsageKey(block["key"], kind)
    if key in nodes:
        raise ValueError(f"{key}: two blocks of the unit have this key")
    lang, required = block.get("lang", ""), bool(block.get("required"))
    fields = dict(block["fields"])
    if is_ours(kind):
        # Only our own classes have these fields; a stranger may mean something else by them.
        fields.update(lang=lang, required=required)
    parent = root
    if block.get("note"):
        parent = UsageKey(f"{key}.note", NOTE_TYPE)
        gate = freeze({"note": block["note"], "lang": lang, "required": required})
        nodes[parent] = Node(parent, NOTE_TYPE, root, (key,), gate, lang, required)
    nodes[key] = Node(key, kind, parent, (), freeze(fields), lang, required)
    return parent if block.get("note") else key
