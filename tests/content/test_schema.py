"""The JSON Schemas in the package are those of the models."""

from mtd_learning.content import schema


def test_every_kind_has_a_current_schema_file():
    made = {f"{kind}.json": schema.written(one) for kind, one in schema.json_schemas().items()}
    kept = {path.name: path.read_text("utf-8") for path in schema.FOLDER.glob("*.json")}
    assert kept == made
