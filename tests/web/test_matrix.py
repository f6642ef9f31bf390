"""Every route times every role: who may enter is written here, and a new route must say so too."""

import pytest
from flask import Flask
from sqlalchemy import event
from werkzeug.routing import Rule

from mtd_learning.base.db import db
from mtd_learning.people import roles

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
        "certification.index",
        "certification.issue",
        "certification.paper",
        "certification.share_name",
        "certification.hide_page",
        "account.own",
        "account.sign_out",
    },
    "content.see": {"content.status"},
}
RIGHT_OF = {endpoint: right for right, endpoints in RIGHTS.items() for endpoint in endpoints}

VALUES = {
    "name": "css/mtd.css",
    "course_key": "tiny",
    "module_id": "m1",
    "unit_id": "u1",
    "code": "0000-0000-0000-0000-0000",
    "number": "1",
    "token": "unknown",
    "key": "tiny.m1.u1.b1",
    "suffix": "x",
    "sha": "0" * 64,
    "block_type": "mtd_text",
    "version": "1",
    "path": "x.js",
    "quiz_key": "q",
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


def rules_of(app: Flask) -> list[Rule]:
    return sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)


def address(app: Flask, rule: Rule) -> str:
    values = {name: VALUES[name] for name in rule.arguments if name not in (rule.defaults or {})}
    with app.test_request_context():
        return rule.build(values)[1]


def test_every_route_names_its_right_and_stands_in_this_table(house):
    found = {rule.endpoint: house.view_functions[rule.endpoint] for rule in rules_of(house)}
    said = {endpoint: getattr(view, "right", None) for endpoint, view in found.items()}
    assert said == RIGHT_OF


@pytest.mark.parametrize("who", CAST)
def test_a_route_lets_in_whom_its_right_names_and_nobody_else(who, cast, signed_in, client, app):
    person = CAST[who]
    wrong = []
    for rule in rules_of(app):
        right = RIGHT_OF[rule.endpoint]
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            if person is not None:
                signed_in(getattr(cast, person))  # anew: some routes sign out
            answer = client.open(address(app, rule), method=method)
            at_the_door = answer.status_code == 303 and "/sign-in?next=" in answer.location + "?next="
            at_the_door = at_the_door and "/sign-in" in (answer.location or "")
            allowed = right == "public" or (
                person is not None and right in roles.RIGHTS_OF[ROLE[person]]
            )
            if person is None and right != "public":
                ok = at_the_door
            elif allowed:
                ok = answer.status_code < 500 and not (right != "public" and at_the_door)
            else:
                ok = answer.status_code == 403
            if not ok:
                wrong.append(f"{method} {rule.rule}: {answer.status_code} {answer.location or ''}")
    assert not wrong


def test_every_changing_route_refuses_a_form_without_the_token(cast, signed_in, client, app):
    app.config["WTF_CSRF_ENABLED"] = True
    let_through = []
    for rule in rules_of(app):
        for method in sorted(rule.methods - READING):
            signed_in(cast.ada)
            for headers in ({}, {"Sec-Fetch-Site": "cross-site"}, {"X-CSRFToken": "forged"}):
                answer = client.open(
                    address(app, rule), method=method, headers=headers, data={"name": "x"}
                )
                if answer.status_code not in (400, 403):
                    let_through.append(f"{method} {rule.rule}: {answer.status_code}")
    assert not let_through


def test_reading_a_page_writes_nothing(cast, signed_in, client, app):
    written = []
    engine = db.engine

    def listen(connection, cursor, statement, parameters, context, executemany):
        if statement.lstrip().split(None, 1)[0].upper() in ("INSERT", "UPDATE", "DELETE"):
            written.append(statement)

    signed_in(cast.carla)
    event.listen(engine, "before_cursor_execute", listen)
    try:
        for rule in rules_of(app):
            # An unknown code is counted, so that codes cannot be tried one after the other.
            if "GET" in rule.methods and rule.endpoint not in ("verify.show", "blocks.handler"):
                client.get(address(app, rule))
    finally:
        event.remove(engine, "before_cursor_execute", listen)
    assert not written
