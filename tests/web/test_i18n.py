"""Language and country of a reader: own setting, cookie, browser, the site's first."""

import pytest

from mtd_learning.web import i18n


def lang(answer) -> str:
    return answer.text.split('<html lang="', 1)[1].split('"', 1)[0]


def test_the_language_of_the_browser_is_taken_and_else_the_first(browse):
    assert lang(browse().get("/", headers={"Accept-Language": "fi-FI,fi;q=0.9"})) == "fi"
    assert lang(browse().get("/", headers={"Accept-Language": "ja"})) == "en"


def test_a_chosen_language_goes_before_that_of_the_browser_and_keeps_the_page(browse):
    browser = browse()
    answer = browser.post("/language", data={"language": "fi", "next": "/courses/tiny?a=1"})
    assert (answer.status_code, answer.location) == (303, "/courses/tiny?a=1")
    assert lang(browser.get("/courses/tiny", headers={"Accept-Language": "en"})) == "fi"


def test_a_person_keeps_the_chosen_language_on_every_device(learner, browse):
    learner.browser.post("/language", data={"language": "fi", "next": "/learn/tiny"})
    assert lang(browse(learner.user).get("/learn/tiny")) == "fi"


def test_an_unknown_language_changes_nothing(browse):
    browser = browse()
    assert browser.post("/language", data={"language": "xx"}).status_code == 303
    assert lang(browser.get("/")) == "en"


@pytest.mark.parametrize("cookie", ["fi", "F", "FIN", "F1", "<script>", "é"])
def test_a_country_that_is_no_country_is_nobodys(browse, app, cookie):
    with app.test_request_context(headers={"Cookie": f"{i18n.COUNTRY_COOKIE}={cookie}"}):
        assert i18n.country() is None


def test_a_unit_is_read_in_the_chosen_language(learner):
    address = "/learn/tiny/m1-blocks/words"
    english = learner.browser.get(address).text
    learner.browser.post("/language", data={"language": "fi", "next": address})
    finnish = learner.browser.get(address).text
    assert "A door is" in english and "A door is" not in finnish


def test_names_of_languages_are_written_as_their_speakers_write_them():
    assert [i18n.name_of(code) for code in ("fi", "sv", "en")] == ["Suomi", "Svenska", "English"]
    assert (i18n.direction("ar"), i18n.direction("fi")) == ("rtl", "ltr")


def test_every_sentence_of_the_interface_has_finnish_words():
    assert not i18n.has_gaps("fi") and not i18n.has_gaps("en")
    assert i18n.translate("There is no page at this address.", "fi") != (
        "There is no page at this address."
    )
