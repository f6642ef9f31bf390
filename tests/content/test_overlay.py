"""Four layers over a course, and what a reader is shown."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtd_learning.content import drift, overlay, reader, segments
from mtd_learning.content.variant import Variant
from mtd_learning.errors import Invalid, NotFound
from tests.content.conftest import files_of


def shown(catalogue, name, part="m1-blocks"):
    resolved = overlay.resolve(catalogue, "tiny", Variant.parse(name))
    return resolved.parts[part].texts


@pytest.mark.parametrize("name", ["fi", "fi-FI", "sv-FI+saro", "el-CY"])
def test_a_variant_is_written_as_it_is_read(name):
    assert str(Variant.parse(name)) == name
    assert Variant.parse(name.replace("+", " + ")) == Variant.parse(name)


@pytest.mark.parametrize(
    "name", ["", "FI", "fi_FI", "fi-fi", "fi+saro", "fi-FI+", "fi-FI+Saro", "../en"]
)
def test_what_is_no_variant_is_refused(name):
    with pytest.raises(Invalid, match="is not a variant"):
        Variant.parse(name)


def test_regional_wording_of_a_pack_is_read_by_its_language(tiny_with):
    catalogue = tiny_with("courses/tiny/countries/BE/pack.yaml", "languages: [nl, fr]\n", "\n")
    names = [str(variant) for variant in catalogue.course("tiny").variants()]
    assert names[3:5] == ["en-BE", "nl-BE"]


def test_a_translated_block_is_shown_in_the_language(tiny):
    text = shown(tiny, "fi")["words/opening/text"]
    assert text == overlay.Text("Ovi on **auki**.", "fi", "fi", "current")


def test_a_block_falls_back_as_a_whole(tiny):
    texts = shown(tiny, "fi")
    assert texts["words/talk/title"].state == "held"
    assert texts["words/talk/good/thank"].state == "missing"
    assert {texts[a].language for a in texts if a.startswith("words/talk/")} == {"en"}


def test_regional_wording_goes_before_the_language(tiny):
    texts = shown(tiny, "nl-BE", "m2-short")
    assert texts["rest/title"] == overlay.Text("Pauze", "nl-BE", "nl-BE", "current")
    assert texts["law/title"].words == "De wet"
    assert shown(tiny, "nl", "m2-short")["rest/title"].words == "Rust"


def test_regional_wording_of_the_source_language_stands_in_for_it(tiny_with):
    mark = segments.fingerprint("Breathe.")
    catalogue = tiny_with(
        "courses/tiny/i18n/en-BE/m2-short.yaml",
        new="kind: translation\nof: m2-short\nlocale: en-BE\nsegments:\n  rest:\n"
        f'    breathe/text: {{src: "{mark}", text: Take a breath.}}\n',
    )
    texts = shown(catalogue, "en-BE", "m2-short")
    assert texts["rest/breathe/text"].words == "Take a breath."
    assert texts["rest/title"].state == "source"


def test_a_country_replaces_adds_hides_and_moves(tiny):
    resolved = overlay.resolve(tiny, "tiny", Variant.parse("fi-FI"))
    assert [item.id for _, item in resolved.units] == [
        "words",
        "test",
        "doing",
        "law",
        "fi-night",
        "rest",
    ]
    assert resolved.text("m2-short", "law/rule/text").state == "adapted"
    assert resolved.text("m2-short", "fi-night/title").state == "local"
    asked = [item.id for item in resolved.parts["quizzes/m1-blocks"].outline.visible_items()]
    assert asked[:3] == ["call", "fi-rule", "yes-no"]


def test_a_pack_is_heard_in_its_own_translation(tiny):
    text = shown(tiny, "en-FI", "m2-short")["fi-night/what/text"]
    assert text == overlay.Text("At night call {{ emergency }}.", "en", "FI", "local")
    assert (
        shown(tiny, "en-FI", "m2-short")["law/rule/text"].words == "In Finland anybody can report."
    )


def test_a_pack_without_a_translation_speaks_its_own_language(tiny):
    text = shown(tiny, "sv-FI", "m2-short")["law/rule/text"]
    assert text == overlay.Text("Suomessa kuka tahansa voi ilmoittaa.", "fi", "FI", "adapted")


def test_an_old_translation_of_a_pack_is_shown_as_outdated(tiny_with):
    catalogue = tiny_with(
        "courses/tiny/countries/FI/pack.yaml", "Suomessa kuka", "Suomessa aivan kuka"
    )
    text = shown(catalogue, "en-FI", "m2-short")["law/rule/text"]
    assert (text.state, text.language, text.layer) == ("outdated", "en", "FI")


def test_an_organisation_speaks_after_its_parents(tiny):
    texts = shown(tiny, "fi-FI+saro-lahti", "m2-short")
    assert texts["rest/saro-contact/text"].words == "Kerro Lahden ohjaajalle."
    assert texts["rest/saro-contact/text"].layer == "saro-lahti"
    assert shown(tiny, "en-FI+saro", "m2-short")["rest/saro-contact/text"].language == "en"


def test_an_organisation_of_another_country_is_not_found(tiny):
    with pytest.raises(NotFound):
        overlay.resolve(tiny, "tiny", Variant.parse("nl-BE+saro"))
    with pytest.raises(NotFound):
        overlay.resolve(tiny, "tiny", Variant.parse("fi-FI+nobody"))


def test_a_country_without_a_pack_reads_the_base(tiny):
    resolved = overlay.resolve(tiny, "tiny", Variant.parse("en-DE"))
    assert {text.state for part in resolved.parts.values() for text in part.texts.values()} == {
        "source"
    }


def test_without_packs_everything_is_the_base(tiny):
    resolved = overlay.resolve(tiny, "tiny", Variant("en"))
    for key, source in tiny.course("tiny").parts.items():
        words = {address: text.words for address, text in resolved.parts[key].texts.items()}
        assert words == {a: s.words for a, s in segments.segments(source).items()}


def test_flatten_leaves_out_what_is_hidden(tiny):
    resolved = overlay.resolve(tiny, "tiny", Variant.parse("fi-FI+saro-lahti"))
    rows = {row["address"]: row for row in overlay.flatten(resolved)}
    assert "m2-short:rest/breathe/text" not in rows
    assert "quizzes/m1-blocks:several/text" not in rows
    assert rows["m2-short:rest/saro-contact/text"]["layer"] == "saro-lahti"


def test_a_block_called_title_and_the_title_of_its_unit_do_not_touch_each_other(tiny_with):
    catalogue = tiny_with("courses/tiny/m2-short.yaml", "id: breathe", "id: title")
    resolved = overlay.resolve(catalogue, "tiny", Variant("nl"))
    rows = [row for row in overlay.flatten(resolved) if row["address"].startswith("m2-short:rest")]
    assert [(row["address"], row["words"], row["state"]) for row in rows] == [
        ("m2-short:rest/title", "Rust", "current"),
        ("m2-short:rest/title/text", "Breathe.", "missing"),
    ]


def test_variants_are_the_languages_and_those_of_each_country_and_organisation(tiny):
    names = [str(variant) for variant in tiny.course("tiny").variants()]
    assert names == [
        "en",
        "fi",
        "nl",
        "en-BE",
        "nl-BE",
        "fr-BE",
        "en-FI",
        "fi-FI",
        "sv-FI",
        "en-FI+saro",
        "fi-FI+saro",
        "sv-FI+saro",
        "en-FI+saro-lahti",
        "fi-FI+saro-lahti",
        "sv-FI+saro-lahti",
    ]


def test_an_outdated_text_is_shown_unless_it_is_protected(tiny_with):
    catalogue = tiny_with(
        "courses/tiny/m1-blocks.yaml", "A door is **open**", "The door is **open**"
    )
    text = shown(catalogue, "fi")["words/opening/text"]
    assert (text.state, text.language) == ("outdated", "fi")
    catalogue = tiny_with("courses/tiny/m1-blocks.yaml", "In danger call", "In danger you call")
    text = shown(catalogue, "fi")["words/safety/text"]
    assert (text.state, text.language) == ("outdated", "en")


PLACES = [
    "m1-blocks:words",
    "m1-blocks:words/safety",
    "m1-blocks:test",
    "m1-blocks:test/quiz",
    "m1-blocks:doing",
    "m2-short:law",
    "m2-short:law/rule",
    "m2-short:rest",
    "m2-short:fi-night",
]
TEXTS = ["m1-blocks:words/safety/text", "m1-blocks:words/opening/text", "m2-short:law/rule/text"]
CHANGES = st.one_of(
    st.builds(lambda at: f"  - {{op: hide, at: '{at}', reason: x}}\n", st.sampled_from(PLACES)),
    st.builds(
        lambda at, to: f"  - {{op: move, at: '{at}', after: '{to}', reason: x}}\n",
        st.sampled_from(PLACES),
        st.sampled_from(PLACES),
    ),
    st.builds(
        lambda at: f"  - {{op: replace, at: '{at}', text: Other., reason: x}}\n",
        st.sampled_from(TEXTS),
    ),
)
TINY = files_of("tiny")


@settings(max_examples=60)
@given(st.lists(CHANGES, max_size=6), st.sampled_from(["fi-FI+saro-lahti", "en-FI+saro-lahti"]))
def test_no_variant_lacks_what_must_be_present_or_rewords_what_is_protected(changes, name):
    path = "courses/tiny/orgs/saro-lahti.yaml"
    head = TINY[path].decode().partition("changes:")[0]
    body = "changes:\n" + "".join(changes) if changes else ""
    catalogue = reader.read_files({**TINY, path: (head + body).encode()})
    resolved = overlay.resolve(catalogue, "tiny", Variant.parse(name))
    present = {
        item.address for part in resolved.parts.values() for item in part.outline.visible_items()
    }
    assert {"words", "words/safety", "test", "law", "fi-night", "call"} <= present
    assert resolved.text("m1-blocks", "words/safety/text").layer in ("base", "fi")


@settings(max_examples=60)
@given(
    st.sets(st.sampled_from(["In danger", "coordinator", "danger?", "open", "Wait."])),
    st.sampled_from(["fi", "fi-FI", "nl-BE", "en-FI", "sv-FI+saro"]),
)
def test_no_protected_text_is_shown_from_an_outdated_translation(changed, name):
    files = dict(TINY)
    for path in ("courses/tiny/m1-blocks.yaml", "quizzes/tiny/m1-blocks.yaml"):
        text = files[path].decode()
        for word in changed:
            text = text.replace(word, f"really {word}")
        files[path] = text.encode()
    resolved = overlay.resolve(reader.read_files(files), "tiny", Variant.parse(name))
    for part in resolved.parts.values():
        for group in part.outline.groups.values():
            for segment in group:
                text = part.texts[segment.address]
                if segment.wording and text.state == "outdated":
                    assert text.words == segment.words


def test_drift_counts_every_text_once(tiny):
    variants = tiny.course("tiny").variants()
    counts = {str(one): drift.table(overlay.resolve(tiny, "tiny", one)) for one in variants}
    assert counts["en"] == {"source": 122}
    assert sum(counts["fi"].values()) == 122
    assert counts["en-FI+saro-lahti"]["local"] == 7
