"""Blocks that are done: a private note, ticks, a door before a hard story, a walk."""

from typing import Any

import pytest
from lxml import html as lxml_html
from webob import Request

from mtd_learning.blocks import pages
from mtd_learning.blocks.host import Host
from mtd_learning.errors import Conflict
from tests.blocks.making import block, desk_of

STORY: dict[str, Any] = {
    "text": "<p>Ali covers his mother.</p>",
    "start": "door",
    "scenes": {
        "door": {
            "text": "She is tired, he says.",
            "choices": [
                {"id": "ask", "text": "Ask", "feedback": "Open.", "correct": True, "to": "talk"},
                {"id": "blame", "text": "Blame", "feedback": "Hard."},
            ],
        },
        "talk": {"text": "He looks up.", "choices": [{"id": "wait", "text": "Wait", "to": "end"}]},
        "end": {"text": "He smiles.", "end": True},
    },
    "debrief": "<p>Tell your coordinator.</p>",
}


class Clock:
    """A clock that stands still."""

    def now(self) -> str:
        """Return a moment."""
        return "2026-11-21T12:02:00+00:00"

    def time_of_day(self, moment: str) -> str:
        """Return it as it is read in Lahti."""
        return "14:02" if moment == self.now() else "?"


def test_a_note_is_kept_with_its_time_and_counts_as_done(host: Host):
    desk = desk_of(host, block("r", "reflection", {"text": "Who?"}), services={"clock": Clock()})
    answer = desk.post("r", "submit", note="  My grandmother\r\n")
    assert (answer.status_int, answer.location) == (303, "/learn/course/mod/unit#b-r")
    seen = desk.seen()
    assert seen.xpath("//textarea")[0].text.endswith("My grandmother\n")
    assert "Saved at 14:02" in seen.text_content()
    assert desk.completions("r") == [1.0]


def test_a_script_that_keeps_a_note_or_ticks_is_answered_in_data(host: Host):
    items = {"items": [["a", "Call"], ["b", "Write"]]}
    note, ticks = block("r", "reflection", {"text": "?"}), block("l", "checklist", items)
    desk = desk_of(host, note, ticks, services={"clock": Clock()})
    for name, fields, said in (
        ("r", {"note": "Mine"}, {"saved_at", "time"}),
        ("l", {"item": "a"}, {"saved_at", "time", "ticked"}),
    ):
        request = Request.blank("/x", POST=fields, headers={"Accept": "application/json"})
        answer = pages.answer(desk.runtime(), f"course.mod.unit.{name}", "submit", request)
        assert set(answer.json) == said and answer.json["time"] == "14:02"
    assert desk.kept("r")["note"] == "Mine" and desk.kept("l")["ticked"] == ["a"]


@pytest.mark.parametrize(
    ("kind", "fields", "first", "other"),
    [
        ("reflection", {"text": "?"}, {"note": "Mine"}, {"note": "Other"}),
        ("checklist", {"items": [["a", "Call"], ["b", "Write"]]}, {"item": "a"}, {"item": "b"}),
    ],
)
def test_a_window_that_has_not_seen_a_change_does_not_replace_it_by_itself(
    host: Host,
    kind: str,
    fields: dict[str, Any],
    first: dict[str, str],
    other: dict[str, str],
):
    desk = desk_of(host, block("b", kind, fields), services={"clock": Clock()})

    def seen() -> str:
        return str(desk.seen().xpath("//input[@name='seen']/@value")[0])

    before = seen()
    desk.post("b", "submit", window="phone", seen=before, **first)
    kept = dict(desk.kept("b"))
    with pytest.raises(Conflict, match="changed in another window or on another device"):
        desk.post("b", "submit", window="desk", seen=before, **other)
    assert dict(desk.kept("b")) == kept
    desk.post("b", "submit", window="phone", seen=before, **other)  # knows its own saves
    desk.post("b", "submit", window="desk", seen=seen(), **first)
    desk.post("b", "submit", seen=before, **other)  # a button was pressed
    assert {**kept, **dict(desk.kept("b"))} != kept


def test_a_note_deleted_elsewhere_is_not_brought_back_by_itself(host: Host):
    desk = desk_of(host, block("r", "reflection", {"text": "?"}), services={"clock": Clock()})
    desk.post("r", "submit", note="Secret")
    desk.post("r", "forget")
    with pytest.raises(Conflict):
        desk.post("r", "submit", note="Secret!", window="phone", seen=Clock().now())
    assert "Secret" not in str(desk.state.documents)


def test_a_deleted_note_is_gone_and_done_stays_done(host: Host):
    desk = desk_of(host, block("r", "reflection", {"text": "Who?"}))
    desk.post("r", "submit", note="Secret")
    desk.post("r", "forget")
    assert "Secret" not in str(desk.state.documents) and desk.completions("r") == [1.0]
    assert "Delete my note" not in desk.page()


