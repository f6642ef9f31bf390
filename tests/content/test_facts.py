"""A country's numbers, whose they are and how old."""

from datetime import date

import pytest

from mtd_learning.content import facts, overlay
from mtd_learning.content.variant import Variant


def filled(catalogue, name, translate=facts.untranslated):
    return facts.filled(overlay.resolve(catalogue, "tiny", Variant.parse(name)), translate)


def test_a_value_in_the_readers_language_is_taken(tiny):
    fact = filled(tiny, "sv-FI")["helpline"]
    assert (fact.value, fact.lang, fact.href) == ("0800 96 116", "sv", "tel:080096116")
    assert fact.layer == "FI"


def test_an_organisations_value_goes_before_its_countrys(tiny):
    assert filled(tiny, "fi-FI+saro")["helpline"].value == "09 123"
    assert filled(tiny, "fi-FI+saro-lahti")["helpline"].layer == "saro"


def test_the_countrys_value_in_the_language_goes_before_an_organisations_in_another(tiny):
    assert filled(tiny, "sv-FI+saro")["helpline"].value == "0800 96 116"


def test_a_value_in_another_language_keeps_its_language(tiny):
    fact = filled(tiny, "sv-FI")["report-to"]
    assert (fact.value, fact.lang, fact.missing) == ("lastensuojelu & kunta", "fi", False)
    assert filled(tiny, "fr-BE")["report-to"].lang == "nl"


def test_a_missing_fact_is_an_honest_sentence_in_the_readers_language(tiny):
    fact = filled(tiny, "nl-BE", lambda sentence, language: f"{language}: {sentence}")["law"]
    assert fact.missing
    assert fact.value == f"nl: {facts.ASK}"


def test_where_a_number_for_help_is_missing_the_reader_is_given_112(tiny):
    found = filled(tiny, "nl-BE").values()
    missing = [fact for fact in found if fact.missing and fact.owner == "country"]
    urgent = [fact for fact in missing if fact.type == "phone" or fact.required]
    assert urgent and all("112" in fact.value for fact in urgent)


def test_without_a_country_the_emergency_number_is_112_and_the_rest_asks_for_one(tiny):
    found = filled(tiny, "en")
    emergency = found["emergency"]
    assert (emergency.value, emergency.href, emergency.missing) == ("112", "tel:112", False)
    assert found["report-to"].value == facts.NO_COUNTRY


def test_a_country_that_gives_no_emergency_number_shows_112_and_is_told_so(tiny):
    emergency = filled(tiny, "nl-BE")["emergency"]
    assert (emergency.value, emergency.href, emergency.missing) == ("112", "tel:112", True)


def test_a_duty_is_a_sentence_that_can_be_translated(tiny):
    fact = filled(tiny, "fi-FI", lambda sentence, language: sentence.upper())["duty"]
    assert fact.value == facts.DUTIES["conditional"].upper()


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 8, 20), "fresh"),
        (date(2026, 11, 7), "fresh"),
        (date(2026, 11, 8), "aging"),
        (date(2026, 11, 28), "aging"),
        (date(2026, 11, 29), "old"),
    ],
)
def test_a_fact_ages_and_warns_at_80_percent_of_its_time(tiny, day, state):
    fact = filled(tiny, "fi-FI")["helpline"]
    assert fact.max_age_days == 100
    assert fact.state(day) == state


def test_a_fact_that_nobody_checked_says_so(tiny, today):
    assert filled(tiny, "fi-FI")["site"].state(today) == "unchecked"
    assert filled(tiny, "fi-FI")["law"].state(today) == "missing"


def test_a_day_that_has_not_come_is_no_check(tiny):
    assert filled(tiny, "fi-FI")["helpline"].state(date(2026, 8, 19)) == "unchecked"


@pytest.mark.parametrize("name", ["fi-FI+saro", "en-FI+saro", "fi-FI+saro-lahti"])
def test_an_organisation_gives_its_people_a_number_of_its_own(tiny, name):
    fact = filled(tiny, name)["duty-number"]
    assert (fact.value, fact.href, fact.layer) == ("09 456 (17–22)", "tel:09456", "saro")


@pytest.mark.parametrize(
    ("value", "dialled"),
    [
        ("116 111 (24 h)", "116111"),
        ("09 456 (17–22)", "09456"),
        ("(Mon–Fri)", None),
        ("+44 (0)20 7946 0000 (9-17)", "+4402079460000"),
        ("116 111 (MLL, every day)", "116111"),
    ],
)
def test_the_hours_behind_a_number_are_not_dialled(tiny_with, value, dialled):
    pack = "courses/tiny/countries/FI/pack.yaml"
    fact = filled(tiny_with(pack, "0800 96 116", value), "sv-FI")["helpline"]
    assert fact.href == (dialled and f"tel:{dialled}")


@pytest.mark.parametrize("name", ["fi-FI", "nl-BE", "en"])
def test_where_no_organisation_has_written_its_number_the_coordinator_knows_it(tiny, today, name):
    fact = filled(tiny, name, lambda sentence, language: f"{language}: {sentence}")["duty-number"]
    assert fact.missing and fact.href is None
    assert fact.value == f"{name[:2]}: {facts.NOT_WRITTEN}"
    assert fact.state(today) == "fresh"  # no country can be asked for it


def test_values_are_escaped_linked_and_marked_with_their_language(tiny):
    found = filled(tiny, "sv-FI")
    shown = facts.in_html("a {{ report-to }} b {{site}} c {{ emergency }}", found, "sv")
    assert shown == (
        'a <span lang="fi">lastensuojelu &amp; kunta</span> '
        'b <a href="https://example.org/?a=1&amp;b=2">https://example.org/?a=1&amp;b=2</a> '
        'c <a href="tel:112">112</a>'
    )


def test_an_unknown_name_stays_visible(tiny):
    found = filled(tiny, "fi-FI")
    assert facts.in_html("{{ nothing }}", found, "fi") == "[nothing?]"
    assert facts.in_plain("{{ nothing }} {{ emergency }}", found) == "{{ nothing }} 112"


def test_every_duty_code_of_the_domain_has_a_sentence():
    assert len(facts.DUTIES) == 9
    assert all(sentence.endswith(".") for sentence in facts.DUTIES.values())


def test_what_depends_on_the_country_leads_to_where_one_is_chosen(tiny):
    found = filled(tiny, "en")
    assert found["report-to"].href == facts.CHOOSE_COUNTRY
    said = facts.in_html("<p>{{ report-to }}</p>", found, "en")
    assert said == (
        '<p><span class="fact-missing">(<a href="/help-now">this depends on your country; '
        "choose your country to see it</a>)</span></p>"
    )
    assert filled(tiny, "nl-BE")["report-to"].href is None
