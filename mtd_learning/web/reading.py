"""What the pages of a course share: the reader, addresses of units, steps and progress."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import current_app, flash, url_for
from flask_babel import format_time, ngettext
from flask_babel import gettext as _
from markupsafe import Markup

from mtd_learning.base import clock
from mtd_learning.base.settings import current_settings
from mtd_learning.blocks.addresses import Addresses
from mtd_learning.blocks.host import Host
from mtd_learning.blocks.services import BLOCK_FILES, FileService, Learner
from mtd_learning.learning import player, rules
from mtd_learning.learning.service import Standing
from mtd_learning.library import service as library
from mtd_learning.web import i18n, security
from mtd_learning.web.access import holds, signed_in

ADDRESSES = Addresses()


class Forms:
    """How our pages protect the forms of blocks, and where they lead back to."""

    def hidden_fields(self) -> Markup:
        """Return the hidden token that every form carries."""
        return security.csrf_field()

    def back(self, block: Any) -> str:
        """Return the address that shows the block again."""
        key = block.scope_ids.usage_id
        course_key, module_id, unit_id = str(key).split(".")[:3]
        return unit_url(course_key, module_id, unit_id) + f"#{key.html_id()}"

    def say(self, sentence: str) -> None:
        """Say a sentence once, at the top of the next page."""
        flash(sentence, "note")


class Attempts:
    """Addresses of a learner's earlier papers."""

    def url(self, block: Any, quiz: str, number: int) -> str:
        """Return the address that shows a paper as it was."""
        course_key, module_id, unit_id = str(block.scope_ids.usage_id).split(".")[:3]
        return f"{unit_url(course_key, module_id, unit_id)}/attempts/{quiz}/{number}"


class Clock:
    """Now, as the learner reads it."""

    def now(self) -> str:
        """Return this moment as ISO 8601 in UTC."""
        return clock.now().isoformat(timespec="seconds")

    def time_of_day(self, moment: str) -> str:
        """Return such a moment as hours and minutes."""
        return format_time(datetime.fromisoformat(moment), "short")


def reader() -> player.Reader:
    """Return who reads: the signed-in person, or somebody without a name."""
    me = signed_in()
    learner = Learner(user_id=me.id if me else 0, language=i18n.language(), key=_secret())
    return player.Reader(
        learner=learner,
        variants=i18n.variants(),
        host=host(),
        words=i18n.catalogue(),
        services={"clock": Clock()}
        | ({"forms": Forms(), "attempts": Attempts(), "fs": block_files()} if me else {}),
        addresses=ADDRESSES,
    )


def block_files() -> FileService:
    """Return where blocks keep files of their own: a folder of the instance for each scope."""
    folder = current_settings().instance / BLOCK_FILES
    return FileService(folder, ADDRESSES.file, _secret()[:64])


def _secret() -> bytes:
    return current_settings().secret_key.encode()


def host() -> Host:
    """Return the block types of this process."""
    return current_app.extensions["mtd"].host


def unit_url(course_key: str, module_id: str, unit_id: str) -> str:
    """Return the address of a unit."""
    return ADDRESSES.unit(course_key, module_id, unit_id)


def continue_url(manifest: rules.Manifest, progress: rules.Progress) -> str:
    """Return where a person goes on; the course page when all is done."""
    following = rules.next_unit(manifest, progress)
    if following is None:
        return url_for("learn.course", course_key=manifest["course"])
    return unit_url(manifest["course"], *following)


def is_last(place: player.Place) -> bool:
    """Say whether this is the last unit of its module."""
    return place.module["units"][-1]["id"] == place.unit["id"]


def previous_url(place: player.Place) -> str | None:
    """Return the address of the unit before this one in the module, or None."""
    ids = [unit["id"] for unit in place.module["units"]]
    at = ids.index(place.unit["id"])
    return unit_url(place.edition.course_key, place.module["id"], ids[at - 1]) if at else None


