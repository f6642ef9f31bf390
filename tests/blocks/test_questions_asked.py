"""Every question type as a form: with words for each input, and kind words after an answer."""

import re
from pathlib import Path
from typing import Any

import pytest
from lxml import html as lxml_html
from webob import Request

from mtd_learning.blocks import pages
from mtd_learning.blocks.host import Host
from tests.assessment.making import RAW, make_question, raw_question
from tests.blocks.making import Desk, block, desk_of

KINDS = sorted(RAW)
TOKENS = {pair.id: pair.token for pair in make_question("match").pairs}  # type: ignore[attr-defined]

RIGHT: dict[str, dict[str, Any]] = {
    "single": {"q.q": "a"},
    "truefalse": {"q.q": "a"},
    "multiple": {"q.q": ["a", "c"]},
    "short": {"q.q": "ÄITI"},
    "numeric": {"q.q": "1,5 kg"},
    "order": {"q.q.x": "1", "q.q.y": "2", "q.q.z": "3"},
    "match": {"q.q.x": TOKENS["x"], "q.q.y": TOKENS["y"]},
    "gap": {"q.q.who": "the child"[4:], "q.q.what": "u"},
}
WRONG: dict[str, dict[str, Any]] = {
    "single": {"q.q": "b"},
    "truefalse": {"q.q": "b"},
    "multiple": {"q.q": ["b"]},
    "short": {"q.q": '"><script>alert(1)</script>'},
    "numeric": {"q.q": "99"},
    "order": {"q.q.x": "3", "q.q.y": "2", "q.q.z": "1"},
    "match": {"q.q.x": TOKENS["y"], "q.q.y": TOKENS["x"]},
    "gap": {"q.q.who": '"><script>', "q.q.what": "v"},
}


def _check(host: Host, kind: str, **more: Any) -> Desk:
    question = raw_question(kind, lang="en", **more)
    return desk_of(host, block("q", "check", {"question": question}, required=True))


def _fields(values: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (name, one)
        for name, value in values.items()
        for one in (value if isinstance(value, list) else [value])
    ]


def _send(desk: Desk, values: dict[str, Any], handler: str = "submit") -> None:
    request = Request.blank("/x", method="POST", POST=_fields(values))
    pages.answer(desk.runtime(), "course.mod.unit.q", handler, request)


def _filled_in(desk: Desk) -> dict[str, str]:
    """Return what stands in the form, of the question's own fields."""
    form = desk.seen().xpath("//form")[0]
    return {name: value for name, value in form.form_values() if name.startswith("q.")}


@pytest.mark.parametrize("kind", KINDS)
def test_every_input_has_a_label_and_every_reference_leads_somewhere(host: Host, kind: str):
    desk = _check(host, kind, hint="Think.")
    for values in ({}, WRONG[kind], RIGHT[kind]):
        if values:
            _send(desk, values)
        seen = desk.seen()
        ids = seen.xpath("//@id")
        assert len(ids) == len(set(ids))
        for one in seen.xpath("//input[not(@type='hidden')] | //select | //textarea"):
            assert seen.xpath(f"//label[@for='{one.get('id')}']")
        for named in seen.xpath("//@aria-describedby | //@aria-labelledby"):
            assert set(named.split()) <= set(ids), named
        assert seen.xpath("//fieldset/legend")


@pytest.mark.parametrize("kind", KINDS)
def test_a_right_answer_is_done_and_said_in_words(host: Host, kind: str):
    desk = _check(host, kind)
    _send(desk, RIGHT[kind])
    assert desk.completions("q") == [1.0]
    seen = desk.seen()
    assert "Yes, that is right" in seen.text_content()
    assert seen.xpath("//*[contains(@class, 'mark') and contains(@class, 'good')]")


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_answer_is_not_done_and_is_answered_kindly(host: Host, kind: str):
    desk = _check(host, kind)
    _send(desk, WRONG[kind])
    assert desk.heard == []
    seen = desk.seen()
    text = seen.text_content()
    assert "very human" in text or "Part of it is right" in text
    assert not seen.xpath("//script")
    assert seen.xpath("//*[contains(@class, 'is-no')]//*[contains(@class, 'bad')]")


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_stays_in_the_form(host: Host, kind: str):
    desk = _check(host, kind)
    _send(desk, WRONG[kind])
    assert _filled_in(desk) == dict(_fields(WRONG[kind]))


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_not_sent_stays_in_the_form_and_is_no_answer(host: Host, kind: str):
    desk = _check(host, kind)
    _send(desk, RIGHT[kind], "keep")
    assert _filled_in(desk) == dict(_fields(RIGHT[kind]))
    seen = desk.seen()
    assert "Saved at" in seen.text_content() and not seen.xpath("//*[@role='alert']")
    assert not seen.xpath("//*[contains(@class, 'is-ok') or contains(@class, 'is-no')]")
    assert desk.heard == [] and "answer" not in desk.kept("q")
    _send(desk, RIGHT[kind])
    assert desk.completions("q") == [1.0] and desk.kept("q")["draft"] is None


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_not_sent_changes_nothing_about_the_answer_before(host: Host, kind: str):
    desk = _check(host, kind)
    _send(desk, RIGHT[kind])
    before = dict(desk.kept("q"))
    _send(desk, WRONG[kind], "keep")
    assert {**desk.kept("q"), "draft": None} == {**before, "missing": False}
    assert _filled_in(desk) == dict(_fields(WRONG[kind]))
    assert "Yes, that is right" in desk.seen().text_content()
    assert desk.completions("q") == [1.0]


