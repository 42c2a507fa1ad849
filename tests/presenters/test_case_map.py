"""The map of a case: layers by the fewest decisions, ways in order, and the road."""

from pathlib import PurePosixPath

import pytest

from tests.penalties.books import CONTENT
from trainer.decks.addresses import address_of, is_deck_file
from trainer.decks.model import Scenario
from trainer.decks.parser import parse_deck
from trainer.presenters.case_map import case_map

CASE = """---
title: T
platform: amazon
---
## Scenario: A {#a}
Shop: amazon

### One {#one}

- [x] [Good](#two)
- [ ] [Bad](#bad)
- [ ] [Worse](#bad)

### Two {#two}

- [x] [End it](#good)
- [ ] [Back](#one)
- [ ] [Fall](#bad)

### Bad {#bad}

Bad.

### Good {#good}

Good.
"""


def scenario(text: str = CASE) -> Scenario:
    deck, _ = parse_deck(text, PurePosixPath("a.md"), "platforms/amazon/a", "en")
    return deck.scenarios[0]


def test_steps_lie_in_the_layer_of_the_fewest_decisions() -> None:
    found = case_map(scenario(), (), ended=False)
    assert [[node.step_id for node in layer] for layer in found.layers] == [
        ["one"],
        ["two", "bad"],
        ["good"],
    ]
    assert {node.step_id for node in found.nodes if node.is_end} == {"bad", "good"}
    assert {node.step_id for node in found.nodes if node.on_best} == {"one", "two", "good"}


def test_walking_stays_on_the_map() -> None:
    found = case_map(scenario(), (), ended=False)

    def beside(name: str, dx: int, dy: int) -> str | None:
        node = found.beside(name, dx, dy)
        return node.step_id if node else None

    assert beside("one", 0, 1) in {"two", "bad"}
    assert beside("two", 1, 0) == "bad"
    assert beside("bad", 1, 0) is None
    assert beside("bad", 0, 1) == "good"
    assert beside("good", 0, 1) is None
    assert beside("good", 0, -1) in {"two", "bad"}
    assert beside("one", 0, -1) is None


SHIPPED = [
    pytest.param(case, id=case.scenario_id)
    for path in sorted(CONTENT.rglob("*.md"))
    if is_deck_file(path.relative_to(CONTENT)) and not path.name.endswith(".zh.md")
    if (address := address_of(PurePosixPath(path.relative_to(CONTENT).as_posix()))) is not None
    for case in parse_deck(path.read_bytes(), path, address.deck_id, "en")[0].scenarios
]


@pytest.mark.parametrize("case", SHIPPED)
def test_every_shipped_case_has_a_map_of_all_its_steps(case: Scenario) -> None:
    found = case_map(case, (), ended=False)
    assert {node.step_id for node in found.nodes} == {step.step_id for step in case.steps}
    assert max(len(layer) for layer in found.layers) <= 5, "wider is cut at 200 % scale"
    for node in found.nodes:
        assert found.layers[node.layer][node.place] is node
