"""Which letters can be printed."""

import pytest

from mtd_learning.certification import glyphs


@pytest.mark.parametrize(
    "name",
    [
        "Vilma Virtanen",
        "Zoë Ångström-Šimková",
        "Ελένη Παπαδοπούλου",
        "Příliš žluťoučký kůň",
        "İbrahim Şükrü Ağaoğlu",
        "Ľudovít Štúr",
        "Nguyễn Thị Ánh Tuyết",
        "Пётр Ильич",
        "فاطمة الزهراء",
        "שרה כהן",
        "O’Brien",
    ],
)
def test_names_of_our_countries_and_neighbours_can_be_printed(name):
    assert glyphs.unprintable(name) == ""


def test_letters_without_a_font_are_named_once_each():
    assert glyphs.unprintable("漢字漢 Vilma 😀") == "漢字😀"


def test_what_cannot_be_printed_is_left_out_of_other_texts():
    assert glyphs.printable("Home 😀, ”päivä” – Ελλάδα") == "Home , ”päivä” – Ελλάδα"
