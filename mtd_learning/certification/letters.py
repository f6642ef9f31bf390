"""Which letters the bundled fonts can print, so that a name is refused before it is promised."""

import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
# The fonts in which a name may be set, see templates/plain.typ.
FOR_NAMES = ("NotoSerif-Bold.ttf", "NotoSansHebrew-Bold.ttf", "Amiri-Bold.ttf")


def unprintable(text: str) -> str:
    """Return the letters of a text that no font for names has, each once."""
    known = _printable()
    return "".join(
        dict.fromkeys(c for c in text if not c.isspace() and not _covered(known, ord(c)))
    )


def _covered(known: list[tuple[int, int]], point: int) -> bool:
    return any(first <= point <= last for first, last in known)


@cache
def _printable() -> list[tuple[int, int]]:
    return [span for name in FOR_NAMES for span in _spans((FONTS / name).read_bytes())]


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
