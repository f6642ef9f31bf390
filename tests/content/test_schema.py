"""The JSON Schemas in the package are those of the models, and take what the reader takes."""

from pathlib import PurePosixPath

import pytest

from mtd_learning.content import schema

KEPT = schema.json_schemas()
MODULE, QUIZ = KEPT["module"], KEPT["quiz"]


def test_every_kind_has_a_current_schema_file():
    made = {f"{kind}.json": schema.written(one) for kind, one in KEPT.items()}
    kept = {path.name: path.read_text("utf-8") for path in schema.FOLDER.glob("*.json")}
    assert kept == made


def test_a_number_has_its_bounds_and_may_stand_in_quotes():
    percent = QUIZ["properties"]["pass_percent"]
    assert (percent["minimum"], percent["maximum"]) == (0, 100)
    assert percent["type"] == ["integer", "string"]


@pytest.mark.parametrize(
    ("model", "field"), [("OutSource", "year"), ("Numeric", "answer"), ("Numeric", "tolerance")]
)
def test_what_we_keep_as_a_text_may_be_written_as_a_number(model, field):
    definitions = MODULE["$defs"] | QUIZ["$defs"]
    assert definitions[model]["properties"][field]["type"] == ["string", "number"]


def test_a_name_that_fits_no_pattern_is_refused():
    assert MODULE["properties"]["outcomes"]["additionalProperties"] is False
    assert KEPT["course"]["properties"]["facts"]["additionalProperties"] is False


def test_a_question_needs_an_id_in_a_bank_and_has_none_in_a_check():
    assert QUIZ["properties"]["questions"]["items"]["required"] == ["id"]
    assert "id" not in QUIZ["$defs"]["Single"]["required"]
    inside = MODULE["$defs"]["Check"]["properties"]["question"]
    assert inside["not"] == {"required": ["id"]}


def test_a_new_file_names_the_schema_by_which_an_editor_checks_it():
    line = schema.first_line("courses/tiny/i18n/fi/m1.yaml", "translation")
    start, _, relative = line.strip().partition("=")
    assert start == "# yaml-language-server: $schema"
    depth = len(PurePosixPath("courses/tiny/i18n/fi").parts)
    assert relative == "../" * depth + "mtd_learning/content/schema/translation.json"
