"""Answers as fast as it can and says which answers were acknowledged, until it is killed.

Run by test_sudden_end.py: python answering_child.py FOLDER FIRST
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from trainer.storage.learners import open_learner
from trainer.storage.review_log import Review, statement


def main() -> None:
    folder, number = Path(sys.argv[1]), int(sys.argv[2])
    learner = open_learner(folder, datetime.now(UTC))
    if learner.notice:
        print(f"notice {learner.notice}", flush=True)
    while True:
        review = Review(
            review_id=f"{number:032x}",
            learner_id=folder.name,
            card_id=f"skills/logistics/x#c{number % 50}",
            language="zh",
            answered_at=1_700_000_000_000 + number,
            zone="Asia/Shanghai",
            rating=3,
            response='{"type":"self"}',
            correct=None,
            taken_ms=3000,
            question_digest="00" * 8,
            answer_digest="11" * 8,
            scheduler="fsrs-6",
            device="pc-1",
        )
        count = ("update profile set value = value + 1 where key = 'answers'", ())
        learner.writer.submit([statement(review), count]).result()
        print(number, flush=True)
        number += 1


if __name__ == "__main__":
    main()
