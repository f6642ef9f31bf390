"""A refusal becomes a page in plain words with a way on, whatever went wrong."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from mtd_learning import errors
from mtd_learning.app import create_app
from mtd_learning.base.db import db
from tests.conftest import settings_for

SENTENCE = errors.N_("This cannot be done now.")


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (errors.Invalid, 400),
        (errors.Forbidden, 403),
        (errors.NotFound, 404),
        (errors.Conflict, 409),
        (errors.Expired, 410),
        (errors.TooMany, 429),
        (errors.Unavailable, 503),
        (errors.MtdError, 400),
    ],
)
def test_each_refusal_has_its_status_its_sentence_and_a_way_on(kind, status, browse, monkeypatch):
    def refuse(published):
        raise kind(SENTENCE)

    monkeypatch.setattr("mtd_learning.web.home._cards", refuse)
    answer = browse().get("/courses")
    assert answer.status_code == status and SENTENCE in answer.text
    assert 'href="/"' in answer.text and 'href="/help-now"' in answer.text


def test_an_unknown_address_is_told_in_words(browse):
    for address in (
        "/nowhere",
        "/courses/nowhere",
        "/courses/tiny/m1-blocks/nowhere",
        "/verify/x/y",
    ):
        answer = browse().get(address)
        assert answer.status_code == 404 and "There is no" in answer.text, address


def test_an_unknown_address_is_told_in_the_readers_language(browse):
    answer = browse().get("/nowhere", headers={"Accept-Language": "fi"})
    assert answer.status_code == 404 and 'lang="fi"' in answer.text
    assert "There is no page" not in answer.text


def test_an_address_used_in_the_wrong_way_names_the_right_ones(browse):
    answer = browse().post("/courses", data={})
    assert answer.status_code == 405 and "GET" in answer.headers["Allow"]
    assert "cannot be used in this way" in answer.text


def test_a_form_that_is_too_large_is_refused_in_words(learner):
    answer = learner.browser.post("/language", data={"language": "x" * (1024 * 1024 + 1)})
    assert answer.status_code == 413 and "too large" in answer.text


def test_a_form_without_its_token_is_refused_in_words(learner, app, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    answer = learner.browser.post("/learn/tiny/m1-blocks/words/go-on")
    assert answer.status_code == 400 and "open for too long" in answer.text


def test_another_language_leads_from_a_refused_form_to_a_page_that_can_be_read(learner):
    answer = learner.browser.post("/words")
    assert answer.status_code == 405 and 'name="next" value="/"' in answer.text


@pytest.mark.parametrize(
    "address",
    [
        *("/static/%00", "/x-res/shared/1/%00", "/static/../app.py"),
        *(f"/static/{'a' * 300}", f"/x-res/shared/1/{'ä' * 200}", f"/courses/{'9' * 5000}"),
        *("/courses/%00", "/courses/a%00b/trainer", "/learn/%00", "/certificates/%00.pdf"),
        *("/learn/tiny/m1-blocks/%00", f"/learn/tiny/m1-blocks/doing/attempts/q/{'9' * 5000}"),
    ],
)
def test_a_strange_address_is_not_found_and_breaks_nothing(learner, address):
    assert learner.browser.get(address).status_code == 404


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/nowhere", 404),
        ("POST", "/courses", 405),
        ("POST", "/language", 400),
        ("GET", "/learn/tiny", 503),
    ],
)
def test_an_error_page_needs_no_database(learner, app, monkeypatch, method, address, status):
    def gone(*_):
        raise OperationalError("SELECT", {}, Exception("the connection is bad"))

    monkeypatch.setattr("mtd_learning.people.sessions.session_of", gone)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    answer = learner.browser.open(address, method=method)
    assert answer.status_code == status and 'href="/help-now"' in answer.text


def test_what_broke_is_logged_under_a_number_that_the_page_tells_without_tokens_and_values(
    tmp_path, monkeypatch, caplog
):
    site = create_app(settings_for(tmp_path, testing=False))

    def burst(**_):
        db.session.execute(text("SELECT :email FROM nowhere"), {"email": "vilma@example.org"})

    monkeypatch.setitem(site.view_functions, "account.sign_in_by_link", burst)
    answer = site.test_client().get("/sign-in/a-secret-token", headers={"Accept-Language": "fi"})
    number = answer.headers["X-Request-Id"]
    assert answer.status_code >= 500 and f"mainitse tämä numero: {number}" in answer.text
    assert caplog.text and "vilma" not in caplog.text and "a-secret-token" not in caplog.text
    monkeypatch.setitem(site.view_functions, "account.sign_in_by_link", lambda **_: 1 / 0)
    caplog.clear()
    assert site.test_client().get("/sign-in/a-secret-token").status_code == 500
    assert "/sign-in/<token>" in caplog.text and "a-secret-token" not in caplog.text
    assert "X-Request-Id" not in site.test_client().get("/nowhere").headers
