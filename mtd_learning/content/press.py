"""Blocks and questions as data with ready HTML, facts filled in, languages marked."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from mtd_learning.content import facts as local
from mtd_learning.content import markup
from mtd_learning.content.course import QUIZZES
from mtd_learning.content.facts import Fact
from mtd_learning.content.outline import Item
from mtd_learning.content.overlay import Resolved, Text
from mtd_learning.content.segments import (
    BLOCK,
    INLINE,
    PLAIN,
    Slot,
    note_slots,
    slots,
)
from mtd_learning.glossary import FirstMentions

_HEADING = re.compile(r"(?<=[</])h([2-4])>")
GRADED = frozenset(("check", "quiz", "scenario"))
EXPLAINED = frozenset(("text", "facts", "scenario"))
"""Blocks in whose `text`, which every reader sees, words of the field are linked."""
Banks = Mapping[str, tuple[str, dict[str, Any]]]


class Press:
    """Prints the parts of one resolved course."""

    def __init__(
        self, resolved: Resolved, facts: Mapping[str, Fact], media: Mapping[str, str]
    ) -> None:
        self.resolved = resolved
        self.facts = facts
        self.media = media
        self.used: dict[str, str] = {}

    def header(self, part: str, name: str) -> str:
        """Return a plain text that stands above the units; empty where there is none."""
        text = self.resolved.parts[part].texts.get(f"_/{name}")
        return local.in_plain(text.words, self.facts) if text else ""

    def header_pairs(self, part: str, name: str) -> list[list[str]]:
        """Return a mapping above the units as pairs of id and HTML."""
        of_part = self.resolved.parts[part]
        keys = of_part.outline.source.data.get(name) or ()
        texts = ((key, of_part.texts[f"_/{name}/{key}"]) for key in keys)
        return [[key, self.words(text, INLINE, text.language)] for key, text in texts]

    def words(
        self, text: Text, form: str, language: str, mentions: FirstMentions | None = None
    ) -> str:
        """Return a text in its form; HTML in another language than its block says so."""
        if form == PLAIN:
            return local.in_plain(text.words, self.facts)
        made = markup.clean(text.words) if form == BLOCK else markup.inline(text.words)
        if mentions is not None:
            made = mentions.marked(made, text.language.partition("-")[0])
        shown = local.in_html(made, self.facts, text.language)
        if text.language == language:
            return shown
        tag = "div" if form == BLOCK else "span"
        return f'<{tag} lang="{text.language}">{shown}</{tag}>'

    def block(
        self, module: str, item: Item, banks: Banks, mentions: FirstMentions | None = None
    ) -> dict[str, Any]:
        """Return a block as unit blobs hold it; `mentions` links what its unit first mentions."""
        open_to_all = item.data["type"] in EXPLAINED and "content_note" not in item.data
        data, language, state = self.printed(module, item, mentions if open_to_all else None)
        kind = data["type"]
        if kind == "xblock":
            language, state = self.foreign(module, item) or (language, state)
        make = _FIELDS.get(kind, _as_they_are)
        course, unit = self.resolved.course.id, item.address.partition("/")[0]
        return {
            "id": item.id,
            "key": f"{course}.{module}.{unit}.{item.id}",
            "type": data["block"] if kind == "xblock" else kind,
            "lang": language,
            "state": state,
            "note": data.get("content_note"),
            "required": data.get("required", kind in GRADED),
            "fields": make(self, data, banks, language),
        }

    def foreign(self, module: str, item: Item) -> tuple[str, str] | None:
        """Return language and state of a block whose own fields no translation reaches, where
        they may hold words and the variant is in another language."""
        own = item.pack.part(module) if item.pack else None
        language = own.data["text_locale"] if own else self.resolved.course.source_locale
        spoken = language in (self.resolved.variant.region, self.resolved.variant.language)
        if spoken or not _says_words([*item.data["fields"].values(), item.data.get("olx")]):
            return None
        return str(language), "missing"

    def bank(self, name: str) -> dict[str, Any]:
        """Return a question bank with its visible questions."""
        part = self.resolved.parts[QUIZZES + name]
        data = copied({key: v for key, v in part.outline.source.data.items() if key != "questions"})
        title = part.texts["_/title"]
        data["title"], data["lang"] = self.header(QUIZZES + name, "title"), title.language
        for band_name, band in data.get("bands", {}).items():
            text = part.texts[f"_/bands/{band_name}"]
            band["text"] = self.words(text, BLOCK, title.language)
        questions = []
        for item in part.outline.visible_items():
            question, language, state = self.printed(QUIZZES + name, item)
            questions.append({**_question(question), "lang": language, "state": state})
        data["questions"] = questions
        if "draw" in data:
            data["draw"] = min(data["draw"], len(questions))
        del data["kind"]
        return data

    def printed(
        self, part: str, item: Item, mentions: FirstMentions | None = None
    ) -> tuple[dict[str, Any], str, str]:
        """Return a copy of a block or question with its texts set, its language and state."""
        data = copied(item.data)
        return data, *self.worded(part, item, list(slots(data)), mentions)

    def notes(self, part: str) -> list[dict[str, Any]]:
        """Return the trainer's notes of a module, or of the course."""
        made = []
        for item in self.resolved.parts[part].outline.notes:
            data = copied(item.data)
            language, state = self.worded(part, item, list(note_slots(data)))
            data["text"] = markup.labelled(_below_title(data["text"]))
            made.append({**data, "lang": language, "state": state})
        return made

    def worded(
        self, part: str, item: Item, found: Sequence[Slot], mentions: FirstMentions | None = None
    ) -> tuple[str, str]:
        """Put the variant's words where the texts of an item stand; return language and state."""
        texts = self.resolved.parts[part].texts
        said = [texts[f"{item.address}/{rest}"] for rest, *_ in found]
        language = self.language_of(said)
        for (rest, holder, key, form), text in zip(found, said, strict=True):
            linking = mentions if rest == "text" else None
            holder[key] = self.words(text, form, language, linking)
        return language, self.state_of(said, item)

    def language_of(self, said: Sequence[Text]) -> str:
        """Return the language of a block: that of its first text which no pack has replaced."""
        plain = [text.language for text in said if text.state != "adapted"]
        return (plain or [text.language for text in said] or [self.resolved.variant.language])[0]

    def state_of(self, said: Sequence[Text], item: Item) -> str:
        """Return the state a reader should know about first."""
        states = {text.state for text in said}
        for state in ("outdated", "held", "missing", "adapted", "local", "current", "source"):
            if state in states:
                return state
        if item.pack is not None:
            return "local"
        is_source = self.resolved.variant.language == self.resolved.course.source_locale
        return "source" if is_source else "current"

    def address_of(self, name: str) -> str:
        """Return where a media file is served, and remember that it is used."""
        held = self.resolved.course.media.get(name)
        sha = self.media.get(name) or (held.sha if held else "")
        if not sha:
            return ""
        self.used[name] = sha
        return f"/media/{sha}/{name}"

    def card(self, name: str) -> dict[str, Any]:
        """Return a fact as a `facts` block shows it."""
        fact = self.facts.get(name)
        if fact is None:
            return {"name": name, "label": name, "value": "", "missing": True, "type": "text"}
        kept = ("label", "value", "lang", "href", "type", "missing")
        owner = {"owner": fact.owner} if fact.owner != "country" else {}
        return {"name": name, **owner, **{key: getattr(fact, key) for key in kept}}


