"""What is shown is safe: nothing is run, nothing is fetched, nothing hangs."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.cards.model import Card, Cloze
from trainer.decks.plain_text import plain_text
from trainer.decks.rendering import Renderer, cloze_html, render_markdown


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer("platforms/amazon")


def test_ordinary_markdown_becomes_html(renderer: Renderer) -> None:
    html = renderer.render("**Below** 1 %\n\n| a | b |\n| --- | --- |\n| 1 | `x` |\n\n- one\n- two")
    assert "<strong>Below</strong>" in html
    assert "<td><code>x</code></td>" in html
    assert html.count("<li>") == 2


def test_a_fence_is_shown_as_code(renderer: Renderer) -> None:
    assert "<pre><code>A: x" in renderer.render("```\nA: x\n```")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "a <b onclick='x'>b</b>",
        "<div>\n\n<iframe src='https://a.b'></iframe>\n\n</div>",
        "<!-- x --><style>a{}</style>",
        "&lt;script&gt;",
    ],
)
def test_raw_html_is_text(renderer: Renderer, text: str) -> None:
    html = renderer.render(text)
    assert not re.search(r"<(?!/?p>)", html)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "&#106;avascript:x",
        "file:///etc/passwd",
    ],
)
def test_only_web_and_mail_addresses_can_be_followed(renderer: Renderer, address: str) -> None:
    assert "href" not in renderer.render(f"[x]({address})\n\n[y][r]\n\n[r]: {address}")


def test_links_to_sources_stay(renderer: Renderer) -> None:
    assert 'href="https://example.org/a?b#c"' in renderer.render("[x](https://example.org/a?b#c)")


@pytest.mark.parametrize(
    "target",
    [
        "https://example.org/x.png",
        "//example.org/x.png",
        "../../../x.png",
        "/etc/x.png",
        "C:/x.png",
        "\\\\host\\x.png",
        "file:///x.png",
        "..%2f..%2f..%2fx.png",
    ],
)
def test_an_image_from_elsewhere_is_only_its_description(renderer: Renderer, target: str) -> None:
    html = renderer.render(f"![A parcel]({target})\n\n![A parcel][r]\n\n[r]: {target}")
    assert "<img" not in html
    assert "A parcel" in html


def test_an_image_beside_the_deck_is_found_below_the_content_folder() -> None:
    renderer = Renderer("platforms/amazon", "file:///content/")
    assert 'src="file:///content/platforms/images/a b.png"' in renderer.render(
        "![x](../images/a%20b.png)"
    )


def test_the_gap_of_a_cloze_is_filled_when_it_is_revealed(
    renderer: Renderer, read: Callable[[str], tuple[object, ...]]
) -> None:
    deck, _ = read("C: ==Air== is **faster** than ==sea==. {#a}")
    card: Card = deck.cards[1]  # type: ignore[attr-defined]  # the fixture is typed loosely here
    assert isinstance(card.body, Cloze)

    hidden = cloze_html(card.body, renderer, reveal=False)
    shown = cloze_html(card.body, renderer, reveal=True)

    assert "sea" not in hidden
    assert '<span class="gap">' in hidden
    assert '<span class="filled">sea</span>' in shown
    assert "Air is <strong>faster</strong>" in shown


@pytest.mark.parametrize(
    "text",
    ["[" * 20_000, "![" * 9_000, "[a](" * 5_000, "> " * 15_000, "- \n  " * 6_000, "\\" * 30_000,
     "\n".join(" " * 4 * depth + "- x" for depth in range(120)), "a" * 1_000_000],
    ids=["brackets", "images", "links", "quotes", "lists", "backslashes", "deep", "long"],
)  # fmt: skip
def test_monsters_are_shown_too(text: str) -> None:
    assert render_markdown(text).startswith("<")


@given(st.text(alphabet="ab <>&[]()!*_`#|-\n\\\"'=:/{}.", max_size=80))
def test_no_tag_gets_through_that_markdown_does_not_make(text: str) -> None:
    html = Renderer().render(text)
    tags = {tag.lower() for tag in re.findall(r"<\s*/?([a-zA-Z]+[1-6]?)", html)}
    assert tags <= {
        "p", "strong", "em", "code", "pre", "ul", "ol", "li", "a", "span", "img", "br", "hr",
        "blockquote", "table", "thead", "tbody", "tr", "th", "td", "h1", "h2", "h3", "h4", "h5",
        "h6",
    }  # fmt: skip
    assert not re.search(r"<[^>]*\son[a-z]+=", html)


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("**Below** 1 % of `orders`", "Below 1 % of orders"),
        ("[Help](https://a.b/c) page", "Help page"),
        ("![A parcel](x.png)", "A parcel"),
        ("# Title\n\n- [x] one\n2. two\n> three", "Title one two three"),
        ("| a | b |\n| --- | --- |\n| 1 | 2 |", "a b 1 2"),
        ("==差评=={#nf} 和 ==拒付==", "差评 和 拒付"),
        ("snake_case stays, _this_ does not", "snake_case stays, this does not"),
        ("a \\* b", "a * b"),
        ("```\ncode\n```", "code"),
    ],
)
def test_plain_text_keeps_the_words(markdown: str, words: str) -> None:
    assert plain_text(markdown) == words
