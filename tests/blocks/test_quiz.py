"""A quiz: drawn, handed in once, judged here, shown again as it was."""

import hashlib
import json
import re
from typing import Any

import pytest
from lxml import html as lxml_html
from webob import Request

from mtd_learning.blocks import pages
from mtd_learning.blocks.attempts import render_attempt
from mtd_learning.blocks.host import Host
from mtd_learning.blocks.services import Module
from mtd_learning.errors import Conflict
from tests.assessment.making import raw_question
from tests.blocks.making import Desk, block, desk_of


class Clock:
    """A clock that goes on by a second at each look."""

    def __init__(self) -> None:
        self.looks = 0

    def now(self) -> str:
        """Return the next second."""
        self.looks += 1
        return f"2026-11-21T12:02:{self.looks:02}+00:00"

    def time_of_day(self, moment: str) -> str:
        """Return hours and minutes."""
        return moment[11:16]


def _bank(count: int = 4, **rules: Any) -> dict[str, Any]:
    lang = rules.pop("lang", "en")
    questions = [raw_question("single", f"q{n}", lang=lang) for n in range(count)]
    questions[0].update(critical=True, explain="A child comes first.")
    return {"id": "b", "title": "Safety", "pass_percent": 75, "questions": questions, **rules}


def _quiz(host: Host, bank: dict[str, Any] | None = None, **more: Any) -> Desk:
    fields = {"quiz": "b", "text": "", "bank": bank or _bank(), "bank_sha": _sha(bank or _bank())}
    return desk_of(host, block("z", "quiz", fields, required=True), **more)


def _sha(bank: dict[str, Any]) -> str:
    return hashlib.blake2b(json.dumps(bank).encode(), digest_size=8).hexdigest()


def _shown(desk: Desk) -> str:
    """Return the hash of the bank of which the learner has a paper."""
    return next(node for node in desk.unit if node.type == "mtd_quiz").fields["bank_sha"]


def _hand_in(desk: Desk, number: int = 1, sha: str = "", **answers: str) -> Any:
    sha = sha or _shown(desk)
    fields = {f"q.{name}": value for name, value in answers.items()}
    return desk.post("z", "hand_in", number=str(number), bank_sha=sha, **fields)


ALL_RIGHT = {"q0": "a", "q1": "a", "q2": "a", "q3": "a"}


def test_the_rules_are_said_before_the_first_question(host: Host):
    text = _quiz(host).seen().text_content()
    for words in (
        "4 questions, no time limit",
        "You pass with 75 % right answers",
        "must be right",
        "as many times as you like",
        "Your coordinator sees that you finished",
    ):
        assert words in text


def test_a_passed_quiz_is_a_grade_with_its_paper_and_is_done(host: Host):
    desk = _quiz(host)
    answer = _hand_in(desk, **ALL_RIGHT)
    assert (answer.status_int, answer.location) == (303, "/learn/course/mod/unit#b-z")
    (_, grade, said), (_, done, completion) = desk.heard
    assert (grade, done, completion) == ("grade", "completion", {"completion": 1.0})
    assert (said["value"], said["max_value"], said["only_if_higher"]) == (100.0, 100.0, True)
    paper = said["paper"]
    assert {paper["quiz"], paper["bank_sha"]} == {"b", _shown(desk)} and paper["number"] == 1
    assert sorted(paper["question_ids"]) == ["q0", "q1", "q2", "q3"]
    assert paper["answers"] == ALL_RIGHT and paper["passed"] and paper["critical_missed"] == []
    assert "You have passed" in desk.page()


def test_what_is_said_is_plain_json_of_a_size_that_any_reader_takes(host: Host):
    desk = _quiz(host)
    _hand_in(desk, **ALL_RIGHT)
    paper = desk.heard[0][2]["paper"]
    assert json.loads(json.dumps(paper)) == paper and 0 <= paper["seed"] < 2**53


def test_a_failed_quiz_is_a_grade_and_not_done(host: Host):
    desk = _quiz(host)
    _hand_in(desk, q0="a", q1="b", q2="b", q3="b")
    assert [kind for _, kind, _ in desk.heard] == ["grade"]
    text = desk.seen().text_content()
    assert "Not there yet" in text and "25 % right. 75 % are needed." in text
    assert "Try again" in text and "Not this" in text


