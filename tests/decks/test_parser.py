"""Every form a deck may have, and the exact place of what is wrong in it."""

from collections.abc import Callable
from pathlib import PurePosixPath

import pytest

from trainer.cards.model import (
    Card,
    Choice,
    Cloze,
    Matching,
    Misconception,
    Number,
    Option,
    Ordering,
    Parameter,
    Parametric,
    Recall,
    Term,
    TrueFalse,
    Typed,
)
from trainer.decks.model import Deck, Source
from trainer.decks.parser import parse_deck
from trainer.foundation.source import Finding

Read = Callable[[str], tuple[Deck, tuple[Finding, ...]]]
ReadCard = Callable[[str], Card]
HEAD_LINES = 9  # of the deck that `read` puts before its text


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.code for finding in findings]


# Kinds


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("Q: What? {#a}\nA: Below 1 %.", Recall("Below 1 %.")),
        ("Q: What? {#a}\nA: Below\n  1 %.\n\n- one\n", Recall("Below\n  1 %.\n\n- one")),
        ("Q: What? {#a}\nA:\n\nBelow 1 %.", Recall("Below 1 %.")),
        ("Q: What? {#a}\nA: True stories are rare.", Recall("True stories are rare.")),
        ("Q: What? {#a}\nA: \\= 3", Recall("= 3")),
        ("Q: What? {#a}\nA: \\true", Recall("true")),
        ("Q: Is it? {#a}\nA: true", TrueFalse(truth=True)),
        ("Q: Is it? {#a}\nA: False.", TrueFalse(truth=False)),
        ("问：是吗？ {#a}\n答：对", TrueFalse(truth=True)),
        ("问：是吗？ {#a}\n答：错误。", TrueFalse(truth=False)),
        ("Q: How? {#a}\nA: = 1.25 % ± 0.05", Number("1.25", "%", "0.05")),
        ("Q: How? {#a}\nA: = -3", Number("-3")),
        ("Q: How? {#a}\nA: =48 points", Number("48", "points")),
        ("Q: How? {#a}\nA: = 45,000 CNY", Number("45000", "CNY")),
        ("Q: How? {#a}\nA: = 1 000 m", Number("1000", "m")),
        ("Q: How? {#a}\nA: = 1.5 +/- 0.1 kg", Number("1.5", "kg", "0.1")),
        ("问：多少？ {#a}\n答：＝ ４８ 分", Number("48", "分")),
        ("问：多少？ {#a}\n答：= 3 万元", Number("30000", "元")),
        ("Q: Spell? {#a}\nA: ~ colour / color", Typed(("colour", "color"))),
        ("Q: Spell? {#a}\nA: ~ T/T", Typed(("T/T",))),
        ("问：怎么写？ {#a}\n答：～假货／仿品", Typed(("假货", "仿品"))),
        ("Q: Order? {#a}\n1. Pack\n2. Send", Ordering(("Pack", "Send"))),
        ("Q: Order? {#a}\n\n1) Pack\n   well\n2) Send", Ordering(("Pack\nwell", "Send"))),
        ("问：排序？ {#a}\n１．打包\n２．发货", Ordering(("打包", "发货"))),
        (
            "Q: Match. {#a}\n| Mode | Speed |\n| :-- | --: |\n| air | fast |\n| `a|b` | x \\| y |",
            Matching("Mode", "Speed", (("air", "fast"), ("`a|b`", "x | y"))),
        ),
        (
            "Q: Match. {#a}\n\n| a | b\n| - | -\n| 1 | 2\n| 3 | 4",
            Matching("a", "b", (("1", "2"), ("3", "4"))),
        ),
    ],
)  # fmt: skip
def test_the_form_of_the_answer_is_the_kind(text: str, body: object, read_card: ReadCard) -> None:
    assert read_card(text).body == body


