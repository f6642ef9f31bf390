"""What is over its time goes, on both databases; what is not, and what is a fact, stays."""

from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select, update

from mtd_learning.base import audit, clock, jobs, mail
from mtd_learning.base.audit import AuditLine
from mtd_learning.base.db import db, expect_writing
from mtd_learning.base.jobs import Job
from mtd_learning.certification.models import Certificate
from mtd_learning.cli.user import user as commands
from mtd_learning.learning import service as learning
from mtd_learning.learning.models import (
    Attempt,
    BlockEvent,
    BlockScore,
    BlockState,
    Enrolment,
    Mark,
)
from mtd_learning.library.models import Edition
from mtd_learning.people import invitations, links, sessions, throttle
from mtd_learning.people import service as people
from mtd_learning.people.models import (
    Invitation,
    LoginSession,
    OneTimeLink,
    RoleGrant,
    SignInTry,
    User,
)
from mtd_learning.privacy import service
from mtd_learning.privacy.rows import WITH_ACCOUNT, WITH_ENROLMENT
from mtd_learning.privacy.schedule import SCHEDULE, Period

NOTE = "/x/tiny.m1-blocks.doing.think/handler/submit"
CHECK = "/x/tiny.m1-blocks.doing.one-question/handler/submit"


@pytest.fixture
def settings(app):
    return app.extensions["mtd"].settings


@pytest.fixture
def days_later(monkeypatch):
    """Return a context in which it is so many days later: with days_later(31): …"""

    @contextmanager
    def wait(days: float):
        moment = clock.now() + timedelta(days=days)
        with monkeypatch.context() as patch:
            patch.setattr(clock, "now", lambda: moment)
            yield

    return wait


@pytest.fixture
def tidy(settings, days_later):
    """Return a clearer of everything that is due after so many days: tidy(31) -> counts."""

    def clear(days: float = 0) -> dict[str, int]:
        db.session.commit()
        counts: Counter[str] = Counter()
        with days_later(days):
            while gone := service.tidy(settings):
                db.session.commit()
                counts.update(gone)
        db.session.expire_all()
        return dict(counts)

    return clear


@pytest.fixture
def two_silent_years(tidy):
    """Return a clearer after two years without a visit, with the letter written in time."""

    def pass_by() -> dict[str, int]:
        tidy(705)
        return tidy(736)

    return pass_by


def letters() -> list[Job]:
    return list(db.session.scalars(select(Job).where(Job.kind == "mail").order_by(Job.id)))


def count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def only(model):
    return db.session.scalars(select(model)).one()


def finish(user_id: int, at: datetime) -> None:
    edition = db.session.scalar(select(Edition.id).limit(1))
    db.session.execute(
        update(Enrolment)
        .where(Enrolment.user_id == user_id)
        .values(completed_at=at, completed_edition_id=edition)
    )


def attempt(user_id: int) -> None:
    edition = db.session.scalar(select(Edition.id).limit(1))
    paper = {"quiz": "q", "bank_sha": "f" * 64, "number": 1, "seed": 7, "percent": 90.0}
    paper |= {"question_ids": ["q1"], "answers": {"q1": "a"}, "passed": True}
    learning.record_attempt(learning.standing_of(user_id, "tiny"), edition, paper)


def certificate(holder: User, *, state: str = "valid", days: int | None = None) -> None:
    """Issue one that is valid for so many days, or without an end."""
    now = clock.now()
    words = dict.fromkeys(
        ("issuer_name", "course_title", "course_version", "course_locale", "variant"), "x"
    )
    texts = dict.fromkeys(("manifest_sha", "language", "template_version", "engine"), "x")
    db.session.add(
        Certificate(
            public_code="A" * 20,
            number="SARO-2026-1",
            kind="online-course",
            holder_id=holder.id,
            holder_name_snapshot=holder.name,
            course_key="tiny",
            edition_id=db.session.scalar(select(Edition.id).limit(1)),
            pilot=False,
            elements={},
            awarded_at=now - timedelta(days=4000),
            valid_from=now,
            valid_until=None if days is None else now + timedelta(days=days),
            state=state,
            words={},
            page_address="x",
            pdf=b"paper",
            pdf_sha256="x",
            share_name=True,
            **words,
            **texts,
        )
    )
    db.session.commit()


