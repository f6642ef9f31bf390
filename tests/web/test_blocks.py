"""The doors of blocks: who may answer, what is refused, files and pictures."""

import re

import pytest
from sqlalchemy import select
from webob import Response as WebObResponse

from mtd_learning.base.db import db
from mtd_learning.blocks.services import Learner
from mtd_learning.learning.models import BlockScore
from mtd_learning.library import files
from mtd_learning.library import service as library
from mtd_learning.web import blocks, errors, reading

CHECK = "/x/tiny.m1-blocks.doing.one-question/handler/submit"
FORM = "application/x-www-form-urlencoded"


def test_an_answer_in_json_is_judged_and_told(learner):
    said = learner.browser.post(CHECK, json={"answer": "b"})
    assert said.mimetype == "application/json" and said.json["right"] is False
    assert learner.browser.post(CHECK, json={"answer": "a"}).json["right"] is True


@pytest.mark.parametrize("answer", ["a" * 5000, ["a" * 100] * 50, {"a": {"b": "c" * 5000}}])
def test_an_answer_longer_than_any_question_asks_for_is_not_kept(learner, answer):
    assert learner.browser.post(CHECK, json={"answer": answer}).status_code == 413
    assert "aaaaaaaaaa" not in learner.browser.get("/learn/tiny/m1-blocks/doing").text
    hand_in = "/x/tiny.m1-blocks.test.quiz/handler/hand_in"
    asked = ("call", "several", "yes-no", "word", "number", "in-order", "pairs", "gaps")
    sent = {"number": 1, "answers": dict.fromkeys(asked, answer)}
    assert learner.browser.post(hand_in, json=sent).status_code == 413


def test_an_answer_from_a_form_leads_back_to_the_block(learner):
    said = learner.browser.post(CHECK, data={"q.one-question": "a"})
    assert said.status_code == 303
    assert said.location.startswith("/learn/tiny/m1-blocks/doing#b-one-question")


def test_a_reader_has_a_name_for_strangers_that_only_this_site_can_make(app):
    with app.test_request_context():
        here = reading.reader().learner
    assert here.anonymous_id == Learner(0, key=b"only-for-tests").anonymous_id
    assert here.anonymous_id != Learner(0).anonymous_id


def test_who_is_signed_out_is_sent_to_the_door_and_their_script_is_told_so(browse):
    """A script that is led to a page would take it for an answer."""
    browser = browse()
    answer = browser.post(CHECK, data={"q.one-question": "a"})
    assert answer.status_code == 303 and answer.location.startswith("/sign-in")
    assert "You are signed out." in browser.get(answer.location).text
    told = browser.post(CHECK, json={"answer": "a"})
    assert (told.status_code, told.json) == (401, {"error": "You are signed out."})
    assert browser.post(CHECK, headers={"Sec-Fetch-Dest": "empty"}).status_code == 401
    assert "You are signed out." not in browser.get("/sign-in").text


@pytest.mark.parametrize(
    "address",
    [
        "/x/tiny.m1-blocks.doing.one-question/handler/explode",
        "/x/tiny.m1-blocks.doing.one-question/handler/student_view",
        "/x/tiny.m1-blocks.doing.nowhere/handler/submit",
        "/x/tiny.m1-blocks.nowhere.a/handler/submit",
        "/x/tiny.nowhere.u.a/handler/submit",
        "/x/nowhere.m.u.a/handler/submit",
        "/x/tiny/handler/submit",
        "/x/..../handler/submit",
        "/x/a b.c.d.e/handler/submit",
    ],
)
def test_an_unknown_block_or_handler_is_not_found(learner, address):
    assert learner.browser.post(address, json={}).status_code == 404


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"[" * 5000, "application/json"),
        (b"null", "application/json"),
        (b"\x00", "application/x-www-form-urlencoded"),
        (b"--x\r\n", "multipart/form-data; boundary=x"),
    ],
)
def test_a_body_that_makes_no_sense_is_refused_or_asked_for_again(learner, body, kind):
    answer = learner.browser.post(CHECK, data=body, content_type=kind)
    assert answer.status_code in (303, 400, 413)


def test_a_broken_body_to_a_block_of_somebody_else_is_refused_in_json(learner):
    door = "/x/tiny.m1-blocks.test.strange/handler/vote"
    answer = learner.browser.post(door, data=b"{", content_type="application/json")
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("method", "values", "status"),
    [
        ("GET", {}, 405),
        ("POST", {"data": {"note": "x" * 300_000}}, 413),
        ("POST", {"data": b"a=b", "content_type": f"{FORM}; charset=bogus"}, 400),
    ],
)
def test_a_browser_that_waits_for_a_page_is_refused_by_a_page(learner, method, values, status):
    headers = {"Accept": "text/html,*/*"}
    answer = learner.browser.open(CHECK, method=method, headers=headers, **values)
    assert answer.status_code == status and answer.mimetype == "text/html"
    assert 'href="/"' in answer.text and 'href="/help-now"' in answer.text


