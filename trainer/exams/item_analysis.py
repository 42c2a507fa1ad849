"""What the marks say about the questions: facility, discrimination, distractors, reliability.

Classical test theory as in the teaching books (Crocker and Algina, "Introduction to Classical and
Modern Test Theory", 1986, chapters 6 and 14). A figure that cannot be computed is None, never a
guess: no candidates, one candidate, or nothing that varies. Nothing is clipped: an alpha below 0
is a finding about the paper, not an error.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from statistics import StatisticsError, correlation
from typing import Literal

FIRM = 30  # candidates below which a figure is shown greyed
GROUP = Fraction(27, 100)  # of the candidates in the upper and in the lower group (Kelley, 1939)

Outcome = Literal["answered", "omitted", "not-reached"]


@dataclass(frozen=True, slots=True)
class Result:
    """One question in one candidate's paper. `share` is the mark over the points, 0 to 1."""

    item_id: str
    share: Fraction
    points: Fraction
    outcome: Outcome = "answered"
    options: tuple[int, ...] = ()  # chosen, as the key numbers them


@dataclass(frozen=True, slots=True)
class OptionCount:
    """How often an option was chosen, and by whom. Groups count in parts where ties are shared."""

    option: int
    chosen: int
    upper: float  # share of the upper group that chose it
    lower: float


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """One question. `n` candidates reached it; omitted ones are among them, with nothing."""

    item_id: str
    n: int
    omitted: int
    not_reached: int
    facility: float | None  # mean share of the points
    discrimination: float | None  # correlation with the rest of the paper
    upper_lower: float | None  # facility of the upper 27 % less that of the lower
    options: tuple[OptionCount, ...]

    @property
    def firm(self) -> bool:
        return self.n >= FIRM


@dataclass(frozen=True, slots=True)
class PaperFigures:
    """The paper as a whole. Reliability is that of the questions everybody had."""

    n: int
    mean: float | None  # share of the points
    deviation: float | None  # standard deviation (n - 1) of the share
    core: tuple[str, ...]  # questions in every paper, which alpha is computed from
    alpha: float | None
    kr20: float | None  # only when all marks of the core are nothing or full
    sem: float | None  # standard error of measurement, in points of the core

    @property
    def firm(self) -> bool:
        return self.n >= FIRM


Papers = Mapping[str, Sequence[Result]]  # by candidate


def analyse_paper(papers: Papers) -> PaperFigures:
    """The figures of the whole paper."""
    totals = [float(_total(results)) for results in papers.values()]
    core = _core(papers)
    columns = [[_mark(papers[name], item_id) for name in papers] for item_id in core]
    alpha = _alpha(columns)
    dichotomous = all(_share(papers[n], item_id) in {0, 1} for n in papers for item_id in core)
    deviation = _deviation([sum(marks, Fraction(0)) for marks in zip(*columns, strict=True)])
    measured = alpha is not None and alpha >= 0 and deviation is not None
    return PaperFigures(
        n=len(papers),
        mean=sum(totals) / len(totals) if totals else None,
        deviation=_deviation([_total(results) for results in papers.values()]),
        core=core,
        alpha=alpha,
        kr20=alpha if dichotomous else None,
        sem=deviation * sqrt(1 - alpha) if measured and alpha is not None and deviation else None,
    )


def analyse_items(papers: Papers, options: Mapping[str, int]) -> list[ItemFigures]:
    """The figures of every question, in the order they are first met.

    `options` has the number of options of the questions that have any, so that one that nobody
    chose is counted too.
    """
    weights = _groups(papers)
    sums = {name: _sums(results) for name, results in papers.items()}
    drawn: dict[str, dict[str, Result]] = {}
    for name, results in papers.items():
        for result in results:
            drawn.setdefault(result.item_id, {})[name] = result
    return [
        _item(item_id, ones, sums, weights, options.get(item_id, 0))
        for item_id, ones in drawn.items()
    ]


@dataclass(frozen=True, slots=True)
class _Sums:
    """What a candidate got of what there was to get."""

    got: Fraction
    points: Fraction

    def share_without(self, one: Result) -> float:
        """The share of the rest of the paper."""
        rest = self.points - one.points
        return float((self.got - one.share * one.points) / rest) if rest else 0.0


@dataclass(frozen=True, slots=True)
class _Weights:
    """How much of each candidate belongs to a group: 0, 1, or a part where totals tie."""

    upper: Mapping[str, Fraction]
    lower: Mapping[str, Fraction]


