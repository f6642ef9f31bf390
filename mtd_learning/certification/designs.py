"""How a certificate looks on paper: its words, and the values that the template is given."""

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from mtd_learning.base.settings import is_only_here
from mtd_learning.certification import glyphs, rules
from mtd_learning.certification.models import Certificate
from mtd_learning.errors import N_

DESIGN = "plain"
VERSION = "plain/1"
MOST_OUTCOMES = 5
MOST_MODULES = 12
LONGEST_PART = 30  # letters of a word that are set in one piece

Translate = Callable[[str], str]

# The sentence that every certificate carries, and what it is not.
FIXED = N_(
    "This certificate confirms training. It does not replace the organisation's own decision "
    "on suitability, nor the background check required by law."
)
LEGAL = N_(
    "Non-formal learning; this is not a formal qualification. The name is as the holder gave "
    "it; identity was not checked. Made by the site when the course was completed, and valid "
    "without a signature."
)
KINDS = {rules.ONLINE_COURSE: N_("Completed online course")}

WORDS = {
    "certificate": N_("Certificate"),
    "certify": N_("This is to certify that"),
    "finished": N_("has completed the online course"),
    "pilot": N_("Pilot edition"),
    "outcomes": N_("What the holder has learned"),
    "about": N_("About this training"),
    "online": N_("Online learning"),
    "live": N_("Live meetings"),
    "none": N_("none"),
    "minutes": N_("%(minutes)s min"),
    "hours": N_("%(hours)s h"),
    "hours_minutes": N_("%(hours)s h %(minutes)s min"),
    "more": N_("and %(count)s more"),
    "version": N_("Version"),
    "language": N_("Language"),
    "assessment": N_("Assessment"),
    "participation": N_("Participation"),
    "quality": N_("Quality"),
    "issuer": N_("Issued by"),
    "awarded": N_("Completed on"),
    "issued": N_("Issued on"),
    "until": N_("Valid until"),
    "number": N_("Certificate number"),
    "check": N_("Check this certificate:"),
    "qr": N_("QR code with the address of the check page"),
    "fixed": FIXED,
    "legal": LEGAL,
}

# What the record says about the course, as sentences; the row keeps them in English.
ONLINE = N_("Online, in one's own time")
CHECKED = N_("Published edition, checked before it was published")
UNCHECKED = N_("Pilot edition, not yet checked by a person in the country")
EXERCISES = N_("Exercises, judged by the site")
PASS_MARK = N_("Every test passed with at least %(percent)s %%")
N_("Every quiz passed with at least %(percent)s %%")  # as certificates said it before
SAFETY = N_("Safety core passed: every question about safety answered right")


def assessment(banks: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return, as sentences with values, what a learner had to reach in the quizzes."""
    if not banks:
        return [{"say": EXERCISES, "values": {}}]
    percent = min(int(bank["pass_percent"]) for bank in banks)
    said: list[dict[str, Any]] = [{"say": PASS_MARK, "values": {"percent": percent}}]
    critical = [b for b in banks if any(q.get("critical") for q in b.get("questions", []))]
    if critical and all(int(bank.get("critical_percent", 100)) == 100 for bank in critical):
        said.append({"say": SAFETY, "values": {}})
    return said


def words(
    translate: Translate, language: str, *, kind: str, sentences: Iterable[str], site: str
) -> tuple[str, dict[str, str]]:
    """Return every word of the paper and their language, to be kept with the certificate.

    A language in which the fixed sentence has no words yet gives a paper that is all English.
    """
    if translate(FIXED) == FIXED:
        language, translate = "en", str
    return language, {
        "site": site,
        "kind": translate(KINDS[kind]),
        **{key: translate(sentence) for key, sentence in WORDS.items()},
        **{sentence: translate(sentence) for sentence in sentences},
    }


def values(certificate: Certificate, page: str | None = None) -> dict[str, Any]:
    """Return what the template prints, from the row alone, so that the paper never changes;
    unless a page is given that stands for the one in the row."""
    page = page or certificate.page_address
    say = certificate.words
    locale = _locale(certificate.language)
    elements = certificate.elements
    awarded = certificate.awarded_at
    name = certificate.holder_name_snapshot or ""
    return {
        "lang": locale.language,
        "rtl": locale.text_direction == "rtl",
        "title": f"{say['certificate']}: {say['kind']} – {certificate.course_title}",
        "author": certificate.issuer_name,
        "date": [awarded.year, awarded.month, awarded.day],
        "site": glyphs.printable(say["site"]),
        **{key: say[key] for key in ("kind", "certificate", "certify", "finished")},
        **{key: say[key] for key in ("check", "fixed", "legal")},
        "pilot": [say["pilot"]] if certificate.pilot else [],
        "name": breakable(name),
        "course": _said(certificate.course_title, str(elements["title_language"])),
        "outcomes_title": say["outcomes"],
        "outcomes": [
            _said(outcome["text"], outcome["language"])
            for outcome in rules.outcomes_in_turn(elements["outcomes"], MOST_OUTCOMES)
        ],
        "about_title": say["about"],
        "modules": _modules(certificate),
        "facts": _facts(certificate, locale),
        "signed": _signed(certificate),
        "address": "".join(urlsplit(page)[1:3]).rpartition("/")[0],
        "code": rules.spaced_code(certificate.public_code),
        "qr": qr(page),
        "qr_alt": say["qr"],
        "mark_alt": say["site"],
    }


def page_address(site_address: str, code: str) -> str:
    """Return the address of a certificate's check page."""
    return f"{site_address.rstrip('/')}/verify/{code}"


def better_page(certificate: Certificate, site_address: str) -> str | None:
    """Return the check page under the site's address of today, where the page in the row leads a
    stranger nowhere: it was written before the site had a public address."""
    if site_address and is_only_here(certificate.page_address) and not is_only_here(site_address):
        return page_address(site_address, certificate.public_code)
    return None


def qr(address: str) -> str:
    """Return an address as a QR code in SVG."""
    import segno  # Only where a certificate is typeset, not at every start.

    drawing = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawing, kind="svg", border=0, xmldecl=False)
    return drawing.getvalue().decode("utf-8")


