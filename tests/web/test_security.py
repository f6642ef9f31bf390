"""Headers of every answer, no third party anywhere, and addresses that stay on this site."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from mtd_learning.web import security
from mtd_learning.web.security import local

WEB = Path(security.__file__).parent
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@pytest.mark.parametrize(
    "address",
    ["/", "/nowhere", "/healthz", "/static/css/mtd.css", "/learn", "/help-now", "/verify"],
)
def test_every_answer_carries_the_headers(browse, address):
    headers = browse().get(address).headers
    assert {name: headers.get(name) for name in HEADERS} == HEADERS
    assert headers["Referrer-Policy"] in ("same-origin", "no-referrer")
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy and "camera=()" in headers["Permissions-Policy"]


def test_pages_of_a_person_are_kept_by_no_cache(learner):
    for address in (
        "/",
        "/learn/tiny",
        "/learn/tiny/m1-blocks/words",
        "/learn/tiny/m1-blocks/words/paper",
        "/account",
        "/account/my-data.json",
    ):
        assert learner.browser.get(address).headers["Cache-Control"] == "no-store"


def test_what_a_block_answers_a_person_is_kept_by_no_cache(learner):
    address = "/x/tiny.m1-blocks.doing.one-question/handler/submit"
    answer = learner.browser.post(address, json={}, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.is_json and answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", ["/healthz", "/readyz", "/courses", "/nowhere"])
def test_no_cache_answers_in_the_place_of_the_site(browse, address):
    assert browse().get(address).headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("address", ["/static/css/mtd.css", "/static/img/icon.svg"])
def test_a_cache_keeps_a_file_once_for_all_people(learner, address):
    answer = learner.browser.get(address)
    assert answer.headers["Cache-Control"].startswith("public")
    assert answer.headers["Vary"] == "Accept-Encoding" and "Set-Cookie" not in answer.headers


def test_strict_transport_is_asked_for_over_https_only(browse):
    assert "Strict-Transport-Security" not in browse().get("/").headers
    assert "Strict-Transport-Security" in browse().get("/", base_url="https://localhost").headers


def test_a_site_with_a_public_address_stands_by_it_whatever_its_proxy_says(
    app, learner, monkeypatch
):
    house = app.extensions["mtd"]
    public = replace(house.settings, base_url="https://Learn.example.org/", secure_cookies=True)
    monkeypatch.setattr(house, "settings", public)
    answer = learner.browser.post(
        "/x/tiny.m1-blocks.doing.one-question/handler/submit",
        json={"answer": "a"},
        headers={"Origin": "https://learn.example.org"},
    )
    assert answer.status_code == 200
    assert "Strict-Transport-Security" in answer.headers


def test_no_page_and_no_file_names_a_third_party():
    loads = re.compile(
        r"""(?:src|srcset|action|@import|url\()\s*=?\s*["'(]?\s*(?:https?:)?//""", re.I
    )
    sheet = re.compile(r"""<link[^>]+href=["']?(?:https?:)?//""", re.I)
    wrong = [
        str(path.relative_to(WEB))
        for folder in ("templates", "static")
        for path in (WEB / folder).rglob("*")
        if path.suffix in (".html", ".css", ".js", ".svg")
        and (loads.search(path.read_text("utf-8")) or sheet.search(path.read_text("utf-8")))
    ]
    assert not wrong


def test_no_template_has_a_script_or_a_style_of_its_own():
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=[\"']|<script(?![^>]*\ssrc=)", re.I)
    wrong = [
        path.name
        for path in (WEB / "templates").rglob("*.html")
        if path.parent.name != "mail" and inline.search(path.read_text("utf-8"))
    ]
    assert not wrong


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\\/evil.example",
        " //evil.example",
        "javascript:alert(1)",
        "evil.example",
        " /account",
        pytest.param("/learn/" + "a" * 3000, id="longer than any of ours"),
        "",
        None,
    ],
)
def test_an_address_that_leads_elsewhere_is_not_followed(address):
    assert local(address) is None


def test_an_address_of_this_site_is_kept():
    assert local("/learn/tiny?x=1#b") == "/learn/tiny?x=1#b"


def test_a_password_form_does_not_lead_away_either(browse):
    answer = browse().post("/language", data={"language": "fi", "next": "/\t/evil.example"})
    assert answer.location == "/"


@pytest.mark.parametrize("folder", ["/static", "/x-res/shared/1", "/x-res/mtd_quiz/1", "/courses"])
def test_an_address_longer_than_any_of_ours_is_not_found(browse, folder):
    assert browse().get(folder + "/a" * 3000).status_code == 404


@pytest.mark.parametrize("address", ["/courses//tiny", "/learn//tiny", "/courses/"])
def test_no_answer_leads_to_the_host_that_a_request_names(browse, address):
    answer = browse().get(address, headers={"Host": "evil.example"})
    assert "evil.example" not in answer.headers.get("Location", "")


@pytest.mark.parametrize(
    ("site", "status"),
    [
        *((None, 303), ("same-origin", 303), ("none", 303)),
        *(("same-site", 403), ("cross-site", 403), ("else", 403)),
    ],
)
def test_a_form_that_another_site_has_sent_is_refused_even_with_a_token(learner, site, status):
    headers = {"Sec-Fetch-Site": site} if site else {}
    answer = learner.browser.post("/language", data={"language": "fi"}, headers=headers)
    assert answer.status_code == status
    assert learner.browser.get("/courses", headers=headers).status_code == 200
