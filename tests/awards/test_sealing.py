"""What a seal, an urn and a key ceremony promise."""

import hashlib
import hmac
import json
import random
import unicodedata
from collections import Counter
from decimal import Decimal
from itertools import combinations, permutations
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import example, given, settings
from hypothesis import strategies as st

from awards.sealing import (
    MOST_COST,
    SEAL_OVERHEAD,
    STRONG_COST,
    SUITE,
    Ceremony,
    CeremonyRefusedError,
    DamagedKeyError,
    DamagedPaperError,
    KeyCost,
    PaperRefusedError,
    WrongPassphraseError,
    _paper_context,
    add_to_urn,
    fingerprint,
    open_ceremony,
    open_papers,
    paper_size,
    passphrase_problems,
    seal,
    unlock,
)
from awards.voting import clean_paper, parse_rules

LIGHT: KeyCost = {"iterations": 1, "lanes": 1, "memory": 8}
BALLOT = "5b0c7a52-6d5e-4f3a-9d8e-2f6f1f0f7f11"
OTHER_BALLOT = "5b0c7a52-6d5e-4f3a-9d8e-2f6f1f0f7f12"
PASSPHRASES = {
    "chair": "núi cao gọi gió sớm",
    "secretary": "bến sông đợi đò chiều",
    "teller": "hạt mưa rơi mái lá",
}
NAMES = [f"đơn vị {number}" for number in range(6)]
RULES = parse_rules(
    {
        "kind": "choose",
        "blank_is_valid": True,
        "contests": [{"id": "so", "title": "Sở", "seats": 4, "candidates": NAMES}],
    }
)
SIZE = paper_size(RULES, BALLOT)


@pytest.fixture(scope="module")
def ceremony() -> Ceremony:
    return open_ceremony(PASSPHRASES, cost=LIGHT)


@pytest.fixture(scope="module")
def private_key(ceremony: Ceremony) -> X25519PrivateKey:
    return unlock(ceremony.wraps, two("chair", "teller"), public_key=ceremony.public_key)


def two(first: str, second: str) -> dict[str, str]:
    return {holder: PASSPHRASES[holder] for holder in (first, second)}


def sealed(ceremony: Ceremony, *names: str) -> bytes:
    return seal(ceremony.public_key, BALLOT, {"so": list(names)}, size=SIZE).data


# The key


@pytest.mark.parametrize(("first", "second"), list(permutations(PASSPHRASES, 2)))
def test_any_two_of_three_holders_open(ceremony: Ceremony, first: str, second: str) -> None:
    key = unlock(ceremony.wraps, two(first, second), public_key=ceremony.public_key)
    assert key.public_key().public_bytes_raw() == ceremony.public_key


@pytest.mark.parametrize("holder", PASSPHRASES)
def test_no_holder_opens_alone(ceremony: Ceremony, holder: str) -> None:
    own = PASSPHRASES[holder]
    with pytest.raises(CeremonyRefusedError, match="đúng hai người"):
        unlock(ceremony.wraps, {holder: own}, public_key=ceremony.public_key)
    for other in PASSPHRASES.keys() - {holder}:
        for guess in (own, "", "một cụm mật khẩu đoán"):
            with pytest.raises(WrongPassphraseError):
                unlock(ceremony.wraps, {holder: own, other: guess}, public_key=ceremony.public_key)


def test_a_wrap_asks_for_the_passphrases_of_its_own_two(ceremony: Ceremony) -> None:
    exchanged = {"chair": PASSPHRASES["secretary"], "secretary": PASSPHRASES["chair"]}
    with pytest.raises(WrongPassphraseError):
        unlock(ceremony.wraps, exchanged, public_key=ceremony.public_key)


def test_three_holders_or_a_stranger_are_refused(ceremony: Ceremony) -> None:
    for wrong in (PASSPHRASES, {"chair": PASSPHRASES["chair"], "stranger": PASSPHRASES["teller"]}, {}):
        with pytest.raises(CeremonyRefusedError):
            unlock(ceremony.wraps, wrong, public_key=ceremony.public_key)


