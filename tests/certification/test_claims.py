"""What a learner may claim: the day of finishing counts, and what was complete stays so."""

from datetime import timedelta

import pytest

from mtd_learning.base import clock
from mtd_learning.base.db import db
from mtd_learning.certification import claims
from mtd_learning.errors import Conflict
from mtd_learning.learning import rules
from mtd_learning.learning import service as learning
from mtd_learning.library import service as library

EN = ("en",)
LAW = "courses/tiny/m2-short.yaml", "    minutes: 2\n", "    minutes: 2\n    required: false\n"


@pytest.fixture
def vilma(make_user):
    """Return Vilma, who has done all of the tiny course but its last required unit."""
    made = make_user("Vilma")
    learning.enrol(made.id, "tiny")
    edition = library.edition_for("tiny", EN)
    units = [pair for pair in rules.units(edition.manifest) if pair[1]["required"]]
    for module, unit in units[:-1]:
        key = rules.unit_key(module, unit)
        learning.mark(standing(made), key, "done", unit["revision"], edition.id)
    db.session.commit()
    return made


def standing(user) -> learning.Standing:
    return learning.standing_of(user.id, "tiny")


def test_a_course_is_certified_as_of_the_day_on_which_it_was_finished(vilma, monkeypatch):
    edition = library.edition_for("tiny", EN)
    learning.mark(standing(vilma), "m2-short/law", "done", 1, edition.id)
    learning.finish_if_complete(standing(vilma), edition)
    later = clock.now() + timedelta(days=5)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert claims.completed(vilma.id, "tiny", EN).at == standing(vilma).completed_at < later


def test_what_an_edition_that_asks_for_less_made_complete_stays_complete(vilma, rewrite):
    with pytest.raises(Conflict):
        claims.completed(vilma.id, "tiny", EN)
    rewrite(*LAW)
    claimed = claims.completed(vilma.id, "tiny", EN)
    assert claimed.at <= clock.now()
    assert standing(vilma).completed_edition_id == claimed.edition_id
    rewrite(LAW[0], LAW[2], LAW[1])
    assert claims.completed(vilma.id, "tiny", EN).edition_id == claimed.edition_id
