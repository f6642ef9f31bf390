"""A change back into its file: comments, order and quotes stay as they were."""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mtd_learning.content import events
from mtd_learning.content.course import QUIZZES, Catalogue, Course, Source
from mtd_learning.content.equivalence import Equivalents
from mtd_learning.content.insertion import insert
from mtd_learning.content.problems import did_you_mean
from mtd_learning.content.reader import read_files
from mtd_learning.content.segments import (
    Segment,
    fingerprint,
    header_slots,
    pack_segments,
    segments,
    slots,
    split,
)
from mtd_learning.errors import N_, Invalid, NotFound

Address = str


def change(text: bytes, address: Address, words: str) -> bytes:
    """Return the file with one text changed.

    `address` is the one of the segment (`notice/what/text`); in a pack it is the number of the
    change and the field (`changes/0/text`).
    """
    tree = _loaded(text)
    holder, key = _found(tree, address)
    holder[key] = _worded(words, holder[key])
    return _dumped(tree)


def stamp(
    catalogue: Catalogue, path: str, only: Iterable[Address] | None = None, *, renew: bool = True
) -> bytes:
    """Return a translation or pack whose `src` marks are those of today's source texts.

    With `renew=False` only what has no mark yet gets one; `only` names single addresses.
    """
    source, course = catalogue.files.get(path), _course_of(catalogue, path)
    if source is None or course is None:
        raise NotFound(N_("There is no readable file %(path)s."), path=path)
    chosen = None if only is None else set(only)
    tree = _loaded(source.text)
    changed = False
    for address, entry, now, current in marks(course, source, tree):
        had = entry.get("src")
        wanted = chosen is None or address in chosen
        if wanted and not current and (renew or not had):
            _set_mark(entry, now)
            changed = True
    return _dumped(tree) if changed else source.text


def stamped(files: Mapping[str, bytes], *, renew: bool = False) -> dict[str, bytes]:
    """Return the files that a stamping of all translations and packs changes."""
    catalogue = read_files(files)
    found = {}
    for path, source in catalogue.files.items():
        has_marks = source.kind in ("translation", "country-pack", "org-pack")
        if has_marks and _course_of(catalogue, path):
            text = stamp(catalogue, path, renew=renew)
            if text != files[path]:
                found[path] = text
    return found


def translate(
    text: bytes, said: Mapping[Address, tuple[str, str]], order: Iterable[Address]
) -> bytes:
    """Return a translation that says these words, each with the mark of its source.

    `said` has mark and words by address. What is new in the file stands where `order`, every
    address of the source, has it; no other line changes.
    """
    tree = _loaded(text)
    places = _places(tree)
    for address in places.keys() & said.keys():
        entry, key = places[address]
        mark, words = said[address]
        if fingerprint(entry[key]) != fingerprint(words):
            entry[key] = _worded(words, entry[key])
        _set_mark(entry, mark)
    if _opened(tree) or places.keys() & said.keys():
        text = _dumped(tree)
    if not tree.get("segments"):
        text += b"segments:\n"
    addresses = list(order)
    new = {at: _entry(at, *said[at]) for at in addresses if at in said and at not in places}
    return insert(text, new, addresses) if new else text


def equate(text: bytes, part: str, address: Address, now: str, was: Sequence[str]) -> bytes:
    """Return an equivalent.yaml with the entry of one text made or changed."""
    from ruamel.yaml.comments import CommentedMap, CommentedSeq
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString as Quoted

    tree = _loaded(text)
    units = tree["segments"] = tree["segments"] or CommentedMap()
    entries = units[part] = units.get(part) or CommentedMap()
    if address not in entries:
        entries[address] = CommentedMap(now="", was=CommentedSeq())
        entries[address].fa.set_flow_style()
    entries[address]["now"] = Quoted(now)
    listed = entries[address]["was"]
    if not set(listed) <= set(was):
        listed.clear()
    listed.extend(Quoted(mark) for mark in was if mark not in listed)
    return _dumped(tree)


def format_file(text: bytes) -> bytes:
    """Return the file in the house's form; a file that cannot be read stays as it is."""
    try:
        return _dumped(_loaded(text))
    except Invalid:
        return text