@pytest.mark.parametrize("kind", ["short", "numeric", "order", "match", "gap"])
def test_words_that_were_not_sent_bear_no_mark_of_those_before(host: Host, kind: str):
    desk = _check(host, kind)
    _send(desk, WRONG[kind])
    marked = "//*[contains(@class, 'is-ok') or contains(@class, 'is-no')]"
    assert desk.seen().xpath(marked)
    _send(desk, RIGHT[kind], "keep")
    assert not desk.seen().xpath(marked)
    _send(desk, WRONG[kind], "keep")
    assert desk.seen().xpath(marked)


def test_words_at_an_option_stay_while_another_one_is_ticked_and_not_sent(host: Host):
    desk = _check(host, "single")
    _send(desk, WRONG["single"])
    _send(desk, RIGHT["single"], "keep")
    page = desk.page()
    assert "Your answer: try again" in page and "Not this" in page and "Yes<" not in page


@pytest.mark.parametrize("kind", ["order", "match", "gap"])
def test_an_answer_that_is_sent_half_comes_back_whole(host: Host, kind: str):
    desk = _check(host, kind)
    half = dict(list(RIGHT[kind].items())[:1])
    _send(desk, half)
    assert desk.seen().xpath("//*[@role='alert']")
    assert {name: one for name, one in _filled_in(desk).items() if one} == half


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("answer", [None, 5, True, "x", [1, {}], {"x": [1]}])
def test_whatever_a_script_keeps_the_question_can_be_shown(host: Host, kind: str, answer: Any):
    desk = _check(host, kind)
    assert "time" in desk.send("q", "keep", {"answer": answer}).json
    assert "What now?" in desk.page() or kind == "gap"
    assert desk.heard == []


def test_a_question_that_was_begun_in_a_hard_part_is_open(host: Host):
    question = raw_question("single", lang="en")
    desk = desk_of(host, block("q", "check", {"question": question}, note="Hard."))
    assert desk.seen().xpath("//details[not(@open)]//form")
    _send(desk, RIGHT["single"], "keep")
    assert desk.seen().xpath("//details[@open]//form")


@pytest.mark.parametrize("kind", KINDS)
def test_no_answer_asks_for_one_and_forgets_nothing(host: Host, kind: str):
    desk = _check(host, kind)
    _send(desk, {})
    assert desk.seen().xpath("//*[@role='alert']")
    assert desk.kept("q")["missing"] is True and "answer" not in desk.kept("q")


@pytest.mark.parametrize("kind", KINDS)
def test_a_question_on_paper_has_nothing_to_press(host: Host, kind: str):
    paper = _check(host, kind).paper()
    assert lxml_html.fromstring(paper).text_content().strip()
    for pressed in ("<form", "<input", "<select", "<button"):
        assert pressed not in paper


def test_a_wrong_option_gets_its_words_and_the_right_one_is_not_betrayed(host: Host):
    desk = _check(host, "single")
    _send(desk, WRONG["single"])
    page = desk.page()
    assert "Not this" in page and "Yes<" not in page
    assert "is-ok" not in page


def test_words_for_an_earlier_try_stay(host: Host):
    options = [
        {"id": "a", "text": "A", "correct": True, "feedback": "Right."},
        {"id": "b", "text": "B", "feedback": "Because of B."},
        {"id": "c", "text": "C", "feedback": "Because of C."},
    ]
    desk = _check(host, "single", options=options)
    _send(desk, {"q.q": "b"})
    _send(desk, {"q.q": "c"})
    page = desk.page()
    assert "Because of B." in page and "Because of C." in page and "Right." not in page


def test_once_right_stays_done_after_a_wrong_answer(host: Host):
    desk = _check(host, "single")
    _send(desk, RIGHT["single"])
    _send(desk, WRONG["single"])
    assert desk.completions("q") == [1.0]


def test_a_question_in_another_language_says_so(host: Host):
    question = raw_question("single", lang="fi")
    desk = desk_of(host, block("q", "check", {"question": question}))
    assert desk.seen().xpath("//*[@lang='fi']//fieldset")


@pytest.mark.parametrize(
    ("kind", "half"),
    [
        ("order", {"q.q.x": "1", "q.q.y": "2"}),
        ("match", {"q.q.x": TOKENS["x"]}),
        ("gap", {"q.q.who": "child"}),
        ("gap", {"q.q.what": "u"}),
        ("short", {}),
        ("numeric", {}),
    ],
)
def test_the_fields_that_are_empty_say_so(host: Host, kind: str, half: dict[str, str]):
    desk = _check(host, kind)
    assert not desk.seen().xpath("//@aria-invalid")
    _send(desk, half)
    names = desk.seen().xpath("//*[@aria-invalid='true']/@name")
    assert len(names) == 1 and not {*names} & {*half}


