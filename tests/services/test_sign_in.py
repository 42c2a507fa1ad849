"""Several people on one PC: tiles, PINs, leaving and coming back, damaged files."""

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from trainer.foundation.clock import FixedClock, milliseconds
from trainer.foundation.errors import TrainerError
from trainer.foundation.settings import THEME
from trainer.services.sign_in import People

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def people(tmp_path: Path, clock: FixedClock) -> People:
    return People(tmp_path, clock)


def code_of(raised: pytest.ExceptionInfo[TrainerError]) -> str:
    return raised.value.code


def test_nobody_is_there_at_first(people: People) -> None:
    assert people.all() == []


def test_a_new_person_has_a_tile_and_a_file(people: People, clock: FixedClock) -> None:
    created = people.create("  李  华 ", "blue")

    assert (created.name, created.colour, created.has_pin) == ("李 华", "blue", False)
    assert created.last_seen is None
    learner = people.open(created.learner_id)
    assert (learner.learner_id, learner.name) == (created.learner_id, "李 华")
    assert learner.notice is None
    learner.close(clock.now())
    assert people.all()[0].last_seen == milliseconds(NOW)


def test_the_last_one_seen_comes_first(people: People, clock: FixedClock) -> None:
    ids = [people.create(name, "teal").learner_id for name in ("Ann", "Bo", "Cy")]
    for learner_id in (ids[1], ids[0]):
        clock.advance(timedelta(hours=1))
        people.open(learner_id).close()

    assert [person.name for person in people.all()] == ["Ann", "Bo", "Cy"]


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "\n\t"])
def test_a_name_must_not_be_empty(people: People, name: str) -> None:
    with pytest.raises(TrainerError) as raised:
        people.create(name, "teal")
    assert code_of(raised) == "person.name-empty"
    assert people.all() == []


@pytest.mark.parametrize("same", ["Li Hua", "LI  HUA", "Ｌｉ Ｈｕａ"])
def test_two_people_cannot_share_a_name(people: People, same: str) -> None:
    people.create("Li Hua", "teal")
    with pytest.raises(TrainerError) as raised:
        people.create(same, "rose")
    assert code_of(raised) == "person.name-taken"
    other = people.create("Wang", "rose")
    with pytest.raises(TrainerError):
        people.rename(other.learner_id, same)


def test_renaming_keeps_the_file(people: People) -> None:
    person = people.create("Li Hua", "teal")
    people.rename(person.learner_id, "Li Hua")
    people.rename(person.learner_id, "Li Hua 2")
    people.recolour(person.learner_id, "rose")

    assert [(p.learner_id, p.name, p.colour) for p in people.all()] == [
        (person.learner_id, "Li Hua 2", "rose")
    ]


def test_a_pin_lets_only_its_owner_in(people: People, clock: FixedClock) -> None:
    person = people.create("Li", "teal", pin="2580")
    assert person.has_pin
    for wrong in (None, "2581"):
        with pytest.raises(TrainerError) as raised:
            people.open(person.learner_id, wrong)
        assert code_of(raised) == "person.pin-wrong"

    people.open(person.learner_id, "２５８０").close()


def test_wrong_pins_make_longer_and_longer_pauses(people: People, clock: FixedClock) -> None:
    learner_id = people.create("Li", "teal", pin="2580").learner_id
    pauses = []
    for _ in range(9):
        with pytest.raises(TrainerError) as raised:
            people.open(learner_id, "0000")
        assert code_of(raised) == "person.pin-wrong"
        pause = int(str(raised.value.blanks["seconds"]))
        pauses.append(pause)
        if pause:
            # Even the right one is not looked at before the pause is over.
            with pytest.raises(TrainerError) as raised:
                people.open(learner_id, "2580")
            assert code_of(raised) == "person.pin-wait"
        clock.advance(timedelta(seconds=pause))

    assert pauses == [0, 0, 2, 4, 8, 16, 32, 60, 60]
    people.open(learner_id, "2580").close()
    with pytest.raises(TrainerError) as raised:
        people.open(learner_id, "0000")
    assert raised.value.blanks["seconds"] == 0


def test_a_restart_does_not_shorten_the_pause(tmp_path: Path, clock: FixedClock) -> None:
    learner_id = People(tmp_path, clock).create("Li", "teal", pin="2580").learner_id
    for _ in range(3):
        with pytest.raises(TrainerError):
            People(tmp_path, clock).open(learner_id, "0000")

    with pytest.raises(TrainerError) as raised:
        People(tmp_path, clock).open(learner_id, "2580")
    assert code_of(raised) == "person.pin-wait"


