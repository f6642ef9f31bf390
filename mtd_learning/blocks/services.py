"""What blocks may ask the house for: words, the learner, settings, files and a few formalities."""

import gettext
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn, Protocol
from urllib.parse import unquote

from markupsafe import Markup
from xblock.core import XBlock
from xblock.fields import UserScope, scope_key

from mtd_learning.blocks.tree import is_ours
from mtd_learning.errors import N_, Forbidden

BLOCK_FILES = "blocks"  # the folder of the instance in which blocks keep files


@dataclass(frozen=True, slots=True)
class Learner:
    """Who looks at a block; name and e-mail are empty unless the operator gives them away.

    `key` is the site's secret, by which people get names for strangers.
    """

    user_id: int = 0
    language: str = "en"
    is_staff: bool = False
    role: str = "Student"
    name: str = ""
    email: str = ""
    key: bytes = field(default=b"", repr=False)

    @property
    def anonymous_id(self) -> str:
        """Return a name for the learner that tells a stranger's block nothing.

        It stays the same as long as the site keeps its secret, without which nobody can find the
        number behind it by trying all.
        """
        person = f"learner {self.user_id}".encode()
        return hmac.digest(self.key, person, "sha256").hex()[:32]


class Words(Protocol):
    """Translations of the interface: what `gettext.NullTranslations` offers."""

    def gettext(self, message: str) -> str:
        """Return the message in the learner's language."""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the singular or plural form for n."""


class Forms(Protocol):
    """How a page protects its forms; the web supplies it as service `forms`."""

    def hidden_fields(self) -> Markup:
        """Return hidden inputs that belong into every form."""

    def back(self, block: XBlock) -> str:
        """Return the address that shows the block again."""

    def say(self, sentence: str) -> None:
        """Say a sentence once, at the top of the next page."""


class Banks(Protocol):
    """Question banks of past editions; the house supplies it as service `banks`."""

    def get(self, sha: str) -> Mapping[str, Any] | None:
        """Return a compiled bank by its hash, or None when it is gone."""


@dataclass(frozen=True, slots=True)
class Module:
    """A module of the course as a result names it."""

    id: str
    title: str
    lang: str
    url: str


class Modules(Protocol):
    """The modules of a course; the house supplies them as service `modules`."""

    def in_order(self) -> Sequence[Module]:
        """Return the modules in the order of the course."""


class Media(Protocol):
    """Pictures and recordings of a course; the house supplies it as service `media`."""

    def url(self, block: XBlock, file: str) -> str:
        """Return the address of a file in the course's media folder."""


class Clock(Protocol):
    """Now, and how a learner reads it; the house supplies it as service `clock`."""

    def now(self) -> str:
        """Return this moment as ISO 8601 in UTC."""

    def time_of_day(self, moment: str) -> str:
        """Return such a moment as hours and minutes where the learner is."""


class User:
    """The learner in the form that blocks know.

    The class of that form in XBlock's own package cannot be used: its module imports Django
    wherever Django is installed.
    """

    def __init__(self, learner: Learner) -> None:
        self.is_current_user = True
        self.emails = [learner.email] if learner.email else []
        self.full_name = self.display_name = learner.name
        self.opt_attrs = {
            "edx-platform.is_authenticated": bool(learner.user_id),
            # Larger hosts give a number; it is passed on as a name, and ours would be the real one.
            "edx-platform.user_id": learner.anonymous_id,
            "edx-platform.username": learner.anonymous_id,
            "edx-platform.anonymous_user_id": learner.anonymous_id,
            "edx-platform.user_is_staff": learner.is_staff,
            "edx-platform.user_role": learner.role,
        }


class UserService:
    """Tells a block who is looking."""

    def __init__(self, learner: Learner) -> None:
        self.learner = learner

    def get_current_user(self) -> User:
        """Return the learner."""
        return User(self.learner)

    def get_anonymous_user_id(self, username: str, course_id: str) -> str:
        """Return the learner's name that tells nothing."""
        return self.learner.anonymous_id


class SettingsService:
    """Hands out what an operator set for a block type."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.settings = settings

    def get_settings_bucket(self, block: XBlock, default: Any = None) -> Any:
        """Return the settings of the block's type."""
        name = getattr(block, "block_settings_key", block.scope_ids.block_type)
        return self.settings.get(name, {} if default is None else default)


class I18n:
    """Words and dates for one block."""

    def __init__(self, words: Words, language: str = "en") -> None:
        self._words = words
        self.language = language
        self.gettext = self.ugettext = words.gettext
        self.ngettext = self.ungettext = words.ngettext

    def __getattr__(self, name: str) -> Any:
        return getattr(self._words, name)

    def strftime(self, moment: Any, pattern: str) -> str:
        """Return a moment in the pattern, or in one of the named patterns."""
        return str(moment.strftime(_PATTERNS.get(pattern, pattern)))

    def get_javascript_i18n_catalog_url(self, block: XBlock) -> None:
        """Return nothing: no catalogue for scripts is served."""