def test_a_place_that_is_given_twice_is_pointed_at(host: Host):
    desk = _check(host, "order")
    _send(desk, {"q.q.x": "1", "q.q.y": "1", "q.q.z": "3"})
    seen = desk.seen()
    assert {*seen.xpath("//select[@aria-invalid]/@name")} == {"q.q.x", "q.q.y"}
    assert seen.text_content().count("Another place: try again") == 2


def test_gaps_are_told_apart(host: Host):
    labels = _check(host, "gap").seen().xpath("//div[@class='gaps']//label")
    assert [one.text_content() for one in labels] == ["Gap 1", "Gap 2"]


@pytest.mark.parametrize("kind", KINDS)
def test_words_of_the_site_are_marked_where_the_course_is_in_another_language(
    host: Host, kind: str
):
    desk = _check(host, kind)
    desk.language = "fi"
    for values in ({}, WRONG[kind], RIGHT[kind]):
        if values:
            _send(desk, values)
        page = desk.seen()
        ours = [one.text_content() for one in page.xpath("//*[@lang='fi']")]
        assert {"Check my answer", "Answer again"} & set(ours)
        for mark in page.xpath("//*[contains(@class, 'mark')] | //h2 | //p[@class='saved']"):
            assert mark.get("lang") == "fi" or mark.xpath(".//*[@lang='fi']")
        assert not [one for one in ours if "What now?" in one or "Think" in one]
    desk.language = "en"
    assert not desk.seen().xpath("//*[@lang]")


def test_an_answer_by_script_gets_an_answer_for_scripts(host: Host):
    desk = _check(host, "single")
    said = desk.send("q", "submit", {"answer": "b"}).json
    assert said == {"right": False, "score": 0.0, "feedback": ""}
    assert desk.send("q", "submit", {"answer": {"x": []}}).json == {"missing": True}


def test_a_label_holds_no_link_but_the_words_after_an_answer_do(host: Host):
    options = [
        {
            "id": "a",
            "text": 'Call <a href="tel:112">112</a>',
            "correct": True,
            "feedback": 'Yes, <a href="tel:112">112</a>.',
        },
        {"id": "b", "text": "Wait", "feedback": "No."},
    ]
    desk = _check(host, "single", options=options)
    assert not desk.seen().xpath("//label//a") and "Call 112" in desk.seen().text_content()
    _send(desk, RIGHT["single"])
    assert desk.seen().xpath("//*[@class='why']/a/@href") == ["tel:112"]


def test_a_long_question_stands_above_its_options(host: Host):
    text = "<p>Milo tells.</p><ul><li>First</li></ul>"
    seen = _check(host, "single", text=text).seen()
    assert not seen.xpath("//legend//li") and seen.xpath("//div[@id='b-q-t']//li")


def test_a_question_type_of_another_package_brings_its_own_form(
    host: Host, monkeypatch: pytest.MonkeyPatch
):
    import jinja2

    from mtd_learning.assessment import questions
    from mtd_learning.assessment.choosing import Single

    class Mood(Single):
        kind = "mood"

        @staticmethod
        def template(name: str) -> jinja2.Template:
            return jinja2.Template(f"<p>{name} {{{{ about.id }}}}</p>")

    known = {**questions.types(), "mood": Mood}
    monkeypatch.setattr(questions, "types", lambda: known)
    question = {**raw_question("single"), "type": "mood"}
    desk = desk_of(host, block("q", "check", {"question": question}))
    assert "question/mood.html q" in desk.page() and "paper/question/mood.html" in desk.paper()


@pytest.mark.parametrize("kind", ["single", "truefalse", "multiple"])
def test_an_option_without_feedback_is_marked_and_no_empty_words_stand_below(host: Host, kind: str):
    options = [{"id": "a", "text": "A", "correct": True}, {"id": "b", "text": "B"}]
    desk = _check(host, kind, options=options)
    for chosen, told in (("b", "try again"), ("a", "right")):
        _send(desk, {"q.q": chosen})
        seen = desk.seen()
        assert told in "".join(seen.xpath("//*[contains(@class, 'mark')]//text()"))
        assert not [
            one for one in seen.xpath("//*[@class='why']") if not one.text_content().strip()
        ]


def test_no_attribute_of_a_template_holds_marked_words():
    """Marks are elements; `gettext` gives the words alone."""
    for file in (Path(pages.__file__).parent / "templates").rglob("*.html"):
        tags = re.findall(r"<[a-z](?:\{\{.*?\}\}|\{%.*?%\}|[^>{])*>", file.read_text("utf-8"))
        assert not [tag for tag in tags if re.search(r"\b_\(|\bngettext\(", tag)], file.name