def test_which_passphrase_was_wrong_is_not_told(ceremony: Ceremony) -> None:
    wrong = "không phải cụm mật khẩu này"
    said = set()
    for passphrases in (
        two("chair", "teller") | {"chair": wrong},
        two("chair", "teller") | {"teller": wrong},
        two("chair", "teller") | {"chair": wrong, "teller": wrong},
    ):
        with pytest.raises(WrongPassphraseError) as refusal:
            unlock(ceremony.wraps, passphrases, public_key=ceremony.public_key)
        said.add(str(refusal.value))
    assert len(said) == 1


def test_a_passphrase_typed_on_another_keyboard_opens(ceremony: Ceremony) -> None:
    typed = {
        "chair": unicodedata.normalize("NFD", PASSPHRASES["chair"]) + " ",
        "teller": PASSPHRASES["teller"].replace(" ", "  "),
    }
    assert typed["chair"] != PASSPHRASES["chair"] + " "
    unlock(ceremony.wraps, typed, public_key=ceremony.public_key)


def test_what_is_kept_does_not_hold_the_private_key(ceremony: Ceremony, private_key: X25519PrivateKey) -> None:
    secret = private_key.private_bytes_raw()
    kept = repr(ceremony) + json.dumps(ceremony.wraps)
    assert secret not in ceremony.public_key
    assert secret.hex() not in kept
    for wrap in ceremony.wraps:
        for passphrase in PASSPHRASES.values():
            assert passphrase not in json.dumps(wrap, ensure_ascii=False)


def test_the_wraps_are_one_for_each_pair_and_survive_json(ceremony: Ceremony) -> None:
    stored = json.loads(json.dumps(ceremony.wraps))
    assert [wrap["holders"] for wrap in stored] == [list(pair) for pair in combinations(sorted(PASSPHRASES), 2)]
    assert all(wrap.keys() == {"holders", "salt", "nonce", "parameters", "ciphertext"} for wrap in stored)
    assert len({wrap["salt"] for wrap in stored}) == len({wrap["nonce"] for wrap in stored}) == 3
    # A JSON column may give the keys back in another order.
    reordered = [dict(sorted(wrap.items(), reverse=True)) for wrap in stored]
    for wrap in reordered:
        wrap["parameters"] = dict(sorted(wrap["parameters"].items(), reverse=True))
    unlock(reordered, two("chair", "secretary"), public_key=ceremony.public_key)


def test_each_ballot_has_a_key_of_its_own(ceremony: Ceremony) -> None:
    other = open_ceremony(PASSPHRASES, cost=LIGHT)
    assert other.public_key != ceremony.public_key
    with pytest.raises(WrongPassphraseError):
        unlock(other.wraps, two("chair", "teller"), public_key=ceremony.public_key)


@pytest.mark.parametrize("field", ["salt", "nonce", "ciphertext"])
def test_a_changed_wrap_does_not_open(ceremony: Ceremony, field: Any) -> None:
    wraps = json.loads(json.dumps(ceremony.wraps))
    text = wraps[0][field]
    wraps[0][field] = ("B" if text[0] == "A" else "A") + text[1:]
    with pytest.raises(WrongPassphraseError):
        unlock(wraps, two("chair", "secretary"), public_key=ceremony.public_key)


def test_a_wrap_renamed_to_another_pair_does_not_open(ceremony: Ceremony) -> None:
    wrap = json.loads(json.dumps(ceremony.wraps[0])) | {"holders": ["chair", "deputy"]}
    passphrases = {"chair": PASSPHRASES["chair"], "deputy": PASSPHRASES["secretary"]}
    with pytest.raises(WrongPassphraseError):
        unlock([wrap], passphrases, public_key=ceremony.public_key)


@pytest.mark.parametrize(
    "damage",
    [
        {"salt": "AA=="},
        {"nonce": "không"},
        {"ciphertext": None},
        {"ciphertext": ""},
        {"parameters": None},
        {"parameters": {"iterations": 1}},
        {"parameters": LIGHT | {"memory": MOST_COST["memory"] + 1}},
        {"parameters": LIGHT | {"iterations": 0}},
        {"parameters": LIGHT | {"lanes": 2}},
    ],
)
def test_an_unreadable_wrap_is_said_to_be_damaged(ceremony: Ceremony, damage: dict[str, Any]) -> None:
    wraps = [wrap | damage for wrap in json.loads(json.dumps(ceremony.wraps))]
    with pytest.raises(DamagedKeyError):
        unlock(wraps, two("chair", "secretary"), public_key=ceremony.public_key)