def breakable(name: str) -> str:
    """Return a name whose endless words may break at the end of a line."""
    return " ".join(
        "\u200b".join(word[at : at + LONGEST_PART] for at in range(0, len(word), LONGEST_PART))
        for word in name.split(" ")
    )


def duration(minutes: int, say: Mapping[str, str]) -> str:
    """Return minutes as people say them."""
    if minutes == 0:
        return say["none"]
    if minutes < 60:
        return say["minutes"] % {"minutes": minutes}
    key = "hours_minutes" if minutes % 60 else "hours"
    return say[key] % {"hours": minutes // 60, "minutes": minutes % 60}


def country_name(code: str | None, language: str) -> str:
    """Return the name of a country in a language, or nothing."""
    return _locale(language).territories.get(code or "", code or "")


def language_name(tag: str, language: str) -> str:
    """Return the name of a language in another language."""
    plain_tag = tag.replace("_", "-").split("-")[0]
    return _locale(language).languages.get(plain_tag, tag)


def day(moment: datetime, language: str) -> str:
    """Return a day as people write it in a language."""
    locale = _locale(language)
    # Plain English would put the month first, as in the United States.
    return format_date(moment.date(), "long", "en_GB" if locale.language == "en" else locale)


def _modules(certificate: Certificate) -> list[dict[str, Any]]:
    modules = certificate.elements["modules"]
    rows = [
        {
            **_said(module["title"], module["language"]),
            "minutes": duration(module["minutes"], certificate.words),
        }
        for module in modules[:MOST_MODULES]
    ]
    if len(modules) > MOST_MODULES:
        rest = modules[MOST_MODULES:]
        more = certificate.words["more"] % {"count": len(rest)}
        minutes = duration(sum(module["minutes"] for module in rest), certificate.words)
        rows.append({**_said(more, certificate.language), "minutes": minutes})
    return rows


def _facts(certificate: Certificate, locale: Locale) -> list[dict[str, str]]:
    say, elements = certificate.words, certificate.elements
    judged = "; ".join(say[s["say"]] % s["values"] for s in elements["assessment"])
    rows = [
        ("online", duration(elements["minutes"], say)),
        ("live", duration(elements["live_minutes"], say)),
        ("version", certificate.course_version),
        ("language", language_name(certificate.course_locale, certificate.language)),
        ("assessment", judged),
        ("participation", say[elements["participation"]]),
        ("quality", say[elements["quality"]]),
    ]
    return [{"label": say[key], **_said(text, locale.language)} for key, text in rows]


def _signed(certificate: Certificate) -> list[dict[str, str]]:
    say = certificate.words
    country = country_name(certificate.issuer_country, certificate.language)
    rows = [
        ("issuer", ", ".join(part for part in (certificate.issuer_name, country) if part)),
        ("awarded", day(certificate.awarded_at, certificate.language)),
        ("issued", day(certificate.valid_from, certificate.language)),
    ]
    if certificate.valid_until is not None:
        rows.append(("until", day(certificate.valid_until, certificate.language)))
    rows.append(("number", certificate.number))
    return [{"label": say[key], "text": glyphs.printable(text)} for key, text in rows]


def _said(text: str, language: str) -> dict[str, str]:
    return {"text": glyphs.printable(text), "language": _locale(language).language}


def _locale(tag: str) -> Locale:
    try:
        return Locale.parse(tag.replace("-", "_").split("_")[0])
    except (UnknownLocaleError, ValueError):
        return Locale("en")
