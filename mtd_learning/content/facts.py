"""A country's numbers and duties, in the reader's language, with the day they were checked."""

import html
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from mtd_learning import ages
from mtd_learning.content.course import COURSE, Source
from mtd_learning.content.memory import Memory
from mtd_learning.content.overlay import Resolved
from mtd_learning.content.segments import FACT
from mtd_learning.content.variant import language_of
from mtd_learning.errors import N_

Translate = Callable[[str, str], str]
"""Returns a sentence of ours in a language."""

EMERGENCY, EU_EMERGENCY = "emergency", "112"

NOT_FILLED = N_("not yet filled in for this country; your coordinator knows. In danger call 112")
ASK = N_("not yet filled in for this country; ask your coordinator")
NOT_WRITTEN = N_("Not written here yet. Ask your coordinator for it and keep it in your phone.")
NO_COUNTRY = N_("this depends on your country; choose your country to see it")
CHOOSE_COUNTRY = "/help-now"
DUTIES: Mapping[str, str] = {
    "yes_everyone": N_("Yes. By law everyone must report, and so must you."),
    "yes_everyone_for_serious_danger": N_(
        "Yes, when a child is in serious danger: then by law everyone must report."
    ),
    "yes_everyone_for_listed_crimes": N_(
        "Yes, for certain crimes against a child: those by law everyone must report."
    ),
    "yes_everyone_for_child_sexual_abuse": N_(
        "Yes, for sexual abuse of a child: that by law everyone must report."
    ),
    "yes_everyone_where_child_is_victim": N_(
        "Yes, when a child is the victim of a crime: that by law everyone must report."
    ),
    "conditional": N_("It depends on your role. Ask your coordinator what the law asks of you."),
    "no_personal_duty": N_(
        "No, the law does not oblige you personally. You may always report, "
        "and you always tell your coordinator."
    ),
    "no_personal_duty_by_default": N_(
        "Usually not, unless you act for a body that must report. You may always report, "
        "and you always tell your coordinator."
    ),
    "no_specific_reporting_duty": N_(
        "There is no special duty to report, but everyone must help a person in grave danger. "
        "You always tell your coordinator."
    ),
}
_REMARK = r" \((?![0-9]{1,5}\))"  # " (17–22)", but not the brackets of "+44 (0)20 7946"
PHONE = re.compile(rf"[+0-9](?:(?!{_REMARK})[0-9 ()/.-]){{1,30}}")


class Fact(NamedTuple):
    """One number, duty or rule as a reader is shown it; `lang` is None where it has none, and
    `label_lang` where the label is in the variant's language."""

    name: str
    label: str
    type: str
    value: str
    lang: str | None
    href: str | None
    checked_on: date | None
    checked_by: str | None
    source: str | None
    missing: bool
    required: bool
    max_age_days: int
    layer: str | None = None
    label_lang: str | None = None
    owner: str = "country"

    def state(self, today: date) -> str:
        """Return "missing", "unchecked", "old", "aging" or "fresh"."""
        if self.missing:
            # A country, of which an edition speaks, has no part in what an organisation left empty.
            return "missing" if self.owner == "country" else "fresh"
        if self.layer is None:
            return "fresh"
        return ages.state(self.checked_on, self.checked_by, self.max_age_days, today)

    def as_data(self) -> dict[str, Any]:
        """Return what the manifest keeps of it."""
        other = {"label_lang": self.label_lang} if self.label_lang else {}
        if self.owner != "country":
            other["owner"] = self.owner
        return {
            **other,
            "label": self.label,
            "type": self.type,
            "value": self.value,
            "lang": self.lang,
            "href": self.href,
            "checked_on": self.checked_on.isoformat() if self.checked_on else None,
            "checked_by": self.checked_by,
            "max_age_days": self.max_age_days,
            "source": self.source,
            "missing": self.missing,
        }


def untranslated(sentence: str, language: str) -> str:
    """Return the sentence as it is: for callers without an interface language."""
    return sentence


def filled(resolved: Resolved, translate: Translate = untranslated) -> dict[str, Fact]:
    """Return every fact that the course declares, as the variant's packs fill it."""

    def work() -> dict[str, Fact]:
        declared = resolved.course.base.data["facts"]
        return {name: _fact(resolved, name, one, translate) for name, one in declared.items()}

    return _filled.of((*resolved.inputs(COURSE), translate), work)


_filled: Memory[dict[str, Fact]] = Memory(500)


