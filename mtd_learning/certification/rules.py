"""What a certificate says and who it matches: names, codes, numbers, standing. Pure."""

import html
import re
import secrets
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from itertools import zip_longest
from typing import Any

ONLINE_COURSE = "online-course"

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base32: no I, L, O, U
CODE_LENGTH = 20
# What people type for letters that the alphabet leaves out.
_MEANT = str.maketrans({"O": "0", "I": "1", "L": "1"})

LONGEST_NAME = 200
# Marks that turn the direction of the text around them could make a name read as another.
_TURNING = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def new_code() -> str:
    """Return a code of 100 random bits that nobody can guess."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def read_code(typed: str) -> str | None:
    """Return the code that somebody typed, or None when it cannot be one."""
    code = re.sub(r"[\s\-\u2010-\u2015]", "", typed[:100]).upper().translate(_MEANT)
    return code if len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) else None


def spaced_code(code: str) -> str:
    """Return the code in groups of five, for people to read aloud."""
    return "-".join(code[at : at + 5] for at in range(0, len(code), 5))


def number_of(issuer_key: str, year: int, sequence: int) -> str:
    """Return the printed number: issuer, year, sequence."""
    return f"{issuer_key.upper()}-{year}-{sequence:05d}"


def clean_name(typed: str) -> str:
    """Return a name as it will be printed: one form of each letter, single spaces, one line."""
    one_line = _TURNING.sub("", unicodedata.normalize("NFC", typed))
    visible = "".join(" " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c for c in one_line)
    return " ".join(visible.split())


def folded(name: str) -> str:
    """Return a name for comparing: compatible forms, case and spaces do not count."""
    return "".join(unicodedata.normalize("NFKC", clean_name(name)).casefold().split())


def same_name(printed: str, typed: str) -> bool:
    """Say whether two names are the same when case, spaces and letter forms do not count."""
    return folded(printed) == folded(typed) != ""


def initials(name: str) -> str:
    """Return the first letter of each part of a name, for a page that does not show it."""
    firsts = [next((c for c in part if c.isalnum()), "") for part in clean_name(name).split()]
    return " ".join(f"{first.upper()}." for first in firsts if first)


def standing(state: str, valid_from: datetime, valid_until: datetime | None, today: date) -> str:
    """Return valid, expired, early (not valid yet) or invalid; a state not known is invalid."""
    if state != "valid":
        return "invalid"
    if valid_from.astimezone(UTC).date() > today:
        return "early"
    if valid_until is not None and valid_until.astimezone(UTC).date() < today:
        return "expired"
    return "valid"


def plain(text: str) -> str:
    """Return the words of a piece of clean HTML."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())


def elements(
    manifest: Mapping[str, Any],
    *,
    assessment: list[dict[str, Any]],
    participation: str,
    quality: str,
) -> dict[str, Any]:
    """Return what the course promised and asked, as plain data that stays with the certificate.

    The sentences are kept in English, as they are marked, and translated when they are shown.
    """
    modules = [
        {
            "id": module["id"],
            "title": plain(module["title"]),
            "language": module.get("lang") or manifest["language"],
            "minutes": module["minutes"],
            "mandatory": bool(module.get("mandatory")),
        }
        for module in manifest["modules"]
    ]
    return {
        "title_language": manifest.get("title_lang") or manifest["language"],
        "outcomes": [
            {
                "module": module["id"],
                "text": plain(text),
                "language": module.get("lang") or manifest["language"],
            }
            for module in manifest["modules"]
            for _, text in module.get("outcomes", [])
        ],
        "modules": modules,
        "minutes": sum(module["minutes"] for module in modules),
        "live_minutes": 0,
        "assessment": assessment,
        "participation": participation,
        "quality": quality,
        "level": None,
    }


def outcomes_in_turn(outcomes: Iterable[Mapping[str, Any]], most: int) -> list[Mapping[str, Any]]:
    """Return at most so many outcomes, the first of every module before the second of any."""
    by_module: dict[str, list[Mapping[str, Any]]] = {}
    for outcome in outcomes:
        by_module.setdefault(outcome["module"], []).append(outcome)
    rounds = zip_longest(*by_module.values())
    return [outcome for turn in rounds for outcome in turn if outcome is not None][:most]
