"""Refusals in words that a person can be shown."""


def N_(message: str) -> str:
    """Mark a sentence for translation; the web translates it when it shows it."""
    return message


class MtdError(Exception):
    """A refusal: `message` is a sentence for people, `values` fill its %(name)s places."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message % values if values else message)
        self.message = message
        self.values = values


class NotFound(MtdError):
    """There is no such thing, or this person may not see it."""


class NotJoined(NotFound):
    """The person has not joined the course; `course_key` names it."""

    def __init__(self, course_key: str) -> None:
        super().__init__(N_("You have not joined this course yet."))
        self.course_key = course_key


class Forbidden(MtdError):
    """The person is known and may see it, but may not do this."""


class Conflict(MtdError):
    """Somebody or something was there first."""


class Invalid(MtdError):
    """What came in cannot be used; `field` names the form field, where there is one."""

    def __init__(self, message: str, field: str | None = None, **values: object) -> None:
        super().__init__(message, **values)
        self.field = field


class TooMany(MtdError):
    """Too many tries in too short a time."""


class Expired(MtdError):
    """A link or a right that has run out."""


class Unavailable(MtdError):
    """Something the house leans on does not answer just now."""


class NameTaken(MtdError):
    """Two plugins offer the same name."""
