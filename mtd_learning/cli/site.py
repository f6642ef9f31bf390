"""`mtd init`, `start`, `demo`, `doctor`, `work`, `tidy`: a site from nothing to serving."""

import logging
import os
import secrets
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy import select
from waitress import create_server

from mtd_learning import upkeep
from mtd_learning.app import content_folder, create_app, judge_of, tidy_up
from mtd_learning.base import clock, jobs
from mtd_learning.base.db import db, expect_writing
from mtd_learning.base.settings import DEMO_FOLDER, Settings, current_settings, load
from mtd_learning.cli import commands, seeds, tables
from mtd_learning.library.models import Edition
from mtd_learning.privacy import service as privacy
from mtd_learning.web import i18n, mailer

IDLE_SECONDS = 1.0
MOST_IDLE_SECONDS = 60.0
LAST_SECONDS = 5.0  # as long as the server gives to pages that are under way
NOTHING_PUBLISHED = "Nothing is published. Mend what is said above, then do this again."


def prepare(instance: Path) -> None:
    """Make the instance folder and its secret key, when they are missing."""
    # Private notes and sessions lie in it: nobody else on the machine looks in.
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = instance / "secret_key"
    if key.exists() and not key.stat().st_size:
        key.unlink()  # a full disk left it empty
    if not key.exists():
        # Only its owner may read it, from the first moment on.
        with os.fdopen(os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48) + "\n")


def bring_up_to_date(app: Flask) -> bool:
    """Make or change the tables; publish the courses where nothing is published yet. Say whether
    anything is published now.

    Looks before it writes: where all is there, a database that can only be read is enough.
    """
    with app.app_context():
        expect_writing(False)
        tables.bring_up_to_date(app)
        is_published = db.session.scalar(select(Edition.id).limit(1)) is not None
        db.session.rollback()
        if not is_published:
            is_published = _publish_first_courses(app.extensions["mtd"].settings)
        db.session.remove()
    return is_published


def _publish_first_courses(settings: Settings) -> bool:
    """Publish the courses, and say what became of each; say whether one was published."""
    click.echo("Publishing the courses…", err=True)
    # Reads YAML: a site that has its courses starts without it.
    from mtd_learning.cli.folders import tell_warnings
    from mtd_learning.library import publishing

    done, problems = publishing.bring_and_publish(
        content_folder(settings),
        message="first courses",
        today=clock.today(),
        translate=i18n.translate,
        judge=judge_of(settings),
    )
    db.session.commit()
    for problem in problems if not done else ():
        click.echo(str(problem), err=True)
    if done:
        tell_warnings(problems)
    told = sorted((one.course_key, one.verdict == "closed", one.variant) for one in done)
    for (course, is_closed), variants in groupby(told, key=lambda one: one[:2]):
        said = "not published (see `mtd content status`)" if is_closed else "published"
        click.echo(f"{said}: {course}: {', '.join(one[2] for one in variants)}", err=True)
    return not all(is_closed for _, is_closed, _ in told)


@click.command()
def init() -> None:
    """Make the instance folder, its secret key and the tables; publish the shipped courses."""
    settings = load()
    prepare(settings.instance)
    if not bring_up_to_date(create_app(load())):
        raise click.ClickException(NOTHING_PUBLISHED)
    click.echo(f"Ready in {settings.instance}. Now: mtd user invite you@example.org --role admin")


@click.command()
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=int, help="Port to listen on.")
@click.option("--no-worker", is_flag=True, help="Leave letters and jobs to `mtd work`.")
def start(host: str | None, port: int | None, no_worker: bool) -> None:
    """Make what is missing, then serve."""
    given = {key: value for key, value in (("host", host), ("port", port)) if value is not None}
    prepare(load(given).instance)
    app = create_app(load(given))
    server = listen(app)  # a port that cannot be had changes nothing
    bring_up_to_date(app)
    settings = app.extensions["mtd"].settings
    click.echo(f"Serving at {mailer.own_address(settings)}", err=True)
    serve(app, server, worker=not no_worker)


@click.command()
@click.option(
    "--port", type=int, envvar="PORT", default=8000, show_default=True, help="Port to listen on."
)
def demo(port: int) -> None:
    """Serve a seeded demo on this machine, with invented people."""
    instance = Path(os.environ.get("MTD_INSTANCE") or DEMO_FOLDER).absolute()
    prepare(instance)
    _remember_port(instance / "mtd.toml", port)
    given = {"instance": instance, "port": port, "host": "127.0.0.1", "demo": True}
    app = create_app(load(given))
    server = listen(app)  # before the courses are published: that takes a while
    if not bring_up_to_date(app):
        raise click.ClickException(NOTHING_PUBLISHED)
    with app.app_context():
        expect_writing(True)
        token = seeds.demo()
        db.session.commit()
        db.session.remove()
    base = f"http://127.0.0.1:{port}"
    click.echo(
        f"\n  The demo runs at     {base}\n  As a volunteer       {base}/sign-in/{token}\n"
        f"  Others to sign in as {base}/sign-in\n  Stop it with Ctrl-C\n"
    )
    serve(app, server, worker=True)


