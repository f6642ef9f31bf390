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
from mtd_learning.content.variant import COUNTRY, LANGUAGE


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
Locale = Annotated[str, StringConstraints(pattern=rf"^{LANGUAGE}(-{COUNTRY})?$")]
Version = Annotated[str, StringConstraints(pattern=r"^\d{1,5}\.\d{1,5}\.\d{1,5}$")]
Year = Annotated[str, StringConstraints(pattern=r"^\d{4}$")]
Country = Annotated[str, StringConstraints(pattern=rf"^{COUNTRY}$")]
Fingerprint = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{10}$")]
Decimal = Annotated[str, StringConstraints(pattern=r"^-?\d{1,15}([.,]\d{1,15})?$")]
Address = Annotated[str, StringConstraints(min_length=1, max_length=300)]
FileName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9]+)+$")
]


def _truth(value: Any) -> Any:
    if value in ("true", "false"):
        return value == "true"
    raise PydanticCustomError("truth", "must be true or false")


def _day(value: Any) -> Any:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise PydanticCustomError("day", "must be a date such as 2026-11-01") from None


def _number(value: Any) -> Any:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 7:
        return int(value)
    raise PydanticCustomError("whole", "must be a whole number")


Truth = Annotated[bool, BeforeValidator(_truth)]
Day = Annotated[date, BeforeValidator(_day)]
Count = Annotated[int, BeforeValidator(_number), Field(ge=1, le=100_000)]
Percent = Annotated[int, BeforeValidator(_number), Field(ge=0, le=100)]
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