def following_url(place: player.Place, progress: rules.Progress) -> str:
    """Return the unit after this one in the course, else where something is left to do."""
    order = list(rules.units(place.manifest))
    at = next(
        i
        for i, (m, u) in enumerate(order)
        if m["id"] == place.module["id"] and u["id"] == place.unit["id"]
    )
    for module, unit in order[at + 1 :]:
        if rules.is_open(place.manifest, module, progress):
            return unit_url(place.edition.course_key, module["id"], unit["id"])
    return continue_url(place.manifest, progress)


def steps(
    course_key: str, module: rules.Module, progress: rules.Progress, here: str | None = None
) -> list[dict[str, Any]]:
    """Return the units of a module for the list of steps."""
    return [
        {
            "title": unit["title"],
            "url": unit_url(course_key, module["id"], unit["id"]),
            "here": unit["id"] == here,
            "state": "here" if unit["id"] == here else _state(module, unit, progress),
            "required": unit["required"],
            "minutes": unit["minutes"],
            "lang": unit["lang"],
        }
        for unit in module["units"]
    ]


def _state(module: rules.Module, unit: rules.Unit, progress: rules.Progress) -> str:
    if progress.is_done(module, unit):
        return "done"
    return "begun" if progress.is_begun(module, unit) else "open"


def trainer_url(edition: library.Current) -> str | None:
    """Return the address of the trainer's notes, if there are any and the reader may see them."""
    if holds("notes.see") and edition.has_trainer_notes:
        return url_for("trainer.plan", course_key=edition.course_key)
    return None


def course_values(edition: library.Current, standing: Standing) -> dict[str, Any]:
    """Return what the page of my course shows."""
    manifest, progress = edition.manifest, standing.progress
    following = rules.next_unit(manifest, progress)
    missing = rules.missing(manifest, progress)
    return {
        "course": manifest,
        "modules": [
            {
                "module": module,
                "steps": steps(edition.course_key, module, progress),
                "progress": rules.counts([module], progress),
                "is_open": rules.is_open(manifest, module, progress),
                "is_done": rules.is_module_done(module, progress),
                "is_next": following is not None and following[0] == module["id"],
            }
            for module in manifest["modules"]
        ],
        "progress": rules.counts(manifest["modules"], progress),
        "missing": missing,
        "complete": standing.completed_at is not None or not missing,
        "new_since": standing.completed_at is not None and bool(missing),
        "started": bool(progress.opened),
        "continue_url": continue_url(manifest, progress),
        "continue_with": _unit(manifest, following) if following else None,
        "certificates_url": url_for("certification.index"),
    }


def _unit(manifest: rules.Manifest, following: tuple[str, str]) -> rules.Unit:
    return next(
        unit for module, unit in rules.units(manifest) if (module["id"], unit["id"]) == following
    )


def is_done(edition: library.Current, standing: Standing, module_id: str | None) -> bool:
    """Say whether a person has finished this module; without one, the whole course."""
    if module_id is None:
        return standing.completed_at is not None
    modules = (one for one in edition.manifest["modules"] if one["id"] == module_id)
    return any(rules.is_module_done(one, standing.progress) for one in modules)


def done_values(
    edition: library.Current, standing: Standing, module_id: str | None
) -> dict[str, Any]:
    """Return what the page after a finished module or course shows."""
    manifest = edition.manifest
    module = next((one for one in manifest["modules"] if one["id"] == module_id), None)
    return {
        **course_values(edition, standing),
        "module": module,
        "course_url": url_for("learn.course", course_key=edition.course_key),
    }


def notice(parts: Sequence[Mapping[str, Any]]) -> str | None:
    """Return one sentence for the whole page when parts of it fell back, or None."""
    other = sum(part["lang"] != i18n.language() for part in parts)
    if other:
        return ngettext(
            "One part of this page is not in your language yet. It is shown in another language.",
            "%(num)d parts of this page are not in your language yet. They are shown in another "
            "language.",
            other,
        )
    if any(part["state"] == "outdated" for part in parts):
        return _("The original of this page has changed since it was translated.")
    return None
