"""From nothing to the first cards, with real keys on a real screen: the checkout, the bundle."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journeys.screens import Screen, answers_in, decks_in, running, wait_for_answers

ROOT = Path(__file__).resolve().parents[2]
TITLE = "Platform Rules Trainer"
DECKS = sum(
    1
    for folder in ("platforms", "products", "skills")
    for _ in (ROOT / "content" / folder).rglob("*.md")
)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built program, as `make bundle` builds it."""
    dist = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "build/bundle.py", "--dist", str(dist), "--no-pack"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return dist / "PlatformRulesTrainer"


def study_three_cards(program: list[str], data: Path, screen: Screen) -> None:
    """Sign up, start studying, look at three answers, rate them; then pull the plug."""
    with running([*program, "--data", str(data)], screen.environment) as process:
        screen.focus(TITLE)
        # A bar shows the first reading of the decks; keys go to it while it is there.
        wait_until(lambda: decks_in(data) >= DECKS, seconds=90)
        time.sleep(2.0)
        screen.focus(TITLE)
        time.sleep(0.5)
        screen.type("Li")
        screen.press("Return")
        wait_until(lambda: any(data.glob("learners/*/learner.sqlite")))
        time.sleep(1.5)
        screen.press("ctrl+2")
        time.sleep(1.5)
        for number in range(1, 4):
            screen.press("0")  # I do not know; a card that learners grade themselves ignores it
            for _ in range(3):
                screen.press("Return")  # show the answer, then take the proposed rating
                if wait_for_answers(data, number, seconds=1) == number:
                    break
            assert answers_in(data) == number
        assert process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)
    assert answers_in(data) == 3


def wait_until(true: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.1)


def test_from_nothing_to_three_cards_in_the_checkout(screen: Screen, tmp_path: Path) -> None:
    study_three_cards([sys.executable, str(ROOT / "main.py")], tmp_path / "data", screen)


def test_from_nothing_to_three_cards_in_the_bundle(
    screen: Screen, tmp_path: Path, bundle: Path
) -> None:
    study_three_cards([str(bundle / "PlatformRulesTrainer")], tmp_path / "data", screen)


def test_the_bundle_lints_and_counts(bundle: Path, tmp_path: Path) -> None:
    program = str(bundle / "trainer")
    deck = tmp_path / "broken.md"
    deck.write_text("# Broken\n\nQ: Nobody answers? {#lonely}\n", encoding="utf-8")

    counted = run(program, "stats", "--json", str(bundle / "content"))
    assert json.loads(counted.stdout)["studyable"] > 1000

    linted = run(program, "lint", str(deck))
    assert linted.returncode == 1
    assert f"{deck.as_posix()}:3:1: error deck.no-answer" in linted.stdout
    assert "Traceback" not in linted.stderr


def test_the_bundle_makes_an_exam_and_carries_decks(bundle: Path, tmp_path: Path) -> None:
    """What needs the parts that are loaded late: word list, cryptography, PDF, Excel, packs."""
    program = (str(bundle / "trainer"), "--data", str(tmp_path / "data"), "--language", "en")
    secret, plan, names = (tmp_path / name for name in ("secret.txt", "plan.toml", "class.csv"))
    secret.write_text("a long sentence of mine\n", encoding="utf-8")
    names.write_text("number,name\n1001,王小明\n", encoding="utf-8")
    plan.write_text(
        'title = "Final"\n[[sections]]\ntitle = "All"\n[[sections.cells]]\ncount = 3\n',
        encoding="utf-8",
    )
    phrase = ("--passphrase-file", str(secret))
    made = run(*program, "exam", "keys", "new", "--name", "Ms Li", *phrase)
    assert made.returncode == 0, made.stderr
    shown = run(*program, "exam", "keys", "show").stdout
    assert [line for line in shown.splitlines() if line.count("-") == 5]
    packed = run(
        *program, "exam", "pack", str(plan), str(names), "--output", str(tmp_path),
        "--minutes", "60", "--small", *phrase,
    )  # fmt: skip
    assert packed.returncode == 0, packed.stderr
    pages = list(tmp_path.glob("Final-*/*/*.pdf"))
    assert {page.parent.name for page in pages} == {"envelope", "proctor", "teacher"}
    assert all(page.read_bytes().startswith(b"%PDF") for page in pages)

    decks = tmp_path / "mine" / "platforms" / "amazon"
    decks.mkdir(parents=True)
    deck = decks / "deck.md"
    deck.write_text(
        "---\ntitle: D\nplatform: amazon\n---\n\nQ: How long? {#long}\nA: = 5 days\n",
        encoding="utf-8",
    )
    book, pack, content = tmp_path / "deck.xlsx", tmp_path / "p.trpack", tmp_path / "content"
    for words in (
        ("export", deck, "--to", book),
        ("import", book, "--to", content, "--platform", "amazon"),
        ("pack", "make", tmp_path / "mine", "--to", pack, "--title", "P", "--author", "Ms Li"),
        ("pack", "verify", pack),
    ):
        done = run(*program, *map(str, words))
        assert done.returncode == 0, done.stdout + done.stderr
    (read_back,) = (content / "platforms" / "amazon").glob("*.md")
    assert "A: = 5 days" in read_back.read_text(encoding="utf-8")


def test_the_bundle_is_small(bundle: Path) -> None:
    """140 MB unpacked: most of it is Qt; what nobody asks for stays out (build/trainer.spec)."""
    files = [path for path in bundle.rglob("*") if path.is_file() and not path.is_symlink()]
    assert sum(path.stat().st_size for path in files) < 140_000_000


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, check=False, capture_output=True, encoding="utf-8")