def test_a_period_is_counted_by_the_calendar():
    day = datetime(2028, 2, 29, 12, tzinfo=UTC)
    assert Period(1, "year").before(day) == datetime(2027, 2, 28, 12, tzinfo=UTC)
    assert Period(24, "month").before(day) == datetime(2026, 2, 28, 12, tzinfo=UTC)
    assert Period(2, "month").before(day) == datetime(2027, 12, 29, 12, tzinfo=UTC)
    assert Period(30, "day").before(day) == day - timedelta(days=30)


def test_nothing_is_due_on_the_day_on_which_it_came(learner, settings, tidy):
    learner.browser.get("/learn/tiny/m1-blocks/doing")
    learner.browser.post(CHECK, json={"answer": "b"})
    links.send_sign_in_link("vilma@example.org")
    throttle.count("password", account="vilma@example.org")
    assert tidy() == {}
    named = {one.name for one in SCHEDULE if one.rows}
    assert set(service.due(settings)) == named | {"warned", "promised", "never opened"}
    assert not any(service.due(settings).values())


def test_an_account_is_emptied_after_its_time_and_only_a_finished_course_stays(
    learner, tidy, two_silent_years
):
    vilma = learner.user
    for name in ("doing", "words", "doing"):
        learner.browser.get(f"/learn/tiny/m1-blocks/{name}")
    assert only(Enrolment).went_back_to == "m1-blocks/doing"
    learner.browser.post(CHECK, json={"answer": "a"})
    attempt(vilma.id)
    learning.record_event(vilma.id, "tiny.m1-blocks.doing.vote", "voted", {})
    learning.enrol(vilma.id, "never-finished")
    db.session.flush()
    finish(vilma.id, clock.now())
    db.session.execute(
        update(Enrolment)
        .where(Enrolment.course_key == "never-finished")
        .values(completed_at=None, completed_edition_id=None)
    )
    links.make_link(vilma)
    certificate(vilma, days=365)
    assert two_silent_years()["accounts"] == 1
    emptied = only(User)
    assert (emptied.name, emptied.language, emptied.country) == ("", "", None)
    assert "vilma" not in emptied.email and not emptied.active and emptied.forgotten_at
    for model in (RoleGrant, LoginSession, OneTimeLink, Mark, Attempt):
        assert count(model) == 0
    for model in (BlockState, BlockScore, BlockEvent):
        assert count(model) == 0
    left = only(Enrolment)
    assert left.course_key == "tiny" and left.completed_at and left.went_back_to is None
    kept = only(Certificate)
    assert kept.holder_name_snapshot == "Vilma" and kept.pdf == b"paper" and kept.holder_id is None
    assert people.list_users() == [] and people.find_user("vilma@example.org") is None
    assert tidy(736) == {}


@pytest.mark.parametrize(
    ("state", "days", "keeps"),
    [("valid", None, True), ("valid", 736, True), ("valid", 734, False), ("revoked", None, False)],
)
def test_an_account_stays_while_a_certificate_of_its_holder_is_valid(
    make_user, two_silent_years, state, days, keeps
):
    vilma, tom = make_user("Vilma"), make_user("Tom")
    certificate(vilma, state=state, days=days)
    assert two_silent_years()["accounts"] == (1 if keeps else 2)
    assert [user.id for user in people.list_users()] == ([vilma.id] if keeps else [])
    assert tom.forgotten_at


def test_who_was_forgotten_may_join_again_with_the_same_address(make_user, two_silent_years):
    make_user("Vilma")
    make_user("Tom")
    assert two_silent_years()["accounts"] == 2
    assert make_user("Vilma").active


def test_a_letter_is_written_thirty_days_before_and_once(make_user, tidy, days_later):
    make_user("Vilma", language="fi")
    assert "warned" not in tidy(695)
    assert tidy(705)["warned"] == 1
    with days_later(735):
        day = clock.today().isoformat()
    (letter,) = letters()
    assert letter.values == {
        "to": "vilma@example.org",
        "template": "account_unused",
        "language": "fi",
        "values": {"day": day},
    }
    assert tidy(706) == {} and "accounts" not in tidy(734) and len(letters()) == 1
    assert tidy(736)["accounts"] == 1 and letters() == []


