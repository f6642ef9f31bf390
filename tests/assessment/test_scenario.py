"""How a story is walked."""

import contextlib
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtd_learning.assessment import scenario
from mtd_learning.content import reader
from mtd_learning.content.structure import items
from mtd_learning.errors import Invalid

ROOT = Path(__file__).parents[2]

RAW: dict[str, Any] = {
    "start": "door",
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


def story_of(raw: Mapping[str, Any]) -> scenario.Story:
    """Return a story from its compiled form."""
    return scenario.Story(raw["start"], scenario.scenes_of(raw["scenes"]))


STORY = story_of(RAW)


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
    assert scenario.last_scene(STORY, scenario.start(STORY)) is None


def test_an_end_is_the_end_even_where_something_could_be_chosen():
    end = {"text": "He smiles.", "end": True, "choices": [{"id": "a", "text": "Wait"}]}
    assert scenario.start(story_of({**RAW, "scenes": {"door": end}})).ended


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
    assert scenario.start(story_of(raw)).ended


def test_a_lost_scene_ends_the_story():
    raw = {**RAW, "scenes": {"door": {"choices": [{"id": "a", "text": "A", "to": "gone"}]}}}
    story = story_of(raw)
    assert scenario.choose(story, scenario.start(story), "a").ended


def test_conditions_are_joined_by_and():
    both = scenario.conditions('mood == calm and told != "yes"')
    assert [one.holds({"mood": "calm"}) for one in both] == [True, True]
    assert [one.holds({"mood": "calm", "told": "yes"}) for one in both] == [True, False]


def test_spaces_around_the_parts_of_a_condition_do_not_matter():
    assert scenario.conditions(" mood==calm  and\ttold  !=  not yet ") == (
        scenario.Condition("mood", "calm"),
        scenario.Condition("told", "not yet", equal=False),
    )


@pytest.mark.parametrize(
    "text", ["a ==" + " " * 50_000 + "b\nc", "a == b" + " " * 50_000 + "c", "a" + " " * 50_000]
)
def test_a_long_condition_takes_no_longer_than_it_is(text):
    begun = time.process_time()
    with contextlib.suppress(Invalid):
        scenario.conditions(text)
    assert time.process_time() - begun < 0.5


def test_a_condition_that_is_none_is_refused_with_its_words():
    with pytest.raises(Invalid, match="mood is calm"):
        scenario.conditions("mood is calm")


def test_the_whole_story_reads_as_a_dialogue():
    lines = scenario.dialogue(STORY)
    assert [scene.id for scene, _ in lines] == ["door", "talk", "end"]
    assert [one.next for one in lines[0][1]] == [2, 2, 0]


def test_a_choice_that_is_not_open_to_all_is_printed_with_the_choices_that_decide():
    more, sorry = scenario.dialogue(STORY)[1][1]
    ask = STORY.scenes["door"].choices[0]
    assert more.asked == (scenario.Earlier(True, ((1, ask),)),)
    assert sorry.asked == (scenario.Earlier(False, ((1, ask),)),)


@pytest.mark.parametrize(
    ("when", "printed"),
    [
        ("mood == ''", (scenario.Earlier(False, ((1, "ask"), (1, "blame"))),)),
        ("mood != ''", (scenario.Earlier(True, ((1, "ask"), (1, "blame"))),)),
        ("mood != angry", ()),
        ("mood == angry", None),
    ],
)
def test_what_was_never_set_is_empty_on_paper_too(when, printed):
    talk = {"text": "x", "choices": [{"id": "one", "text": "One", "when": when}]}
    story = story_of(RAW | {"scenes": RAW["scenes"] | {"talk": talk}})
    lines = scenario.dialogue(story)[1][1]
    assert [
        tuple(
            scenario.Earlier(rule.made, tuple((at, one.id) for at, one in rule.choices))
            for rule in line.asked
        )
        for line in lines
    ] == ([] if printed is None else [printed])


def test_a_choice_that_comes_only_afterwards_decides_nothing():
    scenes = RAW["scenes"] | {
        "late": {
            "text": "x",
            "choices": [{"id": "calm", "text": "Be calm", "set": {"mood": "calm"}}],
        }
    }
    scenes["talk"] = {
        "text": "x",
        "choices": [
            {"id": "a", "text": "A", "when": "mood == calm", "set": {"mood": "calm"}, "to": "late"}
        ],
    }
    story = story_of(RAW | {"scenes": scenes})
    ((rule,),) = [one.asked for one in scenario.dialogue(story)[1][1]]
    assert [one.id for _, one in rule.choices] == ["ask"]


def shipped() -> list[Any]:
    """Return every shipped story."""
    return [
        pytest.param(
            story_of(block | {"scenes": {one["id"]: one for one in block["scenes"]}}),
            id=f"{course.id}-{block['id']}",
        )
        for course in reader.read_folder(ROOT).courses.values()
        for module in course.modules.values()
        for _, block in items(module)
        if block["type"] == "scenario" and block.get("scenes")
    ]


@pytest.mark.parametrize("story", shipped())
def test_what_paper_says_of_a_shipped_choice_is_what_the_screen_does(story):
    printed = {
        (scene.id, one.choice.id): one.asked
        for scene, choices in scenario.dialogue(story)
        for one in choices
    }
    places = [scene.id for scene, _ in scenario.dialogue(story)]
    deciding = {
        (places[place - 1], choice.id)
        for asked in printed.values()
        for rule in asked
        for place, choice in rule.choices
    }
    seen, waiting = set(), [scenario.start(story)]
    while waiting:
        walk = waiting.pop()
        made = frozenset(walk.path) & deciding
        where = (walk.at, frozenset(walk.variables.items()), made)
        if walk.ended or where in seen:
            continue
        seen.add(where)
        for choice in story.scenes[walk.at].choices:
            fits = all(
                rule.made is any((places[at - 1], one.id) in made for at, one in rule.choices)
                for rule in printed[walk.at, choice.id]
            )
            assert fits is (choice in scenario.open_choices(story, walk)), (walk.at, choice.id)
        waiting += [
            scenario.choose(story, walk, one.id) for one in scenario.open_choices(story, walk)
        ]
    assert seen
