from base64 import b64encode
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exams.conftest import NOW, QUICK, Entropy, Sitting, SittingMaker
from trainer.exams.keys import KDF_FLOOR, ExamError, unseal
from trainer.exams.package import read_package, write_package, write_start_key
from trainer.exams.teacher_keys import new_keys


def test_the_way_in(sitting: Sitting) -> None:
    package = sitting.read()

    key = package.open_with_words(sitting.passphrase, floor=QUICK)
    capsule = package.capsule(key, "1001", sitting.tickets["1001"], floor=QUICK)
    items = [package.item(placed.item_id, placed.key) for placed in capsule.items]

    assert package.common(key).rules == {"en": "Be honest."}
    assert [item.item_id for item in items] == ["i1", "i2", "i3"]
    assert package.media(capsule.items[0].key, "i1.1.png") == b"\x89PNG picture"


def test_the_start_key_opens_what_the_words_open(sitting: Sitting, sittings: SittingMaker) -> None:
    package = sitting.read()

    file = write_start_key(package.header, sitting.exam_key)
    assert package.open_with_key(file) == sitting.exam_key

    other = sittings(seed="other")
    wrong = write_start_key(other.read().header, other.exam_key)
    forged = write_start_key(package.header, other.exam_key)
    for each in (wrong, forged, b"", b"{}", file[:-9]):
        with pytest.raises(ExamError, match=r"exam\.start-key-wrong"):
            package.open_with_key(each)


def test_t01_every_flipped_byte_is_refused(sitting: Sitting) -> None:
    content = sitting.content
    parts_at = 44 + int.from_bytes(content[40:44], "big") + 64
    # Every byte of head and signature, and a sample of the parts, whose digests stand in the head.
    places = [*range(parts_at), *range(parts_at, len(content), 37)]
    for place in places:
        altered = bytearray(content)
        altered[place] ^= 0x41
        with pytest.raises(ExamError):
            sitting.read(bytes(altered))


@pytest.mark.slow
def test_t01_every_flipped_byte_of_all_is_refused(sitting: Sitting) -> None:
    for place in range(len(sitting.content)):
        altered = bytearray(sitting.content)
        altered[place] ^= 0x01
        with pytest.raises(ExamError):
            sitting.read(bytes(altered))


@pytest.mark.parametrize("change", ["cut", "longer", "empty", "head alone"])
def test_t01_cut_and_longer_packages_are_refused(sitting: Sitting, change: str) -> None:
    content = sitting.content
    altered = {
        "cut": content[:-1],
        "longer": content + b"\0",
        "empty": b"",
        "head alone": content[:50],
    }[change]
    with pytest.raises(ExamError):
        sitting.read(altered)


def test_t02_a_package_of_another_key_is_refused_and_its_words_named(sitting: Sitting) -> None:
    stranger = new_keys("Stranger", Entropy("stranger"))
    content, _ = write_package(
        sitting.contents, stranger, Entropy("again"), lambda _d, _t: None, QUICK, QUICK
    )

    with pytest.raises(ExamError) as caught:
        sitting.read(content)

    assert caught.value.code == "exam.teacher-unknown"
    assert caught.value.blanks["words"] == stranger.words


def test_t04_a_weak_derivation_in_a_trusted_header_is_refused(sitting: Sitting) -> None:
    with pytest.raises(ExamError, match=r"exam\.weak-kdf"):
        read_package(sitting.content, [sitting.teacher.sign_public], "1.0", NOW)


@pytest.mark.parametrize(
    ("version", "now", "code"),
    [
        ("0.0.9", NOW, "exam.too-new"),
        ("1.0", NOW - 2 * 86_400_000, "exam.not-yet"),
        ("1.0", NOW + 2 * 86_400_000, "exam.no-longer"),
    ],
)
def test_t06_version_and_validity(sitting: Sitting, version: str, now: int, code: str) -> None:
    with pytest.raises(ExamError) as caught:
        read_package(sitting.content, [sitting.teacher.sign_public], version, now, floor=QUICK)
    assert caught.value.code == code


def test_t07_nothing_can_be_read_in_the_file(sitting: Sitting) -> None:
    content = sitting.content
    for text in ("Question number", "option a of", "Be honest", sitting.passphrase):
        assert text.encode() not in content
    for number, ticket in sitting.tickets.items():
        assert ticket.encode() not in content
        assert content.count(number.encode()) <= 3  # roster, code and part name
    assert all(code.code.encode() not in content for code in sitting.codes)