def test_options_with_reasons(read_card: ReadCard) -> None:
    card = read_card(
        "Q: What must the seller expect? {#a}\n"
        "- [x] The account may be deactivated\n"
        "  > 5 / 400 = 1.25 %.\n"
        "  > Above the limit.\n"
        "- [ ] Nothing at all,\n"
        "  he is safe\n"
        "* [X] A review\n"
        "- [ ] None of these {.last}\n"
        "Why: Look at the table."
    )
    assert card.body == Choice(
        (
            Option("The account may be deactivated", True, "5 / 400 = 1.25 %.\nAbove the limit."),
            Option("Nothing at all,\nhe is safe", False),
            Option("A review", True),
            Option("None of these", False, last=True),
        )
    )
    assert card.explanation == "Look at the table."


@pytest.mark.parametrize(
    "text",
    [
        "- 【x】 对的\n- 【 】 错的",
        "-【×】对的\n-【】错的",
        "- ［ｘ］ 对的\n- ［　］ 错的",
        "- [√] 对的\n- [ ] 错的",
        "+ [x] 对的\n+ [] 错的",
        "   - [x] 对的\n   - [ ] 错的",
        "-\t[x]\t对的\n- [ ]　错的",
    ],
)
def test_boxes_as_an_input_method_writes_them(text: str, read_card: ReadCard) -> None:
    card = read_card(f"问：哪个？ {{#a}}\n{text}")
    assert card.body == Choice((Option("对的", True), Option("错的", False)))


@pytest.mark.parametrize(
    "text",
    [
        "Q: x {#a}\nA: y\nWhy: z",
        "Q：x {#a}\nA：y\nWhy：z",
        "Ｑ：x {#a}\nＡ：y\n解析：z",
        "问：x {#a}\n答：y\n解析：z",
        "问 : x {#a}\n答案: y\n解析 ：z",
        "Q:x {#a}\nA:y\nWhy:z",
        "问题：　x ｛＃a｝\n答：　y\n解析：　z",
        "Q: x\n{#a}\nA: y\nWhy: z",
        "Q: {#a}\nx\nA: y\nWhy:\n\nz\n\n",
        "Q: x {#a}\nWhy: z\nA: y",
    ],
)
def test_the_same_card_in_many_hands(text: str, read: Read) -> None:
    deck, findings = read(text)
    (card,) = deck.cards
    assert (card.question, card.body, card.explanation) == ("x", Recall("y"), "z")
    assert card.note_id == "platforms/amazon/orders#a"
    assert findings == ()


def test_a_term_is_asked_both_ways(read: Read) -> None:
    deck, findings = read("T: AHR {#ahr}\nD: Account Health Rating.\n\n  A score.")
    assert findings == ()
    by_term, by_definition = deck.cards
    definition = "Account Health Rating.\n\n  A score."
    assert by_term.card_id == "platforms/amazon/orders#ahr.term"
    assert by_term.body == Term(definition, "AHR", "term")
    assert by_definition.card_id == "platforms/amazon/orders#ahr.definition"
    assert by_definition.body == Term("AHR", definition, "definition")
    assert by_term.note_id == by_definition.note_id


def test_a_cloze_has_a_card_for_each_part(read: Read) -> None:
    deck, findings = read("C: After ==feedback==, a ==claim=={#azc} or `a == b` a\n==fee==. {#c}\n")
    assert findings == ()
    assert [card.card_id.partition("#")[2] for card in deck.cards] == ["c.1", "c.azc", "c.3"]
    body = deck.cards[1].body
    assert isinstance(body, Cloze)
    assert body.text == "After feedback, a claim or `a == b` a\nfee."
    assert [body.text[p.start : p.end] for p in body.parts] == ["feedback", "claim", "fee"]
    assert body.hidden == "azc"


def test_a_cloze_may_end_in_a_named_part(read: Read) -> None:
    deck, findings = read("C: Keep it below ==1 %=={#limit}\n")
    assert codes(findings) == ["deck.no-id"]
    (card,) = deck.cards
    assert card.card_id.endswith(".limit")