def copied(data: Any) -> Any:
    """Return plain data that shares nothing with `data`."""
    if type(data) is dict:
        return {key: v if type(v) is str else copied(v) for key, v in data.items()}
    if type(data) is list:
        return [copied(value) for value in data]
    return data


def _below_title(text: str) -> str:
    """Let the headings of a note begin one level below its title, however its author began."""
    lift = min((int(level) for level in _HEADING.findall(text)), default=3) - 3
    return _HEADING.sub(lambda found: f"h{int(found[1]) - lift}>", text) if lift else text


def _pairs(mapping: Mapping[str, str] | None) -> list[list[str]]:
    return [[name, text] for name, text in (mapping or {}).items()]


_COMMON = frozenset(("id", "type", "protect", "content_note", "required"))


def _as_they_are(press: Press, data: Any, banks: Banks, language: str) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key not in _COMMON}


def _image(press: Press, data: Any, banks: Banks, language: str) -> dict[str, Any]:
    picture = press.resolved.course.media.get(data["file"])
    return {
        "file": data["file"],
        "src": press.address_of(data["file"]),
        "size": picture and picture.size,
        "alt": data["alt"],
        "caption": data.get("caption"),
    }


def _recording(press: Press, data: Any, banks: Banks, language: str) -> dict[str, Any]:
    name = data.get("file")
    captions = data.get("captions") or {}
    return {
        "file": name,
        "src": press.address_of(name) if name else None,
        "captions": [[locale, press.address_of(file)] for locale, file in captions.items()],
        "title": data["title"],
        "transcript": data["transcript"],
    }


