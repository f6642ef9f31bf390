"""Letters: worded in the reader's language, sent by a real server, logged without one."""

import logging
import re
import socket
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from mtd_learning import upkeep
from mtd_learning.app import create_app
from mtd_learning.base import jobs, mail
from mtd_learning.base.db import db
from mtd_learning.base.jobs import Job
from mtd_learning.base.settings import current_settings, is_only_here
from mtd_learning.errors import NotFound
from mtd_learning.web import i18n, mailer
from tests.conftest import settings_for

STORED = Path(__file__).parent / "letters"
TOKEN = "T" * 43
VALUES: dict[str, dict[str, object]] = {
    "sign_in": {"token": TOKEN, "onward": "/learn/beside-the-child", "minutes": 30},
    "join": {"token": TOKEN, "onward": "", "minutes": 30},
    "invitation": {"token": TOKEN, "organisation": "Särö & friends", "days": 30},
    "new_address": {"token": TOKEN, "minutes": 30},
    "address_known": {},
    "address_changing": {},
    "account_unused": {"day": "2028-11-22"},
    "password_changed": {},
    "certificate": {
        "name": "Vilma Virtanen",
        "course": "Beside the child",
        "number": "MTD-2026-0001",
        "page": "https://learn.example.org/verify/ABCD-EFGH",
    },
}


@pytest.fixture
def settings(app, monkeypatch):
    """Return a function that changes settings of the site for one test."""
    house = app.extensions["mtd"]

    def change(**values):
        monkeypatch.setattr(house, "settings", replace(house.settings, **values))

    change(base_url="https://learn.example.org", site_name="Beside the child")
    return change


class Post:
    """Keeps what the server was given."""

    def __init__(self) -> None:
        self.envelopes: list = []

    async def handle_DATA(self, server, session, envelope) -> str:
        self.envelopes.append(envelope)
        return "250 kept"


@pytest.fixture
def post(settings):
    """Return what arrives at a real mail server that the site uses."""
    kept = Post()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(kept, hostname="127.0.0.1", port=port, ready_timeout=60)
    server.start()
    settings(
        base_url="https://learn.example.org",
        mail_host="127.0.0.1",
        mail_port=port,
        mail_from="Beside the child <hello@learn.example.org>",
    )
    yield kept
    server.stop()


@pytest.mark.parametrize("language", ["en", "fi"])
@pytest.mark.parametrize("template", sorted(VALUES))
def test_a_letter_reads_as_it_is_stored_beside_this_test(settings, template, language):
    letter = mailer.render(template, language, VALUES[template])
    seen = f"{letter.subject}\n\n{letter.text}\n{letter.html}"
    assert seen == (STORED / f"{template}.{language}.txt").read_text("utf-8")


@pytest.mark.parametrize("language", i18n.translated())
@pytest.mark.parametrize("template", sorted(VALUES))
def test_a_letter_in_any_language_leads_to_the_same_addresses(settings, template, language):
    def addresses(letter):
        return sorted(re.findall(r"https://[^\s\"<]+", letter.text + letter.html))

    settings(languages=("en", *i18n.translated()))
    english, letter = (mailer.render(template, code, VALUES[template]) for code in ("en", language))
    assert addresses(letter) == addresses(english)
    assert letter.subject and letter.subject != english.subject
    assert "%(" not in letter.text + letter.html


def test_every_letter_is_stored_in_english_and_in_finnish():
    folder = Path(mailer.__file__).parent / "templates" / "mail"
    written = {path.name.removesuffix(".subject.txt") for path in folder.glob("*.subject.txt")}
    assert written == set(VALUES)
    stored = {path.name for path in STORED.glob("*.txt")}
    assert stored == {f"{name}.{code}.txt" for name in VALUES for code in ("en", "fi")}


@pytest.mark.parametrize("template", sorted(VALUES))
def test_text_and_html_hold_the_same_addresses(settings, template):
    letter = mailer.render(template, "en", VALUES[template])
    addresses = {word for word in letter.text.split() if word.startswith("https://")}
    assert addresses
    assert all(f'href="{address.replace("&", "&amp;")}"' in letter.html for address in addresses)


