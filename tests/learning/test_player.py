"""What the player hands to the blocks of a unit."""

from mtd_learning.learning.player import Banks
from mtd_learning.library import service as library


def test_a_unit_is_handed_past_papers_of_its_own_quizzes_and_no_other_document(app):
    edition = library.edition_for("tiny", ["en"])
    quiz, sha = next(iter(edition.manifest["banks"].items()))
    assert Banks("tiny", frozenset([quiz])).get(sha)["id"] == quiz
    assert Banks("tiny", frozenset(["another"])).get(sha) is None
    assert Banks("another", frozenset([quiz])).get(sha) is None
    assert Banks("tiny", frozenset([quiz])).get(edition.manifest_sha) is None
    assert Banks("tiny", frozenset([quiz])).get("0" * 64) is None
