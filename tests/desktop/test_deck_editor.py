"""The deck editor in a real window, over real files: typing, findings, mending, preview, saving."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QImage, QInputMethodEvent, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu

from trainer.cards.response import Entered
from trainer.desktop.controls import Button, Toggle
from trainer.desktop.editor.decks_page import DecksPage
from trainer.desktop.editor.source_pane import SourcePane
from trainer.desktop.study_screen import StudyScreen
from trainer.desktop.text import Text
from trainer.foundation.source import Level
from trainer.presenters.editor import ASK_FOR_WORDING
from trainer.scheduling.rating import Rating
from trainer.services.snippets import SNIPPETS, filled, load_snippets
from trainer.services.study import Selection, open_study

BODY = """## Late {#late}

On time.

Source: Help (2026-10)

Q: How long? {#long}
A: = 5 days

Q: Which? {#which}
- [x] right
- [ ] wrong
"""
CHINESE = """## 迟到 {#late}

准时。

来源：Help（2026-10）

问：多久？ {#long}
答：= 5 天

问：哪个？ {#which}
- [x] 对的
- [ ] 错的
"""
POPUPS = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class Editor:
    """The page with a deck open in it, and hands on the keyboard."""

    def __init__(self, room: Any, **desk: Any) -> None:
        self.room = room
        self.deck_id = room.write(BODY)
        room.write(CHINESE, language="zh")
        self.page = self.open(**desk)

    def open(self, **desk: Any) -> DecksPage:
        page = DecksPage(self.room.desk(**desk))
        self.room.show(page, 1174, 768)
        page.presenter.open(self.deck_id)
        self.page = page
        self.checked()
        return page

    def path(self, language: str = "en") -> Path:
        suffix = "" if language == "en" else ".zh"
        return Path(self.room.content / f"{self.deck_id}{suffix}.md")

    def checked(self) -> None:
        """Wait until everything is said about the text as it is."""
        page = self.page

        def done() -> bool:
            buffer, checked = page.source.buffer, page._checked
            return (
                not page.checking.busy
                and not page._check_timer.isActive()
                and checked is not None
                and checked.whole
                and buffer is not None
                and checked.text == buffer.text
            )

        self.room.wait(done)

    def go(self, words: str) -> None:
        """Put the cursor at the end of the line that begins with `words`."""
        source = self.page.source
        source.setFocus()
        lines = source.toPlainText().split("\n")
        line = next(at for at, one in enumerate(lines) if one.startswith(words))
        source.go_to(line, len(lines[line]))
        QTest.qWait(40)

    def type(self, text: str) -> None:
        if text.isascii():
            QTest.keyClicks(self.page.source, text)
            return
        committed = QInputMethodEvent()  # as a Chinese input method gives it
        committed.setCommitString(text)
        QApplication.sendEvent(self.page.source, committed)

    def key(self, key: Qt.Key, modifier: Any = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.page, key, modifier)
        self.room.settle()

    def codes(self) -> list[str]:
        self.checked()
        buffer = self.page.source.buffer
        return [one.code for one in buffer.findings] if buffer is not None else []

    def text(self) -> str:
        buffer = self.page.source.buffer
        assert buffer is not None
        return buffer.text

    def dialog(self) -> QDialog:
        self.room.wait(lambda: bool(self.dialogs()))
        return self.dialogs()[0]

    def dialogs(self) -> list[QDialog]:
        return [one for one in self.page.findChildren(QDialog) if one.isVisible()]

    def press(self, name: str, where: Any = None) -> None:
        button = (where or self.page).findChild(Button, name)
        assert button is not None, name
        button.click()
        self.room.settle()

    def seen(self) -> list[str]:
        return [one.words for one in self.page.preview.findChildren(Text) if one.isVisible()]


@pytest.fixture
def editor(classroom: Any) -> Editor:
    return Editor(classroom)


def test_a_mistake_is_underlined_listed_and_found_by_a_key(editor: Editor) -> None:
    assert editor.codes() == []
    editor.go("A: = 5")
    for _ in range(6):
        editor.key(Qt.Key.Key_Backspace)
    editor.type("five")
    assert "deck.bad-number" in editor.codes()
    page = editor.page
    line = page.source.line
    buffer = page.source.buffer
    assert buffer is not None
    assert buffer.level_at(line) is Level.ERROR
    block = page.source.document().findBlockByNumber(line)
    page.source.dress_lines()
    lines = [one.format.underlineStyle() for one in block.layout().formats()]
    assert any(style.value for style in lines)
    assert "five" in block.text()
    assert page.panes.findings.list.count() >= 1
    page.source.go_to(0)
    editor.key(Qt.Key.Key_F8)
    assert page.source.line == line
    assert page.source.accessibleDescription()


def test_findings_go_with_their_line_until_the_next_check(editor: Editor) -> None:
    buffer = editor.page.source.buffer
    assert buffer is not None
    buffer.change_to(editor.text().replace("A: = 5", "A: = five"))
    editor.codes()
    (line,) = [at for at in range(60) if buffer.level_at(at) is Level.ERROR]
    editor.page.source.go_to(9)
    editor.key(Qt.Key.Key_Return)
    assert buffer.level_at(line + 1) is Level.ERROR


def test_a_finding_is_mended_by_a_key_and_taken_back(editor: Editor) -> None:
    editor.go("- [ ] wrong")
    editor.key(Qt.Key.Key_Return)
    editor.key(Qt.Key.Key_Return)
    editor.type("Q: Who? {#who}")
    editor.key(Qt.Key.Key_Return)
    editor.type("A: You.")
    assert "deck.not-translated" in editor.codes()
    editor.go("Q: Who?")
    editor.key(Qt.Key.Key_Period, CTRL)
    assert "deck.not-translated" not in editor.codes()
    translation = editor.page.translation.buffer
    assert translation is not None
    assert "Q: Who? {#who}" in translation.text
    translation.document.undo()
    assert "Q: Who?" not in translation.text


@POPUPS
def test_several_fixes_are_offered_in_a_menu(editor: Editor) -> None:
    page = editor.page
    page.presenter.flip()
    editor.checked()
    editor.go("答：= 5")
    editor.key(Qt.Key.Key_Backspace)
    editor.key(Qt.Key.Key_Backspace)
    editor.key(Qt.Key.Key_Backspace)
    editor.type("7 天")
    assert "deck.answer-differs" in editor.codes()
    editor.go("问：多久")
    editor.key(Qt.Key.Key_Period, CTRL)
    menu = page._menu
    assert isinstance(menu, QMenu)
    names = [act.objectName() for act in menu.actions()]
    assert names == ["fix-number-here", "fix-number-there"]
    menu.actions()[0].trigger()
    menu.close()
    assert "deck.answer-differs" not in editor.codes()
    assert "答：= 5 天" in editor.text()


def test_the_card_under_the_cursor_is_asked_as_students_meet_it(editor: Editor) -> None:
    editor.go("Q: How long")
    preview = editor.page.preview
    editor.room.wait(lambda: preview.sheet.question.accessibleName().startswith("How long?"))
    assert any("Enter a number" in words for words in editor.seen())
    editor.type("?")  # seen at once, before any check
    QTest.qWait(40)
    editor.go("Q: Which")
    editor.room.wait(lambda: preview.sheet.question.accessibleName().startswith("Which?"))
    editor.key(Qt.Key.Key_Return, CTRL)
    focused = QApplication.focusWidget()
    assert focused is not None
    assert preview.isAncestorOf(focused)
    QTest.keyClicks(focused, "1")
    editor.key(Qt.Key.Key_Return)
    assert preview.presenter.answered
    assert any(
        "Late" in view.toPlainText()
        for view in preview.findChildren(type(preview.sheet.question))
        if view.isVisible()
    )
    editor.key(Qt.Key.Key_Escape)
    assert editor.page.source.hasFocus()


def test_prose_shows_the_rule(editor: Editor) -> None:
    editor.go("On time.")
    assert editor.page.preview._bodies.currentWidget() is editor.page.preview._rules


def test_the_preview_flips_to_the_other_language(editor: Editor) -> None:
    editor.go("Q: How long")
    editor.press("preview-flip")
    assert editor.page.preview.sheet.question.accessibleName().startswith("多久")


def test_saving_asks_when_an_answer_changes_and_the_library_follows(editor: Editor) -> None:
    editor.go("A: = 5")
    for _ in range(6):
        editor.key(Qt.Key.Key_Backspace)
    editor.type("4 days")
    editor.key(Qt.Key.Key_S, CTRL)
    dialog = editor.dialog()
    words = [one.words for one in dialog.findChildren(Text)]
    assert any(words_.startswith("1 answer changes") for words_ in words)
    assert "A: = 5 days" in editor.path().read_text(encoding="utf-8")
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    editor.room.wait(lambda: "A: = 4 days" in editor.path().read_text(encoding="utf-8"))
    library = editor.room.library

    def followed() -> bool:
        card = library.card(f"{editor.deck_id}#long", "en")
        return card is not None and card.body.value == "4"

    editor.room.wait(followed)
    assert editor.page.panes.head.state.isHidden()


def test_a_student_who_learned_the_old_answer_sees_both(editor: Editor) -> None:
    room = editor.room
    where = Selection(cards=(f"{editor.deck_id}#long",))
    study = open_study(room.learner, room.library, room.clock, where, language="en")
    study.answer(
        Rating.EASY, Entered("5"), language="en", correct=True, taken=timedelta(seconds=4)
    ).result(timeout=10)
    study.close()
    editor.go("A: = 5")
    for _ in range(6):
        editor.key(Qt.Key.Key_Backspace)
    editor.type("4 days")
    editor.key(Qt.Key.Key_S, CTRL)
    QTest.keyClick(editor.dialog(), Qt.Key.Key_Return)
    room.wait(lambda: not editor.page._tasks)
    screen = StudyScreen(room.desk())
    screen.start(where)
    room.show(screen)
    sheet = screen.sheet
    assert sheet.change.isVisible()
    assert not sheet.change.old.isVisible()  # the new answer is not given away
    room.press("4", Qt.Key.Key_Return)
    assert sheet.change.old.toPlainText() == "5 days"
    assert sheet.change.new.toPlainText() == "4 days"


def test_the_question_about_wording_can_be_switched_off(editor: Editor) -> None:
    editor.go("Q: How long")
    editor.key(Qt.Key.Key_Home)
    editor.page.source.go_to(editor.page.source.line, 3)
    editor.type("So h")
    editor.key(Qt.Key.Key_Delete)
    editor.key(Qt.Key.Key_S, CTRL)
    dialog = editor.dialog()
    toggle = dialog.findChild(Toggle, "ask-for-wording")
    assert toggle is not None
    toggle.click()
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    editor.room.wait(lambda: "So how long" in editor.path().read_text(encoding="utf-8"))
    assert editor.room.learner.settings[ASK_FOR_WORDING] is False


def test_the_list_marks_what_is_not_saved(editor: Editor) -> None:
    item = editor.page.panes.tree._items[editor.deck_id]
    editor.go("On time.")
    editor.type(" Always")
    assert item.text(0).startswith("●")
    editor.key(Qt.Key.Key_Z, CTRL)
    assert not item.text(0).startswith("●")


def test_undo_has_many_levels_and_goes_past_a_save(editor: Editor) -> None:
    before = editor.text()
    editor.go("On time.")
    editor.type(" Always")
    editor.go("Source:")
    editor.type(" x")
    editor.key(Qt.Key.Key_S, CTRL)
    for _ in range(4):
        editor.key(Qt.Key.Key_Z, CTRL)
    assert editor.text() == before


def test_find_and_replace_with_an_expression(editor: Editor) -> None:
    editor.go("On time.")
    editor.key(Qt.Key.Key_H, CTRL)
    bar = editor.page.panes.find_bar
    assert bar.what.hasFocus()
    bar.what.setText(r"\[([x ])\] (\w+)")
    bar.expression.setChecked(True)
    bar.by.setText(r"[\1] a \2 one")
    assert bar.replace_all() == 2
    assert "- [x] a right one\n- [ ] a wrong one" in editor.text()
    editor.page.source.document().undo()
    assert "- [x] right\n- [ ] wrong" in editor.text()
    bar.what.setText("(")
    assert bar.what.property("wrong")
    bar.expression.setChecked(False)
    bar.what.setText("LATE")
    bar.find_next()
    assert editor.page.source.textCursor().selectedText() == "Late"
    bar.case.setChecked(True)
    assert bar.replace_all() == 0
    bar.what.setFocus()
    editor.key(Qt.Key.Key_Escape)
    assert editor.page.source.hasFocus()
    assert bar.isHidden()


@pytest.mark.parametrize("name", [entry[0] for entry in SNIPPETS if entry is not None])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_block_that_can_be_put_in_is_a_good_one(
    editor: Editor, name: str, language: str
) -> None:
    page = editor.page
    if language == "zh":
        page.presenter.flip()
    before = set(editor.codes())
    editor.go("## " + ("Late" if language == "en" else "迟到"))
    if name == "why":
        editor.go("A: = 5" if language == "en" else "答：= 5")
    page.put_in(name)
    page.source.stops.clear()
    buffer = page.source.buffer
    assert buffer is not None
    editor.checked()
    said = [one for one in buffer.findings if one.level is not Level.HINT]
    fine = {"deck.not-translated", "deck.orphaned", "deck.unknown-track", "deck.unknown-violation"}
    fine |= {"deck.unknown-platform", "deck.threshold-no-source"}
    assert {one.code for one in said} - fine - before == set()


def test_tab_goes_from_place_to_place_of_a_block(editor: Editor) -> None:
    page = editor.page
    editor.go("A: = 5")
    page.put_in("recall")
    editor.type("What is late?")
    editor.key(Qt.Key.Key_Tab)
    editor.type("A parcel.")
    editor.key(Qt.Key.Key_Backtab)
    editor.type(" (1)")
    assert "\n\nQ: What is late? (1)\nA: A parcel.\n\nQ: Which?" in editor.text()
    editor.key(Qt.Key.Key_Tab)
    editor.key(Qt.Key.Key_Tab)
    assert not page.source.stops.active
    editor.key(Qt.Key.Key_Tab)  # and now it leaves the text
    assert not page.source.hasFocus()


@POPUPS
def test_the_menu_of_blocks_is_reached_by_keys(editor: Editor) -> None:
    editor.go("A: = 5")
    editor.key(Qt.Key.Key_I, CTRL)
    menu = editor.page._menu
    assert isinstance(menu, QMenu)
    assert menu.isVisible()
    QTest.keyClick(menu, Qt.Key.Key_F)
    assert "Q: A statement.\nA: true" in editor.text()


def test_a_shipped_language_pair_is_shown_side_by_side(editor: Editor) -> None:
    page = editor.page
    editor.key(Qt.Key.Key_F7)
    assert page.panes.shows("translation")
    assert not page.panes.shows("preview")  # they take turns here
    editor.go("Q: Which")
    assert page.translation.textCursor().block().text().startswith("问：哪个")
    page.translation.setFocus()
    line = next(
        at
        for at, one in enumerate(page.translation.toPlainText().split("\n"))
        if one.startswith("问：多久")
    )
    page.translation.go_to(line)
    QTest.qWait(40)
    assert page.source.textCursor().block().text().startswith("Q: How long")
    editor.go("A: = 5")
    editor.key(Qt.Key.Key_Backspace)
    editor.page.source.go_to(editor.page.source.line, 5)
    editor.key(Qt.Key.Key_Backspace)
    editor.type("8")
    editor.checked()
    assert page.panes.translation.told.words == "1 differs"
    editor.press("next-difference")
    assert page.translation.hasFocus()
    assert page.translation.line == line


def test_a_translation_is_made_from_the_text(classroom: Any) -> None:
    editor = Editor(classroom)
    editor.path("zh").unlink()
    classroom.library.refresh()
    page = editor.open()
    editor.key(Qt.Key.Key_F7)
    assert page.panes.translation.missing.isVisible()
    editor.press("make-translation")
    assert page.presenter.language == "zh"
    assert "{#long}" in editor.text()
    editor.key(Qt.Key.Key_S, CTRL)
    QTest.keyClick(editor.dialog(), Qt.Key.Key_Return)
    editor.room.wait(editor.path("zh").exists)


def test_a_picture_is_kept_beside_the_deck_no_wider_than_needed(
    editor: Editor, tmp_path: Path
) -> None:
    big = QImage(3000, 1500, QImage.Format.Format_RGB32)
    big.fill(Qt.GlobalColor.darkGreen)
    photo = tmp_path / "Shop front.jpg"
    assert big.save(str(photo))
    given = QMimeData()
    given.setUrls([QUrl.fromLocalFile(str(photo))])
    editor.go("On time.")
    editor.page.source.insertFromMimeData(given)
    name = next(one for one in editor.text().split("(") if one.startswith("shop-front"))
    kept = editor.path().with_name(name.partition(")")[0])
    image = QImage(str(kept))
    assert (image.width(), image.height()) == (1200, 600)
    assert "deck.image-missing" not in editor.codes()
    pasted = QMimeData()
    pasted.setImageData(big)
    editor.page.source.insertFromMimeData(pasted)
    editor.page.source.insertFromMimeData(pasted)
    assert len(list(editor.path().parent.glob("*.png"))) == 1  # the same picture is kept once


def test_what_is_no_picture_is_refused(editor: Editor, tmp_path: Path) -> None:
    fake = tmp_path / "shop.png"
    fake.write_text("<svg onload='x'/>", encoding="utf-8")
    given = QMimeData()
    given.setUrls([QUrl.fromLocalFile(str(fake))])
    before = editor.text()
    editor.page.source.insertFromMimeData(given)
    assert [one.code for one in editor.room.shell.said] == ["editor.no-picture"]
    assert editor.text() == before


def test_a_file_that_changes_underneath_is_merged(editor: Editor) -> None:
    editor.go("On time.")
    editor.type(" Always.")
    path = editor.path()
    path.write_text(
        path.read_text(encoding="utf-8").replace("= 5 days", "= 6 days"), encoding="utf-8"
    )
    editor.room.wait(lambda: "= 6 days" in editor.text())
    assert "On time. Always." in editor.text()
    # The watcher goes on watching a file that was replaced.
    path.write_text(
        path.read_text(encoding="utf-8").replace("Q: Which?", "Q: What?"), encoding="utf-8"
    )
    editor.room.wait(lambda: "Q: What?" in editor.text())


def test_two_who_changed_one_line_are_shown_both(editor: Editor) -> None:
    editor.go("On time.")
    editor.type(" Always.")
    path = editor.path()
    path.write_text(
        path.read_text(encoding="utf-8").replace("On time.", "Never late."), encoding="utf-8"
    )
    dialog = editor.dialog()
    words = " ".join(one.words for one in dialog.findChildren(Text))
    assert "On time. Always." in words
    assert "Never late." in words
    editor.press("keep-mine", dialog)
    editor.room.wait(lambda: "On time. Always." in path.read_text(encoding="utf-8"))


def test_drafts_are_on_the_disk_within_a_second_and_offered_again(classroom: Any) -> None:
    editor = Editor(classroom)
    editor.go("On time.")
    editor.type(" Alw")
    drafts = classroom.content.parent / "drafts"
    classroom.wait(lambda: any("Alw" in one.read_text("utf-8") for one in drafts.glob("*.draft")))
    editor.page.close_down()  # the window closes without saving
    page = editor.open()
    dialog = editor.dialog()
    editor.press("draft-take", dialog)
    assert "On time. Alw" in editor.text()
    assert page.panes.head.state.isVisible()


def test_a_change_of_look_keeps_text_undo_and_place(classroom: Any) -> None:
    editor = Editor(classroom)
    editor.go("On time.")
    editor.type(" Always.")
    line = editor.page.source.line
    kept = editor.page.kept()
    editor.page.close_down()
    page = DecksPage(classroom.desk(theme="dark"))
    page.take_up(kept)
    classroom.show(page, 1174, 768)
    editor.page = page
    assert "On time. Always." in editor.text()
    assert page.source.line == line
    page.source.document().undo()
    assert "Always" not in editor.text()


def test_a_new_deck_is_begun_from_the_template(editor: Editor) -> None:
    page = editor.page
    editor.key(Qt.Key.Key_N, CTRL)
    dialog: Any = editor.dialog()
    dialog.english.setFocus()
    QTest.keyClicks(dialog.english, "Refund rules")
    dialog.chinese.setFocus()
    dialog.chinese.setText("退款规则")
    assert dialog.name.text() == "refund-rules"
    editor.press("new-do", dialog)
    assert page.presenter.deck_id == "platforms/amazon/refund-rules"
    editor.checked()
    assert [one.code for one in page.source.buffer.findings] == []  # type: ignore[union-attr] # it is open
    assert (editor.room.content / "platforms/amazon/refund-rules.zh.md").exists()
    QTest.qWait(50)


def test_a_name_that_is_taken_is_told_beside_the_field(editor: Editor) -> None:
    editor.key(Qt.Key.Key_N, CTRL)
    dialog: Any = editor.dialog()
    QTest.keyClicks(dialog.english, "Health")
    editor.press("new-do", dialog)
    assert dialog.isVisible()
    assert "already" in dialog._name_field.wrong


def test_the_list_is_filtered_and_opened_by_keys(editor: Editor) -> None:
    editor.room.write(BODY.replace("late", "fine"), "money")
    page = editor.page
    page.presenter.list_decks()
    page.panes.filter.setFocus()
    QTest.keyClicks(page.panes.filter, "money")
    QTest.keyClick(page.panes.filter, Qt.Key.Key_Return)
    assert page.panes.tree.hasFocus()
    QTest.keyClick(page.panes.tree, Qt.Key.Key_Return)
    assert page.presenter.deck_id == "platforms/amazon/money"


def test_removing_a_deck_moves_it_away_and_back(editor: Editor) -> None:
    page = editor.page
    page.panes.tree.mark(editor.deck_id)
    page._remove(editor.deck_id)
    assert not editor.path().exists()
    assert page.panes.middle.currentWidget() is page.panes.nothing
    assert editor.room.shell.toasts[-1].startswith("“health”")


@pytest.mark.parametrize("scale", [100, 150, 200])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_nothing_is_cut_off_on_a_small_or_magnified_screen(
    classroom: Any, scale: int, language: str
) -> None:
    editor = Editor(classroom, scale=scale, language=language)
    page = editor.page
    width = 1174 if scale == 100 else 1366 - round(56 * scale / 100)
    page.resize(width, 768)
    page.source.insertPlainText("x")  # and there is a word that it is not saved
    for shown in ("", "translation", "preview", "tree"):
        if shown and not page.panes.shows(shown):
            page.panes.toggle(shown)
        editor.room.settle()
        assert page.width() == width
        for part in page.findChildren(Button):
            if part.isVisible() and part.visibleRegion().boundingRect().isValid():
                right = part.mapTo(page, QPoint(part.width(), 0)).x()
                assert right <= width, part.accessibleName()
                assert part.width() >= part.minimumSizeHint().width(), part.text()
        if shown != "tree":
            assert page.source.viewport().width() >= 200


def test_panes_come_back_as_wide_as_they_are_of_use(editor: Editor) -> None:
    page = editor.page
    for keys in (Qt.Key.Key_F7, Qt.Key.Key_F6, Qt.Key.Key_F9, Qt.Key.Key_F9):
        page.source.setFocus()
        editor.key(keys)
    assert page.preview.width() >= 300
    assert page.panes.side.width() >= 190
    layout = page.panes.to_text()
    page.panes.restore("nonsense")
    page.panes.restore('{"sizes": {"across": "x"}, "shown": 3}')
    page.panes.restore(layout)
    buffer = page.source.buffer
    assert buffer is not None
    buffer.change_to(editor.text().replace("= 5", "= five"))
    editor.checked()
    editor.room.wait(lambda: page.panes.findings.height() >= 72)

    buffer.change_to(editor.text().replace("= five", "= 5"))
    editor.checked()
    findings = page.panes.findings
    parent = findings.parentWidget()
    assert parent is not None
    # One line of it, and no empty band below.
    editor.room.wait(lambda: findings.height() <= findings.minimumSizeHint().height())
    assert findings.geometry().bottom() >= parent.height() - 2


def test_a_text_that_changes_panes_is_wrapped_to_the_new_one(editor: Editor) -> None:
    page = editor.page
    buffer = page.source.buffer
    assert buffer is not None
    buffer.change_to("\n\n".join(["On time, please. " * 60] * 3))
    QTest.qWait(20)
    beside = SourcePane(page._desk.look, "beside", page)
    beside.resize(300, 400)
    beside.show()

    page.source.show_nothing()
    beside.show_buffer(buffer)
    assert beside.horizontalScrollBar().maximum() == 0
    beside.resize(240, 400)
    assert beside.horizontalScrollBar().maximum() == 0


def test_a_character_of_two_units_does_not_shift_the_underline(editor: Editor) -> None:
    editor.go("Q: Which")
    source = editor.page.source
    line = source.line
    cursor = source.textCursor()
    cursor.movePosition(QTextCursor.MoveOperation.StartOfBlock)
    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
    cursor.insertText("Q: 😀😀 Which? {#Bad_One}")
    editor.checked()
    block = source.document().findBlockByNumber(line)
    source.dress_lines()
    pieces = [
        block.text()
        .encode("utf-16-le")[2 * one.start : 2 * (one.start + one.length)]
        .decode("utf-16-le")
        for one in block.layout().formats()
        if one.format.underlineStyle().value
    ]
    assert "Bad_One" in "".join(pieces)
    assert "😀" not in "".join(pieces)


def test_snippets_are_the_same_in_both_languages(assets: Path) -> None:
    english, chinese = load_snippets(assets, "en"), load_snippets(assets, "zh")
    assert set(english) == set(chinese)
    assert {entry[0] for entry in SNIPPETS if entry is not None} <= set(english)
    for name, text in english.items():
        assert text.count("⟦") == chinese[name].count("⟦"), name
        assert "⟦" not in filled(text)