def test_without_a_mail_server_the_letter_stands_in_the_log(make_user, tidy, days_later, caplog):
    make_user("Vilma")
    tidy(705)
    with days_later(705), caplog.at_level("WARNING"):
        assert jobs.work_once()
        assert "/sign-in" in caplog.text and str(clock.today().year) in caplog.text
    assert only(Job).done_at and "accounts" not in tidy(734)
    assert tidy(736)["accounts"] == 1


def test_when_the_worker_did_not_run_the_letter_comes_first_and_then_thirty_days(make_user, tidy):
    make_user("Vilma")
    late = tidy(900)
    assert late["warned"] == 1 and "accounts" not in late
    assert "accounts" not in tidy(929)
    assert tidy(931)["accounts"] == 1


def test_a_visit_after_the_letter_keeps_the_account_and_a_new_silence_gets_its_own(
    make_user, tidy, days_later
):
    vilma = make_user("Vilma")
    tidy(705)
    with days_later(710):
        sessions.open_session(vilma, "Firefox")
    later = tidy(736)
    assert "accounts" not in later and "warned" not in later
    assert tidy(710 + 705)["warned"] == 1 and len(letters()) == 2
    assert "accounts" not in tidy(710 + 734)
    assert tidy(710 + 736)["accounts"] == 1


def test_the_letter_to_whose_certificate_ends_goes_out_before_its_end(make_user, tidy):
    certificate(make_user("Vilma"), days=800)
    assert "warned" not in tidy(765)
    assert tidy(771)["warned"] == 1
    assert "accounts" not in tidy(800)
    assert tidy(802)["accounts"] == 1


def test_the_day_on_which_a_certificate_loses_its_name_is_the_day_of_the_letter(make_user, tidy):
    certificate(make_user("Vilma"))
    gone = tidy(3660)
    assert gone["certificates"] == 1 and gone["warned"] == 1 and "accounts" not in gone
    assert only(User).name == "Vilma"
    assert tidy(3691)["accounts"] == 1


def test_of_two_workers_who_found_the_same_account_one_writes(make_user, days_later):
    make_user("Vilma")
    accounts = SCHEDULE[0]
    soon = next(rows for rows in accounts.rows if rows.name == "warned")
    with days_later(705):
        before = Period(24, "month").before(clock.now())
        found = soon.keys(before, 10)
        assert [soon.let_go(found, before), soon.let_go(found, before)] == [1, 0]
    assert len(letters()) == 1


def test_a_visit_begins_the_time_of_the_account_anew(make_user, browse, days_later):
    vilma, tom = make_user("Vilma"), make_user("Tom")
    browser = browse(vilma)
    with days_later(10):
        assert browser.get("/account").status_code == 200
        db.session.refresh(vilma)
        assert vilma.seen_at == clock.now() and tom.seen_at < clock.now()
        sessions.open_session(tom, "Firefox")
        assert tom.seen_at == clock.now()


def test_answers_go_a_year_after_a_finished_course_and_notes_and_results_stay(learner, tidy):
    vilma = learner.user
    learner.browser.get("/learn/tiny/m1-blocks/doing")
    assert learner.browser.post(CHECK, json={"answer": "a"}).status_code == 200
    assert learner.browser.post(NOTE, json={"note": 'I listened "well".'}).status_code == 200
    attempt(vilma.id)
    before = {model: count(model) for model in (Mark, BlockScore)}
    assert count(BlockState) == 2
    assert "answers" not in tidy(400)  # not finished
    finish(vilma.id, clock.now())
    db.session.execute(update(User).values(seen_at=clock.now() + timedelta(days=399)))
    assert "answers" not in tidy(360)
    assert tidy(400)["answers"] == 2
    assert count(Attempt) == 0 and "I listened" in only(BlockState).fields
    assert {model: count(model) for model in (Mark, BlockScore)} == before


def test_events_of_blocks_go_after_a_year_whether_or_not_the_course_is_finished(learner, tidy):
    learning.record_event(learner.user.id, "tiny.m1-blocks.doing.vote", "voted", {})
    assert "answers" not in tidy(360)
    assert tidy(370)["answers"] == 1 and count(BlockEvent) == 0


