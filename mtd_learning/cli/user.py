"""`mtd user`: invite, a sign-in address, roles, organisations, the list."""

import json

import click
from flask.cli import with_appcontext

from mtd_learning.base.db import db, expect_writing
from mtd_learning.base.settings import current_settings
from mtd_learning.errors import N_, NotFound
from mtd_learning.library import service as library
from mtd_learning.people import invitations, links, roles
from mtd_learning.people import service as people
from mtd_learning.people.countries import COUNTRIES
from mtd_learning.people.models import Organisation, User
from mtd_learning.privacy import service as privacy
from mtd_learning.web.mailer import site_address

COUNTRY = click.Choice(sorted(COUNTRIES))


@click.group()
def user() -> None:
    """People: invitations, sign-in addresses, roles, organisations."""


def _address(path: str) -> str:
    return site_address() + path


def _organisation(slug: str | None) -> Organisation | None:
    return people.organisation_named(slug) if slug else None


def _person(email: str) -> User:
    found = people.find_user(email)
    if found is None:
        raise NotFound(N_("Nobody here has the address %(email)s."), email=email)
    return found


def _said(grant: roles.Grant) -> str:
    """Return a role with its place, as `trainer (saro, FI)`."""
    home = people.organisation(grant.organisation_id)
    place = [word for word in (home.slug if home else None, grant.country) if word]
    return f"{grant.role} ({', '.join(place)})" if place else grant.role


def _usual(courses: set[str]) -> str:
    if "beside-the-child" in courses or not courses:
        return "beside-the-child"
    if len(courses) > 1:
        raise click.UsageError(f"Say which course with --course: {', '.join(sorted(courses))}.")
    return next(iter(courses))


@user.command()
@click.argument("email", required=False)
@click.option("--role", default="volunteer", show_default=True, type=click.Choice(roles.ROLES))
@click.option("--organisation", help="Slug of the organisation.")
@click.option(
    "--course", help="Course that the person joins; else beside-the-child or the only one."
)
@click.option("--country", type=COUNTRY, help="Country whose numbers and rules the person reads.")
@click.option("--language", help="Language of the letter; else the first of the site.")
@with_appcontext
def invite(
    email: str | None,
    role: str,
    organisation: str | None,
    course: str | None,
    country: str | None,
    language: str | None,
) -> None:
    """Print an invitation address.

    With EMAIL it is for that person, who gets it in a letter too. Without, anybody who has the
    address may join as a volunteer.
    """
    expect_writing(True)
    published = {one.course_key for one in library.editions_now()}
    course = course or _usual(published)
    if course not in published:
        raise NotFound(N_("There is no course called '%(course)s'."), course=course)
    languages = current_settings().languages
    language = language or languages[0]
    if language not in languages:
        known = ", ".join(languages)
        raise click.BadParameter(f"{language!r} is not one of {known}.", param_hint="--language")
    token = invitations.invite(
        email=email,
        role=role,
        organisation=_organisation(organisation),
        course_key=course,
        country=country,
        language=language,
    )
    db.session.commit()
    click.echo(_address(f"/join/{token}"))


@user.command()
@click.argument("email")
@with_appcontext
def link(email: str) -> None:
    """Print a one-time sign-in address for EMAIL."""
    expect_writing(True)
    token = links.hand_out(_person(email))
    db.session.commit()
    click.echo(_address(f"/sign-in/{token}"))


@user.command()
@click.argument("email")
@click.argument("role", type=click.Choice(roles.ROLES))
@click.option("--organisation", help="Slug of the organisation in which the role holds.")
@click.option("--country", type=COUNTRY, help="Country in which the role holds.")
@click.option("--withdraw", is_flag=True, help="Take the role away.")
@with_appcontext
def role(
    email: str, role: str, organisation: str | None, country: str | None, withdraw: bool
) -> None:
    """Give EMAIL a role, or take it away; without a place it holds everywhere."""
    expect_writing(True)
    person = _person(email)
    verb = people.withdraw if withdraw else people.grant
    if not verb(person, role, organisation=_organisation(organisation), country=country):
        held = ", ".join(_said(grant) for grant in people.grants_of(person.id)) or "none"
        raise click.ClickException(f"Nothing was changed. The roles of {email} are: {held}.")
    db.session.commit()
    click.echo(f"{email}: {role} {'withdrawn' if withdraw else 'given'}")


@user.command()
@click.argument("email")
@click.option("--dry-run", is_flag=True, help="Say what would go and what stays; change nothing.")
@with_appcontext
def forget(email: str, dry_run: bool) -> None:
    """Empty the account of EMAIL at its holder's wish. Certificates stay valid."""
    expect_writing(not dry_run)
    person = _person(email)
    goes, stays = privacy.what_is_kept(person.id)
    click.echo("goes: " + ", ".join(f"{name} {count}" for name, count in goes.items()))
    counts = ", ".join(f"{name} {count}" for name, count in stays.items())
    click.echo(f"stays, leading to nobody: {counts}")
    if not dry_run:
        privacy.forget(person.id)
        db.session.commit()
        click.echo(f"{email}: forgotten")


@user.command()
@click.argument("number")
@with_appcontext
def unname(number: str) -> None:
    """Take the name off certificate NUMBER at its holder's wish; its check page stays."""
    expect_writing(True)
    if not privacy.unname(number):
        raise click.ClickException(f"No certificate {number} has a name.")
    db.session.commit()
    click.echo(f"{number}: without a name")


@user.command()
@click.argument("slug")
@click.argument("name")
@click.option("--country", type=COUNTRY, help="Country in which it works.")
@click.option("--pack", help="Organisation pack whose texts its people read.")
@with_appcontext
def organisation(slug: str, name: str, country: str | None, pack: str | None) -> None:
    """Add an organisation, for invitations and roles to name by its SLUG."""
    expect_writing(True)
    if not name.strip():
        raise click.BadParameter("It must not be empty.", param_hint="NAME")
    people.create_organisation(slug, name, country, pack)
    db.session.commit()
    click.echo(f"{slug}: {name}")
    if pack and not any(one.variant.endswith(f"+{pack}") for one in library.editions_now()):
        click.echo(f"No edition with the pack {pack} is published yet.", err=True)


@user.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@with_appcontext
def list_(as_json: bool) -> None:
    """List people with their roles and where these hold."""
    rows = [
        {
            "email": one.email,
            "name": one.name,
            "language": one.language,
            "country": one.country,
            "roles": [_said(grant) for grant in people.grants_of(one.id)],
        }
        for one in people.list_users()
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        click.echo(f"{row['email']}  {row['name']}  {', '.join(row['roles'])}")  # type: ignore[arg-type]
