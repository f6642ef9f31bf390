"""The reader's language and country: for interface words, and for the variant of a course."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import cache
from pathlib import Path

from babel import Locale
from babel.dates import get_datetime_format
from babel.support import NullTranslations, Translations
from flask import Flask, request
from flask_babel import Babel, Domain, format_date, format_time
from jinja2.compiler import Frame
from markupsafe import Markup

from mtd_learning.base.settings import current_settings
from mtd_learning.blocks.block import PlainCalls
from mtd_learning.library import service as library
from mtd_learning.people import countries
from mtd_learning.web.access import signed_in

FOLDER = Path(__file__).parent.parent / "translations"
LANGUAGE_COOKIE = "mtd_language"
COUNTRY_COOKIE = "mtd_country"
_SAME_LANGUAGE = Markup("")


def init_app(app: Flask) -> None:
    """Let Flask-Babel ask us for the language of each request."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(FOLDER)
    babel = Babel(app, locale_selector=locale, timezone_selector=timezone, default_timezone="UTC")
    babel.domain_instance = Spoken()
    app.before_request(_begin)
    app.teardown_request(_begin)
    app.jinja_env.code_generator_class = Templates
    app.jinja_env.globals.update(_=_words, gettext=_words, ngettext=_counted)
    app.jinja_env.filters.update(
        in_hours=in_hours, lang_attribute=lang_attribute, to_the_minute=to_the_minute
    )


class Spoken(Domain):  # type: ignore[misc]
    """The words of this request's language, looked up once and not at every sentence."""

    def get_translations(self) -> NullTranslations:
        """Return the catalogue."""
        return catalogue()


class Templates(PlainCalls):
    """Templates ask for some thirty sentences a page: each is one plain call, which is told
    whether its template is a page or a letter in plain text."""

    def before_words(self, frame: Frame) -> str:
        """Return whether values are escaped here."""
        return f"{bool(frame.eval_ctx.autoescape)}, "


def _words(is_page: bool, sentence: str, /, **values: object) -> str:
    """Return a sentence in the reader's language; on a page its values are escaped.

    What has no values is kept.
    """
    said = catalogue()
    if not is_page:
        return said.gettext(sentence) % values
    if values:
        return Markup(said.gettext(sentence)) % values
    kept: dict[str, Markup] = said.__dict__.setdefault("kept", {})
    if sentence not in kept:
        kept[sentence] = Markup(said.gettext(sentence)) % {}
    return kept[sentence]


def _counted(is_page: bool, one: str, many: str, num: int, /, **values: object) -> str:
    """Return the sentence for so many, in the reader's language; the number is `%(num)s`."""
    said = catalogue().ngettext(one, many, num)
    return (Markup(said) if is_page else said) % {"num": num, **values}


def languages() -> tuple[str, ...]:
    """Return the languages of the interface, in the operator's order."""
    return current_settings().languages


# Language and words of the request that this thread answers. A page asks some sixty times; a
# context variable is asked at a tenth of the price of Flask's `g`.
_speech: ContextVar[tuple[str, NullTranslations] | None] = ContextVar("mtd_speech", default=None)


def _begin(error: BaseException | None = None) -> None:
    _speech.set(None)


def _spoken() -> tuple[str, NullTranslations]:
    found = _speech.get()
    if found is None:
        code = _language()
        found = (code, _catalogue(code))
        _speech.set(found)
    return found


def language() -> str:
    """Return the reader's language: their own setting, the cookie, the browser, the first."""
    return _spoken()[0]


def locale() -> str:
    """Return how dates and numbers are written in this language.

    Plain English would put the month first, as in the United States.
    """
    code = language()
    return "en_GB" if code == "en" else code.replace("-", "_")


def lang_attribute(code: str | None) -> Markup:
    """Return the `lang` attribute of an element whose words are in another language than the
    page; nothing where they are not."""
    if not code or code == language():
        return _SAME_LANGUAGE
    return Markup(' lang="{}"').format(code)


