"""A course as a learner meets it: opened once, answered once, locked, resumed, never lost."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from mtd_learning.base.db import db
from mtd_learning.blocks.attempts import open_try
from mtd_learning.blocks.host import Host
from mtd_learning.learning import rules, service
from mtd_learning.learning.models import Attempt, BlockState, Enrolment, Mark
from mtd_learning.library import service as library
from tests.conftest import at_once, statements, writes

M1 = "/learn/tiny/m1-blocks"
ANSWERS = {
    "call": "a",
    "several": ["a", "b"],
    "yes-no": "t",
    "word": "key",
    "number": "4",
    "in-order": ["a", "b"],
    "fi-rule": "t",
    "gaps": {"thing": "door", "part": "a"},
}
QUIZ = "/x/tiny.m1-blocks.test.quiz/handler/hand_in"


def edition(language: str = "en") -> library.Current:
    return library.edition_for("tiny", library.variants_for(language, "FI"))


def first_try(learner, **changes):
    """Return what a first try with the right answers, but for the changes, says."""
    sha = edition().manifest["banks"]["m1-blocks"]
    key = "tiny.m1-blocks.test.quiz"
    paper = open_try(library.document(sha), sha, learner.user.id, key, 1).paper
    pairs = {
        question.about.id: {pair.id: pair.token for pair in question.pairs}
        for question in paper.questions
        if question.kind == "match"
    }
    return {"number": 1, "bank_sha": sha, "answers": {**ANSWERS, **pairs, **changes}}


def hand_in(learner, browser=None, **changes):
    """Hand in the first try."""
    return (browser or learner.browser).post(QUIZ, json=first_try(learner, **changes))


def finish_first_module(learner) -> None:
    """Do what the first module asks for, through its doors."""
    unit, browser = "/x/tiny.m1-blocks.doing", learner.browser
    browser.post(f"{unit}.one-question/handler/submit", json={"answer": "a"})
    browser.post(f"{unit}.choose/handler/submit", json={"choice": "a"})
    browser.post(f"{unit}.story/handler/submit", json={"choice": "stay"})
    hand_in(learner)
    for name in ("words", "doing", "test"):
        browser.post(f"{M1}/{name}/go-on")


def test_the_first_opening_writes_one_mark_and_later_ones_nothing(learner):
    counts = []
    for _ in range(3):
        with statements() as said:
            assert learner.browser.get(f"{M1}/words").status_code == 200
        counts.append(len(writes(said)))
    assert counts == [1, 0, 0]
    assert db.session.scalar(select(func.count(Mark.id))) == 1


@pytest.mark.parametrize("unit", ["words", "doing", "test"])
def test_a_unit_page_asks_the_database_four_times_at_most(learner, unit):
    learner.browser.get(f"{M1}/{unit}")
    with statements() as said:
        learner.browser.get(f"{M1}/{unit}")
    assert len(said) <= 4, "\n".join(said)


def test_a_paper_that_did_not_pass_takes_seven_statements_at_most(learner):
    """Four to read, three to keep: the try, the points, what the block remembers."""
    learner.browser.get(f"{M1}/test")
    told = first_try(learner, call="b")
    with statements() as said:
        learner.browser.post(QUIZ, json=told)
    assert len(said) <= 7 and len(writes(said)) == 3, "\n".join(said)


def test_a_unit_page_shows_its_blocks_once_each(learner):
    page = learner.browser.get(f"{M1}/words").text
    assert page.count("A door is <strong>open</strong>") == 1
    assert "A child is hurt in this story." in page and "Call" not in page.split("</head>")[0]


def test_one_goes_on_to_the_next_unit_and_the_one_before_is_done(learner):
    answer = learner.browser.post(f"{M1}/words/go-on")
    assert answer.status_code == 303
    assert "m1-blocks/words" in service.standing_of(learner.user.id, "tiny").progress.done


def test_a_unit_with_something_left_to_answer_is_not_done_and_says_so(learner):
    answer = learner.browser.post(f"{M1}/doing/go-on")
    assert "m1-blocks/doing" not in service.standing_of(learner.user.id, "tiny").progress.done
    assert "still has something to answer" in learner.browser.get(answer.location).text


def test_a_step_that_was_opened_and_not_finished_can_be_told_from_a_new_one(learner):
    learner.browser.get(f"{M1}/doing")
    page = learner.browser.get("/learn/tiny").text
    states = re.findall(r'<li class="(\w+)">\s*<a href="/learn/tiny/m1-blocks/([\w-]+)"', page)
    assert [name for state, name in states if state == "begun"] == ["doing"]
    assert page.count("(begun)") == 1


def test_continue_leads_to_where_one_stopped_on_any_device(learner, browse):
    for name in ("words", "doing"):
        learner.browser.get(f"{M1}/{name}")
    other = browse(learner.user)
    assert f'href="{M1}/doing"' in other.get("/").text
    assert other.get("/learn").location == "/learn/tiny"
    assert f'href="{M1}/doing"' in other.get("/learn/tiny").text


def test_my_course_unfolds_the_module_in_which_the_next_step_is_and_no_other(learner):
    page = learner.browser.get("/learn/tiny").text
    modules = page.split('<section class="part"')[1:]
    unfolded = ['<details class="fold" open>' in module for module in modules]
    assert unfolded == [True] + [False] * (len(modules) - 1) and len(modules) > 1


def go_and_count(learner, *units: str) -> list[int]:
    """Open units one after the other; return how often each opening wrote."""
    counts = []
    for name in units:
        with statements() as said:
            assert learner.browser.get(f"{M1}/{name}").status_code == 200
        counts.append(len(writes(said)))
    return counts


def test_continue_leads_to_the_step_that_one_went_back_to_at_one_write_for_each_way(
    learner, browse
):
    assert go_and_count(learner, "words", "doing") == [1, 1]
    assert go_and_count(learner, "words", "words", "doing", "words") == [1, 0, 1, 1]
    assert f'href="{M1}/words"' in browse(learner.user).get("/").text
    assert go_and_count(learner, "test", "test") == [2, 0]
    assert f'href="{M1}/test"' in browse(learner.user).get("/").text


def test_to_read_again_what_is_done_moves_nothing_and_writes_nothing(learner):
    learner.browser.post(f"{M1}/words/go-on")
    assert go_and_count(learner, "words", "doing", "words", "words") == [1, 1, 0, 0]
    assert f'href="{M1}/doing"' in learner.browser.get("/").text


def test_an_answer_in_a_window_that_was_left_open_leads_back_there(learner, browse):
    go_and_count(learner, "doing", "test")
    door = "/x/tiny.m1-blocks.doing.one-question/handler/submit"
    learner.browser.post(door, json={"answer": "b"})
    assert f'href="{M1}/doing"' in browse(learner.user).get("/").text


def test_who_has_not_joined_is_told_so(make_user, browse):
    browser = browse(make_user("Stranger"))
    for address in ("/learn/tiny", f"{M1}/words", f"{M1}/words/paper"):
        answer = browser.get(address)
        assert answer.status_code == 404 and "not joined" in answer.text
    assert browser.post(QUIZ, json={}).status_code == 404
    assert browser.post(f"{M1}/words/go-on").status_code == 404


def test_joining_leads_into_the_first_unit(make_user, browse):
    browser = browse(make_user("Stranger"))
    assert browser.post("/learn/tiny/join").location == f"{M1}/words"
    assert browser.post("/learn/tiny/join").status_code == 303


def test_a_locked_module_is_neither_shown_nor_answered(learner):
    unit = "/learn/tiny/m2-short/law"
    assert learner.browser.get(unit).status_code == 403
    assert learner.browser.get(f"{unit}/paper").status_code == 403
    assert learner.browser.post(f"{unit}/go-on").status_code == 403
    door = "/x/tiny.m2-short.law.rule/handler/anything"
    assert learner.browser.post(door, json={}).status_code == 403


def test_a_finished_module_opens_the_next_one(learner):
    finish_first_module(learner)
    assert learner.browser.get("/learn/tiny/m2-short/law").status_code == 200


def test_the_whole_course_ends_with_the_page_that_says_so_and_stays_complete(learner):
    finish_first_module(learner)
    last = None
    for module, unit in rules.units(edition().manifest):
        if module["id"] == "m2-short" and unit["required"]:
            last = learner.browser.post(f"/learn/tiny/m2-short/{unit['id']}/go-on")
    assert last.location == "/learn/tiny/done"
    assert learner.browser.get("/learn/tiny/done").status_code == 200
    assert db.session.scalar(select(Enrolment.completed_at)) is not None


@pytest.mark.parametrize("query", ["", "?module=m1-blocks", "?module=nowhere"])
def test_the_page_of_the_end_is_not_shown_before_the_end(learner, query):
    answer = learner.browser.get(f"/learn/tiny/done{query}")
    assert (answer.status_code, answer.location) == (303, "/learn/tiny")


def test_the_end_of_a_module_is_shown_when_it_is_reached(learner):
    finish_first_module(learner)
    page = learner.browser.get("/learn/tiny/done?module=m1-blocks")
    assert page.status_code == 200 and "You have finished this module" in page.text


def test_who_has_not_joined_is_led_to_the_page_where_one_joins(browse, make_user):
    stranger = browse(make_user("Otto"))
    page = stranger.get(f"{M1}/words")
    assert page.status_code == 404 and 'href="/courses/tiny"' in page.text


def test_a_quiz_handed_in_twice_is_stored_once_and_says_saved(learner):
    first, second = hand_in(learner), hand_in(learner, call="b")
    assert first.json["percent"] == 100 and first.json["passed"]
    assert second.status_code == 200 and second.json["saved"] and second.json["percent"] == 100
    assert db.session.scalar(select(func.count(Attempt.id))) == 1


def test_a_paper_that_was_handed_in_before_says_so_once_on_the_page(learner):
    hand_in(learner)
    sha = edition().manifest["banks"]["m1-blocks"]
    answer = learner.browser.post(QUIZ, data={"number": "1", "bank_sha": sha, "q.call": "b"})
    assert (answer.status_code, answer.location) == (303, f"{M1}/test")
    said = "This test was handed in already. Here is what was kept."
    assert said in learner.browser.get(answer.location).text
    assert said not in learner.browser.get(answer.location).text


def test_a_paper_that_does_not_come_next_is_refused_with_a_way_on(learner):
    sha = edition().manifest["banks"]["m1-blocks"]
    answer = learner.browser.post(QUIZ, data={"number": "99", "bank_sha": sha, "q.call": "a"})
    assert answer.status_code == 409 and "not the test that comes next" in answer.text
    assert "Go to your course" in answer.text
    assert db.session.scalar(select(func.count(Attempt.id))) == 0


def test_a_result_leads_back_to_a_module_that_a_wrong_answer_was_about(learner):
    hand_in(learner, call="b")
    page = learner.browser.get(f"{M1}/test").text
    table = page.partition("Your result by module")[2].partition("</table>")[0]
    assert f'href="{M1}/words"' in table and "0 of 1" in table


def test_a_double_click_in_two_windows_stores_one_try_and_answers_both(app, learner, browse):
    browsers = [learner.browser, browse(learner.user)]
    db.session.commit()
    said: list[int] = []

    def send(browser) -> None:
        said.append(hand_in(learner, browser).status_code)

    at_once(app, send, browsers)
    assert said == [200, 200]
    assert db.session.scalar(select(func.count(Attempt.id))) == 1


def test_a_check_answered_in_two_windows_at_once_is_right_in_both(app, learner, browse):
    browsers = [learner.browser, browse(learner.user)]
    said: list[object] = []

    def send(browser) -> None:
        door = "/x/tiny.m1-blocks.doing.one-question/handler/submit"
        said.append(browser.post(door, json={"answer": "a"}).status_code)

    at_once(app, send, browsers)
    assert said == [200, 200]


def test_a_paper_of_another_quiz_does_not_count_for_this_one(learner):
    """A browser names the bank that it drew from; only this quiz's banks are taken."""
    easy = library.document(edition().manifest["banks"]["m1-blocks"])
    wrong = {"number": 1, "answers": {one["id"]: "x" for one in easy["questions"]}}
    for sha in ("0" * 64, edition().manifest_sha, edition().manifest["media"]["door.svg"]):
        answer = learner.browser.post(QUIZ, json={**wrong, "bank_sha": sha})
        assert answer.status_code == 200
    for attempt in db.session.scalars(select(Attempt)):
        assert attempt.bank_sha == edition().manifest["banks"]["m1-blocks"]


