"""The machine itself: what it refuses, what it survives, and what it never does."""

import importlib.metadata
import json
import logging
import warnings
from typing import Any

import pytest
from web_fragments.fragment import Fragment
from xblock.core import XBlock
from xblock.exceptions import InvalidScopeError, NoSuchHandlerError, NoSuchServiceError, NoSuchUsage

from mtd_learning.blocks.addresses import Addresses
from mtd_learning.blocks.host import Host
from mtd_learning.blocks.runtime import MtdRuntime, safe_json
from mtd_learning.errors import Forbidden, Invalid, NotFound
from tests.blocks.making import Desk, block, desk_of

HOSTILE = "</script><script>alert(1)</script>'\"&\u2028"


@pytest.fixture
def desk(host: Host) -> Desk:
    """Return a learner in front of one text and one private note."""
    return desk_of(
        host,
        block("t", "text", {"text": "<p>Hello</p>"}),
        block("r", "reflection", {"text": "Who?"}),
    )


def _block(desk: Desk, block_id: str) -> tuple[MtdRuntime, XBlock]:
    runtime = desk.runtime()
    return runtime, runtime.get_block(f"course.mod.unit.{block_id}")


def test_a_stranger_key_is_no_block(desk: Desk):
    with pytest.raises(NoSuchUsage):
        desk.runtime().get_block("course.mod.unit.gone")


def test_an_answer_to_a_block_that_is_gone_is_refused_in_words(desk: Desk):
    with pytest.raises(NotFound):
        desk.post("gone", "submit")


def test_an_unknown_handler_is_not_found_and_what_is_none_has_no_address(desk: Desk):
    with pytest.raises(NoSuchHandlerError):
        desk.post("r", "student_view")
    runtime, note = _block(desk, "r")
    with pytest.raises(ValueError):
        runtime.handler_url(note, "student_view")
    with pytest.raises(ValueError):
        runtime.handler_url(note, "nothing")


def test_an_address_has_no_slash_at_its_end_and_no_mark_without_a_query(desk: Desk):
    runtime, note = _block(desk, "r")
    assert runtime.handler_url(note, "submit") == "/x/course.mod.unit.r/handler/submit"
    assert runtime.handler_url(note, "submit", "a/b", "c=d").endswith("/submit/a/b?c=d")
    with pytest.raises(Invalid):
        runtime.handler_url(note, "submit", thirdparty=True)


def test_who_uses_the_runtime_is_told_without_a_warning(desk: Desk):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        runtime = desk.runtime()
        assert runtime.user_id == 7
        desk.page()


def test_a_block_cannot_change_what_its_author_wrote(desk: Desk):
    _, text = _block(desk, "t")
    text.text = "<p>Something else</p>"
    with pytest.raises(InvalidScopeError):
        text.save()
    text.text = "<p>Hello</p>"
    text.save()


def test_a_service_must_be_asked_for_and_be_there(desk: Desk):
    runtime, note = _block(desk, "r")
    with pytest.raises(NoSuchServiceError):
        runtime.service(note, "sandbox")
    assert runtime.service(note, "media") is None
    assert runtime.service(note, "i18n").gettext("Try this") == "Try this"


@pytest.mark.parametrize("value", [None, "1", True, float("nan"), float("inf"), [1]])
def test_a_grade_or_completion_that_is_no_number_is_refused(desk: Desk, value: Any):
    runtime, note = _block(desk, "r")
    with pytest.raises(Invalid):
        runtime.publish(note, "grade", {"value": value, "max_value": 1})
    with pytest.raises(Invalid):
        runtime.publish(note, "completion", {"completion": value})


def test_grades_and_completion_stay_within_their_bounds(desk: Desk):
    runtime, note = _block(desk, "r")
    runtime.publish(note, "grade", {"value": 9, "max_value": 3})
    runtime.publish(note, "completion", {"completion": -4})
    runtime.publish(note, "progress", {})
    runtime.publish(note, "seen", {"page": 2})
    assert [(kind, said) for _, kind, said in desk.heard] == [
        ("grade", {"value": 3.0, "max_value": 3.0}),
        ("completion", {"completion": 0.0}),
        ("completion", {"completion": 1.0}),
        ("seen", {"page": 2}),
    ]


def test_a_block_may_not_speak_about_somebody_else(desk: Desk):
    runtime, note = _block(desk, "r")
    with pytest.raises(Forbidden):
        runtime.publish(note, "grade", {"value": 1, "max_value": 1, "user_id": 8})


def test_attributes_of_the_wrapper_are_escaped(desk: Desk):
    runtime, text = _block(desk, "t")
    made = Fragment("<p>x</p>")
    made.initialize_js(HOSTILE)
    wrapped = runtime._wrap_ele(text, "student_view", made, {"name": HOSTILE})
    assert "<script>" not in wrapped.content
    assert 'data-name="&lt;/script&gt;' in wrapped.content


def test_arguments_for_scripts_cannot_leave_their_element(desk: Desk):
    runtime, text = _block(desk, "t")
    made = Fragment("<p>x</p>")
    made.initialize_js("Start", {"said": HOSTILE})
    wrapped = runtime.wrap_xblock(text, "student_view", made, {}).content
    assert wrapped.count("</script>") == 1
    inside = wrapped.partition('args">')[2].partition("</script>")[0]
    assert json.loads(inside) == {"said": HOSTILE}
    assert not set("<>&\u2028\u2029") & set(safe_json({HOSTILE: HOSTILE}))


def test_a_learners_words_are_only_words_on_the_page(desk: Desk):
    desk.post("r", "submit", note="</textarea><script>alert(1)</script>")
    assert "<script>" not in desk.page()


