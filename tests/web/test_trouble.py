"""Trouble of the database: a plain page, no half record, and lessons that can still be read."""

import re
import sqlite3
from contextlib import closing
from types import SimpleNamespace

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import OperationalError

from mtd_learning.app import create_app
from mtd_learning.base import clock
from mtd_learning.base.db import db, expect_writing
from mtd_learning.learning import service as learning
from mtd_learning.learning.models import Attempt, BlockScore, BlockState
from mtd_learning.library import publishing
from mtd_learning.people import service as people
from mtd_learning.people import sessions
from mtd_learning.web import i18n
from tests.conftest import TINY, Browser, settings_for

UNIT = "/learn/tiny/m1-blocks/words"
CHECK = "/x/tiny.m1-blocks.doing.one-question/handler/submit"
TRACE = re.compile(r"Traceback|sqlite3?\.|psycopg|File &#34;|site-packages")


@pytest.fixture
def site(tmp_path):
    """Return a site of its own, on SQLite, with one signed-in learner."""
    app = build(tmp_path)
    with app.app_context():
        expect_writing(True)
        db.create_all()
        publishing.bring_and_publish(
            TINY, message="tests", today=clock.today(), translate=i18n.translate
        )
        vilma = people.create_user("vilma@example.org", "Vilma", "en", "FI")
        people.grant(vilma, "volunteer")
        learning.enrol(vilma.id, "tiny")
        token = sessions.open_session(vilma, "Test", way="link")
        db.session.commit()
        expect_writing(False)
    yield SimpleNamespace(app=app, token=token, folder=tmp_path, browser=browser(app, token))
    with app.app_context():
        db.engine.dispose()


def build(folder, **more):
    app = create_app(settings_for(folder, testing=False, **more))
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = Plain
    return app


class Plain(Browser):
    """A browser of a site for which the test keeps no session of its own."""

    def open(self, *args, **values):
        with self.application.app_context():
            return super().open(*args, **values)


def browser(app, token):
    made = app.test_client()
    with made.session_transaction() as session:
        session["_user_id"] = token
    return made


def plain(answer, status: int, words: str) -> None:
    assert answer.status_code == status
    assert words in answer.text and not TRACE.search(answer.text)
    assert "<h1>" in answer.text and "/help-now" in answer.text


def test_where_nothing_can_be_written_lessons_are_read_and_answers_refused_in_words(site):
    file = f"sqlite:///file:{site.folder / 'mtd.sqlite'}?mode=ro&uri=true"
    reader = browser(build(site.folder, database_url=file), site.token)
    for address in ("/", "/courses/tiny", "/help-now", "/learn/tiny", UNIT):
        assert reader.get(address).status_code == 200, address
    plain(reader.post(CHECK, data={"answer": "a"}), 503, "reading mode")
    plain(reader.post(f"{UNIT}/go-on"), 503, "reading mode")
    plain(reader.get("/verify/AAAA-BBBB"), 503, "reading mode")  # a code that is missed is counted


def test_where_no_log_can_be_made_lessons_are_read_until_it_can(site):
    """As in a folder that is read-only, after a clean stop."""
    with site.app.app_context():
        db.engine.dispose()
    in_its_place = site.folder / "mtd.sqlite-shm"
    in_its_place.symlink_to("nowhere/at/all")
    reader = browser(build(site.folder), site.token)
    for address in ("/", "/courses/tiny", "/help-now", "/learn/tiny", UNIT):
        assert reader.get(address).status_code == 200, address
    plain(reader.post(CHECK, data={"answer": "a"}), 503, "reading mode")
    in_its_place.unlink()
    assert reader.post(CHECK, data={"answer": "a"}).status_code == 303


def test_what_is_in_the_log_only_is_not_left_out_where_the_log_cannot_be_read(site):
    with site.app.app_context():
        db.engine.dispose()
    (site.folder / "mtd.sqlite-wal").write_bytes(b"what was saved last")
    (site.folder / "mtd.sqlite-shm").symlink_to("nowhere/at/all")
    plain(browser(build(site.folder), site.token).get(UNIT), 503, "try again in a minute")


