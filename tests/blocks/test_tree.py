"""Keys and trees: opaque to strangers, frozen for everybody."""

import copy
import pickle

import pytest

from mtd_learning.blocks.tree import UsageKey, freeze, thaw, type_name, unit_tree
from tests.blocks.making import blob, block


def test_a_key_answers_what_strangers_ask_of_keys():
    key = UsageKey("course.mod.unit.jar.1", "pebble")
    assert (key.block_id, key.block_type, key.course_key) == ("jar.1", "pebble", "course")
    assert (key.context_key, key.org, key.html_id()) == ("course", "mtd", "b-jar-1")
    assert key.map_into_course("other") is key
    assert key.unit_key == "course.mod.unit"


def test_a_key_is_copied_and_pickled_as_itself():
    key = UsageKey("course.mod.unit.jar", "pebble")
    assert copy.copy(key) is key and copy.deepcopy({"k": key})["k"] is key
    again = pickle.loads(pickle.dumps(key))
    assert (again, again.block_type) == (key, "pebble")


def test_replace_with_parts_gives_the_key_and_with_text_the_text():
    key = UsageKey("course.mod.unit.jar")
    assert key.replace(branch=None, version_guid=None) is key
    assert key.replace("jar", "box") == "course.mod.unit.box"


@pytest.mark.parametrize("bad", ["", "a b", "a/b", 'a"b', "a..b", ".a", "ä", "a\n", "<b>"])
def test_a_key_has_no_characters_that_an_address_would_need_to_escape(bad: str):
    with pytest.raises(ValueError):
        UsageKey(bad)


def test_two_blocks_with_one_key_are_refused():
    with pytest.raises(ValueError, match=r"course\.mod\.unit\.a"):
        unit_tree(blob(block("a", "text", {}), block("a", "text", {})))


def test_short_names_of_our_blocks_become_their_registered_names():
    assert type_name("text") == "mtd_text"
    assert type_name("pebble") == "pebble"


def test_a_block_with_a_content_note_stands_behind_it():
    unit = unit_tree(blob(block("a", "text", {"text": "x"}, note="Hard.", required=True)))
    assert unit.nodes[unit.root].children == ("course.mod.unit.a.note",)
    note = unit.nodes[UsageKey("course.mod.unit.a.note")]
    assert (note.type, note.children, note.required) == ("mtd_note", ("course.mod.unit.a",), True)


def test_a_strangers_fields_are_left_as_their_author_wrote_them():
    unit = unit_tree(blob(block("a", "pebble", {"lang": "stone"}), block("b", "text", {})))
    fields = [dict(node.fields) for node in unit][1:]
    assert fields == [{"lang": "stone"}, {"lang": "en", "required": False}]


def test_a_tree_cannot_be_changed():
    unit = unit_tree(blob(block("a", "compare", {"good": [["x", "y"]]})))
    fields = unit.nodes[UsageKey("course.mod.unit.a")].fields
    assert fields["good"] == (("x", "y"),)
    with pytest.raises(TypeError):
        fields["good"] = ()  # type: ignore[index]
    with pytest.raises(TypeError):
        unit.nodes[unit.root] = None  # type: ignore[index]


def test_what_is_thawed_can_be_changed_and_is_not_the_frozen_one():
    frozen = freeze({"a": [1, {"b": 2}]})
    loose = thaw(frozen)
    loose["a"].append(3)
    assert frozen["a"] == (1, frozen["a"][1]) and loose == {"a": [1, {"b": 2}, 3]}


def test_only_units_with_strangers_ask_for_what_they_keep_across_blocks():
    own = unit_tree(blob(block("a", "text", {})))
    mixed = unit_tree(blob(block("a", "pebble", {})))
    assert "*" not in own.state_keys
    assert {"type:pebble", "*"} <= set(mixed.state_keys)
    assert mixed.foreign_types == {"pebble"}


def test_an_empty_unit_is_a_unit():
    assert unit_tree(blob()).nodes
