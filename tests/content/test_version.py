"""How large a step a change asks for."""

from copy import deepcopy

import pytest

from mtd_learning.content import version
from mtd_learning.content.compile import compile_variant
from mtd_learning.content.variant import Variant


@pytest.fixture
def manifest(tiny, today):
    return compile_variant(tiny, "tiny", Variant("en"), pilot=False, today=today).manifest


def unit(manifest, number):
    return manifest["modules"][0]["units"][number]


def test_the_same_needs_no_step(manifest):
    assert version.smallest_step(manifest, deepcopy(manifest)) is None


def test_a_pilot_that_becomes_full_needs_no_step(manifest):
    assert version.smallest_step(manifest, {**manifest, "pilot": True, "notices": ["x"]}) is None


def test_changed_words_are_a_patch(manifest):
    new = deepcopy(manifest)
    unit(new, 0)["blob"] = "other"
    assert version.smallest_step(manifest, new) == "patch"


def test_an_added_unit_is_minor_or_major_by_whether_it_must_be_done(manifest):
    old = deepcopy(manifest)
    old["modules"][1]["units"].pop()
    assert version.smallest_step(old, manifest) == "minor"
    old["modules"][1]["units"].pop()
    assert version.smallest_step(old, manifest) == "major"


def test_a_unit_that_must_be_done_now_is_major_and_one_that_may_be_left_is_a_patch(manifest):
    new = deepcopy(manifest)
    unit(new, 0)["required"] = False
    assert version.smallest_step(new, manifest) == "major"
    assert version.smallest_step(manifest, new) == "patch"


def test_a_removed_unit_is_major_and_a_renamed_one_is_not(manifest):
    new = deepcopy(manifest)
    renamed = unit(new, 1)
    renamed["was"], renamed["id"] = [renamed["id"]], "done"
    assert version.smallest_step(manifest, new) == "patch"
    renamed["was"] = []
    assert version.smallest_step(manifest, new) == "major"


def test_a_raised_revision_is_major(manifest):
    new = deepcopy(manifest)
    unit(new, 0)["revision"] = 2
    assert version.smallest_step(manifest, new) == "major"


@pytest.mark.parametrize(
    "change", [{"pass_percent": 90}, {"critical": ["call", "word"]}, {"questions": {"call": 2}}]
)
def test_a_stricter_quiz_is_major(manifest, change):
    new = deepcopy(manifest)
    new["quizzes"]["m1-blocks"].update(change)
    assert version.smallest_step(manifest, new) == "major"


def test_a_lower_pass_mark_is_a_patch(manifest):
    new = deepcopy(manifest)
    new["quizzes"]["m1-blocks"]["pass_percent"] = 50
    assert version.smallest_step(manifest, new) == "patch"


@pytest.mark.parametrize(
    ("old", "new", "step", "enough"),
    [
        ("1.2.0", "1.2.1", "patch", True),
        ("1.2.0", "1.2.1", "minor", False),
        ("1.2.9", "1.3.0", "minor", True),
        ("1.2.0", "1.9.9", "major", False),
        ("1.2.0", "2.0.0", "major", True),
        ("9.9.9", "10.0.0", "major", True),
    ],
)
def test_a_step_is_measured_by_numbers(old, new, step, enough):
    assert version.is_enough(old, new, step) is enough
