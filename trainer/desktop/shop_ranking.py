"""The ranking of a contest: every result file played again, best first."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from trainer.desktop.controls import Card, Divider, EmptyState, Picture
from trainer.desktop.foot import SteadyPage
from trainer.desktop.layouts import row, stack
from trainer.desktop.look import Look
from trainer.desktop.text import Text
from trainer.foundation.messages import Messages
from trainer.services.shop_contest import Contest, Ranked, Ranking


class ShopRanking(SteadyPage):
    def __init__(self, look: Look, messages: Messages, parent: QWidget) -> None:
        super().__init__(look, parent)
        self._look, self._messages = look, messages
        self._body = QWidget()
        self.column.addWidget(self._body)
        self.column.addStretch(1)

    def show_ranking(self, ranking: Ranking | None) -> None:
        """None: nothing has been read yet."""
        look, messages = self._look, self._messages
        old, self._body = self._body, QWidget()
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(12))
        if ranking is None or not (ranking.contests or ranking.unreadable):
            column.addWidget(
                EmptyState(
                    look, "trophy", messages("shop.ranking.none"), messages("shop.ranking.none-why")
                )
            )
        else:
            for contest in ranking.contests:
                self._add_contest(column, contest)
            if ranking.unreadable:
                names = ", ".join(one.path.name for one in ranking.unreadable)
                words = messages("shop.ranking.unreadable", names=names)
                column.addWidget(Text(look, words, "control", tone="warning", fill=True))
        self.column.replaceWidget(old, self._body)
        self._body.show()  # else Qt shows it some time later, and nothing has its place yet
        old.hide()
        old.deleteLater()

    def _add_contest(self, column: QVBoxLayout, contest: Contest) -> None:
        look = self._look
        column.addWidget(Text(look, contest.code, "lead", bold=True))
        card = Card(look, padding=16)
        card.body.setSpacing(look.px(8))
        for number, line in enumerate(contest.lines):
            if number:
                card.body.addWidget(Divider(look))
            card.body.addWidget(self._line(line))
        column.addWidget(card)

    def _line(self, ranked: Ranked) -> QWidget:
        look = self._look
        holder = QWidget()
        line = row(look, gap=16)
        holder.setLayout(line)
        place = str(ranked.place) if ranked.place else "–"
        number = Text(look, place, "lead", bold=True, tabular=True, wrap=False)
        number.setMinimumWidth(look.px(32))
        line.addWidget(number)
        words = stack(look, gap=0)
        words.addWidget(Text(look, ranked.player, "control", bold=True, fill=True))
        said = self._words(ranked)
        good = ranked.verdict == "good"
        words.addWidget(
            Text(look, said, "small", tone="ink_soft" if good else "warning", fill=True)
        )
        line.addLayout(words, 1)
        profit = ""
        if ranked.result is not None and good:
            profit = f"{ranked.result.profit / 100:+,.0f} USD".replace("-", "\N{MINUS SIGN}")
            line.addWidget(Text(look, profit, "control", bold=True, tabular=True, wrap=False))
        if ranked.place == 1:
            line.addWidget(Picture(look, "trophy", colour=look.colours.accent))
        holder.setAccessibleName(f"{place}. {ranked.player}, {said} {profit}".strip())
        return holder

    def _words(self, ranked: Ranked) -> str:
        messages = self._messages
        if ranked.verdict == "good" and ranked.result is not None:
            return messages(f"shop.grade.{ranked.result.grade}")
        return messages(f"shop.verdict.{ranked.verdict}", other=ranked.other)
