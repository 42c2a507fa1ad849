"""The map of a case: its steps in layers, the ways between them, and the road that was taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from trainer.decks.model import Scenario, Step
from trainer.services.casework import Taken


@dataclass(frozen=True, slots=True)
class MapWay:
    """A decision as a way between two steps."""

    start: str
    end: str
    text: str
    reason: str
    right: bool
    taken: bool


@dataclass(frozen=True, slots=True)
class MapNode:
    """A step. `layer` and `place` count from 0; `visits` are the numbers of the decisions that
    were taken here (an end has that of the whole road plus one)."""

    step_id: str
    title: str
    layer: int
    place: int
    is_end: bool
    on_best: bool  # on a road of good decisions alone
    visits: tuple[int, ...]
    ways: tuple[MapWay, ...]

    @property
    def on_road(self) -> bool:
        return bool(self.visits)


@dataclass(frozen=True, slots=True)
class CaseMap:
    nodes: tuple[MapNode, ...]  # layer by layer, from left to right

    @property
    def layers(self) -> Sequence[Sequence[MapNode]]:
        count = max((node.layer for node in self.nodes), default=-1) + 1
        return [[node for node in self.nodes if node.layer == layer] for layer in range(count)]

    def node(self, step_id: str) -> MapNode:
        return next(node for node in self.nodes if node.step_id == step_id)

    def beside(self, step_id: str, dx: int, dy: int) -> MapNode | None:
        """The node beside another: one place along its layer, or in the next layer where it is
        nearest by its share of the width."""
        here = self.node(step_id)
        layers = self.layers
        if dx:
            place = here.place + dx
            row = layers[here.layer]
            return row[place] if 0 <= place < len(row) else None
        layer = here.layer + dy
        if not 0 <= layer < len(layers):
            return None
        at = share(here.place, len(layers[here.layer]))
        row = layers[layer]
        return min(row, key=lambda node: abs(share(node.place, len(row)) - at))


def share(place: int, of: int) -> float:
    """Where the middle of a node lies in its layer, from 0 to 1."""
    return (place + 0.5) / of


def case_map(case: Scenario, road: Sequence[Taken], ended: bool) -> CaseMap:
    """The map of `case` with a road. A step lies in the layer of the fewest decisions that lead to
    it; within a layer steps stand below where most of their ways come from."""
    steps = {step.step_id: step for step in case.steps}
    layers = _layers(case.steps, steps)
    best = _best(case.steps[0], steps)
    visits: dict[str, list[int]] = {}
    for number, taken in enumerate(road, start=1):
        visits.setdefault(taken.step.step_id, []).append(number)
    if ended and road:
        visits.setdefault(road[-1].choice.target, []).append(len(road) + 1)
    went = {(taken.step.step_id, taken.step.choices.index(taken.choice)) for taken in road}
    nodes = []
    for layer, names in enumerate(layers):
        for place, name in enumerate(names):
            step = steps[name]
            nodes.append(
                MapNode(
                    name,
                    step.title,
                    layer,
                    place,
                    not step.choices,
                    name in best,
                    tuple(visits.get(name, ())),
                    tuple(
                        MapWay(
                            name,
                            choice.target,
                            choice.text,
                            choice.reason,
                            choice.right,
                            (name, number) in went,
                        )
                        for number, choice in enumerate(step.choices)
                    ),
                )
            )
    return CaseMap(tuple(nodes))


def _layers(order: Sequence[Step], steps: Mapping[str, Step]) -> list[list[str]]:
    depth = {order[0].step_id: 0}
    waiting = [order[0].step_id]
    for name in waiting:  # grows as it is walked
        for choice in steps[name].choices:
            if choice.target not in depth:
                depth[choice.target] = depth[name] + 1
                waiting.append(choice.target)
    layers: list[list[str]] = [[] for _ in range(max(depth.values()) + 1)]
    for step in order:
        if step.step_id in depth:
            layers[depth[step.step_id]].append(step.step_id)
    for above, layer in pairwise(layers):
        middles = {name: share(place, len(above)) for place, name in enumerate(above)}
        layer.sort(key=lambda name: _mean(middles, name, steps))
    return layers


def _mean(middles: Mapping[str, float], name: str, steps: Mapping[str, Step]) -> float:
    """The mean place of the steps above that lead to `name`, bent a little by their order."""
    found = [
        middle + 0.01 * number
        for start, middle in middles.items()
        for number, choice in enumerate(steps[start].choices)
        if choice.target == name
    ]
    return sum(found) / len(found) if found else 0.5


def _best(first: Step, steps: Mapping[str, Step]) -> set[str]:
    """The steps that good decisions alone lead to."""
    reached = {first.step_id}
    waiting = [first.step_id]
    while waiting:
        for choice in steps[waiting.pop()].choices:
            if choice.right and choice.target not in reached:
                reached.add(choice.target)
                waiting.append(choice.target)
    return reached
