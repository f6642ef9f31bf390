"""Passwords: kept as argon2id, judged before, equally slow for nobody."""

import time
import unicodedata

import pytest
from argon2 import PasswordHasher

from mtd_learning.errors import Invalid
from mtd_learning.people import passwords

GOOD = "the lake is still in May"


def test_a_password_is_kept_as_argon2id_with_19_mib_two_rounds_one_lane():
    assert passwords.hash_password(GOOD).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_the_right_password_opens_and_a_wrong_one_does_not():
    kept = passwords.hash_password(GOOD)
    assert passwords.check(kept, GOOD).right
    assert not passwords.check(kept, GOOD + "!").right


def test_a_letter_typed_as_two_signs_is_the_same_letter():
    kept = passwords.hash_password("Särö on järven rannalla")
    assert passwords.check(kept, unicodedata.normalize("NFD", "Särö on järven rannalla")).right


def test_a_hash_made_with_weaker_settings_is_called_outdated():
    weaker = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(GOOD)
    assert passwords.check(weaker, GOOD).outdated
    assert not passwords.check(passwords.hash_password(GOOD), GOOD).outdated


def test_nobody_takes_as_long_as_somebody():
    kept = passwords.hash_password(GOOD)

    def seconds(of: str | None) -> float:
        begun = time.process_time()
        passwords.check(of, "a wrong password")
        return time.process_time() - begun

    rounds = [(seconds(kept), seconds(None)) for _ in range(5)]
    somebody, nobody = (min(one) for one in zip(*rounds, strict=True))
    assert nobody == pytest.approx(somebody, rel=0.5)


def test_nobodys_password_is_never_right():
    assert not passwords.check(None, "").right


def test_a_damaged_hash_opens_nothing():
    assert not passwords.check("$argon2id$broken", GOOD).right


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("kurz", "at least 10"),
        ("x" * 201, "at most 200"),
        ("Password1234", "guess"),
        ("aaaaaaaaaaaa", "guess"),
        ("vilma.virtanen@example.org", "guess"),
        ("Vilma Virtanen", "guess"),
    ],
)
def test_a_password_that_would_be_guessed_early_is_refused(password, sentence):
    with pytest.raises(Invalid, match=sentence) as refusal:
        passwords.refuse_weak(password, email="vilma.virtanen@example.org", name="Vilma Virtanen")
    assert refusal.value.field == "password"


def test_a_sentence_of_ones_own_is_a_good_password():
    passwords.refuse_weak(GOOD, email="vilma@example.org", name="Vilma")


def test_a_megabyte_of_password_costs_no_more_than_a_short_one():
    kept = passwords.hash_password(GOOD)
    assert not passwords.check(kept, "x" * 1_000_000).right
