"""A unit from its blocks: on screen, on paper, answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from markupsafe import Markup, escape
from web_fragments.fragment import FragmentResource
from webob import Request, Response

from mtd_learning.blocks.runtime import PAPER_VIEW, MtdRuntime
from mtd_learning.errors import N_, NotFound


@dataclass(frozen=True, slots=True)
class Page:
    """The blocks of a unit as HTML, and the files that the page needs for them."""

    html: Markup
    resources: tuple[FragmentResource, ...] = ()
    foreign: bool = False

    def at(self, placement: str) -> tuple[FragmentResource, ...]:
        """Return what belongs into the "head" or to the "foot" of the page."""
        return tuple(one for one in self.resources if one.placement == placement)


def lay_out(runtime: MtdRuntime, view: str = "student_view", **context: Any) -> Page:
    """Return the runtime's unit for the screen; what blocks wrote while being shown is flushed."""
    runtime.state.prefetch(runtime.unit.state_keys)
    _speak(runtime)
    made = runtime.get_block(runtime.unit.root).render(view, context)
    runtime.state.flush()
    foreign = any(runtime.host.is_allowed(kind) for kind in runtime.unit.foreign_types)
    resources = tuple(made.resources)
    if foreign:
        resources = (*_old_libraries(runtime), *resources)
    return Page(runtime.with_hidden_fields(made.content), resources, foreign)


def on_paper(runtime: MtdRuntime, *, on_screen: bool = False) -> Page:
    """Return the runtime's unit as it is printed: nothing to press, room to write.

    Read on a screen, a hard story stays closed until its reader opens it.
    """
    return lay_out(runtime, PAPER_VIEW, on_screen=on_screen)


def answer(
    runtime: MtdRuntime, key: str, handler: str, request: Request, suffix: str = ""
) -> Response:
    """Return a block's answer to a request; what it wrote is flushed. Refusals pass through."""
    if key not in runtime.unit.nodes:
        raise NotFound(N_("This part of the course does not exist any more."))
    runtime.state.prefetch(runtime.unit.state_keys)
    _speak(runtime)
    said = runtime.handle(runtime.get_block(key), handler, request, suffix)
    runtime.state.flush()
    return said


def resource_tags(resources: Sequence[FragmentResource], nonce: str = "") -> Markup:
    """Return the elements that load resources; addresses are escaped, texts carry the nonce."""
    return Markup("\n").join(_tag(one, nonce) for one in dict.fromkeys(resources))


def open_shared(path: str) -> bytes:
    """Return a file that `resource_url` leads to, or refuse."""
    parts = path.split("/")
    place = files(__package__).joinpath("public", *parts)
    if any(part in ("", ".", "..") for part in parts) or "\\" in path or not place.is_file():
        raise NotFound(N_("There is no such file."))
    return place.read_bytes()


def _speak(runtime: MtdRuntime) -> None:
    if runtime.unit.foreign_types:
        runtime.host.speak(runtime.learner.language)


def _tag(one: FragmentResource, nonce: str) -> Markup:
    mark = Markup(' nonce="{}"').format(nonce) if nonce else Markup("")
    if one.mimetype == "text/css" and one.kind == "url":
        return Markup('<link rel="stylesheet" href="{}">').format(one.data)
    if one.mimetype == "text/css":
        return Markup("<style{}>{}</style>").format(mark, Markup(one.data))
    if one.mimetype == "application/javascript" and one.kind == "url":
        return Markup('<script src="{}"{}></script>').format(one.data, mark)
    if one.mimetype == "application/javascript":
        return Markup("<script{}>{}</script>").format(mark, Markup(one.data))
    if one.mimetype == "text/html" and one.kind == "text":
        return Markup(one.data)
    return Markup("<!-- {} -->").format(escape(one.mimetype))


def _old_libraries(runtime: MtdRuntime) -> tuple[FragmentResource, ...]:
    """Return what older blocks expect to find on any page, and our browser runtime."""
    script = "application/javascript"
    return (
        *(
            FragmentResource("url", runtime.resource_url(f"js/vendor/{name}"), script, "head")
            for name in ("jquery.min.js", "jquery-migrate.min.js", "underscore-min.js")
        ),
        FragmentResource("url", runtime.resource_url("xblock.js"), script, "head"),
    )