def test_a_question_with_fresh_numbers(read_card: ReadCard) -> None:
    card = read_card(
        "Q: {orders} orders, {bad} of them bad. What is the rate? {#a}\n"
        "```params\n"
        "orders: 200..800 step 50\n"
        "bad：one of 2, 3、 5\n"
        "\n"
        "where: bad * 10 < orders\n"
        "answer: bad / orders * 100\n"
        "round: 2\n"
        "unit: %\n"
        "tolerance: 0.01\n"
        "wrong: bad / (orders - bad) * 100 | divides by the good ones\n"
        "```\n"
        "Why: {bad} / {orders} = {answer} %."
    )
    assert card.body == Parametric(
        parameters=(
            Parameter("orders", "200", "800", "50"),
            Parameter("bad", choices=("2", "3", "5")),
        ),
        answer="bad / orders * 100",
        conditions=("bad * 10 < orders",),
        decimals=2,
        unit="%",
        tolerance="0.01",
        wrong=(Misconception("bad / (orders - bad) * 100", "divides by the good ones"),),
    )


def test_attributes_of_a_card(read_card: ReadCard) -> None:
    card = read_card(
        'Q: Which? {#a difficulty=4 tags="vat eu" scoring=all}\n- [x] a\n- [x] b\n- [ ] c'
    )
    assert (card.difficulty, card.tags) == (4, ("vat", "eu"))
    assert isinstance(card.body, Choice)
    assert card.body.scoring == "all"


def test_blanks_in_braces_are_no_attributes(read_card: ReadCard) -> None:
    assert read_card("Q: {#a}\nWhat is {x} of {y}\nA: z").question == "What is {x} of {y}"


# What belongs to what


def test_a_list_or_table_before_the_answer_belongs_to_the_question(read: Read) -> None:
    deck, findings = read(
        "Q: Look: {#a}\n1. one\n2. two\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\nWhich?\nA: x\n\n"
        "Q: Look: {#b}\n1. one\n2. two\n- [x] one\n- [ ] two"
    )
    assert findings == ()
    one, two = deck.cards
    assert one.question == "Look:\n1. one\n2. two\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\nWhich?"
    assert two.question == "Look:\n1. one\n2. two"


@pytest.mark.parametrize(
    "end", ["Q: Next? {#b}\nA: y", "## Rule {#r}\nSource: S (2026)", "---", "### x"]
)
def test_a_card_ends_there(end: str, read: Read) -> None:
    deck, _ = read(f"Q: What? {{#a}}\nA: x\n\nmore\n{end}\n")
    assert deck.cards[0].body == Recall("x\n\nmore")


@pytest.mark.parametrize(
    "block",
    [
        "```\nQ: no?\nA: no\n```",
        "~~~~ text\n```\nA: no\n~~~\n~~~~",
        "> Q: no?\n> A: no",
        "    Q: no?\n    A: no",
        "\tQ: no?",
        "- Q: no?",
        "```\n- [x] no\n## no\n---\n```",
    ],
)
def test_keys_in_code_quotes_and_indentation_are_text(block: str, read: Read) -> None:
    deck, findings = read(f"Q: What? {{#a}}\nA: x\n\n{block}\n")
    assert findings == ()
    (card,) = deck.cards
    assert card.body == Recall(f"x\n\n{block}".rstrip())


