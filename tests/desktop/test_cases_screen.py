"""A case in a real window over real files."""

from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from trainer.desktop.account_meter import Scale
from trainer.desktop.cases_screen import CasesScreen
from trainer.desktop.study_screen import StudyScreen
from trainer.presenters.cases import Phase

ENTER = Qt.Key.Key_Return
BACK = Qt.Key.Key_Backspace
ESC = Qt.Key.Key_Escape

BODY = """## The record {{#ip .track window="365 days"}}

| Points | What happens |
| ---: | --- |
| 2 | Warning |
| 8 | No listing for 3 days |
| 12 | Account closed |

Source: [Rules](https://example.org/) (2026-11)

## The prices {{#prices .violations track=ip}}

| Violation | Points |
| --- | ---: |
| Counterfeit {{#counterfeit}} | 6 |

Source: [Rules](https://example.org/) (2026-11)

Q: What does a counterfeit cost? {{#cost}}
A: = 6 points

## Fines {{#fines .fines}}

| Breach | Fine | Remarks |
| --- | --- | --- |
| Late shipment {{#late}} | US$50 | each time |

Source: [Rules](https://example.org/) (2026-11)

## Scenario: The sample {{#sample}}
Shop: {platform}, 40 orders a day, 4 points on the ip track

### A logo {{#start}}

The sample has a **logo**.

- [ ] [List it](#caught) {{violation=counterfeit}}
  > That is a counterfeit.
- [x] [Ask for the letter](#letter)
  > A letter is proof.

### Letter {{#letter}}

The letter comes late.

- [x] [Tell the buyer](#good)
- [ ] [Pretend to ship](#good) {{violation=late}}

### Caught {{#caught}}

The goods are gone.

### Good {{#good}}

The buyer is content.
"""


def write(room: Any, platform: str = "amazon") -> None:
    room.write(BODY.format(platform=platform), platform=platform, title=f"Points of {platform}")


def start(room: Any, **look: Any) -> CasesScreen:
    size = {key: look.pop(key) for key in ("width", "height") if key in look}
    screen = CasesScreen(room.desk(**look))
    room.show(screen, **size)
    read(room, screen)
    return screen


def read(room: Any, screen: CasesScreen) -> None:
    """Wait until the decks are read for the list."""
    room.wait(lambda: screen._task is None)
    room.settle()


def phase(screen: CasesScreen) -> Phase:
    return screen._presenter.phase


def key_of(screen: CasesScreen, text: str) -> str:
    """The letter of a decision: their order is shuffled."""
    row = next(row for row in screen.play.rows if row.content.spoken == text)
    return row.content.caps.lower()


def seen(screen: QWidget) -> str:
    shown = [label.accessibleName() for label in screen.findChildren(QLabel) if label.isVisible()]
    shown += [
        widget.accessibleName()
        for widget in screen.findChildren(QWidget)
        if widget.isVisible() and not isinstance(widget, QLabel)
    ]
    return "\n".join(shown)


def click(screen: CasesScreen, words: str) -> None:
    button = next(
        button
        for button in screen.findChildren(QAbstractButton)
        if button.isVisible() and button.accessibleName().startswith(words)
    )
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    QApplication.processEvents()


def test_a_whole_case_by_keyboard(classroom: Any) -> None:
    write(classroom)
    screen = start(classroom)
    assert "The sample, 4 steps" in seen(screen)
    classroom.press(ENTER)
    assert phase(screen) is Phase.DECIDING
    assert "The record: 4 points. Next, at 8 points: No listing for 3 days" in seen(screen)
    classroom.press(key_of(screen, "List it"))
    told = seen(screen)
    assert "List it, Costly" in told
    assert "Ask for the letter, The better way" in told
    assert "Counterfeit: 6 points" in told
    assert "The record: from 4 points to 10 points" in told
    assert "Reached, at 8 points: No listing for 3 days" in told
    assert "The record: 10 points. Next, at 12 points: Account closed" in told
    classroom.press(ENTER)
    assert phase(screen) is Phase.ENDED
    told = seen(screen)
    assert "1 decision, and a costly one." in told
    assert "1. A logo, List it, Costly, +6 points" in told
    classroom.press(ENTER)
    ((asked, selection),) = classroom.shell.asked
    assert (asked, selection.cards) == ("study", ("platforms/amazon/health#cost",))


