"""The state of the content, for those who look after it."""


def test_every_variant_is_listed_with_what_it_lacks(cast, browse):
    page = browse(cast.lena).get("/content")
    assert page.status_code == 200
    for words in ("en-FI", "fi-FI", "nl-BE", "A line to call"):
        assert words in page.text


def test_a_volunteer_does_not_see_it(cast, browse):
    assert browse(cast.vilma).get("/content").status_code == 403


def test_the_start_page_leads_there_those_who_may_see_it(cast, browse):
    way = 'href="/content"'
    assert way in browse(cast.lena).get("/").text
    assert way not in browse(cast.vilma).get("/").text
