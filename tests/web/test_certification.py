"""My certificates: what is missing, getting one, its paper, and what its page shows."""

import re

import pytest
from flask import g
from lxml import html
from sqlalchemy import func, select

from mtd_learning.base.db import db
from mtd_learning.base.jobs import Job
from mtd_learning.certification.models import Certificate
from mtd_learning.learning import service as learning
from mtd_learning.library import service as library
from mtd_learning.web import mailer


@pytest.fixture
def course(app) -> library.Current:
    """Return a published course, as somebody with English and Finland reads it."""
    return library.courses_for(library.variants_for("en", "FI"))[0]


@pytest.fixture
def finish(course):
    """Return a function that lets a person do every required unit, or leave the last one out."""

    def do(user, *, all_but: int = 0) -> None:
        learning.enrol(user.id, course.course_key)
        db.session.flush()
        standing = learning.standing_of(user.id, course.course_key)
        units = [
            (f"{module['id']}/{unit['id']}", unit.get("revision", 1))
            for module in course.manifest["modules"]
            for unit in module["units"]
            if unit["required"]
        ]
        for key, revision in units[: len(units) - all_but]:
            learning.mark(standing, key, "done", revision, course.id)
        learning.finish_if_complete(standing, course)
        db.session.commit()

    return do


@pytest.fixture
def certified(cast, course, finish, signed_in):
    """Return Vilma's browser and her certificate."""
    finish(cast.vilma)
    browser = signed_in(cast.vilma)
    answer = browser.post(f"/certificates/{course.course_key}", data={"name": "Vilma Virtanen"})
    assert answer.status_code == 303
    return browser, db.session.scalar(select(Certificate))


def begin_anew() -> None:
    """Forget what the last request kept: in a test all requests share one context."""
    for name in list(g):
        g.pop(name)


def certificates_made() -> int:
    return db.session.scalar(select(func.count(Certificate.id)))


def test_my_certificates_ask_for_a_sign_in(client):
    answer = client.get("/certificates")
    assert answer.status_code == 303 and "/certificates" in answer.location


def test_a_person_without_a_course_is_shown_the_way_to_the_courses(cast, signed_in):
    page = signed_in(cast.vilma).get("/certificates").text
    assert "You have no certificate yet" in page and 'href="/courses"' in page


def test_what_is_still_missing_is_said_in_words(cast, course, finish, signed_in):
    finish(cast.vilma, all_but=1)
    last = [
        (module, unit)
        for module in course.manifest["modules"]
        for unit in module["units"]
        if unit["required"]
    ][-1]
    page = signed_in(cast.vilma).get("/certificates").text
    assert "Still missing" in page
    summary = " ".join(html.fromstring(page).xpath("string(//main//summary)").split())
    assert summary.endswith(f"1 step · about {last[1]['minutes']} min")
    assert f"/learn/{course.course_key}" in page


def test_a_course_under_way_gives_no_certificate(cast, course, finish, signed_in):
    finish(cast.vilma, all_but=1)
    answer = signed_in(cast.vilma).post(
        f"/certificates/{course.course_key}", data={"name": "Vilma"}
    )
    assert answer.status_code == 409 and "not complete yet" in answer.text
    assert certificates_made() == 0


def test_a_course_never_joined_gives_no_certificate(cast, course, signed_in):
    answer = signed_in(cast.vilma).post(
        f"/certificates/{course.course_key}", data={"name": "Vilma"}
    )
    assert answer.status_code == 404 and certificates_made() == 0


def test_a_finished_course_offers_the_certificate_with_my_name_filled_in(cast, finish, signed_in):
    finish(cast.vilma)
    page = signed_in(cast.vilma).get("/certificates").text
    assert "You have completed" in page and 'value="Vilma"' in page


def test_a_certificate_is_issued_by_my_organisation_with_the_confirmed_name(certified):
    browser, certificate = certified
    assert certificate.holder_name_snapshot == "Vilma Virtanen"
    assert certificate.issuer_name == "Särö" and certificate.issuer_country == "FI"
    assert certificate.number.startswith("SARO-")
    page = browser.get("/certificates").text
    assert certificate.number in page and "Get my certificate" not in page


