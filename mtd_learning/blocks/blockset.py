"""Some blocks of a tree, from which others are reached; older blocks look around that way."""

from collections.abc import Iterable, Iterator
from typing import Any

from xblock.core import XBlock
from xblock.runtime import Runtime


class BlockSet:
    """Some blocks, from which parents, children and their values are reached."""

    def __init__(self, runtime: Runtime, blocks: Iterable[XBlock]) -> None:
        self.runtime = runtime
        self.blocks = list(blocks)

    def __iter__(self) -> Iterator[XBlock]:
        return iter(self.blocks)

    def parent(self) -> "BlockSet":
        """Return the parents."""
        keys = dict.fromkeys(block.parent for block in self.blocks if block.parent)
        return BlockSet(self.runtime, [self.runtime.get_block(key) for key in keys])

    def children(self) -> "BlockSet":
        """Return the children."""
        keys = dict.fromkeys(key for one in self.blocks for key in getattr(one, "children", ()))
        return BlockSet(self.runtime, [self.runtime.get_block(key) for key in keys])

    def descendants(self) -> "BlockSet":
        """Return the children, their children, and so on."""
        below, found = self.children(), []
        while below.blocks:
            found += below.blocks
            below = below.children()
        return BlockSet(self.runtime, found)

    def tagged(self, tag: str) -> "BlockSet":
        """Return those that carry a name or tag."""
        chosen = [
            block
            for block in self.blocks
            if block.name == tag or tag in (block.tags or ()) or tag in block._class_tags
        ]
        return BlockSet(self.runtime, chosen)

    def attr(self, name: str) -> Iterator[Any]:
        """Return the value of one attribute of each block that has it."""
        return (getattr(block, name) for block in self.blocks if hasattr(block, name))
