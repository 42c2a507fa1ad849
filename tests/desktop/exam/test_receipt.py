from pytestqt.qtbot import QtBot

from trainer.desktop.exam.receipt import QrCode, ReceiptPage
from trainer.desktop.look import Look
from trainer.foundation.messages import Messages


def test_the_receipt_is_shown_and_spoken_letter_by_letter(
    qtbot: QtBot, look: Look, messages: Messages
) -> None:
    page = ReceiptPage(look, messages, "17", 204, "ABCD2345")
    qtbot.addWidget(page)
    page.resize(1000, 700)
    page.show()

    assert page.code.words == "ABCD 2345"
    assert page.code.accessibleName() == "A B C D 2 3 4 5"
    with qtbot.waitSignal(page.quit_wanted, timeout=1000):
        page.first_control.click()


def test_the_code_is_dark_on_light_with_a_quiet_border(qtbot: QtBot, look: Look) -> None:
    code = QrCode(look, "17 204 ABCD2345", "code")
    qtbot.addWidget(code)

    picture = code.grab().toImage()
    edge = [picture.pixelColor(x, 3).lightness() for x in range(picture.width())]
    middle = [picture.pixelColor(x, picture.height() // 2).lightness() for x in range(176)]

    assert min(edge) == 255
    assert min(middle) == 0
