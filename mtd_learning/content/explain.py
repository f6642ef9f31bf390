"""What the schema objects to, in plain words and at the right line."""

import re
import types
import typing
from collections.abc import Mapping, Sequence
from typing import Any

from mtd_learning.content import problems
from mtd_learning.content.course import Source
from mtd_learning.content.events import Path
from mtd_learning.content.problems import Problem

MAX_TOLD = 100


def explained(source: Source, model: type, found: Sequence[Mapping[str, Any]]) -> list[Problem]:
    """Return one problem for each cause among pydantic's errors."""
    faults = [_Fault(source, model, error) for error in found[:MAX_TOLD]]
    unknown = {fault.path[:-1]: fault for fault in faults if fault.type == "extra_forbidden"}
    told: dict[tuple[Path, str], Problem] = {}
    for fault in faults:
        if fault.type == "missing" and _is_the_typo(fault, unknown.get(fault.path[:-1])):
            continue
        problem = fault.problem()
        told.setdefault((fault.path, problem.code), problem)
    return list(told.values())


def _is_the_typo(missing: "_Fault", unknown: "_Fault | None") -> bool:
    return unknown is not None and bool(problems.nearest(unknown.name, [missing.name]))


class _Fault:
    """One of pydantic's errors, with its place in the file's own tree."""

    def __init__(self, source: Source, model: type, error: Mapping[str, Any]) -> None:
        self.source = source
        self.error = error
        self.type = str(error["type"])
        self.is_key = bool(error["loc"]) and error["loc"][-1] == "[key]"
        self.path, self.kind, self.around = _followed(model, error["loc"])
        self.name = _name(self.path)
        self.context: Mapping[str, Any] = error.get("ctx") or {}

    def problem(self) -> Problem:
        code, sentence, step = self._said()
        if self._has_unseen_sign():
            step = "delete what stands beside it and is not seen"
        where = self.path[:-1] if self.type == "missing" else self.path
        if self.type.startswith("union_tag_inv") and "discriminator" in self.context:
            where = (*self.path, str(self.context["discriminator"]).strip("'"))
        if self.type == "rule":
            where = (*self.path, *self.context["at"])
        return self.source.problem(where, "error", code, sentence, step)

    def _has_unseen_sign(self) -> bool:
        """Say whether a sign that no editor shows, such as a web page's space, is the cause."""
        if self.type not in EXACT or self.context.get("pattern") in FREE:
            return False
        is_name = self.type == "extra_forbidden"
        given = self.name if is_name else self.context.get("tag", self.error.get("input"))
        return isinstance(given, str) and "\n" not in given and not given.isprintable()

    def _has_colon(self) -> bool:
        """Say whether the file writes a colon after this name; in braces YAML asks for none."""
        after = rf"{re.escape(self.name)}[\"']?\s*:"
        return re.search(after, self.source.text.decode("utf-8-sig")) is not None

    def _said(self) -> tuple[str, str, str]:
        if self.type == "missing":
            what = NEEDED_FOR.get(self.name, "")
            return "S101", f"'{self.name}' is missing", f"add '{self.name}:'{what}"
        if self.type == "union_tag_not_found":
            tag = str(self.context["discriminator"]).strip("'")
            return "S101", f"'{tag}' is missing", f"add '{tag}:'"
        if self.type == "extra_forbidden":
            step = problems.did_you_mean(self.name, _fields(self.around)) or f"remove '{self.name}'"
            if self.error.get("input") is None and not self._has_colon():
                step = "put the text before it in quotes: in braces a comma ends it"
            return "S102", f"unknown field '{problems.short(self.name)}'", step
        if self.type in ("literal_error", "union_tag_invalid"):
            return self._not_one_of()
        if self.type == "rule":
            said = self.context
            return str(said["code"]), str(said["sentence"]), str(said["next_step"])
        value = self.path[-1] if self.is_key and self.path else self.error.get("input")
        pattern = self.context.get("pattern")
        if self.type == "string_pattern_mismatch" and pattern == problems.SLUG:
            given = problems.short(str(value))
            return "S104", f"'{given}' is not allowed here", f"try '{problems.slug(str(value))}'"
        return ("S110", *self._plainly(value))

    def _not_one_of(self) -> tuple[str, str, str]:
        if self.type == "literal_error":
            given = self.error.get("input")
            known = [word.strip("'") for word in _words(str(self.context["expected"]))]
        else:
            given = self.context["tag"]
            known = [word.strip("' ") for word in str(self.context["expected_tags"]).split(",")]
        if not isinstance(given, str):
            return "S103", f"'{self.name}' must be one of {', '.join(known)}", "write one of them"
        step = problems.did_you_mean(given, known) or "write one of them"
        return "S103", f"'{problems.short(given)}' is not one of {', '.join(known)}", step

    def _plainly(self, value: Any) -> tuple[str, str]:
        name, given = f"'{self.name}'", problems.short(str(value))
        pattern = self.context.get("pattern")
        if value is None:
            return f"{name} is empty", "write something after the colon, or remove the line"
        if self.type == "string_too_short" or pattern == problems.NOT_BLANK:
            return f"{name} is empty", "write a text, or remove the line"
        if self.type == "string_too_long":
            most = self.context["max_length"]
            return f"{name} is longer than {most} characters", "shorten it or split it"
        if self.type == "too_short":
            least = self.context["min_length"]
            return f"{name} needs at least {least}", "add one"
        if self.type == "too_long":
            most = self.context["max_length"]
            return f"{name} may have at most {most}", "remove some"
        if self.type in ("greater_than_equal", "less_than_equal"):
            bound = self.context.get("ge", self.context.get("le"))
            word = "at least" if "ge" in self.context else "at most"
            return f"{name} must be {word} {bound}, not {given}", "change the number"
        return f"{name} {self._expected()}", self._step(given)

    def _expected(self) -> str:
        if self.type == "string_pattern_mismatch":
            return PATTERNS.get(_hint(str(self.context.get("pattern"))), "has a wrong form")
        return EXPECTED.get(self.type, str(self.error["msg"])[:1].lower() + self.error["msg"][1:])

    def _step(self, given: str) -> str:
        every = _models(self.kind)
        needed = [name for name, field in every if field.is_required()] or _fields(self.kind)
        if self.type in ("model_type", "model_attributes_type") and every:
            return f"write below it: {', '.join(needed)}"
        written = type(self.error.get("input"))
        if self.type == "list_type" and written is str:
            return f"write it in brackets: [{given}]"
        if self.type == "dict_type" and written is list:
            return "write a short name with a colon in place of each '-', such as 'a: …'"
        if self.type in ("string_type", "dict_type", "list_type", "model_attributes_type"):
            return "check the indentation and the '-' signs here"
        if self.type in STEPS:
            return STEPS[self.type]
        return f"'{given}' does not fit; write it again" if given else "write it again"