def _course_of(catalogue: Catalogue, path: str) -> Course | None:
    return catalogue.courses.get(path.split("/")[1]) if path.count("/") > 1 else None


def marks(course: Course, source: Source, tree: Any) -> Iterable[tuple[Address, Any, str, bool]]:
    """Return each place for a mark: its address, its holder, the mark of today, is it there."""
    top = source.path.startswith(QUIZZES)
    known = Equivalents.of(course, top)
    if source.kind != "translation":
        yield from _replacements(course, source, tree, known)
        return
    part, own = _own(course, source, top)
    for unit, entries in tree["segments"].items():
        for rest, entry in entries.items():
            segment = own.get(f"{unit}/{rest}")
            if segment is not None:
                current = known.is_current(part, segment, entry.get("src"))
                yield f"{unit}/{rest}", entry, segment.fingerprint, current


def _own(course: Course, source: Source, of_quizzes: bool) -> tuple[str, Mapping[str, Segment]]:
    """Return the texts that a translation translates."""
    parts = source.path.split("/")
    if parts[2] == "i18n":
        key = (QUIZZES if of_quizzes else "") + parts[-1].removesuffix(".yaml")
        return key, segments(course.parts[key]) if key in course.parts else {}
    pack = course.packs.get(parts[3])
    own = (pack.quizzes if of_quizzes else pack.course) if pack else None
    return "", pack_segments(own) if own is not None else {}


def _replacements(
    course: Course, source: Source, tree: Any, known: Equivalents
) -> Iterable[tuple[Address, Any, str, bool]]:
    beneath: dict[str, str] = {}
    prefix = QUIZZES if source.path.startswith(QUIZZES) else ""
    *parents, _ = course.lineage(str(source.data["id"]))
    for pack in parents:
        part = pack.part(prefix)
        if part is not None:
            beneath.update({at: s.fingerprint for at, s in pack_segments(part).items()})
    for change_made in tree.get("changes", ()):
        if change_made["op"] != "replace":
            continue
        at = str(change_made["at"])
        name, _, rest = at.partition(":")
        base = course.parts.get(prefix + name)
        segment = segments(base).get(rest) if base else None
        if at in beneath:
            yield at, change_made, beneath[at], change_made.get("src") == beneath[at]
        elif segment is not None:
            current = known.is_current(prefix + name, segment, change_made.get("src"))
            yield at, change_made, segment.fingerprint, current


def _found(tree: Any, address: Address) -> tuple[Any, Any]:
    places = _places(tree)
    if address not in places:
        step = did_you_mean(address, places)
        raise NotFound(
            N_("The file has no text at '%(address)s'. %(step)s"), address=address, step=step
        )
    return places[address]


def _places(tree: Any) -> dict[Address, tuple[Any, Any]]:
    """Return where each text of a file stands."""
    kind = tree.get("kind")
    if kind == "translation":
        return {
            f"{unit}/{rest}": (entry, "text")
            for unit, entries in tree.get("segments", {}).items()
            for rest, entry in entries.items()
        }
    if "changes" in tree:
        found = {}
        for number, made in enumerate(tree["changes"]):
            at = f"changes/{number}"
            found.update({f"{at}/{key}": (made, key) for key in ("text", "reason") if key in made})
            for what in ("unit", "block", "question"):
                if what in made:
                    found.update(_in_item(made[what], f"{at}/{what}"))
        return found
    found = {f"_/{rest}": (holder, key) for rest, holder, key, _ in header_slots(str(kind), tree)}
    for item in tree.get("units") or tree.get("questions") or ():
        found.update(_in_item(item, str(item["id"])))
    return found


def _in_item(item: Any, at: str) -> dict[Address, tuple[Any, Any]]:
    if "blocks" not in item:
        return {f"{at}/{rest}": (holder, key) for rest, holder, key, _ in slots(item)}
    found: dict[Address, tuple[Any, Any]] = {f"{at}/title": (item, "title")}
    for block in item["blocks"]:
        found.update(_in_item(block, f"{at}/{block['id']}"))
    return found