class ReplaceUrls:
    """Turns `/static/…` in a foreign block's text into the address of a course file."""

    def __init__(self, media: Media | None, block: XBlock) -> None:
        self._media = media
        self._block = block

    def replace_urls(self, text: str, static_replace_only: bool = False) -> str:
        """Return the text with the addresses of the course's files; others stay as they are."""
        return _STATIC.sub(self._address, text)

    def _address(self, found: re.Match[str]) -> str:
        name = unquote(found[1])
        address = self._media.url(self._block, name) if self._media else name
        return found[0] if address == name else address


class Completion:
    """Lets a block ask whether completion is kept: it is."""

    def completion_tracking_enabled(self) -> bool:
        """Return True."""
        return True


class Sandbox:
    """Refuses to run code that comes with content."""

    def can_execute_unsafe_code(self) -> bool:
        """Return False, always."""
        return False

    def get_python_lib_zip(self) -> None:
        """Return nothing."""

    def safe_exec(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise Forbidden(N_("Code that comes with a course is not run here."))


class MemoryCache(dict[str, Any]):
    """A cache that lives as long as the request."""

    def set(self, key: str, value: Any, timeout: int | None = None) -> None:
        """Keep a value."""
        self[key] = value

    def delete(self, key: str) -> None:
        """Forget a value."""
        self.pop(key, None)


class FileService:
    """Gives a block its own folder; one for each scope of a file field.

    Its name begins with the number of the learner whose it is, 0 where it is everybody's. With a
    `key` nobody can guess the name of another learner's folder.
    """

    def __init__(self, folder: Path, address: Callable[[str, str], str], key: bytes = b"") -> None:
        self._folder = folder
        self._address = address
        self._key = key

    def load(self, field: Any, block: XBlock) -> Any:
        """Return a file system that also knows the address of each of its files."""
        # The library is an extra of its own and takes long to import.
        from fs.osfs import OSFS

        name = scope_key(field, block).encode()
        owner = block.scope_ids.user_id if field.scope.user is UserScope.ONE else 0
        scope = f"{owner}-{hashlib.blake2b(name, digest_size=16, key=self._key).hexdigest()}"
        address = self._address
        place: Any = OSFS(str(self._folder / scope), create=True)
        place.get_url = lambda name, timeout=0: address(scope, name)
        place.expire = lambda name, seconds, days=0: None
        return place


def folders_of_learners(root: Path) -> dict[int, list[Path]]:
    """Return the folders in which blocks keep files, by the number of their learner."""
    found: dict[int, list[Path]] = {}
    for folder in root.glob("*-*"):
        owner = folder.name.partition("-")[0]
        if owner.isdecimal() and owner != "0":
            found.setdefault(int(owner), []).append(folder)
    return found


@lru_cache(maxsize=256)
def words_of(package: str, language: str) -> gettext.NullTranslations:
    """Return the catalogue that a foreign block's own package brings."""
    root = Path(import_module(package).__file__ or "").parent
    for folder in ("translations", "conf/locale"):
        for domain in ("text", "django"):
            found = gettext.translation(domain, root / folder, [language], fallback=True)
            if type(found) is not gettext.NullTranslations:
                return found
    return gettext.NullTranslations()


def i18n_of(block: XBlock, words: Words, language: str) -> I18n:
    """Return the words of the block: ours for our blocks, its package's for a stranger."""
    if is_ours(block.scope_ids.block_type):
        return I18n(words, language)
    package = block.unmixed_class.__module__.partition(".")[0]
    return I18n(words_of(package, language), language)


def interface(words: Any, around: str) -> dict[str, Any]:
    """Return the words that a template says itself: `_` and `ngettext` for text, `gettext` for
    attributes, and `own`, the attribute of an element that holds nothing else.

    Where the text around is in another language than the reader's, each says in which it is.
    """
    language = getattr(words, "language", around)
    said = {"gettext": words.gettext, "own": ""}
    if not around or language == around:
        return {**said, "_": words.gettext, "ngettext": words.ngettext}
    own = Markup(' lang="{}"').format(language)

    def marked(sentence: str) -> Markup:
        return Markup("<span{}>{}</span>").format(own, sentence)

    return {
        **said,
        "own": own,
        "_": lambda sentence: marked(words.gettext(sentence)),
        "ngettext": lambda one, many, num: marked(words.ngettext(one, many, num)),
    }


_STATIC = re.compile(r"(?<![\w.:/-])/static/([^/\s\"'<>()?#&]+)")
_PATTERNS = {
    "SHORT_DATE": "%Y-%m-%d",
    "LONG_DATE": "%A, %d %B %Y",
    "TIME": "%H:%M",
    "DATE_TIME": "%Y-%m-%d %H:%M",
}
