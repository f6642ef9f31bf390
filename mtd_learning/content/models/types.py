"""The small types all files share: ids, texts, numbers and dates that arrive as strings."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

from mtd_learning.content.markup import MAX_BYTES
from mtd_learning.content.problems import NOT_BLANK, SLUG
from mtd_learning.content.variant import COUNTRY, LANGUAGE, ORGANISATION

OR_BARE: dict[str, Any] = {"type": ["string", "number"]}
IN_FIGURES: dict[str, Any] = {"type": ["integer", "string"], "pattern": r"^\d{1,6}$"}
"""To us both `2019` and `"2019"` are texts; to an editor the first is a number."""
_PART = "(0|[1-9][0-9]{0,4})"
"""One part of a version: `01` is none, nor are figures of another script."""


def _no_longer_than_markup_takes(text: str) -> str:
    if len(text) > MAX_BYTES // 4 and len(text.encode()) > MAX_BYTES:
        raise PydanticCustomError("large", "is longer than 64 kB")
    return text


Slug = Annotated[str, StringConstraints(pattern=SLUG)]
Text = Annotated[
    str,
    StringConstraints(min_length=1, max_length=MAX_BYTES, pattern=NOT_BLANK),
    AfterValidator(_no_longer_than_markup_takes),
]
Line = Annotated[str, StringConstraints(min_length=1, max_length=1000, pattern=NOT_BLANK)]
Language = Annotated[str, StringConstraints(pattern=rf"^{LANGUAGE}$")]
Locale = Annotated[str, StringConstraints(pattern=rf"^{LANGUAGE}(-{COUNTRY})?$")]
Version = Annotated[str, StringConstraints(pattern=rf"^{_PART}\.{_PART}\.{_PART}$")]
Year = Annotated[str, Field(pattern=r"^[0-9]{4}$", json_schema_extra=OR_BARE)]
Country = Annotated[str, StringConstraints(pattern=rf"^{COUNTRY}$")]
SlugOrCountry = Annotated[str, StringConstraints(pattern=rf"^({ORGANISATION}|{COUNTRY})$")]
Fingerprint = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{10}$")]
Decimal = Annotated[
    str, Field(pattern=r"^-?[0-9]{1,15}([.,][0-9]{1,15})?$", json_schema_extra=OR_BARE)
]
Address = Annotated[str, StringConstraints(min_length=1, max_length=300)]
_STEM = r"^[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9]+)*\."
# Only what browsers show and play.
Picture = Annotated[
    str,
    StringConstraints(pattern=_STEM + "(svg|png|jpe?g|webp|avif|gif|SVG|PNG|JPE?G|WEBP|AVIF|GIF)$"),
]
Film = Annotated[str, StringConstraints(pattern=_STEM + "(mp4|webm|ogv|MP4|WEBM|OGV)$")]
Recording = Annotated[
    str,
    StringConstraints(pattern=_STEM + "(mp3|m4a|ogg|opus|wav|MP3|M4A|OGG|OPUS|WAV)$"),
]
Captions = Annotated[str, StringConstraints(pattern=_STEM + "(vtt|VTT)$")]


def _truth(value: Any) -> Any:
    if value in ("true", "false"):
        return value == "true"
    raise PydanticCustomError("truth", "must be true or false")


def _day(value: Any) -> Any:
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        day = None
    if day is None or day.isoformat() != value:
        raise PydanticCustomError("day", "must be a date such as 2026-11-01")
    return day


def _number(value: Any) -> Any:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 7:
        return int(value)
    raise PydanticCustomError("whole", "must be a whole number")


Truth = Annotated[bool, BeforeValidator(_truth)]
Day = Annotated[date, BeforeValidator(_day)]
Count = Annotated[
    int, Field(ge=1, le=100_000, json_schema_extra=IN_FIGURES), BeforeValidator(_number)
]
Percent = Annotated[
    int, Field(ge=0, le=100, json_schema_extra=IN_FIGURES), BeforeValidator(_number)
]
Protection = list[Literal["wording", "presence", "order"]]


class Model(BaseModel):
    """A mapping in a file: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", validate_default=False)


def rule(
    sentence: str, next_step: str = "", code: str = "S110", at: tuple[str | int, ...] = ()
) -> PydanticCustomError:
    """Return the error for a rule that concerns a whole mapping; `at` leads to the culprit."""
    said = {"sentence": sentence, "next_step": next_step, "code": code, "at": at}
    return PydanticCustomError("rule", "{sentence}", said)
