"""The machine that shows and answers the blocks of one unit for one person."""

import functools
import gettext
import html
import json
import logging
import math
from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup
from web_fragments.fragment import Fragment
from xblock.core import XBlock
from xblock.exceptions import NoSuchServiceError, NoSuchUsage, NoSuchViewError
from xblock.fields import ScopeIds
from xblock.runtime import Runtime

from mtd_learning.blocks import services
from mtd_learning.blocks.addresses import Addresses
from mtd_learning.blocks.block import HIDDEN
from mtd_learning.blocks.blockset import BlockSet
from mtd_learning.blocks.host import Host
from mtd_learning.blocks.services import Learner, Words
from mtd_learning.blocks.state import State, UnitFieldData
from mtd_learning.blocks.tree import KeyReader, Unit, UsageKey, is_ours
from mtd_learning.errors import N_, Forbidden, Invalid, MtdError, Unavailable

log = logging.getLogger(__name__)

PAPER_VIEW = "paper_view"

Ear = Callable[[XBlock, str, dict[str, Any]], None]
"""Hears what blocks publish: the block, "grade" or "completion" or a free name, and the values."""


_NOBODY = Learner()


class MtdRuntime(Runtime):
    """One unit and one person; made anew for each request, in a few microseconds."""

    # A plain attribute hides the property of the base class, which warns at each use.
    user_id: Any = None
    anonymous_student_id = ""
    user_is_staff = False
    hostname = ""
    seed = 0
    DEBUG = False
    resources_fs = None
    id_reader: Any = KeyReader()
    id_generator: Any = None

    def __init__(
        self,
        host: Host,
        unit: Unit,
        state: State,
        *,
        learner: Learner = _NOBODY,
        ear: Ear | None = None,
        words: Words | None = None,
        services: Mapping[str, Any] | None = None,
        addresses: Addresses | None = None,
        let_through: tuple[type[Exception], ...] = (),
    ) -> None:
        """Serve `unit` to `learner`; `services` are named objects or callables of no argument.

        Refusals, and errors that the house names in `let_through`, are its own to tell.
        """
        # The base constructor builds a mixologist and a catalogue each time; we share ours.
        self.host = host
        self.mixologist = host.mixologist
        self.unit = unit
        self.state = state
        self.fields = UnitFieldData(unit, state)
        self.learner = learner
        self.user_id = learner.user_id
        self.ear = ear
        self.words: Words = words or _NO_WORDS
        self.addresses: Addresses = addresses or _PLAIN
        self._let_through: tuple[type[Exception], ...] = (MtdError, *let_through)
        self._services: dict[str, Any] = dict(services or {})
        self._view_name: str | None = None
        self.anonymous_student_id = learner.anonymous_id if unit.foreign_types else ""
        self.user_is_staff = learner.is_staff

    @property
    def course_id(self) -> str:
        """Return the key of the course that is shown."""
        return self.unit.root.course_key

    def get_block(self, usage_id: Any, for_parent: XBlock | None = None) -> XBlock:
        """Return a block of the unit, ready to be shown or answered."""
        node = self.unit.nodes.get(usage_id)
        if node is None:
            raise NoSuchUsage(repr(usage_id))
        ids = ScopeIds(self.user_id, node.type, node.key, node.key)
        return self.host.block_class(node.type)(runtime=self, scope_ids=ids, for_parent=for_parent)

    def load_block_type(self, block_type: str) -> type[XBlock]:
        """Return the class of an allowed type."""
        return self.host.block_class(block_type)

    def render(self, block: XBlock, view_name: str, context: Any = None) -> Fragment:
        """Return a block's view; a block that breaks leaves a sentence, not a broken page.

        What our own blocks are refused, by us or by the database, is no fault of the block.
        """
        before, self._view_name = self._view_name, view_name
        try:
            return self._view(block, view_name, {} if context is None else context)
        except Exception as error:
            ours = is_ours(block.scope_ids.block_type)
            if self.host.strict or (ours and isinstance(error, self._let_through)):
                raise
            log.exception("Block %s could not be shown", block.scope_ids.usage_id)
            return self._broken(block)
        finally:
            self._view_name = before

    def render_children(
        self, block: XBlock, view_name: str | None = None, context: Any = None
    ) -> list[Fragment]:
        """Return the views of all children; one that cannot be made leaves a sentence."""
        return [self._child(key, block, view_name, context) for key in block.children]

    def with_hidden_fields(self, html: str) -> Markup:
        """Return the views of a unit with the hidden fields that the house wants in each form."""
        forms = self._services.get("forms")
        return Markup(html.replace(HIDDEN, forms.hidden_fields() if forms else ""))

    def applicable_aside_types(self, block: XBlock) -> list[str]:
        """Return none: the stock look-up reads every installed package for each block."""
        return []

    def service(self, block: XBlock, service_name: str) -> Any:
        """Return a service by its name; None when a block merely wanted it."""
        declared = block.service_declaration(service_name)
        if declared is None:
            raise NoSuchServiceError(f"Service {service_name!r} was not requested.")
        if service_name in self._services:
            found = self._services[service_name]
        else:
            maker = _MAKERS.get(service_name)
            found = maker(self, block) if maker else None
        if found is None and declared == "need":
            raise NoSuchServiceError(f"Service {service_name!r} is not available.")
        return found

    def handler_url(
        self,
        block: XBlock,
        handler_name: str,
        suffix: str = "",
        query: str = "",
        thirdparty: bool = False,
    ) -> str:
        """Return the address of a handler of the block."""
        handler = getattr(type(block), handler_name, None)
        if not getattr(handler, "_is_xblock_handler", False):
            raise ValueError(f"{handler_name!r} is not a handler of {block.scope_ids.block_type}")
        return self.addresses.handler(
            block.scope_ids.usage_id, handler_name, suffix, query, open_to_all=thirdparty
        )

    def local_resource_url(self, block: XBlock, uri: str) -> str:
        """Return the address of a file in the block's own package."""
        kind = block.scope_ids.block_type
        return self.addresses.resource(kind, self.host.version_of(kind), uri)

    def resource_url(self, resource: str) -> str:
        """Return the address of a library that the machine keeps for older blocks."""
        return self.addresses.shared(resource)

    def publish(self, block: XBlock, event_type: str, event_data: Mapping[str, Any]) -> None:
        """Tell the ear what a block says about itself, with its numbers checked."""
        said = dict(event_data or {})
        if event_type == "grade":
            said = _checked_grade(said)
        elif event_type == "completion":
            said = {**said, "completion": _within(said.get("completion"), 1.0)}
        elif event_type == "progress":
            event_type, said = "completion", {"completion": 1.0}
        about = said.get("user_id")
        if about is not None and not self.user_is_staff and not self._is_here(about):
            raise Forbidden(N_("A block may speak only about the person who uses it."))
        if self.ear is not None:
            self.ear(block, event_type, said)

    def render_template(self, template_name: str, **values: Any) -> str:
        """Return a foreign block's template, filled."""
        return self.host.render_template(template_name, values)

    def query(self, block: XBlock) -> BlockSet:
        """Return a set of blocks from which others can be reached."""
        return BlockSet(self, [block])

    def get_real_user(self, anonymous_id: str) -> None:
        """Return nobody: strangers' blocks do not learn who a learner is."""

    def get_user_role(self) -> str:
        """Return the learner's role."""
        return self.learner.role

    def wrap_xblock(self, block: XBlock, view: str, frag: Fragment, context: Any) -> Fragment:
        """Return the view inside the element that marks the block on a page."""
        kind, key = block.scope_ids.block_type, block.scope_ids.usage_id
        if not is_ours(kind) or frag.js_init_fn or frag.json_init_args is not None:
            return self._wrap_ele(block, view, frag, {"name": block.name} if block.name else {})
        # A shorter way for our own saves a tenth of the time that a unit takes. Their types, keys
        # and view names hold no character that would need escaping.
        frag.content = (
            f'<div class="xblock xblock-v1 xblock-v1-{view} {kind.replace("_", "-")}" '
            f'id="{key.html_id()}"{self._lang(key)} data-usage="{key}" '
            f'data-block-type="{kind}">{frag.content}</div>'
        )
        return frag

    def _wrap_ele(
        self, block: XBlock, view: str, frag: Fragment, extra_data: Mapping[str, Any] | None = None
    ) -> Fragment:
        """Return the fragment in its element, every attribute and the script's data escaped."""
        ids = block.scope_ids
        kind, key = ids.block_type, ids.usage_id
        data: dict[str, Any] = {"usage": key, "block-type": kind, **(extra_data or {})}
        if frag.js_init_fn or not is_ours(kind):
            data["usage-id"] = key
            data["handler-base"] = self.addresses.handler(key, "", "", "", open_to_all=False)
        if frag.js_init_fn:
            data["init"] = frag.js_init_fn
            data["runtime-version"] = frag.js_init_version
        attributes = "".join(
            f' data-{name}="{html.escape(str(value))}"' for name, value in data.items()
        )
        lang = self._lang(key)
        script = ""
        if frag.json_init_args is not None:
            script = (
                '<script type="json/xblock-args" class="xblock_json_init_args">'
                f"{safe_json(frag.json_init_args)}</script>"
            )
        classes = f"xblock xblock-v1 xblock-v1-{view} {kind.replace('_', '-')}"
        wrapped = Fragment(
            f'<div class="{html.escape(classes)}" id="{key.html_id()}"{lang}{attributes}>'
            f"{frag.content}{script}</div>"
        )
        wrapped.add_fragment_resources(frag)
        return wrapped

    def _lang(self, key: UsageKey) -> str:
        lang = self.unit.nodes[key].lang
        return f' lang="{html.escape(lang)}"' if lang and lang != self.unit.lang else ""

    def _view(self, block: XBlock, view_name: str, context: Any) -> Fragment:
        view = getattr(block, view_name, None)
        if view is None:
            fallback = getattr(block, "fallback_view", None)
            if fallback is None and view_name == PAPER_VIEW:
                return self._only_on_screen(block)
            if fallback is None:
                raise NoSuchViewError(block, view_name)
            view = functools.partial(fallback, view_name)
        made = view(context)
        block.save()
        shown = self.wrap_xblock(block, view_name, made, context)
        key = block.scope_ids.usage_id
        alike = is_ours(key.block_type) and block.same_for_all and not shown.resources
        if alike and self._is_untouched(key):
            # A unit's content never changes under its hash, so this needs no forgetting.
            self.unit.shown[str(key), view_name, self.learner.language] = shown.content
        return shown

    def _child(
        self, key: UsageKey, parent: XBlock, view_name: str | None, context: Any
    ) -> Fragment:
        view = view_name or self._view_name or "student_view"
        place = (str(key), view, self.learner.language)
        if place in self.unit.shown and self._is_untouched(key):
            return Fragment(self.unit.shown[place])
        try:
            block = self.get_block(key, for_parent=parent)
        except Exception as error:
            if self.host.strict:
                raise
            # That a type or key cannot be had here is no fault of code: the sentence says it all.
            trace = not isinstance(error, (Unavailable, NoSuchUsage))
            log.error("Block %s could not be made: %s", key, error, exc_info=trace)
            return Fragment(self._sorry())
        return self.render(block, view, context)

    def _is_here(self, about: Any) -> bool:
        """Return whether this is the learner; a stranger's block may know only the name for it."""
        return about in (self.user_id, self.learner.anonymous_id)

    def _is_untouched(self, key: UsageKey) -> bool:
        return not self.state.get(self.learner.user_id, str(key))

    def _broken(self, block: XBlock) -> Fragment:
        """Return a sentence in the place of a block; what it half wrote is forgotten."""
        block._clear_dirty_fields()
        return Fragment(f'<div id="{block.scope_ids.usage_id.html_id()}">{self._sorry()}</div>')

    def _only_on_screen(self, block: XBlock) -> Fragment:
        said = self.words.gettext("This part works on screen only.")
        return self.wrap_xblock(block, PAPER_VIEW, Fragment(f"<p>{html.escape(said)}</p>"), {})

    def _sorry(self) -> str:
        said = self.words.gettext("This part cannot be shown just now. The rest of the page works.")
        return f'<div class="note broken"><p>{html.escape(said)}</p></div>'