def test_figures_and_focus_choose_as_letters_do(classroom: Any) -> None:
    write(classroom)
    screen = start(classroom)
    classroom.press(ENTER, Qt.Key.Key_Down, ENTER)
    assert phase(screen) is Phase.DECIDED
    assert screen.play.rows[1].content.mark in {"right", "wrong"}
    classroom.press(BACK, "1")
    assert screen.play.rows[0].content.mark in {"right", "wrong"}


def test_decisions_are_taken_back_any_number_of_times(classroom: Any) -> None:
    write(classroom)
    screen = start(classroom)
    classroom.press(ENTER)
    classroom.press(key_of(screen, "Ask for the letter"), ENTER)
    classroom.press(key_of(screen, "Pretend to ship"))
    assert "Late shipment: US$50" in seen(screen)
    assert "Each time" in seen(screen)
    classroom.press(ENTER)
    assert "1 good decision, 1 costly one." in seen(screen)
    classroom.press(BACK, BACK, BACK)
    assert phase(screen) is Phase.DECIDING
    assert "Decision 1" in seen(screen)
    assert "US$50" not in seen(screen)
    assert not screen._back.isEnabled()


def test_a_good_end_leads_to_another_case_or_again(classroom: Any) -> None:
    write(classroom)
    screen = start(classroom)
    for way in ("r", ENTER):
        if phase(screen) is Phase.CHOOSING:
            classroom.press(ENTER)
        classroom.press(key_of(screen, "Ask for the letter"), ENTER)
        classroom.press(key_of(screen, "Tell the buyer"), ENTER)
        assert "2 decisions, all of them good." in seen(screen)
        assert not screen._study.isVisible()
        classroom.press(way)
    assert phase(screen) is Phase.CHOOSING
    assert screen.list.tiles[0].hasFocus()


def test_a_broken_rule_is_opened_in_the_handbook(classroom: Any) -> None:
    write(classroom)
    screen = start(classroom)
    classroom.press(ENTER)
    classroom.press(key_of(screen, "List it"), ENTER)
    click(screen, "Read: The prices")
    assert classroom.shell.asked == [("read", "platforms/amazon/health#prices")]


def test_esc_leaves_the_case_then_the_place(classroom: Any) -> None:
    write(classroom)
    screen = start(classroom)
    classroom.press(ENTER, ESC)
    assert phase(screen) is Phase.CHOOSING
    classroom.press(ESC)
    assert classroom.shell.asked == [("go", "today")]


def test_arrows_go_from_tile_to_tile(classroom: Any) -> None:
    for platform in ("amazon", "ebay", "wish"):
        write(classroom, platform)
    screen = start(classroom)
    tiles = screen.list.tiles
    assert tiles[0].hasFocus()
    classroom.press(Qt.Key.Key_Down)
    assert tiles[1].hasFocus()
    classroom.press(Qt.Key.Key_Right, Qt.Key.Key_Right)
    assert tiles[2].hasFocus()
    classroom.press(Qt.Key.Key_Up, Qt.Key.Key_Left, Qt.Key.Key_Left)
    assert tiles[0].hasFocus()


def test_without_cases_it_says_so(classroom: Any) -> None:
    classroom.write("Q: Only recall? {#q}\nA: yes\n")
    screen = start(classroom)
    assert "No cases yet" in seen(screen)
    classroom.press(Qt.Key.Key_Down)
    write(classroom)
    screen.on_shown()
    read(classroom, screen)
    assert "The sample, 4 steps" in seen(screen)


