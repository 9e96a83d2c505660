"""Seals papers so that no reader of the database can open them, and opens them when two holders agree.

A paper is sealed with HPKE (RFC 9180, base mode: X25519, HKDF-SHA256, AES-256-GCM) to a key made for one
ballot. The library gives no associated data, so the ballot stands in `info`, which the key schedule
authenticates just as well, and once more inside the paper. No Django here, and nothing is stored:
the caller keeps the public key, the wraps and the urn.

Whoever calls `open_ceremony`, `unlock`, `seal` or `open_papers` holds secrets in its local variables and
has to keep them out of error reports and logs.
"""

import base64
import bisect
import hashlib
import json
import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypedDict

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from awards.voting import PaperRules, largest_paper

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
SEAL_OVERHEAD = 32 + 16
"""Bytes a seal adds: the encapsulated key in front, the tag behind."""

PAPER_CONTEXT = b"thidua ballot paper 1\0"
WRAP_CONTEXT = "thidua ballot key 1"

HOLDERS = 3
PASSPHRASE_LEAST = 16
PASSPHRASE_MOST = 200
TRACKER_BYTES = 16
FINGERPRINT_CHARACTERS = 20
"""100 bits: nobody can search for two papers that share one."""

Choices = Mapping[str, object]


class SealingError(Exception):
    """A refusal whose text may be shown to people."""


class CeremonyRefusedError(SealingError):
    """Key holders or passphrases do not fit the rules; no key was made."""


class WrongPassphraseError(SealingError):
    """The key did not open; which of the two passphrases is at fault cannot be known."""


class DamagedKeyError(SealingError):
    """The stored wraps cannot be read at all."""


class PaperRefusedError(SealingError):
    """A paper cannot go into this urn."""


class DamagedPaperError(SealingError):
    """Some papers do not open; which ones, and what the others say, is not told."""

    def __init__(self, damaged: int, total: int) -> None:
        super().__init__(
            f"Có {damaged} trên {total} phiếu niêm phong bị hỏng hoặc không thuộc lượt bỏ phiếu này, "
            "nên chưa phiếu nào được mở. Lập biên bản, giữ nguyên hòm phiếu và tổ chức bỏ phiếu lại."
        )
        self.damaged = damaged
        self.total = total


class KeyCost(TypedDict):
    """Work of Argon2id; the memory is in KiB."""

    iterations: int
    lanes: int
    memory: int


STRONG_COST: KeyCost = {"iterations": 3, "lanes": 4, "memory": 256 * 1024}
MOST_COST: KeyCost = {"iterations": 16, "lanes": 16, "memory": 1024 * 1024}
"""A stored cost above this is refused: it would only exhaust the machine."""


class Wrap(TypedDict):
    """The private key under the passphrases of one pair of holders; bytes are base64, ready for JSON."""

    holders: list[str]
    salt: str
    nonce: str
    parameters: KeyCost
    ciphertext: str


@dataclass(frozen=True, slots=True)
class Ceremony:
    """What is kept of a key ceremony: enough to seal, and to open with two holders, never with one."""

    public_key: bytes
    wraps: list[Wrap]


@dataclass(frozen=True, slots=True)
class SealedPaper:
    data: bytes
    fingerprint: str


def passphrase_problems(passphrase: str) -> list[str]:
    """Say what a key holder has to change about a passphrase; empty when it will do."""
    length = len(_normalised(passphrase))
    if length < PASSPHRASE_LEAST:
        return [
            (
                f"Cụm mật khẩu có {length} ký tự, cần ít nhất {PASSPHRASE_LEAST}. "
                "Dùng bốn, năm từ không liên quan đến nhau, cách nhau bằng dấu cách."
            )
        ]
    if length > PASSPHRASE_MOST:
        return [f"Cụm mật khẩu có {length} ký tự, chỉ dùng được tối đa {PASSPHRASE_MOST}. Rút ngắn lại."]
    return []


def open_ceremony(passphrases: Mapping[str, str], *, cost: KeyCost = STRONG_COST) -> Ceremony:
    """Make the key pair of one ballot and wrap the private key for each pair of its three holders.

    The private key is not returned and lives nowhere else. Refuses other than three holders, weak
    passphrases, and equal ones, because equal passphrases would let one holder open alone.
    """
    _check_holders(passphrases)
    private_key = X25519PrivateKey.generate()
    public_key = private_key.public_key().public_bytes_raw()
    secret = private_key.private_bytes_raw()
    wraps = [
        _wrap(secret, public_key, {holder: passphrases[holder] for holder in pair}, cost)
        for pair in combinations(sorted(passphrases), 2)
    ]
    return Ceremony(public_key=public_key, wraps=wraps)


