"""JSON Schemas for editors, made from the models."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "schema"


def json_schemas() -> dict[str, dict[str, Any]]:
    """Return the JSON Schema of each kind of file."""
    # Imported here because a worker that serves pages must not pay for pydantic.
    from mtd_learning.content.models import KINDS

    return {kind: _schema(kind, model) for kind, model in KINDS.items()}


def first_line(path: str, kind: str) -> str:
    """Return the line by which an editor finds the schema of a new file of the catalogue."""
    above = "../" * path.count("/")
    return f"# yaml-language-server: $schema={above}mtd_learning/content/schema/{kind}.json\n"


def written(schema: dict[str, Any]) -> str:
    """Return a schema as its file holds it."""
    return json.dumps(schema, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _schema(kind: str, model: Any) -> dict[str, Any]:
    made = _closed(model.model_json_schema(by_alias=True))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"mtd_learning {kind} file",
        **{key: value for key, value in made.items() if key != "title"},
    }


def _closed(part: Any) -> Any:
    """Return a part of a schema in which a name that fits no pattern is a fault, as it is to us."""
    if isinstance(part, list):
        return [_closed(one) for one in part]
    if not isinstance(part, dict):
        return part
    closed = {"additionalProperties": False} if "patternProperties" in part else {}
    return {**closed, **{key: _closed(value) for key, value in part.items()}}
