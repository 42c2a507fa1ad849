"""Packs on a PC: installed whole or not at all, rolled back, taken from a share."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from trainer.foundation.errors import Cancelled, TrainerError
from trainer.services.author_key import AuthorKey, make_key
from trainer.services.content_library import Library
from trainer.services.content_packs import Packs, Standing, make_pack
from trainer.services.pack_shelf import pack_folders, read_shelf

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]
PNG = b"\x89PNG\r\n\x1a\n picture"


def deck(days: int) -> str:
    return f"""---
title: Orders
platform: amazon
competence: platform-rules
as-of: 2026-10
---

## Dispatch {{#dispatch}}

Parcels leave in {days} days. ![box](images/box.png)

Source: [Help](https://example.org) (2026-10)

Q: How many days? {{#days}}
A: = {days} days
"""


class School:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.packs = folder / "packs"
        self.share = folder / "share"
        self.share.mkdir(parents=True)
        self.wang = make_key(folder / "wang", "Ms Wang", os.urandom)
        self.li = make_key(folder / "li", "Mr Li", os.urandom)
        self.seconds = NOW.timestamp()

    def shelf(self, *trusted: AuthorKey) -> Packs:
        return Packs(self.packs, lambda: self.seconds, [key.public.hex() for key in trusted])

    def pack(
        self,
        days: int,
        *,
        hours: int = 0,
        signer: AuthorKey | None = None,
        name: str = "school",
        deck_name: str = "orders",
    ) -> Path:
        """A pack with one deck, put on the share."""
        content = self.folder / f"written-{name}-{days}"
        path = content / "platforms" / "amazon" / f"{deck_name}.md"
        (path.parent / "images").mkdir(parents=True, exist_ok=True)
        path.write_text(deck(days), encoding="utf-8")
        (path.parent / "images" / "box.png").write_bytes(PNG)
        target = self.share / f"{name}-{days}.trpack"
        make_pack(
            [content],
            target,
            pack_id=name,
            title=name.capitalize(),
            now=NOW + timedelta(hours=hours),
            signer=signer,
        )
        return target

    def days(self) -> list[str]:
        """What the decks in use say."""
        return [
            path.read_text(encoding="utf-8").rpartition("A: = ")[2].strip()
            for folder in pack_folders(self.packs)
            for path in sorted(folder.rglob("*.md"))
        ]


@pytest.fixture
def school(tmp_path: Path) -> School:
    return School(tmp_path)


def code(call: object) -> str:
    with pytest.raises(TrainerError) as refused:
        call()  # type: ignore[operator]
    return refused.value.code


def test_a_pack_is_installed_with_its_pictures(school: School) -> None:
    path = school.pack(5, signer=school.wang)
    packs = school.shelf(school.wang)
    found = packs.examine(path)
    assert (found.standing, found.installed, found.decks) == (
        Standing.TRUSTED,
        0,
        ("platforms/amazon/orders",),
    )
    packs.install(path)
    (folder,) = pack_folders(school.packs)
    assert (folder / "platforms/amazon/images/box.png").read_bytes() == PNG
    assert school.days() == ["5 days"]
    (installed,) = packs.installed()
    assert installed.manifest.author.name == "Ms Wang"
    assert installed.previous is None


@pytest.mark.parametrize(
    ("signed_by", "standing", "refusal"),
    [
        ("", Standing.UNSIGNED, "pack.unsigned"),
        ("li", Standing.UNKNOWN, "pack.unknown-author"),
    ],
)
def test_a_pack_of_nobody_known_needs_a_decision(
    school: School, signed_by: str, standing: Standing, refusal: str
) -> None:
    path = school.pack(5, signer=school.li if signed_by else None)
    packs = school.shelf(school.wang)
    assert packs.examine(path).standing is standing
    assert code(lambda: packs.install(path)) == refusal
    assert school.days() == []
    packs.install(path, accept=True)
    assert school.days() == ["5 days"]
    assert packs.installed()[0].standing is standing


def test_an_author_who_was_accepted_is_not_asked_about_again(school: School) -> None:
    packs = school.shelf()
    first = school.pack(5, signer=school.li)
    packs.trust(packs.examine(first).manifest.author)
    packs.install(first)
    (author,) = packs.authors()
    assert author.name == "Mr Li"
    assert len(author.words.split("-")) == 6
    packs.distrust(author.key)
    assert packs.examine(first).standing is Standing.UNKNOWN
    assert school.days() == ["5 days"]


def test_a_pack_cannot_be_taken_over_by_another_author(school: School) -> None:
    packs = school.shelf(school.wang, school.li)
    packs.install(school.pack(5, signer=school.wang))
    theirs = school.pack(6, hours=1, signer=school.li)
    assert packs.examine(theirs).standing is Standing.OTHER
    assert code(lambda: packs.install(theirs)) == "pack.other-author"
    assert packs.update_from(school.share).taken == ()
    assert school.days() == ["5 days"]


def test_an_altered_pack_is_refused_whatever_is_decided(school: School) -> None:
    path = school.pack(5, signer=school.wang)
    path.write_bytes(path.read_bytes().replace(b"School", b"Scholl"))
    packs = school.shelf(school.wang)
    assert code(lambda: packs.examine(path)) == "pack.altered"
    assert code(lambda: packs.install(path, accept=True)) == "pack.altered"
    assert not school.packs.exists()


def test_the_version_before_is_kept_and_comes_back(school: School) -> None:
    packs = school.shelf(school.wang)
    for days in (5, 6, 7):
        packs.install(school.pack(days, hours=days, signer=school.wang))
    assert school.days() == ["7 days"]
    assert len(list((school.packs / "school").iterdir())) == 2
    packs.roll_back("school")
    assert school.days() == ["6 days"]
    # What was rolled back is not taken from the share again, and a newer one is.
    assert packs.update_from(school.share).taken == ()
    school.pack(8, hours=8, signer=school.wang)
    assert [one.version for one in packs.update_from(school.share).taken] != []
    assert school.days() == ["8 days"]
    packs.roll_back("school")
    packs.roll_back("school")
    assert school.days() == ["8 days"]


def test_without_a_version_before_there_is_nothing_to_go_back_to(school: School) -> None:
    packs = school.shelf(school.wang)
    assert code(lambda: packs.roll_back("school")) == "pack.no-previous"
    packs.install(school.pack(5, signer=school.wang))
    assert code(lambda: packs.roll_back("school")) == "pack.no-previous"


def test_a_share_brings_what_is_newer_and_known(school: School) -> None:
    packs = school.shelf(school.wang)
    school.pack(5, hours=5, signer=school.wang)
    school.pack(6, hours=6, signer=school.wang)
    unknown = school.pack(9, signer=school.li, name="company", deck_name="company")
    torn = school.share / "torn.trpack"
    torn.write_bytes(unknown.read_bytes()[:100])
    (school.share / "notes.txt").write_text("no pack", encoding="utf-8")
    found = packs.update_from(school.share)
    assert [one.title for one in found.taken] == ["School"]
    assert found.waiting == (unknown,)
    assert {path: error.code for path, error in found.refused.items()} == {torn: "pack.damaged"}
    assert school.days() == ["6 days"]
    assert packs.update_from(school.share).taken == ()


def test_a_pack_that_was_removed_does_not_come_back_by_itself(school: School) -> None:
    packs = school.shelf(school.wang)
    path = school.pack(5, signer=school.wang)
    packs.update_from(school.share)
    packs.remove("school")
    assert packs.update_from(school.share).taken == ()
    assert school.days() == []
    school.pack(6, hours=1, signer=school.wang)
    assert len(packs.update_from(school.share).taken) == 1
    packs.remove("school")
    packs.install(path)
    assert school.days() == ["5 days"], "a person may install what was removed"


def test_a_share_that_is_away_changes_nothing(school: School) -> None:
    packs = school.shelf(school.wang)
    school.pack(5, signer=school.wang)
    packs.update_from(school.share)
    shutil.rmtree(school.share)
    assert packs.update_from(school.share).taken == ()
    assert school.days() == ["5 days"]


def test_a_company_lies_beside_the_school(school: School) -> None:
    packs = school.shelf(school.wang, school.li)
    packs.install(school.pack(5, signer=school.wang))
    company = school.pack(9, signer=school.li, name="company", deck_name="company")
    assert packs.examine(company).covers == ()
    packs.install(company)
    assert school.days() == ["5 days", "9 days"]
    both = school.pack(7, signer=school.li, name="third")
    assert packs.examine(both).covers == ("platforms/amazon/orders",)
    packs.install(both)
    assert [one.manifest.pack_id for one in packs.installed()] == ["school", "company", "third"]
    packs.move("third", -1)
    packs.move("third", -1)
    packs.move("third", -1)
    assert [one.manifest.pack_id for one in packs.installed()] == ["third", "school", "company"]
    packs.remove("company")
    assert school.days() == ["7 days", "5 days"]


def test_students_are_told_of_an_answer_that_a_pack_changes(school: School) -> None:
    packs = school.shelf(school.wang)
    shipped = school.folder / "content"
    library = Library(
        lambda: [shipped, *pack_folders(school.packs)], school.folder / "library.sqlite"
    )
    try:
        (shipped / "platforms" / "amazon").mkdir(parents=True)
        (shipped / "platforms" / "amazon" / "orders.md").write_text(deck(4), encoding="utf-8")
        library.refresh()
        before = library.card("platforms/amazon/orders#days", "en")
        packs.install(school.pack(5, signer=school.wang))
        assert library.refresh().changed == ("platforms/amazon/orders.md",)
        after = library.card("platforms/amazon/orders#days", "en")
        assert before is not None
        assert after is not None
        assert before.body != after.body
        packs.remove("school")
        library.refresh()
        assert library.card("platforms/amazon/orders#days", "en") == before
    finally:
        library.close()


def test_a_cancelled_install_leaves_nothing(school: School) -> None:
    path = school.pack(5, signer=school.wang)

    def stop(_done: int, _total: int) -> None:
        raise Cancelled

    packs = school.shelf(school.wang)
    with pytest.raises(Cancelled):
        packs.install(path, report=stop)
    assert read_shelf(school.packs).packs == ()
    assert list(school.packs.rglob("*.md")) == []


def test_decks_with_errors_are_not_packed(school: School) -> None:
    bad = school.folder / "bad" / "platforms" / "amazon" / "bad.md"
    bad.parent.mkdir(parents=True)
    bad.write_text("---\ntitle: T\nplatform: amazon\n---\n\nQ: No answer? {#a}\n", encoding="utf-8")
    target = school.share / "bad.trpack"
    refusal = code(
        lambda: make_pack(
            [school.folder / "bad"], target, pack_id="bad", title="Bad", now=NOW, signer=None
        )
    )
    assert (refusal, target.exists()) == ("pack.deck-errors", False)


CHILD = """
import os, signal, sys
from pathlib import Path
from trainer.services.content_packs import Packs

folder, pack, key, steps = sys.argv[1:]
left = int(steps)
EVENTS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.rmtree"}

def count(event, arguments):
    global left
    if event in EVENTS and any(isinstance(a, (str, Path)) and folder in str(a) for a in arguments):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

packs = Packs(Path(folder), lambda: 2e9, [key])
sys.addaudithook(count)
packs.install(Path(pack))
print(left)
"""


def installing(school: School, path: Path, steps: int) -> int:
    done = subprocess.run(
        [sys.executable, "-c", CHILD, school.packs, path, school.wang.public.hex(), str(steps)],
        check=False,
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
    )
    return done.returncode


def steps_of_installing() -> Iterator[int]:
    """A step every so often, until it gets through."""
    yield from range(1, 400, 5)


@pytest.mark.skipif(os.name != "posix", reason="nothing kills like SIGKILL")
@pytest.mark.parametrize("begun", [False, True], ids=["new", "update"])
def test_killed_at_any_step_the_old_version_is_in_use_or_the_new_one(
    school: School, *, begun: bool
) -> None:
    old, new = school.pack(5, signer=school.wang), school.pack(6, hours=1, signer=school.wang)
    packs = school.shelf(school.wang)
    killed = 0
    for steps in steps_of_installing():
        shutil.rmtree(school.packs, ignore_errors=True)
        if begun:
            packs.install(old)
        if installing(school, new, steps) == 0:
            break
        killed += 1
        expected = [["5 days"], ["6 days"]] if begun else [[], ["6 days"]]
        assert school.days() in expected, steps
        for folder in pack_folders(school.packs):
            assert (folder / "platforms/amazon/images/box.png").read_bytes() == PNG
        packs.install(new)
        assert school.days() == ["6 days"]
        # An hour later what was left half-done is cleared away.
        school.seconds = 4e9
        packs.install(new)
        assert len(list((school.packs / "school").iterdir())) == (2 if begun else 1)
    assert killed > 3