def test_a_case_that_is_gone_leaves_the_list(classroom: Any) -> None:
    write(classroom)
    screen = start(classroom)
    (classroom.content / "platforms" / "amazon" / "health.md").unlink()
    classroom.library.refresh()
    classroom.press(ENTER)
    read(classroom, screen)
    assert classroom.shell.toasts == ["This case is no longer in the decks."]
    assert "No cases yet" in seen(screen)


def test_another_look_goes_on_in_the_middle_of_a_case(classroom: Any) -> None:
    write(classroom)
    first = start(classroom)
    classroom.press(ENTER)
    classroom.press(key_of(first, "List it"))
    second = CasesScreen(classroom.desk(theme="dark", language="zh_CN"))
    second.take_up(first.kept())
    classroom.show(second)
    assert "有代价" in seen(second)
    assert "Counterfeit：6 分" in seen(second)
    classroom.press(ENTER, ESC)
    read(classroom, second)
    assert "The sample, 最好成绩：1 个决定付出代价 · 今天" in seen(second)


def test_a_fall_is_scrolled_into_sight(classroom: Any) -> None:
    write(classroom)
    screen = start(classroom, width=627, height=384)
    classroom.press(ENTER)
    classroom.press(key_of(screen, "List it"))
    (panel,) = screen.play.blows
    page = screen.play.viewport().rect()
    box = QRect(panel.mapTo(screen.play.viewport(), QPoint(0, 0)), panel.size())
    assert page.intersects(box)


@pytest.mark.parametrize("theme", ["light", "dark", "high-contrast"])
def test_the_meter_paints_what_was_added_in_danger(classroom: Any, theme: str) -> None:
    write(classroom)
    screen = start(classroom, theme=theme)
    classroom.press(ENTER)

    def reds() -> int:
        (scale,) = [each for each in screen.play.findChildren(Scale) if each.isVisible()]
        image = scale.grab().toImage()
        danger = screen._desk.look.colours.danger.lower()
        return sum(image.pixelColor(x, 4).name() == danger for x in range(image.width()))

    assert reds() == 0
    classroom.press(key_of(screen, "List it"))
    assert reds() > 100


def test_every_shortcut_has_words_in_both_languages(
    classroom: Any, messages: Any, chinese_messages: Any
) -> None:
    for _, code in start(classroom).shortcuts():
        assert messages.knows(code)
        assert chinese_messages.knows(code)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize(
    ("scale", "width", "height"), [(100, 1190, 768), (200, 1254, 768), (100, 627, 384)]
)
def test_nothing_sticks_out(
    classroom: Any, language: str, scale: int, width: int, height: int
) -> None:
    for platform in ("amazon", "made-in-china", "alibaba"):
        write(classroom, platform=platform)
    screen = start(classroom, language=language, scale=scale, width=width, height=height)
    for choice in ("", "List it", "Continue"):
        if choice == "List it":
            classroom.press(ENTER)
            classroom.press(key_of(screen, choice))
        elif choice:
            classroom.press(ENTER)
        page = QRect(QPoint(0, 0), screen.size())
        for part in screen.findChildren(QWidget):
            if part.isVisible() and part.width():
                box = QRect(part.mapTo(screen, QPoint(0, 0)), part.size())
                assert page.left() <= box.left(), part.accessibleName()
                assert box.right() <= page.right(), part.accessibleName()


def test_the_list_says_what_was_done_and_a_case_is_gone_on_with(classroom: Any) -> None:
    write(classroom)
    screen = start(classroom)
    classroom.press(ENTER)
    classroom.press(key_of(screen, "Ask for the letter"), ENTER, ESC)
    assert "The sample, Begun: decision 2 is next" in seen(screen)

    again = start(classroom)  # as after the program was closed
    assert "The sample, Begun: decision 2 is next" in seen(again)
    classroom.press(ENTER)
    assert classroom.shell.toasts == ["You go on where you stopped. R begins the case anew."]
    assert "Decision 2" in seen(again)
    classroom.press(key_of(again, "Tell the buyer"), ENTER, ESC)
    assert "The sample, Done without a costly decision · Today" in seen(again)
    assert "1 of 1 cases done" in seen(again)


