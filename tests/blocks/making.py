"""Units, runtimes and posts for the tests of this room."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lxml import html as lxml_html
from markupsafe import Markup
from webob import Request, Response

from mtd_learning.blocks import pages
from mtd_learning.blocks.host import Host
from mtd_learning.blocks.olx import parse, unit_of
from mtd_learning.blocks.runtime import MtdRuntime
from mtd_learning.blocks.services import Learner
from mtd_learning.blocks.state import ScratchState
from mtd_learning.blocks.tree import Unit

FOREIGN = Path(__file__).parent / "foreign"


def block(block_id: str, kind: str, fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a block as the compiler writes it."""
    return {
        "id": block_id,
        "key": f"course.mod.unit.{block_id}",
        "type": kind,
        "lang": "en",
        "state": "source",
        "note": None,
        "required": False,
        "fields": fields,
        **more,
    }


def blob(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a unit as the compiler writes it."""
    return {
        "id": "unit",
        "module": "mod",
        "title": "A unit",
        "lang": "en",
        "minutes": 5,
        "revision": 1,
        "protected": False,
        "blocks": list(blocks),
        **more,
    }


class Forms:
    """The service by which the web protects forms."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def hidden_fields(self) -> Markup:
        """Return a token."""
        return Markup('<input type="hidden" name="csrf_token" value="t0ken">')

    def back(self, block: Any) -> str:
        """Return the page of the unit."""
        return "/learn/course/mod/unit"

    def say(self, sentence: str) -> None:
        """Keep what was said."""
        self.said.append(sentence)


class Desk:
    """One learner at one unit: sees it, answers it, and everything said is heard."""

    def __init__(
        self,
        unit: Unit,
        host: Host,
        user_id: int = 7,
        services: Mapping[str, Any] | None = None,
        ear: Any = None,
    ) -> None:
        self.unit = unit
        self.host = host
        self.state = ScratchState()
        self.heard: list[tuple[str, str, dict[str, Any]]] = []
        self.user_id = user_id
        self.language = "en"
        forms = Forms()
        self.said = forms.said
        self.services = {"forms": forms, **(services or {})}
        self.ear = ear or self._hear

    def runtime(self) -> MtdRuntime:
        """Return a fresh runtime, as each request has one."""
        return MtdRuntime(
            self.host,
            self.unit,
            self.state,
            learner=Learner(self.user_id, self.language),
            ear=self.ear,
            services=self.services,
        )

    def page(self) -> str:
        """Return the unit's page."""
        return str(pages.lay_out(self.runtime()).html)

    def seen(self) -> Any:
        """Return the unit's page as elements."""
        return lxml_html.fromstring(f"<main>{self.page()}</main>")

    def paper(self) -> str:
        """Return the unit on paper."""
        return str(pages.on_paper(self.runtime()).html)

    def post(self, block_id: str, handler: str, **fields: Any) -> Response:
        """Send a form to a block."""
        request = Request.blank("/x", POST=fields, method="POST")
        return pages.answer(self.runtime(), f"course.mod.unit.{block_id}", handler, request)

    def send(self, block_id: str, handler: str, data: Any) -> Response:
        """Send JSON to a block."""
        request = Request.blank("/x", method="POST", content_type="application/json")
        request.json = data
        return pages.answer(self.runtime(), f"course.mod.unit.{block_id}", handler, request)

    def kept(self, block_id: str) -> Mapping[str, Any]:
        """Return what is stored for the learner."""
        return self.state.get(self.user_id, f"course.mod.unit.{block_id}")

    def completions(self, block_id: str) -> list[float]:
        """Return what was said about completion."""
        key = f"course.mod.unit.{block_id}"
        return [
            said["completion"]
            for who, what, said in self.heard
            if (who, what) == (key, "completion")
        ]

    def _hear(self, heard: Any, kind: str, said: dict[str, Any]) -> None:
        self.heard.append((str(heard.scope_ids.usage_id), kind, said))


def desk_of(host: Host, *blocks: dict[str, Any], **more: Any) -> Desk:
    """Return a learner in front of a unit of these blocks."""
    services, user_id, ear = (
        more.pop("services", None),
        more.pop("user_id", 7),
        more.pop("ear", None),
    )
    return Desk(unit_of(host, blob(*blocks, **more)), host, user_id, services, ear)


def desk_of_olx(host: Host, xml: str) -> Desk:
    """Return a learner in front of a piece of XML."""
    nodes = parse(host, xml, "course.mod.unit.olx")
    return Desk(Unit(next(iter(nodes)), nodes), host)


def install(name: str, target: Path) -> None:
    """Put a distribution of the folder `foreign` into a path entry, as an installer does."""
    project = tomllib.loads((FOREIGN / name / "pyproject.toml").read_text())["project"]
    for package in (FOREIGN / name).iterdir():
        if package.is_dir():
            _copy(package, target / package.name)
    info = target / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir(parents=True)
    head = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    (info / "METADATA").write_text(head)
    points = project["entry-points"]["xblock.v1"]
    lines = "".join(f"{one} = {where}\n" for one, where in points.items())
    (info / "entry_points.txt").write_text(f"[xblock.v1]\n{lines}")


def _copy(source: Path, target: Path) -> None:
    target.mkdir(parents=True)
    for one in source.iterdir():
        if one.is_dir() and one.name != "__pycache__":
            _copy(one, target / one.name)
        elif one.is_file():
            (target / one.name).write_bytes(one.read_bytes())
