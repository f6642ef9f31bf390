"""Put the house together: settings, database, people at the door, pages, jobs."""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask, request
from flask_login import LoginManager
from flask_wtf import CSRFProtect

from mtd_learning import plugins, upkeep
from mtd_learning.base import clock, jobs, logs
from mtd_learning.base.db import begin_writing, db, expect_writing, let_go, tune
from mtd_learning.base.settings import Settings, current_settings, load, unknown
from mtd_learning.blocks.host import Host
from mtd_learning.certification import certificates
from mtd_learning.errors import N_, Invalid
from mtd_learning.library import files
from mtd_learning.people import sessions
from mtd_learning.privacy import service as privacy
from mtd_learning.web import (
    account,
    blocks,
    certification,
    content,
    errors,
    home,
    i18n,
    layout,
    learn,
    mailer,
    security,
    trainer,
    verify,
)

BLUEPRINTS = (
    *(home.bp, account.bp, learn.bp, blocks.bp, certification.bp, verify.bp, content.bp),
    trainer.bp,
)
READING = ("GET", "HEAD", "OPTIONS")
# A server set up without a language speaks in bytes. Behind pgbouncer, the next transaction may be
# another server's, which does not know what this one prepared.
OF_POSTGRESQL = {
    "max_overflow": 4,
    "connect_args": {"client_encoding": "utf8", "prepare_threshold": None},
}


@dataclass
class House:
    """What the pages find under `app.extensions["mtd"]`."""

    settings: Settings
    host: Host
    watch: Any = None
    read_only_at: float = -1e9
    kept: dict[tuple[object, ...], Any] = field(default_factory=dict)


def create_app(settings: Settings | None = None) -> Flask:
    """Return the site, ready to serve; raises a refusal with a sentence when it cannot start."""
    settings = settings or load()
    if not settings.secret_key:
        raise Invalid(
            N_("There is no secret key in %(instance)s yet: run `mtd init` once."),
            instance=settings.instance,
        )
    app = Flask("mtd_learning", static_folder=None, template_folder="web/templates")
    app.url_map.strict_slashes = False  # /help-now/ is what somebody typed in a hurry
    app.url_map.merge_slashes = False  # it leads to the host that a request names, for good
    app.config.update(_config(settings))
    if not settings.testing:
        logs.start()
        for sentence in unknown():
            logging.getLogger(__name__).warning(sentence)
    plugins.start(safe_mode=settings.safe_mode)
    plugins.refuse_doubles(plugins.QUESTIONS)
    host = Host(
        settings.types_allowed, settings=settings.xblock_settings, django=settings.xblock_django
    ).start()
    app.extensions["mtd"] = House(settings, host)
    app.before_request(_say_what_this_request_does)
    if settings.content == "files":
        _watch_folder(app)
    _connect_database(app)
    _connect_people(app)
    i18n.init_app(app)
    CSRFProtect(app).exempt(blocks.bp)  # blocks.py checks its own: it needs the body first
    for part in (layout, security, errors):
        part.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    _let_plugins_in(app)
    jobs.handles("mail")(mailer.deliver)
    jobs.handles("certificate.typeset")(certificates.typeset)
    jobs.handles("tidy")(_tidy)
    return app


def _let_plugins_in(app: Flask) -> None:
    for name, plugin in plugins.load(plugins.SITE).items():
        try:
            plugin.init_app(app)  # type: ignore[attr-defined]
        except Exception as error:
            plugins.leave_out(plugins.SITE, name, error)


def migrations_folder() -> Path:
    """Return the folder of the database's history, installed or in a checkout."""
    return files.shipped() / "migrations"


def content_folder(settings: Settings) -> Path:
    """Return the folder of courses and quizzes: the one that is set, or the shipped one."""
    return Path(settings.content_dir) if settings.content_dir else files.shipped()


def judge_of(settings: Settings) -> Callable[..., Any]:
    """Return what finds every fault of a catalogue, those of foreign blocks allowed here too."""
    # Reads YAML: a site that has its courses starts without it.
    from mtd_learning.blocks import foreign

    return partial(foreign.check, types=settings.types_allowed, django=settings.xblock_django)


def _config(settings: Settings) -> dict[str, Any]:
    return {
        "SECRET_KEY": settings.secret_key,
        "TESTING": settings.testing,
        "SQLALCHEMY_DATABASE_URI": settings.database_uri,
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "pool_size": settings.threads + 2,
            "pool_pre_ping": False,
            "hide_parameters": True,  # they would stand in the log
        }
        | (OF_POSTGRESQL if "postgresql" in settings.database_uri else {}),
        "SESSION_COOKIE_NAME": "mtd",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "PERMANENT_SESSION_LIFETIME": settings.session_days * 24 * 3600,
        "SESSION_REFRESH_EACH_REQUEST": False,
        "WTF_CSRF_TIME_LIMIT": None,  # the token lives as long as the session it belongs to
        # The check page tells no referrer; what another site sends is refused in security.py.
        "WTF_CSRF_SSL_STRICT": False,
        "MAX_CONTENT_LENGTH": 1024 * 1024,
        "MAX_FORM_PARTS": 2000,
        "BABEL_DEFAULT_LOCALE": settings.languages[0],
    }


def _say_what_this_request_does() -> None:
    expect_writing(request.method not in READING)


def _watch_folder(app: Flask) -> None:
    """Publish a changed folder before the page that was asked for, for people who write."""
    # Reads YAML: no other site needs that in its server.
    from mtd_learning.library.watching import Watch

    house = app.extensions["mtd"]
    house.watch = Watch(content_folder(house.settings), i18n.translate, judge_of(house.settings))

    def look() -> None:
        if house.watch.has_changed():
            begin_writing()
            house.watch.publish()
            db.session.commit()
            let_go()
            expect_writing(request.method not in READING)

    app.before_request(look)


def tidy_up() -> Counter[str]:
    """Let go of what is due, in small transactions, and wipe it; return how much of what it was."""
    settings = current_settings()
    gone: Counter[str] = Counter()
    while batch := privacy.tidy(settings):
        db.session.commit()
        gone.update(batch)
    db.session.commit()
    privacy.wipe(settings.instance)
    return gone


def _tidy(values: dict[str, object]) -> None:
    """Do the job `tidy`: what is to be done once a day."""
    tidy_up()
    upkeep.warn_of_facts(clock.today())


def _connect_database(app: Flask) -> None:
    db.init_app(app)
    app.teardown_appcontext(lambda _: let_go())  # before the one of db: that one may raise
    with app.app_context():
        tune(db.engine)


def _connect_people(app: Flask) -> None:
    manager = LoginManager(app)
    manager.session_protection = None  # our session rows know their device themselves
    manager.user_loader(lambda token: sessions.session_of(token, clock.now()))
