"""Markdown to clean HTML, to one clean line, or to plain text."""

import html
import re
from functools import cache, lru_cache
from itertools import cycle
from typing import Any

from mtd_learning.errors import N_, Invalid

MAX_BYTES = 64 * 1024
SCHEMES = {"http", "https", "mailto", "tel"}
INLINE_TAGS = {"a", "br", "code", "em", "strong"}
TAGS = INLINE_TAGS | {
    "blockquote",
    "h2",
    "h3",
    "h4",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
}
_TAG = re.compile(r"<[^>]*>")
_TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
_HEADING = re.compile(r"(</?h)([1-6])>")
_HEAD = re.compile(r"<th>(.*?)</th>", re.DOTALL)
_CELL = re.compile(r"<td>")
# 46 881, 13 %, 116 111: what belongs to one number stays on one line.
_INSIDE_A_NUMBER = re.compile(r"(?<=\d) (?=\d{3}(?!\d)|%)")
# A space, or a sign that can be a mark; what only punctuates parts no words by itself.
_BETWEEN_WORDS = re.compile(r"\s+|[^\w\s.,:;?!'\"’“”„–…]|_")
_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")


@lru_cache(maxsize=20_000)
def clean(text: str) -> str:
    """Return Markdown as HTML with only the tags and links that a course may have."""
    return _cleaned(_below_title(_parser().render(_allowed(text))), TAGS)


@lru_cache(maxsize=20_000)
def inline(text: str) -> str:
    """Return Markdown as one line of HTML without paragraphs."""
    lines = _PARAGRAPHS.split(_allowed(text).strip())
    return _cleaned("<br>".join(_parser().renderInline(line) for line in lines), INLINE_TAGS)


def plain(text: str) -> str:
    """Return the words of a Markdown text without any marks."""
    return " ".join(html.unescape(_TAG.sub(" ", clean(text))).split())


def most_words(text: str) -> int:
    """Return a number of words that `plain(text)` cannot exceed, without reading the Markdown."""
    return len(_BETWEEN_WORDS.findall(_allowed(text))) + 1


def labelled(made: str) -> str:
    """Return clean HTML whose cells name their column, for screens too narrow for a table."""
    return _TABLE.sub(_with_labels, made)


def _with_labels(found: re.Match[str]) -> str:
    names = [_TAG.sub("", cell).replace('"', "&quot;") for cell in _HEAD.findall(found[0])]
    columns = cycle(names)  # Markdown gives each row as many cells as the head has
    cells = _CELL.sub(lambda _: f'<td data-label="{next(columns)}">', found[0])
    return f'<div class="sheet">{cells}</div>'


def _below_title(made: str) -> str:
    """Keep headings below the one title of the page, however many levels their author uses."""
    down = 1 if "<h1>" in made else 0
    return _HEADING.sub(lambda found: f"{found[1]}{min(int(found[2]) + down, 4)}>", made)


def _allowed(text: str) -> str:
    if len(text.encode()) > MAX_BYTES:
        raise Invalid(N_("This text is longer than 64 kB."))
    return text


@cache
def _parser() -> Any:
    # Imported here because pages are served from ready HTML and need no parser.
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def _cleaned(text: str, tags: set[str]) -> str:
    import nh3

    cleaned = nh3.clean(
        text,
        tags=tags,
        attributes={"a": {"href", "title"}, "ol": {"start"}},
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer",
    )
    return _INSIDE_A_NUMBER.sub("\N{NO-BREAK SPACE}", cleaned.strip())