def test_words_of_others_cannot_write_html(settings):
    letter = mailer.render("invitation", "en", VALUES["invitation"] | {"organisation": "<b>x"})
    assert "<b>x" in letter.text and "<b>x" not in letter.html


def test_an_address_is_the_public_one(settings):
    settings(base_url="https://example.org/")
    assert mailer.page_url("account.sign_in") == "https://example.org/sign-in"


def test_without_a_public_address_letters_name_the_servers_own(settings):
    settings(base_url="", host="127.0.0.1", port=8123)
    assert mailer.page_url("account.sign_in") == "http://127.0.0.1:8123/sign-in"


def test_a_language_that_the_site_does_not_speak_gets_the_first(settings):
    letter = mailer.render("address_known", "xx", {})
    assert letter == mailer.render("address_known", "en", {})


def test_a_letter_that_does_not_exist_is_named(settings):
    with pytest.raises(NotFound, match="nothing"):
        mailer.render("nothing", "en", {})


def test_a_queued_letter_arrives_at_the_server_with_both_forms(app, post):
    mail.send("vilma@example.org", "sign_in", "fi", VALUES["sign_in"])
    db.session.commit()
    assert jobs.work_once()
    (envelope,) = post.envelopes
    message = message_from_bytes(envelope.content, policy=policy.default)
    assert envelope.rcpt_tos == ["vilma@example.org"]
    assert envelope.mail_from == "hello@learn.example.org"
    assert message["To"] == "vilma@example.org"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "fi"
    kinds = [part.get_content_type() for part in message.iter_parts()]
    assert kinds == ["text/plain", "text/html"]
    assert TOKEN in message.get_body(("plain",)).get_content()


def test_a_subject_in_greek_letters_arrives_whole(post):
    letter = mailer.Letter("Καλώς ήρθες – Tervetuloa Särölle", "Hello\n", "<p>Hello</p>\n")
    mailer._send(mailer.envelope(letter, to="e@example.org", language="el"), current_settings())
    message = message_from_bytes(post.envelopes[0].content, policy=policy.default)
    assert message["Subject"] == "Καλώς ήρθες – Tervetuloa Särölle"


def test_a_line_break_in_an_address_is_refused(settings):
    letter = mailer.Letter("Hello", "Hello\n", "<p>Hello</p>\n")
    with pytest.raises(ValueError):
        mailer.envelope(letter, to="a@example.org\nBcc: b@example.org", language="en")


def test_without_a_server_the_letter_goes_to_the_log(settings, caplog):
    with caplog.at_level(logging.WARNING):
        mailer.deliver(
            {
                "to": "vilma@example.org",
                "template": "sign_in",
                "language": "en",
                "values": VALUES["sign_in"],
            }
        )
    assert f"https://learn.example.org/sign-in/{TOKEN}" in caplog.text


def test_the_doctor_knocks_at_the_mail_server(app, settings, post):
    def found():
        looked_at = upkeep.examine(app.extensions["mtd"].settings, set())
        return next(one for one in looked_at if one.name == "mail")

    assert found().well
    settings(mail_port=1)
    assert not found().well and "127.0.0.1:1 takes no letters: " in found().sentence


def test_a_server_that_does_not_answer_leaves_the_letter_in_the_queue(app, settings):
    settings(mail_host="127.0.0.1", mail_port=1)
    mail.send("vilma@example.org", "address_known", "en", {})
    db.session.commit()
    jobs.work_once()
    job = db.session.query(Job).one()
    assert job.done_at is None and job.values["to"] == "vilma@example.org"
    assert "Connection" in (job.error or "")


@pytest.mark.parametrize(
    ("host", "leads"),
    [("127.0.0.1", "http://127.0.0.1:8000"), ("::1", "http://[::1]:8000")],
)
def test_the_address_of_a_site_without_a_public_one_can_be_opened(tmp_path, host, leads):
    site = create_app(settings_for(tmp_path, host=host))
    with site.app_context():
        assert mailer.site_address() == leads
    assert is_only_here(leads)
