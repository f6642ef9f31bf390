"""Which spellings are the same word, language by language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtd_learning.assessment.folding import fold, number


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "Child  Protection", "child-protection"),
        ("en", "café", "cafe"),
        ("fi", "  ÄITI! ", "äiti"),
        ("fi-FI", "a\u0308iti", "äiti"),
        ("de", "Straße", "strasse"),
        ("de", "Jugendämter", "jugendaemter"),
        ("el", "ΠΑΙΔΊ", "παιδι"),
        ("el", "λόγος", "ΛΟΓΟΣ"),
        ("sk", "Dieťa", "dieta"),
        ("sl", "Otročje", "otrocje"),
        ("es", "Teléfono", "telefono"),
        ("da", "Råd", "raad"),
        ("tr", "IŞIK", "ışık"),
        ("sv", "ＡＢＣ", "abc"),
        ("en", "Łódź", "lodz"),
        ("sv", "Tromsø", "tromso"),
    ],
)
def test_spellings_that_a_language_forgives_are_one_word(language: str, one: str, other: str):
    assert fold(one, language) == fold(other, language)


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("fi", "saari", "sääri"),
        ("sv", "får", "far"),
        ("es", "año", "ano"),
        ("de", "schon", "schön"),
        ("da", "bør", "bor"),
        ("pl", "łaska", "laska"),
        ("uk", "її", "ии"),
        ("hi", "कि", "की"),
    ],
)
def test_letters_of_their_own_are_not_forgiven(language: str, one: str, other: str):
    assert fold(one, language) != fold(other, language)


@given(st.text(), st.sampled_from(["", "en", "fi", "de", "tr", "el", "ar", "xx"]))
def test_folding_twice_changes_nothing(text: str, language: str):
    once = fold(text, language)
    assert fold(once, language) == once


@pytest.mark.parametrize(
    ("told", "value"),
    [
        ("1 000,5", "1000.5"),
        ("1.000,5", "1000.5"),
        ("1,000.5", "1000.5"),
        ("\u22123", "-3"),
        (7, "7"),
        (".5", "0.5"),
        ("5.", "5"),
        ("1\u00a0000", "1000"),
        ("1'000", "1000"),
    ],
)
def test_a_number_is_read_as_people_write_it(told: object, value: str):
    read = number(told)
    assert read is not None and read == type(read)(value)


@pytest.mark.parametrize("told", [None, True, [], {}, "one", "1e9", "--1", "1.2.3", "NaN"])
def test_what_is_no_number_is_none(told: object):
    assert number(told) is None