def test_a_certificate_loses_its_name_after_ten_years_and_is_never_deleted(make_user, tidy):
    certificate(make_user("Vilma"))
    assert "certificates" not in tidy(3640)
    assert tidy(3660)["certificates"] == 1
    kept = only(Certificate)
    assert (kept.holder_id, kept.holder_name_snapshot, kept.pdf) == (None, None, None)
    assert kept.number == "SARO-2026-1" and not kept.share_name
    assert tidy(3660) == {}


def test_sessions_links_invitations_and_tries_go_after_they_have_ended(make_user, tidy):
    vilma = make_user("Vilma")
    sessions.open_session(vilma, "Firefox")
    links.make_link(vilma)
    throttle.count("password", account="vilma@example.org", network="192.0.2.1")
    invitations.invite("new@example.org", role="volunteer", language="en")
    assert tidy(1.5) == {"links": 1, "tries": 2}
    assert tidy(13.9) == {} and tidy(14.1) == {"sessions": 1}
    open_still = tidy(59)  # thirty days open, then thirty days more
    assert "invitations" not in open_still and tidy(61)["invitations"] == 1
    for model in (LoginSession, OneTimeLink, SignInTry, Invitation):
        assert count(model) == 0


def test_an_invitation_stays_while_a_link_still_leads_to_it(make_user, tidy):
    token = invitations.invite("new@example.org", role="volunteer", language="en")
    invitation = invitations.look(token)
    links.make_link(make_user("Vilma"), invitation=invitation)
    db.session.execute(update(OneTimeLink).values(expires_at=clock.now() + timedelta(days=100)))
    assert "invitations" not in tidy(129)
    assert tidy(131)["invitations"] == 1 and count(OneTimeLink) == 0


def test_letters_that_were_sent_or_given_up_go_and_waiting_ones_stay(app, tidy):
    for at in ("done_at", "given_up_at", None):
        jobs.enqueue("mail", {"to": "vilma@example.org"})
        if at:
            newest = select(func.max(Job.id)).scalar_subquery()
            db.session.execute(update(Job).where(Job.id == newest).values({at: clock.now()}))
    assert "letters" not in tidy(29)
    assert tidy(31)["letters"] == 2
    assert only(Job).done_at is None and only(Job).given_up_at is None


def test_each_batch_leaves_one_line_with_counts_and_nothing_about_anybody(
    make_user, two_silent_years
):
    for name in ("Vilma", "Tom"):
        make_user(name)
    two_silent_years()
    lines = db.session.scalars(select(AuditLine).order_by(AuditLine.id)).all()
    assert {(line.verb, line.actor_id, line.thing) for line in lines} == {
        ("privacy.tidy", None, "what was due")
    }
    assert [line.details for line in lines] == [{"warned": 2}, {"accounts": 2, "audit": 4}]


def test_audit_lines_go_after_two_years_and_the_line_about_it_stays(app, tidy):
    audit.note("course.join", "tiny")
    assert tidy(720) == {} and tidy(735) == {"audit": 1}
    assert only(AuditLine).verb == "privacy.tidy"


def test_much_goes_in_small_batches_each_of_them_stored_by_itself(
    settings, days_later, monkeypatch
):
    monkeypatch.setattr(service, "BATCH", 3)
    for _ in range(7):
        audit.note("course.join", "tiny")
    db.session.commit()
    found = []
    with days_later(735):
        while gone := service.tidy(settings):
            found.append(gone["audit"])
            db.session.commit()
    assert found == [3, 3, 1]


def test_a_batch_that_is_not_committed_leaves_everything_as_it_was(settings, days_later):
    audit.note("course.join", "tiny")
    db.session.commit()
    with days_later(735):
        assert service.tidy(settings)
    db.session.rollback()
    assert only(AuditLine).verb == "course.join"


def test_the_operator_may_set_other_periods(make_user, settings, days_later):
    make_user("Vilma")
    with days_later(40):
        assert service.due(settings)["warned"] == 0
        assert service.due(replace(settings, keep_accounts_months=2))["warned"] == 1


