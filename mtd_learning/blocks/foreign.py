"""What authors gave to blocks of other packages, judged by the classes of those blocks."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from lxml import etree
from xblock.fields import (
    Boolean,
    DateTime,
    Dict,
    Field,
    Float,
    Integer,
    List,
    Scope,
    String,
    UserScope,
)

from mtd_learning.blocks import olx
from mtd_learning.blocks.host import Host
from mtd_learning.blocks.tree import is_ours, type_name
from mtd_learning.content import check as content
from mtd_learning.content.course import Catalogue, Course, Source
from mtd_learning.content.events import Path
from mtd_learning.content.problems import Problem, did_you_mean, short
from mtd_learning.content.structure import items
from mtd_learning.errors import Unavailable

# A fault, before it is told: where in the block, how bad, what, and the next step.
Fault = tuple[Path, str, str, str]

TAKES = {
    Boolean: "true or false",
    Integer: "a whole number, in figures",
    Float: "a number, in figures",
    String: "a text",
    List: "a list",
    Dict: "names, each with its value",
    DateTime: "a day, such as 2026-11-22",
}
CODES = {"error": "S140", "warning": "S141"}


def check(
    catalogue: Catalogue,
    today: date,
    types: Sequence[str],
    django: Mapping[str, Any] | None = None,
) -> list[Problem]:
    """Return every problem of every file, sorted; `types` are the foreign types allowed here,
    `django` what they need to be loaded."""
    host = partial(Host, types, django=django)
    return sorted((*content.check(catalogue, today), *_problems(catalogue, host)))


def _problems(catalogue: Catalogue, make_host: Callable[[], Host]) -> Iterator[Problem]:
    """Return what S140 and S141 have to say about the foreign blocks of all courses."""
    written = [
        (source, path, block)
        for course in catalogue.courses.values()
        for source in _files(course)
        for path, block in items(source)
        if block["type"] == "xblock"
    ]
    if not written:  # as in most courses: no package of a stranger is looked at
        return
    host = make_host()
    for source, path, block in written:
        for inside, severity, sentence, step in _faults(host, block):
            code = CODES[severity]
            yield source.problem((*path, *inside), severity, code, sentence, step)


def _files(course: Course) -> Iterator[Source]:
    yield from course.parts.values()
    for pack in course.packs.values():
        yield from pack.changing


def _faults(host: Host, block: Mapping[str, Any]) -> Iterator[Fault]:
    """Return what is wrong with one block.

    A type that cannot be had here is a warning: a folder is also checked on other machines.
    Neither such a block nor one that never says that it is done is waited for.
    """
    kind = block["block"]
    if is_ours(type_name(kind)):
        # As a stranger's it would get round the rules for the fields of ours.
        step = f"write 'type: {kind.removeprefix('mtd_')}'"
        yield ("block",), "error", f"'{kind}' is no block of another package", step
        return
    try:
        known = host.block_class(kind).fields
    except Unavailable as error:
        where, severity, sentence, step = _unavailable(host, kind, error)
        if block.get("required"):
            sentence += ": nobody can be asked to do it"
        yield where, severity, sentence, step
        known = None
    else:
        for name, value in block["fields"].items():
            yield from _of_field(kind, known, name, value)
        if block.get("required") and not host.says_when_done(kind):
            sentence = f"'{kind}' never says that it is done: nobody can be asked to do it"
            yield ("required",), "warning", sentence, "remove 'required'"
    if "olx" in block:
        yield from _of_xml(host, block, is_known=known is not None)


def _unavailable(host: Host, kind: str, error: Unavailable) -> Fault:
    if host.is_allowed(kind):
        sentence, step = f"'{kind}' cannot be checked here", str(error)
    else:
        sentence = f"'{kind}' is not among the block types that are allowed here"
        step = did_you_mean(kind, host.types) or "an operator names it in MTD_XBLOCK_TYPES"
    return ("block",), "warning", sentence, step


def _of_field(kind: str, known: Mapping[str, Field], name: str, value: Any) -> Iterator[Fault]:
    where = ("fields", name)
    for_authors = [one for one, field in known.items() if _is_for_authors(field)]
    if name in for_authors:
        if not _fits(known[name], value):
            sentence = f"'{short(str(value))}' does not fit the field '{name}' of '{kind}'"
            yield where, "error", sentence, _takes(known[name])
    elif name in known:
        sentence = f"the field '{name}' of '{kind}' is not for authors: the block fills it itself"
        yield where, "error", sentence, f"remove '{name}'"
    else:
        step = did_you_mean(name, for_authors) or f"remove '{short(name)}'"
        yield where, "error", f"'{kind}' has no field '{short(name)}'", step


def _of_xml(host: Host, block: Mapping[str, Any], *, is_known: bool) -> Iterator[Fault]:
    kind, where = block["block"], ("olx",)
    try:
        root = olx.read(block["olx"])
    except etree.XMLSyntaxError as error:
        sentence = f"the XML cannot be read: {error.msg.partition(', line')[0]}"
        yield where, "error", sentence, "close each tag, and put values in quotation marks"
        return
    ours = next((one.tag for one in root.iter("*") if is_ours(one.tag.lower())), None)
    if root.tag.lower() != kind.lower():
        step = f"begin it with '<{kind}', or write 'block: {short(root.tag)}'"
        yield where, "error", f"the XML is a '{short(root.tag)}', the block a '{kind}'", step
    elif ours is not None:
        # There it would get round the rules for its fields.
        step = "let it be a block of its own in the unit"
        yield where, "error", f"'{short(ours)}' cannot stand inside the XML of another block", step
    elif is_known:
        try:
            olx.parse(host, block["olx"], block["id"])
        except Unavailable as error:
            yield where, "warning", "a block in the XML cannot be checked here", str(error)
        except Exception as error:
            # Whatever a stranger's class objects to, its author is told.
            sentence = f"'{kind}' does not take this XML: {short(str(error))}"
            yield where, "error", sentence, "compare it with the documentation of the block"


def _is_for_authors(field: Field) -> bool:
    scope = field.scope
    return scope not in (Scope.children, Scope.parent) and scope.user is UserScope.NONE


def _fits(field: Field, value: Any) -> bool:
    if isinstance(field, Boolean):  # its class takes any other word for "false"
        return str(value).lower() in ("true", "false")
    try:
        field.from_json(value)
    except Exception:
        return False
    return True


def _takes(field: Field) -> str:
    for kind, words in TAKES.items():
        if isinstance(field, kind):
            return f"write {words}"
    return "compare it with the documentation of the block"