def test_who_has_failed_may_try_again_at_once_and_who_has_passed_after_all_the_rest(host: Host):
    desk = _quiz(host)
    _hand_in(desk, q0="a", q1="b", q2="b", q3="b")
    page = desk.page()
    assert page.index("Try again") < page.index("Your answers and what we say")
    desk = _quiz(host)
    _hand_in(desk, **ALL_RIGHT)
    page = desk.page()
    assert page.index("Try again") > page.index("Your answers and what we say")


def test_a_missed_critical_question_is_named_and_explained(host: Host):
    desk = _quiz(host)
    _hand_in(desk, **{**ALL_RIGHT, "q0": "b"})
    seen = desk.seen()
    assert (
        "A child comes first." in seen.xpath("//*[contains(@class, 'warning')]")[0].text_content()
    )
    link = seen.xpath("//*[contains(@class, 'warning')]//a/@href")[0]
    assert seen.xpath(f"//*[@id='{link[1:]}']")
    assert desk.heard[0][2]["paper"]["critical_missed"] == ["q0"]


def test_a_paper_that_is_sent_twice_is_stored_once(host: Host):
    desk = _quiz(host)
    _hand_in(desk, **ALL_RIGHT)
    before = dict(desk.kept("z"))
    assert _hand_in(desk, q0="b", q1="b", q2="b", q3="b").status_int == 303
    assert (len(desk.heard), dict(desk.kept("z"))) == (2, before)
    told = desk.send(
        "z", "hand_in", {"number": 1, "bank_sha": _shown(desk), "answers": ALL_RIGHT}
    ).json
    assert (told["saved"], told["number"], told["percent"]) == (True, 1, 100.0)


def test_a_paper_that_comes_from_another_window_is_told_that_it_was_handed_in(host: Host):
    desk = _quiz(host)
    _hand_in(desk, **ALL_RIGHT)
    assert desk.said == []
    answer = _hand_in(desk, **{**ALL_RIGHT, "q1": "b"})
    assert answer.location == "/learn/course/mod/unit"
    assert desk.said == ["This test was handed in already. Here is what was kept."]
    assert desk.kept("z")["last"]["answers"] == ALL_RIGHT


@pytest.mark.parametrize("handler", ["hand_in", "submit", "go_on", "keep"])
@pytest.mark.parametrize("number", ["", "0", "-1", "3", "x", "9" * 40])
def test_a_number_that_is_not_the_next_one_is_refused_with_a_way_on(
    host: Host, number: str, handler: str
):
    desk = _quiz(host)
    with pytest.raises(Conflict, match=r"not the test that comes next\. Please open"):
        desk.post("z", handler, number=number, bank_sha=_shown(desk), **{"q.q0": "a"})
    assert desk.heard == [] and desk.kept("z") == {}


def test_a_paper_with_gaps_comes_back_with_everything_in_it(host: Host):
    desk = _quiz(host)
    _hand_in(desk, q1="b")
    assert desk.heard == [] and desk.kept("z").get("used", 0) == 0
    seen = desk.seen()
    alert = seen.xpath("//*[@role='alert']")[0]
    assert "3 questions still want an answer." in alert.text_content()
    for link in alert.xpath(".//a/@href"):
        assert seen.xpath(f"//*[@id='{link[1:]}']//*[contains(@class, 'is-missing')]")
    assert seen.xpath("//input[@checked]/@value") == ["b"]
    assert seen.xpath("//input[@name='number']/@value") == ["1"]


def _keep(desk: Desk, number: int = 1, **answers: str) -> Any:
    fields = {f"q.{name}": value for name, value in answers.items()}
    return desk.post("z", "keep", number=str(number), bank_sha=_shown(desk), **fields)