def test_somebody_without_an_organisation_gets_it_from_the_site(
    make_user, course, finish, signed_in, app
):
    ada = make_user("Ada", organisation=None)
    finish(ada)
    signed_in(ada).post(f"/certificates/{course.course_key}", data={"name": "Ada"})
    certificate = db.session.scalar(select(Certificate))
    assert certificate.issuer_name == app.extensions["mtd"].settings.site_name
    assert certificate.organisation_id is None and certificate.number.startswith("MTD-")


def test_sending_the_form_twice_gives_one_certificate(certified, course):
    browser, _ = certified
    again = browser.post(f"/certificates/{course.course_key}", data={"name": "Other"})
    assert again.status_code == 303 and certificates_made() == 1


@pytest.mark.parametrize("name", ["", "   ", "W" * 201, "Vilma 😀"])
def test_a_name_that_cannot_be_printed_brings_the_form_back(cast, course, finish, signed_in, name):
    finish(cast.vilma)
    answer = signed_in(cast.vilma).post(f"/certificates/{course.course_key}", data={"name": name})
    assert answer.status_code == 400 and certificates_made() == 0
    field = f"name-{course.course_key}"
    assert f'href="#{field}"' in answer.text and f'id="{field}"' in answer.text
    assert "<title>Put this right: My certificates" in answer.text
    assert 'name="next" value="/certificates"' in answer.text
    if name.strip():
        assert name[:20] in answer.text


def test_a_hostile_name_is_shown_as_words(cast, course, finish, signed_in):
    finish(cast.vilma)
    browser = signed_in(cast.vilma)
    browser.post(f"/certificates/{course.course_key}", data={"name": "<script>x</script>"})
    page = browser.get("/certificates").text
    assert "&lt;script&gt;x" in page and "<script>x" not in page


def test_the_holder_opens_the_paper(certified):
    browser, certificate = certified
    answer = browser.get(f"/certificates/{certificate.number}.pdf")
    assert answer.status_code == 200 and answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF") and "no-store" in answer.headers["Cache-Control"]
    assert certificate.number in answer.headers["Content-Disposition"]


def test_a_stranger_does_not_find_my_paper_or_my_switches(certified, cast, signed_in):
    _, certificate = certified
    begin_anew()
    stranger = signed_in(cast.kostas)
    number = certificate.number
    assert stranger.get(f"/certificates/{number}.pdf").status_code == 404
    assert (
        stranger.post(f"/certificates/{number}/share-name", data={"on": "yes"}).status_code == 404
    )
    assert stranger.post(f"/certificates/{number}/hide-page", data={"on": "yes"}).status_code == 404
    kept = db.session.scalar(select(Certificate))
    assert not kept.share_name and not kept.page_hidden


def test_the_paper_asks_for_a_sign_in(certified, app):
    _, certificate = certified
    begin_anew()
    answer = app.test_client().get(f"/certificates/{certificate.number}.pdf")
    assert answer.status_code == 303


def test_the_holder_switches_the_name_on_and_the_page_off(certified, app):
    browser, certificate = certified
    stranger = app.test_client()
    page = f"/verify/{certificate.public_code}"
    assert "Vilma Virtanen" not in stranger.get(page).text
    browser.post(f"/certificates/{certificate.number}/share-name", data={"on": "yes"})
    assert "Vilma Virtanen" in stranger.get(page).text
    browser.post(f"/certificates/{certificate.number}/hide-page", data={"on": "yes"})
    assert stranger.get(page).status_code == 404
    assert "is hidden" in browser.get("/certificates").text
    assert browser.get(f"/certificates/{certificate.number}.pdf").status_code == 200
    browser.post(f"/certificates/{certificate.number}/hide-page", data={"on": "no"})
    browser.post(f"/certificates/{certificate.number}/share-name", data={"on": "no"})
    assert "Vilma Virtanen" not in stranger.get(page).text


def test_the_letter_says_where_the_certificate_is(certified):
    _, certificate = certified
    job = db.session.scalar(select(Job).where(Job.kind == "mail"))
    letter = mailer.render(job.values["template"], "en", job.values["values"])
    assert certificate.course_title in letter.subject
    for words in (letter.text, letter.html):
        assert certificate.number in words and certificate.page_address in words
        assert re.search(r"https?://[^\s\"]+/certificates\b", words)