def test_t08_words_of_another_exam(sitting: Sitting, sittings: SittingMaker) -> None:
    with pytest.raises(ExamError, match=r"exam\.words-wrong"):
        sitting.read().open_with_words(sittings(seed="other").passphrase, floor=QUICK)


def test_t10_one_ticket_opens_one_form(sitting: Sitting) -> None:
    package = sitting.read()
    key = sitting.exam_key
    mine = package.capsule(key, "1001", sitting.tickets["1001"], floor=QUICK)

    with pytest.raises(ExamError, match=r"exam\.ticket-wrong"):
        package.capsule(key, "1002", sitting.tickets["1001"], floor=QUICK)
    with pytest.raises(ExamError, match=r"exam\.not-on-roster"):
        package.capsule(key, "9999", sitting.tickets["1001"], floor=QUICK)
    others = {item.item_id for item in sitting.contents.items} - {p.item_id for p in mine.items}
    assert others == {"i0"}
    for placed in mine.items:
        with pytest.raises(ExamError, match=r"exam\.not-opened"):
            package.item("i0", placed.key)


def test_t10_a_ticket_without_the_exam_key_opens_nothing(sitting: Sitting) -> None:
    with pytest.raises(ExamError, match=r"exam\.ticket-wrong"):
        sitting.read().capsule(bytes(32), "1001", sitting.tickets["1001"], floor=QUICK)


def test_parts_cannot_change_places_even_when_signed_anew(sitting: Sitting) -> None:
    """A dishonest packer with the key could; a part is bound to its name all the same."""
    package = sitting.read()
    capsule = package.capsule(sitting.exam_key, "1001", sitting.tickets["1001"], floor=QUICK)
    one, two = capsule.items[:2]

    with pytest.raises(ExamError, match=r"exam\.not-opened"):
        package.item(one.item_id, two.key)


@given(st.binary(max_size=400))
@settings(max_examples=60)
def test_any_bytes_are_no_package(content: bytes) -> None:
    for whole in (content, b"PRTXPK1\n" + content):
        with pytest.raises(ExamError):
            read_package(whole, [], "1.0", NOW)


@pytest.mark.parametrize("changes", [{"suite": "X2"}, {"format": 9}, {"minimum_version": "99"}])
def test_a_signed_header_that_we_cannot_follow(
    sitting: Sitting, changes: dict[str, object]
) -> None:
    header = msgspec.structs.replace(sitting.contents.header, **changes)
    contents = replace(sitting.contents, header=header)
    framed, _ = write_package(
        contents, sitting.teacher, Entropy("x"), lambda _d, _t: None, QUICK, QUICK
    )

    with pytest.raises(ExamError, match=r"exam\.too-new"):
        sitting.read(framed)


def test_a_code_of_the_sheet_is_known_for_its_candidate_alone(sitting: Sitting) -> None:
    package = sitting.read()
    mine, others = sitting.codes

    assert package.check_code("1001", str(mine), floor=QUICK) == mine
    assert package.check_code("1001", str(others), floor=QUICK) is None
    assert package.check_code("1001", "Q1: AAAAA-AAAAA", floor=QUICK) is None
    assert package.check_code("1001", f"R2: {mine.code}", floor=QUICK) is None
    with pytest.raises(ExamError, match=r"exam\.code-form"):
        package.check_code("1001", "what?", floor=QUICK)


def test_t04_weakly_kept_codes_are_refused(sitting: Sitting) -> None:
    """Words and tickets as they should be, codes cheap to guess."""
    content, _ = write_package(
        sitting.contents, sitting.teacher, Entropy("x"), lambda _d, _t: None, KDF_FLOOR, QUICK
    )
    with pytest.raises(ExamError, match=r"exam\.weak-kdf"):
        read_package(content, [sitting.teacher.sign_public], "1.0", NOW)


WILD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(1 << 70), 1 << 70),
    st.floats(),
    st.text(max_size=20),
    st.lists(st.text(max_size=5), max_size=3),
    st.sampled_from(["../../x", "", "con/x", [], {}, {"limit": -1}, ["../x"], ["1001", "1001"]]),
)


