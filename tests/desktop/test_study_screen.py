"""Study in a real window over real files, by keyboard alone."""

from concurrent.futures import Future
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from trainer.cards.response import (
    Chosen,
    Entered,
    GaveUp,
    Judged,
    Matched,
    Ordered,
    SelfGraded,
    from_text,
)
from trainer.desktop.rating_bar import RatingKey
from trainer.desktop.study_screen import StudyScreen
from trainer.foundation.errors import TrainerError
from trainer.presenters.study import Phase
from trainer.scheduling.rating import Rating
from trainer.services.study import Selection

ENTER = Qt.Key.Key_Return

RULE = """## Order defects {#odr}

Keep defective orders **below 1 %**.

Penalty: The account can be closed.
Source: [Performance](https://example.org/odr) (2026-10)
Source: [Health](https://example.org/h) (undated)
Verify: secondary source only
Was: Until 2023 the limit was 2 %.
Elsewhere: eBay allows 2 %.

"""
RECALL = "Q: Which limit? {#limit}\nA: 1 %\nWhy: It is what Amazon says.\n\n"
CHOICE = """Q: 5 of 400? {#five}
- [x] too many
- [ ] fine
  > That is eBay's limit.

"""
KINDS = {
    "recall": RECALL,
    "term": "T: ODR {#t}\nD: order defect rate\n\n",
    "cloze": "C: after a ==claim== it counts {#c}\n\n",
    "single-choice": CHOICE,
    "multiple-response": "Q: Which? {#m}\n- [x] a\n- [x] b\n- [ ] c\n  > no\n\n",
    "true-false": "Q: Is 1 % below 1 %? {#tf}\nA: false\nWhy: No.\n\n",
    "number": "Q: 5 of 400? {#n}\nA: = 1.25 % ± 0.05\n\n",
    "typed": "Q: Colour? {#ty}\nA: ~ colour / color\n\n",
    "ordering": "Q: Order? {#o}\n1. one\n2. two\n3. three\n\n",
    "matching": "Q: Match? {#ma}\n\n| M | L |\n| --- | --- |\n| a | 1 |\n| b | 2 |\n\n",
    "parametric": (
        "Q: {x} doubled? {#p}\n```params\nx: 2..9\nanswer: x * 2\n```\nWhy: {x} * 2 = {answer}\n\n"
    ),
}


def start(room: Any, *cards: str, **look: Any) -> StudyScreen:
    size = {key: look.pop(key) for key in ("width", "height") if key in look}
    room.write(RULE + "".join(cards))
    screen = StudyScreen(room.desk(**look))
    room.show(screen, **size)
    return screen


def phase(screen: StudyScreen) -> Phase:
    assert screen._presenter is not None
    return screen._presenter.phase


def reviews(room: Any) -> list[Any]:
    """The log: card, rating, response, right or not."""
    room.learner.writer.flush()
    rows = room.learner.connection.execute(
        "select card_id, rating, response, correct, kind from review order by review_id"
    ).fetchall()
    return [
        (card.rpartition("#")[2], Rating(rating), from_text(response), correct)
        for card, rating, response, correct, kind in rows
        if kind == "review"
    ]


def words(screen: QWidget) -> str:
    """All words that are seen."""
    shown = [label.accessibleName() for label in screen.findChildren(QLabel) if label.isVisible()]
    shown += [
        widget.accessibleName()
        for widget in screen.findChildren(QWidget)
        if widget.isVisible() and not isinstance(widget, QLabel)
    ]
    return "\n".join(shown)


