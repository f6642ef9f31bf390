"""The verbs of learning: join once, marks only added, completion never taken back, tries kept."""

import pytest
from sqlalchemy import func, select

from mtd_learning.base.audit import AuditLine
from mtd_learning.base.db import db
from mtd_learning.errors import Conflict, Forbidden, NotFound
from mtd_learning.learning import player, rules, service
from mtd_learning.learning.models import Attempt, BlockScore, Enrolment, Mark
from mtd_learning.learning.state import LearnerState
from mtd_learning.library import service as library
from tests.conftest import statements

EN = ("en",)


@pytest.fixture
def vilma(make_user):
    """Return Vilma, who has joined the tiny course."""
    made = make_user("Vilma")
    service.enrol(made.id, "tiny")
    db.session.commit()
    return made


@pytest.fixture
def edition(app) -> library.Current:
    """Return the English edition of the tiny course."""
    return library.edition_for("tiny", EN)


def standing(user) -> service.Standing:
    return service.standing_of(user.id, "tiny")


def do(user, edition: library.Current, *, all_but: int = 0) -> None:
    """Note the required units as done, but not the last ones, as the doors would do it."""
    manifest = edition.manifest
    keys = [
        (rules.unit_key(m, u), u["revision"]) for m, u in rules.units(manifest) if u["required"]
    ]
    for key, revision in keys[: len(keys) - all_but]:
        service.mark(standing(user), key, "done", revision, edition.id)
    service.finish_if_complete(standing(user), edition)
    db.session.commit()


def paper(number: int, **more: object) -> dict[str, object]:
    return {
        "quiz": "m1-blocks",
        "bank_sha": "f" * 64,
        "number": number,
        "seed": 2**70,
        "question_ids": [],
        "answers": {},
        "percent": 50,
        "passed": False,
        **more,
    }


def test_joining_twice_is_joining_once(vilma):
    service.enrol(vilma.id, "tiny")
    db.session.commit()
    assert db.session.scalar(select(func.count(Enrolment.id))) == 1
    joined = select(func.count(AuditLine.id)).where(AuditLine.verb == "course.join")
    assert db.session.scalar(joined) == 1


def test_everybody_has_their_own_courses_the_latest_first(vilma, make_user):
    service.enrol(vilma.id, "another")
    service.enrol(make_user("Tom").id, "toms")
    assert service.courses_of(vilma.id) == ["another", "tiny"]


def test_who_has_not_joined_stands_nowhere_though_they_joined_another_course(make_user):
    stranger = make_user("Stranger")
    service.enrol(stranger.id, "another")
    with pytest.raises(NotFound):
        standing(stranger)


def test_a_mark_is_made_once_for_each_revision(vilma, edition):
    said = [
        service.mark(standing(vilma), "m1-blocks/words", "done", revision, edition.id)
        for revision in (1, 1, 2, 1)
    ]
    assert said == [True, False, True, False]
    assert standing(vilma).progress.done == {"m1-blocks/words": 2}


def test_where_a_person_stands_is_read_with_one_statement(vilma, edition):
    do(vilma, edition)
    with statements() as said:
        standing(vilma)
    assert len(said) == 1


def test_a_course_is_complete_when_its_last_required_unit_is_done(vilma, edition):
    do(vilma, edition, all_but=1)
    assert standing(vilma).completed_at is None
    assert not service.completion_of(vilma.id, "tiny", EN).done
    do(vilma, edition)
    found = service.completion_of(vilma.id, "tiny", EN)
    assert found.done and found.edition.id == edition.id and found.missing == []


def test_the_day_of_completion_is_noted_once(vilma, edition):
    do(vilma, edition)
    first = standing(vilma).completed_at
    do(vilma, edition)
    assert standing(vilma).completed_at == first
    complete = select(func.count(AuditLine.id)).where(AuditLine.verb == "course.complete")
    assert db.session.scalar(complete) == 1


def test_completion_is_not_taken_back_by_a_new_edition_that_asks_for_more(vilma, edition, rewrite):
    do(vilma, edition)
    rewrite("courses/tiny/m2-short.yaml", "required: false", "required: true")
    found = service.completion_of(vilma.id, "tiny", EN)
    assert found.done and found.edition.id == edition.id
    assert service.finish_if_complete(standing(vilma), library.edition_for("tiny", EN))


def test_one_under_way_is_asked_for_what_a_new_edition_adds(vilma, edition, rewrite):
    do(vilma, edition, all_but=1)
    rewrite("courses/tiny/m2-short.yaml", "required: false", "required: true")
    (left,) = service.completion_of(vilma.id, "tiny", EN).missing
    assert [unit for unit, *_ in left.units] == ["law", "rest"]


def test_a_raised_revision_asks_those_under_way_again_and_leaves_the_finished(
    vilma, make_user, edition, rewrite
):
    tom = make_user("Tom")
    service.enrol(tom.id, "tiny")
    do(vilma, edition)
    do(tom, edition, all_but=1)
    rewrite("courses/tiny/m1-blocks.yaml", "    minutes: 3\n", "    minutes: 3\n    revision: 2\n")
    assert service.completion_of(vilma.id, "tiny", EN).done
    missing = service.completion_of(tom.id, "tiny", EN).missing
    assert [unit for one in missing for unit, *_ in one.units] == ["words", "law"]


