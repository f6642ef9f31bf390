"""Signing in with a password: counted first, compared then, one sentence for every failure."""

import pytest
from argon2 import PasswordHasher

from mtd_learning.base.db import db
from mtd_learning.errors import Invalid, TooMany
from mtd_learning.people import devices, passwords, sessions, signing

GOOD = "the lake is still in May"
ONE_SENTENCE = "The e-mail address or the password is not right."


@pytest.fixture
def vilma(make_user):
    made = make_user("Vilma")
    made.password_hash = passwords.hash_password(GOOD)
    db.session.commit()
    return made


def sign_in(email="vilma@example.org", password=GOOD, lane=None):
    knocked = signing.knock(email, network="192.0.2.1", lane=lane)
    db.session.commit()
    return signing.enter(knocked, password, "Firefox")


def test_the_right_password_opens_a_session(vilma):
    view = sessions.session_of(sign_in(" Vilma@Example.org"))
    assert (view.id, view.way) == (vilma.id, "password")


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("vilma@example.org", "wrong"),
        ("stranger@example.org", GOOD),
        ("nonsense", GOOD),
        ("tom@example.org", ""),
    ],
)
def test_wrong_password_unknown_address_and_no_password_get_one_sentence(
    vilma, make_user, email, password
):
    make_user("Tom")
    with pytest.raises(Invalid) as refusal:
        sign_in(email, password)
    assert str(refusal.value) == ONE_SENTENCE


def test_a_closed_account_gets_the_same_sentence(vilma):
    vilma.active = False
    db.session.commit()
    with pytest.raises(Invalid, match=ONE_SENTENCE):
        sign_in()


def test_a_thousand_wrong_passwords_are_ten_comparisons(vilma, monkeypatch):
    compared = []
    monkeypatch.setattr(
        passwords, "check", lambda kept, word: compared.append(word) or passwords.Verdict(False)
    )
    for number in range(1000):
        with pytest.raises((Invalid, TooMany)):
            sign_in(password=str(number))
    assert len(compared) == 10


def test_ten_spellings_of_an_address_are_ten_tries_at_one_account_and_at_no_other(vilma, make_user):
    make_user("Tom")
    for number in range(10):
        with pytest.raises(Invalid):
            sign_in(" " * number + ("VILMA@example.org" if number % 2 else vilma.email), "wrong")
    with pytest.raises(TooMany):
        sign_in()
    with pytest.raises(Invalid):
        sign_in("tom@example.org", "wrong")


def test_the_owner_gets_in_from_a_known_device_while_strangers_hammer(vilma):
    for _ in range(10):
        with pytest.raises(Invalid):
            sign_in(password="wrong")
    with pytest.raises(TooMany):
        sign_in()
    lane = devices.lane_of(devices.device_mark(vilma.email), vilma.email)
    assert sign_in(lane=lane)


def test_an_honest_owner_is_never_counted_out(vilma):
    for _ in range(12):
        assert sign_in()


def test_a_hash_of_older_settings_is_made_anew_at_sign_in(vilma):
    vilma.password_hash = PasswordHasher(1, 8192, 1).hash(GOOD)
    db.session.commit()
    sign_in()
    assert "m=19456,t=2,p=1" in vilma.password_hash


def test_of_two_who_sign_in_with_one_password_at_once_both_get_in(vilma):
    both = [signing.knock(vilma.email, network="192.0.2.1") for _ in range(2)]
    assert all(signing.enter(knocked, GOOD, "Firefox") for knocked in both)


def test_a_password_that_was_changed_during_the_comparison_does_not_open(vilma):
    knocked = signing.knock("vilma@example.org", network="192.0.2.1")
    vilma.password_hash = passwords.hash_password("another sentence of mine")
    db.session.commit()
    with pytest.raises(Invalid, match=ONE_SENTENCE):
        signing.enter(knocked, GOOD, "Firefox")
