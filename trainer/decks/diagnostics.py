"""Everything the linter can say: the codes, how grave they are, and an example of each.

The sentences stand in the translations under the same codes. The examples are shown in the
documentation, and the tests provoke each finding with its own. An example is what stands below a
sourced rule, unless it begins with the front matter; where it takes several files, each begins
with a line `=== path`.
"""

from dataclasses import dataclass

from trainer.foundation.source import Level

_ERROR, _WARNING, _HINT = Level.ERROR, Level.WARNING, Level.HINT


@dataclass(frozen=True, slots=True)
class Diagnostic:
    code: str
    level: Level
    example: str


_HEAD = """---
title: Orders
platform: amazon
competence: platform-rules
as-of: 2026-10
---
"""
_RULE = """## Late parcels {#late}
Parcels leave on time.
Source: [Help](https://example.org) (2026-10)
"""


def _deck(old: str, new: str) -> str:
    """The example deck with a piece of its front matter replaced."""
    return _HEAD.replace(old, new) + _RULE


def _table(attributes: str, *rows: str) -> str:
    """A rule with a penalty table of the kind that `attributes` begins with."""
    lines = (f"## B {{#b .{attributes}}}", *rows, "", "Source: Help (2026-10)")
    return "\n".join(lines)


_TOPIC = "## Posting {{#b {}}}\nOn time.\nSource: Help (2026-10)"
_TRACK = ("| Points | Then |", "| - | - |")
_FINES = ("| Act | Sum | Remark |", "| - | - | - |")
_EN = f"=== platforms/amazon/orders.md\n{_HEAD}{_RULE}"
_ZH = f"=== platforms/amazon/orders.zh.md\n{_HEAD}{_RULE}"

