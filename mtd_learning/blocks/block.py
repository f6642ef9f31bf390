"""What all our blocks share: their fields, their templates, how they read a post and go back."""

import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache, wraps
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import jinja2
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup
from web_fragments.fragment import Fragment
from webob import Request, Response
from xblock.completable import CompletableXBlockMixin
from xblock.core import XBlock
from xblock.exceptions import JsonHandlerError
from xblock.fields import JSONField, Scope

from mtd_learning.blocks.icons import ICONS
from mtd_learning.blocks.services import interface

T = TypeVar("T")


class Fixed(JSONField):
    """A JSON value that a block replaces but never changes in place: it is read without a copy."""

    MUTABLE = False

    def __get__(self, xblock: XBlock | None, xblock_class: type[XBlock]) -> Any:
        """Return the value; unlike the base class this asks the store once, not twice."""
        if xblock is None:
            return self
        kept = xblock._field_data_cache
        name = self.__name__
        if name in kept:
            return kept[name]
        try:
            value = xblock._field_data.get(xblock, name)
        except KeyError:
            value = None
        if value is None:
            value = self._get_default_value_to_cache(xblock)
        kept[name] = value
        return value

    def from_json(self, value: Any) -> Any:
        """Return the value as it is stored."""
        return value

    def to_json(self, value: Any) -> Any:
        """Return the value as it will be stored."""
        return value

    enforce_type = from_json

    def _mark_dirty(self, xblock: XBlock, value: Any) -> None:
        """Note that a new value was set; what is never changed in place needs no copy."""
        xblock._dirty_fields.setdefault(self, value)


class Plain(Fixed):
    """Words; in XML they are written without quotes."""

    def from_string(self, serialized: str) -> str:
        """Return the words."""
        return serialized

    def to_string(self, value: Any) -> str:
        """Return the words."""
        return "" if value is None else str(value)


MOST_BYTES = 256_000
# `pages` puts the fields in, so that a view can be kept for others. No one else can write this:
# authors' Markdown keeps no comments, and learners' words are escaped.
HIDDEN = Markup("<!--hidden-->")
_LINK = re.compile(r"</?a\b[^>]*>")


class Posted:
    """What came in with a POST: form fields, or a JSON document."""

    def __init__(self, request: Request) -> None:
        self.is_json = request.content_type == "application/json"
        # A form that our script sends while its page stays open wants no page back.
        self.wants_json = self.is_json or "application/json" in request.headers.get("Accept", "")
        self.referer = request.referer
        self.data: Mapping[str, Any] = {}
        self.fields: dict[str, list[str]] = {}
        if (request.content_length or 0) > MOST_BYTES:
            raise JsonHandlerError(413, "This is more than a block takes.")
        if self.is_json:
            self.data = _document(request)
        else:
            self.fields = _fields(request)

    def text(self, name: str, most: int = 200) -> str:
        """Return one value as text, no longer than `most`."""
        if self.is_json:
            value = self.data.get(name, "")
            return str(value)[:most] if isinstance(value, (str, int)) else ""
        return (self.fields.get(name) or [""])[0][:most]

    def whole(self, name: str) -> int:
        """Return one value as a whole number, -1 when it is none."""
        text = self.text(name, 9)
        return int(text) if text.isascii() and text.isdigit() else -1

    def many(self, name: str) -> list[str]:
        """Return all values of a name."""
        if not self.is_json:
            return self.fields.get(name, [])
        values = self.data.get(name, ())
        return [str(one) for one in values] if isinstance(values, (list, tuple)) else []


@XBlock.needs("i18n")
@XBlock.wants("forms", "media", "clock")
class MtdBlock(CompletableXBlockMixin, XBlock):
    """A block of this house."""

    has_form = False
    has_score = False
    same_for_all: Any = False
    """Whether a learner for whom nothing is stored here sees what all such learners see; such
    views are made once."""

    lang = Plain(scope=Scope.settings, default="", help="Language of the words")
    required = Fixed(scope=Scope.settings, default=False, help="Must be done for the unit")

    @property
    def html_id(self) -> str:
        """Return the id of the block's element; others on the page begin with it."""
        key = self.scope_ids.usage_id
        made = getattr(key, "html_id", None)
        return str(made()) if made else "b-" + re.sub(r"[^\w-]", "-", str(key))

    @property
    def begun(self) -> bool:
        """Return whether the learner has done anything here."""
        return False

    def show(self, template: str, **values: Any) -> Fragment:
        """Return a template of ours, filled, as a fragment."""
        words = self.runtime.service(self, "i18n")
        made = Fragment(
            template_of(template).render(
                values, block=self, id=self.html_id, **interface(words, self.lang)
            )
        )
        if self.has_form and self.runtime.service(self, "forms") is None:
            # Another host guards its forms by a cookie; this script carries it over.
            made.add_javascript_url(self.runtime.local_resource_url(self, "public/cookie-token.js"))
        return made

    def action(self, handler: str = "submit") -> str:
        """Return the address to which a form of this block is posted."""
        return str(self.runtime.handler_url(self, handler))

    def hidden(self) -> Markup:
        """Return the place of the hidden fields that the house wants in every form."""
        return HIDDEN if self.runtime.service(self, "forms") else Markup("")

    def reply(self, posted: Posted, said: Any, anchor: str | None = None) -> Response:
        """Return `said` to a script, or lead a form's reader back to the block: to its element, to
        that of another `anchor`, or with an empty one to the top of the page."""
        if posted.wants_json:
            return Response(json.dumps(said), content_type="application/json", charset="utf-8")
        forms = self.runtime.service(self, "forms")
        place = (forms.back(self) if forms else posted.referer) or "/"
        base = place.partition("#")[0]
        anchor = self.html_id if anchor is None else anchor
        return Response(status=303, location=f"{base}#{anchor}" if anchor else base)

    def media(self, file: str) -> str:
        """Return the address of a file of the course."""
        media = self.runtime.service(self, "media")
        return str(media.url(self, file)) if media else file

    def now(self) -> str:
        """Return this moment in UTC."""
        clock = self.runtime.service(self, "clock")
        return str(clock.now()) if clock else datetime.now(UTC).isoformat(timespec="seconds")

    def time_of_day(self, moment: str) -> str:
        """Return a stored moment as hours and minutes."""
        clock = self.runtime.service(self, "clock")
        return str(clock.time_of_day(moment)) if clock else moment[11:16]

    def done(self, share: float = 1.0) -> None:
        """Tell how much of the block is done."""
        self.emit_completion(share)


