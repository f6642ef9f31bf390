"""How a story is walked."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtd_learning.assessment import scenario
from mtd_learning.errors import Invalid

RAW: dict[str, Any] = {
    "text": "Ali covers his mother.",
    "start": "door",
    "debrief": "Tell your coordinator.",
    "scenes": {
        "door": {
            "text": "She is just tired, he says.",
            "choices": [
                {
                    "id": "ask",
                    "text": "Ask kindly",
                    "feedback": "Open.",
                    "to": "talk",
                    "set": {"mood": "calm"},
                    "correct": True,
                },
                {
                    "id": "blame",
                    "text": "She is drunk",
                    "feedback": "Hard.",
                    "to": "talk",
                    "set": {"mood": "hurt"},
                },
                {"id": "leave", "text": "Leave", "feedback": "Alone again."},
            ],
        },
        "talk": {
            "text": "He looks at you.",
            "choices": [
                {"id": "more", "text": "Listen", "when": "mood == calm", "to": "end"},
                {"id": "sorry", "text": "Say sorry", "when": "mood != calm", "to": "door"},
            ],
        },
        "end": {"text": "He smiles.", "end": True},
    },
}
STORY = scenario.from_compiled(RAW)


def _walk(*choices: str) -> scenario.Walk:
    walk = scenario.start(STORY)
    for choice in choices:
        walk = scenario.choose(STORY, walk, choice)
    return walk


def test_a_story_remembers_what_was_chosen():
    assert [one.id for one in scenario.open_choices(STORY, _walk("ask"))] == ["more"]
    assert [one.id for one in scenario.open_choices(STORY, _walk("blame"))] == ["sorry"]


def test_a_choice_without_a_next_scene_ends_the_story():
    assert _walk("leave").ended


def test_an_end_scene_ends_the_story_and_is_shown():
    walk = _walk("ask", "more")
    last = scenario.last_scene(STORY, walk)
    assert walk.ended and last is not None and last.text == "He smiles."


def test_a_choice_that_is_not_open_is_refused():
    with pytest.raises(Invalid, match="not open"):
        _walk("ask", "sorry")


def test_one_may_go_back_to_any_point():
    walk = _walk("blame", "sorry", "ask")
    assert scenario.back(STORY, walk, 0) == scenario.start(STORY)
    assert scenario.back(STORY, walk, 1) == _walk("blame")
    assert scenario.back(STORY, walk, -5) == scenario.start(STORY)


def test_a_story_in_circles_ends_by_itself():
    walk = scenario.start(STORY)
    for _ in range(scenario.LONGEST_WALK):
        if walk.ended:
            break
        walk = scenario.choose(STORY, walk, "blame" if walk.at == "door" else "sorry")
    assert walk.ended and len(walk.path) == scenario.LONGEST_WALK


def test_a_stored_path_is_followed_as_far_as_the_story_still_goes():
    assert scenario.follow(STORY, [["door", "ask"], ["talk", "gone"]]) == _walk("ask")


@given(st.recursive(st.none() | st.text() | st.integers(), lambda x: st.lists(x), max_leaves=9))
@settings(max_examples=80)
def test_no_stored_path_makes_a_walk_fail(path: Any):
    assert scenario.follow(STORY, path) == scenario.start(STORY)


def test_a_scene_in_which_nothing_is_open_ends_the_story():
    raw = {**RAW, "scenes": {"door": {"choices": [{"id": "a", "text": "A", "when": "x == y"}]}}}
    assert scenario.start(scenario.from_compiled(raw)).ended


def test_a_lost_scene_ends_the_story():
    raw = {**RAW, "scenes": {"door": {"choices": [{"id": "a", "text": "A", "to": "gone"}]}}}
    story = scenario.from_compiled(raw)
    assert scenario.choose(story, scenario.start(story), "a").ended


def test_conditions_are_joined_by_and():
    both = scenario.conditions('mood == calm and told != "yes"')
    assert [one.holds({"mood": "calm"}) for one in both] == [True, True]
    assert [one.holds({"mood": "calm", "told": "yes"}) for one in both] == [True, False]


def test_a_condition_that_is_none_is_refused_with_its_words():
    with pytest.raises(Invalid, match="mood is calm"):
        scenario.conditions("mood is calm")


def test_the_whole_story_reads_as_a_dialogue():
    lines = scenario.dialogue(STORY)
    assert [scene.id for scene, _ in lines] == ["door", "talk", "end"]
    assert [where for _, where in lines[0][1]] == [2, 2, 0]
