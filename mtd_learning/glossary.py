"""The words of the field: how they are called, explained, and found in a text, by language."""

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

WORDS = Path(__file__).parent / "data" / "words.json"
ANY_ENDING = r"\w{0,3}"
SHORTEST = 4
ENDINGS = {
    # Finnish: a plural mark, a case, whose it is, and a clitic; each may be missing. So a stem
    # takes its inflections and no other word that begins like it or is made with it.
    "fi": (
        r"[ij]?(?:n|t|ta|tä|a|ä|na|nä|ksi|kse|ssa|ssä|sta|stä|lla|llä|lta|ltä|lle|tta|ttä"
        r"|en|den|ten|tten|seen|siin|[aeiouyäö]n|h[aeiouyäö]n)?"
        r"(?:ni|si|nsa|nsä|mme|nne|[aeiouyäö]n)?(?:kin|kaan|kään|ko|kö|han|hän|pa|pä)?"
    ),
}
_APOSTROPHE = re.compile(r"['’]")
_TAG_OR_FACT = re.compile(r"(<[^>]*>|\{\{[^{}]*\}\})")
_CLOSED = ("a", "h2", "h3", "h4", "code", "pre")
_TAG_NAME = re.compile(r"<(/?)([a-z0-9]+)")


@cache
def terms() -> Sequence[Mapping[str, Any]]:
    """Return every word: key, its name by language, definitions, forms."""
    found: list[Mapping[str, Any]] = json.loads(WORDS.read_text("utf-8"))["terms"]
    return found


def definition(key: str, language: str) -> str:
    """Return what a word means, empty where nobody has said it in the language yet."""
    return str(_by_key()[key].get(f"definition_{language}") or "")


def forms(term: Mapping[str, Any], language: str) -> list[str]:
    """Return how a word appears in texts: its listed forms, else its name and its variants.

    Where nothing is listed, a name that still needs a native speaker of the field is not looked
    for, nor is a very short one: it may mean something else as well.
    """
    listed: list[str] | None = term.get("forms", {}).get(language)
    if listed is not None:
        return listed
    if {language, "all"} & set(term.get("uncertain", ())):
        return []
    variants = re.split("[,;]", re.sub(r"\([^)]*\)", "", str(term.get(language) or "")))
    found = [form for variant in variants for form in _both(variant.strip())]
    return [form for form in dict.fromkeys(found) if len(form) >= SHORTEST]


class FirstMentions:
    """Links each word of the field where a unit first uses it, and only there."""

    def __init__(self, address: str, title: str) -> None:
        """Link to `address` and the word's key; `title` stands where no definition does."""
        self._address = address
        self._title = title
        self._told: set[str] = set()

    def marked(self, text: str, language: str) -> str:
        """Return clean HTML with its first mentions linked: not in headings, links or code,
        not in the place of a fact, and never inside another word."""
        made, closed = [], 0
        for piece in _TAG_OR_FACT.split(text):
            tag = _TAG_NAME.match(piece)
            if tag is not None and tag[2] in _CLOSED:
                closed += -1 if tag[1] else 1
            is_text = tag is None and not piece.startswith("{{") and not closed
            made.append(self._linked(piece, language) if is_text else piece)
        return "".join(made)

    def _linked(self, text: str, language: str) -> str:
        made, at = [], 0
        for start, end, key in found_in(text, language):
            if key not in self._told:
                self._told.add(key)
                made += [text[at:start], self._link(key, text[start:end], language)]
                at = end
        return "".join([*made, text[at:]])

    def _link(self, key: str, words: str, language: str) -> str:
        title = html.escape(definition(key, language) or self._title)
        return f'<a class="term" href="{self._address}#{key}" title="{title}">{words}</a>'


@lru_cache(maxsize=20_000)
def found_in(text: str, language: str) -> tuple[tuple[int, int, str], ...]:
    """Return start, end and key of each word of the field in a text, the longest first."""
    pattern, keys = _pattern(language)
    if pattern is None:
        return ()
    return tuple(
        (one.start(), one.end(), keys[one.lastindex - 1])
        for one in pattern.finditer(text)
        if one.lastindex
    )


@cache
def _pattern(language: str) -> tuple[re.Pattern[str] | None, list[str]]:
    known = sorted(_all(language), key=lambda pair: (-len(pair[0].rstrip("*")), pair))
    if not known:
        return None, []
    choices = "|".join(f"({_form(form, language)})" for form, _ in known)
    pattern = re.compile(rf"(?<![\w-])(?:{choices})(?![\w-])", re.IGNORECASE)
    return pattern, [key for _, key in known]


def _all(language: str) -> Iterator[tuple[str, str]]:
    for term in terms():
        for form in forms(term, language):
            yield form, term["key"]


def _form(form: str, language: str) -> str:
    stem, star = form.rstrip("*"), form.endswith("*")
    words = r"\s+".join(re.escape(word) for word in stem.split())
    ending = ENDINGS.get(language, ANY_ENDING) if star else ""
    return _APOSTROPHE.sub("['’]", words) + ending


def _both(variant: str) -> list[str]:
    """Return the two words of one written with a stroke: voluntario/a, Ehrenamtliche/r."""
    first, stroke, second = variant.partition("/")
    if not stroke or not second:
        return [first]
    if len(second) > 2 or " " in variant:
        return [word for word in (first, second) if " " not in variant]
    is_vowel = second[0] in "aeiouáéíóú" and first[-1] in "aeiouáéíóú"
    return [first, (first[:-1] if is_vowel else first) + second]


@cache
def _by_key() -> Mapping[str, Mapping[str, Any]]:
    return {term["key"]: term for term in terms()}