def _remember_port(file: Path, port: int) -> None:
    """Note the port, so that `mtd user link` prints addresses of the running demo."""
    mark = "# Written by `mtd demo`."
    if not file.exists() or file.read_text("utf-8").startswith(mark):
        file.write_text(f"{mark}\nDEMO = true\nPORT = {port}\n", "utf-8")


def listen(app: Flask) -> Any:
    """Return a server that has its port already; refuses in a sentence when it cannot have it."""
    settings = app.extensions["mtd"].settings
    try:
        return create_server(
            app,
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            ident=None,
            connection_limit=500,
            # What is a little too large gets our page; more is refused before it fills the disk.
            max_request_body_size=4 * app.config["MAX_CONTENT_LENGTH"],
            **_proxy(settings.trusted_proxy),
        )
    except (OSError, ValueError) as error:
        why = str(getattr(error, "strerror", None) or error).rstrip(".")
        raise click.ClickException(
            f"Nothing can listen at {settings.host}:{settings.port}: {why}. "
            "Choose another with --host or --port."
        ) from error


def serve(app: Flask, server: Any, *, worker: bool) -> None:
    """Serve, with a thread for letters and jobs beside it, until told to stop.

    What is under way then comes to its end: a page, a paper that is handed in, a letter.
    """
    stop = threading.Event()
    beside = threading.Thread(target=work_on, args=(app, stop), daemon=True, name="worker")
    if worker:
        beside.start()
    _when_told_to_stop(sys.exit)  # as by Ctrl-C: the server hears it
    server.run()
    stop.set()
    if worker:
        beside.join(LAST_SECONDS)


def _when_told_to_stop(do: Callable[[], object]) -> None:
    """Do this when the machine wants an end, or when the terminal is closed; not under nohup."""
    for told in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(told) != signal.SIG_IGN:
            signal.signal(told, lambda *_: do())


def _proxy(address: str) -> dict[str, object]:
    """Return what waitress must know to believe the headers of a proxy, or nothing."""
    if not address:
        return {}
    return {
        "trusted_proxy": address,
        "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"},
        "clear_untrusted_proxy_headers": True,
    }


def work_on(app: Flask, stop: threading.Event | None = None) -> None:
    """Do due jobs until told to stop; a fault of one is logged and does not end the others."""
    stop = stop or threading.Event()
    planned: date | None = None
    pause = IDLE_SECONDS
    while not stop.is_set():
        try:
            with app.app_context():
                if planned != (today := clock.today()):
                    plan(today)
                    planned = today
                worked = jobs.work_once() is not None
                db.session.remove()
            pause = IDLE_SECONDS
        except Exception:
            # Longer each time: a line a second would fill the disk of a site that is full already.
            logging.getLogger(__name__).exception("The worker stumbled")
            worked = False
            pause = min(2 * pause, MOST_IDLE_SECONDS)
        if not worked:
            stop.wait(pause)


def plan(day: date) -> None:
    """Put the day's tidying on the table: once, however many workers there are."""
    expect_writing(True)
    jobs.enqueue("tidy", {}, send_key=f"tidy:{day}")
    db.session.commit()


@click.command()
@click.option("--once", is_flag=True, help="Do what is due and stop.")
@with_appcontext
def work(once: bool) -> None:
    """Send letters and do other jobs. With --once, exit 1 when one failed."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    if not once:
        stop = threading.Event()
        _when_told_to_stop(stop.set)
        work_on(app, stop)
        return
    plan(clock.today())
    counts: Counter[str] = Counter()
    while outcome := jobs.work_once():
        counts[outcome] += 1
    failed = counts["failed"]
    click.echo(f"{counts['done']} jobs done" + (f", {failed} failed" if failed else ""))
    sys.exit(1 if failed else 0)


@click.command()
@click.option("--dry-run", is_flag=True, help="Change nothing; print how much is due.")
@with_appcontext
def tidy(dry_run: bool) -> None:
    """Let go of everything whose time is over, as the privacy page says; print how much it was."""
    counts = privacy.due(current_settings()) if dry_run else tidy_up()
    for name, count in counts.items():
        click.echo(f"{name}: {count}")
    if not counts:
        click.echo("nothing is due")


@click.command()
@with_appcontext
def doctor() -> None:
    """Look at everything the site leans on; exit 1 when something is wrong."""
    commands.look_at_offered()
    findings = upkeep.examine(current_settings(), tables.newest())
    for finding in findings:
        click.echo(f"{'ok ' if finding.well else 'BAD'}  {finding.name}: {finding.sentence}")
    sys.exit(0 if all(finding.well for finding in findings) else 1)
