"""What one process knows about blocks: which types there are, and where their classes come from."""

from collections.abc import Mapping, Sequence
from importlib.metadata import EntryPoint, entry_points
from inspect import getfile
from pathlib import Path
from typing import Any

from xblock.completable import XBlockCompletionMode
from xblock.core import XBlock, XBlockMixin
from xblock.runtime import Mixologist

from mtd_learning.blocks import compat_django
from mtd_learning.blocks.tree import UsageKey, is_ours
from mtd_learning.errors import N_, Unavailable

GROUP = "xblock.v1"


@XBlock.wants("i18n", "user", "settings", "replace_urls")
class LmsCompat(XBlockMixin):
    """Attributes that blocks written for a larger host take for granted."""

    due = start = format = graceperiod = None
    graded = False
    show_correctness = "always"
    self_paced = True
    group_access: Mapping[str, Any] = {}
    visible_to_staff_only = False

    @property
    def _field_data(self) -> Any:
        """Return the fields' store without asking the service registry for each read."""
        return self.runtime.fields

    @property
    def location(self) -> UsageKey:
        """Return the block's key."""
        return self.scope_ids.usage_id

    @property
    def course_id(self) -> str:
        """Return the course's key."""
        return str(self.scope_ids.usage_id.course_key)

    @property
    def category(self) -> str:
        """Return the block's type."""
        return self.scope_ids.block_type

    @property
    def url_name(self) -> str:
        """Return the block's id within its unit."""
        return str(self.scope_ids.usage_id.block_id)

    @property
    def xmodule_runtime(self) -> Any:
        """Return the runtime, under its old name."""
        return self.runtime