@given(st.data())
@settings(max_examples=200)
def test_a_wild_header_of_a_trusted_signer_is_one_sentence(
    sitting: Sitting, data: st.DataObject
) -> None:
    """Even the teacher's key in the wrong hands writes nowhere and crashes nothing."""
    content, start = sitting.content, 44
    end = start + int.from_bytes(content[40:44], "big")
    header = msgspec.json.decode(content[start:end])
    inner = data.draw(st.sampled_from([header, header["time"], header["kdf"], header["parts"][0]]))
    name = data.draw(st.sampled_from(sorted(inner)))
    inner[name] = data.draw(WILD)
    plain = msgspec.json.encode(header)
    framed = content[:40] + len(plain).to_bytes(4, "big") + plain
    whole = framed + sitting.teacher.sign(framed) + content[end + 64 :]

    code = outcome(sitting, whole)
    assert code == "" or code.startswith("exam.")


def outcome(sitting: Sitting, content: bytes) -> str:
    """How far a lab PC gets: "" to the questions, else the code of its sentence."""
    try:
        package = sitting.read(content)
        key = package.open_with_words(sitting.passphrase, floor=QUICK)
        capsule = package.capsule(key, "1001", sitting.tickets["1001"], floor=QUICK)
        package.check_code("1001", str(sitting.codes[0]), floor=QUICK)
        for placed in capsule.items:
            package.item(placed.item_id, placed.key)
    except ExamError as error:
        return error.code
    return ""


@pytest.mark.parametrize(
    "changes",
    [
        {"exam_id": "../../Windows"},
        {"sitting_id": "a/b"},
        {"candidates": ("1001", "..")},
        {"candidates": ("1001", "1001")},
        {"recipients": ()},
        {"recipients": (b"short",)},
        {"lock_after": -1},
        {"lock_after": 10**12},
    ],
)
def test_names_that_could_leave_their_folder_are_refused(
    sitting: Sitting, changes: dict[str, object]
) -> None:
    header = msgspec.structs.replace(sitting.contents.header, **changes)
    content, _ = write_package(
        replace(sitting.contents, header=header), sitting.teacher, Entropy("x"),
        lambda _d, _t: None, QUICK, QUICK,
    )  # fmt: skip

    with pytest.raises(ExamError, match=r"exam\.package-altered"):
        sitting.read(content)


def test_t07_lengths_do_not_tell_questions_apart(sitting: Sitting) -> None:
    """Who has the decks knows how long each card is."""
    items = list(sitting.contents.items)
    texts = ["x" * length for length in (1, 40, 700, 3000)]
    longer = [
        msgspec.structs.replace(
            item,
            papers=tuple(msgspec.structs.replace(paper, stem=text) for paper in item.papers),
        )
        for item, text in zip(items, texts, strict=True)
    ]
    media = {"i1.1.png": b"\x89PNG" + bytes(9000)}
    content, _ = write_package(
        replace(sitting.contents, items=longer, media=media), sitting.teacher, Entropy("x"),
        lambda _d, _t: None, QUICK, QUICK,
    )  # fmt: skip

    def lengths(content: bytes) -> dict[str, int]:
        return {part.name: part.length for part in sitting.read(content).header.parts}

    assert lengths(content) == lengths(sitting.content)
    assert len({size for name, size in lengths(content).items() if "media" not in name}) == 1


def test_t10_a_pc_in_use_holds_one_form_decrypted(
    sitting: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything that is ever decrypted on the way to the last question of a form."""
    opened: list[bytes] = []

    def recorded(key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
        opened.append(unseal(key, sealed, bound_to))
        return opened[-1]

    monkeypatch.setattr("trainer.exams.package.unseal", recorded)
    package = sitting.read()
    key = package.open_with_words(sitting.passphrase, floor=QUICK)
    capsule = package.capsule(key, "1001", sitting.tickets["1001"], floor=QUICK)
    for placed in capsule.items:
        package.item(placed.item_id, placed.key)
        with pytest.raises(ExamError):
            package.item("i0", placed.key)
    memory = b"\n".join(opened)

    others = sitting.contents.capsules["1002"]
    secrets = {one.key for one in others.items} - {one.key for one in capsule.items}
    assert b"Question number 1?" in memory
    assert b"Question number 0?" not in memory
    assert sitting.tickets["1002"].encode() not in memory
    assert secrets
    assert not any(b64encode(secret) in memory for secret in secrets)