def safe_json(value: Any) -> str:
    """Return JSON that may stand inside a script element."""
    text = json.dumps(value)
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def _checked_grade(said: dict[str, Any]) -> dict[str, Any]:
    most = said.get("max_value", 1)
    if most is None:
        most = 1
    best = _within(most, math.inf)
    return {**said, "value": _within(said.get("value"), best), "max_value": best}


def _within(value: Any, most: float) -> float:
    """Return the number between nought and `most`; anything else than a number is refused."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise Invalid(N_("A block published a grade or completion that is not a number."))
    return min(max(float(value), 0.0), most)


_NO_WORDS = gettext.NullTranslations()
_PLAIN = Addresses()
_MAKERS: dict[str, Callable[[MtdRuntime, XBlock], Any]] = {
    "field-data": lambda runtime, block: runtime.fields,
    "i18n": lambda runtime, block: services.i18n_of(block, runtime.words, runtime.learner.language),
    "user": lambda runtime, block: services.UserService(runtime.learner),
    "settings": lambda runtime, block: services.SettingsService(runtime.host.settings),
    "replace_urls": lambda runtime, block: services.ReplaceUrls(
        runtime._services.get("media"), block
    ),
    "completion": lambda runtime, block: services.Completion(),
    "sandbox": lambda runtime, block: services.Sandbox(),
    "cache": lambda runtime, block: services.MemoryCache(),
    "request_cache": lambda runtime, block: services.MemoryCache(),
}