def test_r_begins_a_case_anew_in_the_middle(classroom: Any) -> None:
    write(classroom)
    screen = start(classroom)
    classroom.press(ENTER)
    classroom.press(key_of(screen, "Ask for the letter"), ENTER, "r")
    assert phase(screen) is Phase.DECIDING
    assert "Decision 1" in seen(screen)
    assert "List it" in seen(screen)


@pytest.mark.parametrize("theme", ["light", "dark", "high-contrast"])
def test_the_map_is_walked_by_arrows_and_says_each_step(classroom: Any, theme: str) -> None:
    write(classroom)
    screen = start(classroom, theme=theme)
    classroom.press(ENTER)
    classroom.press(key_of(screen, "Ask for the letter"), ENTER)
    classroom.press(key_of(screen, "Pretend to ship"), ENTER)
    card = screen.debrief.map
    assert card is not None
    boxes = card.board.boxes
    assert boxes["start"].accessibleName() == (
        "A logo. On your road, number 1. List it: Costly. Ask for the letter: Good decision, taken"
    )
    assert boxes["caught"].accessibleName() == "Caught. Not on your road. The end"
    boxes["start"].setFocus(Qt.FocusReason.TabFocusReason)
    classroom.press(Qt.Key.Key_Down, Qt.Key.Key_Right)
    walked = {name for name, box in boxes.items() if box.hasFocus()}
    assert walked == {"letter"} or walked == {"caught"}
    classroom.press(Qt.Key.Key_Left)
    boxes["letter"].setFocus(Qt.FocusReason.TabFocusReason)
    assert "Tell the buyer, The better way, Leads to: Good" in seen(card)
    assert "Pretend to ship, Costly, taken, Leads to: Good" in seen(card)
    classroom.settle()
    shapes = [box.geometry() for box in boxes.values()]
    board = card.board.rect()
    for place, shape in enumerate(shapes):
        assert board.contains(shape)
        assert not any(shape.intersects(other) for other in shapes[place + 1 :])


def test_a_decision_can_be_taken_anew_from_the_map(classroom: Any) -> None:
    write(classroom)
    screen = start(classroom)
    classroom.press(ENTER)
    classroom.press(key_of(screen, "Ask for the letter"), ENTER)
    classroom.press(key_of(screen, "Pretend to ship"), ENTER)
    click(screen, "Decide anew here: A logo")
    assert phase(screen) is Phase.DECIDING
    assert "Decision 1" in seen(screen)


def test_broken_rules_are_said_to_come_soon(classroom: Any) -> None:
    write(classroom)
    screen = start(classroom)
    classroom.press(ENTER)
    classroom.press(key_of(screen, "List it"), ENTER)
    assert "1 card of the broken rules comes next in Study." in seen(screen)
    classroom.learner.writer.flush()
    rows = classroom.learner.connection.execute("select card_id, kind from mark").fetchall()
    assert rows == [("platforms/amazon/health#cost", "soon")]


SCORE = """## The score {#score .track falls-from=200 window="180 days"}

| Score | What it means |
| ---: | --- |
| 199 | At risk |
| 99 {at-risk="while reached"} | Can be closed |

Source: [Rules](https://example.org/) (2026-11)

## Graded {#graded .fines track=score}

| Breach | Cost | Remarks |
| --- | --- | --- |
| Bad listing {#listing} | not published | |

Source: [Rules](https://example.org/) (2026-11)

## Scenario: Yellow {#yellow}
Shop: amazon, 32 points on the score track

### Monday {#start}

The score is 168.

- [ ] [Wait](#end) {violation=listing points=76}
- [x] [Mend it](#end)

### End {#end}

It is over.
"""


def test_a_score_that_falls_is_shown_as_what_is_left(classroom: Any) -> None:
    classroom.write(SCORE)
    screen = start(classroom)
    classroom.press(ENTER)
    assert "The score: 168 points. Next, at 99 points: Can be closed" in seen(screen)
    classroom.press(key_of(screen, "Wait"))
    told = seen(screen)
    assert "Bad listing: 76 points" in told
    assert "The score: from 168 points to 92 points" in told
    assert "Reached, at 99 points: Can be closed" in told
    assert "The score: 92 points. Reached, at 99 points: Can be closed" in told
    assert "−76" in told
    classroom.press(ENTER)
    assert "1. Monday, Wait, Costly, −76 points" in seen(screen)


