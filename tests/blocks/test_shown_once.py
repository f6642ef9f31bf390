"""What looks the same to everybody is made once; what is somebody's own never is."""

from typing import Any

import pytest
from markupsafe import Markup

from mtd_learning.blocks.host import Host
from tests.blocks.making import Desk, Forms, blob, block, unit_of

OPTIONS = [
    {"id": "a", "text": "<p>Listen.</p>", "correct": True, "feedback": "<p>Yes.</p>"},
    {"id": "b", "text": "<p>Advise.</p>", "feedback": "<p>Later.</p>"},
]
QUESTION = {"id": "q", "type": "single", "text": "<p>First?</p>", "options": OPTIONS}
ORDER = {
    "id": "q",
    "type": "order",
    "text": "<p>In which order?</p>",
    "items": [{"id": one, "text": f"<p>Step {one}</p>"} for one in "abcdefgh"],
}
SCENES = {"start": {"text": "<p>He is tired.</p>", "choices": [dict(OPTIONS[0], to=None)]}}
BLOCKS: dict[str, tuple[dict[str, Any], str, dict[str, str]]] = {
    "check": ({"question": QUESTION}, "submit", {"q.q": "b"}),
    "reflection": ({"text": "<p>Who listened?</p>"}, "submit", {"note": "My aunt."}),
    "checklist": ({"items": [["x", "<p>A bag</p>"]]}, "submit", {"item": "x"}),
    "scenario": ({"text": "", "scenes": SCENES}, "submit", {"choice": "a", "step": "0"}),
}


class MyForms(Forms):
    """Forms with a token of one's own."""

    def __init__(self, token: str) -> None:
        self.token = token

    def hidden_fields(self) -> Markup:
        """Return the token."""
        return Markup('<input type="hidden" name="csrf_token" value="{}">').format(self.token)


def _two(host: Host, kind: str, fields: dict[str, Any]) -> tuple[Desk, Desk]:
    """Return the desks of two learners at the same unit."""
    unit = unit_of(host, blob(block("a", kind, fields)))
    first = Desk(unit, host, 7, {"forms": MyForms("first")})
    return first, Desk(unit, host, 8, {"forms": MyForms("second")})


@pytest.mark.parametrize("kind", BLOCKS)
def test_each_learner_finds_their_own_token_in_the_form(host: Host, kind: str):
    first, second = _two(host, kind, BLOCKS[kind][0])
    seen = first.page(), second.page()
    assert 'value="first"' in seen[0] and 'value="second"' in seen[1]
    assert seen[0].replace("first", "second") == seen[1]
    assert "<!--" not in seen[0] + seen[1]


@pytest.mark.parametrize("kind", BLOCKS)
def test_what_one_learner_did_is_shown_to_no_other(host: Host, kind: str):
    fields, handler, posted = BLOCKS[kind]
    first, second = _two(host, kind, fields)
    untouched = second.page()
    first.post("a", handler, **posted)
    mine = first.page()
    assert mine.replace("first", "second") != untouched
    assert second.page() == untouched
    assert first.page() == mine


def test_a_block_that_nobody_touched_is_made_once(host: Host, monkeypatch: pytest.MonkeyPatch):
    first, second = _two(host, "check", {"question": QUESTION})
    first.page()
    made: list[str] = []
    kept = host.block_class("mtd_check")
    monkeypatch.setattr(kept, "student_view", lambda self, context=None: made.append("again"))
    second.page()
    assert made == []


def test_a_question_in_an_order_of_ones_own_is_made_for_each(host: Host):
    desks = [
        Desk(unit, host, user)
        for unit in [unit_of(host, blob(block("a", "check", {"question": ORDER})))]
        for user in range(7, 17)
    ]
    orders = {tuple(one.seen().xpath("//label/text()")) for one in desks}
    assert len(orders) > 1


def test_a_block_that_broke_is_tried_again(host: Host, monkeypatch: pytest.MonkeyPatch):
    first, second = _two(host, "reflection", {"text": "<p>Who listened?</p>"})
    kept = host.block_class("mtd_reflection")
    monkeypatch.setattr(host, "strict", False)
    with monkeypatch.context() as now:
        now.setattr(kept, "student_view", None)
        assert "cannot be shown" in first.page()
    assert "Who listened?" in second.page()
