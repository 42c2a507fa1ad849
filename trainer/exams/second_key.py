"""A second answer that counts, as a teacher writes it down: letters of options, or what is typed.

It says exactly one answer. What would let in answers that nobody has looked at (an empty one, an
option the question does not have, an answer to another kind of question) is no second key.
"""

from trainer.cards.grading import same_text
from trainer.cards.model import Choice, Cloze, Number, Parametric, Typed
from trainer.cards.response import Chosen, Entered, Response
from trainer.exams.keys import ExamError
from trainer.exams.marking import KeyedCard, KeyedItem

LONGEST = 500  # characters
_MOST_LETTERS = 26


def takes_second_key(item: KeyedItem) -> bool:
    """Whether a second answer to this question can be written down in a line."""
    return isinstance(item.keyed, KeyedCard) and isinstance(
        item.keyed.card.body, Choice | Typed | Cloze | Number | Parametric
    )


def second_key(item: KeyedItem, text: str) -> Response:
    """What a candidate gives who answers `text`, in the paper's order.

    Options are letters in the deck's order, as the analysis counts them. Raises ExamError
    exam.no-answer.
    """
    if not isinstance(item.keyed, KeyedCard):
        raise ExamError("exam.no-answer")
    match item.keyed.card.body:
        case Choice() as body:
            return _chosen(item.keyed, body, text)
        case Typed() | Cloze() | Number() | Parametric():
            entered = text.strip()
            if same_text(entered, "") or len(entered) > LONGEST:
                raise ExamError("exam.no-answer")
            return Entered(entered)
        case _:
            raise ExamError("exam.no-answer")


def check_second_key(item: KeyedItem, response: Response) -> None:
    """Raises ExamError exam.no-answer when `response` is none that `second_key` gives."""
    match response:
        case Chosen(options=given) if isinstance(item.keyed, KeyedCard):
            order = item.keyed.order
            deck = [order[at] if 0 <= at < len(order) else at for at in given] if order else given
            letters = "".join(_letter(at) for at in deck)
            if second_key(item, letters) != Chosen(tuple(sorted(given))):
                raise ExamError("exam.no-answer")
        case Entered(text=text):
            if not isinstance(second_key(item, text), Entered):
                raise ExamError("exam.no-answer")
        case _:
            raise ExamError("exam.no-answer")


def _letter(at: int) -> str:
    return chr(ord("A") + at) if 0 <= at < _MOST_LETTERS else "?"


def _chosen(keyed: KeyedCard, body: Choice, text: str) -> Chosen:
    options = len(body.options)
    letters = [letter for letter in text.upper() if letter not in " ,、，;+"]
    deck = [ord(letter) - ord("A") for letter in letters]
    if len(deck) > 1 and not body.several:
        raise ExamError("exam.no-answer")
    if not deck or len(set(deck)) != len(deck) or not all(0 <= at < options for at in deck):
        raise ExamError("exam.no-answer")
    order = keyed.order or tuple(range(options))
    return Chosen(tuple(sorted(order.index(at) for at in deck)))
