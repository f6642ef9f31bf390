"""Words of the field are found in all their forms, linked once, and nowhere they do not belong."""

import re
import time

import pytest

from mtd_learning import glossary
from mtd_learning.glossary import FirstMentions, definition, found_in, terms


def keys(text: str, language: str = "en") -> list[str]:
    return [key for _, _, key in found_in(text, language)]


def words(text: str, language: str = "en") -> list[str]:
    return [text[start:end] for start, end, _ in found_in(text, language)]


@pytest.fixture
def first() -> FirstMentions:
    return FirstMentions("/words", "What this word means")


def linked(text: str) -> list[tuple[str, str]]:
    return re.findall(r'<a class="term" href="/words#([a-z-]+)"[^>]*>([^<]*)</a>', text)


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("Two Volunteers meet.", "en", ["Volunteers"]),
        ("A child protection report to child welfare", "en", None),
        ("The parent’s addiction and the parents' addiction", "en", None),
        ("Tukihenkilönäkin kysyt koordinaattoriltasi.", "fi", None),
        ("riippuvuudestaan, riippuvuutta, riippuvuuteen", "fi", None),
        ("laiminlyönneistä ja väkivallasta", "fi", ["laiminlyönneistä", "väkivallasta"]),
        ("lastensuojeluilmoituksen", "fi", ["lastensuojeluilmoituksen"]),
        ("työnohjauksessa, vertaistuesta", "fi", None),
        ("Rikostaustaotteen näyttää vapaaehtoinen.", "fi", ["Rikostaustaotteen", "vapaaehtoinen"]),
        ("Ta upp återfall i handledning.", "sv", ["återfall", "handledning"]),
    ],
)
def test_a_word_is_found_in_its_forms(text: str, language: str, found: list[str] | None):
    assert words(text, language) == found if found else len(words(text, language)) >= 2


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("volunteering, volunteerism, non-volunteer", "en"),
        ("unconsented mismatch", "en"),
        ("tukihenkilötoiminta, lastensuojelulaki, vapaaehtoisesti", "fi"),
        ("väkivaltainen, todistaa, suostuu", "fi"),
        ("pár dnů", "cs"),
    ],
)
def test_no_word_is_found_inside_another(text: str, language: str):
    assert words(text, language) == []


def test_the_longest_form_wins():
    assert keys("the volunteer coordinator") == ["volunteer-coordinator"]
    assert keys("lastensuojeluilmoitus", "fi") == ["child-protection-report"]


def test_a_word_is_linked_where_it_first_appears_and_only_there(first):
    made = first.marked("<p>A volunteer and volunteers.</p>", "en")
    again = first.marked("<p>The volunteer. A referral.</p>", "en")
    assert linked(made) == [("volunteer", "volunteer")]
    assert linked(again) == [("referral", "referral")]


def test_the_link_says_what_the_word_means(first, monkeypatch):
    assert 'title="Person giving time unpaid' in first.marked("<p>a volunteer</p>", "en")
    assert f'title="{definition("consent", "fi")}"' in first.marked("<p>suostumus</p>", "fi")
    monkeypatch.setattr(glossary, "definition", lambda key, language: "")
    other = FirstMentions("/words", 'Say "what"')
    assert 'title="Say &quot;what&quot;"' in other.marked("<p>återfall</p>", "sv")


@pytest.mark.parametrize(
    "text",
    [
        "<h2>Volunteer</h2><h3>A <em>volunteer</em></h3>",
        '<p><a href="/x">the <strong>volunteer</strong> page</a></p>',
        "<p><code>volunteer</code></p><pre>volunteer</pre>",
        "<p>Call {{ helpline }}.</p>",
        '<p title="volunteer">x</p>',
    ],
)
def test_headings_links_code_and_facts_are_left_alone(first, text: str):
    assert first.marked(text, "en") == text


def test_what_is_around_a_link_stays_as_it_was(first):
    text = "<p>A &amp; B: <em>volunteer</em>’s <br>consent &lt;volunteer&gt;</p>"
    made = first.marked(text, "en")
    assert re.sub(r"</?a[^>]*>", "", made) == text
    assert [key for key, _ in linked(made)] == ["volunteer", "consent"]


def test_every_word_has_forms_in_english_and_finnish_that_find_it():
    for term in terms():
        assert term["definition_en"] and term["definition_fi"]
        for language in ("en", "fi"):
            for form in glossary.forms(term, language):
                found = keys(f"x {form.rstrip('*')} x", language)
                assert found == [term["key"]], (form, found)


def test_no_form_stands_for_two_words():
    for language in ("en", "fi", "sv"):
        every = [form for term in terms() for form in glossary.forms(term, language)]
        doubled = {form for form in every if every.count(form) > 1}
        assert not doubled


def test_a_name_that_nobody_has_confirmed_is_not_looked_for():
    for term in terms():
        for language in set(term["uncertain"]) - {"all"}:
            if language not in term["forms"]:
                assert glossary.forms(term, language) == []


def test_both_words_of_a_stroke_are_looked_for():
    term = {"es": "voluntario/a", "de": "Ehrenamtliche/r", "uncertain": []}
    assert glossary.forms(term, "es") == ["voluntario", "voluntaria"]
    assert "Ehrenamtlicher" in glossary.forms(term, "de")


def test_braces_that_are_never_closed_hold_nobody_up(first):
    began = time.process_time()
    text = "<p>" + "{{" * 30_000 + "</p>"
    assert first.marked(text, "en") == text
    assert time.process_time() - began < 2