EXACT = (
    *("extra_forbidden", "literal_error", "union_tag_invalid", "string_pattern_mismatch"),
    *("truth", "day", "whole"),
)
"""Errors in which one sign more is enough."""
FREE = (problems.SLUG, problems.NOT_BLANK)
"""Patterns whose errors say what to write."""
NEEDED_FOR = {
    "feedback": " and say kindly why this is right, or why it is not",
    "alt": " and say what matters in the picture",
    "transcript": " and write down what is seen and heard",
}
EXPECTED = {
    "string_type": "must be a text",
    "dict_type": "must be a mapping of 'name: value' lines",
    "list_type": "must be a list of '- ' lines",
    "model_attributes_type": "must be a mapping of 'name: value' lines",
    "model_type": "must be a mapping of 'name: value' lines",
    "truth": "must be true or false",
    "day": "must be a date such as 2026-11-01",
    "whole": "must be a whole number",
    "large": "is longer than 64 kB",
}
STEPS = {
    "truth": "write true or false",
    "day": "write year, month and day: 2026-11-01",
    "whole": "write it in figures, such as 8",
    "large": "shorten it or split it",
}
PATTERNS = {
    "version": "must be a version such as 1.2.0",
    "fingerprint": "must be 10 signs of 0-9 and a-f, in quotes",
    "decimal": "must be a number such as 2.5",
    "picture": "must be the name of a picture without spaces, such as door.svg "
    "(or png, jpg, webp, avif, gif)",
    "film": "must be the name of a film without spaces, such as talk.mp4 (or webm, ogv)",
    "recording": "must be the name of a recording without spaces, such as talk.mp3 "
    "(or m4a, ogg, opus, wav)",
    "captions": "must be the name of a file of captions, such as talk.vtt",
    "link": "must be an address that begins with https://",
    "year": "must be a year such as 2026",
    "condition": "must read like 'name == value'",
    "speaker": 'must be a language such as fi, or "*"',
    "country": "must be a country in two capitals, such as FI",
    "locale": "must be a language such as fi or nl-BE",
    "language": "must be a language such as fi, without a country",
}


