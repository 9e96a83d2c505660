"""Kiểm chữ ký trong mã của giấy khen, bằng chứng nhận mà không cần mạng và không cần phần mềm đã in giấy.

python3 kiem_chung.py KHOA.json "nội dung mã"     KHOA.json tải ở trang /verify/ của hệ thống đã in giấy
Cần Python 3.8 trở lên, và thư viện cryptography hoặc lệnh openssl từ 3.0.
Mã thoát: 0 chữ ký đúng, 1 chữ ký sai hoặc không có khóa, 2 nội dung không đúng mẫu.
"""

import base64
import json
import os
import subprocess
import sys
import tempfile

NAMES = ("Số quyết định", "Ngày ký", "Mã cơ quan", "Mã danh hiệu", "Năm", "Họ tên, tập thể")
# Phần đầu cố định của một khóa Ed25519 theo RFC 8410, để openssl đọc được 32 byte của khóa.
PREFIX = bytes.fromhex("302a300506032b6570032100")


def decode(text):
    """Base64 dùng cho đường dẫn, có hoặc không có dấu =; khác thế thì từ chối."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def signed_by(public, signature, payload):
    """Khóa có ký đúng các byte này không; không có thư viện thì hỏi openssl."""
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        return signed_by_openssl(public, signature, payload)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, payload)
    except InvalidSignature:
        return False
    return True


def signed_by_openssl(public, signature, payload):
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for name, content in (("key.der", PREFIX + public), ("signature", signature), ("payload", payload)):
            paths.append(os.path.join(folder, name))
            with open(paths[-1], "wb") as file:
                file.write(content)
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", paths[0]]
        command += ["-rawin", "-sigfile", paths[1], "-in", paths[2]]
        done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603  lệnh cố định, tệp của chính mình
        return done.returncode == 0


def main(arguments):
    if len(arguments) != 2:
        print(__doc__)
        return 2
    try:
        with open(arguments[0], encoding="utf-8") as file:
            keys = {name: decode(public) for name, public in json.load(file).items()}
        payload, signature = (decode(part) for part in arguments[1].strip().rpartition("#")[2].split("."))
        _, key, *said = json.loads(payload.decode("utf-8"))
    except (OSError, ValueError, AttributeError, TypeError) as problem:
        print(f"KHÔNG ĐỌC ĐƯỢC: nội dung mã hoặc tệp khóa không đúng mẫu ({problem}).")
        return 2
    if payload[:3] != b"[1," or len(said) != len(NAMES):
        print("KHÔNG ĐỌC ĐƯỢC: mã theo phiên bản khác; tải chương trình mới.")
        return 2
    if key not in keys:
        print(f"KHÔNG CÓ KHÓA {key} trong tệp. Tải lại tệp khóa; vẫn không có thì giấy không do hệ thống này in.")
        return 1
    if len(keys[key]) != 32 or not signed_by(keys[key], signature, payload):
        print("CHỮ KÝ SAI: nội dung mã đã bị sửa hoặc không do hệ thống này ký.")
        return 1
    for name, value in zip(NAMES, said):
        print(f"{name}: {value}")
    print(f"CHỮ KÝ ĐÚNG. Nội dung trên đúng vào ngày {said[1]}; thu hồi về sau thì phải hỏi qua mạng.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