def unlock(wraps: Sequence[Wrap], passphrases: Mapping[str, str], *, public_key: bytes) -> X25519PrivateKey:
    """Recover the private key that belongs to `public_key` from the passphrases of two holders."""
    pair = sorted(passphrases)
    wrap = next((wrap for wrap in wraps if wrap["holders"] == pair), None)
    if wrap is None:
        raise CeremonyRefusedError(
            "Cần cụm mật khẩu của đúng hai người giữ khóa khác nhau của lượt bỏ phiếu này. "
            "Chọn lại hai người trong danh sách giữ khóa."
        )
    salt, nonce, ciphertext = _stored_bytes(wrap)
    cost = _checked_cost(wrap)
    wrapping_key = _wrapping_key(passphrases, salt, cost)
    context = _wrap_context(pair, public_key, wrap["salt"], cost)
    try:
        secret = AESGCM(wrapping_key).decrypt(nonce, ciphertext, context)
    except InvalidTag:
        raise WrongPassphraseError(
            "Không mở được khóa: ít nhất một trong hai cụm mật khẩu không đúng. Hai người cùng nhập lại; "
            "nếu chắc chắn cả hai đều đúng thì khóa lưu trữ đã bị thay đổi, báo người quản trị "
            "và lập biên bản."
        ) from None
    return X25519PrivateKey.from_private_bytes(secret)


def paper_size(rules: PaperRules, ballot_id: str) -> int:
    """Give the length to which every paper of this ballot is padded before it is sealed."""
    return len(_paper_body(ballot_id, largest_paper(rules), "0" * 2 * TRACKER_BYTES))


def seal(public_key: bytes, ballot_id: str, choices: Choices, *, size: int) -> SealedPaper:
    """Seal one paper, padded to `size`; refuses choices that do not fit, as their length would show."""
    body = _paper_body(ballot_id, choices, secrets.token_hex(TRACKER_BYTES))
    if len(body) > size:
        raise PaperRefusedError(
            "Lá phiếu dài hơn khuôn phiếu của lượt bỏ phiếu này nên không được niêm phong. "
            "Tải lại trang phiếu và chọn lại; lá phiếu chưa được ghi nhận."
        )
    # Spaces after a JSON text do not change it, so the padding needs no mark of its own.
    recipient = X25519PublicKey.from_public_bytes(public_key)
    data = SUITE.encrypt(body.ljust(size, b" "), recipient, info=_paper_context(ballot_id))
    return SealedPaper(data=data, fingerprint=fingerprint(data))


def fingerprint(paper: bytes) -> str:
    """Name a sealed paper shortly enough to be read aloud; tells nothing about what it says."""
    text = base64.b32encode(hashlib.sha256(paper).digest()).decode("ascii")[:FINGERPRINT_CHARACTERS]
    return "-".join(text[start : start + 4] for start in range(0, FINGERPRINT_CHARACTERS, 4))


def add_to_urn(papers: Sequence[bytes], sealed: bytes, *, size: int) -> list[bytes]:
    """Return the urn with one more paper, sorted by bytes.

    A seal begins with a fresh random key, so the sorted place says nothing about the order of casting.
    Refuses a paper of another length, which could be told apart, and a copy of one that is already there,
    which would let a member repeat another's vote without knowing it.
    """
    if len(sealed) != size + SEAL_OVERHEAD:
        raise PaperRefusedError(
            "Phiếu niêm phong không đúng độ dài của lượt bỏ phiếu này nên không được nhận. "
            "Tải lại trang phiếu và bỏ phiếu lần nữa."
        )
    urn = sorted(papers)
    if sealed in urn:
        raise PaperRefusedError(
            "Phiếu niêm phong này đã có trong hòm phiếu nên không được nhận lần nữa. "
            "Xem trạng thái bỏ phiếu của mình trước khi bỏ lại."
        )
    bisect.insort(urn, sealed)
    return urn


def open_papers(private_key: X25519PrivateKey, ballot_id: str, papers: Sequence[bytes]) -> list[Choices]:
    """Open all papers of a ballot, or none, in an order that a random generator of the system decides.

    The trackers are dropped, so what is returned cannot be matched with a seal.
    """
    opened: list[Choices] = []
    for paper in set(papers):
        choices = _open_paper(private_key, ballot_id, paper)
        if choices is not None:
            opened.append(choices)
    damaged = len(papers) - len(opened)
    if damaged:
        # An error report that walks the frames would otherwise show the papers that did open.
        opened.clear()
        choices = None
        raise DamagedPaperError(damaged, len(papers))
    secrets.SystemRandom().shuffle(opened)
    return opened