def test_a_renamed_unit_is_found_under_its_old_name(app):
    place = player.find("tiny", "m1-blocks", "old-words", EN)
    assert place.unit["id"] == "words"


def test_a_module_is_closed_until_those_before_it_are_done(vilma, edition):
    second = edition.manifest["modules"][1]
    with pytest.raises(Forbidden):
        service.must_be_open(edition.manifest, second, standing(vilma))


def test_the_same_try_sent_twice_is_kept_once_as_it_was_first(vilma, edition):
    for percent in (50, 90):
        service.record_attempt(standing(vilma), edition.id, paper(1, percent=percent))
    (kept,) = service.attempts_of(standing(vilma), "m1-blocks")
    assert kept.percent == 50 and kept.seed == str(2**70)


def test_the_third_try_of_two_is_refused_but_the_second_may_come_twice(vilma, edition):
    for number in (1, 2, 2):
        service.record_attempt(standing(vilma), edition.id, paper(number, allowed=2))
    with pytest.raises(Conflict):
        service.record_attempt(standing(vilma), edition.id, paper(3, allowed=2))
    assert db.session.scalar(select(func.count(Attempt.id))) == 2


def test_tries_of_others_and_at_other_quizzes_use_up_none_and_are_not_shown(
    vilma, make_user, edition
):
    tom = make_user("Tom")
    service.enrol(tom.id, "tiny")
    for number in (1, 2):
        service.record_attempt(standing(tom), edition.id, paper(number))
        service.record_attempt(standing(vilma), edition.id, paper(number, quiz="m2-short"))
    service.record_attempt(standing(vilma), edition.id, paper(3, allowed=2))
    assert [one.number for one in service.attempts_of(standing(vilma), "m1-blocks")] == [3]


def test_what_one_person_completes_and_where_they_go_back_to_is_not_that_of_another(
    vilma, make_user
):
    tom = make_user("Tom")
    service.enrol(tom.id, "tiny")
    service.record_score(tom.id, "tiny.m.u.b", completion=1.0)
    service.go_back(standing(tom), "m1-blocks/words")
    assert service.completions(vilma.id, ["tiny.m.u.b"]) == {}
    assert standing(vilma).progress.went_back_to is None
    assert service.completions(tom.id, ["tiny.m.u.b"]) == {"tiny.m.u.b": 1.0}
    assert standing(tom).progress.went_back_to == "m1-blocks/words"


def test_a_better_score_is_kept_where_only_a_higher_one_counts(vilma):
    for earned in (4.0, 9.0, 2.0):
        service.record_score(
            vilma.id, "tiny.m.u.b", earned=earned, possible=10.0, only_if_higher=True
        )
    assert service.record_score(vilma.id, "tiny.m.u.b", completion=1.0) == 1.0
    assert service.record_score(vilma.id, "tiny.m.u.b", earned=5.0, only_if_higher=True) == 1.0
    kept = db.session.get(BlockScore, (vilma.id, "tiny.m.u.b"))
    assert (kept.earned, kept.possible, kept.completion) == (9.0, 10.0, 1.0)


def test_the_latest_score_is_kept_where_nothing_else_was_asked_for(vilma):
    for earned in (9.0, 2.0):
        service.record_score(vilma.id, "tiny.m.u.b", earned=earned, possible=10.0)
    assert db.session.get(BlockScore, (vilma.id, "tiny.m.u.b")).earned == 2.0


def test_marks_are_only_added(vilma, edition):
    do(vilma, edition)
    before = db.session.scalar(select(func.count(Mark.id)))
    do(vilma, edition)
    assert db.session.scalar(select(func.count(Mark.id))) == before


def test_personal_data_holds_everything_kept_about_one_person_and_nothing_of_others(
    vilma, edition, make_user
):
    tom = make_user("Tom")
    service.enrol(tom.id, "tiny")
    do(vilma, edition)
    service.record_attempt(standing(vilma), edition.id, paper(1))
    service.record_score(vilma.id, "tiny.m1.u1.b1", completion=1.0)
    for who, words in ((vilma, "hers"), (tom, "his")):
        state = LearnerState(who.id, writing=True)
        state.set(who.id, "tiny.m1.u1.b1", "note", words)
        state.flush()
        service.record_event(who.id, "tiny.m1.u1.b1", "vote", {"for": words})
    db.session.flush()
    mine, his = service.personal_data(vilma.id), service.personal_data(tom.id)
    assert mine["courses"][0]["completed_at"] and not his["courses"][0]["completed_at"]
    score = {"completion": 1.0, "earned": None, "possible": None}
    assert mine["steps"] and mine["scores"] == {"tiny.m1.u1.b1": score}
    assert [one["number"] for one in mine["attempts"]] == [1]
    assert his["steps"] == his["attempts"] == [] and his["scores"] == {}
    for data, words in ((mine, "hers"), (his, "his")):
        assert data["blocks"] == {"tiny.m1.u1.b1": {"note": words}}
        assert [one["data"] for one in data["events"]] == [{"for": words}]
