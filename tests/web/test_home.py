"""Pages without sign-in: start, catalogue, looking in, help now, words, health."""

import re

from mtd_learning import glossary, upkeep
from mtd_learning.upkeep import Finding


def test_the_process_says_that_it_lives(browse):
    answer = browse().get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_the_site_is_ready_when_database_content_and_disk_are_there(browse, monkeypatch):
    answer = browse().get("/readyz")
    assert answer.status_code == 200 and answer.text.count(": ok") == 3
    monkeypatch.setattr(upkeep, "_disk", lambda folder: Finding("disk", False, f"full: {folder}"))
    answer = browse().get("/readyz")
    assert answer.status_code == 503 and "disk: not ok" in answer.text
    assert "/" not in answer.text  # no paths of the machine


def test_a_stranger_finds_the_courses_and_the_way_to_them(browse):
    page = browse().get("/courses").text
    assert "A tiny course" in page and 'href="/courses/tiny"' in page


def test_a_stranger_reads_the_first_module_and_no_other(browse):
    browser = browse()
    page = browser.get("/courses/tiny").text
    first = re.findall(r'href="(/courses/tiny/[^"]+)"', page)
    assert first and all(address.startswith("/courses/tiny/m1-blocks/") for address in first)
    for address in first:
        assert browser.get(address).status_code == 200
    answer = browser.get("/courses/tiny/m2-short/law")
    assert answer.status_code == 403 and "when you have joined" in answer.text


def test_looking_in_shows_nothing_to_press_and_keeps_nothing(browse):
    page = browse().get("/courses/tiny/m1-blocks/doing").text
    assert "What is open?" in page and "/handler/" not in page
    assert not re.search(r"Not this time|correct", page)


def test_help_now_shows_the_numbers_of_the_chosen_country(browse):
    page = browse().get("/help-now?country=FI").text
    assert 'href="tel:112"' in page and "Finland" in page


def test_help_now_says_so_where_a_country_has_no_numbers_yet(browse):
    for code in ("SE", "XX", "<b>"):
        page = browse().get("/help-now", query_string={"country": code})
        assert page.status_code == 200 and "<b>" not in page.text.split("<main", 1)[1][:3000]


def test_help_now_knows_the_country_of_the_signed_in(learner):
    assert 'href="tel:112"' in learner.browser.get("/help-now").text


def test_the_start_page_of_a_learner_has_one_big_continue(learner):
    page = learner.browser.get("/").text
    assert page.count('href="/learn/tiny/m1-blocks/words"') >= 1 and "Begin" in page


def test_words_are_explained_in_the_readers_language(browse):
    browser = browse()
    assert browser.get("/words").status_code == 200
    browser.post("/language", data={"language": "fi"})
    assert 'lang="fi"' in browser.get("/words").text


def test_every_link_to_a_word_finds_its_place_on_the_page(browse):
    page = browse().get("/words").text
    assert all(f'<div id="{term["key"]}">' in page for term in glossary.terms())


def test_statements_are_there(browse):
    for address in ("/privacy", "/accessibility"):
        assert browse().get(address).status_code == 200
