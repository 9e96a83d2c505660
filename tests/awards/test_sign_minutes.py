"""The command that signs with a token, tried on a token made of software (SoftHSM), and its refusals."""

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.management import CommandError, call_command

from awards.signing import check_addition, make_signable
from awards.signing.trust import Roots
from tests.awards.certificates import issue, openssl_verifies
from units.pdf import render_archival_pdf

LIBRARY = next((path for path in Path("/usr/lib").glob("**/libsofthsm2.so")), None)


@pytest.mark.skipif(LIBRARY is None or not shutil.which("softhsm2-util"), reason="no software token on this machine")
def test_a_token_signs_and_the_server_takes_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pkcs11

    (tmp_path / "tokens").mkdir()
    (tmp_path / "softhsm2.conf").write_text(
        f"directories.tokendir = {tmp_path / 'tokens'}\nobjectstore.backend = file\n"
    )
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "softhsm2.conf"))
    monkeypatch.setenv("PKCS11_PIN", "1234")
    root = issue("Tổ chức chứng thực thử")
    who = issue("Lường Thị Mẫu", root)
    run = ["softhsm2-util", "--module", str(LIBRARY)]
    subprocess.run(  # noqa: S603
        [*run, "--init-token", "--free", "--label", "thu", "--pin", "1234", "--so-pin", "5678"], check=True
    )
    key = tmp_path / "key.pem"
    key.write_bytes(who.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    subprocess.run(  # noqa: S603
        [*run, "--import", str(key), "--token", "thu", "--label", "Ky", "--id", "01", "--pin", "1234"], check=True
    )
    token = pkcs11.lib(str(LIBRARY)).get_token(token_label="thu")
    with token.open(user_pin="1234", rw=True) as session:
        session.create_object(
            {
                pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                pkcs11.Attribute.TOKEN: True,
                pkcs11.Attribute.ID: b"\x01",
                pkcs11.Attribute.LABEL: "Ky",
                pkcs11.Attribute.SUBJECT: who.certificate.subject.public_bytes(),
                pkcs11.Attribute.VALUE: who.certificate.public_bytes(Encoding.DER),
            }
        )
    original = make_signable(render_archival_pdf("reports/paper/unprintable.html", {}))
    (tmp_path / "bien-ban.pdf").write_bytes(original)
    call_command("sign_minutes", tmp_path / "bien-ban.pdf", pkcs11=str(LIBRARY))
    signed = (tmp_path / "bien-ban-da-ky.pdf").read_bytes()
    roots = Roots((root.certificate,))
    facts = check_addition(original, signed, roots=roots, at=datetime.now(UTC))
    assert (facts.certificate.name, facts.covers_all) == ("Lường Thị Mẫu", True)
    assert openssl_verifies(signed, root, tmp_path) == [True]
    with pytest.raises(CommandError, match="Đã có tệp"):
        call_command("sign_minutes", tmp_path / "bien-ban.pdf", pkcs11=str(LIBRARY))
    monkeypatch.setenv("PKCS11_PIN", "9999")
    with pytest.raises(CommandError, match="Thiết bị không ký được"):
        call_command("sign_minutes", tmp_path / "bien-ban.pdf", pkcs11=str(LIBRARY), out=tmp_path / "khac.pdf")
    assert not (tmp_path / "khac.pdf").exists()


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Không đọc được"):
        call_command("sign_minutes", tmp_path / "khong-co.pdf", pkcs11="khong-co.so")
    assert list(tmp_path.iterdir()) == []