def test_a_block_that_breaks_leaves_the_page_and_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    loose = Host().start()
    desk = desk_of(
        loose,
        block("bad", "text", {"text": "x"}),
        block("good", "text", {"text": "Still here"}),
        block("unknown", "mtd_unheard", {}),
        block("not-allowed", "pebble", {}),
    )
    before = loose.block_class("mtd_text").student_view

    def breaks(self: XBlock, context: Any = None) -> Fragment:
        if self.text == "x":
            raise RuntimeError("secret detail")
        return before(self, context)

    monkeypatch.setattr(loose.block_class("mtd_text"), "student_view", breaks)
    with caplog.at_level(logging.ERROR):
        page = desk.page()
    assert "Still here" in page and page.count("cannot be shown just now") == 3
    assert "secret detail" not in page and "course.mod.unit.bad" in caplog.text


@pytest.mark.parametrize(
    ("kind", "said"),
    [("pebble", "not on the list of allowed types"), ("mtd_unheard", "No installed package")],
)
def test_a_type_that_cannot_be_had_here_is_one_line_in_the_log(
    caplog: pytest.LogCaptureFixture, kind: str, said: str
):
    page = desk_of(Host().start(), block("gone", kind, {})).page()
    assert "cannot be shown just now" in page
    (line,) = caplog.records
    assert "course.mod.unit.gone" in line.getMessage() and said in line.getMessage()
    assert line.exc_info in (None, False) and "\n" not in line.getMessage()


def test_what_a_block_half_wrote_before_it_broke_is_not_kept(
    installed: Any, monkeypatch: pytest.MonkeyPatch
):
    installed("pebble")
    desk = desk_of(Host(["pebble"]).start(), block("jar", "pebble", {}))

    def breaks(self: XBlock, context: Any = None) -> Fragment:
        self.pebbles = 9
        raise RuntimeError

    monkeypatch.setattr(desk.host.block_class("pebble"), "student_view", breaks)
    _, jar = _block(desk, "jar")
    assert "cannot be shown just now" in jar.render("student_view", {}).content
    jar.save()
    assert desk.state.documents == {}


def test_a_view_that_nobody_gives_a_context_gets_an_empty_one(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    given: list[Any] = []

    def look(self: XBlock, context: Any = None) -> Fragment:
        given.append(context)
        return Fragment("<p>x</p>")

    monkeypatch.setattr(desk.host.block_class("mtd_reflection"), "student_view", look)
    _, note = _block(desk, "r")
    note.render("student_view")
    assert given == [{}]


class OutOfSpace(Exception):
    """What a database says in its own words."""


@pytest.mark.parametrize("error", [NotFound("Gone."), OutOfSpace()])
def test_what_our_blocks_are_refused_passes_through_and_what_strangers_are_stays_with_them(
    installed: Any, monkeypatch: pytest.MonkeyPatch, error: Exception
):
    installed("pebble")
    loose = Host(["pebble"]).start()

    def refused(self: XBlock, context: Any = None) -> Fragment:
        raise error

    for kind in ("mtd_text", "pebble"):
        monkeypatch.setattr(loose.block_class(kind), "student_view", refused)
    ours, theirs = block("t", "text", {"text": "x"}), block("jar", "pebble", {})
    desk = desk_of(loose, ours, theirs)

    def show(block_id: str) -> Fragment:
        state, let_through = desk.state, (OutOfSpace,)
        runtime = MtdRuntime(loose, desk.unit, state, let_through=let_through)
        return runtime.get_block(f"course.mod.unit.{block_id}").render("student_view", {})

    with pytest.raises(type(error)):
        show("t")
    assert "cannot be shown just now" in show("jar").content


def test_a_strict_host_raises_what_a_block_raises(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    def breaks(self: XBlock, context: Any = None) -> Fragment:
        raise RuntimeError

    monkeypatch.setattr(desk.host.block_class("mtd_text"), "student_view", breaks)
    with pytest.raises(RuntimeError):
        desk.page()


def test_after_warming_up_nobody_reads_what_is_installed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    desk.page()

    def scanned(*args: Any, **kwargs: Any) -> Any:
        raise AssertionError("the installed packages were read again")

    monkeypatch.setattr(importlib.metadata, "entry_points", scanned)
    monkeypatch.setattr("mtd_learning.blocks.host.entry_points", scanned)
    desk.page()
    runtime, note = _block(desk, "r")
    assert runtime.get_asides(note) == []
    assert desk.post("r", "submit", note="x").status_code == 303


def test_a_view_reads_the_learners_documents_once(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    asked: list[Any] = []
    monkeypatch.setattr(desk.state, "prefetch", lambda keys: asked.append(tuple(keys)))
    desk.page()
    assert asked == [desk.unit.state_keys]


def test_looking_at_a_page_writes_nothing(desk: Desk):
    desk.page()
    desk.page()
    assert desk.state.documents == {}


def test_a_part_in_another_language_says_so(host: Host):
    desk = desk_of(
        host, block("a", "text", {"text": "Hei"}, lang="fi"), block("b", "text", {"text": "Hello"})
    )
    seen = desk.seen()
    assert [one.get("lang") for one in seen.xpath("//*[@id='b-a' or @id='b-b']")] == ["fi", None]


def test_the_web_may_hand_in_its_own_addresses(desk: Desk):
    class Ours(Addresses):
        def handler(
            self, key: str, name: str, suffix: str, query: str, *, open_to_all: bool
        ) -> str:
            return f"/learn/{key}/{name}"

    runtime = MtdRuntime(desk.host, desk.unit, desk.state, addresses=Ours())
    note = runtime.get_block("course.mod.unit.r")
    assert runtime.handler_url(note, "submit") == "/learn/course.mod.unit.r/submit"
