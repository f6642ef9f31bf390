"""The few drawings that blocks use, ready to be put into a page."""

from types import MappingProxyType

from markupsafe import Markup

_STROKES = {
    "check": "M4 12.5 9.5 18 20 6.5",
    "less": "M5 12h14",
    "again": "M19 12a7 7 0 1 1-2.2-5.1M19 3.5V7.5h-4",
    "warning": "M12 8v5M12 16.5v.1M12 3 2.5 20h19z",
    "info": "M12 11v6M12 7.5v.1M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18z",
    "takeaway": "M12 20C5 15 3 12 3 8.5 3 6 5 4 7.3 4 9.2 4 11 5 12 7c1-2 2.8-3 4.7-3C19 4 21 6 "
    "21 8.5c0 3.5-2 6.5-9 11.5z",
    "missing": "M12 7.5v5.5M12 16.5v.1M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18z",
}
_CLASSES = {"again": "icon flip"}

_SPEECH = (
    '<svg class="pic" width="64" height="64" viewBox="0 0 64 64" fill="none" stroke-width="2.2" '
    'stroke-linejoin="round" aria-hidden="true">'
    '<path class="bub2" d="M28 6h24c4 0 7 3 7 7v12c0 4-3 7-7 7h-2v7l-8-7H28'
    'c-4 0-7-3-7-7V13c0-4 3-7 7-7z"/><path class="bub1" d="M12 27h22c4 0 7 3 7 7v10c0 4-3 7-7 7H22'
    'l-8 7v-7h-2c-4 0-7-3-7-7V34c0-4 3-7 7-7z"/><path class="heart" d="M23 45.5c-5-3.5-7-5.8-7-8.3 '
    "0-2 1.5-3.4 3.3-3.4 1.5 0 2.8.8 3.7 2.2.9-1.4 2.2-2.2 3.7-2.2 1.8 0 3.3 1.4 3.3 3.4 0 2.5-2 "
    '4.8-7 8.3z"/></svg>'
)


def _drawn(strokes: str, classes: str) -> Markup:
    # In another host, where our style sheet is not, it would fill the page without a size.
    return Markup(
        f'<svg class="{classes}" width="20" height="20" viewBox="0 0 24 24" fill="none" '
        f'stroke="currentColor" stroke-width="2" aria-hidden="true"><path d="{strokes}"/></svg>'
    )


ICONS = MappingProxyType(
    {
        **{name: _drawn(strokes, _CLASSES.get(name, "icon")) for name, strokes in _STROKES.items()},
        "check-good": _drawn(_STROKES["check"], "icon good"),
        "less-bad": _drawn(_STROKES["less"], "icon bad"),
        "speech": Markup(_SPEECH),
    }
)