def test_the_job_of_the_day_tidies_and_leaves_the_worker_its_transaction(app, settings):
    audit.note("course.join", "tiny")
    db.session.execute(update(AuditLine).values(at=clock.now() - timedelta(days=800)))
    jobs.enqueue("tidy", {}, send_key="tidy:today")
    jobs.enqueue("tidy", {}, send_key="tidy:today")
    db.session.commit()
    assert jobs.work_once() and not jobs.work_once()
    db.session.expire_all()
    assert only(Job).done_at and only(AuditLine).details == {"audit": 1}
    expect_writing(True)


def test_every_table_that_leads_to_a_person_is_on_the_schedule_or_goes_with_the_account():
    on_schedule = {rows.table.name for purpose in SCHEDULE for rows in purpose.rows}
    with_account = {model.__tablename__ for model in (*WITH_ACCOUNT, *WITH_ENROLMENT, Enrolment)}
    # Who wrote and published: a number that leads to an empty account afterwards.
    facts = {"content_revision", "edition"}
    personal = {
        table.name
        for table in db.metadata.tables.values()
        if "user_id" in table.columns  # 0 stands for everybody, so not all of them are keys
        or {key.column.table.name for key in table.foreign_keys} & {"user", "enrolment"}
    }
    assert personal <= on_schedule | with_account | facts
    assert "block_state" in personal and "attempt" in personal


def test_what_waits_for_who_was_forgotten_goes_with_them_and_nothing_of_others(make_user, app):
    vilma, tom = make_user("Vilma"), make_user("Tom")
    certificate(vilma)
    for user in (vilma, tom):
        mail.send(user.email, "certificate", "en", {"name": user.name})
        invitation = invitations.look(
            invitations.invite(user.email, role="trainer", language="en", by=vilma.id)
        )
        links.make_link(tom, invitation=invitation)
    db.session.commit()
    goes, _ = service.what_is_kept(vilma.id)
    assert (goes["job"], goes["invitation"]) == (2, 1)  # an invitation comes in a letter
    service.forget(vilma.id, actor_id=vilma.id)
    db.session.commit()
    assert {one.values["to"] for one in letters()} == {"tom@example.org"}
    assert only(Invitation).email == "tom@example.org"


def test_of_a_finished_course_an_empty_account_keeps_the_days_only(learner):
    at = datetime(2026, 3, 4, 15, 16, 17, 18, tzinfo=UTC)
    finish(learner.user.id, at)
    service.forget(learner.user.id)
    db.session.commit()
    db.session.expire_all()
    kept = only(Enrolment)
    assert kept.completed_at == datetime(2026, 3, 4, tzinfo=UTC)
    assert kept.joined_at.time() == kept.completed_at.time()


def test_no_line_of_the_audit_leads_from_an_empty_account_to_its_certificate(make_user):
    vilma, tom = make_user("Vilma"), make_user("Tom")
    for user in (vilma, tom):
        audit.note("certificate.issue", f"number of {user.name}", actor_id=user.id)
        audit.note("course.complete", f"course of {user.name}", actor_id=user.id)
        audit.note("email.change", f"user {user.id}", actor_id=user.id)
    db.session.commit()
    service.forget(vilma.id)
    db.session.flush()
    lines = db.session.execute(select(AuditLine.verb, AuditLine.thing, AuditLine.actor_id)).all()
    assert ("certificate.issue", "number of Vilma", None) in lines
    assert ("certificate.issue", "number of Tom", tom.id) in lines
    assert ("course.complete", "course of Vilma", None) in lines
    assert ("course.complete", "course of Tom", tom.id) in lines
    assert ("email.change", f"user {vilma.id}", vilma.id) in lines


def test_a_full_name_that_nobody_could_hide_any_more_is_not_shown(make_user):
    vilma = make_user("Vilma")
    certificate(vilma)
    service.forget(vilma.id)
    db.session.commit()
    db.session.expire_all()
    kept = only(Certificate)
    assert not kept.share_name and kept.holder_name_snapshot == "Vilma"


