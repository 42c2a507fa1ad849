"""Cards other people write in Markdown: Obsidian's Spaced Repetition plugin, and hashcards.

https://stephenmwangi.com/obsidian-spaced-repetition/ and https://github.com/eudoxia0/hashcards
"""

import re

from trainer.cards.model import Body, Recall, Term
from trainer.decks.encoding import decode
from trainer.decks.plain_text import plain_text
from trainer.decks.scanner import after_fence, fence_at
from trainer.exchange.anki_reading import marked_cloze
from trainer.exchange.model import Draft, DraftRule, Imported, ReportProgress, assembled, no_report
from trainer.exchange.names import BlockNames, title_of
from trainer.exchange.pictures import Pictures
from trainer.exchange.texts import Texts, language_of
from trainer.foundation.errors import TrainerError

_LARGEST = 32 * 2**20  # bytes
_SCHEDULE = re.compile(r"<!--\s*SR:.{0,2000}?-->", re.DOTALL)
_TAGS = re.compile(r"(?:^|\s)#([^\s#]{1,80})")
_HEADING = re.compile(r"(#{1,6})\s+(\S.*)")
_ONE_LINE = re.compile(r"(.+?)(:::?)(?!:)(.+)")
_SR_CLOZE = re.compile(r"==([^=\n]+)==|\{\{(?:c?\d*::)?([^{}\n]+?)(?:::[^{}\n]*)?\}\}")
_WIKI_IMAGE = re.compile(r"!\[\[([^\[\]\n|]{1,300})(?:\|[^\]\n]{0,100})?\]\]")
_WIKI_LINK = re.compile(r"\[\[([^\[\]\n|]{1,300})(?:\|([^\]\n]{0,300}))?\]\]")
_HASHCARD = re.compile(r"([QAC]):(?:\s|$)")
_BRACKETS = re.compile(r"(?<![\\!])\[([^\[\]\n]+)\](?!\()")


def read_obsidian(content: bytes, name: str, report: ReportProgress = no_report) -> Imported:
    """Notes with cards of the Spaced Repetition plugin.

    Raises TrainerError: import.too-big, import.nothing-in-it.
    """
    reader = _Obsidian()
    lines = _lines(content)
    return reader.read(lines, title_of(name), report)


def read_hashcards(content: bytes, name: str, report: ReportProgress = no_report) -> Imported:
    """A file of hashcards: `Q:` and `A:`, or `C:` with parts in brackets.

    Raises TrainerError: import.too-big, import.nothing-in-it.
    """
    texts = _texts()
    drafts: list[Draft] = []
    key, kept = "", {"Q": "", "A": "", "C": ""}
    seen = 0

    def end() -> None:
        nonlocal seen
        asked, answer, cloze = (kept[one].strip() for one in "QAC")
        if asked or cloze:
            seen += 1
            texts.about(asked or cloze)
        if cloze:
            drafts.append(_bracketed(cloze, texts))
        elif asked:
            drafts.append(Draft(texts.markdown(asked), Recall(texts.markdown(answer))))
        kept.update(Q="", A="", C="")

    lines = _lines(content)
    title, begin = _front_matter(lines, title_of(name))
    index = begin
    while index < len(lines):
        if index % 500 == 0:
            report(index, len(lines))
        line = lines[index]
        fence = fence_at(line)
        if fence and key:
            following, _ = after_fence(lines, index, fence[0])
            kept[key] += "\n".join(lines[index:following]) + "\n"
            index = following
            continue
        mark = _HASHCARD.match(line)
        if mark:
            if mark[1] != "A":
                end()
            key = mark[1]
            kept[key] = line[mark.end() :] + "\n"
        elif line.strip() == "---":
            end()
            key = ""
        elif key:
            kept[key] += line + "\n"
        index += 1
    end()
    return _imported(drafts, {}, title, texts, seen)


def _bracketed(text: str, texts: Texts) -> Draft:
    marked = _BRACKETS.sub("\ue010\\1\ue011", texts.markdown(text))
    body, _ = marked_cloze(marked, list(range(marked.count("\ue010"))))
    return Draft("", body)


