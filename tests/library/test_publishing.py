"""From files to editions: a new one where something shows that changed, and only there."""

import time
from dataclasses import replace

import pytest
from sqlalchemy import func, select, update

from mtd_learning.base import clock
from mtd_learning.base.db import db, expect_writing
from mtd_learning.content import reader
from mtd_learning.errors import Conflict, NotFound
from mtd_learning.library import files, publishing, service
from mtd_learning.library.models import ContentBlob, ContentRevision, Edition, SourceText
from mtd_learning.web import i18n
from tests.conftest import TINY

COURSE = "courses/tiny/course.yaml"
PACK = "courses/tiny/countries/FI/pack.yaml"


def new(done) -> set[str]:
    return {one.variant for one in done if one.edition is not None}


def editions() -> int:
    return db.session.scalar(select(func.count(Edition.id)))


def publish(root):
    return publishing.bring_and_publish(
        root, message="tests", today=clock.today(), translate=i18n.translate
    )


def test_every_variant_of_the_course_has_an_edition(app):
    names = {one.variant for one in service.editions_now()}
    assert {"en", "fi", "en-FI", "fi-FI", "sv-FI", "fi-FI+saro"} <= names


def test_the_same_content_makes_no_edition(shelf):
    before = editions()
    done, problems = publish(TINY)
    assert problems == [] and new(done) == set() and editions() == before


def test_a_changed_number_makes_an_edition_of_the_variants_that_show_it_and_of_no_other(rewrite):
    done = rewrite(PACK, 'value: "112"', 'value: "113"')
    assert {"en-FI", "fi-FI", "sv-FI+saro-lahti"} <= new(done)
    assert not {name for name in new(done) if "FI" not in name}


def test_a_changed_finnish_word_makes_no_english_edition(rewrite):
    done = rewrite(
        "courses/tiny/i18n/fi/m1-blocks.yaml",
        files.present()["courses/tiny/i18n/fi/m1-blocks.yaml"].decode().splitlines()[-1],
        files.present()["courses/tiny/i18n/fi/m1-blocks.yaml"].decode().splitlines()[-1] + " ",
    )
    assert not {name for name in new(done) if name.startswith("en")}


def test_a_new_edition_is_read_at_once_and_the_old_one_can_still_be_had(rewrite):
    before = service.edition_for("tiny", ["en"])
    rewrite(COURSE, "title: A tiny course", "title: A small course")
    now = service.edition_for("tiny", ["en"])
    assert (now.number, now.manifest["title"]) == (before.number + 1, "A small course")
    assert service.edition_at(before.id).manifest["title"] == "A tiny course"


def test_an_edition_says_which_revision_of_the_files_it_was_made_of(rewrite):
    rewrite(COURSE, "title: A tiny course", "title: A small course")
    made = service.edition(service.edition_for("tiny", ["en"]).id)
    assert made.revision_id == files.latest_revision().id


def test_with_a_broken_file_nothing_is_brought_in_and_the_last_edition_stays(shelf, tmp_path):
    files.write_out(tmp_path)
    (tmp_path / COURSE).write_bytes((tmp_path / COURSE).read_bytes() + b"colour: red\n")
    (tmp_path / "courses/tiny/m2-short.yaml").write_bytes(b"kind: [module\n")
    before = (editions(), db.session.scalar(select(func.count(ContentRevision.id))))
    done, problems = publish(tmp_path)
    assert done == [] and {one.file.split("/")[-1] for one in problems} >= {"m2-short.yaml"}
    assert before == (editions(), db.session.scalar(select(func.count(ContentRevision.id))))
    assert service.edition_for("tiny", ["en"]).manifest["title"] == "A tiny course"


def test_what_two_variants_show_alike_is_kept_once(app):
    manifests = [service.edition_for("tiny", [name]).manifest for name in ("fi-FI", "fi-FI+saro")]
    blobs = [
        {unit["id"]: unit["blob"] for module in one["modules"] for unit in module["units"]}
        for one in manifests
    ]
    alike = {name for name in blobs[0] if blobs[0][name] == blobs[1].get(name)}
    assert alike
    shas = select(func.count()).select_from(ContentBlob)
    assert db.session.scalar(shas) == len(set(db.session.scalars(select(ContentBlob.sha))))


def test_a_withdrawn_edition_gives_way_to_the_one_before_it(rewrite):
    before = service.edition_for("tiny", ["en"])
    rewrite(COURSE, "title: A tiny course", "title: A small course")
    now = service.edition_for("tiny", ["en"])
    service.withdraw(now.id, actor_id=None)
    db.session.commit()
    assert service.edition_for("tiny", ["en"]).id == before.id


