"""The schedule: every purpose for which something about people is kept, and for how long."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_

from mtd_learning.base.audit import AuditLine
from mtd_learning.base.jobs import Job
from mtd_learning.base.settings import Settings
from mtd_learning.certification.models import Certificate
from mtd_learning.errors import N_
from mtd_learning.learning.models import Attempt, BlockEvent, BlockState
from mtd_learning.people.models import Invitation, LoginSession, OneTimeLink, SignInTry, User
from mtd_learning.privacy import rows
from mtd_learning.privacy.rows import Rows


@dataclass(frozen=True)
class Period:
    """A time as people say it: so many days, months or years of the calendar."""

    count: int
    unit: str

    def before(self, now: datetime) -> datetime:
        """Return the moment that lies one period before `now`."""
        if self.unit == "day":
            return now - timedelta(days=self.count)
        months = self.count * {"month": 1, "year": 12}[self.unit]
        year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
        day = min(now.day, monthrange(year, month + 1)[1])
        return now.replace(year=year, month=month + 1, day=day)


@dataclass(frozen=True)
class Purpose:
    """One line of the schedule. The privacy page says `what` and `how_long`; a purpose without
    `rows` is kept elsewhere, or goes with another one."""

    name: str
    what: str
    how_long: str
    period: Callable[[Settings], Period]
    rows: tuple[Rows, ...] = ()


SCHEDULE = (
    Purpose(
        "accounts",
        N_("Your name, e-mail address, language, country and organisation"),
        N_("%(period)s after your last visit; with a valid certificate, as long as that is valid"),
        lambda settings: Period(settings.keep_accounts_months, "month"),
        (
            Rows(User, rows.unused, rows.empty_accounts),
            Rows(User, rows.unused_soon, rows.warn, name="warned"),
        ),
    ),
    Purpose(
        "answers",
        N_("What you have done in a course, and your answers"),
        N_(
            "%(period)s after you finished the course; then only the result. "
            "A course that you have not finished: as long as your account"
        ),
        lambda settings: Period(settings.keep_answers_months, "month"),
        (
            Rows(Attempt, rows.tried_in_a_finished_course),
            Rows(BlockState, rows.answered_in_a_finished_course),
            Rows(BlockEvent, lambda before: BlockEvent.at <= before),
        ),
    ),
    Purpose(
        "notes",
        N_("Your private notes"),
        N_("only you can read them; until you delete them or leave"),
        lambda settings: Period(settings.keep_accounts_months, "month"),
    ),
    Purpose(
        "certificates",
        N_("Your certificate: name, course, edition, date, issuer"),
        N_("%(period)s, or until you ask; then the certificate stays without your name"),
        lambda settings: Period(settings.keep_certificates_years, "year"),
        (Rows(Certificate, rows.named_long_ago, rows.take_the_name_away),),
    ),
    Purpose(
        "audit",
        N_("Who changed a status, issued or exported something"),
        "%(period)s",
        lambda settings: Period(settings.keep_audit_months, "month"),
        (Rows(AuditLine, lambda before: AuditLine.at <= before),),
    ),
    Purpose(
        "sessions",
        N_("Devices on which you are signed in"),
        N_("until you sign out, or %(period)s after you last used the device"),
        lambda settings: Period(settings.session_idle_days, "day"),
        (Rows(LoginSession, lambda before: LoginSession.seen_at <= before),),
    ),
    Purpose(
        "links",
        N_("Links by mail that sign you in"),
        N_("%(period)s after they were used or ran out"),
        lambda settings: Period(1, "day"),
        (Rows(OneTimeLink, rows.ended_link),),
    ),
    Purpose(
        "invitations",
        N_("Invitations, with the address to which they went"),
        N_("%(period)s after they were used or ran out"),
        lambda settings: Period(30, "day"),
        (
            Rows(OneTimeLink, rows.ended_promise, name="promised"),
            Rows(Invitation, rows.ended_invitation),
            Rows(User, rows.never_opened, rows.empty_accounts, name="never opened"),
        ),
    ),
    Purpose(
        "tries",
        N_("That somebody tried to sign in or to check a certificate, without name or address"),
        "%(period)s",
        lambda settings: Period(1, "day"),
        (Rows(SignInTry, lambda before: SignInTry.at <= before),),
    ),
    Purpose(
        "letters",
        N_("Letters to you that could not be sent"),
        "%(period)s",
        lambda settings: Period(30, "day"),
        (Rows(Job, lambda before: or_(Job.done_at <= before, Job.given_up_at <= before)),),
    ),
    # Not in the database: the machine keeps it, and its operator sets for how long.
    Purpose(
        "log",
        N_("Technical log of the server"),
        "%(period)s",
        lambda settings: Period(30, "day"),
    ),
)

# What an account takes along, whenever it goes.
GOES_WITH_ACCOUNT = ("accounts", "answers", "notes", "sessions")
