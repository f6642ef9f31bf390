"""When a fact was checked, and whether that is too long ago."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtd_learning import ages

CHECKED = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("days", "state"),
    [(0, "fresh"), (143, "fresh"), (144, "aging"), (180, "aging"), (181, "old"), (-1, "unchecked")],
)
def test_what_was_checked_grows_old_and_is_named_from_80_percent_on(days, state):
    assert ages.state(CHECKED, "anna.k", 180, CHECKED + timedelta(days=days)) == state


@given(st.integers(0, 2000), st.integers(0, 2000), st.integers(0, 2000))
def test_nothing_grows_younger(allowed, days, more):
    order = ("fresh", "aging", "old")
    early, late = (
        ages.state(CHECKED, "anna.k", allowed, CHECKED + timedelta(days=each))
        for each in (days, days + more)
    )
    assert order.index(early) <= order.index(late)


def test_without_a_day_or_a_person_it_was_never_checked():
    assert ages.state(None, "anna.k", 180, CHECKED) == "unchecked"
    assert ages.state(CHECKED, None, 180, CHECKED) == "unchecked"


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "old"),
        ({"missing": True}, "missing"),
        ({"checked_on": None}, "unchecked"),
        ({"max_age_days": 400}, "fresh"),
    ],
)
def test_a_published_fact_ages_on(changes, state):
    fact = {"missing": False, "checked_on": "2026-03-01", "checked_by": "anna.k"}
    fact = fact | {"max_age_days": 100} | changes
    assert ages.state_now(fact, date(2026, 11, 22)) == state


def test_an_edition_from_before_ages_were_kept_has_no_old_facts():
    fact = {"missing": False, "checked_on": "2026-03-01", "checked_by": "anna.k"}
    assert ages.state_now(fact, date(2036, 11, 22)) == "fresh"
