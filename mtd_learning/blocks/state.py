"""What a learner has done in blocks: the store the machine is handed, and one in memory."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from xblock.core import XBlock
from xblock.exceptions import InvalidScopeError
from xblock.field_data import FieldData
from xblock.fields import BlockScope, Scope, UserScope

from mtd_learning.blocks.tree import Unit, is_ours, thaw

SHARED = 0
"""The user id under which a block keeps what all learners share."""


class State(Protocol):
    """A store of JSON documents, one for each (user, block key)."""

    def prefetch(self, keys: Iterable[str]) -> None:
        """Read the documents of the learner and of everybody under these keys, in one go."""

    def get(self, user_id: int, block_key: str) -> Mapping[str, Any]:
        """Return the document, empty when there is none; the caller does not change it."""

    def set(self, user_id: int, block_key: str, field: str, value: Any) -> None:
        """Put one field into the document; it is written with the next `flush`."""

    def flush(self) -> None:
        """Write what has changed."""


class ScratchState:
    """A store that forgets: for previews, for the printed book and for tests."""

    def __init__(self) -> None:
        self.documents: dict[tuple[int, str], dict[str, Any]] = {}

    def prefetch(self, keys: Iterable[str]) -> None:
        """Do nothing: everything is here already."""

    def get(self, user_id: int, block_key: str) -> Mapping[str, Any]:
        """Return the document."""
        return self.documents.get((user_id, block_key), _EMPTY)

    def set(self, user_id: int, block_key: str, field: str, value: Any) -> None:
        """Put one field into the document."""
        self.documents.setdefault((user_id, block_key), {})[field] = value

    def flush(self) -> None:
        """Do nothing: nothing here outlives the request."""


class UnitFieldData(FieldData):
    """Fields of blocks: what authors wrote comes from the tree, what learners do from the store."""

    def __init__(self, unit: Unit, state: State) -> None:
        self.unit = unit
        self.state = state

    def get(self, block: XBlock, name: str) -> Any:
        """Return the stored value of a field, or raise KeyError when it was never set."""
        scope = block.fields[name].scope
        ids = block.scope_ids
        if scope is Scope.parent or scope is Scope.children:
            return self._family(ids.usage_id, scope)
        if scope.user is UserScope.NONE:
            value = self.unit.nodes[ids.usage_id].fields[name]
            return value if is_ours(ids.block_type) else thaw(value)
        value = self.state.get(_user(scope, ids), _place(scope, ids))[name]
        return thaw(value)

    def has(self, block: XBlock, name: str) -> bool:
        """Return whether the field was ever set."""
        scope = block.fields[name].scope
        ids = block.scope_ids
        if scope is Scope.parent or scope is Scope.children:
            return bool(self._family(ids.usage_id, scope))
        if scope.user is UserScope.NONE:
            return name in self.unit.nodes[ids.usage_id].fields
        return name in self.state.get(_user(scope, ids), _place(scope, ids))

    def set(self, block: XBlock, name: str, value: Any) -> None:
        """Keep a learner's value; what an author wrote cannot be changed by a block."""
        scope = block.fields[name].scope
        ids = block.scope_ids
        if scope is Scope.parent or scope is Scope.children or scope.user is UserScope.NONE:
            if self.has(block, name) and thaw(self.get(block, name)) == thaw(value):
                return
            raise InvalidScopeError(scope)
        self.state.set(_user(scope, ids), _place(scope, ids), name, thaw(value))

    def delete(self, block: XBlock, name: str) -> None:
        """Put a learner's field back to its default by storing the default."""
        self.set(block, name, block.fields[name].to_json(block.fields[name].default))

    def _family(self, key: Any, scope: object) -> Any:
        node = self.unit.nodes[key]
        return node.parent if scope is Scope.parent else list(node.children)


_EMPTY: Mapping[str, Any] = {}


def _user(scope: Scope, ids: Any) -> int:
    return ids.user_id if scope.user is UserScope.ONE else SHARED


def _place(scope: Scope, ids: Any) -> str:
    if scope.block is BlockScope.TYPE:
        return f"type:{ids.block_type}"
    return "*" if scope.block is BlockScope.ALL else str(ids.usage_id)
