"""The tokens of the look, in one place: colours, type scale, spacing, corners, motion.

No Qt here: colours are "#RRGGBB", lengths are pixels at 100 % before the person's own scale.

The values are `msgspec` structs: all of them are needed before the first page is painted, and a
dataclass takes thirty times as long to make (0.5 ms each, Python 3.11).
"""

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

ThemeName = Literal["light", "dark", "contrast-light", "contrast-dark"]
Step = Literal["small", "control", "body", "lead", "question", "title", "display"]

# Type scale: 12 for keys and captions, 14 on controls, 16 to read, 24 for a question.
TYPE_SCALE: dict[Step, int] = {
    "small": 12,
    "control": 14,
    "body": 16,
    "lead": 20,
    "question": 24,
    "title": 32,
    "display": 44,
}
LATIN_LINE = 1.45  # line height as a multiple of the type size
CHINESE_LINE = 1.7
LATIN_MEASURE = 68  # most characters on a line
CHINESE_MEASURE = 38

SPACES = (4, 8, 12, 16, 24, 32, 48, 64)
COLUMN = 860  # the one column of a page is never wider
CARD_RADIUS = 10
CONTROL_RADIUS = 8
CONTROL_HEIGHT = 36
BIG_CONTROL_HEIGHT = 48
RAIL = 192  # the rail of places with its words …
NARROW_RAIL = 56  # … and with icons alone, on a small or magnified screen
HAIRLINE = 1
FOCUS_RING = 2
MOTION_MS = 140

SCALES = (100, 125, 150, 175, 200)


class Colours(Struct, frozen=True):
    """One theme. Every ink is legible (WCAG 2.2 AA, 4.5:1) on canvas, surface, sunken and hover.

    `edge` is the outline of something that can be operated: at least 3:1 (WCAG 1.4.11).
    `line` is a hairline that only parts things and carries no meaning.
    """

    canvas: str
    surface: str
    sunken: str  # wells: progress tracks, key caps, code
    hover: str
    line: str
    edge: str
    ink: str
    ink_soft: str  # secondary text
    accent: str  # platform rules, primary buttons, the focus ring
    on_accent: str  # ink on a button filled with the accent
    accent_hover: str
    accent_soft: str  # the ground of what is chosen
    logistics: str
    products: str
    language: str
    intercultural: str
    danger: str  # a penalty, nothing else
    danger_soft: str
    warning: str
    warning_soft: str
    good: str
    good_soft: str
    heat: tuple[str, str, str, str]  # calendar: little to much, on surface

    def competence(self, name: str) -> str:
        """The accent of a competence; ink for a name that is not one."""
        return {
            "platform-rules": self.accent,
            "logistics-finance": self.logistics,
            "product-knowledge": self.products,
            "foreign-language": self.language,
            "intercultural": self.intercultural,
        }.get(name, self.ink)


LIGHT = Colours(
    canvas="#F6F4EF",
    surface="#FFFFFF",
    sunken="#EFECE5",
    hover="#F1EEE7",
    line="#DEDAD1",
    edge="#88837A",
    ink="#1D1F22",
    ink_soft="#5A5F67",
    accent="#0F6B5C",
    on_accent="#FFFFFF",
    accent_hover="#0B5A4D",
    accent_soft="#E3EFEB",
    logistics="#0B5CAD",
    products="#8A4B08",
    language="#6B3FA0",
    intercultural="#A1325F",
    danger="#B3261E",
    danger_soft="#FBECEA",
    warning="#855600",
    warning_soft="#FAF1DD",
    good="#1A7038",
    good_soft="#E6F2E9",
    heat=("#CFE3DD", "#8FC0B4", "#4A9485", "#0F6B5C"),
)

DARK = Colours(
    canvas="#15171A",
    surface="#1E2125",
    sunken="#282C31",
    hover="#2A2E33",
    line="#363A40",
    edge="#7D838B",
    ink="#ECEAE6",
    ink_soft="#A9ADB4",
    accent="#5CC2AE",
    on_accent="#0C1F1B",
    accent_hover="#74D0BE",
    accent_soft="#1F3733",
    logistics="#7FB4F0",
    products="#E0A15E",
    language="#BE9BEA",
    intercultural="#EE8FB4",
    danger="#FF8A80",
    danger_soft="#3B2523",
    warning="#E3B341",
    warning_soft="#383020",
    good="#66C58A",
    good_soft="#20352A",
    heat=("#24453F", "#2F6E62", "#44998A", "#5CC2AE"),
)

CONTRAST_LIGHT = Colours(
    canvas="#FFFFFF",
    surface="#FFFFFF",
    sunken="#FFFFFF",
    hover="#E6E6E6",
    line="#000000",
    edge="#000000",
    ink="#000000",
    ink_soft="#000000",
    accent="#00438A",
    on_accent="#FFFFFF",
    accent_hover="#002B5C",
    accent_soft="#E6F0FF",
    logistics="#000000",
    products="#000000",
    language="#000000",
    intercultural="#000000",
    danger="#8C0000",
    danger_soft="#FFFFFF",
    warning="#5C3B00",
    warning_soft="#FFFFFF",
    good="#00491B",
    good_soft="#FFFFFF",
    heat=("#BDBDBD", "#8C8C8C", "#525252", "#000000"),
)

