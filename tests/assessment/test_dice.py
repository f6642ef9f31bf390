"""Chance from a seed is the same everywhere and for ever."""

import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from mtd_learning.assessment.dice import Dice, seed_of

TOLD = "from mtd_learning.assessment.dice import Dice; print(Dice(7).shuffled(range(10)))"


def test_a_seed_gives_the_same_order_as_on_the_day_this_was_written():
    assert Dice(7).shuffled(range(10)) == FROZEN
    assert seed_of("quiz", 3, "course.a5.test.quiz", 1) == FROZEN_SEED


def test_another_process_with_another_hash_seed_throws_the_same():
    said = subprocess.run(
        [sys.executable, "-c", TOLD],
        env={"PYTHONHASHSEED": "123"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert said.strip() == str(FROZEN)


@given(st.integers(), st.lists(st.integers(), max_size=30))
def test_shuffling_keeps_every_item(seed: int, items: list[int]):
    assert sorted(Dice(seed).shuffled(items)) == sorted(items)


@given(st.integers(), st.integers(min_value=2, max_value=12))
def test_moved_things_are_all_there_and_not_where_they_were(seed: int, count: int):
    moved = Dice(seed).moved(range(count))
    assert moved != tuple(range(count)) and sorted(moved) == list(range(count))


@given(st.integers(), st.integers(min_value=1, max_value=10**6))
def test_a_throw_stays_below_its_limit(seed: int, limit: int):
    assert 0 <= Dice(seed).below(limit) < limit


def test_every_side_of_the_dice_comes_up_about_as_often():
    dice = Dice(1)
    throws = [dice.below(6) for _ in range(6000)]
    assert all(850 < throws.count(side) < 1150 for side in range(6))


FROZEN = (8, 6, 0, 1, 9, 7, 4, 2, 3, 5)
FROZEN_SEED = 43652489802718