def _compare(press: Press, data: Any, banks: Banks, language: str) -> dict[str, Any]:
    return {
        "title": data.get("title"),
        "good": _pairs(data["good"]),
        "less": _pairs(data["less"]),
    }


def _facts(press: Press, data: Any, banks: Banks, language: str) -> dict[str, Any]:
    return {
        "title": data.get("title"),
        "text": data.get("text"),
        "facts": [press.card(name) for name in data["facts"]],
    }


def _check(press: Press, data: Any, banks: Banks, language: str) -> dict[str, Any]:
    return {"question": {**_question(data["question"]), "id": data["id"], "lang": language}}


def _quiz(press: Press, data: Any, banks: Banks, language: str) -> dict[str, Any]:
    sha, bank = banks.get(data["quiz"], ("", None))
    return {"quiz": data["quiz"], "text": data.get("text"), "bank": bank, "bank_sha": sha}


def _scenario(press: Press, data: Any, banks: Banks, language: str) -> dict[str, Any]:
    scenes = data.get("scenes") or [{"id": "start", "text": "", "choices": data["choices"]}]
    return {
        "text": data["text"],
        "start": data.get("start") or "start",
        "scenes": {scene["id"]: _scene(scene) for scene in scenes},
        "debrief": data["debrief"],
    }


def _scene(scene: Mapping[str, Any]) -> dict[str, Any]:
    choices = [
        {
            "id": choice["id"],
            "text": choice["text"],
            "feedback": choice["feedback"],
            "correct": choice.get("correct", False),
            "to": choice.get("to"),
            "set": choice.get("set") or {},
            "when": choice.get("when"),
        }
        for choice in scene.get("choices") or ()
    ]
    return {"text": scene["text"], "end": scene.get("end", False), "choices": choices}


def _checklist(press: Press, data: Any, banks: Banks, language: str) -> dict[str, Any]:
    return {"text": data.get("text"), "items": _pairs(data["items"])}


def _foreign(press: Press, data: Any, banks: Banks, language: str) -> dict[str, Any]:
    """The fields of a block of another package, as its own class names them.

    A file of the course that they name as `/static/…` is served with the edition.
    """
    said = unquote(f"{data['fields']} {data.get('olx')}")
    for name in press.media:
        if f"/static/{name}" in said:
            press.address_of(name)
    named = {"display_name": data["title"]} if "title" in data else {}
    olx = {"olx": data["olx"]} if "olx" in data else {}
    return {**named, **data["fields"], **olx}


def _says_words(value: Any) -> bool:
    if isinstance(value, (list, dict)):
        return any(map(_says_words, value.values() if isinstance(value, dict) else value))
    is_word = isinstance(value, str) and value.lower() not in ("true", "false")
    return is_word and any(map(str.isalpha, value))


def _question(data: dict[str, Any]) -> dict[str, Any]:
    """Return a question as assessment reads it: accepted words as lists, choices as pairs."""
    made = {key: value for key, value in data.items() if key not in ("content_note", "protect")}
    if "accept" in made:
        made["accept"] = list(made["accept"].values())
    if "gaps" in made:
        made["gaps"] = [_gap(gap) for gap in made["gaps"]]
    return made


def _gap(gap: Mapping[str, Any]) -> dict[str, Any]:
    if "choices" in gap:
        return {"id": gap["id"], "choices": _pairs(gap["choices"]), "correct": gap["correct"]}
    return {"id": gap["id"], "accept": list(gap["accept"].values())}


_FIELDS: dict[str, Callable[[Press, Any, Banks, str], dict[str, Any]]] = {
    "image": _image,
    "video": _recording,
    "audio": _recording,
    "compare": _compare,
    "facts": _facts,
    "check": _check,
    "quiz": _quiz,
    "scenario": _scenario,
    "checklist": _checklist,
    "xblock": _foreign,
}
