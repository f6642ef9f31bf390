"""How large a picture is, so that a page keeps its place free until it comes."""

import re
from io import BytesIO

import imagesize

# A drawing has proportions, but no size of its own: it is shown as wide as the text.
WIDTH_OF_TEXT = 760
_NUMBER = rb"(\d+(?:\.\d+)?)"
_DRAWING = re.compile(
    rb"<svg\b[^>]*\sviewBox\s*=\s*[\"']\s*(?:[-+.\d]+[\s,]+){2}" + _NUMBER + rb"[\s,]+" + _NUMBER
)
_ITS_HEAD = 4096


def size_of(data: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels as a browser shows them, or None where nobody can say."""
    head = data[:_ITS_HEAD]
    drawing = _DRAWING.search(head)
    if drawing:
        width, height = (float(each) for each in drawing.groups())
        size = WIDTH_OF_TEXT, round(WIDTH_OF_TEXT * height / width) if width else 0
    elif b"<svg" in head:
        size = 0, 0  # the library would take the size of any shape in it
    else:
        size = imagesize.get(BytesIO(data))
    return size if min(size) > 0 else None