# One right answer for each kind, with keys alone.
def answer_by_keys(room: Any, screen: StudyScreen, kind: str) -> None:
    assert screen._presenter is not None
    asked = screen._presenter.asked
    assert asked is not None
    order = asked.showing.order
    match kind:
        case "recall" | "term" | "cloze":
            pass
        case "single-choice":
            room.press("ABC"[order.index(0)])
        case "multiple-response":
            room.press(str(order.index(0) + 1), "ABC"[order.index(1)])
        case "true-false":
            room.press("f")
        case "number":
            room.press("1.25")
        case "typed":
            room.press("Colour")
        case "ordering":
            for place in range(3):
                now = screen.sheet.answers.response()
                assert isinstance(now, Ordered)
                room.press(*[Qt.Key.Key_Up] * 3, *[Qt.Key.Key_Down] * now.steps.index(place))
                room.press(str(place + 1))
        case "matching":
            for left in range(2):
                room.press("AB"[order.index(left)])
        case "parametric":
            assert asked.showing.answer is not None
            room.press(str(asked.showing.answer))
    room.press(ENTER)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_answered_by_keyboard_alone(classroom: Any, kind: str) -> None:
    screen = start(classroom, KINDS[kind])
    answer_by_keys(classroom, screen, kind)
    assert phase(screen) is Phase.ANSWERED
    assert isinstance(QApplication.focusWidget(), RatingKey)
    classroom.press(ENTER)
    ((_, rating, response, correct),) = reviews(classroom)[:1]
    assert rating is Rating.GOOD
    expected = {
        "single-choice": Chosen((0,)),
        "multiple-response": Chosen((0, 1)),
        "true-false": Judged(False),
        "number": Entered("1.25"),
        "typed": Entered("Colour"),
        "ordering": Ordered((0, 1, 2)),
        "matching": Matched((0, 1)),
    }
    if kind != "parametric":
        assert response == expected.get(kind, SelfGraded())
    assert correct == (None if kind in {"recall", "term", "cloze"} else 1)


@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        (kind, [Qt.Key.Key_0] if kind not in {"cloze", "number", "typed", "parametric"} else [])
        for kind in KINDS
        if kind not in {"recall", "term"}
    ],
)
def test_i_do_not_know_has_a_key_in_every_kind(
    classroom: Any, kind: str, keys: list[Qt.Key]
) -> None:
    start(classroom, KINDS[kind])
    focused = QApplication.focusWidget()
    assert focused is not None
    if keys:
        classroom.press(*keys)
    else:
        QTest.keyClick(focused, ENTER, Qt.KeyboardModifier.ControlModifier)
    classroom.press(ENTER)
    assert reviews(classroom)[0][1:3] == (Rating.AGAIN, GaveUp())


def test_the_question_stands_alone_until_it_is_answered(classroom: Any) -> None:
    screen = start(classroom, RECALL)
    assert "below 1 %" not in words(screen)
    assert screen.sheet.question.toPlainText() == "Which limit?"
    classroom.press(Qt.Key.Key_Space)
    told = words(screen)
    for expected in (
        "1 %",
        "It is what Amazon says.",
        "Keep defective orders below 1 %.",
        "The account can be closed.",
        "Performance · 2026-10",
        "Health · undated",
        "secondary source only",
        "Until 2023 the limit was 2 %.",
        "eBay allows 2 %.",
    ):
        assert expected in told


def test_each_rating_says_when_the_card_comes_back(classroom: Any) -> None:
    screen = start(classroom, RECALL)
    classroom.press(ENTER)
    names = [key.accessibleName() for key in screen._rating.keys.values()]
    assert [name.partition(" ")[0] for name in names] == ["Again", "Hard", "Good", "Easy"]
    assert all(any(unit in name for unit in ("min", " h", " d")) for name in names)


@pytest.mark.parametrize(("key", "rating"), [("1", 1), ("2", 2), ("3", 3), ("4", 4)])
def test_figures_rate(classroom: Any, key: str, rating: int) -> None:
    start(classroom, RECALL)
    classroom.press(ENTER, key)
    assert reviews(classroom)[0][1] == rating


def test_arrows_choose_another_rating_and_enter_takes_it(classroom: Any) -> None:
    start(classroom, RECALL)
    classroom.press(ENTER, Qt.Key.Key_Right, ENTER)
    assert reviews(classroom)[0][1] is Rating.EASY