@pytest.mark.parametrize("accept", ["application/json, */*; q=0.01", "*/*", "", "text/html"])
def test_a_script_is_told_in_json_what_broke_or_was_refused_and_a_page_by_a_page(
    app, learner, monkeypatch, accept
):
    monkeypatch.setitem(app.error_handler_spec[None][None], Exception, errors.surprise)
    kind = "text/html" if accept == "text/html" else "application/json"
    for door, status in (("vote", 500), ("nowhere", 404)):
        address = f"/x/tiny.m1-blocks.test.strange/handler/{door}"
        answer = learner.browser.post(address, json={}, headers={"Accept": accept})
        assert (answer.status_code, answer.mimetype) == (status, kind)
        assert ("X-Request-Id" in answer.headers) is (status == 500)
        assert answer.is_json is False or set(answer.json) == {"error"}


def test_more_than_a_megabyte_is_refused(learner):
    answer = learner.browser.post(CHECK, data=b"x" * (1024 * 1024 + 1))
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Origin": "http://localhost"}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 400),
        ({"X-CSRFToken": "forged"}, 400),
    ],
)
def test_only_our_own_pages_may_answer(learner, app, monkeypatch, headers, status):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    answer = learner.browser.post(CHECK, json={"answer": "a"}, headers=headers)
    assert answer.status_code == status


def test_a_form_that_brings_its_token_still_brings_its_answer(learner, app, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    page = learner.browser.get("/learn/tiny/m1-blocks/doing").text
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)[1]
    answer = learner.browser.post(CHECK, data={"csrf_token": token, "q.one-question": "a"})
    assert answer.status_code == 303
    assert db.session.scalar(select(BlockScore.completion)) == 1.0


def test_a_file_that_a_block_wrote_is_a_download_and_only_for_people(learner, browse, app):
    folder = app.extensions["mtd"].settings.instance / "blocks" / "scope"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "page.html").write_text("<script>alert(1)</script>")
    answer = learner.browser.get("/x-fs/scope/page.html")
    assert (answer.status_code, answer.mimetype) == (200, "application/octet-stream")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert learner.browser.get("/x-fs/scope/../../secret_key").status_code == 404
    assert browse().get("/x-fs/scope/page.html").status_code == 303


def test_an_answer_keeps_headers_that_come_twice(app):
    said = WebObResponse()
    said.set_cookie("a", "1")
    said.set_cookie("b", "2")
    with app.test_request_context():
        assert len(blocks._answer(said).headers.getlist("Set-Cookie")) == 2


def test_a_handler_is_not_opened_by_another_site_with_a_get_either(learner):
    answer = learner.browser.get(CHECK, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_a_picture_is_served_with_its_type_and_may_do_nothing(browse):
    sha = library.edition_for("tiny", ["en"]).manifest["media"]["door.svg"]
    answer = browse().get(f"/media/{sha}/door.svg")
    assert answer.mimetype == "image/svg+xml" and "immutable" in answer.headers["Cache-Control"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    policy = answer.headers["Content-Security-Policy"]
    assert "script" not in policy and policy.endswith("; sandbox")


def test_a_film_is_given_in_the_parts_that_a_player_asks_for(browse):
    sha = library.edition_for("tiny", ["en"]).manifest["media"]["door.svg"]
    whole = browse().get(f"/media/{sha}/film.mp4")
    assert whole.status_code == 200 and whole.headers["Accept-Ranges"] == "bytes"
    part = browse().get(f"/media/{sha}/film.mp4", headers={"Range": "bytes=2-9"})
    assert part.status_code == 206 and part.data == whole.data[2:10]
    assert part.headers["Content-Range"] == f"bytes 2-9/{len(whole.data)}"
    beyond = browse().get(f"/media/{sha}/film.mp4", headers={"Range": "bytes=99999999-"})
    assert beyond.status_code == 416 and "Cache-Control" in beyond.headers


def test_a_picture_under_the_name_of_a_page_or_a_script_is_only_a_download(browse):
    sha = library.edition_for("tiny", ["en"]).manifest["media"]["door.svg"]
    for name in ("door.html", "door", "door.xhtml", "door.js", "door.mjs", "door.css"):
        assert browse().get(f"/media/{sha}/{name}").mimetype == "application/octet-stream"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *(("words.json", "application/json"), ("look.css", "text/css")),
        *(("page.html", "application/octet-stream"), ("page.xhtml", "application/octet-stream")),
    ],
)
def test_what_a_package_brings_has_the_type_that_its_scripts_expect_and_is_no_page(name, kind):
    assert blocks._file(b"{}", name).mimetype == kind


def test_the_answers_of_a_quiz_are_not_to_be_had_as_a_picture(browse):
    manifest = library.edition_for("tiny", ["en"]).manifest
    source = files.heads()["quizzes/tiny/m1-blocks.yaml"]
    for sha in (manifest["banks"]["m1-blocks"], source, "0" * 64, "x"):
        assert browse().get(f"/media/{sha}/door.svg").status_code == 404


def test_files_of_a_package_are_served_from_its_own_folder_only(browse):
    answer = browse().get("/x-res/shared/1/xblock.js")
    assert answer.mimetype in ("text/javascript", "application/javascript")
    for address in (
        "/x-res/shared/1/../host.py",
        "/x-res/shared/1/%2e%2e/host.py",
        "/x-res/thumbs/1/../thumbs.py",
        "/x-res/thumbs/1/static/../thumbs.py",
        "/x-res/problem_demo/1/static/x.js",
        "/x-res/nowhere/1/x.js",
        "/x-res/mtd_text/1/x.js",
        "/x-res/mtd_check/1/public/nowhere.js",
    ):
        assert browse().get(address).status_code == 404, address
