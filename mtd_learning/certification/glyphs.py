"""Which letters the bundled fonts can print, so that a name is refused before it is promised."""

import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
OTHER_SCRIPTS = ("NotoSansHebrew-Bold.ttf", "Amiri-Bold.ttf")
# The two lists of fonts of templates/plain.typ; names are set in the first.
SERIF = ("NotoSerif-Bold.ttf", *OTHER_SCRIPTS)
SANS = ("NotoSans-Regular.ttf", *OTHER_SCRIPTS)


def unprintable(name: str) -> str:
    """Return the letters of a name that no font for names has, each once."""
    known = _letters(SERIF)
    return "".join(dict.fromkeys(c for c in name if not c.isspace() and ord(c) not in known))


def printable(text: str) -> str:
    """Return a text without the letters that cannot be printed (a picture in a title, say)."""
    known = _letters(SERIF) & _letters(SANS)
    return "".join(c for c in text if c.isspace() or ord(c) in known)


@cache
def _letters(fonts: tuple[str, ...]) -> frozenset[int]:
    return frozenset(
        point
        for name in fonts
        for first, last in _spans((FONTS / name).read_bytes())
        for point in range(first, last + 1)
    )


def _spans(font: bytes) -> Iterator[tuple[int, int]]:
    """Yield the spans of code points in the character map (`cmap`, format 4) of a font."""
    (tables,) = struct.unpack_from(">H", font, 4)
    places = {
        font[at : at + 4]: struct.unpack_from(">I", font, at + 8)[0]
        for at in range(12, 12 + 16 * tables, 16)
    }
    cmap = places[b"cmap"]
    (maps,) = struct.unpack_from(">H", font, cmap + 2)
    for at in range(cmap + 4, cmap + 4 + 8 * maps, 8):
        start = cmap + struct.unpack_from(">I", font, at + 4)[0]
        if struct.unpack_from(">H", font, start)[0] == 4:
            (double,) = struct.unpack_from(">H", font, start + 6)
            ends = struct.unpack_from(f">{double // 2}H", font, start + 14)
            starts = struct.unpack_from(f">{double // 2}H", font, start + 16 + double)
            # The last span of every map is only the end mark 0xFFFF.
            yield from ((a, b) for a, b in zip(starts, ends, strict=True) if a != 0xFFFF)
            return