DIAGNOSTICS = (
    # The file
    Diagnostic("deck.encoding", _ERROR, "Q: A caf\udce9? {#a}\nA: x"),
    Diagnostic("deck.encoding-gb18030", _HINT, ""),
    Diagnostic("deck.encoding-utf16", _HINT, ""),
    Diagnostic("deck.odd-character", _WARNING, "Q: What\0? {#a}\nA: x"),
    Diagnostic("deck.unreadable", _ERROR, ""),
    Diagnostic("deck.empty", _WARNING, _HEAD),
    Diagnostic("deck.front-matter-missing", _WARNING, f"# Orders\n{_RULE}"),
    Diagnostic("deck.front-matter-unclosed", _ERROR, f"{_HEAD[:-4]}\n{_RULE}"),
    Diagnostic("deck.front-matter-line", _WARNING, _deck("as-of", "hello\nas-of")),
    Diagnostic("deck.front-matter-key", _WARNING, _deck("as-of", "autor: Li\nas-of")),
    Diagnostic("deck.front-matter-twice", _WARNING, _deck("as-of", "title: Orders\nas-of")),
    Diagnostic("deck.no-title", _WARNING, _deck("title: Orders", "order: 1")),
    Diagnostic("deck.no-subject", _WARNING, ""),
    Diagnostic("deck.subject-mismatch", _WARNING, _deck("amazon", "ebay")),
    Diagnostic("deck.no-competence", _WARNING, _deck("competence: platform-rules\n", "")),
    Diagnostic("deck.bad-competence", _WARNING, _deck("platform-rules", "rules")),
    Diagnostic("deck.bad-date", _WARNING, "## B {#b}\nAs-of: 2026-13\nSource: Help (2026-10)"),
    Diagnostic("deck.bad-order", _WARNING, _deck("as-of", "order: first\nas-of")),
    Diagnostic("deck.bad-zone", _WARNING, _deck("as-of", "zone: Beijing\nas-of")),
    Diagnostic("deck.second-title", _WARNING, "Prose.\n\n# Another title"),
    Diagnostic("deck.heading-space", _WARNING, "##Fines {#b}\nSource: Help (2026-10)"),
    Diagnostic("deck.empty-heading", _WARNING, "## {#b}\nSource: Help (2026-10)"),
    Diagnostic("deck.fence-unclosed", _ERROR, "Q: What? {#a}\nA: x\n```\ncode"),
    # Ids and attributes
    Diagnostic("deck.no-id", _HINT, "Q: What?\nA: x"),
    Diagnostic("deck.bad-id", _ERROR, "Q: What? {#Order_rate}\nA: x"),
    Diagnostic("deck.duplicate-id", _ERROR, "Q: What? {#a}\nA: x\n\nQ: Why? {#a}\nA: y"),
    Diagnostic("deck.bad-attribute", _WARNING, "Q: What? {#a hard}\nA: x"),
    Diagnostic("deck.unknown-attribute", _WARNING, "Q: What? {#a level=3}\nA: x"),
    Diagnostic("deck.unknown-class", _WARNING, "## B {#b .points}\nSource: Help (2026-10)"),
    Diagnostic("deck.bad-difficulty", _WARNING, "Q: What? {#a difficulty=9}\nA: x"),
    Diagnostic(
        "deck.bad-scoring", _WARNING, "Q: What? {#a scoring=half}\n- [x] x\n- [x] y\n- [ ] z"
    ),
    # Rules
    Diagnostic("deck.unknown-topic", _WARNING, _TOPIC.format("topic=dispach-deadline")),
    Diagnostic("deck.value-no-topic", _WARNING, _TOPIC.format('value="On time"')),
    Diagnostic(
        "deck.value-not-in-rule", _WARNING, _TOPIC.format('topic=dispatch-deadline value="2 days"')
    ),
    Diagnostic("deck.key-is-text", _HINT, " Q: What?\n"),
    Diagnostic("deck.key-after-card", _HINT, "Q: What? {#a}\nA: x\n\nPenalty: a fine"),
    Diagnostic("deck.key-outside-rule", _WARNING, f"{_HEAD}Penalty: a fine\n\n{_RULE}"),
    Diagnostic("deck.key-twice", _WARNING, "Penalty: a fine\nPenalty: a ban"),
    Diagnostic("deck.key-empty", _WARNING, "Penalty:"),
    Diagnostic("deck.source-undated", _WARNING, "Source: [Help](https://example.org)"),
    Diagnostic("deck.bad-link", _WARNING, "Source: [Help](example.org) (2026-10)"),
    Diagnostic("deck.rule-no-source", _WARNING, "## B {#b}\nParcels leave on time."),
    Diagnostic("deck.threshold-no-source", _WARNING, "## B {#b}\nStay below 1 %."),
    Diagnostic(
        "deck.rule-old", _WARNING, "## B {#b}\nAs-of: 2019-01\nSource: [Help](https://a.b) (2019)"
    ),
    # Cards
    Diagnostic("deck.no-question", _ERROR, "Q: {#a}\nA: x"),
    Diagnostic("deck.no-answer", _ERROR, "Q: What? {#a}"),
    Diagnostic("deck.no-definition", _ERROR, "T: AHR {#a}"),
    Diagnostic("deck.answer-without-question", _ERROR, "A: x"),
    Diagnostic("deck.wrong-answer-key", _WARNING, "Q: What? {#a}\nD: x"),
    Diagnostic("deck.two-answers", _ERROR, "Q: What? {#a}\nA: x\n- [ ] y\n- [x] x"),
    Diagnostic("deck.stray-text", _WARNING, "Q: What? {#a}\nA: = 3 days\nand no more"),
    Diagnostic("deck.one-option", _ERROR, "Q: What? {#a}\n- [x] x"),
    Diagnostic("deck.no-right-option", _ERROR, "Q: What? {#a}\n- [ ] x\n- [ ] y"),
    Diagnostic("deck.all-options-right", _ERROR, "Q: What? {#a}\n- [x] x\n- [x] y"),
    Diagnostic("deck.same-options", _WARNING, "Q: What? {#a}\n- [ ] x\n- [ ] x\n- [x] y"),
    Diagnostic("deck.empty-option", _ERROR, "Q: What? {#a}\n- [ ] x\n- [ ]\n- [x] y"),
    Diagnostic("deck.option-mark", _ERROR, "Q: What? {#a}\n- [?] x\n- [ ] z\n- [x] y"),
    Diagnostic("deck.option-no-box", _ERROR, "Q: What? {#a}\n- [ ] x\n- z\n- [x] y"),
    Diagnostic("deck.bad-number", _ERROR, "Q: How many? {#a}\nA: = three"),
    Diagnostic("deck.bad-tolerance", _ERROR, "Q: How many? {#a}\nA: = 3 days ± some"),
    Diagnostic("deck.no-hidden-part", _ERROR, "C: Nothing is hidden. {#a}"),
    Diagnostic("deck.cloze-unclosed", _ERROR, "C: ==One== and ==two. {#a}"),
    Diagnostic("deck.cloze-empty-part", _ERROR, "C: ==One== and ====. {#a}"),
    Diagnostic("deck.cloze-part-twice", _ERROR, "C: ==One=={#x} and ==two=={#x}. {#a}"),
    Diagnostic("deck.cloze-too-many", _ERROR, f"C: {'==x== ' * 31}{{#a}}"),
    Diagnostic("deck.bad-part-name", _ERROR, "C: ==One=={#X y} day. {#a}"),
    Diagnostic("deck.cloze-with-answer", _ERROR, "C: ==One== day. {#a}\nA: x"),
    Diagnostic("deck.one-step", _ERROR, "Q: Order? {#a}\n1. x"),
    Diagnostic("deck.empty-step", _ERROR, "Q: Order? {#a}\n1. x\n2.\n3. y"),
    Diagnostic("deck.same-steps", _WARNING, "Q: Order? {#a}\n1. x\n2. x\n3. y"),
    Diagnostic("deck.one-pair", _ERROR, "Q: Match. {#a}\n| a | b |\n| - | - |\n| x | y |"),
    Diagnostic(
        "deck.matching-columns",
        _ERROR,
        "Q: Match. {#a}\n| a | b | c |\n| - | - | - |\n| x | y | z |",
    ),
    Diagnostic(
        "deck.matching-row",
        _ERROR,
        "Q: Match. {#a}\n| a | b |\n| - | - |\n| x | y |\n| u | v |\n| w |",
    ),
    Diagnostic(
        "deck.same-left", _ERROR, "Q: Match. {#a}\n| a | b |\n| - | - |\n| x | y |\n| x | z |"
    ),
    # Questions with fresh numbers
    Diagnostic("deck.params-line", _ERROR, "Q: {n}? {#a}\n```params\nn: 1..9\nanswer: n\nn\n```"),
    Diagnostic("deck.params-name", _ERROR, "Q: What? {#a}\n```params\nN2: 1..9\nanswer: 2\n```"),
    Diagnostic(
        "deck.params-twice", _ERROR, "Q: {n}? {#a}\n```params\nn: 1..9\nn: 2..3\nanswer: n\n```"
    ),
    Diagnostic("deck.params-range", _ERROR, "Q: {n}? {#a}\n```params\nn: 9..1\nanswer: n\n```"),
    Diagnostic("deck.params-no-answer", _ERROR, "Q: {n}? {#a}\n```params\nn: 1..9\n```"),
    Diagnostic(
        "deck.params-round", _ERROR, "Q: {n}? {#a}\n```params\nn: 1..9\nanswer: n\nround: up\n```"
    ),
    Diagnostic(
        "deck.unknown-blank", _WARNING, "Q: {n} {m}? {#a}\n```params\nn: 1..9\nanswer: n\n```"
    ),
    Diagnostic(
        "deck.hidden-parameter", _WARNING, "Q: What? {#a}\n```params\nn: 1..9\nanswer: n\n```"
    ),
    Diagnostic("deck.formula-syntax", _ERROR, "Q: {n}? {#a}\n```params\nn: 1..9\nanswer: n +\n```"),
    Diagnostic(
        "deck.formula-long",
        _ERROR,
        f"Q: {{n}}? {{#a}}\n```params\nn: 1..9\nanswer: n{'+1' * 160}\n```",
    ),
    Diagnostic(
        "deck.formula-deep",
        _ERROR,
        f"Q: {{n}}? {{#a}}\n```params\nn: 1..9\nanswer: {'-' * 40}n\n```",
    ),
    Diagnostic(
        "deck.formula-not-allowed",
        _ERROR,
        "Q: {n}? {#a}\n```params\nn: 1..9\nanswer: print(n)\n```",
    ),
    Diagnostic(
        "deck.formula-unknown-name", _ERROR, "Q: {n}? {#a}\n```params\nn: 1..9\nanswer: n * m\n```"
    ),
    Diagnostic(
        "deck.formula-too-large",
        _ERROR,
        "Q: {n}? {#a}\n```params\nn: 900..999\nanswer: n ** 20\n```",
    ),
    Diagnostic(
        "deck.formula-impossible",
        _ERROR,
        "Q: {n}? {#a}\n```params\nn: 1..9\nwhere: n > 9\nanswer: n\n```",
    ),
    # Penalty tables
    Diagnostic("deck.no-table", _ERROR, _table("track")),
    Diagnostic("deck.table-columns", _ERROR, _table("track", "| Points |", "| - |", "| 2 |")),
    Diagnostic("deck.table-no-line", _ERROR, _table("track", "| Points | Then |", "| 2 | x |")),
    Diagnostic("deck.table-empty", _ERROR, _table("track", *_TRACK)),
    Diagnostic("deck.table-cells", _WARNING, _table("track", *_TRACK, "| 2 |")),
    Diagnostic("deck.table-number", _ERROR, _table("track", *_TRACK, "| two | x |")),
    Diagnostic("deck.table-order", _ERROR, _table("track", *_TRACK, "| 6 | x |", "| 2 | y |")),
    Diagnostic(
        "deck.table-order-falling",
        _ERROR,
        _table("track falls-from=200", *_TRACK, "| 99 | x |", "| 199 | y |"),
    ),
    Diagnostic(
        "deck.bad-value", _WARNING, _table("track merge=often", *_TRACK, "| 2 {frozen=long} | x |")
    ),
    Diagnostic("deck.bad-window", _WARNING, _table("track window=soon", *_TRACK, "| 2 | x |")),
    Diagnostic(
        "deck.row-no-id",
        _WARNING,
        _table("violations", "| Act | Points |", "| - | - |", "| Fake | 6 |"),
    ),
    Diagnostic(
        "deck.duplicate-row",
        _ERROR,
        _table("fines", *_FINES, "| x {#f} | 6 | |", "| y {#f} | 7 | |"),
    ),
    Diagnostic(
        "deck.bad-limit",
        _WARNING,
        _table(
            "metrics",
            "| Metric | Formula | Window | Limit | Then |",
            "| - | - | - | - | - |",
            "| Rate {#m} | late / all | 7 days | low | x |",
        ),
    ),
    # Images
    Diagnostic("deck.image-network", _ERROR, "Q: What? ![](https://a.b/c.png) {#a}\nA: x"),
    Diagnostic("deck.image-escapes", _ERROR, "Q: What? ![](../../../c.png) {#a}\nA: x"),
    Diagnostic("deck.image-missing", _ERROR, "Q: What? ![](missing.png) {#a}\nA: x"),
    # Cases
    Diagnostic("deck.scenario-no-steps", _ERROR, "## Scenario: A {#a}\nText."),
    Diagnostic("deck.step-no-id", _ERROR, "## Scenario: A {#a}\n### One\nText."),
    Diagnostic(
        "deck.duplicate-step",
        _ERROR,
        "## Scenario: A {#a}\n### One {#s}\nText.\n### Two {#s}\nText.",
    ),
    Diagnostic("deck.step-empty", _WARNING, "## Scenario: A {#a}\n### One {#s}"),
    Diagnostic(
        "deck.step-no-right-choice",
        _WARNING,
        "## Scenario: A {#a}\n### One {#s}\n- [ ] [Go](#t)\n### Two {#t}\nText.",
    ),
    Diagnostic(
        "deck.step-unreachable",
        _WARNING,
        "## Scenario: A {#a}\n### One {#s}\nText.\n### Two {#t}\nText.",
    ),
    Diagnostic("deck.step-never-ends", _ERROR, "## Scenario: A {#a}\n### One {#s}\n- [x] [Go](#s)"),
    Diagnostic("deck.broken-link", _ERROR, "## Scenario: A {#a}\n### One {#s}\n- [x] [Go](#t)"),
    Diagnostic("deck.choice-no-link", _ERROR, "## Scenario: A {#a}\n### One {#s}\n- [x] Go"),
    Diagnostic(
        "deck.choice-before-step",
        _ERROR,
        "## Scenario: A {#a}\n- [x] [Go](#s)\n### One {#s}\nText.",
    ),
    Diagnostic(
        "deck.card-in-scenario", _ERROR, "## Scenario: A {#a}\n### One {#s}\nText.\nQ: What?"
    ),
    Diagnostic(
        "deck.bad-shop", _WARNING, "## Scenario: A {#a}\nShop: many orders\n### One {#s}\nText."
    ),
    Diagnostic(
        "deck.unknown-platform",
        _ERROR,
        "## Scenario: A {#a}\nShop: amazn, 9 orders a day\n### One {#s}\nText.",
    ),
    Diagnostic(
        "deck.unknown-track",
        _ERROR,
        "## Scenario: A {#a}\nShop: amazon, 9 orders a day, 6 points on the ip track\n"
        "### One {#s}\nText.",
    ),
    Diagnostic(
        "deck.unknown-violation",
        _ERROR,
        "## Scenario: A {#a}\nShop: amazon, 9 orders a day\n### One {#s}\n"
        "- [x] [Go](#t) {violation=fake}\n### Two {#t}\nText.",
    ),
    Diagnostic(
        "deck.unknown-metric",
        _ERROR,
        "## Scenario: A {#a}\nShop: amazon, 9 orders a day, odd 2/400\n### One {#s}\nText.",
    ),
    Diagnostic(
        "deck.unknown-row",
        _ERROR,
        _table("violations", "| Act | Points |", "| - | - |", "| Fake {#f also=g} | 6 |"),
    ),
    # The other language, and the other decks
    Diagnostic("deck.translation-missing", _HINT, f"{_EN}"),
    Diagnostic("deck.original-missing", _HINT, f"{_ZH}"),
    Diagnostic(
        "deck.unknown-language", _WARNING, f"{_EN}\n{_ZH}\n=== platforms/amazon/orders.fr.md\n"
    ),
    Diagnostic("deck.not-translated", _WARNING, f"{_EN}\nQ: What? {{#a}}\nA: x\n{_ZH}"),
    Diagnostic("deck.orphaned", _WARNING, f"{_EN}\n{_ZH}\nQ: What? {{#a}}\nA: x"),
    Diagnostic(
        "deck.kind-differs",
        _ERROR,
        f"{_EN}\nQ: What? {{#a}}\nA: true\n{_ZH}\nQ: What? {{#a}}\nA: ~ y",
    ),
    Diagnostic(
        "deck.answer-differs",
        _ERROR,
        f"{_EN}\nQ: What? {{#a}}\nA: = 4 %\n{_ZH}\nQ: What? {{#a}}\nA: = 3 %",
    ),
    Diagnostic(
        "deck.number-differs",
        _WARNING,
        f"{_EN}\nQ: What? {{#a}}\nA: Below 4 %\n{_ZH}\nQ: What? {{#a}}\nA: Below 3 %",
    ),
    Diagnostic(
        "deck.dates-differ",
        _WARNING,
        f"{_EN}\n{_ZH.replace('(2026-10)', '(2026-09)')}",
    ),
    Diagnostic(
        "deck.topics-differ",
        _WARNING,
        f"{_EN}\n{_ZH.replace('#late', '#late topic=dispatch-deadline')}",
    ),
    Diagnostic("deck.line-missing", _WARNING, f"{_EN}\n{_ZH}Verify: seen once only"),
    Diagnostic(
        "deck.steps-differ",
        _ERROR,
        f"{_EN}\n## Scenario: A {{#a}}\n### One {{#s}}\nText.\n"
        f"{_ZH}\n## Scenario: A {{#a}}\n### One {{#t}}\nText.",
    ),
    Diagnostic(
        "deck.table-differs",
        _ERROR,
        f"{_EN}\n{_table('track', *_TRACK, '| 2 | x |')}\n"
        f"{_ZH}\n{_table('track', *_TRACK, '| 3 | x |')}",
    ),
    Diagnostic(
        "deck.row-elsewhere",
        _ERROR,
        f"{_EN}\n{_table('fines', *_FINES, '| x {#f} | 6 | |')}\n"
        f"{_EN.replace('orders', 'fines')}\n{_table('fines', *_FINES, '| x {#f} | 6 | |')}",
    ),
)
LEVELS = {diagnostic.code: diagnostic.level for diagnostic in DIAGNOSTICS}