def test_a_rule_and_its_lines(read: Read) -> None:
    deck, findings = read(
        "## 订单缺陷率 {#odr tags=metrics}\n"
        "Prose\nof two lines.\n\n"
        "处罚：停权\n或罚款\n"
        "Source: [A (b) [c]](https://a.b/c_(d)) (2026-10-05)\n"
        "来源：[标题](https://a.b)（未注明日期）\n"
        "来源：[标题](https://a.b)（2026 年 3 月）\n"
        "As-of: 2026-09\n"
        "Verify: seen once\n"
        "Was: 4 % until 2020\n"
        "其他平台：eBay 2 %\n\n"
        "More prose.\n\n"
        "Q: What? {#a}\nA: x\n---\nLast prose.\n"
    )
    assert findings == ()
    rule = deck.rules[1]
    assert rule.title == "订单缺陷率"
    assert rule.text == "Prose\nof two lines.\n\n\nMore prose.\n\nLast prose."
    assert rule.penalty == "停权\n或罚款"
    assert rule.sources == (
        Source("A (b) [c]", "https://a.b/c_(d)", "2026-10-05"),
        Source("标题", "https://a.b", ""),
        Source("标题", "https://a.b", "2026-03"),
    )
    assert (rule.as_of, rule.verify, rule.was) == ("2026-09", "seen once", "4 % until 2020")
    assert (rule.elsewhere, rule.tags) == ("eBay 2 %", ("metrics",))
    assert deck.cards[0].rule_id == rule.rule_id == "platforms/amazon/orders#odr"


def test_a_card_may_stand_without_a_rule(read: Read) -> None:
    deck, _ = read("# Cards on their own\n\nQ: What? {#a}\nA: x")
    assert deck.cards[0].rule_id == ""


def test_a_penalty_table(read: Read) -> None:
    deck, findings = read(
        '## 知识产权积分 {#ip .track window="365 days" unit=points}\n\n'
        "| Points | What happens |\n| ---: | --- |\n| 2 | Warning |\n| 48 | Closed |\n\n"
        "Source: S (2026)\n\n"
        "## Costs {#violations .violations track=ip}\n"
        "| Violation | Points\n| - | -\n| Fake {#fake} | 2–6\n\nSource: S (2026)\n"
    )
    assert findings == ()
    track, costs = deck.rules[1].table, deck.rules[2].table
    assert track is not None
    assert costs is not None
    assert (track.kind, track.table_id) == ("track", "ip")
    assert track.attributes == {"window": "365 days", "unit": "points"}
    assert [row.cells for row in track.rows] == [("2", "Warning"), ("48", "Closed")]
    assert [row.line for row in track.rows] == [HEAD_LINES + 6, HEAD_LINES + 7]
    assert (costs.rows[0].row_id, costs.rows[0].cells) == ("fake", ("Fake", "2–6"))
    assert deck.rules[2].text == "| Violation | Points\n| - | -\n| Fake | 2–6"


def test_a_case(read: Read) -> None:
    deck, findings = read(
        "## 场景：The order {#order}\n店铺：aliexpress，每天 40 单\n\nA factory calls.\n\n"
        "### The sample {#start}\n\nIt has a logo.\n\n"
        "- [ ] [List [them]](#seized) {violation=fake}\n  > Serious.\n  > Very.\n\n"
        "- 【x】 【Ask】（#letter）\n"
        "### Seized {#seized}\nThe end.\n### Letter {#letter}\n```\nQ: text\n```\n---\n"
        "## Rule {#r}\nSource: S (2026)\n"
    )
    assert findings == ()
    (case,) = deck.scenarios
    assert (case.scenario_id, case.title) == ("platforms/amazon/orders#order", "The order")
    assert (case.shop, case.text) == ("aliexpress，每天 40 单", "A factory calls.")
    first, second = case.steps[0].choices
    assert (first.text, first.target, first.right) == ("List [them]", "seized", False)
    assert (first.reason, first.attributes) == ("Serious.\nVery.", {"violation": "fake"})
    assert (second.text, second.target, second.right) == ("Ask", "letter", True)
    assert [step.text for step in case.steps] == ["It has a logo.", "The end.", "```\nQ: text\n```"]
    assert deck.rules[1].title == "Rule"