@lru_cache(maxsize=256)
def template_of(name: str) -> jinja2.Template:
    """Return one of our templates, compiled once."""
    found = ENVIRONMENT.get_template(name)
    # A chain of mappings would be copied, slowly, at each use; a plain one is copied fast.
    found.globals = dict(found.globals)
    return found


def posting(method: Callable[[Any, Posted], Response]) -> Callable[..., Response]:
    """Make a handler of a method that takes what was posted; other requests are refused."""

    @XBlock.handler
    @wraps(method)
    def handler(self: Any, request: Request, suffix: str = "") -> Response:
        if request.method != "POST":
            return Response(status=405, headers={"Allow": "POST"})
        try:
            return method(self, Posted(request))
        except JsonHandlerError as error:
            return error.get_response()

    return handler


@lru_cache(maxsize=4096)
def inline(html: str | None) -> Markup:
    """Return HTML that may stand in a line: a single paragraph without its element."""
    text = (html or "").strip()
    if text.startswith("<p>") and text.endswith("</p>"):
        text = text[3:-4]
        text = re.sub(r"</p>\s*<p>", "<br>", text)
    return Markup(text)


@lru_cache(maxsize=4096)
def label(html: str | None) -> Markup:
    """Return HTML for a label: in a line, and without links, which a label must not hold."""
    return Markup(_LINK.sub("", inline(html)))


@lru_cache(maxsize=4096)
def is_inline(html: str | None) -> bool:
    """Return whether HTML holds nothing but words in a line."""
    return not re.search(r"<(p|ul|ol|h\d|blockquote|table|pre|div)\b", inline(html))


def remembered(make: Callable[[Any], T], raw: Any) -> T:
    """Return what `make` makes of frozen content, made once as long as the content is kept."""
    if type(raw) is not MappingProxyType:
        return make(raw)
    found = _MADE.get((make, id(raw)))
    # The content itself is kept beside what was made of it, so its id cannot be another's.
    if found is None or found[0] is not raw:
        if len(_MADE) > _MOST_MADE:
            _MADE.clear()
        found = _MADE[(make, id(raw))] = (raw, make(raw))
    made: T = found[1]
    return made


def _document(request: Request) -> Mapping[str, Any]:
    try:
        found = json.loads(request.body, parse_constant=_finite, parse_float=_finite)
        data = _storable(found)
    except (ValueError, RecursionError):
        raise JsonHandlerError(400, "This is not JSON.") from None
    if not isinstance(data, dict):
        raise JsonHandlerError(400, "A JSON object is expected.")
    return data


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _storable(value: Any) -> Any:
    """Return JSON without the characters that a database or UTF-8 cannot hold."""
    if isinstance(value, str):
        return value.encode("utf-8", "ignore").decode().replace("\x00", "")
    if isinstance(value, list):
        return [_storable(one) for one in value]
    if isinstance(value, dict):
        return {_storable(name): _storable(one) for name, one in value.items()}
    return value


def _fields(request: Request) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    try:
        for name, value in request.POST.items():
            if isinstance(value, str):
                found.setdefault(name, []).append(value.replace("\x00", ""))
    except (ValueError, DeprecationWarning):  # WebOb warns by an error of a charset it knows not
        raise JsonHandlerError(400, "The form could not be read.") from None
    return found


class PlainCalls(CodeGenerator):
    """Compiles calls of the translating functions as plain calls, which are much cheaper."""

    NAMES: frozenset[str] = frozenset(("_", "gettext", "ngettext"))

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        if not isinstance(node.node, nodes.Name) or node.node.name not in self.NAMES:
            return super().visit_Call(node, frame, forward_caller=forward_caller)
        self.visit(node.node, frame)
        self.write(f"({self.before_words(frame)}")
        given = [("", one) for one in node.args] + [("*", node.dyn_args)]
        given += [(f"{one.key}=", one.value) for one in node.kwargs] + [("**", node.dyn_kwargs)]
        for before, value in given:
            if value is not None:
                self.write(before)
                self.visit(value, frame)
                self.write(", ")
        return self.write(")")

    def before_words(self, frame: Frame) -> str:
        """Return the code of what goes before the first argument."""
        return ""


class _Environment(jinja2.Environment):
    code_generator_class = PlainCalls


_MOST_MADE = 4096
_MADE: dict[tuple[Any, int], tuple[Any, Any]] = {}

ENVIRONMENT = _Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    auto_reload=False,
    trim_blocks=True,
    lstrip_blocks=True,
)
ENVIRONMENT.globals["icons"] = ICONS
ENVIRONMENT.filters.update(inline=inline, label=label)
ENVIRONMENT.tests["inline"] = lambda html: is_inline(html)
