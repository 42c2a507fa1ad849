"""Decks come in as new files that lint clean, with pictures and history; they go out with both."""

import io
import shutil
import zipfile
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from trainer.exchange import formats
from trainer.exchange.anki_writing import write_anki
from trainer.exchange.model import Bundle, PastReview
from trainer.foundation.clock import FixedClock
from trainer.foundation.errors import TrainerError
from trainer.foundation.messages import load_messages
from trainer.foundation.source import Level
from trainer.services import authoring, deck_exchange
from trainer.services.deck_exchange import Target, Written
from trainer.storage.learners import LearnerFile, create_learner
from trainer.storage.review_log import ReviewLog

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data" / "exchange"
TODAY = date(2026, 11, 23)
CLOCK = FixedClock(datetime(2026, 11, 23, 9, tzinfo=UTC))
PNG = b"\x89PNG\r\n\x1a\n picture"
FILES = ["moodle.xml", "questions.gift", "bank.csv", "obsidian.md", "hashcards.md"]


def target(folder: Path, **more: object) -> Target:
    about = {"verify": "not checked yet", "competence": "platform-rules", "as_of": "2026-11"}
    return Target(folder, "platform", "amazon", **{**about, **more})  # type: ignore[arg-type]


def take(path: Path, folder: Path, **more: object) -> Written:
    return deck_exchange.take(deck_exchange.look(path), target(folder, **more))


def findings(folder: Path, level: Level) -> list[str]:
    return [one.code for one in authoring.lint([folder], TODAY).findings if one.level is level]


@pytest.mark.parametrize("name", FILES)
def test_an_import_is_a_new_file_that_lints_clean(tmp_path: Path, name: str) -> None:
    written = take(DATA / name, tmp_path)
    assert written.path.is_relative_to(tmp_path / "platforms" / "amazon")
    assert findings(tmp_path, Level.ERROR) == []
    assert findings(tmp_path, Level.WARNING) == []
    assert "deck.no-id" not in findings(tmp_path, Level.HINT)
    assert written.cards > 0
    (deck,) = authoring.read_decks([written.path])
    assert deck.address.deck_id == written.deck_id


def test_pictures_come_to_lie_beside_the_deck(tmp_path: Path) -> None:
    written = take(DATA / "moodle.xml", tmp_path, title="Parcels")
    assert written.path.name == "parcels.zh.md"
    (picture,) = (written.path.parent / "parcels-images").iterdir()
    assert picture.name == "box.png"
    assert "![包裹](parcels-images/box.png)" in written.path.read_text(encoding="utf-8")


def test_nothing_that_is_there_is_replaced(tmp_path: Path) -> None:
    shipped = tmp_path / "shipped"
    first = take(DATA / "bank.csv", shipped, title="Bank")
    own = tmp_path / "own"
    second = take(DATA / "bank.csv", own, title="Bank", beside=(shipped,))
    third = take(DATA / "bank.csv", own, title="Bank", beside=(shipped,), language="en")
    names = [one.path.name for one in (first, second, third)]
    assert names == ["bank.zh.md", "bank-2.zh.md", "bank-3.md"]


def test_a_product_is_called_after_its_file(tmp_path: Path) -> None:
    preview = deck_exchange.look(DATA / "bank.csv")
    about = Target(tmp_path, "product", "", competence="product-knowledge", title="Power bank")
    written = deck_exchange.take(preview, about)
    assert written.path == tmp_path / "products" / "power-bank.zh.md"
    assert "product: power-bank" in written.path.read_text(encoding="utf-8")


def test_a_file_without_a_card_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.gift"
    path.write_text("Only text.\n\nNothing right {~a ~b}\n", encoding="utf-8")
    with pytest.raises(TrainerError, match=r"import\.nothing-left"):
        take(path, tmp_path / "own")
    assert not (tmp_path / "own").exists()