def test_a_half_filled_paper_is_kept_without_being_judged(host: Host):
    desk = _quiz(host)
    assert _keep(desk, q1="b", q2="a").location == "/learn/course/mod/unit#b-z"
    assert desk.heard == [] and desk.kept("z").get("used", 0) == 0
    seen = desk.seen()
    assert sorted(seen.xpath("//input[@checked]/@value")) == ["a", "b"]
    assert not seen.xpath("//*[@role='alert']") and "Saved at" in seen.text_content()
    assert seen.xpath("//input[@name='number']/@value") == ["1"]
    assert _hand_in(desk, **ALL_RIGHT).status_int == 303 and len(desk.heard) == 2


def test_a_script_that_keeps_a_paper_is_answered_in_data(host: Host):
    request = Request.blank(
        "/x", POST={"number": "1", "q.q1": "b"}, headers={"Accept": "application/json"}
    )
    desk = _quiz(host)
    said = pages.answer(desk.runtime(), "course.mod.unit.z", "keep", request)
    assert re.fullmatch(r"\d\d:\d\d", said.json["time"])
    assert desk.kept("z")["draft"]["answers"]["q1"] == "b"


def _save(desk: Desk, window: str, seen: str, **answers: str) -> None:
    """Let the script of a window save the paper."""
    fields = {f"q.{name}": value for name, value in answers.items()}
    named = {"number": "1", "bank_sha": _shown(desk), "window": window, "seen": seen}
    headers = {"Accept": "application/json"}
    request = Request.blank("/x", POST={**named, **fields}, headers=headers)
    pages.answer(desk.runtime(), "course.mod.unit.z", "keep", request)


def test_a_window_that_has_not_seen_what_another_one_saved_does_not_replace_it(host: Host):
    desk = _quiz(host, services={"clock": Clock()})
    _save(desk, "phone", "", q1="b")
    _save(desk, "phone", "", q1="b", q2="b")  # its own saves it knows, even if no reply came
    with pytest.raises(Conflict, match="changed in another window or on another device"):
        _save(desk, "desk", "", q1="a")
    assert desk.kept("z")["draft"]["answers"]["q1"] == "b"
    seen = desk.seen().xpath("//input[@name='seen']/@value")[0]
    _save(desk, "desk", seen, q1="a")
    with pytest.raises(Conflict, match="changed in another window or on another device"):
        _save(desk, "phone", "", q1="b")
    assert desk.kept("z")["draft"]["answers"]["q1"] == "a"


def test_whoever_hands_in_from_any_window_means_it(host: Host):
    desk = _quiz(host)
    _save(desk, "phone", "", q1="b")
    _hand_in(desk, **ALL_RIGHT)
    assert desk.kept("z")["last"]["answers"] == ALL_RIGHT
    with pytest.raises(Conflict, match="not the test that comes next"):
        _save(desk, "phone", "", q1="b")


@pytest.mark.parametrize("number", [0, 1, 3, -1])
def test_what_is_kept_late_does_not_touch_a_paper_that_was_handed_in(host: Host, number: int):
    desk = _quiz(host)
    _hand_in(desk, **ALL_RIGHT)
    before = dict(desk.kept("z"))
    with pytest.raises(Conflict):
        _keep(desk, number, q0="b")
    assert dict(desk.kept("z")) == before


def test_a_half_filled_paper_is_shown_in_the_language_that_is_read_now(host: Host):
    finnish = _bank(4, lang="fi")
    for question in finnish["questions"]:
        question["text"] = "Mitä nyt?"
    desk = _quiz(host)
    _keep(desk, q1="b")
    other = _quiz(host, finnish, services={"banks": Banks(_bank())})
    other.state = desk.state
    assert other.page().count("Mitä nyt?") == 4
    assert other.seen().xpath("//input[@checked]/@name") == ["q.q1"]


def test_a_page_that_is_loaded_again_shows_the_same_paper(host: Host):
    desk = _quiz(host, _bank(9, draw=4))
    assert desk.page() == desk.page()


def test_the_next_try_has_another_order(host: Host):
    desk = _quiz(host, _bank(12))
    first = desk.seen().xpath("//legend")
    _hand_in(desk, **{f"q{n}": "b" for n in range(12)})
    desk.post("z", "again")
    second = desk.seen()
    assert second.xpath("//input[@name='number']/@value") == ["2"]
    names = [one.xpath("..//input/@name")[0] for one in first]
    assert names != [one.xpath("..//input/@name")[0] for one in second.xpath("//legend")]


