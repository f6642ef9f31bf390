"""Every route times every role: who may enter is written here, and a new route must say so too."""

from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from mtd_learning.base import jobs
from mtd_learning.base.audit import AuditLine
from mtd_learning.base.db import db
from mtd_learning.certification.models import Certificate
from mtd_learning.cli.site import doctor, tidy
from mtd_learning.cli.user import user as users
from mtd_learning.learning import rules
from mtd_learning.learning import service as learning
from mtd_learning.library import service as library
from mtd_learning.people import invitations, links, roles
from tests.conftest import statements, writes

# The right that each route asks for. A route that is missing here fails the suite.
RIGHTS = {
    "public": {
        "static",
        "home.index",
        "home.courses",
        "home.course",
        "home.look",
        "home.help_now",
        "home.words",
        "home.language",
        "home.accessibility",
        "home.privacy",
        "home.healthz",
        "home.readyz",
        "blocks.shared",
        "blocks.resource",
        "blocks.media",
        "verify.index",
        "verify.show",
        "verify.compare",
        "account.join",
        "account.letter_sent",
        "account.sign_in",
        "account.sign_in_with_password",
        "account.sign_in_demo",
        "account.sign_in_by_link",
    },
    "learn": {
        "learn.mine",
        "learn.course",
        "learn.join",
        "learn.unit",
        "learn.go_on",
        "learn.done",
        "learn.paper",
        "learn.attempt",
        "blocks.handler",
        "blocks.kept_file",
        "certification.index",
        "certification.issue",
        "certification.paper",
        "certification.share_name",
        "certification.hide_page",
        "account.own",
        "account.change_profile",
        "account.change_email",
        "account.change_password",
        "account.sign_out",
        "account.sign_out_everywhere",
        "account.my_data",
        "account.leave",
        "account.leave_now",
    },
    "content.see": {"content.status"},
    "notes.see": {"trainer.plan", "trainer.module"},
}
RIGHT_OF = {endpoint: right for right, endpoints in RIGHTS.items() for endpoint in endpoints}

# Things that the tiny course holds; what a person makes is added by `finished`.
VALUES = {
    "static": {"name": "css/mtd.css"},
    "blocks.handler": {"key": "tiny.m1-blocks.doing.one-question", "name": "submit", "suffix": "x"},
    "blocks.shared": {"version": "1", "path": "xblock.js"},
    "blocks.resource": {"block_type": "mtd_text", "version": "1", "path": "x.js"},
    "blocks.kept_file": {"scope": "0" * 32, "name": "note.txt"},
    "": {
        "course_key": "tiny",
        "module_id": "m1-blocks",
        "unit_id": "words",
        "quiz_key": "m1-blocks",
        "code": "0000-0000-0000-0000-0000",
        "number": "1",
        "token": "unknown",
        "sha": "0" * 64,
        "name": "door.svg",
    },
}
CAST = {
    "signed out": None,
    "a volunteer": "vilma",
    "a trainer": "tom",
    "a coordinator": "carla",
    "a coordinator elsewhere": "kostas",
    "a localiser": "lena",
    "an administrator": "ada",
}
ROLE = {
    "vilma": "volunteer",
    "tom": "trainer",
    "carla": "coordinator",
    "kostas": "coordinator",
    "lena": "localiser",
    "ada": "admin",
}
READING = {"GET", "HEAD", "OPTIONS"}
EN = library.variants_for("en", "FI")
NOTE = "/x/tiny.m1-blocks.doing.think/handler/submit"


def rules_of(app: Flask) -> list[Rule]:
    """Return all routes; the one after which nobody is left comes last."""
    last = "account.leave_now"
    return sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint == last, rule.rule))


def address(app: Flask, rule: Rule, **more: object) -> str:
    values = {**VALUES[""], **VALUES.get(rule.endpoint, {}), **more}
    wanted = {name: values[name] for name in rule.arguments if name not in (rule.defaults or {})}
    with app.test_request_context():
        return rule.build(wanted)[1]


@pytest.fixture
def finished(cast, browse) -> SimpleNamespace:
    """Return Vilma's browser; she has handed in a quiz, finished the course and has her paper."""
    browser = browse(cast.vilma)
    learning.enrol(cast.vilma.id, "tiny")
    edition = library.edition_for("tiny", EN)
    standing = learning.standing_of(cast.vilma.id, "tiny")
    bank = edition.manifest["banks"]["m1-blocks"]
    paper = {"quiz": "m1-blocks", "bank_sha": bank, "number": 1, "seed": 1, "percent": 20.0}
    paper |= {"question_ids": ["call"], "answers": {"call": "a"}, "passed": False}
    learning.record_attempt(standing, edition.id, paper)
    for module, unit in rules.units(edition.manifest):
        for kind in ("opened", "done"):
            learning.mark(standing, rules.unit_key(module, unit), kind, 1, edition.id)
    learning.finish_if_complete(standing, edition)
    db.session.commit()
    answer = browser.post("/certificates/tiny", data={"name": "Vilma Virtanen"})
    assert answer.status_code == 303, answer.text
    while jobs.work_once():
        pass
    held = db.session.scalar(select(Certificate))
    tokens = {
        "account.join": invitations.invite(
            email=None, role="volunteer", organisation=None, course_key="tiny", country="FI",
            language="en", by=None,
        ),
        "account.sign_in_by_link": links.make_link(cast.vilma),
    }  # fmt: skip
    db.session.commit()
    media = edition.manifest["media"]["door.svg"]
    return SimpleNamespace(browser=browser, held=held, tokens=tokens, media=media)


