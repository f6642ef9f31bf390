"""YAML text to plain dicts, lists and strings by way of events, so that no file can do harm.

Never `yaml.load` or `yaml.compose`: both crash the process on deep nesting. Only the event
stream is iterative, keeps positions and lets us refuse a file before anything is built.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from mtd_learning.content.problems import short

MAX_BYTES = 512 * 1024
MAX_DEPTH = 24
MAX_VALUES = 40_000
MAX_FAULTS = 50
LINE_ENDS = "\x85\u2028\u2029"
"""These end a line for some readers of YAML and for others not, and no editor shows them."""
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
"""Characters that YAML refuses in a file, and takes where they are spelled out, as in "\\0"."""
_TAB = re.compile(r"^(?:[^#\n]|(?<=\S)#)*?\t", re.MULTILINE)
"""A tab that stands in no comment."""
NULLS = frozenset(("", "~", "null"))
# YAML says these where something follows a text in quotes or in brackets.
GOES_ON = ("did not find expected key", "did not find expected '-' indicator")
WHOLE = {'"': "single ones around double ones", "'": "double ones around single ones"}
# YAML notices these two where the next thing begins; the fault is where the text began.
BEGUN_EARLIER = ("could not find expected ':'", "found unexpected end of stream")

Path = tuple[str | int, ...]
Place = tuple[int, int]


@dataclass(frozen=True)
class Fault:
    """Something that YAML allows or refuses, and that we refuse: a Y code with its place."""

    place: Place
    code: str
    sentence: str
    next_step: str


@dataclass
class Built:
    """What a text turned into; `places` is only filled when asked for."""

    tree: Any = None
    faults: list[Fault] = field(default_factory=list)
    places: dict[Path, Place] = field(default_factory=dict)


class Refused(Exception):
    """Reading stops here: nothing after this place can be trusted."""

    def __init__(self, place: Place, code: str, sentence: str, next_step: str) -> None:
        super().__init__(sentence)
        self.fault = Fault(place, code, sentence, next_step)


@dataclass(slots=True)
class Frame:
    """A mapping or list that is still open; `key` waits for its value."""

    holder: Any
    is_mapping: bool
    path: Path = ()
    key: str | None = None


def build(text: bytes, *, with_places: bool = False) -> Built:
    """Return the tree of a YAML text, all scalars as strings, and what is wrong with it."""
    built = Built()
    try:
        words = _decoded(text)
        _Builder(built, with_places).run(words)
        if "\t" in words:
            _refuse_tabs(words)
    except Refused as refused:
        built.tree = None
        built.faults.append(refused.fault)
    return built


def _decoded(text: bytes) -> str:
    if len(text) > MAX_BYTES:
        raise Refused(
            (1, 1), "Y001", f"the file is larger than {MAX_BYTES // 1024} kB", "split it in two"
        )
    text = text.removeprefix(codecs.BOM_UTF8)
    try:
        words = text.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused(
            _place_after(text[: error.start]),
            "Y002",
            "the file is not UTF-8 text",
            "save it as UTF-8",
        ) from None
    for sign in LINE_ENDS:
        if sign in words:
            raise _not_allowed(_place_after(words[: words.index(sign)].encode()), sign)
    return words


def _not_allowed(place: Place, sign: str) -> Refused:
    sentence = f"a character is not allowed: U+{ord(sign):04X}"
    return Refused(place, "Y002", sentence, "delete it")


def _refuse_tabs(text: str) -> None:
    """Refuse a tab between words: YAML allows some, but not every program that writes YAML."""
    rest, at = "", 0
    for event in _events(text):
        if getattr(event, "style", None):  # in quotes, or under '|'
            start, end = event.start_mark.index, event.end_mark.index
            rest += text[at:start] + re.sub(r"[^\n]", "x", text[start:end])
            at = end
    found = _TAB.search(rest + text[at:])
    if found:
        place = _place_after(text[: found.end() - 1].encode())
        step = "write spaces; a text that needs a tab stands in quotes"
        raise Refused(place, "Y002", "a tab is not allowed here", step)


def _place_after(before: bytes) -> Place:
    """Return the place that follows these bytes, as an editor counts it."""
    lines = before.decode("utf-8").split("\n")
    return len(lines), len(lines[-1]) + 1


class _Builder:
    """Builds without recursion, so that depth costs nothing but the refusal."""

    def __init__(self, built: Built, with_places: bool) -> None:
        self.built = built
        self.with_places = with_places
        # The document itself is the one item of a list.
        self.stack: list[Frame] = [Frame([], False)]
        self.values = 0
        self.documents = 0

    def run(self, text: str) -> None:
        # Imported here because a worker that serves pages must not pay for YAML.
        from yaml import events as of

        for event in _events(text):
            kind = type(event)
            if kind is of.ScalarEvent:
                self.scalar(event)
            elif kind is of.MappingStartEvent:
                self.open(event, {})
            elif kind is of.SequenceStartEvent:
                self.open(event, [])
            elif kind is of.MappingEndEvent or kind is of.SequenceEndEvent:
                self.stack.pop()
            elif kind is of.AliasEvent:
                self.refuse_alias(event)
            elif kind is of.DocumentStartEvent:
                self.documents += 1
                if self.documents > 1:
                    raise Refused(
                        _place(event),
                        "Y002",
                        "the file holds more than one document",
                        "remove the line '---'",
                    )
        (self.built.tree,) = self.stack[0].holder or (None,)
        if self.built.tree is None and not self.built.faults:
            raise Refused((1, 1), "Y004", "the file is empty", "write at least 'kind:' and 'id:'")

    def scalar(self, event: Any) -> None:
        if event.anchor is not None or event.tag is not None:
            self.refuse_mark(event)
        frame, value = self.stack[-1], event.value
        if event.style == '"' and (found := _NO_TEXT.search(value)):
            raise _not_allowed(_place(event), found[0])
        if frame.is_mapping and frame.key is None:
            self.take_key(frame, event)
        else:
            self.put(frame, event, None if value in NULLS and event.implicit[0] else value)

    def take_key(self, frame: Frame, event: Any) -> None:
        key = event.value
        if key in frame.holder:
            self.tell_twice(key, _place(event))
        if self.with_places:
            self.built.places[(*frame.path, key)] = _place(event)
        frame.key = key
        frame.holder[key] = None

    def tell_twice(self, key: str, place: Place) -> None:
        if len(self.built.faults) >= MAX_FAULTS:
            raise Refused(place, "Y008", "more names are written twice", "keep one of each")
        sentence = f"'{short(key)}' is written twice"
        self.built.faults.append(Fault(place, "Y008", sentence, "keep one of them"))

    def open(self, event: Any, holder: Any) -> None:
        if event.anchor is not None or event.tag is not None:
            self.refuse_mark(event)
        if len(self.stack) > MAX_DEPTH:
            raise Refused(
                _place(event),
                "Y003",
                f"nested deeper than {MAX_DEPTH} levels",
                "close some brackets or indent less",
            )
        frame = self.stack[-1]
        if frame.is_mapping and frame.key is None:
            raise Refused(
                _place(event),
                "Y007",
                "a name before ':' must be plain text, not a list or a mapping",
                "write a plain name; a text that begins with '{{' stands in quotes",
            )
        path = self.put(frame, event, holder)
        self.stack.append(Frame(holder, type(holder) is dict, path))

    def put(self, frame: Frame, event: Any, value: Any) -> Path:
        """Put a value where it belongs; return its path when places are asked for."""
        self.values += 1
        if self.values > MAX_VALUES:
            raise Refused(
                _place(event), "Y003", f"more than {MAX_VALUES} values in one file", "split it"
            )
        if frame.is_mapping:
            key: str | int = frame.key or ""
            frame.holder[key], frame.key = value, None
            return (*frame.path, key) if self.with_places else ()
        frame.holder.append(value)
        if not self.with_places or len(self.stack) == 1:
            return ()
        path = (*frame.path, len(frame.holder) - 1)
        self.built.places[path] = _place(event)
        return path

    def refuse_mark(self, event: Any) -> None:
        if event.anchor is not None:
            self.refuse_alias(event)
        raise Refused(
            _place(event), "Y005", f"tags are not allowed ({short(event.tag)})", "remove the '!'"
        )

    def refuse_alias(self, event: Any) -> None:
        raise Refused(
            _place(event),
            "Y006",
            "anchors and aliases (&, *) are not allowed",
            "write the text out",
        )


def _events(text: str) -> Iterator[Any]:
    # Imported here because a worker that serves pages must not pay for YAML.
    import yaml

    last: Any = None
    try:
        # As yaml.parse does, without a second look at each event.
        next_event = yaml.CSafeLoader(text).get_event
        while (event := next_event()) is not None:
            last = event
            yield event
    except yaml.MarkedYAMLError as error:
        problem = error.problem or error.context or "this is not YAML"
        if problem in BEGUN_EARLIER:
            mark = error.context_mark or error.problem_mark
        else:
            mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise _no_yaml(problem, place, last, text) from None
    except yaml.reader.ReaderError as error:
        # Its position counts bytes.
        place = _place_after(text.encode()[: error.position])
        raise _not_allowed(place, chr(error.character)) from None
    except yaml.YAMLError as error:
        raise Refused((1, 1), "Y002", short(str(error)), "compare with a file that works") from None


def _no_yaml(problem: str, place: Place, last: Any, text: str) -> Refused:
    """Return why reading stops here; `last` is what was read before."""
    line, step = place[0], _syntax_step(problem, text, place[0])
    if last is not None and last.end_mark.line == line - 1:
        quote = getattr(last, "style", None)
        if quote in WHOLE and last.start_mark.line < last.end_mark.line:
            place, problem = _place(last), f"the text in quotes goes on to line {line}"
            step = "close the quotation mark where the text ends"
        elif problem in GOES_ON and quote in WHOLE:
            step = f"put the whole text in quotes, {WHOLE[quote]}"
        elif problem in GOES_ON and text[last.end_mark.index - 1] in "]}":
            step = "put the text in quotes"
    return Refused(place, "Y002", problem, step)


def _syntax_step(problem: str, text: str, line: int) -> str:
    lines = text.split("\n")
    here = lines[line - 1] if 0 < line <= len(lines) else ""
    if "\t" in here and ("start any token" in problem or "tab" in problem):
        return "YAML does not allow tabs for indentation: use two spaces"
    if "mapping values are not allowed" in problem:
        return "put the text in quotes, or write it under '|' on the next line"
    if "escape" in problem:
        return "write the backslash twice, or put the text in single quotes"
    if "comment or line break" in problem:
        return "put the text in quotes, or begin it on the next line"
    if "cannot start any token" in problem or "alphabetic or numeric" in problem:
        return "put the text in quotes"
    if "expected ',' or" in problem:
        return "close the bracket, or put the text in quotes"
    if "unexpected end of stream" in problem or "end of stream" in problem:
        return "close the quotation mark or the bracket"
    if "expected <block end>" in problem or "block mapping" in problem:
        return "check the indentation of this line and the one above"
    if "could not find expected ':'" in problem:
        return "write 'name: text', with a space after the colon"
    return "check quotes, colons and indentation here"


def _place(event: Any) -> Place:
    return event.start_mark.line + 1, event.start_mark.column + 1
