"""A question as a form, with what is said about an answer."""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import jinja2
from markupsafe import Markup
from xblock.exceptions import JsonHandlerError

from mtd_learning.assessment.parts import Verdict
from mtd_learning.assessment.questions import Question
from mtd_learning.blocks.block import Posted, template_of
from mtd_learning.blocks.services import interface

FIELD = "q"
LONGEST_ANSWER = 4000  # characters, as JSON


@dataclass(frozen=True, slots=True)
class Asked:
    """How a question is to be shown: to whom, with which answer, and how much is said."""

    question: Question
    uid: str
    answer: Any = None
    verdict: Verdict | None = None
    reveal: bool = False
    frozen: bool = False
    missing: bool = False
    tried: Collection[str] = ()
    number: int = 0
    lang: str = ""


def name_of(question: Question) -> str:
    """Return the name of a question's form field."""
    return f"{FIELD}.{question.about.id}"


def question_html(asked: Asked, words: Any, *, paper: bool = False) -> Markup:
    """Return a question with its inputs, or with boxes and lines for a pen."""
    question = asked.question
    folder = "paper/" if paper else ""
    template = _template(question, f"{folder}question/{question.kind}.html")
    return Markup(
        template.render(
            asked=asked,
            question=question,
            about=question.about,
            name=name_of(question),
            uid=asked.uid,
            answer=asked.answer,
            verdict=asked.verdict,
            lang=question.about.lang if question.about.lang != asked.lang else "",
            **interface(words, question.about.lang),
        )
    )


def answer_in(posted: Posted, question: Question, data: Any = None) -> Any:
    """Return the answer to a question from what was posted; one that is too long is refused:
    every paper is kept, and there may be any number of them."""
    answer = data if posted.is_json else question.read(posted.fields, name_of(question))
    if len(json.dumps(answer, ensure_ascii=False)) > LONGEST_ANSWER:
        raise JsonHandlerError(413, "This is more than a question asks for.")
    return answer


def _template(question: Question, name: str) -> jinja2.Template:
    """Return the form of a question type; another package's type brings its own templates."""
    bring: Callable[[str], jinja2.Template] | None = getattr(question, "template", None)
    return bring(name) if bring else template_of(name)