def test_two_learners_have_two_papers(host: Host):
    one, other = _quiz(host, _bank(12)), _quiz(host, _bank(12), user_id=8)
    assert one.page() != other.page()


def test_what_was_passed_stays_passed(host: Host):
    desk = _quiz(host)
    _hand_in(desk, **ALL_RIGHT)
    desk.post("z", "again")
    _hand_in(desk, number=2, q0="b", q1="b", q2="b", q3="b")
    assert "You passed earlier; that stays." in desk.page()
    assert desk.kept("z")["passed"] is True


def test_tries_that_are_used_up_are_used_up(host: Host):
    desk = _quiz(host, _bank(attempts=1))
    assert "You have 1 try left" in desk.page()
    _hand_in(desk, q0="b", q1="b", q2="b", q3="b")
    assert "Talk to your coordinator" in desk.page() and "Try again" not in desk.page()
    desk.post("z", "again")
    with pytest.raises(Conflict, match="used all your attempts"):
        _hand_in(desk, number=2, **ALL_RIGHT)
    assert len(desk.heard) == 1


def test_a_refusal_of_the_ear_passes_through_and_nothing_is_kept(host: Host):
    def refuses(block: Any, kind: str, said: dict[str, Any]) -> None:
        raise Conflict("You have used all your attempts at this test.")

    desk = _quiz(host, ear=refuses)
    with pytest.raises(Conflict):
        _hand_in(desk, **ALL_RIGHT)
    assert desk.kept("z") == {}


class Banks:
    """Banks of past editions."""

    def __init__(self, *banks: dict[str, Any]) -> None:
        self.banks = {_sha(bank): bank for bank in banks}

    def get(self, sha: str) -> dict[str, Any] | None:
        """Return a bank."""
        return self.banks.get(sha)


def test_a_paper_of_yesterdays_edition_is_judged_by_yesterdays_bank(host: Host):
    old = _bank(4)
    new = _bank(4)
    new["questions"][3]["id"] = "q9"
    desk = _quiz(host, new, services={"banks": Banks(old)})
    _hand_in(desk, sha=_sha(old), **ALL_RIGHT)
    paper = desk.heard[0][2]["paper"]
    assert (paper["bank_sha"], "q3" in paper["question_ids"]) == (_sha(old), True)
    assert "You have passed" in desk.page()


def test_a_paper_of_a_bank_that_is_gone_is_asked_again_without_loss(host: Host):
    new = _bank(4)
    new["questions"][3]["id"] = "q9"
    desk = _quiz(host, new)
    _hand_in(desk, sha=_sha(_bank(4)), **ALL_RIGHT)
    assert desk.heard == []
    seen = desk.seen()
    assert "1 question still wants an answer." in seen.text_content()
    assert len(seen.xpath("//input[@checked]")) == 3


def test_a_result_is_shown_in_the_language_that_is_read_now(host: Host):
    finnish = _bank(4, lang="fi")
    for question in finnish["questions"]:
        question["text"] = "Mitä nyt?"
    desk = _quiz(host)
    _hand_in(desk, **ALL_RIGHT)
    other = _quiz(host, finnish, services={"banks": Banks(_bank())})
    other.state = desk.state
    assert "Mitä nyt?" in other.page() and "What now?" not in other.page()


def test_words_of_a_bank_that_was_not_translated_say_their_language(host: Host):
    bands = {"low": {"from": 0, "text": "<p>Lue A5 uudelleen.</p>"}}
    desk = _quiz(host, _bank(bands=bands, lang="fi"))
    _hand_in(desk, **{**ALL_RIGHT, "q0": "b", "q1": "b"})
    foreign = " ".join(desk.seen().xpath("//*[@lang='fi']//text()"))
    assert "Lue A5 uudelleen." in foreign and foreign.count("A child comes first.") == 2