def in_hours(minutes: int) -> str:
    """Return many minutes with their hours before them, as people count a long time."""
    if minutes < 120:
        return str(minutes)
    hours = catalogue().gettext("%(hours)s h") % {"hours": minutes // 60}
    return f"{hours} {minutes % 60:02}"


def to_the_minute(moment: datetime) -> str:
    """Return date and time of day as the reader writes and lives them, without seconds."""
    joined = str(get_datetime_format("medium", locale=locale())).replace("'", "")
    return joined.format(format_time(moment, "short"), format_date(moment, "medium"))


def catalogue() -> NullTranslations:
    """Return the interface words of this request's language."""
    return _spoken()[1]


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak another language for a while: a letter goes out in its reader's own."""
    before = _speech.set((code, _catalogue(code)))
    try:
        yield
    finally:
        _speech.reset(before)


def _language() -> str:
    known, me = languages(), signed_in()
    if me is not None and me.language in known:
        return me.language
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in known:
        return chosen
    return request.accept_languages.best_match(known) or known[0]


def country() -> str | None:
    """Return the reader's country, or None while they have not chosen one."""
    me = signed_in()
    if me is not None:
        return me.country
    chosen = request.cookies.get(COUNTRY_COOKIE, "")
    return chosen if len(chosen) == 2 and chosen.isalpha() and chosen.isupper() else None


def timezone() -> str | None:
    """Return by which clock the reader lives: their country's, UTC where there is none."""
    return countries.ZONES.get(country() or "")


def variants() -> tuple[str, ...]:
    """Return the variants of a course that suit this reader, best first."""
    me = signed_in()
    return library.variants_for(language(), country(), me.pack if me else None)


# Babel knows them too, at a megabyte of locale data for each language of the menu.
NAMES = {
    "cs": "Čeština",
    "de": "Deutsch",
    "el": "Ελληνικά",
    "en": "English",
    "es": "Español",
    "fi": "Suomi",
    "fr": "Français",
    "it": "Italiano",
    "nl": "Nederlands",
    "pt": "Português",
    "sk": "Slovenčina",
    "sl": "Slovenščina",
    "sv": "Svenska",
}


@cache
def name_of(code: str) -> str:
    """Return a language's name in itself, as its speakers look for it."""
    if code in NAMES:
        return NAMES[code]
    name = Locale.parse(code, sep="-").get_language_name(code.replace("-", "_")) or code
    return name[0].upper() + name[1:]


@cache
def direction(code: str) -> str:
    """Return `rtl` or `ltr`."""
    return Locale.parse(code, sep="-").text_direction


@cache
def _catalogue(code: str) -> NullTranslations:
    return Translations.load(FOLDER, [code.replace("-", "_")])


def translate(sentence: str, code: str) -> str:
    """Return an interface sentence in a language, outside a request too; else in English."""
    return _catalogue(code).gettext(sentence)


def words(code: str) -> set[str]:
    """Return the interface sentences that have words in a language."""
    return {
        key for key in getattr(_catalogue(code), "_catalog", {}) if isinstance(key, str) and key
    }


@cache
def has_gaps(code: str) -> bool:
    """Say whether a language misses words that another one has; the page then says so."""
    if code == "en":
        return False
    known = set().union(*(words(other) for other in translated()))
    return bool(known - words(code))


@cache
def translated() -> tuple[str, ...]:
    """Return the languages that have interface words of their own."""
    return tuple(sorted(folder.name for folder in FOLDER.iterdir() if folder.is_dir()))


@cache
def _reviews() -> dict[str, str]:
    return dict(json.loads((FOLDER / "review.json").read_text("utf-8")))


def is_draft(code: str) -> bool:
    """Say whether nobody who speaks the language and knows the field has checked its words."""
    return _reviews().get(code) == "machine-draft"


def country_name(code: str) -> str:
    """Return a country's name in the reader's language."""
    return Locale.parse(language(), sep="-").territories.get(code, code)
