from collections import Counter

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.exams.assembly import draw_forms, form_names
from trainer.exams.blueprint import (
    Blueprint,
    Cell,
    PoolCard,
    SectionPlan,
    fits,
    problems,
    read_blueprint,
    stock,
    write_blueprint,
)
from trainer.exams.keys import ExamError


def pool(*specs: tuple[str, str, int], siblings: int = 1) -> list[PoolCard]:
    """(subject, kind, how many) each."""
    return [
        PoolCard(
            f"{subject}#{kind}{number}.{part}",
            f"{subject}#{kind}{number}",
            subject,
            "platform-rules",
            kind,
            1 + number % 3,
            frozenset(("en", "zh")),
        )
        for subject, kind, count in specs
        for number in range(count)
        for part in range(siblings)
    ]


def plan(*cells: Cell, **more: object) -> Blueprint:
    return Blueprint("Final", (SectionPlan("All", cells),), **more)  # type: ignore[arg-type]


POOL = pool(("amazon", "number", 6), ("amazon", "typed", 6), ("ebay", "number", 6))


def test_a_form_has_what_the_plan_says() -> None:
    wanted = plan(
        Cell(3, "2", subjects=("amazon",), kinds=("number",)), Cell(4, "1", subjects=("ebay",))
    )

    form = draw_forms(wanted, POOL, ["1001"], "seed")["1001"]

    assert Counter((one.card_id.split("#")[0], one.points) for one in form.drawn) == {
        ("amazon", "2"): 3,
        ("ebay", "1"): 4,
    }
    assert len({one.card_id for one in form.drawn}) == 7


def test_t13_the_same_seed_gives_the_same_forms_for_ever() -> None:
    wanted = plan(Cell(3, kinds=("number",)), Cell(2))

    form = draw_forms(wanted, POOL, ["1001", "1002"], "seed")
    again = draw_forms(wanted, list(reversed(POOL)), ["1002", "1001"], "seed")

    assert form == again
    # Written down once: another Python or system must draw exactly this.
    assert [one.card_id for one in form["1001"].drawn] == [
        "amazon#number1.0",
        "amazon#number3.0",
        "ebay#number3.0",
        "ebay#number5.0",
        "amazon#typed4.0",
    ]
    assert form["1001"].drawn != form["1002"].drawn


def test_siblings_never_meet_in_a_form() -> None:
    cards = pool(("amazon", "cloze", 5), siblings=3)

    form = draw_forms(plan(Cell(5)), cards, ["a"], "s")["a"]

    notes = [one.card_id.rpartition(".")[0] for one in form.drawn]
    assert len(set(notes)) == 5


def test_a_shortage_is_told_before_packing_with_its_cell() -> None:
    wanted = plan(Cell(4, subjects=("ebay",)), Cell(5, kinds=("number",), subjects=("ebay",)))

    found = stock(wanted, POOL)

    assert sum(one.missing for one in found) == 3
    assert [one.fitting for one in found] == [6, 6]
    with pytest.raises(ExamError, match=r"exam\.shortage"):
        draw_forms(wanted, POOL, ["a"], "s")


def test_what_always_and_never_say() -> None:
    wanted = plan(
        Cell(2, kinds=("typed",)),
        Cell(5, kinds=("number",)),
        always=("ebay#number5.0",),
        never=("amazon#number0.0", "amazon#number1.0"),
    )

    for seed in range(20):
        drawn = {one.card_id for one in draw_forms(wanted, POOL, ["a"], str(seed))["a"].drawn}
        assert "ebay#number5.0" in drawn
        assert not drawn & set(wanted.never)


def test_named_forms_go_down_the_list_in_turn() -> None:
    named = plan(Cell(1), forms="named", named=3)

    assert form_names(named, ["1", "2", "3", "4"]) == {"1": "A", "2": "B", "3": "C", "4": "A"}


CELLS = st.lists(
    st.builds(
        Cell,
        st.integers(0, 4),
        st.just("1"),
        st.sampled_from([(), ("amazon",), ("ebay",)]),
        st.just(()),
        st.sampled_from([(), ("number",), ("typed",)]),
        st.sampled_from([(), (1,), (1, 2)]),
    ),
    min_size=1,
    max_size=5,
)


