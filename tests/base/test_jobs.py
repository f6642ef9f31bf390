"""Jobs: written with the deed, done at least once, tried again with a growing pause, given up."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from mtd_learning import upkeep
from mtd_learning.base import clock, jobs, mail
from mtd_learning.base.db import db
from mtd_learning.base.jobs import Job
from tests.conftest import at_once


@pytest.fixture
def done(app, monkeypatch) -> list[object]:
    """Collect what jobs of the kind "note" were given; those of kind "fail" always fail."""
    found: list[object] = []
    monkeypatch.setattr(jobs, "_handlers", dict(jobs._handlers))
    jobs.handles("note")(lambda values: found.append(values["n"]))

    @jobs.handles("fail")
    def fail(values):
        raise RuntimeError("no bridge here")

    return found


def only() -> Job:
    db.session.expire_all()
    return db.session.scalar(select(Job))


def make_due() -> None:
    db.session.execute(update(Job).values(not_before=clock.now()))
    db.session.commit()


def test_a_job_is_written_with_the_deed_and_goes_with_it(done):
    jobs.enqueue("note", {"n": 1})
    db.session.rollback()
    assert not jobs.work_once()
    jobs.enqueue("note", {"n": 2})
    db.session.commit()
    assert jobs.work_once() and done == [2]
    assert not jobs.work_once()


def test_what_was_in_a_finished_job_is_forgotten(done):
    jobs.enqueue("note", {"n": 1})
    db.session.commit()
    jobs.work_once()
    assert only().values == {} and only().done_at is not None


def test_jobs_are_done_in_the_order_in_which_they_came_and_not_before_their_time(done):
    jobs.enqueue("note", {"n": "later"}, not_before=clock.now() + timedelta(hours=1))
    for n in (1, 2):
        jobs.enqueue("note", {"n": n})
    db.session.commit()
    while jobs.work_once():
        pass
    assert done == [1, 2]


def test_the_same_send_key_is_sent_once(done):
    for n in (1, 2):
        jobs.enqueue("note", {"n": n}, send_key="welcome 7")
        db.session.commit()
    mail.send("a@example.org", "welcome", "en", {}, send_key="welcome 7")
    db.session.commit()
    while jobs.work_once():
        pass
    jobs.enqueue("note", {"n": 3}, send_key="welcome 7")
    db.session.commit()
    assert not jobs.work_once() and done == [1]


def test_a_failed_job_is_tried_again_after_a_pause_that_grows(done):
    jobs.enqueue("fail", {})
    db.session.commit()
    pauses = []
    for _ in range(jobs.MOST_TRIES - 1):
        make_due()
        assert jobs.work_once()
        pauses.append(round((only().not_before - clock.now()).total_seconds()))
    assert pauses == sorted(pauses) and pauses[2] > 3 * pauses[0] > 0
    # A mail server that is down over a weekend loses no letter; once it is back, it is not long.
    assert sum(pauses) > 60 * 3600 and max(pauses) < 7 * 3600
    assert "RuntimeError: no bridge here" in only().error


def test_a_job_that_fails_for_days_is_given_up_and_doctor_sees_it(app, done):
    jobs.enqueue("fail", {})
    db.session.commit()
    for _ in range(jobs.MOST_TRIES):
        assert only().given_up_at is None
        make_due()
        assert jobs.work_once()
    make_due()
    assert only().given_up_at is not None and not jobs.work_once()
    found = upkeep.examine(app.extensions["mtd"].settings, set())
    assert [(one.well, one.sentence) for one in found if one.name == "jobs"] == [
        (
            False,
            "0 waiting, 0 of them failed before, 1 given up; the log says why: look for `failed`",
        )
    ]


def test_what_a_failed_job_had_begun_is_taken_back(done):
    @jobs.handles("half")
    def half(values):
        jobs.enqueue("note", {"n": "half"})
        raise RuntimeError

    jobs.enqueue("half", {})
    db.session.commit()
    jobs.work_once()
    assert db.session.scalar(select(func.count(Job.id))) == 1


def test_a_job_of_a_kind_that_nobody_knows_waits_and_says_so(done):
    jobs.enqueue("from-a-plugin", {})
    db.session.commit()
    assert jobs.work_once() and "from-a-plugin" in only().error


def test_a_job_whose_worker_died_is_taken_over_when_its_lease_ends(done):
    jobs.enqueue("note", {"n": 1})
    db.session.commit()
    jobs._claim()  # and then the worker dies
    assert not jobs.work_once()
    db.session.execute(update(Job).values(leased_until=clock.now() - timedelta(seconds=1)))
    db.session.commit()
    assert jobs.work_once() and done == [1]


def test_a_job_that_kills_every_worker_is_given_up_too(done):
    jobs.enqueue("note", {"n": 1})
    db.session.commit()
    for _ in range(jobs.MOST_TRIES):
        assert jobs._claim() is not None
        db.session.execute(update(Job).values(leased_until=clock.now() - timedelta(seconds=1)))
        db.session.commit()
    assert jobs.work_once() and not done
    assert only().given_up_at is not None


def test_a_slow_worker_does_not_take_the_job_back_from_the_one_that_took_it_over(done):
    jobs.enqueue("note", {"n": 1})
    db.session.commit()
    slow = jobs._claim()
    job_id, tries = slow.id, slow.tries
    db.session.execute(update(Job).values(leased_until=clock.now() - timedelta(seconds=1)))
    db.session.commit()
    jobs._claim()
    jobs._put_back(job_id, tries, "too slow")
    assert only().leased_until is not None and only().error is None


def test_two_workers_never_do_the_same_job_at_once(app, done):
    for n in range(40):
        jobs.enqueue("note", {"n": n})
    db.session.commit()

    def work(_: int) -> None:
        while jobs.work_once():
            pass

    at_once(app, work, range(3))
    assert sorted(done) == list(range(40))
