"""When two spellings of an answer are the same answer, language by language."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

LONGEST = 2000

# Letters with a mark that are letters of their own in a language, not a letter with an accent.
_OWN_LETTERS = {
    "fi": "åäö",
    "sv": "åäö",
    "et": "äöüõ",
    "de": "äöü",
    "da": "å",
    "nb": "å",
    "nn": "å",
    "es": "ñ",
    "tr": "çğöşü",
    "hu": "öüőű",
}
_SPELLED_OUT = {"de": {"ä": "ae", "ö": "oe", "ü": "ue"}, "da": {"å": "aa"}, "nb": {"å": "aa"}}
_SIMPLE = {"ø": "o", "ł": "l", "đ": "d", "ı": "i"}
_KEPT_SIMPLE = {"da": "ø", "nb": "ø", "nn": "ø", "pl": "ł", "tr": "ı"}

_NUMBER = re.compile(r"[+-]?\d+(\.\d*)?|[+-]?\.\d+")


def fold(text: object, language: str = "") -> str:
    """Return the text with case, spaces, punctuation and mere accents taken away."""
    if not isinstance(text, str):
        return ""
    main = language.replace("_", "-").partition("-")[0].lower()
    told = unicodedata.normalize("NFC", text[:LONGEST])
    if main in ("tr", "az"):
        told = told.replace("I", "ı").replace("İ", "i")
    told = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", told).casefold())
    spelled = _SPELLED_OUT.get(main, {})
    own = _OWN_LETTERS.get(main, "")
    kept = _KEPT_SIMPLE.get(main, "")
    bare = "".join(
        spelled.get(letter) or (letter if letter in own else _without_marks(letter, kept))
        for letter in told
    )
    # Vowel signs of many scripts are marks, not letters; they belong to the word.
    return " ".join(
        "".join(
            one if one.isalnum() or unicodedata.category(one)[0] == "M" else " " for one in bare
        ).split()
    )


def number(text: object, unit: str = "") -> Decimal | None:
    """Return the number that a person wrote, with comma or point, spaces and unit; None if none."""
    if isinstance(text, bool) or not isinstance(text, (str, int, float, Decimal)):
        return None
    told = unicodedata.normalize("NFKC", str(text)[:LONGEST]).replace("\u2212", "-").strip()
    if unit and told.casefold().endswith(unit.casefold()):
        told = told[: len(told) - len(unit)]
    told = "".join(told.split()).replace("'", "").replace("\u2019", "")
    told = _with_point(told)
    if len(told) > 40 or not _NUMBER.fullmatch(told):
        return None
    try:
        return Decimal(told)
    except InvalidOperation:
        return None


def _with_point(told: str) -> str:
    """Return the digits with a point before the decimals; the last of two kinds is that place."""
    if "," in told and "." in told:
        thousands = "," if told.rindex(".") > told.rindex(",") else "."
        told = told.replace(thousands, "")
    return told.replace(",", ".")


def _without_marks(letter: str, kept: str) -> str:
    if letter in _SIMPLE and letter not in kept:
        return _SIMPLE[letter]
    parts = unicodedata.normalize("NFD", letter)
    if len(parts) == 1:
        return letter
    # Marks are dropped only from alphabets where they are accents; elsewhere they are vowels.
    if not unicodedata.name(parts[0], "").startswith(("LATIN", "GREEK", "CYRILLIC")):
        return letter
    if letter in "йї":
        return letter
    return "".join(part for part in parts if not unicodedata.combining(part))
