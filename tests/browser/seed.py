"""Fill a fresh instance: tables, the shipped course, the people of the demo and four of our own.

Run in a process of its own; prints a name and a one-time sign-in path a line. Fresh and Busy have
only joined, Grace and Mallory have done every unit: the journey tests walk the course itself,
here time is saved.
"""

from collections.abc import Collection

from mtd_learning.app import create_app
from mtd_learning.base.db import db, expect_writing
from mtd_learning.base.settings import load
from mtd_learning.cli import seeds
from mtd_learning.cli.site import bring_up_to_date, prepare
from mtd_learning.learning import rules
from mtd_learning.learning import service as learning
from mtd_learning.library import service as library
from mtd_learning.people import links
from mtd_learning.people import service as people


def join(name: str) -> int:
    """Make a person who has joined the course; return the id."""
    user = people.create_user(f"{name}@demo.example", f"{name.capitalize()} Demo", "en", "FI")
    people.grant(user, "volunteer")
    learning.enrol(user.id, seeds.COURSE)
    return user.id


def finish(user_id: int, but_for: Collection[str] = ()) -> None:
    """Note every unit of the course as done, but for those of some modules."""
    edition = library.edition_for(seeds.COURSE, library.variants_for("en", "FI"))
    mine = learning.standing_of(user_id, seeds.COURSE)
    for module, unit in rules.units(edition.manifest):
        if module["id"] not in but_for:
            learning.mark(mine, rules.unit_key(module, unit), "done", unit["revision"], edition.id)
    learning.finish_if_complete(mine, edition)


def have_done(email: str, but_for: Collection[str]) -> None:
    """Let a person who joined have done every module but for these."""
    app = create_app()
    with app.app_context():
        expect_writing(True)
        user = people.find_user(email)
        assert user is not None
        finish(user.id, but_for)
        db.session.commit()


def main() -> None:
    """Make them all."""
    prepare(load().instance)
    app = create_app()
    bring_up_to_date(app)
    with app.app_context():
        expect_writing(True)
        seeds.demo()
        for name in ("fresh", "busy"):
            join(name)
        for name in ("grace", "mallory"):
            finish(join(name))
        for name in ("fresh", "busy", "grace", "mallory", "coordinator"):
            user = people.find_user(f"{name}@demo.example")
            assert user is not None
            print(name, "/sign-in/" + links.make_link(user))
        db.session.commit()


if __name__ == "__main__":
    main()
