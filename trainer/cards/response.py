"""What a learner gives as an answer, and how it is written down in the review log."""

import msgspec

from trainer.cards.model import Value


class SelfGraded(Value, frozen=True, tag="self"):
    """The learner looked at the answer and judged; cloze and recall cards."""


class Chosen(Value, frozen=True, tag="chosen"):
    """Indexes into `Choice.options` in the deck's order, ascending."""

    options: tuple[int, ...]


class Judged(Value, frozen=True, tag="judged"):
    truth: bool


class Entered(Value, frozen=True, tag="entered"):
    """Text as it was typed: number, typed and cloze answers."""

    text: str


class Ordered(Value, frozen=True, tag="ordered"):
    """Indexes into `Ordering.steps` in the order the learner gave."""

    steps: tuple[int, ...]


class Matched(Value, frozen=True, tag="matched"):
    """For each left entry of `Matching.pairs`, the index of the right entry given; -1 for none."""

    rights: tuple[int, ...]


class GaveUp(Value, frozen=True, tag="gave-up"):
    """“I do not know”: shown the answer without one."""


Response = SelfGraded | Chosen | Judged | Entered | Ordered | Matched | GaveUp

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Response] = msgspec.json.Decoder(Response)


def to_text(response: Response) -> str:
    """`response` as JSON, as it stands in the review log."""
    return _encoder.encode(response).decode("utf-8")


def from_text(text: str) -> Response:
    """The reverse of `to_text`. Raises msgspec.ValidationError for anything else."""
    return _decoder.decode(text)
