"""Which rows are due one period later, and what letting go of them means."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    String,
    Table,
    and_,
    cast,
    delete,
    func,
    literal,
    or_,
    select,
    tuple_,
    update,
)

from mtd_learning import plugins
from mtd_learning.base import clock, mail
from mtd_learning.base.audit import AuditLine
from mtd_learning.base.db import execute
from mtd_learning.base.jobs import Job
from mtd_learning.certification.models import Certificate
from mtd_learning.learning.models import (
    Attempt,
    BlockEvent,
    BlockScore,
    BlockState,
    Enrolment,
    Mark,
)
from mtd_learning.people.models import Invitation, LoginSession, OneTimeLink, RoleGrant, User

Where = ColumnElement[bool]

# What goes with an account; a finished enrolment stays, without what was done in it.
WITH_ACCOUNT = (RoleGrant, LoginSession, OneTimeLink, BlockState, BlockScore, BlockEvent)
WITH_ENROLMENT = (Mark, Attempt)

NOTICE = timedelta(days=30)  # from the letter to the day on which the account is emptied


@dataclass(frozen=True)
class Rows:
    """Rows of a table that are due, told by the moment one period ago. `clear` does another
    thing to them than deleting them, and returns how many they were; rows with a `name` are
    counted under it, not under the name of their purpose."""

    model: type[Any]
    due: Callable[[datetime], Where]
    clear: Callable[[Where], int] | None = None
    name: str = ""

    @property
    def table(self) -> Table:
        """Return the table."""
        table: Table = self.model.__table__
        return table

    def keys(self, before: datetime, most: int) -> list[Any]:
        """Return the keys of at most so many rows that are due."""
        found = execute(select(*self._key).where(self.due(before)).limit(most))
        return [tuple(row) for row in found]

    def count(self, before: datetime) -> int:
        """Return how many rows are due."""
        counted = select(func.count()).select_from(self.table).where(self.due(before))
        return int(execute(counted).scalar_one())

    def let_go(self, keys: list[Any], before: datetime) -> int:
        """Clear those of the rows that are still due; return how many they were."""
        where = and_(tuple_(*self._key).in_(keys), self.due(before))
        if self.clear is not None:
            return self.clear(where)
        return execute(delete(self.table).where(where)).rowcount

    @property
    def _key(self) -> list[ColumnElement[Any]]:
        return list(self.table.primary_key)


def unused(before: datetime) -> Where:
    """Nobody has used the account since, no certificate of its holder is valid, and the letter
    about it was written in time."""
    now = clock.now()
    return and_(_silent(before, now), _warned(), User.warned_at <= now - NOTICE)


def unused_soon(before: datetime) -> Where:
    """The account will be unused when the time of a letter is over that is not written yet."""
    return and_(_silent(before + NOTICE, clock.now() + NOTICE), ~_warned())


def _warned() -> Where:
    """The letter was written in this silence: a visit after it makes it void."""
    return and_(User.warned_at.is_not(None), User.warned_at > User.seen_at)


def _silent(before: datetime, on: datetime) -> Where:
    """Nobody has used the account since, and on that day no certificate is valid."""
    day = datetime.combine(on.date(), time(), UTC)  # a certificate is valid to the end of a day
    valid = select(Certificate.id).where(
        Certificate.holder_id == User.id,
        Certificate.state == "valid",
        or_(Certificate.valid_until.is_(None), Certificate.valid_until >= day),
    )
    return and_(User.seen_at <= before, User.forgotten_at.is_(None), ~valid.exists())


def warn(where: Where) -> int:
    """Write to the holders of accounts on which day these will be emptied, and what keeps them."""
    now = clock.now()
    warned = execute(
        update(User.__table__)
        .where(where)
        .values(warned_at=now)
        .returning(User.id, User.email, User.language, User.seen_at)
    ).all()
    for user in warned:
        mail.send(
            user.email,
            "account_unused",
            user.language,
            {"day": (now + NOTICE).date().isoformat()},
            send_key=f"account_unused:{user.id}:{user.seen_at.date()}",
        )
    return len(warned)


def empty_accounts(where: Where) -> int:
    """Take everything from accounts that says whose they are or what they did; an empty row
    stays for the courses that were finished. Certificates stay, and nothing leads from it to
    them. Refused while a plugin that may keep something about them is not there."""
    plugins.refuse_to_forget_by_halves()
    addresses = {row.id: row.email for row in execute(select(User.id, User.email).where(where))}
    users = execute(
        update(User.__table__)
        .where(where)
        .values(
            email=literal("forgotten ").concat(cast(User.id, String)),
            name="",
            password_hash=None,
            language="",
            country=None,
            organisation_id=None,
            active=False,
            forgotten_at=clock.now(),
        )
        .returning(User.id)
    ).scalars()
    forgotten = list(users)
    enrolments = select(Enrolment.id).where(Enrolment.user_id.in_(forgotten))
    for model in WITH_ENROLMENT:
        execute(delete(model.__table__).where(model.__table__.c.enrolment_id.in_(enrolments)))
    for model in WITH_ACCOUNT:
        execute(delete(model.__table__).where(model.__table__.c.user_id.in_(forgotten)))
    theirs = Enrolment.user_id.in_(forgotten)
    execute(delete(Enrolment.__table__).where(theirs, Enrolment.completed_at.is_(None)))
    _leave_only_the_days(theirs)
    _forget_addresses([addresses[one] for one in forgotten])
    _leave_certificates_alone(forgotten)
    _let_plugins_forget(forgotten)
    return len(forgotten)


def _leave_only_the_days(theirs: Where) -> None:
    """Leave of finished courses the days only: to the second they are those of a certificate."""
    finished = select(Enrolment.id, Enrolment.joined_at, Enrolment.completed_at).where(theirs)
    for row in execute(finished).all():
        days = {
            "joined_at": datetime.combine(row.joined_at.date(), time(), UTC),
            "completed_at": datetime.combine(row.completed_at.date(), time(), UTC),
        }
        one = Enrolment.id == row.id
        execute(update(Enrolment.__table__).where(one).values(went_back_to=None, **days))


def letters_to(addresses: list[str]) -> Where:
    """The letter waits for one of these addresses, or was given up."""
    return and_(Job.kind == "mail", Job.values["to"].as_string().in_(addresses))


def _forget_addresses(addresses: list[str]) -> None:
    """Delete what waits for these addresses: letters, and invitations with their links."""
    execute(delete(Job.__table__).where(letters_to(addresses)))
    invitations = select(Invitation.id).where(Invitation.email.in_(addresses))
    execute(delete(OneTimeLink.__table__).where(OneTimeLink.invitation_id.in_(invitations)))
    execute(delete(Invitation.__table__).where(Invitation.email.in_(addresses)))


def _leave_certificates_alone(forgotten: list[int]) -> None:
    """Let no way lead between certificates and accounts any more, and show nobody a full name:
    who has left could not take that back."""
    held = Certificate.holder_id.in_(forgotten)
    execute(update(Certificate.__table__).where(held).values(holder_id=None, share_name=False))
    learned = or_(*(AuditLine.verb.startswith(verb) for verb in ("certificate.", "course.")))
    theirs = AuditLine.actor_id.in_(forgotten)
    execute(update(AuditLine.__table__).where(theirs, learned).values(actor_id=None))


def _let_plugins_forget(forgotten: list[int]) -> None:
    for plugin in plugins.load(plugins.SITE).values():
        if isinstance(plugin, plugins.KeepsPersonalData):
            for user_id in forgotten:
                plugin.forget(user_id)


def tried_in_a_finished_course(before: datetime) -> Where:
    """The try is old, and so is the end of its course."""
    finished = select(Enrolment.id).where(Enrolment.completed_at <= before)
    return and_(Attempt.taken_at <= before, Attempt.enrolment_id.in_(finished))


def answered_in_a_finished_course(before: datetime) -> Where:
    """The answer is old, and so is the end of its course; private notes are never due."""
    finished = select(Enrolment.id).where(
        Enrolment.user_id == BlockState.user_id,
        Enrolment.completed_at <= before,
        BlockState.block_key.like(Enrolment.course_key + ".%"),
    )
    people = select(Enrolment.user_id).where(Enrolment.completed_at <= before)
    # A private note stays until its writer deletes it. Inside a text the quotes are escaped.
    is_note = BlockState.fields.contains('"note":')
    return and_(
        BlockState.user_id.in_(people),
        BlockState.updated_at <= before,
        ~is_note,
        finished.exists(),
    )


def named_long_ago(before: datetime) -> Where:
    """The certificate was issued long ago and still has its name."""
    return and_(Certificate.valid_from <= before, Certificate.holder_name_snapshot.is_not(None))


def take_the_name_away(where: Where) -> int:
    """Take the holder and the name; the check page goes on answering."""
    return execute(
        update(Certificate.__table__)
        .where(where)
        .values(
            holder_id=None,
            holder_name_snapshot=None,
            pdf=None,
            pdf_sha256=None,
            share_name=False,
        )
    ).rowcount


def ended_link(before: datetime) -> Where:
    """The link was used or ran out, and no invitation waits in it."""
    ran_out = and_(OneTimeLink.expires_at <= before, OneTimeLink.invitation_id.is_(None))
    return or_(OneTimeLink.used_at <= before, ran_out)


def ended_promise(before: datetime) -> Where:
    """The link ran out, and with it the invitation of somebody who joined and never came."""
    return and_(OneTimeLink.expires_at <= before, OneTimeLink.invitation_id.is_not(None))


def ended_invitation(before: datetime) -> Where:
    """The invitation was used or ran out, and no link leads to it."""
    waiting = select(OneTimeLink.invitation_id).where(OneTimeLink.invitation_id.is_not(None))
    ended = or_(Invitation.used_at <= before, Invitation.expires_at <= before)
    return and_(ended, Invitation.id.not_in(waiting))


def never_opened(before: datetime) -> Where:
    """Somebody joined with the address, and nobody has proved that it is theirs."""
    given = (RoleGrant, LoginSession, OneTimeLink, Enrolment)
    return and_(
        User.created_at <= before,
        User.seen_at <= User.created_at,
        User.forgotten_at.is_(None),
        User.password_hash.is_(None),
        *(~select(model.user_id).where(model.user_id == User.id).exists() for model in given),
    )