# Siblings that fit different cells: of one note, a number and a typed card, easy and hard.
MIXED = [
    PoolCard(
        f"{subject}#{number}.{kind}",
        f"{subject}#{number}",
        subject,
        "platform-rules",
        kind,
        1 + (number + place) % 3,
        frozenset(("en", "zh")),
    )
    for subject in ("amazon", "ebay")
    for number in range(4)
    for place, kind in enumerate(("number", "typed"))
]


@given(CELLS, st.integers(0, 50), st.sampled_from([POOL, MIXED]))
@settings(max_examples=300)
def test_what_the_stock_promises_can_be_drawn_and_nothing_else(
    cells: list[Cell], seed: int, cards: list[PoolCard]
) -> None:
    wanted = plan(*cells)
    short = any(one.missing for one in stock(wanted, cards))

    if short:
        with pytest.raises(ExamError, match=r"exam\.shortage"):
            draw_forms(wanted, cards, ["a"], str(seed))
        return
    form = draw_forms(wanted, cards, ["a"], str(seed))["a"]
    by_id = {card.card_id: card for card in cards}
    assert len(form.drawn) == wanted.questions
    assert len({by_id[one.card_id].note_id for one in form.drawn}) == wanted.questions
    assert all(any(fits(by_id[one.card_id], cell) for cell in cells) for one in form.drawn)


def test_a_plan_is_read_back_and_mistakes_are_told() -> None:
    wanted = plan(Cell(3, "1.5", subjects=("amazon",), difficulties=(1, 2)))

    assert read_blueprint(write_blueprint(wanted)) == wanted
    toml = b'title = "T"\n[[sections]]\ntitle = "All"\n[[sections.cells]]\ncount = 3\n'
    assert read_blueprint(toml).questions == 3
    for content, code in (
        (b"\xff\xfe", "exam.no-blueprint"),
        (b'{"title": "x"}', "exam.no-blueprint"),
        (write_blueprint(plan(Cell(0))), "exam.plan-empty"),
        (write_blueprint(plan(Cell(1, "-1"))), "exam.plan-cell"),
        (write_blueprint(plan(Cell(1, kinds=("recall",)))), "exam.plan-kind"),
    ):
        with pytest.raises(ExamError) as caught:
            read_blueprint(content)
        assert caught.value.code == code


def test_fixed_cards_make_room_for_one_another() -> None:
    """The first would fit both cells; the second only the one that the first would take."""
    wanted = plan(
        Cell(1, kinds=("number",)),
        Cell(1, subjects=("amazon",)),
        always=("amazon#number0.0", "ebay#number0.0"),
    )

    form = draw_forms(wanted, POOL, ["a"], "s")["a"]

    assert {one.card_id for one in form.drawn} == set(wanted.always)


def test_a_long_plan_that_cannot_be_filled_is_refused_at_once() -> None:
    cells = [Cell(1, subjects=("amazon", "ebay")) for _ in range(40)]

    with pytest.raises(ExamError, match=r"exam\.shortage"):
        draw_forms(plan(*cells), POOL, ["a"], "s")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"forms": "named", "named": 1_000_000_000}, "exam.plan-named"),
        ({"forms": "named", "named": 0}, "exam.plan-named"),
        ({"sections": (SectionPlan("S", (Cell(1),), minutes=-1),)}, "exam.plan-minutes"),
        ({"sections": (SectionPlan("S", (Cell(1, "9" * 400),)),)}, "exam.plan-cell"),
        ({"sections": (SectionPlan("S", (Cell(1, "1e9"),)),)}, "exam.plan-cell"),
        ({"sections": (SectionPlan("S", (Cell(10**30),)),)}, "exam.plan-long"),
        ({"languages": ()}, "exam.plan-language"),
        ({"title": "  "}, "exam.plan-title"),
    ],
)
def test_a_plan_out_of_bounds_is_told(changes: dict[str, object], code: str) -> None:
    wild = msgspec.structs.replace(plan(Cell(1)), **changes)

    with pytest.raises(ExamError) as caught:
        read_blueprint(write_blueprint(wild))
    assert caught.value.code in {code, "exam.no-blueprint"}
    assert code in [each for each, _ in problems(wild)]


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_any_bytes_are_a_plan_or_one_sentence(content: bytes) -> None:
    for whole in (content, b"{" + content, b'title = "T"\n[[sections]]\n' + content):
        with pytest.raises(ExamError):
            read_blueprint(whole)