def test_words_fit_the_result(host: Host):
    bands = {
        "low": {"from": 0, "text": "<p>Read A5 again.</p>"},
        "top": {"from": 90, "text": "Bravo"},
    }
    desk = _quiz(host, _bank(bands=bands))
    _hand_in(desk, q0="a", q1="b", q2="b", q3="b")
    assert "Read A5 again." in desk.page()


def test_nobody_is_praised_who_missed_what_a_childs_safety_hangs_on(host: Host):
    bands = {"low": {"from": 0, "text": "Read on."}, "top": {"from": 75, "text": "Well done."}}
    desk = _quiz(host, _bank(bands=bands))
    _hand_in(desk, **{**ALL_RIGHT, "q0": "b"})
    page = desk.page()
    assert "75 % right" in page and "Almost" in page and "Well done." not in page


def test_hostile_answers_are_only_answers(host: Host):
    desk = _quiz(host)
    for answers in (None, [], {"q0": {"a": 1}, "q1": [1], "q2": None, "q3": True}, {"q9": "a"}):
        told = desk.send(
            "z", "hand_in", {"number": 1, "bank_sha": _shown(desk), "answers": answers}
        )
        assert sorted(told.json["missing"]) == ["q0", "q1", "q2", "q3"]
    assert desk.heard == [] and desk.page()


def _each(host: Host) -> Desk:
    return _quiz(host, _bank(2, feedback="each", shuffle=False, pass_percent=50))


def _tell(desk: Desk, question: str, value: str) -> None:
    fields = {"number": "1", "bank_sha": _shown(desk), "question": question, f"q.{question}": value}
    desk.post("z", "submit", **fields)


def test_question_by_question_says_at_once_and_ends_with_the_same_record(host: Host):
    desk = _each(host)
    assert len(desk.seen().xpath("//fieldset")) == 1
    _tell(desk, "q0", "a")
    seen = desk.seen()
    assert "Yes, that is right" in seen.text_content() and seen.xpath("//li[@class='ok']")
    assert "Next question" in seen.text_content()
    desk.post("z", "go_on", number="1", bank_sha=_shown(desk), at="0")
    _tell(desk, "q1", "b")
    seen = desk.seen()
    assert "very human" in seen.text_content() and "See my result" in seen.text_content()
    desk.post("z", "hand_in", number="1", bank_sha=_shown(desk))
    paper = desk.heard[0][2]["paper"]
    assert paper["answers"] == {"q0": "a", "q1": "b"} and paper["percent"] == 50.0
    assert "You have passed" in desk.page()


def test_question_by_question_the_first_answer_counts(host: Host):
    desk = _each(host)
    _tell(desk, "q0", "b")
    _tell(desk, "q0", "a")
    _tell(desk, "q1", "a")
    assert desk.kept("z")["draft"]["answers"] == {"q0": "b"}


def test_question_by_question_nothing_is_kept_before_it_is_answered(host: Host):
    desk = _each(host)
    _keep(desk, q0="a", q1="a")
    assert "draft" not in desk.kept("z")


def test_question_by_question_no_answer_asks_for_one(host: Host):
    desk = _each(host)
    _tell(desk, "q0", "")
    assert desk.seen().xpath("//*[contains(@class, 'is-missing')]")
    desk.post("z", "go_on", number="1", bank_sha=_shown(desk), at="0")
    assert desk.seen().xpath("//input[@name='question']/@value") == ["q0"]


def test_question_by_question_can_be_left_and_taken_up_again(host: Host):
    desk = _each(host)
    _tell(desk, "q0", "a")
    desk.post("z", "go_on", number="1", bank_sha=_shown(desk), at="0")
    desk.post("z", "go_on", number="1", bank_sha=_shown(desk), at="0")
    assert desk.seen().xpath("//input[@name='question']/@value") == ["q1"]


def test_a_whole_paper_with_gaps_does_not_go_on_question_by_question(host: Host):
    desk = _quiz(host)
    desk.post("z", "hand_in", number="1", bank_sha=_shown(desk))
    desk.post("z", "go_on", number="1", bank_sha=_shown(desk), at="0")
    assert desk.kept("z")["draft"]["missing"] is True
    assert desk.page()