def test_a_clock_that_was_set_back_locks_nobody_out(tmp_path: Path) -> None:
    clock = FixedClock(NOW)
    people = People(tmp_path, clock)
    learner_id = people.create("Li", "teal", pin="2580").learner_id
    for _ in range(3):
        with pytest.raises(TrainerError):
            people.open(learner_id, "0000")
    back = People(tmp_path, FixedClock(NOW - timedelta(days=4000)))
    with pytest.raises(TrainerError) as raised:
        back.open(learner_id, "2580")
    assert raised.value.blanks["seconds"] == 2


def test_a_pin_is_changed_taken_off_and_forgotten(people: People) -> None:
    learner_id = people.create("Li", "teal").learner_id
    with pytest.raises(TrainerError) as raised:
        people.set_pin(learner_id, None, "１２３")
    assert code_of(raised) == "person.pin-short"
    people.set_pin(learner_id, None, "1234")
    with pytest.raises(TrainerError):
        people.set_pin(learner_id, "9999", "5678")
    people.set_pin(learner_id, "1234", "5678")
    people.open(learner_id, "5678").close()
    people.forget_pin(learner_id)
    people.open(learner_id).close()
    people.set_pin(learner_id, None, "1234")
    people.set_pin(learner_id, "1234", None)
    assert not people.all()[0].has_pin


def test_the_pin_itself_is_nowhere_on_the_disk(people: People, tmp_path: Path) -> None:
    people.create("Li", "teal", pin="73914628")
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or b"73914628" not in path.read_bytes()


def test_removing_can_be_undone(people: People, tmp_path: Path) -> None:
    person = people.create("Li", "violet")
    learner = people.open(person.learner_id)
    learner.settings[THEME] = "dark"
    learner.close()

    removed = people.remove(person.learner_id)

    assert people.all() == []
    assert removed.parent == tmp_path / "removed"
    with pytest.raises(TrainerError) as raised:
        people.open(person.learner_id)
    assert code_of(raised) == "person.gone"
    assert people.restore(removed).name == "Li"
    learner = people.open(person.learner_id)
    assert learner.settings[THEME] == "dark"
    learner.close()


def test_who_was_removed_cannot_come_back_under_a_name_taken_since(people: People) -> None:
    removed = people.remove(people.create("Li", "violet").learner_id)
    people.create("Li", "teal")
    with pytest.raises(TrainerError) as raised:
        people.restore(removed)
    assert code_of(raised) == "person.name-taken"
    assert removed.is_dir()


@pytest.mark.parametrize("nobody", ["", ".", "..", "../x", "nobody", "/etc", "a\\b"])
def test_an_id_is_never_a_way_out_of_the_folder(people: People, nobody: str) -> None:
    people.create("Li", "teal")
    for act in (people.open, people.remove, people.forget_pin):
        with pytest.raises(TrainerError) as raised:
            act(nobody)
        assert code_of(raised) == "person.gone"


@pytest.mark.parametrize("damage", ["missing", "empty", "garbage"])
def test_a_damaged_person_keeps_name_and_pin_through_the_backup(
    people: People, clock: FixedClock, tmp_path: Path, damage: str
) -> None:
    person = people.create("李华", "rose", pin="2580")
    people.open(person.learner_id, "2580").close(clock.now())
    path = tmp_path / "learners" / person.learner_id / "learner.sqlite"
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(b"" if damage == "empty" else b"garbage" * 999)

    tile = people.all()[0]
    assert (tile.name, tile.colour, tile.has_pin, tile.damaged) == ("李华", "rose", True, True)
    with pytest.raises(TrainerError) as raised:
        people.open(person.learner_id, "1111")
    assert code_of(raised) == "person.pin-wrong"
    learner = people.open(person.learner_id, "2580")
    assert learner.name == "李华"
    learner.close()


def test_a_damaged_file_without_a_backup_still_opens(people: People, tmp_path: Path) -> None:
    person = people.create("Li", "rose")
    (tmp_path / "learners" / person.learner_id / "learner.sqlite").write_bytes(b"x" * 5000)

    learner = people.open(person.learner_id)
    assert learner.notice is not None
    assert learner.notice[0] == "recovery.empty"
    learner.close()


def test_a_folder_that_cannot_be_read_is_left_out_and_logged(
    people: People,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    people.create("Li", "rose")
    bad = people.create("Bo", "rose")

    def cannot(folder: Path) -> dict[str, str]:
        if folder.name == bad.learner_id:
            raise TrainerError("disk.gone", path=str(folder))
        return {"name": "Li"}

    monkeypatch.setattr("trainer.services.sign_in.read_profile", cannot)
    with caplog.at_level(logging.WARNING):
        assert [person.name for person in people.all()] == ["Li"]
    assert bad.learner_id in caplog.text
