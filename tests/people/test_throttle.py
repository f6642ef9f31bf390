"""Tries are counted for account, network and known device, in a table that all workers share."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from mtd_learning.base import clock
from mtd_learning.base.db import db, expect_writing
from mtd_learning.errors import TooMany
from mtd_learning.people import throttle
from mtd_learning.people.models import SignInTry
from tests.conftest import at_once


@pytest.fixture
def at(monkeypatch):
    """Return a function that moves the clock by so many minutes from now."""
    begun = clock.now()

    def move(minutes: float) -> None:
        monkeypatch.setattr(clock, "now", lambda: begun + timedelta(minutes=minutes))

    return move


def tries() -> int:
    return db.session.scalar(select(func.count(SignInTry.id))) or 0


def test_ten_tries_at_an_account_pass_and_the_eleventh_is_refused(app):
    for number in range(10):
        throttle.take("password", account="vilma", network=str(number))
    with pytest.raises(TooMany, match="wait 15 minutes"):
        throttle.take("password", account="vilma", network="another")


def test_a_refused_try_is_not_counted_so_hammering_locks_nobody_out_for_longer(app, at):
    for _ in range(10):
        throttle.take("password", account="vilma")
    at(10)
    for _ in range(50):
        with pytest.raises(TooMany):
            throttle.take("password", account="vilma")
    at(15.1)
    throttle.take("password", account="vilma")


def test_another_account_is_not_touched(app):
    for _ in range(10):
        throttle.take("password", account="vilma")
    throttle.take("password", account="tom")
    assert tries() == 11


def test_strangers_do_not_fill_the_lane_of_the_owners_device(app):
    for _ in range(10):
        throttle.take("password", account="vilma")
    throttle.take("password", device="vilma laptop")
    assert tries() == 11


def test_one_network_cannot_try_a_thousand_accounts(app):
    with pytest.raises(TooMany):
        for number in range(1000):
            throttle.take("password", account=str(number), network="192.0.2.1")
    assert tries() == 200


def test_a_try_that_was_honest_is_given_back_and_no_other_with_it(app):
    throttle.take("password", account="tom")
    for _ in range(30):
        throttle.give_back(throttle.take("password", account="vilma", network="192.0.2.1"))
    assert tries() == 1


def test_what_is_too_old_to_matter_is_deleted_as_it_goes(app, at):
    for _ in range(5):
        throttle.take("link", account="vilma")
    at(61)
    throttle.take("link", account="tom")
    assert tries() == 1


def test_a_clock_that_was_set_back_locks_nobody_out(app, at):
    at(2 * 24 * 60)
    for _ in range(10):
        throttle.take("password", account="vilma")
    at(0)
    throttle.take("password", account="vilma")
    assert tries() == 11


def test_misses_are_counted_apart_from_asking(app):
    for _ in range(100):
        throttle.check("verify-miss", network="192.0.2.1")
    for _ in range(30):
        throttle.count("verify-miss", network="192.0.2.1")
    with pytest.raises(TooMany):
        throttle.check("verify-miss", network="192.0.2.1")
    throttle.check("verify-miss", network="192.0.2.2")


def test_neither_address_nor_network_can_be_read_from_the_table(app):
    throttle.take("password", account="vilma@example.org", network="192.0.2.1")
    kept = " ".join(db.session.scalars(select(SignInTry.key_hash)))
    assert "vilma" not in kept and "192" not in kept


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("nonsense", "unknown"),
        (None, "unknown"),
    ],
)
def test_a_network_is_an_ipv4_address_or_an_ipv6_subscriber(address, network):
    assert throttle.network_of(address) == network


def test_eight_workers_at_once_let_ten_tries_through_and_not_one_more(app):
    db.session.commit()
    passed: list[int] = []

    def work(_: int) -> None:
        expect_writing(True)
        for _ in range(5):
            try:
                throttle.take("password", account="vilma", network="192.0.2.1")
                db.session.commit()
                passed.append(1)
            except TooMany:
                db.session.rollback()

    at_once(app, work, range(8))
    assert len(passed) == 10
    assert tries() == 20


def test_names_are_compared_ten_times_an_hour_and_codes_mistyped_thirty_times_a_minute(app, at):
    for _ in range(10):
        throttle.take("name-compare", account="c")
    for _ in range(30):
        throttle.take("verify-miss", network="192.0.2.1")
    at(2)
    throttle.take("verify-miss", network="192.0.2.1")
    with pytest.raises(TooMany):
        throttle.take("name-compare", account="c")
    at(61)
    throttle.take("name-compare", account="c")