def test_tries_stay_with_their_edition_and_are_shown_as_they_were(learner, rewrite):
    hand_in(learner)
    before = edition()
    address = f"{M1}/test/attempts/m1-blocks/1"
    old = learner.browser.get(address).text
    assert "Somebody is in danger." in old
    assert re.search(r"Taken on \d{1,2} [A-Z][a-z]{2,3} \d{4}, \d\d:\d\d\.", old)
    rewrite("quizzes/tiny/m1-blocks.yaml", "Somebody is in danger.", "Someone may be hurt.")
    assert edition().number == before.number + 1
    assert db.session.scalar(select(Attempt.edition_id)) == before.id
    again = learner.browser.get(address).text
    assert "Somebody is in danger." in again and "Someone may be hurt." not in again
    assert f"edition {before.number}" in again


def test_nobody_sees_the_tries_of_another(learner, make_user, browse):
    hand_in(learner)
    other = make_user("Other")
    service.enrol(other.id, "tiny")
    db.session.commit()
    address = f"{M1}/test/attempts/m1-blocks/1"
    assert browse(other).get(address).status_code == 404
    assert learner.browser.get(address).status_code == 200


def test_200_votes_of_four_threads_on_one_counter_are_all_counted(app, learner, make_user, browse):
    people = [make_user(f"Voter{n}") for n in range(4)]
    for one in people:
        service.enrol(one.id, "tiny")
    db.session.commit()
    browsers = [browse(one) for one in people]
    wrong: list[int] = []

    def vote(browser) -> None:
        for _ in range(50):
            door = "/x/tiny.m1-blocks.test.strange/handler/vote"
            answer = browser.post(door, json={"voteType": "up"})
            if answer.status_code != 200:
                wrong.append(answer.status_code)

    at_once(app, vote, browsers)
    assert not wrong
    kept = db.session.scalar(select(BlockState.fields).where(BlockState.user_id == 0))
    assert '"upvotes": 200' in kept


