"""Rows and files the storage tests share."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from trainer.storage.learners import LearnerFile, create_learner
from trainer.storage.review_log import Review

MakeReview = Callable[..., Review]


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


@pytest.fixture
def review() -> MakeReview:
    """Makes the review number n; the same n, the same row."""

    def make(number: int, card: str = "skills/logistics/x#a", response: str = "") -> Review:
        return Review(
            review_id=f"{number:032x}",
            learner_id="li-1",
            card_id=card,
            language="en",
            answered_at=1_700_000_000_000 + number,
            zone="Asia/Shanghai",
            rating=3,
            response=response or '{"type":"self"}',
            correct=None,
            taken_ms=4000,
            question_digest="00" * 8,
            answer_digest="11" * 8,
            scheduler="fsrs-6",
            device="pc-1",
        )

    return make


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[LearnerFile]:
    """A new learner, open."""
    file = create_learner(tmp_path / "li-1", {"name": "李华", "colour": "teal"})
    yield file
    file.close()
