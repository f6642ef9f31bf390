"""Foreign blocks written as XML (OLX), parsed into the tree of a unit."""

import logging
import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from lxml import etree
from xblock.core import XBlock
from xblock.field_data import FieldData
from xblock.fields import Scope, UserScope

from mtd_learning.blocks.host import Host
from mtd_learning.blocks.runtime import MtdRuntime
from mtd_learning.blocks.state import ScratchState
from mtd_learning.blocks.tree import Node, Unit, UsageKey, freeze, unit_tree
from mtd_learning.errors import Unavailable

log = logging.getLogger(__name__)

_SLUG = re.compile(r"[A-Za-z0-9_-]+\Z")


def unit_of(host: Host, blob: Mapping[str, Any]) -> Unit:
    """Return the tree of a compiled unit, with every block that is written as XML parsed."""
    unit = unit_tree(blob)
    written_as_xml = [node for node in unit if "olx" in node.fields]
    if not written_as_xml:
        return unit
    nodes = dict(unit.nodes)
    for node in written_as_xml:
        try:
            parsed = parse(host, str(node.fields["olx"]), node.key)
        except Exception as error:
            # Not to be had under its key, so that the page shows a sentence in its place and not
            # the block as its class is without an author; the rest of the unit is not lost.
            del nodes[node.key]
            trace = not isinstance(error, Unavailable)
            log.error("The XML of block %s cannot be used: %s", node.key, error, exc_info=trace)
            continue
        nodes.update(parsed)
        nodes[node.key] = replace(
            parsed[node.key], parent=node.parent, lang=node.lang, required=node.required
        )
    return replace(unit, nodes=MappingProxyType(nodes))


def read(xml: str) -> Any:
    """Return the first element of a piece of XML; nothing outside it is looked up."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    return etree.fromstring(xml.encode(), parser)


def parse(host: Host, xml: str, key: str) -> dict[UsageKey, Node]:
    """Return the blocks of a piece of XML; the first has the key, the others begin with it."""
    root = read(xml)
    runtime = _ParsingRuntime(host, UsageKey(key, root.tag))
    runtime._usage_id_from_node(root, None)
    return runtime.nodes()


class _ParsedFields(FieldData):
    """Takes what blocks set while they read their XML; what belongs to learners is let go."""

    def __init__(self) -> None:
        self.written: dict[UsageKey, dict[str, Any]] = {}
        self._scratch: dict[tuple[UsageKey, str], Any] = {}

    def get(self, block: XBlock, name: str) -> Any:
        """Return what was set."""
        key = block.scope_ids.usage_id
        if self._is_authored(block, name):
            return self.written[key][name]
        return self._scratch[(key, name)]

    def set(self, block: XBlock, name: str, value: Any) -> None:
        """Keep a value, for ever if an author may set it."""
        key = block.scope_ids.usage_id
        if self._is_authored(block, name):
            self.written.setdefault(key, {})[name] = value
        else:
            self._scratch[(key, name)] = value

    def delete(self, block: XBlock, name: str) -> None:
        """Forget a value."""
        self.written.get(block.scope_ids.usage_id, {}).pop(name, None)

    @staticmethod
    def _is_authored(block: XBlock, name: str) -> bool:
        scope = block.fields[name].scope
        return scope is Scope.children or scope is Scope.parent or scope.user is UserScope.NONE


class _ParsingRuntime(MtdRuntime):
    """A runtime in which blocks read XML; it gives keys and collects what was written."""

    def __init__(self, host: Host, first: UsageKey) -> None:
        nothing: dict[UsageKey, Node] = {}
        super().__init__(host, Unit(first, nothing), ScratchState())
        self._parsed = _ParsedFields()
        self.fields = self._parsed  # type: ignore[assignment]
        self.id_generator = self
        self._first = first
        self._types: dict[UsageKey, str] = {}
        self._wanted = ""

    def create_definition(self, block_type: str, slug: str | None = None) -> UsageKey:
        """Return the key of the next block: its author's name for it, or the next number."""
        key = self._first
        if self._types:
            key = UsageKey(f"{self._first}.{self._wanted or len(self._types)}", block_type)
            if key in self._types:
                key = UsageKey(f"{self._first}.{len(self._types)}", block_type)
        self._types[key] = block_type
        return key

    def create_usage(self, def_id: UsageKey) -> UsageKey:
        """Return the same key: a definition is used once."""
        return def_id

    def _usage_id_from_node(self, node: Any, parent_id: UsageKey | None) -> UsageKey:
        name = node.get("url_name") or node.get("name") or ""
        self._wanted = name if _SLUG.match(name) and not name.isdigit() else ""
        made: UsageKey = super()._usage_id_from_node(node, parent_id)
        return made

    def nodes(self) -> dict[UsageKey, Node]:
        """Return the nodes, frozen, the first one first."""
        nodes = {}
        for key, kind in self._types.items():
            fields = dict(self._parsed.written.get(key, {}))
            children = tuple(fields.pop("children", None) or ())
            parent = fields.pop("parent", None)
            nodes[key] = Node(key, kind, parent, children, freeze(fields))
        return nodes