def test_what_is_away_is_said(tmp_path: Path) -> None:
    with pytest.raises(TrainerError, match=r"disk\.gone"):
        deck_exchange.look(tmp_path / "gone.apkg")


@pytest.fixture
def learner(tmp_path: Path) -> LearnerFile:
    return create_learner(tmp_path / "learners" / "li", {"name": "李华"})


def test_history_comes_in_once_and_goes_out_again(tmp_path: Path, learner: LearnerFile) -> None:
    content = tmp_path / "content"
    source = content / "platforms" / "amazon" / "orders.md"
    source.parent.mkdir(parents=True)
    source.write_text(
        "---\ntitle: Orders\nplatform: amazon\n---\n\nQ: What? ![b](b.png) {#what}\nA: x\n",
        encoding="utf-8",
    )
    (source.parent / "b.png").write_bytes(PNG)
    (deck,) = [one.deck for one in authoring.read_decks([content])]
    times = [1_790_000_000_000 + n * 86_400_000 for n in range(3)]
    reviews = [PastReview(deck.cards[0].card_id, at, 3, 4000) for at in times]
    made = deck_exchange.give("anki", [deck], [content], CLOCK, reviews=reviews)
    assert made.not_carried == ()
    package = tmp_path / "orders.apkg"
    package.write_bytes(made.content)
    shutil.rmtree(content)

    with closing(learner):
        written = take(package, tmp_path / "own")
        assert written.pictures == 1
        cards = deck_exchange.cards_in(written)
        assert deck_exchange.take_history(written, learner, cards) == 3
        assert deck_exchange.take_history(written, learner, cards) == 0
        with closing(learner.connect()) as connection:
            log = list(ReviewLog(connection).effective())
        assert [(one.card_id, one.answered_at, one.rating) for one in log] == [
            (f"{written.deck_id}#what", at, 3) for at in times
        ]
        assert {one.device for one in log} == {"import"}
        out = deck_exchange.history_of(learner)
        assert [one.at for one in out] == times


def test_everything_that_can_be_said_is_a_sentence() -> None:
    messages = load_messages(ROOT / "assets" / "translations", "zh_CN")
    for name in FILES:
        for one in deck_exchange.look(DATA / name).imported.not_carried:
            sentence = deck_exchange.sentence(one, messages)
            assert not sentence.startswith("carried."), one
            assert "{" not in sentence


def test_the_most_frequent_is_said_first() -> None:
    lost = deck_exchange.look(DATA / "moodle.xml").imported.not_carried
    found = deck_exchange.summed([*lost, *lost[:1], *lost[:1]])
    assert found[0].code == lost[0].code
    assert sum(one.number for one in found) == len(lost) + 2


def test_a_picture_outside_the_content_folder_does_not_go_out(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(PNG)
    source = tmp_path / "content" / "platforms" / "amazon" / "a.md"
    source.parent.mkdir(parents=True)
    source.write_text("Q: What? {#a}\nA: x\n", encoding="utf-8")
    (deck,) = [one.deck for one in authoring.read_decks([source])]
    # The parser would have refused it; whoever hands over a deck need not have asked the parser.
    card = msgspec.structs.replace(deck.cards[0], question="![b](../../../secret.png)")
    deck = msgspec.structs.replace(deck, cards=(card,))
    made = deck_exchange.give("anki", [deck], [tmp_path / "content"], CLOCK)
    with zipfile.ZipFile(io.BytesIO(made.content)) as package:
        assert package.read("media") == b"{}"


def test_a_format_that_is_only_read_is_not_written() -> None:
    assert not formats.BY_KEY["obsidian"].exports
    with pytest.raises(TrainerError, match=r"export\.not-written"):
        deck_exchange.give("obsidian", [], [], CLOCK)
    with pytest.raises(TrainerError, match=r"export\.nothing-to-write"):
        deck_exchange.give("gift", [], [], CLOCK)
    assert write_anki(Bundle(())).questions == 0