def test_a_wrong_answer_proposes_again(classroom: Any) -> None:
    screen = start(classroom, CHOICE)
    assert screen._presenter is not None
    assert screen._presenter.asked is not None
    wrong = screen._presenter.asked.showing.order.index(1)
    classroom.press("AB"[wrong], ENTER)
    assert "Not right" in words(screen)
    assert "That is eBay's limit." in screen.sheet.answers.findChildren(QAbstractButton)[
        wrong
    ].content.note.replace("&#x27;", "'")  # type: ignore[attr-defined] # a Row
    classroom.press(ENTER)
    assert reviews(classroom)[0][1] is Rating.AGAIN


@pytest.mark.parametrize(
    ("key", "modifiers"),
    [
        (Qt.Key.Key_Z, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier),
        (Qt.Key.Key_Z, Qt.KeyboardModifier.AltModifier),
    ],
)
def test_undo_takes_the_answer_back(
    classroom: Any, key: Qt.Key, modifiers: Qt.KeyboardModifier
) -> None:
    screen = start(classroom, RECALL, CHOICE)
    classroom.press(ENTER, ENTER)
    assert screen.sheet.question.toPlainText() == "5 of 400?"
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key, modifiers)
    classroom.settle()
    assert screen.sheet.question.toPlainText() == "Which limit?"
    classroom.learner.writer.flush()
    kinds = classroom.learner.connection.execute("select kind from review order by review_id")
    assert [row[0] for row in kinds] == ["review", "undo"]


def test_undo_works_from_the_finished_page_too(classroom: Any) -> None:
    screen = start(classroom, RECALL)
    classroom.press(ENTER, "4")
    assert phase(screen) is Phase.FINISHED
    classroom.press("z")
    assert phase(screen) is Phase.ASKING


def test_undo_in_a_field_is_first_of_what_was_typed(classroom: Any) -> None:
    screen = start(classroom, KINDS["typed"], RECALL)
    classroom.press("colour")
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert screen.sheet.answers.response() is None
    assert phase(screen) is Phase.ASKING


def test_letters_that_answer_are_no_commands_but_with_alt(classroom: Any) -> None:
    screen = start(classroom, KINDS["multiple-response"])
    classroom.press("a", "b")
    assert phase(screen) is Phase.ASKING
    response = screen.sheet.answers.response()
    assert isinstance(response, Chosen)
    assert len(response.options) == 2
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, Qt.Key.Key_B, Qt.KeyboardModifier.AltModifier)
    assert phase(screen) is not Phase.ASKING


def test_marks_are_shown_and_kept(classroom: Any) -> None:
    screen = start(classroom, RECALL)
    classroom.press("f", "a")
    told = words(screen)
    assert "Flagged" in told
    assert "For the teacher" in told
    classroom.learner.writer.flush()
    marks = classroom.learner.connection.execute("select kind from mark order by mark_id")
    assert [row[0] for row in marks] == ["flag", "ask"]


def test_the_card_flips_between_languages(classroom: Any) -> None:
    classroom.write("## 缺陷 {#odr}\n\n低于 1 %。\n\n问：上限？ {#limit}\n答：1 %\n", language="zh")
    screen = start(classroom, RECALL)
    classroom.press("l")
    assert screen.sheet.question.toPlainText() == "上限？"
    classroom.press(ENTER)
    assert "低于" in words(screen)
    classroom.press("l")
    assert "Keep defective orders" in words(screen)


def test_saved_is_said_when_it_is_on_the_disk(classroom: Any) -> None:
    screen = start(classroom, RECALL, CHOICE)
    classroom.press(ENTER, ENTER)
    classroom.wait(lambda: screen._note.isVisible() and screen._note.words.words == "Saved")
    assert not screen._saving_timer.isActive()


