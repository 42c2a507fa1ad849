"""The figures of the Progress page and the sentences above the charts."""

from datetime import date, timedelta

from trainer.presenters.progress import ENOUGH_REVIEWS, progress_page
from trainer.services.progress import Competence, Day, Progress

TODAY = date(2026, 11, 23)


def progress(
    days: list[Day] | None = None,
    *,
    retention: float | None = 0.9,
    reviews: int = 100,
    forecast: list[tuple[date, int]] | None = None,
    competences: list[Competence] | None = None,
) -> Progress:
    known = days or []
    return Progress(
        days=known,
        retention=retention,
        reviews_counted=reviews,
        forecast=forecast or [],
        competences=competences or [],
        cards_met=50,
        cards_in_all=200,
        answers=sum(day.answers for day in known),
    )


def back(days: int, answers: int = 10, minutes: float = 5.0) -> Day:
    return Day(TODAY - timedelta(days=days), answers, answers, minutes)


def test_nothing_is_shown_before_the_first_answer() -> None:
    assert progress_page(progress(), TODAY).empty
    assert not progress_page(progress([back(1)]), TODAY).empty


def test_days_and_minutes_are_those_of_the_last_thirty_days() -> None:
    page = progress_page(progress([back(40), back(30), back(29), back(0, minutes=2.4)]), TODAY)
    assert page.study_days == 2
    assert page.minutes == 7
    assert page.all_answers == 40
    assert page.met_share == 0.25


def test_retention_is_not_told_from_a_handful_of_reviews() -> None:
    few = progress_page(progress([back(0)], reviews=ENOUGH_REVIEWS - 5), TODAY)
    assert few.retention is None
    assert few.reviews_missing == 5
    enough = progress_page(progress([back(0)], reviews=ENOUGH_REVIEWS), TODAY)
    assert enough.retention == 0.9
    assert enough.reviews_missing == 0


def test_the_forecast_says_the_week_and_its_heaviest_day() -> None:
    days = [(TODAY + timedelta(days=ahead), ahead) for ahead in range(1, 15)]
    page = progress_page(progress([back(0)], forecast=days), TODAY)
    assert page.due_in_week == sum(range(1, 8))
    assert page.due_tomorrow == 1
    assert page.heaviest == (TODAY + timedelta(days=14), 14)


def test_a_forecast_of_nothing_has_no_heaviest_day() -> None:
    page = progress_page(progress([back(0)], forecast=[(TODAY + timedelta(days=1), 0)]), TODAY)
    assert page.heaviest is None


def test_the_weakest_is_the_one_that_fades_most_among_those_begun() -> None:
    page = progress_page(
        progress(
            [back(0)],
            competences=[
                Competence("platform-rules", 100, 50, 0.45),
                Competence("logistics-finance", 100, 10, 0.06),
                Competence("foreign-language", 100, 0, 0.0),
                Competence("intercultural", 0, 0, 0.0),
            ],
        ),
        TODAY,
    )
    assert page.weakest == "logistics-finance"
    assert [line.name for line in page.competences] == [
        "platform-rules",
        "logistics-finance",
        "foreign-language",
    ]
    assert progress_page(progress([back(0)]), TODAY).weakest == ""