CONTRAST_DARK = Colours(
    canvas="#000000",
    surface="#000000",
    sunken="#000000",
    hover="#262626",
    line="#FFFFFF",
    edge="#FFFFFF",
    ink="#FFFFFF",
    ink_soft="#FFFFFF",
    accent="#FFE14D",
    on_accent="#000000",
    accent_hover="#FFF0A3",
    accent_soft="#332D0F",
    logistics="#FFFFFF",
    products="#FFFFFF",
    language="#FFFFFF",
    intercultural="#FFFFFF",
    danger="#FFA39C",
    danger_soft="#000000",
    warning="#FFD75E",
    warning_soft="#000000",
    good="#8CF0AE",
    good_soft="#000000",
    heat=("#595959", "#8C8C8C", "#C4C4C4", "#FFFFFF"),
)

PALETTES: dict[ThemeName, Colours] = {
    "light": LIGHT,
    "dark": DARK,
    "contrast-light": CONTRAST_LIGHT,
    "contrast-dark": CONTRAST_DARK,
}

# The colours a person can choose for a tile, as competence accents plus a plain slate.
PERSON_COLOURS = ("teal", "blue", "amber", "violet", "rose", "slate")


def person_colour(theme: "Theme", name: str) -> str:
    """The colour of a person's tile; grey for a name that is not known.

    High contrast has them too: black tiles for everybody could not be told apart.
    """
    colours = DARK if theme.dark else LIGHT
    return {
        "teal": colours.accent,
        "blue": colours.logistics,
        "amber": colours.products,
        "violet": colours.language,
        "rose": colours.intercultural,
    }.get(name, colours.ink_soft)


class Theme(Struct, frozen=True):
    """The tokens as one person sees them: colours, and the scale of type and space.

    `scale` is a factor, 1.0 to 2.0. `motion` is false when the system or the person asks for less.
    """

    name: ThemeName
    colours: Colours
    scale: float = 1.0
    motion: bool = True

    @property
    def dark(self) -> bool:
        return self.name in {"dark", "contrast-dark"}

    @property
    def high_contrast(self) -> bool:
        return self.name in {"contrast-light", "contrast-dark"}

    def px(self, length: float) -> int:
        """A length in pixels at the person's scale."""
        return round(length * self.scale)

    def type_size(self, step: Step) -> int:
        return self.px(TYPE_SCALE[step])

    @property
    def motion_ms(self) -> int:
        """How long a movement takes: 0 when there is to be none."""
        return MOTION_MS if self.motion else 0


def make_theme(
    choice: str,
    *,
    system_dark: bool,
    system_contrast: bool,
    scale: int = 100,
    motion: bool = True,
    system_accent: str = "",
) -> Theme:
    """The theme for the setting `choice`: "system", "light", "dark" or "high-contrast".

    `scale` is in percent. High contrast takes the system's accent where that is legible (7:1),
    and is white on black where the system is dark.
    """
    contrast = choice == "high-contrast" or (choice == "system" and system_contrast)
    name: ThemeName
    if contrast:
        name = "contrast-dark" if system_dark else "contrast-light"
    elif choice in {"light", "dark"}:
        name = "dark" if choice == "dark" else "light"
    else:
        name = "dark" if system_dark else "light"
    colours = PALETTES[name]
    if contrast and system_accent and contrast_ratio(system_accent, colours.canvas) >= 7:
        colours = replace(colours, accent=system_accent, accent_hover=system_accent)
    bounded = min(max(scale, SCALES[0]), SCALES[-1])
    return Theme(name, colours, bounded / 100, motion)


def luminance(colour: str) -> float:
    """Relative luminance of "#RRGGBB", 0 to 1 (WCAG 2.2, definition of relative luminance)."""
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast_ratio(first: str, second: str) -> float:
    """Contrast of two colours, 1 to 21 (WCAG 2.2, definition of contrast ratio)."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def blend(over: str, ground: str, share: float) -> str:
    """`over` laid on `ground`, `share` 0 to 1 of it seen."""
    mixed = (
        round(
            int(over[start : start + 2], 16) * share
            + int(ground[start : start + 2], 16) * (1 - share)
        )
        for start in (1, 3, 5)
    )
    return "#" + "".join(f"{channel:02X}" for channel in mixed)


INKS = (
    "ink",
    "ink_soft",
    "accent",
    "logistics",
    "products",
    "language",
    "intercultural",
    "danger",
    "warning",
    "good",
)
GROUNDS = ("canvas", "surface", "sunken", "hover")


def text_pairs() -> list[tuple[str, str]]:
    """Every (ink, ground) pair of tokens that text is set in."""
    pairs = [(ink, ground) for ink in INKS for ground in GROUNDS]
    pairs += [("on_accent", "accent"), ("on_accent", "accent_hover")]
    pairs += [("ink", "accent_soft"), ("accent", "accent_soft"), ("ink_soft", "accent_soft")]
    for name in ("danger", "warning", "good"):
        pairs += [(name, f"{name}_soft"), ("ink", f"{name}_soft"), ("ink_soft", f"{name}_soft")]
    return pairs


def token(colours: Colours, name: str) -> str:
    """The colour of the token `name`. Raises KeyError for a name that is not one."""
    if name not in Colours.__struct_fields__ or name == "heat":
        raise KeyError(name)
    value: str = getattr(colours, name)
    return value