HEALTH = """## Metrics {#metrics .metrics}

| Metric | Formula | Window | Limit | Beyond it |
| --- | --- | --- | --- | --- |
| Late rate {#late-rate} | late / all | 30 days | < 4 % | Listings hidden |

Source: [Rules](https://example.org/) (2026-11)

## The record {#ip .track window="365 days"}

| Points | What happens |
| ---: | --- |
| 6 {frozen="7 days"} | Account frozen for 7 days |

Source: [Rules](https://example.org/) (2026-11)

## Prices {#prices .violations track=ip}

| Violation | Points |
| --- | ---: |
| Copy {#copy} | 6 |

Source: [Rules](https://example.org/) (2026-11)

## Fines {#fines .fines}

| Breach | Fine | Remarks |
| --- | --- | --- |
| Late parcel {#late} | 20 % of the order value, at least US$1 | |

Source: [Rules](https://example.org/) (2026-11)

## Scenario: A bad week {#week}
Shop: amazon, 40 orders a day, 3000 USD, late-rate 3/100

### Monday {#start}

What now?

- [ ] [Wait](#second) {violation="copy late" value=50 count=10 days=3 money=-40 metric="late-rate 7/100"}
- [x] [Work](#second)

### Thursday {#second}

And now?

- [x] [Rest a week](#end) {days=7}
- [ ] [Rest](#end)

### End {#end}

It is over.
"""  # noqa: E501 - a table row and a decision cannot be broken


def test_the_account_shows_days_money_metrics_and_what_is_in_force(classroom: Any) -> None:
    classroom.write(HEALTH)
    screen = start(classroom)
    classroom.press(ENTER)
    told = seen(screen)
    assert "Day 1" in told
    assert "3,000 USD in the till" in told
    assert "Late rate: 3 %. 3 of 100; the limit is < 4 %" in told
    classroom.press(key_of(screen, "Wait"))
    told = seen(screen)
    assert "Day 4" in told
    assert "2,860 USD in the till" in told, "10 fines of 20 % of 50, and 40"
    assert "−140" in told
    assert "Late rate: 5 %. 10 of 200; the limit is < 4 %. Listings hidden" in told
    assert "Account frozen until day 11" in told
    assert "Late parcel: 100 USD" in told
    classroom.press(ENTER)
    classroom.press(key_of(screen, "Rest a week"))
    assert "Account frozen until day 11" not in seen(screen), "it thawed on that day"


def test_the_cards_of_a_broken_rule_are_the_next_ones_in_study(classroom: Any) -> None:
    """A sitting is open before the case, and another is opened after it."""
    cards = "".join(f"Q: Card {n}? {{#c{n}}}\nA: {n}\n\n" for n in range(4))
    classroom.write(cards + BODY.format(platform="amazon"))
    study = StudyScreen(classroom.desk())
    classroom.show(study)
    assert study_card(study) == "platforms/amazon/health#c0"

    screen = start(classroom)
    classroom.press(ENTER)
    classroom.press(key_of(screen, "List it"), ENTER)
    assert phase(screen) is Phase.ENDED
    classroom.learner.writer.flush()

    classroom.show(study)
    study.on_shown()
    assert study_card(study) == "platforms/amazon/health#c0", "the card shown stays"
    classroom.press(ENTER, ENTER)
    assert study_card(study) == "platforms/amazon/health#cost"

    another = StudyScreen(classroom.desk())
    classroom.show(another)
    assert study_card(another) == "platforms/amazon/health#cost"


def study_card(study: StudyScreen) -> str:
    presenter = study._presenter
    assert presenter is not None
    assert presenter.asked is not None
    return str(presenter.asked.question.card.card_id)