def _hint(pattern: str) -> str:
    marks = {
        "(0|[1-9]": "version",
        "[0-9a-f]{10}": "fingerprint",
        "-?[0-9]": "decimal",
        "svg|": "picture",
        "mp4|": "film",
        "mp3|": "recording",
        "vtt|": "captions",
        "https?": "link",
        "^[0-9]{4}$": "year",
        "==": "condition",
        r"\*|": "speaker",
        "^[A-Z]{2}$": "country",
        "(-[A-Z]{2})?$": "locale",
        "^[a-z]{2,3}": "language",
    }
    return next((name for mark, name in marks.items() if mark in pattern), "")


def _followed(model: Any, loc: Sequence[str | int]) -> tuple[Path, Any, Any]:
    """Return the path in the file, what is expected there, and around it.

    pydantic puts the tag of a union into its path; a tag such as `text` may be a field as well,
    so only the types can tell them apart.
    """
    path: list[str | int] = []
    kind = around = model
    for step in loc:
        kind = _bare(kind)
        if _is_union(kind):
            kind = next((one for one in typing.get_args(kind) if _is_tagged(one, step)), kind)
        elif step != "[key]":
            path.append(step)
            kind, around = _inside(kind, step), kind
    return tuple(path), _bare(kind), around


def _inside(kind: Any, step: str | int) -> Any:
    """Return the type of a field, of a value or of a list item."""
    for name, field in _models(kind):
        if step == name:
            return field.annotation
    options = typing.get_args(kind)
    return options[-1] if options else kind


def _models(kind: Any) -> list[tuple[str, Any]]:
    fields = getattr(kind, "model_fields", {})
    return [(field.alias or name, field) for name, field in fields.items()]


def _fields(kind: Any) -> list[str]:
    return [name for name, _ in _models(kind)]


def _name(path: Path) -> str:
    """Return what a person calls the place: a field, or the third item of a list."""
    if not path:
        return "the file"
    if isinstance(path[-1], int):
        return f"item {path[-1] + 1} of {path[-2]}"
    return str(path[-1])


def _bare(kind: Any) -> Any:
    while typing.get_origin(kind) is typing.Annotated:
        kind = typing.get_args(kind)[0]
    if _is_union(kind):
        options = [option for option in typing.get_args(kind) if option is not type(None)]
        if len(options) == 1:
            return _bare(options[0])
    return kind


def _is_union(kind: Any) -> bool:
    return typing.get_origin(kind) in (typing.Union, types.UnionType)


def _is_tagged(option: Any, tag: str | int) -> bool:
    fields = getattr(option, "model_fields", {})
    marks = [fields[name] for name in ("type", "op") if name in fields]
    return any(tag in typing.get_args(field.annotation) for field in marks)


def _words(expected: str) -> list[str]:
    return expected.replace(" or ", ", ").split(", ")
