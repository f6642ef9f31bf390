"""Questions, banks and stories for the tests of this room."""

from collections.abc import Mapping
from typing import Any

from mtd_learning.assessment.banks import Bank, from_compiled_bank
from mtd_learning.assessment.questions import Question, from_compiled

OPTIONS = [
    {"id": "a", "text": "Listen", "correct": True, "feedback": "Yes"},
    {"id": "b", "text": "Promise", "feedback": "Not this"},
    {"id": "c", "text": "Say what comes next", "correct": True, "feedback": "Yes"},
]

RAW: dict[str, dict[str, Any]] = {
    "single": {"options": [OPTIONS[0], OPTIONS[1]]},
    "truefalse": {"options": [OPTIONS[0], OPTIONS[1]]},
    "multiple": {"options": OPTIONS},
    "short": {"accept": ["äiti"], "feedback": "Right", "otherwise": "Think of the family"},
    "numeric": {"answer": "1.5", "tolerance": "0.1", "unit": "kg", "feedback": "", "otherwise": ""},
    "order": {
        "items": [{"id": "x", "text": "X"}, {"id": "y", "text": "Y"}, {"id": "z", "text": "Z"}],
        "feedback": "",
        "otherwise": "",
    },
    "match": {
        "pairs": [
            {"id": "x", "text": "X", "match": "one"},
            {"id": "y", "text": "Y", "match": "two"},
        ],
        "feedback": "",
        "otherwise": "",
    },
    "gap": {
        "gaps": [
            {"id": "who", "accept": ["child"]},
            {"id": "what", "choices": [["u", "help"], ["v", "blame"]], "correct": "u"},
        ],
        "feedback": "",
        "otherwise": "",
    },
}


def raw_question(kind: str, question_id: str = "q", **more: Any) -> dict[str, Any]:
    """Return a question of a kind, as the compiler writes it."""
    text = "The [[who]] needs [[what]]." if kind == "gap" else "What now?"
    return {"id": question_id, "type": kind, "text": text, **RAW[kind], **more}


def make_question(kind: str, question_id: str = "q", **more: Any) -> Question:
    """Return a question of a kind."""
    return from_compiled(raw_question(kind, question_id, **more))


def make_bank(count: int = 6, **rules: Any) -> Bank:
    """Return a bank of single choice questions q0, q1, …; `each` gives some of them more."""
    each: Mapping[int, dict[str, Any]] = rules.pop("each", {})
    questions = [raw_question("single", f"q{n}", **each.get(n, {})) for n in range(count)]
    return from_compiled_bank(
        {"id": "bank", "title": "Bank", "pass_percent": 80, "questions": questions, **rules}
    )
