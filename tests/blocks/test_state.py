"""Where values of blocks are kept, scope by scope."""

from typing import Any

import pytest
from xblock.core import XBlock
from xblock.fields import List, Scope, ScopeIds, String

from mtd_learning.blocks.state import ScratchState, UnitFieldData
from mtd_learning.blocks.tree import Unit, unit_tree
from tests.blocks.making import blob, block


class Keeper(XBlock):
    """Has one field of each kind."""

    here = List(scope=Scope.user_state)
    shared = String(scope=Scope.user_state_summary)
    everywhere = String(scope=Scope.user_info)
    of_type = String(scope=Scope.preferences)
    written = List(scope=Scope.content, default=["default"])


class Host:
    """Stands in for a runtime: hands out the fields' store."""

    def __init__(self, fields: UnitFieldData) -> None:
        self.fields = fields

    def service(self, block: XBlock, name: str) -> Any:
        """Return the store."""
        return self.fields

    def save_block(self, block: XBlock) -> None:
        """Do nothing."""


@pytest.fixture
def unit() -> Unit:
    """Return a unit with a stranger's block in it."""
    return unit_tree(blob(block("k", "keeper", {"written": [1, {"a": 2}]})))


def _keeper(unit: Unit, state: ScratchState, user_id: int = 7) -> XBlock:
    key = next(node.key for node in unit if node.type == "keeper")
    ids = ScopeIds(user_id, "keeper", key, key)
    return Keeper(runtime=Host(UnitFieldData(unit, state)), scope_ids=ids)


@pytest.mark.parametrize(
    ("field", "place"),
    [
        ("here", (7, "course.mod.unit.k")),
        ("shared", (0, "course.mod.unit.k")),
        ("everywhere", (7, "*")),
        ("of_type", (7, "type:keeper")),
    ],
)
def test_each_scope_has_its_document(unit: Unit, field: str, place: tuple[int, str]):
    state = ScratchState()
    keeper = _keeper(unit, state)
    setattr(keeper, field, ["x"] if field == "here" else "x")
    keeper.save()
    assert set(state.documents) == {place}
    assert getattr(_keeper(unit, state), field) in ("x", ["x"])


def test_a_value_that_is_changed_later_is_not_changed_in_the_store(unit: Unit):
    state = ScratchState()
    mine = [{"a": 1}]
    keeper = _keeper(unit, state)
    keeper.here = mine
    keeper.save()
    mine[0]["a"] = 2
    assert _keeper(unit, state).here == [{"a": 1}]


def test_a_change_in_place_is_stored_when_the_block_is_saved(unit: Unit):
    state = ScratchState()
    keeper = _keeper(unit, state)
    keeper.here.append(1)
    keeper.save()
    assert _keeper(unit, state).here == [1]


def test_what_a_stranger_reads_of_the_course_is_its_own_copy(unit: Unit):
    first = _keeper(unit, ScratchState()).written
    first[1]["a"] = 99
    assert _keeper(unit, ScratchState()).written == [1, {"a": 2}]


def test_a_deleted_field_has_its_default_again(unit: Unit):
    state = ScratchState()
    keeper = _keeper(unit, state)
    keeper.here = [1]
    keeper.save()
    del keeper.here
    assert _keeper(unit, state).here == []


def test_learners_do_not_read_each_other(unit: Unit):
    state = ScratchState()
    keeper = _keeper(unit, state)
    keeper.here = [1]
    keeper.save()
    assert _keeper(unit, state, user_id=8).here == []