def test_a_page_with_a_block_of_somebody_else_gets_the_looser_policy_and_ours_the_strict(learner):
    strict = learner.browser.get(f"{M1}/words").headers["Content-Security-Policy"]
    loose = learner.browser.get(f"{M1}/test").headers["Content-Security-Policy"]
    assert "unsafe" not in strict and "'unsafe-inline'" in loose


def test_a_block_that_is_not_allowed_leaves_a_sentence_and_the_page_works(
    learner, app, monkeypatch
):
    monkeypatch.setattr(app.extensions["mtd"], "host", Host().start())
    page = learner.browser.get(f"{M1}/test")
    assert page.status_code == 200 and "cannot be shown just now" in page.text


def test_who_was_signed_out_meanwhile_is_told_so_and_comes_back_to_the_page(browse):
    browser, page = browse(), f"{M1}/words"
    answer = browser.post(f"{page}/go-on", headers={"Referer": f"http://localhost{page}"})
    assert (answer.status_code, answer.location) == (303, f"/sign-in?next={page}")
    assert "You are signed out." in browser.get(answer.location).text
    answer = browser.post(f"{page}/go-on", headers={"Referer": f"http://evil.example{page}"})
    assert answer.location == "/sign-in"


def test_who_did_a_step_that_has_changed_since_is_told_why_it_is_open_again(learner, monkeypatch):
    said = "This step has changed since you did it."
    assert learner.browser.post(f"{M1}/words/go-on").status_code == 303
    assert said not in learner.browser.get(f"{M1}/words").text
    current = edition()
    unit = next(one for _, one in rules.units(current.manifest) if one["id"] == "words")
    monkeypatch.setitem(unit, "revision", unit.get("revision", 1) + 1)
    assert said in learner.browser.get(f"{M1}/words").text
    assert said not in learner.browser.get(f"{M1}/doing").text