def _item(
    item_id: str,
    drawn: Mapping[str, Result],
    sums: Mapping[str, _Sums],
    weights: _Weights,
    options: int,
) -> ItemFigures:
    reached = {name: one for name, one in drawn.items() if one.outcome != "not-reached"}
    shares = [float(one.share) for one in reached.values()]
    rests = [sums[name].share_without(one) for name, one in reached.items()]
    upper = _weighted(reached, weights.upper)
    lower = _weighted(reached, weights.lower)
    return ItemFigures(
        item_id=item_id,
        n=len(reached),
        omitted=sum(one.outcome == "omitted" for one in reached.values()),
        not_reached=len(drawn) - len(reached),
        facility=sum(shares) / len(shares) if shares else None,
        discrimination=_correlation(shares, rests),
        upper_lower=None if upper is None or lower is None else float(upper - lower),
        options=tuple(_option(option, reached, weights) for option in range(options)),
    )


def _option(option: int, reached: Mapping[str, Result], weights: _Weights) -> OptionCount:
    chose = {name: Fraction(option in one.options) for name, one in reached.items()}
    return OptionCount(
        option,
        int(sum(chose.values())),
        float(_mean(chose, weights.upper) or 0),
        float(_mean(chose, weights.lower) or 0),
    )


def _weighted(reached: Mapping[str, Result], weights: Mapping[str, Fraction]) -> Fraction | None:
    return _mean({name: one.share for name, one in reached.items()}, weights)


def _mean(values: Mapping[str, Fraction], weights: Mapping[str, Fraction]) -> Fraction | None:
    whole = sum((weights[name] for name in values), Fraction(0))
    if not whole:
        return None
    return sum((weights[name] * value for name, value in values.items()), Fraction(0)) / whole


def _groups(papers: Papers) -> _Weights:
    """The upper and the lower 27 % by total. Candidates of one total share the places left, so
    that nothing depends on the order of the names. With fewer than two nobody is in a group."""
    if len(papers) < 2:
        nobody = dict.fromkeys(papers, Fraction(0))
        return _Weights(nobody, nobody)
    size = GROUP * len(papers)
    totals = {name: _total(results) for name, results in papers.items()}
    return _Weights(
        _fill(totals, sorted(set(totals.values()), reverse=True), size),
        _fill(totals, sorted(set(totals.values())), size),
    )


def _fill(
    totals: Mapping[str, Fraction], levels: Iterable[Fraction], size: Fraction
) -> dict[str, Fraction]:
    weights = {}
    left = size
    for level in levels:
        tied = [name for name, total in totals.items() if total == level]
        weight = min(Fraction(1), left / len(tied))
        weights.update(dict.fromkeys(tied, weight))
        left -= weight * len(tied)
    return weights


def _core(papers: Papers) -> tuple[str, ...]:
    """Questions that stand in every paper: only these make totals that can be compared."""
    sets = [{result.item_id for result in results} for results in papers.values()]
    if not sets:
        return ()
    common = set.intersection(*sets)
    first = next(iter(papers.values()))
    return tuple(result.item_id for result in first if result.item_id in common)


def _alpha(columns: Sequence[Sequence[Fraction]]) -> float | None:
    """Cronbach's alpha: k/(k-1) * (1 - sum of the items' variances / variance of their sum)."""
    if len(columns) < 2 or len(columns[0]) < 2:
        return None
    whole = _variance([sum(marks, Fraction(0)) for marks in zip(*columns, strict=True)])
    if not whole:
        return None
    parts = sum((_variance(column) for column in columns), Fraction(0))
    return float(Fraction(len(columns), len(columns) - 1) * (1 - parts / whole))


def _variance(values: Sequence[Fraction]) -> Fraction:
    """Of the sample (n - 1); exact, so that a constant column is exactly 0."""
    mean = sum(values, Fraction(0)) / len(values)
    return sum(((value - mean) ** 2 for value in values), Fraction(0)) / (len(values) - 1)


def _deviation(values: Sequence[Fraction]) -> float | None:
    return sqrt(_variance(values)) if len(values) > 1 else None


def _correlation(left: Sequence[float], right: Sequence[float]) -> float | None:
    try:
        return correlation(left, right)
    except StatisticsError:  # fewer than two, or one side does not vary
        return None


def _sums(results: Sequence[Result]) -> _Sums:
    return _Sums(
        sum((result.share * result.points for result in results), Fraction(0)),
        sum((result.points for result in results), Fraction(0)),
    )


def _total(results: Sequence[Result]) -> Fraction:
    """The share of a paper's points."""
    sums = _sums(results)
    return sums.got / sums.points if sums.points else Fraction(0)


def _mark(results: Sequence[Result], item_id: str) -> Fraction:
    return next(r.share * r.points for r in results if r.item_id == item_id)


def _share(results: Sequence[Result], item_id: str) -> Fraction:
    return next(r.share for r in results if r.item_id == item_id)