class Host:
    """The block types of this process; classes are found once and kept."""

    def __init__(
        self,
        types: Sequence[str] = (),
        *,
        settings: Mapping[str, Any] | None = None,
        django: Mapping[str, Any] | None = None,
        strict: bool = False,
    ) -> None:
        """Allow foreign `types`; `type@package` pins one that two installed packages bring."""
        named = [name.lower().partition("@") for name in types]
        self.types = tuple(name for name, _, _ in named)
        self.pins = {name: package for name, _, package in named if package}
        self.settings = dict(settings or {})
        self.django = dict(django or {})
        self.strict = strict
        self._points = _points()
        self._classes: dict[str, type[XBlock]] = {}
        self.mixologist = Mixologist((LmsCompat,))
        self._folders: list[str] | None = None
        self._speaks_django = False

    def start(self) -> "Host":
        """Import every allowed type and ours; refuse with a sentence that names a broken one."""
        ours = sorted(name for name in self._points if is_ours(name))
        for name in (*ours, *self.types):
            self._import(name)
        return self

    def speak(self, language: str) -> None:
        """Let the templates of strangers speak the learner's language for this request."""
        if self._speaks_django:
            compat_django.activate(language)

    def is_allowed(self, block_type: str) -> bool:
        """Return whether blocks of this type may be shown here."""
        return is_ours(block_type) or block_type.lower() in self.types

    def block_class(self, block_type: str) -> type[XBlock]:
        """Return the class of a type, with what our host adds to every block."""
        found = self._classes.get(block_type)
        return found if found is not None else self._import(block_type)

    def says_when_done(self, block_type: str) -> bool:
        """Return whether blocks of this type can be had here and say that they are done: they
        grade, or they complete themselves. One may wait for no others."""
        try:
            found = self.block_class(block_type)
        except Unavailable:
            return False
        says = getattr(found, "has_score", False) or getattr(found, "has_custom_completion", False)
        mode = XBlockCompletionMode.get_mode(found)
        return bool(says) and mode == XBlockCompletionMode.COMPLETABLE

    def version_of(self, block_type: str) -> str:
        """Return the version of the distribution that brings a type; it is part of addresses."""
        point = self._select(block_type)
        return point.dist.version if point.dist else "0"

    def render_template(self, name: str, values: Mapping[str, Any]) -> str:
        """Return a foreign block's template, filled by Django: they are written for it."""
        if not compat_django.is_installed():
            raise Unavailable(_NEEDS_DJANGO, type=name)
        if self._folders is None:
            plain = (self.block_class(kind).unmixed_class for kind in self.types)
            self._folders = [str(Path(getfile(one)).parent / "templates") for one in plain]
        return compat_django.render_template(self._folders, name, values)

    def _import(self, block_type: str) -> type[XBlock]:
        if not self.is_allowed(block_type):
            raise Unavailable(_NOT_ALLOWED, type=block_type)
        if not is_ours(block_type):
            self._prepare_django()
        try:
            point = self._select(block_type)
            plain = point.load()
        except ImportError as error:
            raise self._not_importable(block_type, error) from error
        except Unavailable:
            raise
        except Exception as error:
            raise Unavailable(_BROKEN, type=block_type, why=str(error)) from error
        plain.plugin_name = point.name
        mixed: type[XBlock] = self.mixologist.mix(plain)
        mixed.__module__ = plain.__module__  # files of a block are looked for beside its module
        # XBlock works them out at the first look, and shows None to whoever looks meanwhile.
        _ = mixed.fields, mixed._combined_services
        self._classes[block_type] = mixed
        return mixed

    def _prepare_django(self) -> None:
        """Give Django its settings before a stranger's module is read that may ask for them."""
        if not self._speaks_django and compat_django.is_installed():
            compat_django.configure(self.django)
            self._speaks_django = True

    def _not_importable(self, block_type: str, error: ImportError) -> Unavailable:
        if "django" in _missing(error) and not compat_django.is_installed():
            return Unavailable(_NEEDS_DJANGO, type=block_type)
        return Unavailable(_BROKEN, type=block_type, why=str(error))

    def _select(self, block_type: str) -> EntryPoint:
        name = block_type.lower()
        offered = self._points.get(name, [])
        pin = self.pins.get(name)
        if pin:
            offered = [one for one in offered if one.dist and one.dist.name.lower() == pin]
        plain = [one for one in offered if one.group == GROUP]
        chosen = [one for one in offered if one.group != GROUP] or plain
        if not plain:
            raise Unavailable(_MISSING, type=block_type)
        if len(plain) > 1 or len(chosen) > 1:
            # Only names are read here: nothing is imported to find out that it is too many.
            names = sorted({one.dist.name if one.dist else one.value for one in offered})
            raise Unavailable(_TWICE, type=block_type, names=", ".join(names))
        return chosen[0]


def _missing(error: BaseException | None) -> set[str]:
    """Return the packages that were missed on the way: many blocks try a second place, and
    only the first failure names what is really needed."""
    found = set()
    while error is not None:
        if isinstance(error, ImportError):
            found.add((error.name or "").partition(".")[0])
        error = error.__cause__ or error.__context__
    return found


_NOT_ALLOWED = N_("The block type %(type)s is not on the list of allowed types.")
_MISSING = N_(
    "No installed package brings the block type %(type)s. Install the package that does, "
    "or take the type off the list of allowed types."
)
_TWICE = N_(
    "More than one installed package brings the block type %(type)s: %(names)s. "
    "Uninstall one, or pin the type to the package you mean."
)
_BROKEN = N_("The block type %(type)s cannot be loaded: %(why)s")
_NEEDS_DJANGO = N_(
    "The block type %(type)s needs Django, which is not installed. "
    "Install mtd-learning with the extra blocks-django."
)


def _points() -> dict[str, list[EntryPoint]]:
    """Return every installed block by its name, read once."""
    found: dict[str, list[EntryPoint]] = {}
    for group in (f"{GROUP}.overrides", GROUP):
        for point in entry_points(group=group):
            found.setdefault(point.name.lower(), []).append(point)
    return found