def test_who_has_finished_is_told_of_what_is_new_and_owes_nothing_for_the_certificate(learner):
    current = edition()
    standing = service.standing_of(learner.user.id, "tiny")
    for module, unit in rules.units(current.manifest):
        service.mark(standing, rules.unit_key(module, unit), "done", 1, current.id)
    service.finish_if_complete(standing, current)
    db.session.execute(delete(Mark).where(Mark.unit_key == "m1-blocks/words"))  # as if it were new
    db.session.commit()
    for address in ("/", "/learn/tiny"):
        page = learner.browser.get(address).text
        assert "Since then something new was added" in page
        assert "Your certificate" in page and "Still to do" not in page


def test_the_last_step_promises_the_end_of_a_module_only_when_the_others_are_done(learner):
    current = edition()
    module = current.manifest["modules"][0]
    *others, last = module["units"]
    address = f"/learn/tiny/{module['id']}/{last['id']}"
    assert "Finish this module" not in learner.browser.get(address).text
    standing = service.standing_of(learner.user.id, "tiny")
    for unit in others:
        service.mark(standing, rules.unit_key(module, unit), "done", 1, current.id)
    db.session.commit()
    assert "Finish this module" in learner.browser.get(address).text


def test_a_finished_course_in_which_nothing_is_left_offers_the_certificate(learner):
    current = edition()
    standing = service.standing_of(learner.user.id, "tiny")
    for module, unit in rules.units(current.manifest):
        service.mark(standing, rules.unit_key(module, unit), "done", 1, current.id)
    db.session.commit()  # such as when a new edition left the last open unit out
    page = learner.browser.get("/learn/tiny").text
    assert "Your certificate" in page and ">Continue" not in page