def test_a_note_is_deleted_after_a_second_press_only(host: Host):
    desk = desk_of(host, block("r", "reflection", {"text": "Who?"}))
    desk.post("r", "submit", note="Secret")
    fold = desk.seen().xpath("//details[not(@open)]")[0]
    assert "This cannot be undone." in fold.text_content()
    assert fold.xpath(".//button/@formaction") == desk.seen().xpath("//@formaction")


def test_an_empty_note_is_not_something_done(host: Host):
    desk = desk_of(host, block("r", "reflection", {"text": "Who?"}))
    desk.post("r", "submit", note="  ")
    assert desk.heard == []


def test_a_note_is_not_longer_than_it_may_be(host: Host):
    desk = desk_of(host, block("r", "reflection", {"text": "Who?"}))
    desk.post("r", "submit", note="x" * 50_000)
    assert len(desk.kept("r")["note"]) == 10_000


def test_a_note_of_many_lines_is_as_long_as_the_page_counted_it(host: Host):
    desk = desk_of(host, block("r", "reflection", {"text": "Who?"}))
    desk.post("r", "submit", note="x\r\n" * 5_000)  # a browser counts 10,000 and sends 15,000
    assert desk.kept("r")["note"] == "x\n" * 5_000


def test_characters_that_no_database_can_hold_are_dropped(host: Host):
    desk = desk_of(host, block("r", "reflection", {"text": "Who?"}))
    desk.send("r", "submit", {"note": "a\ud800b\x00c"})
    assert desk.kept("r")["note"] == "abc"
    desk.post("r", "submit", note="a\x00b")
    assert desk.kept("r")["note"] == "ab"


def test_ticks_are_kept_and_strange_ones_dropped(host: Host):
    items = {"items": [["a", "Call"], ["b", "Write"]], "text": "Today"}
    desk = desk_of(host, block("l", "checklist", items))
    assert desk.send("l", "submit", {"item": ["b", "zzz", 3]}).json["ticked"] == ["b"]
    assert desk.seen().xpath("//input[@checked]/@value") == ["b"]
    desk.send("l", "submit", {"item": ["a", "b"]})
    assert desk.completions("l") == [0.5, 1.0]


def test_a_hard_story_is_closed_until_it_is_opened(host: Host):
    desk = desk_of(host, block("s", "scenario", STORY, note="A parent is drunk.", required=True))
    seen = desk.seen()
    assert "A parent is drunk." in seen.text_content()
    assert seen.xpath("//details[not(@open)]//input[@name='choice']")
    desk.post("s", "submit", choice="ask", step="0")
    assert desk.seen().xpath("//details[@open]//input[@name='choice']")


def test_a_skipped_story_counts_as_done_and_stays_open_to_all(host: Host):
    desk = desk_of(host, block("s", "scenario", STORY, note="Hard.", required=True))
    desk.post("s.note", "skip")
    said = {"completion": 1.0, "skipped": True}
    assert desk.heard == [("course.mod.unit.s", "completion", said)]
    assert "You went on without this part" in desk.page()
    assert "Skip this story" not in desk.page()


@pytest.mark.parametrize(("kind", "required"), [("scenario", False), ("quiz", True)])
def test_what_need_not_be_done_or_gives_a_score_is_not_skipped(
    host: Host, kind: str, required: bool
):
    bank = {"id": "b", "questions": [], "pass_percent": 1}
    fields = STORY if kind == "scenario" else {"bank": bank, "quiz": "b"}
    desk = desk_of(host, block("s", kind, fields, note="Hard.", required=required))
    assert "Skip this story" not in desk.page()
    desk.post("s.note", "skip")
    assert desk.heard == []


def test_a_story_is_walked_heard_and_ended(host: Host):
    desk = desk_of(host, block("s", "scenario", STORY, required=True))
    assert "Tell your coordinator" not in desk.page()
    answer = desk.post("s", "submit", choice="ask", step="0")
    assert answer.location.endswith("#b-s-0")
    page = desk.page()
    assert "Open." in page and "A good way" in page and "He looks up." in page
    assert desk.heard == []
    desk.post("s", "submit", choice="wait", step="1")
    page = desk.page()
    assert "He smiles." in page and "Tell your coordinator." in page
    assert desk.completions("s") == [1.0]


def test_one_goes_back_and_tries_another_way(host: Host):
    desk = desk_of(host, block("s", "scenario", STORY))
    desk.post("s", "submit", choice="ask", step="0")
    desk.post("s", "back", step="0")
    desk.post("s", "submit", choice="blame", step="0")
    page = desk.page()
    assert "Hard." in page and "very human" in page and "Tell your coordinator." in page


