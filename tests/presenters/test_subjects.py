"""Names of subjects: known ones in both languages, new ones readable."""

from pathlib import Path

import pytest

from trainer.decks.model import COMPETENCES
from trainer.foundation.messages import Messages, load_messages
from trainer.presenters.subjects import competence_name, subject_name

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(params=["en", "zh_CN"])
def messages(request: pytest.FixtureRequest) -> Messages:
    return load_messages(ROOT / "assets" / "translations", str(request.param))


def test_every_shipped_subject_has_a_name(messages: Messages) -> None:
    content = ROOT / "content"
    subjects = {path.name for path in (content / "platforms").iterdir()}
    subjects |= {path.name for path in (content / "skills").iterdir()}
    subjects |= {path.name.partition(".")[0] for path in (content / "products").iterdir()}
    assert subjects
    assert [each for each in sorted(subjects) if not messages.knows(f"subject.{each}")] == []


def test_every_competence_has_a_name(messages: Messages) -> None:
    names = {competence_name(messages, each) for each in COMPETENCES}
    assert len(names) == len(COMPETENCES)
    assert not names & set(COMPETENCES)


def test_a_teacher_s_own_subject_is_readable(messages: Messages) -> None:
    assert subject_name(messages, "electric-bicycles") == "Electric bicycles"
    assert competence_name(messages, "cooking") == "cooking"