def test_a_full_disk_gives_a_plain_page_and_leaves_no_half_record(site):
    with site.app.app_context():
        fill(db.engine)
    with site.app.app_context():
        sha = select(func.max(Attempt.bank_sha))
        assert db.session.scalar(sha) is None
    plain(site.browser.post(CHECK, data={"answer": "a"}), 507, "run out of space")
    assert site.browser.get(UNIT).status_code == 200
    with site.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(BlockScore)) == 0
        mine = select(func.count()).select_from(BlockState).where(BlockState.user_id != 0)
        assert db.session.scalar(mine) == 0
        assert db.session.scalar(text("PRAGMA integrity_check")) == "ok"


def fill(engine) -> None:
    """Let the file grow no more, and fill what room it has."""
    engine.dispose()

    @event.listens_for(engine, "connect")
    def no_more(connection, record):
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

    for size in (4000, 400, 40, 1):
        for number in range(5000):
            row = {"user_id": 0, "block_key": f"{size}.{number}", "fields": "x" * size}
            row |= {"rev": 1, "updated_at": clock.now()}
            try:
                with engine.begin() as connection:
                    connection.execute(BlockState.__table__.insert(), row)
            except OperationalError:
                break


def test_a_database_that_does_not_answer_gives_a_plain_page_soon(site, monkeypatch):
    tries = []

    def away(*args, **values):
        tries.append(1)
        raise OperationalError("SELECT 1", {}, Exception("connection refused"))

    with site.app.app_context():
        monkeypatch.setattr(db.engine, "connect", away)
        monkeypatch.setattr(db.engine, "raw_connection", away)
        for address in ("/", UNIT, "/courses"):
            plain(site.browser.get(address), 503, "try again in a minute")
        assert site.browser.get("/healthz").status_code == 200
        ready = site.browser.get("/readyz")
        assert ready.status_code == 503 and "database: not ok" in ready.text
    assert len(tries) <= 2 * 5, "a page may try again once"


def test_a_server_that_goes_away_when_a_page_is_made_does_not_take_the_page(site, monkeypatch):
    def gone(connection):
        raise sqlite3.OperationalError("server closed the connection")

    with site.app.app_context():
        dialect = db.engine.dialect
    monkeypatch.setattr(dialect, "do_rollback", gone)
    assert site.browser.get("/courses").status_code == 200
    assert site.browser.post(CHECK + "-not").status_code == 404
    monkeypatch.undo()
    assert site.browser.get(UNIT).status_code == 200


def test_something_that_breaks_is_told_without_its_inside(site, monkeypatch):
    def broken(published):
        raise RuntimeError("secret inside")

    monkeypatch.setattr("mtd_learning.web.home._cards", broken)
    answer = site.browser.get("/courses")
    plain(answer, 500, "Something broke on our side")
    assert "secret inside" not in answer.text


def test_a_site_without_a_secret_does_not_start(tmp_path):
    with pytest.raises(Exception, match="run `mtd init`"):
        create_app(settings_for(tmp_path, secret_key=""))


def test_a_database_that_fails_while_a_page_is_made_is_said_and_not_put_down_to_a_block(
    site, monkeypatch
):
    def fails(self, context=None):
        raise OperationalError("SELECT", {}, Exception("disk I/O error"))

    host = site.app.extensions["mtd"].host
    monkeypatch.setattr(host.block_class("mtd_text"), "student_view", fails)
    answer = site.browser.get(UNIT)
    assert answer.status_code == 507 and "run out of space" in answer.text
    assert "cannot be shown" not in answer.text


def test_a_page_that_refuses_does_not_wait_for_somebody_who_writes(site):
    waited: list[str] = []
    with site.app.app_context():
        db.engine.dispose()
        event.listen(db.engine, "connect", impatient)
        event.listen(db.engine, "before_cursor_execute", lambda *said: waited.append(said[2]))
    with closing(sqlite3.connect(site.folder / "mtd.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        plain(site.browser.post("/sign-out"), 503, "try again in a minute")
        assert waited.count("BEGIN IMMEDIATE") == 1
        waited.clear()
        site.app.config["WTF_CSRF_ENABLED"] = True
        plain(site.browser.post("/sign-out"), 400, "open for too long")
        assert waited.count("BEGIN IMMEDIATE") == 0


def impatient(connection, record):
    connection.execute("PRAGMA busy_timeout = 100")
