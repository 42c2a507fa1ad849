"""A teacher who has never seen the format writes a deck, with real keys on a real screen; and one
whose PC loses its power in the middle of a word."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.journeys.screens import Screen, running
from trainer.decks.parser import parse_deck
from trainer.desktop.main_window import PLACES
from trainer.services.authoring import lint
from trainer.services.deck_drafts import Drafts

ROOT = Path(__file__).resolve().parents[2]
TITLE = "Platform Rules Trainer"
SHOWN = [entry.place for entry in PLACES if not entry.under]
DESK_KEY = f"ctrl+{SHOWN.index('desk') + 1}"
DECK = """---
title: Orders
platform: amazon
competence: platform-rules
as-of: 2026-10
---

# Orders

## Late {#late}

On time.

Source: Help (2026-10)

Q: How long? {#long}
A: = 5 days
"""


class Desk:
    """The program of a teacher, over folders of its own."""

    def __init__(self, folder: Path, screen: Screen) -> None:
        self.screen = screen
        self.data = folder / "data"
        self.content = folder / "content"
        path = self.content / "platforms" / "amazon" / "orders.md"
        path.parent.mkdir(parents=True)
        path.write_text(DECK, encoding="utf-8")
        path.with_name("orders.zh.md").write_text(DECK, encoding="utf-8")
        self.path = path

    @property
    def environment(self) -> dict[str, str]:
        return {**self.screen.environment, "TRAINER_CONTENT": str(self.content)}

    def command(self) -> list[str]:
        return [sys.executable, str(ROOT / "main.py"), "--data", str(self.data)]

    def sign_up(self) -> None:
        """Make a person who teaches, and open the desk."""
        screen = self.screen
        screen.focus(TITLE)
        time.sleep(1.5)
        screen.fill(TITLE)
        screen.focus(TITLE)
        screen.type("Wang")
        # Colour, language of the cards, PIN, then the tick.
        screen.press("Tab", "Tab", "Tab", "Tab", "space", "Return")
        wait_until(lambda: any(self.data.glob("learners/*/learner.sqlite")))
        time.sleep(1.5)
        screen.press(DESK_KEY)
        time.sleep(1.5)

    def insert(self, letter: str) -> None:
        """Put a block in from the menu."""
        self.screen.press("ctrl+i")
        time.sleep(0.4)
        self.screen.press(letter)
        self.back()

    def choose(self, letter: str) -> None:
        """One of the fixes in the menu that is open."""
        time.sleep(0.5)
        self.screen.press(letter)
        self.back()

    def back(self) -> None:
        """A dialog has closed: where nobody manages windows, the focus has to be given back."""
        time.sleep(0.6)
        self.screen.focus(TITLE)
        time.sleep(0.2)

    def drafts(self) -> list[str]:
        """The texts that are on the disk as drafts now."""
        drafts = Drafts(self.data / "drafts")
        try:
            return [one.text for one in drafts.all()]
        finally:
            drafts.close()


def wait_until(true: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.1)
    assert true()


@pytest.fixture
def desk(tmp_path: Path, screen: Screen) -> Desk:
    return Desk(tmp_path, screen)


def test_a_rule_with_three_kinds_of_card_in_both_languages(desk: Desk) -> None:
    screen = desk.screen
    new = desk.data / "content" / "platforms" / "amazon" / "refunds.md"
    translation = new.with_name("refunds.zh.md")
    with running(desk.command(), desk.environment) as process:
        desk.sign_up()
        screen.press("ctrl+n")
        time.sleep(0.8)
        screen.type("Refunds")
        screen.press("Return")
        wait_until(translation.exists)
        desk.back()
        # A rule, from the menu: Tab goes from place to place.
        desk.insert("r")
        for words in (
            "Refund in time",
            "A refund is due within 2 days.",
            "a claim against the shop",
            "Refund rules",
            "https://example.org/refunds",
            "2026-11",
        ):
            screen.type(words)
            screen.press("Tab")
        # Three kinds of card below it, two of them with a mistake.
        desk.insert("s")
        for words in (
            "When is a refund due?",
            "Within 2 days",
            "Within 9 days",
            "Too late.",
            "Never",
        ):
            screen.type(words)
            screen.press("Tab")
        desk.insert("f")
        for words in ("A refund may wait for a month.", "false", "It is due within 2 days."):
            screen.type(words)
            screen.press("Tab")
        desk.insert("n")
        screen.type("How long may a refund take? {#Refund_Days}")  # no id looks like that
        screen.press("Tab")
        screen.type("two days")  # and this is no number
        screen.press("Tab")
        wait_until(lambda: any("two days" in text for text in desk.drafts()))
        time.sleep(0.5)
        # Both are underlined and listed. F8 goes to the first, Ctrl+. mends it.
        screen.press("ctrl+Home", "F8", "ctrl+period")
        time.sleep(0.8)
        screen.press("F8", "End")
        screen.press(*["BackSpace"] * len("two days"))
        screen.type("2 days")
        time.sleep(0.8)
        # What is left: ids, and the words in Chinese.
        screen.press("ctrl+Home", "F8", "ctrl+period")
        desk.choose("1")  # ids for everything
        screen.press("ctrl+Home", "F8", "ctrl+period")
        desk.choose("2")  # all that is missing, to be translated
        screen.press("ctrl+shift+s")  # what it does to students
        time.sleep(0.8)
        screen.press("Return")
        desk.back()
        screen.press("ctrl+s")
        time.sleep(0.8)
        screen.press("Return")
        wait_until(lambda: "Refund in time" in translation.read_text(encoding="utf-8"))
        wait_until(lambda: desk.drafts() == [])
        assert process.poll() is None
    english, findings = parse_deck(new.read_bytes(), new, "platforms/amazon/refunds", "en")
    rule = next(one for one in english.rules if one.title == "Refund in time")
    kinds = [type(one.body).__name__ for one in english.cards if one.rule_id == rule.rule_id]
    assert kinds == ["Choice", "TrueFalse", "Number"]
    assert findings == ()
    assert lint([new, translation], date(2026, 12, 1)).findings == ()
    chinese, _ = parse_deck(translation.read_bytes(), new, "platforms/amazon/refunds", "zh")
    assert [one.card_id for one in chinese.cards] == [one.card_id for one in english.cards]
    assert not any("#~" in one.card_id for one in english.cards)


def test_a_power_cut_in_the_middle_of_a_word(desk: Desk) -> None:
    screen = desk.screen
    with running(desk.command(), desk.environment) as process:
        desk.sign_up()
        screen.type("orders")
        screen.press("Return", "Return")
        time.sleep(1.0)
        screen.press("ctrl+End")
        screen.type("Q: ")
        time.sleep(1.5)  # what was typed until then is on the disk
        assert desk.drafts() == [f"{DECK}Q: "]
        words = "".join(f"word {number} " for number in range(200))
        typing = subprocess.Popen(
            ["xdotool", "type", "--delay", "40", words], env=screen.environment
        )
        time.sleep(5.0)
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)
        typing.kill()
        typing.wait(timeout=10)
    (draft,) = desk.drafts()
    typed = draft.removeprefix(f"{DECK}Q: ")
    assert words.startswith(typed)  # not a key is missing in between
    # Some 25 keys a second for five seconds, of which the last second may be missing.
    assert len(typed) > 40
    assert desk.path.read_text(encoding="utf-8") == DECK
    # After the next start the draft is offered; Enter goes on with it, Ctrl+S saves it.
    with running(desk.command(), desk.environment):
        screen.focus(TITLE)
        time.sleep(2.5)
        screen.focus(TITLE)
        screen.press(DESK_KEY)
        time.sleep(1.5)
        screen.press("Return")
        desk.back()
        screen.press("ctrl+s")
        time.sleep(1.0)
        screen.press("Return")
        wait_until(lambda: "word 3 word 4" in desk.path.read_text(encoding="utf-8"))