def test_front_matter() -> None:
    text = (
        "---\r\n"
        'title: "Amazon: account health"  \r\n'
        "platform：amazon      # or product\r\n"
        "# a comment\r\n"
        "competence: platform-rules\r\n"
        "as_of: 2026年10月\r\n"
        "order: 30\r\n"
        "tags:\r\n  - metrics\r\n  - 'vat'\r\n"
        "---\r\n"
        "# Heading\r\n\r\nIntroduction.\r\n\r\n## R {#r}\r\nSource: S (2026)\r\n"
    )
    deck, findings = parse_deck(text, PurePosixPath("a.md"), "platforms/amazon/a", "en")
    assert findings == ()
    assert deck.title == "Amazon: account health"
    assert (deck.subject_kind, deck.subject) == ("platform", "amazon")
    assert (deck.competence, deck.as_of, deck.order) == ("platform-rules", "2026-10", 30)
    assert deck.tags == ("metrics", "vat")
    assert deck.introduction == "Introduction."


# Places


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_places_count_lines_and_code_points_of_the_file(line_end: str, read: Read) -> None:
    text = line_end.join(
        ["Q: 茶𝄞茶 ![](https://a.b/c.png) {#a}", "A: x", "", "Q: What? {#b difficulty=9}", "A: y"]
    )
    _, findings = read(text)
    assert [(f.code, f.place.line, f.place.column) for f in findings] == [
        ("deck.image-network", HEAD_LINES + 2, 12),
        ("deck.bad-difficulty", HEAD_LINES + 5, 10),
    ]


def test_findings_come_in_file_order(read: Read) -> None:
    _, findings = read("Q: What?\n\nQ: {#A}\n\nT: x\nA: y\n\n##Rule\n")
    assert [f.place for f in findings] == sorted(f.place for f in findings)
    assert len({f.place.line for f in findings}) > 3


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("Q: What? {#Order_Rate}\nA: x", "Q: What? {#order-rate}\nA: x"),
        ("##Fines {#b}\nSource: S (2026)", "## Fines {#b}\nSource: S (2026)"),
        ("Q: What? {#a}\nD: x", "Q: What? {#a}\nA: x"),
        ("Q: W? {#a}\n- [ ] x\n- z\n- [x] y", "Q: W? {#a}\n- [ ] x\n- [ ] z\n- [x] y"),
    ],
)
def test_a_fix_mends_it(text: str, mended: str, read: Read) -> None:
    _, findings = read(text)
    (finding,) = findings
    assert finding.fix is not None
    lines = text.split("\n")
    start, end = finding.fix.start, finding.fix.end
    row = start.line - HEAD_LINES - 2
    line = lines[row]
    lines[row] = line[: start.column - 1] + finding.fix.replacement + line[end.column - 1 :]
    assert "\n".join(lines) == mended
    assert read(mended)[1] == ()


# Errors keep one card out and nothing else


def test_a_broken_card_is_left_out_and_named(read: Read) -> None:
    deck, findings = read(
        "Q: One? {#one}\nA: x\n\nQ: Two? {#two}\n\nQ: Three? {#one}\nA: z\n\nQ: Four? {#four}\nA: w"
    )
    assert codes(findings) == ["deck.no-answer", "deck.duplicate-id"]
    assert [card.note_id.partition("#")[2] for card in deck.cards] == ["one", "four"]
    assert [name.partition("#")[2] for name in deck.left_out] == ["two", "one"]


def test_a_network_image_keeps_its_card_out(read: Read) -> None:
    deck, findings = read("![](http://a.b/c.png)\n\nQ: What? {#a}\nA: ![](http://a.b/c.png)\n")
    assert codes(findings) == ["deck.image-network", "deck.image-network"]
    assert deck.cards == ()


def test_an_image_in_code_is_no_image(read: Read) -> None:
    deck, findings = read("Q: What? {#a}\nA: x\n```\n![](http://a.b/c.png)\n```\n")
    assert findings == ()
    assert len(deck.cards) == 1


def test_a_rule_whose_id_is_taken_is_still_shown(read: Read) -> None:
    deck, findings = read("## Twice {#late}\nSource: S (2026)\n\nQ: What? {#a}\nA: x")
    assert codes(findings) == ["deck.duplicate-id"]
    assert len({rule.rule_id for rule in deck.rules}) == 2
    assert deck.cards[0].rule_id == deck.rules[1].rule_id