def test_the_default_cost_is_strong_and_is_stored() -> None:
    assert STRONG_COST["iterations"] >= 3
    assert STRONG_COST["memory"] >= 64 * 1024
    strong = open_ceremony(PASSPHRASES)
    assert all(wrap["parameters"] == STRONG_COST for wrap in strong.wraps)
    unlock(strong.wraps, two("secretary", "teller"), public_key=strong.public_key)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"teller": "ngắn quá"}, "có 8 ký tự, cần ít nhất 16"),
        ({"teller": "a" + " " * 30}, "có 1 ký tự"),
        ({"teller": "dài" * 100}, "tối đa 200"),
        ({"teller": PASSPHRASES["chair"] + " "}, "cùng một cụm mật khẩu"),
        ({"deputy": "một cụm mật khẩu khác nữa"}, "Có 4 người giữ khóa"),
    ],
)
def test_a_ceremony_that_would_not_be_safe_is_refused(changes: dict[str, str], words: str) -> None:
    with pytest.raises(CeremonyRefusedError, match=words):
        open_ceremony(PASSPHRASES | changes, cost=LIGHT)


def test_two_holders_are_too_few() -> None:
    with pytest.raises(CeremonyRefusedError, match="Có 2 người giữ khóa"):
        open_ceremony(two("chair", "teller"), cost=LIGHT)


def test_a_passphrase_is_judged_by_its_letters_not_its_bytes() -> None:
    assert passphrase_problems("ế" * 16) == []
    assert passphrase_problems(unicodedata.normalize("NFD", "ế" * 15)) != []


# The paper


def test_a_paper_opens_to_what_was_sealed(ceremony: Ceremony, private_key: X25519PrivateKey) -> None:
    paper = sealed(ceremony, NAMES[0], NAMES[3])
    assert open_papers(private_key, BALLOT, [paper]) == [{"so": [NAMES[0], NAMES[3]]}]


CHOICES = st.lists(st.sampled_from(NAMES), unique=True, max_size=4).map(lambda names: {"so": names})


@settings(max_examples=60, deadline=None)
@given(st.lists(CHOICES, max_size=12))
def test_an_urn_gives_back_what_was_cast_and_nothing_else(
    ceremony: Ceremony, private_key: X25519PrivateKey, cast: list[dict[str, list[str]]]
) -> None:
    urn: list[bytes] = []
    for choices in cast:
        urn = add_to_urn(urn, seal(ceremony.public_key, BALLOT, clean_paper(RULES, choices), size=SIZE).data, size=SIZE)
    assert urn == sorted(urn)
    assert {len(paper) for paper in urn} <= {SIZE + SEAL_OVERHEAD}
    opened = open_papers(private_key, BALLOT, urn)
    assert Counter(map(json.dumps, opened)) == Counter(json.dumps(clean_paper(RULES, item)) for item in cast)


@st.composite
def rules_and_paper(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    kind = draw(st.sampled_from(["choose", "approve", "score"]))
    name = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8).filter(str.strip)
    contests, paper = [], {}
    decimals, most = draw(st.integers(0, 6)), draw(st.integers(1, 400))
    scale = {"max_score": f"{most}.{'0' * 6}", "step": f"{Decimal(1).scaleb(-decimals):f}"} if kind == "score" else {}
    points = st.integers(0, most * 10**decimals).map(lambda steps: f"{Decimal(steps).scaleb(-decimals):f}")
    for contest_id in draw(st.lists(name, min_size=1, max_size=3, unique=True)):
        candidates = draw(st.lists(name, min_size=1, max_size=5, unique=True))
        contests.append({"id": contest_id, "title": "", "seats": None, "candidates": candidates, **scale})
        chosen = draw(st.lists(st.sampled_from(candidates), unique=True))
        votes = points if kind == "score" else st.sampled_from(["yes", "no", "blank"])
        paper[contest_id] = chosen if kind == "choose" else {item: draw(votes) for item in chosen}
    return {"kind": kind, "blank_is_valid": True, "contests": contests}, paper


