"""Which critical questions a paper has when its bank names critical topics."""

from collections import Counter
from itertools import combinations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mtd_learning import minima
from mtd_learning.assessment.banks import Bank, draw
from tests.assessment.making import make_bank

AS_IT_WAS = [("q4", "q3", "q1", "q8"), ("q4", "q1", "q7", "q5"), ("q4", "q1", "q0", "q3")]
TAGS = ("duty", "danger", "secrets", "money", "touch")
questions = st.lists(
    st.tuples(st.booleans(), st.sets(st.sampled_from(TAGS), max_size=3)), min_size=1, max_size=9
)
rules = st.fixed_dictionaries(
    {
        "questions": questions,
        "topics": st.sets(st.sampled_from(TAGS), min_size=1, max_size=3),
        "least": st.dictionaries(st.sampled_from(TAGS), st.integers(1, 3), max_size=3),
        "draw": st.integers(1, 9),
        "shuffle": st.booleans(),
    }
)


def _bank(rule: dict[str, Any]) -> Bank:
    each = {
        n: {"critical": critical, "tags": sorted(tags)}
        for n, (critical, tags) in enumerate(rule["questions"])
    }
    return make_bank(
        len(each),
        each=each,
        draw=rule["draw"],
        draw_tags=rule["least"],
        critical_topics=sorted(rule["topics"]),
        shuffle=rule["shuffle"],
    )


def _is_met(rule: dict[str, Any], drawn: Any) -> bool:
    """Say by the plain words of the rule whether a choice of questions is enough."""
    always = {
        n
        for n, (critical, tags) in enumerate(rule["questions"])
        if critical and not tags & rule["topics"]
    }
    asked = [rule["questions"][n] for n in drawn]
    return (
        always <= set(drawn)
        and all(any(c and topic in tags for c, tags in asked) for topic in rule["topics"])
        and all(
            sum(tag in tags for _, tags in asked) >= least for tag, least in rule["least"].items()
        )
    )


def _least_draw(rule: dict[str, Any]) -> int:
    """Return how many questions it takes at least, by trying all choices."""
    all_of_them = range(len(rule["questions"]))
    return next(
        size
        for size in range(len(all_of_them) + 1)
        if any(_is_met(rule, some) for some in combinations(all_of_them, size))
    )


def _made_possible(rule: dict[str, Any]) -> dict[str, Any]:
    """Return the rule without what all questions together cannot meet."""
    there = Counter(tag for _, tags in rule["questions"] for tag in tags)
    critical = {tag for is_critical, tags in rule["questions"] if is_critical for tag in tags}
    least = {tag: min(n, there[tag]) for tag, n in rule["least"].items()}
    return {**rule, "topics": rule["topics"] & critical, "least": least}


@given(rules, st.integers(0, 2), st.integers())
@settings(max_examples=300)
def test_all_minima_are_met_whenever_any_choice_meets_them(
    rule: dict[str, Any], more: int, seed: int
):
    rule = _made_possible(rule)
    if not rule["topics"]:
        rule["questions"].append((True, {"duty"}))
        rule["topics"] = {"duty"}
    rule["draw"] = max(1, min(_least_draw(rule) + more, len(rule["questions"])))
    ids = draw(_bank(rule), seed).question_ids
    assert len(ids) == len(set(ids)) == rule["draw"]
    assert _is_met(rule, [int(one[1:]) for one in ids])


@given(rules, st.integers())
@settings(max_examples=150)
def test_what_cannot_be_met_gives_a_paper_all_the_same(rule: dict[str, Any], seed: int):
    ids = draw(_bank(rule), seed).question_ids
    assert len(ids) == len(set(ids)) >= min(rule["draw"], len(rule["questions"]))
    assert draw(_bank(rule), seed).question_ids == ids


@given(rules)
@settings(max_examples=150)
def test_the_search_says_yes_exactly_when_trying_all_says_yes(rule: dict[str, Any]):
    needs = minima.needs_of(sorted(rule["topics"]), rule["least"])
    kinds = [minima.kind_of(tags, critical, needs) for critical, tags in rule["questions"]]
    places = min(rule["draw"], len(kinds))
    tried = any(not minima.after(needs, some) for some in combinations(kinds, places))
    assert minima.can_meet(needs, Counter(kinds), places) is tried


def test_one_question_may_stand_for_two_topics_where_the_places_are_few():
    each = {
        0: {"critical": True, "tags": ["duty"]},
        1: {"critical": True, "tags": ["danger"]},
        2: {"critical": True, "tags": ["duty", "danger"]},
    }
    bank = make_bank(6, each=each, draw=1, critical_topics=["duty", "danger"])
    assert {draw(bank, seed).question_ids for seed in range(30)} == {("q2",)}


def test_chance_is_fair_to_critical_questions_of_one_topic():
    each = {n: {"critical": True, "tags": ["duty"]} for n in range(4)}
    bank = make_bank(10, each=each, draw=3, critical_topics=["duty"])
    drawn = Counter(one for seed in range(900) for one in draw(bank, seed).question_ids)
    duty, rest = [drawn[f"q{n}"] for n in range(4)], [drawn[f"q{n}"] for n in range(4, 10)]
    assert max(duty) < 1.3 * min(duty) and max(rest) < 1.3 * min(rest)


def test_a_critical_question_without_a_topic_is_always_drawn():
    each = {
        0: {"critical": True, "tags": ["money"]},
        1: {"critical": True, "tags": ["duty"]},
        2: {"critical": True, "tags": ["duty"]},
    }
    bank = make_bank(8, each=each, draw=4, critical_topics=["duty"])
    papers = [draw(bank, seed).question_ids for seed in range(60)]
    assert all("q0" in ids and {"q1", "q2"} & set(ids) for ids in papers)
    assert any("q1" not in ids for ids in papers)


def test_a_bank_without_topics_is_drawn_as_it_always_was():
    each = {1: {"critical": True}, 4: {"tags": ["law"]}, 6: {"tags": ["law"]}}
    bank = make_bank(9, each=each, draw=4, draw_tags={"law": 1})
    assert [draw(bank, seed).question_ids for seed in (1, 7, 2026)] == AS_IT_WAS


def test_a_final_paper_of_a_large_bank_meets_every_module_and_topic():
    each = {
        n: {
            "critical": n % 4 == 0,
            "tags": [f"m{n % 10}", *([f"t{n // 4 % 8}"] if n % 4 == 0 else [])],
        }
        for n in range(84)
    }
    modules, topics = {f"m{n}": 1 for n in range(10)}, [f"t{n}" for n in range(8)]
    bank = make_bank(84, each=each, draw=20, draw_tags=modules, critical_topics=topics)
    for seed in range(200):
        asked = [one.about for one in draw(bank, seed).questions]
        assert len({one.id for one in asked}) == 20
        assert set(modules) <= {tag for one in asked for tag in one.tags}
        assert set(topics) <= {tag for one in asked if one.critical for tag in one.tags}


def test_beyond_a_number_of_minima_that_can_be_searched_each_has_questions_of_its_own():
    def fewest(count: int) -> int | None:
        """Return how many questions it takes where each counts for two of so many minima."""
        names = [f"tag {number:02}" for number in range(count)]
        offered = {minima.Kind(pair): 1 for pair in combinations(names, 2)}
        return minima.fewest(dict.fromkeys(names, 1), offered)

    assert fewest(minima.MOST_TOGETHER) == minima.MOST_TOGETHER / 2
    # More could be met by half as many, but finding that out has no end for some banks.
    assert fewest(minima.MOST_TOGETHER + 2) == minima.MOST_TOGETHER + 2
