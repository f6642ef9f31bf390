"""How easy a unit reads in each language: words a sentence, and LIX."""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mtd_learning.content import markup
from mtd_learning.content.outline import Item
from mtd_learning.content.overlay import Part, Resolved
from mtd_learning.content.segments import FACT, GAP, PLAIN
from mtd_learning.content.variant import language_of

LONG = 7
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_END = re.compile(r"(?<![.!?…])[.!?…]+[\"'”’»)\]]*(?=\s|$)")
_INLINE = re.compile(r"</?(?:a|code|em|strong)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Reading:
    """What was counted in some text."""

    words: int = 0
    long_words: int = 0
    sentences: int = 0

    def __add__(self, other: "Reading") -> "Reading":
        return Reading(
            self.words + other.words,
            self.long_words + other.long_words,
            self.sentences + other.sentences,
        )

    @property
    def a_sentence(self) -> float:
        """Return the average of words a sentence; 0 where there is none."""
        return self.words / self.sentences if self.sentences else 0.0

    @property
    def lix(self) -> float:
        """Return LIX: words a sentence and the percentage of words with more than six letters.

        C. H. Björnsson, Läsbarhet, 1968: under 30 very easy, 30 to 40 easy, 40 to 50 middling,
        50 to 60 hard, above that very hard, for Swedish. It knows nothing of any language and so
        serves all of them, but compares only texts of one: words of Finnish are longer than those
        of Swedish, and its figures come out some ten to fifteen higher; English a little lower.
        """
        return self.a_sentence + 100 * self.long_words / self.words if self.words else 0.0


@dataclass(frozen=True)
class UnitReading:
    """A unit in one language; `translated` is the share of its texts that speak it."""

    module: str
    unit: str
    minutes: int
    translated: float
    reading: Reading


def reading_of(text: str) -> Reading:
    """Return what is counted in a Markdown text; a paragraph or a list item ends a sentence."""
    counts = Reading()
    shown = markup.clean(GAP.sub(" ", FACT.sub(" ", text)))
    for paragraph in _TAG.split(_INLINE.sub("", shown)):
        for sentence in _END.split(html.unescape(paragraph)):
            words = _WORD.findall(sentence)
            if words:
                counts += Reading(len(words), sum(len(word) >= LONG for word in words), 1)
    return counts


def units(resolved: Resolved) -> Iterator[UnitReading]:
    """Return every unit of a variant as it reads in the variant's language; titles and other
    plain words are left out, and so is what falls back to another language."""
    for module, item in resolved.units:
        part = resolved.parts[module]
        texts = list(_texts(part, item))
        language = resolved.variant.language
        own = [words for words, locale in texts if language_of(locale) == language]
        reading = sum((reading_of(words) for words in own), Reading())
        share = len(own) / len(texts) if texts else 0.0
        yield UnitReading(module, item.id, item.data["minutes"], share, reading)


def total(some: Iterable[UnitReading]) -> Reading:
    """Return all of them counted as one text."""
    return sum((one.reading for one in some), Reading())


def _texts(part: Part, unit: Item) -> Iterator[tuple[str, str]]:
    """Yield the running texts that a reader of the unit sees, each with its language."""
    for block in unit.children:
        for segment in part.outline.groups.get(block.address, ()) if not block.hidden else ():
            if segment.form != PLAIN:
                text = part.texts[segment.address]
                yield text.words, text.language