@settings(max_examples=200, deadline=None)
@given(rules_and_paper())
def test_every_paper_of_any_ballot_fits_and_has_one_size(
    ceremony: Ceremony, private_key: X25519PrivateKey, case: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    rules = parse_rules(case[0])
    size = paper_size(rules, BALLOT)
    clean = clean_paper(rules, case[1])
    papers = [seal(ceremony.public_key, BALLOT, choices, size=size).data for choices in (clean, {})]
    assert {len(paper) for paper in papers} == {size + SEAL_OVERHEAD}
    assert clean in open_papers(private_key, BALLOT, papers)


def test_choices_that_do_not_fit_are_refused(ceremony: Ceremony) -> None:
    with pytest.raises(PaperRefusedError, match="chưa được ghi nhận"):
        seal(ceremony.public_key, BALLOT, {"so": ["x" * SIZE]}, size=SIZE)


def test_the_same_choice_never_seals_alike(ceremony: Ceremony) -> None:
    papers = {sealed(ceremony, NAMES[0]) for _ in range(50)}
    assert len(papers) == len({fingerprint(paper) for paper in papers}) == 50


def test_a_fingerprint_can_be_read_aloud_and_belongs_to_its_paper(ceremony: Ceremony) -> None:
    paper = seal(ceremony.public_key, BALLOT, {}, size=SIZE)
    assert paper.fingerprint == fingerprint(paper.data)
    groups = paper.fingerprint.split("-")
    assert [len(group) for group in groups] == [4] * 5
    assert set("".join(groups)) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


@settings(max_examples=100, deadline=None)
@given(position=st.integers(0, (SIZE + SEAL_OVERHEAD) * 8 - 1))
@example(position=255)
def test_one_changed_bit_is_seen(ceremony: Ceremony, private_key: X25519PrivateKey, position: int) -> None:
    changed = bytearray(sealed(ceremony, NAMES[0]))
    changed[position // 8] ^= 1 << position % 8
    # X25519 itself ignores bit 255 of the encapsulated key; only hashing its bytes makes that one count.
    with pytest.raises(DamagedPaperError):
        open_papers(private_key, BALLOT, [bytes(changed)])


def test_damage_is_counted_and_nothing_is_told(ceremony: Ceremony, private_key: X25519PrivateKey) -> None:
    good = [sealed(ceremony, NAMES[number]) for number in range(3)]
    foreign = seal(ceremony.public_key, OTHER_BALLOT, {"so": [NAMES[4]]}, size=SIZE).data
    urn = [*good, good[0][:-1], b"", foreign, good[1]]
    with pytest.raises(DamagedPaperError) as refusal:
        open_papers(private_key, BALLOT, urn)
    assert (refusal.value.damaged, refusal.value.total) == (4, 7)
    assert str(refusal.value).startswith("Có 4 trên 7 phiếu niêm phong bị hỏng")
    told = [repr(refusal.value), repr(refusal.value.__context__), repr(refusal.value.__cause__)]
    trace = refusal.tb
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith("/sealing.py"):
            told.append(repr(trace.tb_frame.f_locals))
        trace = trace.tb_next
    assert len(told) == 4
    assert not any(name in text for text in told for name in NAMES)


def test_a_paper_sealed_for_this_ballot_but_saying_another_is_damaged(
    ceremony: Ceremony, private_key: X25519PrivateKey
) -> None:
    """Somebody with the public key and own tools may write anything inside a seal."""
    recipient = X25519PublicKey.from_public_bytes(ceremony.public_key)
    for body in (
        json.dumps({"ballot": OTHER_BALLOT, "choices": {}}).encode(),
        json.dumps({"ballot": BALLOT, "choices": ["a"]}).encode(),
        json.dumps({"ballot": BALLOT}).encode(),
        b"[]",
        b"{",
        b"\xff",
        b"[" * 100_000,
    ):
        paper = SUITE.encrypt(body, recipient, info=_paper_context(BALLOT))
        with pytest.raises(DamagedPaperError):
            open_papers(private_key, BALLOT, [paper])


def test_another_ballots_key_opens_nothing(ceremony: Ceremony) -> None:
    with pytest.raises(DamagedPaperError):
        open_papers(X25519PrivateKey.generate(), BALLOT, [sealed(ceremony, NAMES[0])])


def test_the_urn_refuses_another_length_and_a_copy(ceremony: Ceremony) -> None:
    paper = sealed(ceremony, NAMES[0])
    urn = add_to_urn([], paper, size=SIZE)
    with pytest.raises(PaperRefusedError, match="độ dài"):
        add_to_urn(urn, paper + b"\0", size=SIZE)
    with pytest.raises(PaperRefusedError, match="đã có trong hòm phiếu"):
        add_to_urn(urn, paper, size=SIZE)
    assert urn == [paper]


def test_the_place_in_the_urn_says_nothing_about_the_order_of_casting(ceremony: Ceremony) -> None:
    """An attacker links the n-th voter to the n-th paper of 600 urns of 15; chance is 6.7 %."""
    polls, voters = 600, 15
    linked = 0
    for _ in range(polls):
        urn: list[bytes] = []
        cast = [sealed(ceremony) for _ in range(voters)]
        for paper in cast:
            urn = add_to_urn(urn, paper, size=SIZE)
        linked += sum(one == other for one, other in zip(cast, urn, strict=True))
    # Matches of a random order have mean 1 and variance 1 for each urn: five deviations either way.
    assert abs(linked - polls) <= 5 * polls**0.5


def test_the_order_of_opening_says_nothing_about_the_order_in_the_urn(
    ceremony: Ceremony, private_key: X25519PrivateKey
) -> None:
    polls, voters = 600, 15
    numbers = [f"{number:02}" for number in range(voters)]
    urn = sorted(sealed(ceremony, number) for number in numbers)
    order_of_urn = [open_papers(private_key, BALLOT, [paper])[0] for paper in urn]
    linked = sum(
        one == other
        for _ in range(polls)
        for one, other in zip(open_papers(private_key, BALLOT, urn), order_of_urn, strict=True)
    )
    assert abs(linked - polls) <= 5 * polls**0.5


def test_the_shuffle_does_not_hang_on_a_seed(ceremony: Ceremony, private_key: X25519PrivateKey) -> None:
    urn = [sealed(ceremony, f"{number:02}") for number in range(15)]
    orders = set()
    for _ in range(5):
        random.seed(1)
        orders.add(json.dumps(open_papers(private_key, BALLOT, urn)))
    assert len(orders) == 5


# The suite, from RFC 9180 itself


def extract(salt: bytes, label: bytes, secret: bytes, suite: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + secret, "sha256")


def expand(key: bytes, label: bytes, info: bytes, length: int, suite: bytes) -> bytes:
    """One block of HKDF is enough for every length used here."""
    text = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return hmac.digest(key, text + b"\1", hashlib.sha256)[:length]


def open_by_the_standard(paper: bytes, private_key: X25519PrivateKey, info: bytes) -> bytes:
    """Open in base mode with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and AES-256-GCM, and no other suite."""
    kem, suite = b"KEM\x00\x20", b"HPKE\x00\x20\x00\x01\x00\x02"
    encapsulated, ciphertext = paper[:32], paper[32:]
    shared = private_key.exchange(X25519PublicKey.from_public_bytes(encapsulated))
    context = encapsulated + private_key.public_key().public_bytes_raw()
    secret = expand(extract(b"", b"eae_prk", shared, kem), b"shared_secret", context, 32, kem)
    schedule = b"\0" + extract(b"", b"psk_id_hash", b"", suite) + extract(b"", b"info_hash", info, suite)
    master = extract(secret, b"secret", b"", suite)
    key = expand(master, b"key", schedule, 32, suite)
    nonce = expand(master, b"base_nonce", schedule, 12, suite)
    return AESGCM(key).decrypt(nonce, ciphertext, b"")


def test_a_seal_is_plain_hpke_of_the_fixed_suite(ceremony: Ceremony, private_key: X25519PrivateKey) -> None:
    paper = sealed(ceremony, NAMES[1])
    info = b"thidua ballot paper 1\0" + BALLOT.encode()
    body = open_by_the_standard(paper, private_key, info)
    assert len(body) == SIZE
    content = json.loads(body)
    tracker = content.pop("tracker")
    assert len(bytes.fromhex(tracker)) == 16
    assert content == {"ballot": BALLOT, "choices": {"so": [NAMES[1]]}}
    with pytest.raises(InvalidTag):
        open_by_the_standard(paper, private_key, info + b"x")