class _Obsidian:
    def __init__(self) -> None:
        self._texts = _texts()
        self._drafts: list[Draft] = []
        self._rules: dict[str, DraftRule] = {}
        self._rule = ""
        self._tags: tuple[str, ...] = ()
        self._seen = 0

    def read(self, lines: list[str], title: str, report: ReportProgress) -> Imported:
        title, begin = _front_matter(lines, title)
        block: list[str] = []
        index = begin
        while index < len(lines):
            if index % 500 == 0:
                report(index, len(lines))
            line = lines[index]
            fence = fence_at(line)
            heading = _HEADING.match(line)
            if fence:
                following, _ = after_fence(lines, index, fence[0])
                block += lines[index:following]
                index = following
                continue
            if heading:
                self._take(block)
                block = []
                words = self._plain(heading[2])
                if len(heading[1]) > 1 or self._drafts:
                    self._rule = words
                    self._rules.setdefault(words, DraftRule(words))
                else:
                    title = words
            elif not line.strip():
                self._take(block)
                block = []
            else:
                block.append(line)
            index += 1
        self._take(block)
        return _imported(self._drafts, self._rules, title, self._texts, self._seen)

    def _plain(self, text: str) -> str:
        return _TAGS.sub("", text).strip() or text.strip()

    def _take(self, block: list[str]) -> None:
        """A card ends where an empty line is."""
        text = "\n".join(block)
        if _SCHEDULE.search(text):
            self._texts.about(block[0])
            self._texts.lose("carried.schedule")
            text = _SCHEDULE.sub("", text)
        text = text.strip()
        if not text:
            return
        lines = text.split("\n")
        if all(line.lstrip().startswith("#") for line in lines) and _TAGS.search(text):
            self._tags = tuple(_tag(tag) for tag in _TAGS.findall(text))
            return
        marks = [n for n, line in enumerate(lines) if line.strip() in {"?", "??"}]
        if marks:
            front = "\n".join(lines[: marks[0]])
            back = "\n".join(lines[marks[0] + 1 :])
            self._card(front, back, both=lines[marks[0]].strip() == "??")
            return
        if any(map(fence_at, lines)):
            return
        found = False
        for line in lines:
            pair = _ONE_LINE.fullmatch(line.strip().removeprefix("- "))
            if pair and "`" not in pair[1] and "{{" not in pair[1]:
                self._card(pair[1], pair[3], both=pair[2] == ":::")
                found = True
        if not found and _SR_CLOZE.search(text):
            self._seen += 1
            self._texts.about(text)
            numbers = list(range(len(_SR_CLOZE.findall(text))))
            marked = _SR_CLOZE.sub(lambda m: f"\ue010{m[1] or m[2]}\ue011", self._ours(text))
            body, _ = marked_cloze(marked, numbers)
            self._add("", body)

    def _card(self, front: str, back: str, *, both: bool) -> None:
        self._seen += 1
        self._texts.about(front)
        asked, answer = self._ours(front), self._ours(back)
        if both:
            self._add("", Term(asked, answer, "definition"))
        else:
            self._add(asked, Recall(answer))

    def _add(self, question: str, body: Body) -> None:
        tags = tuple(tag for tag in self._tags if tag not in {"flashcards", "review"})
        self._drafts.append(Draft(question, body, rule=self._rule, tags=tags))

    def _ours(self, text: str) -> str:
        """Obsidian's own links and pictures as plain Markdown."""
        text = _TAGS.sub("", f" {text}").strip()
        text = _WIKI_IMAGE.sub(r"![](\1)", text)
        text = _WIKI_LINK.sub(lambda link: link[2] or link[1], text)
        return self._texts.markdown(text)


def _texts() -> Texts:
    return Texts(Pictures(lambda _name: None, "images"))


def _lines(content: bytes) -> list[str]:
    if len(content) > _LARGEST:
        raise TrainerError("import.too-big")
    return decode(content).text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _front_matter(lines: list[str], title: str) -> tuple[str, int]:
    """The title, and the line the text begins with."""
    head = next((n for n, line in enumerate(lines[:40]) if n and line.strip() == "---"), 0)
    if lines and lines[0].strip() == "---" and head:
        for line in lines[1:head]:
            key, _, value = line.partition(":")
            if key.strip() == "title" and value.strip():
                title = value.strip().strip("\"'")
            if "=" in line and line.partition("=")[0].strip() == "name":
                title = line.partition("=")[2].strip().strip("\"'") or title
        return title, head + 1
    return title, 0


def _tag(tag: str) -> str:
    return re.sub(r"[\s\"“”{}]", "", tag)


def _imported(
    drafts: list[Draft], rules: dict[str, DraftRule], title: str, texts: Texts, seen: int
) -> Imported:
    if not seen:
        raise TrainerError("import.nothing-in-it")
    sample = [plain_text(d.question) if d.question else str(d.body) for d in drafts]
    deck, _ = assembled(title, language_of(sample), drafts, rules, BlockNames())
    return Imported(deck, not_carried=texts.everything_lost(), seen=seen)
