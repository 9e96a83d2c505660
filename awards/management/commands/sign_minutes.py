"""Sign a downloaded PDF of minutes with a token (PKCS#11), on the machine to which the token is plugged.

Needs no database and no server: the signed file is uploaded on the page of the minutes, which judges it.
"""

import getpass
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

FIELD = "ChuKyThietBi"


class Command(BaseCommand):
    help = "Ký tệp PDF biên bản bằng USB ký số (PKCS#11) trên máy này; không cần cơ sở dữ liệu."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("pdf", type=Path, help="Tệp biên bản đã tải về")
        parser.add_argument("--pkcs11", required=True, metavar="LIB", help="Thư viện PKCS#11 của thiết bị (.so, .dll)")
        parser.add_argument("--cert-label", help="Nhãn của chứng thư trong thiết bị; không ghi thì liệt kê các nhãn")
        parser.add_argument("--token", help="Nhãn của thiết bị, khi cắm nhiều thiết bị")
        parser.add_argument("--out", type=Path, help="Tệp đã ký; mặc định thêm «-da-ky» vào tên")

    def handle(self, *args: Any, **options: Any) -> None:
        pdf: Path = options["pdf"]
        out: Path = options["out"] or pdf.with_name(f"{pdf.stem}-da-ky{pdf.suffix}")
        if out.exists():
            raise CommandError(f"Đã có tệp {out}. Đổi tên hoặc ghi --out khác.")
        try:
            content = pdf.read_bytes()
        except OSError as error:
            raise CommandError(f"Không đọc được {pdf}: {error.strerror}.") from error
        signed = self._sign(content, options)
        out.write_bytes(signed)
        self.stdout.write(f"Đã ký: {out}. Tải tệp này lên ở trang biên bản, mục «Tải bản đã ký lên».")

    def _sign(self, content: bytes, options: dict[str, Any]) -> bytes:
        from pkcs11.exceptions import PKCS11Error
        from pyhanko.sign.pkcs11 import PKCS11Signer

        from awards.signing.pades import sign_with

        # A PIN on a command line stays in the shell's history: it is typed, or comes from the environment.
        pin = os.environ.get("PKCS11_PIN") or getpass.getpass("Mã PIN của thiết bị: ")
        try:
            with self._only_token(options["pkcs11"], options["token"]).open(user_pin=pin) as session:
                label, is_elliptic = self._only_certificate(session, options["cert_label"])
                # Few tokens hash by themselves for an elliptic key; all of them sign a hash.
                signer = PKCS11Signer(
                    session, cert_label=label, other_certs_to_pull=None, use_raw_mechanism=is_elliptic
                )
                return sign_with(content, signer, field=FIELD, reason="")
        except PKCS11Error as error:
            raise CommandError(
                f"Thiết bị không ký được ({type(error).__name__} {error}). Xem lại thư viện, thiết bị, nhãn và mã PIN."
            ) from error

    def _only_token(self, library: str, label: str | None) -> Any:
        import pkcs11

        slots = pkcs11.lib(library).get_slots(token_present=True)
        tokens = [one for one in (slot.get_token() for slot in slots) if one.flags & pkcs11.TokenFlag.TOKEN_INITIALIZED]
        fitting = [one for one in tokens if label in {None, one.label}]
        if len(fitting) != 1:
            raise CommandError(
                f"Ghi --token; các thiết bị đang cắm: {', '.join(one.label for one in tokens) or 'không có'}."
            )
        return fitting[0]

    def _only_certificate(self, session: Any, label: str | None) -> tuple[str, bool]:
        """Label of the one certificate that has a key of its own, and whether it is an elliptic one."""
        from pkcs11 import Attribute, KeyType, ObjectClass

        keys = {
            bytes(one[Attribute.ID]): one[Attribute.KEY_TYPE] == KeyType.EC
            for one in session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY})
        }
        certificates = [
            (str(one[Attribute.LABEL]), keys[bytes(one[Attribute.ID])])
            for one in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE})
            if bytes(one[Attribute.ID]) in keys
        ]
        fitting = [one for one in certificates if label in {None, one[0]}]
        if len(fitting) != 1:
            choices = ", ".join(name for name, _ in certificates) or "không có"
            raise CommandError(f"Ghi --cert-label; các chứng thư có khóa: {choices}.")
        return fitting[0]