def test_when_every_edition_is_withdrawn_there_is_no_course(shelf):
    for one in service.editions_now():
        service.withdraw(one.id, actor_id=None)
    with pytest.raises(NotFound):
        service.edition_for("tiny", ["en", "fi"])
    assert service.courses_for(["en"]) == [] and service.countries_published() == set()


def test_a_withdrawn_edition_may_be_published_again(shelf):
    now = service.edition_for("tiny", ["en"])
    service.withdraw(now.id, actor_id=None)
    done, _ = publish(TINY)
    assert new(done) == {"en"}
    assert service.edition_for("tiny", ["en"]).number == now.number + 1


def test_source_texts_are_kept_under_their_fingerprints(app):
    assert "A door is **open**." in set(db.session.scalars(select(SourceText.text)))


@pytest.mark.parametrize(
    ("who", "best"),
    [
        (("fi", "FI", "saro"), ["fi-FI+saro", "en-FI+saro", "fi-FI", "en-FI", "fi", "en"]),
        (("fi", "FI", None), ["fi-FI", "en-FI", "fi", "en"]),
        (("en", None, None), ["en"]),
        (("sv", None, "saro"), ["sv", "en"]),
    ],
)
def test_the_right_number_goes_before_the_right_language(who, best):
    assert list(service.variants_for(*who)) == best


def test_a_course_that_the_readers_languages_miss_is_read_as_it_was_written(rewrite):
    rewrite("courses/tiny/course.yaml", "source_locale: en", "source_locale: is")
    for who, read in ((("es", "FI"), "is-FI"), (("es", None), "is"), (("fi", "FI"), "fi-FI")):
        order = [one for one in service.variants_for(*who) if not one.startswith("en")]
        assert service.edition_for("tiny", order).variant == read
        assert [one.variant for one in service.courses_for(order)] == [read]


def test_pictures_are_handed_out_but_not_the_answers_of_a_quiz(app):
    manifest = service.edition_for("tiny", ["en"]).manifest
    assert service.media(manifest["media"]["door.svg"]).startswith(b"<svg")
    source = files.heads()["quizzes/tiny/m1-blocks.yaml"]
    for sha in (manifest["banks"]["m1-blocks"], source, "0" * 64):
        with pytest.raises(NotFound):
            service.media(sha)


def test_a_look_through_all_editions_does_not_fill_the_memory_with_them(app):
    service.document.cache_clear()
    with pytest.raises(NotFound):
        service.media("0" * 64)
    assert service.document.cache_info().currsize == 0
    for edition in service.editions_now():
        assert sum(service.block_states(edition.manifest_sha).values()) > 0
    assert service.document.cache_info().currsize == len(service.editions_now())


def test_nobody_who_writes_waits_while_editions_are_made(app, shelf, monkeypatch):
    files.bring_in(
        files.present() | {COURSE: files.present()[COURSE].replace(b"A tiny", b"A small")},
        message="a test",
    )
    db.session.commit()
    compiled, waited = publishing.compile_variant, []

    def compile_slowly(*args, **values):
        began = time.monotonic()
        with app.app_context():
            expect_writing(True)
            db.session.execute(update(SourceText).values(text=SourceText.text))
            db.session.rollback()
        waited.append(time.monotonic() - began)
        return compiled(*args, **values)

    monkeypatch.setattr(publishing, "compile_variant", compile_slowly)
    expect_writing(False)
    done = publishing.publish(
        reader.read_files(files.present()),
        today=clock.today(),
        translate=i18n.translate,
        revision=files.latest_revision(),
    )
    db.session.commit()
    assert "en" in new(done) and max(waited) < 5


def test_who_publishes_the_same_at_the_same_time_finds_it_published(rewrite):
    rewrite(COURSE, "title: A tiny course", "title: A small course")
    before = editions()
    made = publishing._make(reader.read_files(files.present()), clock.today(), i18n.translate)
    stale = [replace(one, last_id=None) for one in made]  # as they stood before
    done = publishing._keep(reader.read_files(files.present()), stale, None, None)
    assert new(done) == set() and editions() == before


def test_who_publishes_while_something_else_is_published_is_told_to_do_it_again(rewrite):
    catalogue = reader.read_files(files.present())
    made = publishing._make(catalogue, clock.today(), i18n.translate)
    rewrite(COURSE, "title: A tiny course", "title: A small course")
    with pytest.raises(Conflict, match="Please try again"):
        publishing._keep(catalogue, made, None, None)
    db.session.rollback()
    assert service.edition_for("tiny", ["en"]).manifest["title"] == "A small course"