def _open_paper(private_key: X25519PrivateKey, ballot_id: str, paper: bytes) -> Choices | None:
    try:
        content = json.loads(SUITE.decrypt(paper, private_key, info=_paper_context(ballot_id)))
    except (InvalidTag, ValueError, RecursionError):
        return None
    if not isinstance(content, dict) or content.get("ballot") != ballot_id:
        return None
    choices = content.get("choices")
    return choices if isinstance(choices, dict) else None


def _paper_body(ballot_id: str, choices: Choices, tracker: str) -> bytes:
    return _canonical({"ballot": ballot_id, "choices": choices, "tracker": tracker})


def _paper_context(ballot_id: str) -> bytes:
    return PAPER_CONTEXT + ballot_id.encode()


def _canonical(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _check_holders(passphrases: Mapping[str, str]) -> None:
    if len(passphrases) != HOLDERS:
        raise CeremonyRefusedError(
            f"Có {len(passphrases)} người giữ khóa, cần đúng {HOLDERS} người khác nhau: chủ tịch, thư ký và "
            "một thành viên ban kiểm phiếu. Chọn lại người giữ khóa."
        )
    for passphrase in passphrases.values():
        for problem in passphrase_problems(passphrase):
            raise CeremonyRefusedError(problem)
    if len({_normalised(passphrase) for passphrase in passphrases.values()}) < HOLDERS:
        raise CeremonyRefusedError(
            "Có hai người giữ khóa dùng cùng một cụm mật khẩu, như vậy một người có thể tự mở hòm phiếu. "
            "Mỗi người đặt lại một cụm mật khẩu riêng và không cho người khác biết."
        )


def _normalised(passphrase: str) -> str:
    """Make one text of what keyboards write differently: composed letters, doubled or trailing spaces."""
    return " ".join(unicodedata.normalize("NFC", passphrase).split())


def _wrap(secret: bytes, public_key: bytes, passphrases: Mapping[str, str], cost: KeyCost) -> Wrap:
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    pair = sorted(passphrases)
    stored_salt = _to_text(salt)
    wrapping_key = _wrapping_key(passphrases, salt, cost)
    context = _wrap_context(pair, public_key, stored_salt, cost)
    return Wrap(
        holders=pair,
        salt=stored_salt,
        nonce=_to_text(nonce),
        parameters=cost.copy(),
        ciphertext=_to_text(AESGCM(wrapping_key).encrypt(nonce, secret, context)),
    )


def _wrapping_key(passphrases: Mapping[str, str], salt: bytes, cost: KeyCost) -> bytes:
    # A JSON list keeps the border between the two: ("ab", "c") and ("a", "bc") differ.
    material = _canonical([_normalised(passphrases[holder]) for holder in sorted(passphrases)])
    return Argon2id(
        salt=salt,
        length=32,
        iterations=cost["iterations"],
        lanes=cost["lanes"],
        memory_cost=cost["memory"],
    ).derive(material)


def _wrap_context(pair: Sequence[str], public_key: bytes, salt: str, cost: KeyCost) -> bytes:
    """Bind a wrap to its holders and its ballot's key, so that wraps cannot be exchanged."""
    return _canonical([WRAP_CONTEXT, list(pair), _to_text(public_key), salt, cost])


def _to_text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _stored_bytes(wrap: Wrap) -> tuple[bytes, bytes, bytes]:
    try:
        salt, nonce, ciphertext = (
            base64.b64decode(text, validate=True) for text in (wrap["salt"], wrap["nonce"], wrap["ciphertext"])
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged_key() from error
    if (len(salt), len(nonce), len(ciphertext)) != (16, 12, 48):
        raise _damaged_key()
    return salt, nonce, ciphertext


def _checked_cost(wrap: Wrap) -> KeyCost:
    try:
        cost = wrap["parameters"]
        within = (
            1 <= cost["iterations"] <= MOST_COST["iterations"]
            and 1 <= cost["lanes"] <= MOST_COST["lanes"]
            and 8 * cost["lanes"] <= cost["memory"] <= MOST_COST["memory"]
        )
    except (KeyError, TypeError) as error:
        raise _damaged_key() from error
    if not within:
        raise _damaged_key()
    return cost


def _damaged_key() -> DamagedKeyError:
    return DamagedKeyError(
        "Khóa lưu trữ của lượt bỏ phiếu bị hỏng nên không thể mở hòm phiếu bằng hai người này. "
        "Thử hai người giữ khóa khác; nếu vẫn không được, lập biên bản và tổ chức bỏ phiếu lại."
    )