def test_question_by_question_is_not_handed_in_half_done(host: Host):
    desk = _each(host)
    _tell(desk, "q0", "a")
    desk.post("z", "hand_in", number="1", bank_sha=_shown(desk))
    assert desk.heard == []
    assert desk.page()


def test_an_old_try_is_shown_as_it_was(host: Host):
    bank = _bank(9, draw=4)
    desk = _quiz(host, bank)
    names = set(desk.seen().xpath("//input[@type='radio']/@name"))
    _hand_in(desk, **{name[2:]: "b" for name in names})
    record = desk.heard[0][2]["paper"]
    shown = str(render_attempt(bank, record))
    assert "Try 1: 0 % right." in shown and shown.count("Not this") == 4
    assert "<form" not in shown and "disabled" in shown
    more = {**bank, "questions": [*bank["questions"], raw_question("single", "new")]}
    again = str(render_attempt(more, record))
    assert again.count("Not this") == 4 and "q.new" not in again


def test_an_old_try_says_in_which_language_it_was_taken(host: Host):
    bank = _bank(4)
    desk = _quiz(host, bank)
    _hand_in(desk, **ALL_RIGHT)
    shown = render_attempt(bank, desk.heard[0][2]["paper"], language="fi")
    seen = lxml_html.fromstring(str(shown))
    assert seen.get("lang") == "en"
    assert "Passed." in seen.xpath("//*[@lang='fi']/text()")


def test_a_paper_with_open_questions_leads_to_the_list_of_them(host: Host):
    desk = _quiz(host)
    place = desk.post("z", "hand_in", number=1, bank_sha=_sha(_bank())).headers["Location"]
    assert desk.seen().xpath(f"//*[@id='{place.partition('#')[2]}'][@tabindex='-1']//a")


def test_a_quiz_on_paper_has_its_questions(host: Host):
    paper = _quiz(host).paper()
    assert paper.count("What now?") == 4 and "<input" not in paper


def test_only_posts_are_taken(host: Host):
    desk = _quiz(host)
    for handler in ("hand_in", "keep", "submit", "go_on", "again"):
        answer = pages.answer(desk.runtime(), "course.mod.unit.z", handler, Request.blank("/x"))
        assert answer.status_int == 405


class Modules:
    """A course of two modules, one of which is not translated."""

    def in_order(self) -> list[Module]:
        """Return the modules."""
        return [
            Module("m1", "At the door", "en", "/learn/course/m1/first"),
            Module("m2", "Kotona & ulkona", "fi", "/learn/course/m2/first"),
            Module("m3", "Nothing asked", "en", "/learn/course/m3/first"),
        ]


def _by_modules(host: Host, **answers: str) -> Any:
    bank = _bank()
    for question, tags in zip(bank["questions"], (["m1"], ["m1", "x"], ["m2"], []), strict=True):
        question["tags"] = tags
    desk = _quiz(host, bank, services={"modules": Modules()})
    _hand_in(desk, **answers)
    return desk.seen()


def test_a_result_leads_back_to_the_modules_where_something_was_wrong(host: Host):
    seen = _by_modules(host, **ALL_RIGHT | {"q2": "b"})
    rows = [[" ".join(cell.text_content().split()) for cell in row] for row in seen.iter("tr")]
    assert rows[1:] == [["At the door", "2 of 2"], ["Kotona & ulkona", "0 of 1"]]
    table = next(seen.iter("table"))
    assert [link.get("href") for link in table.iter("a")] == ["/learn/course/m2/first"]
    assert [cell.get("lang") for cell in table.iter("th")][2:] == [None, "fi"]
    assert "lead back to the modules" in seen.text_content()


def test_a_result_without_a_fault_by_module_has_no_links(host: Host):
    seen = _by_modules(host, **ALL_RIGHT)
    assert not list(next(seen.iter("table")).iter("a"))
    assert "lead back to the modules" not in seen.text_content()


def test_a_quiz_that_names_no_module_shows_no_table(host: Host):
    desk = _quiz(host, services={"modules": Modules()})
    _hand_in(desk, **ALL_RIGHT)
    assert not list(desk.seen().iter("table"))