def test_every_route_names_its_right_and_stands_in_this_table(house):
    found = {rule.endpoint: house.view_functions[rule.endpoint] for rule in rules_of(house)}
    said = {endpoint: getattr(view, "right", None) for endpoint, view in found.items()}
    assert said == RIGHT_OF


@pytest.mark.parametrize("who", CAST)
def test_a_route_lets_in_whom_its_right_names_and_nobody_else(who, cast, browse, app):
    person = getattr(cast, CAST[who]) if CAST[who] else None
    held = roles.RIGHTS_OF[ROLE[CAST[who]]] if person else frozenset()
    wrong = []
    for rule in rules_of(app):
        right = RIGHT_OF[rule.endpoint]
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            # A browser each time: some routes sign out.
            answer = browse(person).open(address(app, rule), method=method)
            sent_to_the_door = (
                answer.status_code == 303 and answer.location.partition("?")[0] == "/sign-in"
            )
            if right == "public" or right in held:
                ok = answer.status_code < 500 and not (right != "public" and sent_to_the_door)
            else:
                ok = answer.status_code == 403 if person else sent_to_the_door
            if not ok:
                wrong.append(f"{method} {rule.rule}: {answer.status_code} {answer.location or ''}")
    # Signing out leads to the door as well.
    assert [one for one in wrong if "/sign-out" not in one] == []


def test_every_page_that_a_finished_volunteer_may_open_is_there(finished, app):
    answers = {}
    for rule in rules_of(app):
        if "GET" not in rule.methods or RIGHT_OF[rule.endpoint] in ("content.see", "notes.see"):
            continue
        more = {"code": finished.held.public_code, "sha": finished.media}
        if rule.endpoint in finished.tokens:
            more["token"] = finished.tokens[rule.endpoint]
        if rule.endpoint.startswith("certification."):
            more["number"] = finished.held.number
        answers[rule.rule] = finished.browser.get(address(app, rule, **more)).status_code
    assert {rule: status for rule, status in answers.items() if status != 200} == {
        "/learn": 303,  # one course only: straight into it
        "/sign-in": 303,  # signed in already
        "/x/<key>/handler/<name>": 405,  # an answer must be posted
        "/x/<key>/handler/<name>/<path:suffix>": 405,
        "/x-res/<block_type>/<version>/<path:path>": 404,  # our blocks bring no files
        "/x-fs/<scope>/<path:name>": 404,  # and write none
    }


def test_every_changing_route_refuses_a_form_without_the_token(cast, browse, app, monkeypatch):
    browsers = [(rule, browse(cast.ada)) for rule in rules_of(app)]
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    let_through = []
    for rule, browser in browsers:
        for method in sorted(rule.methods - READING):
            for headers in ({}, {"Sec-Fetch-Site": "cross-site"}, {"X-CSRFToken": "forged"}):
                answer = browser.open(
                    address(app, rule), method=method, headers=headers, data={"name": "x"}
                )
                if answer.status_code not in (400, 403):
                    let_through.append(f"{method} {rule.rule}: {answer.status_code}")
    assert not let_through


def test_reading_a_page_writes_nothing(finished, app):
    written = {}
    for rule in rules_of(app):
        # An unknown code is counted, so that codes cannot be tried one after the other.
        if "GET" in rule.methods and rule.endpoint not in ("verify.show", "blocks.handler"):
            with statements() as said:
                finished.browser.get(address(app, rule))
            if writes(said):
                written[rule.rule] = writes(said)
    assert not written


@pytest.mark.parametrize("who", [who for who in CAST if who != "a volunteer"])
def test_nobody_else_reads_a_private_note_a_name_or_an_address_on_any_page(
    who, cast, browse, app, finished, caplog
):
    caplog.set_level("DEBUG")
    finished.browser.post(NOTE, data={"note": "A heron by the lake."})
    assert "A heron" in finished.browser.get("/learn/tiny/m1-blocks/doing").text
    person = getattr(cast, CAST[who]) if CAST[who] else None
    if person:
        learning.enrol(person.id, "tiny")
    known = {"code": finished.held.public_code, "unit_id": "doing"}
    for rule in (rule for rule in rules_of(app) if "GET" in rule.methods):
        number = finished.held.number if rule.endpoint.startswith("certification.") else 1
        said = browse(person).get(address(app, rule, number=number, **known)).text
        for words in ("A heron", "Virtanen", "vilma@example.org"):
            assert words not in said, rule.rule
    assert "A heron" not in caplog.text
    kept = [f"{one.thing} {one.details}" for one in db.session.scalars(select(AuditLine))]
    kept += [f"{one.values} {one.error}" for one in db.session.scalars(select(jobs.Job))]
    assert "A heron" not in str(kept)


def test_no_command_prints_a_private_note(app, finished):
    finished.browser.post(NOTE, data={"note": "A heron by the lake."})
    for command, words in (
        (users, ["list", "--json"]),
        (users, ["forget", "vilma@example.org"]),
        (tidy, []),
        (doctor, []),
    ):
        said = app.test_cli_runner().invoke(command, words).output
        assert said and "heron" not in said