def _worded(words: str, before: Any) -> Any:
    """Return words in the style the text had, or the first style that can hold them."""
    from ruamel.yaml import scalarstring

    if "\n" in words.strip("\n") or isinstance(before, scalarstring.LiteralScalarString):
        return scalarstring.LiteralScalarString(words.strip("\n") + "\n")
    style = type(before)
    if style in (scalarstring.SingleQuotedScalarString, scalarstring.FoldedScalarString):
        return scalarstring.DoubleQuotedScalarString(words)
    plain = style is str and not events.build(f"- {words}\n".encode()).faults
    if plain and events.build(f"{{a: {words}}}".encode()).tree == {"a": words}:
        return words
    return scalarstring.DoubleQuotedScalarString(words)


def _opened(tree: Any) -> bool:
    """Write units in braces line by line, so that others can stand between; True if any were."""
    units = tree.get("segments", {})
    empty = [name for name, entries in units.items() if not entries]
    for name in empty:
        del units[name]
    braced = [one for one in (units, *units.values()) if units and one.fa.flow_style()]
    for one in braced:
        one.fa.set_block_style()
    if "segments" in tree and not units:
        del tree["segments"]
        return True
    return bool(empty or braced)


def _entry(address: Address, mark: str, words: str) -> str:
    from ruamel.yaml.comments import CommentedMap
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

    said = _worded(words, DoubleQuotedScalarString(""))
    entry = CommentedMap(src=DoubleQuotedScalarString(mark), text=said)
    if not isinstance(said, LiteralScalarString):
        entry.fa.set_flow_style()
    return _dumped({split(address)[1]: entry}).decode()


def _set_mark(entry: Any, mark: str) -> None:
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    quoted = DoubleQuotedScalarString(mark)
    if "src" in entry:
        entry["src"] = quoted
    else:
        position = list(entry).index("text") if "text" in entry else 0
        entry.insert(position, "src", quoted)


def _loaded(text: bytes) -> Any:
    """Refuse what the reader refuses before ruamel sees it; ruamel recurses."""
    faults = events.build(text).faults
    if faults:
        raise Invalid(N_("This file cannot be changed: %(sentence)s"), sentence=faults[0].sentence)
    from ruamel.yaml.error import MarkedYAMLError

    try:
        # Of the line ends of Windows, ruamel would leave a half behind each comment.
        return _round_trip().load(text.decode("utf-8-sig").replace("\r\n", "\n"))
    except MarkedYAMLError as error:  # it takes a little less than our reader does
        why = f"{error.problem}{error.problem_mark}"
        raise Invalid(N_("This file cannot be changed: %(sentence)s"), sentence=why) from None


def _dumped(tree: Any) -> bytes:
    stream = io.BytesIO()
    _round_trip().dump(tree, stream)
    written = stream.getvalue()
    if events.build(written).tree != _as_read(tree):
        raise Invalid(
            N_("This file cannot be changed: %(sentence)s"),
            sentence="written again it would say something else",
        )
    return written


def _as_read(tree: Any) -> Any:
    """Return what the reader makes of a tree, to which an empty value is a text without quotes."""
    if isinstance(tree, dict):
        return {key: _as_read(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_as_read(value) for value in tree]
    return None if type(tree) is str and tree in events.NULLS else tree


def _round_trip() -> Any:
    # Imported here because ruamel is slow to load and only needed to write.
    from ruamel.yaml import YAML
    from ruamel.yaml.emitter import Emitter
    from ruamel.yaml.nodes import ScalarNode
    from ruamel.yaml.resolver import VersionedResolver

    class AllStrings(VersionedResolver):
        """Takes every scalar for a text, as our reader does, so that none is written anew."""

        def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
            plain = kind is ScalarNode and implicit[0] and value != ""
            return super().resolve(kind, value, (False, True) if plain else implicit)

    class CommentsApart(Emitter):
        """Keeps the two spaces before a comment whose line has grown."""

        def write_comment(self, comment: Any, pre: bool = False) -> None:
            mark = comment.start_mark
            if not pre and mark.buffer.endswith("  ", 0, mark.pointer):
                mark.column = max(mark.column, self.column + 2)
            super().write_comment(comment, pre)

    yaml = YAML()
    yaml.Emitter = CommentsApart
    yaml.Resolver = AllStrings
    yaml.preserve_quotes = True
    yaml.width = 100_000
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml
