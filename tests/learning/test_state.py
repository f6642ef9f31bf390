"""The store of one learner: one SELECT a page, one write a document, a stale write refused."""

import pytest
from sqlalchemy import select

from mtd_learning.base.db import db, expect_writing
from mtd_learning.learning.models import BlockState
from mtd_learning.learning.state import LearnerState, StaleState
from tests.conftest import statements, writes


def keep(user_id: int, key: str, field: str, value: object) -> None:
    state = LearnerState(user_id, writing=True)
    state.prefetch([key])
    state.set(user_id, key, field, value)
    state.flush()
    db.session.commit()


def test_what_was_kept_is_there_again(app):
    keep(1, "tiny.m.u.b", "answer", ["a", "é"])
    assert LearnerState(1).get(1, "tiny.m.u.b") == {"answer": ["a", "é"]}
    assert LearnerState(2).get(2, "tiny.m.u.b") == LearnerState(2).get(1, "tiny.m.u.b") == {}


def test_a_change_reaches_no_document_of_another_learner_or_block(app):
    for user, key in ((1, "a"), (1, "b"), (2, "a")):
        keep(user, key, "x", "before")
    keep(1, "a", "x", "after")
    assert LearnerState(1).get(1, "a") == {"x": "after"}
    assert LearnerState(1).get(1, "b") == LearnerState(2).get(2, "a") == {"x": "before"}


def test_all_blocks_of_a_page_are_read_with_one_statement(app):
    keep(1, "a", "x", 1)
    keep(0, "b", "shared", 2)
    state = LearnerState(1)
    with statements() as said:
        state.prefetch(["a", "b", "c"])
        assert state.get(1, "a") == {"x": 1} and state.get(0, "b") == {"shared": 2}
        assert state.get(1, "c") == {} and state.get(0, "c") == {}
    assert len(said) == 1


def test_each_changed_document_is_written_once_and_nothing_else(app):
    state = LearnerState(1, writing=True)
    state.prefetch(["a", "b"])
    for value in range(5):
        state.set(1, "a", "x", value)
    with statements() as said:
        state.flush()
        state.flush()
    assert len(writes(said)) == 1


def test_a_value_that_changes_after_it_was_set_does_not_change_what_is_kept(app):
    value = [1]
    state = LearnerState(1, writing=True)
    state.set(1, "a", "x", value)
    value.append(2)
    state.flush()
    assert LearnerState(1).get(1, "a") == {"x": [1]}


def test_a_document_that_somebody_else_changed_meanwhile_is_refused(app):
    keep(1, "a", "x", 1)
    mine = LearnerState(1)
    mine.prefetch(["a"])
    db.session.commit()
    keep(1, "a", "x", 2)
    mine.set(1, "a", "x", 3)
    with pytest.raises(StaleState):
        mine.flush()


def test_a_document_that_somebody_else_began_meanwhile_is_refused(app):
    mine = LearnerState(1)
    mine.prefetch(["a"])
    db.session.commit()
    keep(1, "a", "x", 2)
    mine.set(1, "a", "x", 3)
    with pytest.raises(StaleState):
        mine.flush()
    assert LearnerState(1).get(1, "a") == {"x": 2}


def test_a_page_that_is_only_read_may_still_count_its_views(app):
    expect_writing(False)
    state = LearnerState(1)
    state.prefetch(["a"])
    state.set(1, "a", "views", 1)
    state.flush()
    db.session.commit()
    assert db.session.scalar(select(BlockState.rev)) == 1