def test_a_choice_that_is_sent_twice_is_made_once(host: Host):
    desk = desk_of(host, block("s", "scenario", STORY))
    desk.post("s", "submit", choice="ask", step="0")
    desk.post("s", "submit", choice="ask", step="0")
    assert desk.kept("s")["path"] == [["door", "ask"]]


def test_going_on_without_a_choice_asks_for_one(host: Host):
    desk = desk_of(host, block("s", "scenario", STORY))
    desk.post("s", "submit", step="0")
    assert desk.seen().xpath("//*[@role='alert']")
    desk.post("s", "submit", choice="nowhere", step="0")
    assert not desk.kept("s").get("path")


def test_a_story_that_was_rewritten_is_walked_as_far_as_it_goes(host: Host):
    desk = desk_of(host, block("s", "scenario", STORY))
    desk.state.set(7, "course.mod.unit.s", "path", [["door", "ask"], ["gone", "x"]])
    assert "He looks up." in desk.page()


def test_a_story_on_paper_is_a_dialogue_for_a_group(host: Host):
    paper = desk_of(host, block("s", "scenario", STORY)).paper()
    for words in ("Scene 1", "Go on with scene 2.", "The story ends here.", "→ Hard."):
        assert words in paper


def test_a_choice_that_is_not_open_to_all_says_on_paper_to_whom_it_is(host: Host):
    two = {"set": {"mood": "calm"}, "to": "talk"}
    door = [
        {"id": "ask", "text": "Ask <em>kindly</em>", **two},
        {"id": "wait", "text": "Wait", **two},
        {"id": "blame", "text": "Blame", "set": {"mood": "hurt"}, "to": "talk"},
    ]
    talk = [
        {"id": "a", "text": "Go on", "when": "mood == calm"},
        {"id": "b", "text": "Say sorry", "when": "mood != calm"},
        {"id": "c", "text": "Mend it", "when": "mood == hurt"},
        {"id": "d", "text": "Leave it", "when": "mood != hurt"},
    ]
    scenes = {"start": {"text": "x", "choices": door}, "talk": {"text": "y", "choices": talk}}
    paper = desk_of(host, block("s", "scenario", {"scenes": scenes})).paper()
    told = [
        " ".join(one.text_content().split())
        for one in lxml_html.fromstring(paper).xpath("//*[@class='boxes']/li[div/ul]")
    ]
    both = "Scene 1: Ask kindlyScene 1: Wait"
    assert told == [
        f"Only after one of these choices:{both} ☐ Go on The story ends here.",
        f"Not after any of these choices:{both} ☐ Say sorry The story ends here.",
        "Only after this choice:Scene 1: Blame ☐ Mend it The story ends here.",
        "Not after this choice:Scene 1: Blame ☐ Leave it The story ends here.",
    ]


@pytest.mark.parametrize(
    ("kind", "fields", "handler"),
    [
        ("reflection", {"text": "Who?"}, "submit"),
        ("reflection", {"text": "Who?"}, "forget"),
        ("checklist", {"items": [["a", "x"]]}, "submit"),
        ("scenario", STORY, "submit"),
        ("scenario", STORY, "back"),
    ],
)
def test_handlers_take_posts_only_and_refuse_what_is_no_json(
    host: Host, kind: str, fields: dict[str, Any], handler: str
):
    desk = desk_of(host, block("b", kind, fields))
    key = "course.mod.unit.b"
    get = pages.answer(desk.runtime(), key, handler, Request.blank("/x"))
    assert (get.status_int, get.headers["Allow"]) == (405, "POST")
    bad = (b"{", b"[1]", b"[" * 100_000, b"\xff", b'{"a": NaN}', b'{"a": [1e999]}')
    for body in bad:
        request = Request.blank("/x", method="POST", content_type="application/json", body=body)
        assert pages.answer(desk.runtime(), key, handler, request).status_int == 400
    big = Request.blank("/x", method="POST", POST={"note": "x" * 300_000})
    assert pages.answer(desk.runtime(), key, handler, big).status_int == 413
    for charset in ("utf-7", "bogus"):
        kind = f"application/x-www-form-urlencoded; charset={charset}"
        form = Request.blank("/x", method="POST", content_type=kind, body=b"note=x")
        assert pages.answer(desk.runtime(), key, handler, form).status_int == 400
    assert desk.heard == []


def test_every_form_carries_the_token_of_the_house(host: Host):
    desk = desk_of(
        host,
        block("r", "reflection", {"text": "Who?"}),
        block("l", "checklist", {"items": [["a", "x"]]}),
        block("s", "scenario", STORY, note="Hard.", required=True),
    )
    desk.post("s", "submit", choice="ask", step="0")
    found = desk.seen().xpath("//form")
    assert len(found) == 4
    for form in found:
        assert form.get("method") == "post"
        assert form.xpath(".//input[@name='csrf_token']/@value") == ["t0ken"]
