"""The tokens keep their promises: contrast, scale, and what the system asks for."""

import pytest

from trainer.desktop.theme import (
    PALETTES,
    PERSON_COLOURS,
    Theme,
    ThemeName,
    blend,
    contrast_ratio,
    make_theme,
    person_colour,
    text_pairs,
    token,
)
from trainer.services.sign_in import COLOURS

THEMES: list[ThemeName] = ["light", "dark", "contrast-light", "contrast-dark"]


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize(("ink", "ground"), text_pairs())
def test_text_is_legible(name: ThemeName, ink: str, ground: str) -> None:
    colours = PALETTES[name]
    ratio = contrast_ratio(token(colours, ink), token(colours, ground))
    assert ratio >= (7 if name.startswith("contrast") and ink == "ink" else 4.5)


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("ground", ["canvas", "surface", "hover", "sunken"])
def test_outlines_and_the_focus_ring_are_seen(name: ThemeName, ground: str) -> None:
    colours = PALETTES[name]
    for outline in (colours.edge, colours.accent):
        assert contrast_ratio(outline, token(colours, ground)) >= 3


@pytest.mark.parametrize("name", THEMES)
def test_days_in_the_calendar_grow_stronger(name: ThemeName) -> None:
    colours = PALETTES[name]
    ratios = [contrast_ratio(heat, colours.surface) for heat in colours.heat]
    assert ratios == sorted(ratios)
    assert ratios[-1] >= 3
    for weaker, stronger in zip(colours.heat, colours.heat[1:], strict=False):
        assert contrast_ratio(weaker, stronger) >= 1.3


@pytest.mark.parametrize("name", THEMES)
def test_letters_on_a_person_s_colour_are_legible(name: ThemeName) -> None:
    theme = Theme(name, PALETTES[name])
    shown = {person_colour(theme, colour) for colour in PERSON_COLOURS}
    assert len(shown) == len(PERSON_COLOURS)
    for colour in shown:
        assert contrast_ratio(theme.colours.surface, colour) >= 4.5


def test_people_can_have_the_colours_the_theme_knows() -> None:
    assert PERSON_COLOURS == COLOURS


def test_contrast_of_black_and_white_is_what_the_standard_says() -> None:
    assert contrast_ratio("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast_ratio("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)


def test_blending_goes_from_ground_to_ink() -> None:
    assert blend("#000000", "#FFFFFF", 0) == "#FFFFFF"
    assert blend("#000000", "#FFFFFF", 1) == "#000000"
    assert blend("#FF0000", "#0000FF", 0.5) == "#800080"


@pytest.mark.parametrize(
    ("choice", "dark", "contrast", "expected"),
    [
        ("system", False, False, "light"),
        ("system", True, False, "dark"),
        ("system", False, True, "contrast-light"),
        ("system", True, True, "contrast-dark"),
        ("light", True, True, "light"),
        ("dark", False, False, "dark"),
        ("high-contrast", False, False, "contrast-light"),
        ("high-contrast", True, False, "contrast-dark"),
    ],
)
def test_theme_follows_the_person_then_the_system(
    choice: str, dark: bool, contrast: bool, expected: str
) -> None:
    theme = make_theme(choice, system_dark=dark, system_contrast=contrast)
    assert theme.name == expected


def test_high_contrast_takes_the_system_s_accent_only_where_it_is_legible() -> None:
    pale = make_theme(
        "high-contrast", system_dark=False, system_contrast=True, system_accent="#FFFF00"
    )
    strong = make_theme(
        "high-contrast", system_dark=False, system_contrast=True, system_accent="#4A0072"
    )
    assert pale.colours.accent == PALETTES["contrast-light"].accent
    assert strong.colours.accent == "#4A0072"


def test_scale_multiplies_type_and_space() -> None:
    theme = make_theme("light", system_dark=False, system_contrast=False, scale=150)
    assert theme.type_size("body") == 24
    assert theme.px(8) == 12


@pytest.mark.parametrize(("asked", "given"), [(50, 1.0), (400, 2.0), (125, 1.25)])
def test_scale_stays_between_100_and_200(asked: int, given: float) -> None:
    theme = make_theme("light", system_dark=False, system_contrast=False, scale=asked)
    assert theme.scale == given


def test_nothing_moves_when_less_motion_is_asked_for() -> None:
    still = make_theme("light", system_dark=False, system_contrast=False, motion=False)
    assert still.motion_ms == 0
    assert 120 <= make_theme("light", system_dark=False, system_contrast=False).motion_ms <= 160


def test_a_token_that_is_none_is_refused() -> None:
    with pytest.raises(KeyError):
        token(PALETTES["light"], "heat")
    with pytest.raises(KeyError):
        token(PALETTES["light"], "purple")
