"""Names, codes, numbers and standing of certificates."""

from datetime import UTC, date, datetime

import pytest

from mtd_learning.certification import rules

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
TODAY = date(2026, 11, 21)


def test_a_code_is_twenty_crockford_letters_and_never_twice_the_same():
    codes = {rules.new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(len(code) == 20 and set(code) <= set(rules.ALPHABET) for code in codes)
    assert set("ILOU").isdisjoint(rules.ALPHABET) and len(rules.ALPHABET) == 32


@pytest.mark.parametrize(
    "typed",
    [
        "01HABCDEFGHJKMNPQRST",
        "01habcdefghjkmnpqrst",
        "01HAB-CDEFG-HJKMN-PQRST",
        " 01HAB CDEFG\tHJKMN PQRST ",
        "01HAB–CDEFG–HJKMN–PQRST",
        "OIHABCDEFGHJKMNPQRST",
        "oLhabcdefghjkmnpqrst",
    ],
)
def test_a_code_is_read_as_people_type_it(typed):
    assert rules.read_code(typed) == "01HABCDEFGHJKMNPQRST"


@pytest.mark.parametrize(
    "typed", ["", "A" * 19, "A" * 21, "U" * 20, "A" * 19 + "Ä", "A" * 19 + "\0", "A" * 9999]
)
def test_what_cannot_be_a_code_is_none(typed):
    assert rules.read_code(typed) is None


def test_a_code_read_from_its_printed_groups_is_the_same_code():
    code = rules.new_code()
    assert rules.read_code(rules.spaced_code(code)) == code


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("  Vilma \n Virtanen ", "Vilma Virtanen"),
        ("Zoe\u0308", "Zoë"),
        ("Vilma\u202enenatriV\u202c", "VilmanenatriV"),
        ("Vil\u0000ma", "Vil ma"),
        ("\u200b", ""),
    ],
)
def test_a_name_is_printed_on_one_line_and_never_turned_round(typed, printed):
    assert rules.clean_name(typed) == printed


@pytest.mark.parametrize(
    "typed", ["zoë ångström", "ZOË  ÅNGSTRÖM", "Zoe\u0308 A\u030angström", "ZoëÅngström"]
)
def test_case_spaces_and_letter_forms_do_not_count_when_names_are_compared(typed):
    assert rules.same_name("Zoë Ångström", typed)


@pytest.mark.parametrize("typed", ["Zoe Angstrom", "Zoë", "", " "])
def test_another_name_is_another_name(typed):
    assert not rules.same_name("Zoë Ångström", typed)


def test_an_empty_name_is_nobodys():
    assert not rules.same_name("", "")


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Vilma Virtanen", "V. V."),
        ("zoë ångström-Šimková", "Z. Å."),
        ("Ελένη Παπαδοπούλου", "Ε. Π."),
        ("فاطمة", "ف."),
        ("'t Hooft", "T. H."),
        ("", ""),
    ],
)
def test_initials_stand_for_a_name(name, short):
    assert rules.initials(name) == short


def test_a_certificate_without_an_end_stays_valid():
    assert rules.standing("valid", NOW, None, date(2126, 1, 1)) == "valid"


def test_a_certificate_is_valid_on_its_last_day_and_expired_on_the_next():
    until = datetime(2028, 11, 21, tzinfo=UTC)
    assert rules.standing("valid", NOW, until, date(2028, 11, 21)) == "valid"
    assert rules.standing("valid", NOW, until, date(2028, 11, 22)) == "expired"


def test_a_certificate_is_not_valid_before_its_first_day():
    assert rules.standing("valid", NOW, None, date(2026, 11, 20)) == "early"
    assert rules.standing("valid", NOW, None, TODAY) == "valid"


def test_a_state_that_is_not_known_is_never_called_valid():
    assert rules.standing("revoked", NOW, None, TODAY) == "invalid"


def test_outcomes_come_from_every_module_before_the_second_of_any():
    outcomes = [{"module": m, "text": f"{m}{n}"} for m in "abc" for n in (1, 2, 3)]
    chosen = [outcome["text"] for outcome in rules.outcomes_in_turn(outcomes, 5)]
    assert chosen == ["a1", "b1", "c1", "a2", "b2"]


def test_the_elements_are_plain_words_with_their_language(manifest):
    manifest["modules"][1]["lang"] = "fi"
    found = rules.elements(manifest, assessment=[], participation="online", quality="pilot")
    assert found["minutes"] == 185 and found["live_minutes"] == 0
    assert found["outcomes"][1]["text"] == "Knows whom to tell the same day."
    assert found["outcomes"][2]["text"] == "Explains that addiction is never the child's fault."
    assert found["outcomes"][3]["language"] == "fi"
    assert found["level"] is None