def in_html(text: str, facts: Mapping[str, Fact], language: str) -> str:
    """Return clean HTML with its facts filled in; an unknown name stays visible."""
    return FACT.sub(lambda found: _as_html(facts.get(found[1]), found[1], language), text)


def in_plain(text: str, facts: Mapping[str, Fact]) -> str:
    """Return plain text with its facts filled in."""
    return FACT.sub(lambda found: facts[found[1]].value if found[1] in facts else found[0], text)


def _fact(resolved: Resolved, name: str, declared: Mapping[str, Any], translate: Translate) -> Fact:
    language, kind = resolved.variant.language, declared["type"]
    owner = declared["owner"]
    layer, spoken_in, entry = _entry(resolved, name)
    if entry:
        value, lang = entry["value"], spoken_in
        if kind == "duty":
            value, lang = translate(DUTIES.get(value, value), language), None
    elif name == EMERGENCY and kind == "phone":
        value, lang = EU_EMERGENCY, None
    elif owner == "organisation":
        value, lang = translate(NOT_WRITTEN, language), None
    else:
        # Where a number for help should stand, the reader must still have one.
        urgent = kind == "phone" or declared["required"]
        sentence = (NOT_FILLED if urgent else ASK) if resolved.variant.country else NO_COUNTRY
        value, lang = translate(sentence, language), None
    label = resolved.text("course", f"_/facts/{name}")
    works_everywhere = name == EMERGENCY and resolved.variant.country is None
    return Fact(
        name=name,
        label=label.words,
        type=kind,
        value=value,
        lang=lang,
        href=_way_to(resolved, name, declared, value, entry),
        checked_on=entry.get("checked_on"),
        checked_by=entry.get("checked_by"),
        source=entry.get("source"),
        missing=not entry and not works_everywhere,
        required=declared["required"],
        max_age_days=declared["max_age_days"],
        layer=layer,
        label_lang=None if label.language == language else label.language,
        owner=owner,
    )


def _entry(resolved: Resolved, name: str) -> tuple[str | None, str | None, Mapping[str, Any]]:
    """Return layer, language and entry: the nearest pack that speaks the reader's language,
    else the nearest pack that says anything."""
    said = [
        (pack.id, language_of(pack.course.data["text_locale"]), _values(pack.course, name))
        for pack in reversed(resolved.chain)
        if pack.course is not None
    ]
    for pack_id, _, values in said:
        for key in (resolved.variant.language, "*"):
            if key in values:
                return pack_id, None if key == "*" else key, values[key]
    for pack_id, main, values in said:
        for key in (main, *values):
            if key in values:
                return pack_id, key, values[key]
    return None, None, {}


def _values(source: Source, name: str) -> dict[str, Mapping[str, Any]]:
    entries = source.data["facts"].get(name, {})
    return {language: entry for language, entry in entries.items() if entry.get("value")}


def _way_to(
    resolved: Resolved, name: str, declared: Mapping[str, Any], value: str, entry: Mapping[str, Any]
) -> str | None:
    if entry or name == EMERGENCY:
        return _href(declared["type"], value, entry)
    waits = declared["owner"] == "country" and resolved.variant.country is None
    return CHOOSE_COUNTRY if waits else None


def _href(kind: str, value: str, entry: Mapping[str, Any]) -> str | None:
    if kind == "phone":
        found = PHONE.match(value)
        digits = re.sub(r"[^+0-9]", "", found[0]) if found else ""
        return f"tel:{digits}" if digits else None
    link = value if kind == "url" else entry.get("source") if kind == "law" else None
    return link if link and link.startswith(("https://", "http://")) else None


def _as_html(fact: Fact | None, name: str, language: str) -> str:
    if fact is None:
        return f"[{name}?]"
    mark = f' lang="{fact.lang}"' if fact.lang and fact.lang != language else ""
    words = html.escape(fact.value)
    if fact.href:
        # What stands behind a number, such as its hours, is read and not part of the link.
        number = PHONE.match(fact.value) if fact.type == "phone" else None
        linked = html.escape(number[0].rstrip(" (/.-")) if number else words
        shown = f'<a href="{html.escape(fact.href)}">{linked}</a>{words[len(linked) :]}'
        shown = f"<span{mark}>{shown}</span>" if mark else shown
    else:
        shown = f"<span{mark}>{words}</span>" if mark else words
    if fact.missing and fact.value != EU_EMERGENCY:
        shown = f"({shown})"
    return f'<span class="fact-missing">{shown}</span>' if fact.missing else shown