def test_a_disk_that_refuses_is_told_and_the_line_stays(
    classroom: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = start(classroom, RECALL, CHOICE, KINDS["true-false"])
    refused: Future[None] = Future()
    refused.set_exception(TrainerError("disk.full", path="D:"))
    submit = classroom.learner.writer.submit
    monkeypatch.setattr(classroom.learner.writer, "submit", lambda _statements: refused)
    classroom.press(ENTER, ENTER)
    classroom.wait(screen._trouble.isVisible)
    assert "not on the disk yet" in screen._trouble.words.words
    monkeypatch.setattr(classroom.learner.writer, "submit", submit)
    classroom.press("f")
    assert screen._trouble.isVisible()
    answer_by_keys(classroom, screen, "single-choice")
    classroom.press(ENTER)
    classroom.wait(lambda: not screen._trouble.isVisible())


def test_a_finished_sitting_says_what_comes_tomorrow(classroom: Any) -> None:
    screen = start(classroom, RECALL)
    classroom.press(ENTER, "4")
    assert phase(screen) is Phase.FINISHED
    classroom.wait(lambda: "Tomorrow" in words(screen))
    assert "1 answer" in words(screen)
    classroom.press(ENTER)
    assert classroom.shell.asked == [("go", "today")]


def test_learning_cards_are_counted_down_or_brought_forward(classroom: Any) -> None:
    screen = start(classroom, RECALL)
    classroom.press(ENTER, "1")
    assert phase(screen) is Phase.WAITING
    assert screen._waiting_timer.isActive()
    before = screen.ends._clock
    assert before is not None
    shown = before.words
    classroom.clock.advance(timedelta(seconds=20))
    screen._tick()
    assert screen.ends._clock is before
    assert before.words != shown
    classroom.press(ENTER)
    assert phase(screen) is Phase.ASKING
    assert not screen._waiting_timer.isActive()


def test_waiting_ends_by_itself(classroom: Any) -> None:
    screen = start(classroom, RECALL)
    classroom.press(ENTER, "1")
    classroom.clock.advance(timedelta(hours=2))
    screen._tick()
    assert phase(screen) is Phase.ASKING


def test_nothing_to_study_says_what_to_do_instead(classroom: Any) -> None:
    screen = start(classroom)
    assert phase(screen) is Phase.EMPTY
    assert "Nothing waits here now" in words(screen)
    classroom.press(ENTER)
    assert classroom.shell.asked == [("go", "quiz")]


def test_a_changed_answer_is_announced_and_then_compared(classroom: Any) -> None:
    screen = start(classroom, RECALL)
    classroom.press(ENTER, "4")
    screen.close_down()
    classroom.write(RULE + RECALL.replace("A: 1 %", "A: 2 %"))
    classroom.clock.advance(timedelta(days=2))
    screen.start(Selection())
    assert phase(screen) is Phase.ASKING
    assert "This rule has changed since you learned it" in words(screen)
    assert "2 %" not in screen.sheet.question.toPlainText()
    assert not screen.sheet.change.new.isVisible()
    classroom.press(ENTER)
    assert screen.sheet.change.old.toPlainText() == "1 %"
    assert screen.sheet.change.new.toPlainText() == "2 %"


def test_another_look_goes_on_in_the_middle_of_an_answer(classroom: Any) -> None:
    first = start(classroom, KINDS["typed"], RECALL)
    classroom.press("col")
    kept = first.kept()
    first.close_down()
    second = StudyScreen(classroom.desk(theme="dark", language="zh_CN", scale=150))
    second.take_up(kept)
    classroom.show(second)
    assert second.sheet.answers.response() == Entered("col")
    classroom.press("our", ENTER, ENTER)
    assert reviews(classroom)[0][2] == Entered("colour")


def test_a_chosen_chapter_is_what_is_studied(classroom: Any) -> None:
    screen = start(classroom, RECALL)
    other = classroom.write("Q: Other? {#other}\nA: yes\n", "other", platform="ebay")
    screen.start(Selection(decks=(other,)))
    assert screen.sheet.question.toPlainText() == "Other?"


def test_coming_back_to_a_finished_page_looks_for_new_cards(classroom: Any) -> None:
    screen = start(classroom, RECALL)
    classroom.press(ENTER, "4")
    classroom.write("Q: Fresh? {#fresh}\nA: yes\n", "fresh")
    screen.on_shown()
    assert screen.sheet.question.toPlainText() == "Fresh?"


def test_a_key_held_down_is_one_answer(classroom: Any) -> None:
    screen = start(classroom, RECALL, CHOICE)
    focused = QApplication.focusWidget()
    assert focused is not None
    nothing = Qt.KeyboardModifier.NoModifier
    QTest.keyPress(focused, ENTER)
    for _ in range(5):
        held = QKeyEvent(QEvent.Type.KeyPress, ENTER, nothing, "\r", True)
        QApplication.sendEvent(QApplication.focusWidget() or screen, held)
    assert phase(screen) is Phase.ANSWERED
    assert reviews(classroom) == []


def test_reading_elsewhere_is_no_time_to_answer(classroom: Any) -> None:
    screen = start(classroom, RECALL)
    screen.hide()
    classroom.clock.advance(timedelta(minutes=5))
    screen.show()
    classroom.clock.advance(timedelta(seconds=3))
    screen.check()
    screen._rate(Rating.GOOD)
    classroom.learner.writer.flush()
    (taken,) = classroom.learner.connection.execute("select taken_ms from review").fetchone()
    assert taken == 3000


def test_a_file_that_cannot_be_opened_is_told(
    classroom: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = start(classroom, RECALL)

    def refuse() -> None:
        raise TrainerError("file.locked", path="x")

    monkeypatch.setattr(classroom.learner, "connect", refuse)
    screen.start(Selection())
    assert [error.code for error in classroom.shell.said] == ["file.locked"]
    assert "Nothing waits here now" in words(screen)


def test_escape_leads_back(classroom: Any) -> None:
    start(classroom, KINDS["typed"])
    classroom.press(Qt.Key.Key_Escape)
    assert classroom.shell.asked == [("go", "today")]


def test_every_shortcut_has_words_in_both_languages(
    classroom: Any, messages: Any, chinese_messages: Any
) -> None:
    screen = start(classroom, RECALL)
    for _, code in screen.shortcuts():
        assert messages.knows(code)
        assert chinese_messages.knows(code)


def test_every_control_has_a_name_and_can_be_reached(classroom: Any) -> None:
    screen = start(classroom, CHOICE)
    classroom.press("A")
    for button in screen.findChildren(QAbstractButton):
        if button.isVisible():
            assert button.accessibleName()
            assert button.focusPolicy() != Qt.FocusPolicy.NoFocus


@pytest.mark.parametrize("kind", KINDS)
def test_where_the_keyboard_goes_the_question_can_be_heard(classroom: Any, kind: str) -> None:
    screen = start(classroom, KINDS[kind])
    focused = QApplication.focusWidget()
    assert focused is not None
    heard = focused.accessibleName() + focused.accessibleDescription()
    assert screen.sheet.question.toPlainText() in heard


def beyond(screen: QWidget) -> list[str]:
    """Visible controls and words that stick out at a side of the page, or are cut short."""
    page = QRect(QPoint(0, 0), screen.size())
    found = []
    for part in screen.findChildren(QWidget):
        if not part.isVisible() or part.width() == 0:
            continue
        box = QRect(part.mapTo(screen, QPoint(0, 0)), part.size())
        if box.left() < page.left() or box.right() > page.right():
            found.append(f"{type(part).__name__} {part.accessibleName()!r} {box}")
        if isinstance(part, QAbstractButton) and part.height() < part.sizeHint().height() - 1:
            found.append(f"low: {part.accessibleName()!r}")
        if isinstance(part, RatingKey) and part.width() < part.minimumSizeHint().width():
            found.append(f"narrow: {part.accessibleName()!r}")
    return found


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize(
    ("scale", "width", "height"),
    [(100, 1190, 768), (150, 1282, 768), (200, 1254, 768), (100, 627, 384)],
)
def test_nothing_is_cut_at_any_scale(
    classroom: Any, language: str, scale: int, width: int, height: int
) -> None:
    screen = start(
        classroom, *KINDS.values(), language=language, scale=scale, width=width, height=height
    )
    assert screen._presenter is not None
    seen = 0
    while (asked := screen._presenter.asked) is not None and seen < len(KINDS):
        seen += 1
        assert beyond(screen) == [], asked.kind
        answer_by_keys(classroom, screen, asked.kind)
        assert beyond(screen) == [], asked.kind
        classroom.press("4")
    assert seen == len(KINDS)