def test_an_account_goes_after_thirty_days_when_nobody_proved_that_the_address_is_theirs(
    make_user, tidy
):
    tom = make_user("Tom")
    for name in ("anna", "berta"):
        token = invitations.invite(None, role="volunteer", language="en")
        invitations.join(token, name, f"{name}@example.org", "en", "FI")
    berta = people.find_user("berta@example.org")
    invitations.enter(links.make_link(berta, invitation=invitations.look(token)))
    sessions.open_session(berta, "Firefox")
    db.session.execute(delete(LoginSession))  # she has signed out again
    assert "never opened" not in tidy(29)
    assert tidy(31)["never opened"] == 1
    assert [user.id for user in people.list_users()] == [berta.id, tom.id]


def test_a_name_goes_from_a_certificate_when_its_holder_asks(make_user, app):
    certificate(make_user("Vilma"))
    said = app.test_cli_runner().invoke(commands, ["unname", "SARO-2026-1"])
    assert "without a name" in said.output
    db.session.expire_all()
    kept = only(Certificate)
    assert (kept.holder_id, kept.holder_name_snapshot, kept.pdf) == (None, None, None)
    again = app.test_cli_runner().invoke(commands, ["unname", "SARO-2026-1"])
    assert again.exit_code == 1 and "No certificate SARO-2026-1 has a name" in again.output
    lines = db.session.scalars(select(AuditLine).where(AuditLine.verb == "certificate.unname"))
    assert [line.thing for line in lines] == ["SARO-2026-1"]


def test_the_own_file_names_deeds_and_waiting_letters_of_that_person_only(make_user, tmp_path):
    vilma, tom = make_user("Vilma"), make_user("Tom")
    people.grant(vilma, "trainer", by=tom.id)
    for user in (vilma, tom):
        mail.send(user.email, "certificate", "en", {"name": user.name})
        audit.note("course.join", f"course of {user.name}", actor_id=user.id)
    db.session.flush()
    mine = service.personal_data(vilma.id, tmp_path)
    said = {(line["verb"], line["thing"], line["by_you"]) for line in mine["deeds"]}
    assert ("role.grant", f"user {vilma.id}", False) in said
    assert ("course.join", "course of Vilma", True) in said and "Tom" not in str(mine)
    assert [one["letter"] for one in mine["letters"]] == ["certificate"]


@pytest.mark.parametrize("leaves", [True, False], ids=["leaves", "deletes the note"])
def test_what_is_deleted_stands_in_no_file_of_the_database(learner, settings, leaves):
    files = list(settings.instance.glob("mtd.sqlite*"))

    def is_readable(words: bytes) -> bool:
        return any(words in file.read_bytes() for file in files)

    words = "a grey heron by the lake "
    learner.browser.post(NOTE, json={"note": words * 300})
    assert is_readable(words.encode()) or not files  # PostgreSQL clears its own
    if leaves:
        learner.browser.post("/account/leave")
        assert jobs.work_once()
    else:
        learner.browser.post(NOTE.replace("submit", "forget"), json={})
        service.wipe(settings.instance)
    assert not is_readable(words.encode())
    assert leaves is False or not is_readable(b"vilma@example.org")


def test_old_copies_made_before_an_upgrade_go_and_all_other_files_stay(app, tmp_path, days_later):
    for name in ("before-0002-from-0001.sqlite", "mtd.sqlite", "copy.sqlite"):
        (tmp_path / name).touch()
    with days_later(29):
        service.wipe(tmp_path)
    assert len(list(tmp_path.iterdir())) == 3
    with days_later(31):
        service.wipe(tmp_path)
    assert {file.name for file in tmp_path.iterdir()} == {"mtd.sqlite", "copy.sqlite"}


def test_files_that_blocks_wrote_for_a_person_are_in_the_own_file_and_go_with_the_account(
    make_user, tmp_path
):
    vilma, tom = make_user("Vilma"), make_user("Tom")
    for owner in (0, vilma.id, tom.id):
        folder = tmp_path / "blocks" / f"{owner}-{'a' * 32}"
        folder.mkdir(parents=True)
        (folder / f"of-{owner}.txt").touch()
    assert service.personal_data(vilma.id, tmp_path)["files"] == [f"of-{vilma.id}.txt"]
    service.forget(vilma.id)
    db.session.commit()
    service.wipe(tmp_path)
    left = {file.name for file in (tmp_path / "blocks").rglob("*.txt")}
    assert left == {"of-0.txt", f"of-{tom.id}.txt"}