STEPS = st.lists(
    st.sampled_from(["fi", "en", "words", "doing", "check", "story", "quiz", "go on"]), max_size=10
)


@settings(
    max_examples=8,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(STEPS)
def test_changing_language_at_any_step_loses_nothing(learner, steps):
    browser, had = learner.browser, 0
    for step in steps:
        if step in ("fi", "en"):
            before = progress(learner)
            browser.post("/language", data={"language": step, "next": "/learn/tiny"})
            assert browser.get("/learn/tiny").status_code == 200
            assert progress(learner) == before
        elif step == "check":
            browser.post(
                "/x/tiny.m1-blocks.doing.one-question/handler/submit", json={"answer": "a"}
            )
        elif step == "story":
            browser.post("/x/tiny.m1-blocks.doing.story/handler/submit", json={"choice": "open"})
        elif step == "quiz":
            hand_in(learner)
        elif step == "go on":
            browser.post(f"{M1}/words/go-on")
        else:
            assert browser.get(f"{M1}/{step}").status_code == 200
        marks = len(progress(learner)[0])
        assert marks >= had
        had = marks


def progress(learner) -> tuple[set[tuple[str, str]], dict[str, str]]:
    db.session.rollback()
    marks = {(mark.unit_key, mark.kind) for mark in db.session.scalars(select(Mark))}
    fields = select(BlockState.block_key, BlockState.fields)
    return marks, {row.block_key: row.fields for row in db.session.execute(fields)}


def test_a_text_that_must_be_read_is_done_when_one_goes_on(learner, rewrite):
    rewrite("courses/tiny/m1-blocks.yaml", "role: hook, text", "role: hook, required: true, text")
    learner.browser.get(f"{M1}/words")
    learner.browser.post(f"{M1}/words/go-on")
    assert "m1-blocks/words" in service.standing_of(learner.user.id, "tiny").progress.done
