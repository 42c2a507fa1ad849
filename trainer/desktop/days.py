"""Days in the words of the interface: "Mon 3 Nov", "yesterday", “11月3日 周一”."""

from datetime import date, datetime

from PySide6.QtCore import QLocale

from trainer.desktop.look import Look
from trainer.foundation.clock import study_day
from trainer.foundation.messages import Messages


def locale_of(look: Look) -> QLocale:
    """Names of days and months in the language of the interface."""
    if look.chinese:
        return QLocale(QLocale.Language.Chinese, QLocale.Country.China)
    return QLocale(QLocale.Language.English, QLocale.Country.UnitedStates)


def day_in_words(look: Look, day: date) -> str:
    """ "Mon 3 Nov" or “11月3日 周一”."""
    locale = locale_of(look)
    short = QLocale.FormatType.ShortFormat
    weekday = locale.dayName(day.isoweekday(), short)
    if look.chinese:
        return f"{day.month}月{day.day}日 {weekday}"
    return f"{weekday} {day.day} {locale.monthName(day.month, short)}"


def long_day(look: Look, day: date) -> str:
    """ "Monday, 3 November" or “11月3日 星期一”."""
    locale = locale_of(look)
    weekday = locale.dayName(day.isoweekday(), QLocale.FormatType.LongFormat)
    if look.chinese:
        return f"{day.month}月{day.day}日 {weekday}"
    return f"{weekday}, {day.day} {locale.monthName(day.month, QLocale.FormatType.LongFormat)}"


def days_ago(messages: Messages, look: Look, then: datetime, now: datetime) -> str:
    """How long ago, in days of study: a date when it is more than a month."""
    days = (study_day(now) - study_day(then)).days
    if days <= 0:
        return messages("days.today")
    if days == 1:
        return messages("days.yesterday")
    if days <= 30:
        return messages.count("days.ago", days)
    if then.year == now.year:
        return day_in_words(look, then.date())
    return then.date().isoformat()
