"""Prove on this very installation that no unit reaches another's rows."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from units.fence import list_tenant_models
from units.isolation.proof import prove_isolation
from units.isolation.tally import Tally

KINDS = {
    "address": "Mở hoặc gửi bằng mã của đơn vị khác",
    "after-scope": "Đọc sau khi đã rời phạm vi",
    "aggregate": "Gộp các dòng",
    "anonymous": "Mở khi chưa đăng nhập",
    "bare-login": "Đọc khi chưa vào phạm vi nào",
    "copy-in": "COPY vào bảng",
    "copy-out": "COPY ra ngoài",
    "count": "Đếm dòng",
    "delete": "Xóa dòng của đơn vị khác",
    "error-text": "Chữ trong thông báo lỗi",
    "existence": "Phân biệt mã của đơn vị khác với mã không có",
    "form": "Gửi biểu mẫu với mã của đơn vị khác",
    "function": "Hàm chạy bằng quyền chủ sở hữu",
    "insert": "Thêm dòng cho đơn vị khác",
    "insert-lying-path": "Thêm dòng với đường dẫn sai",
    "lock": "Khóa dòng của đơn vị khác",
    "lying-path": "Sửa đường dẫn dòng của mình",
    "moved": "Dòng về người đã chuyển đơn vị",
    "move": "Chuyển dòng của mình sang đơn vị khác",
    "other-role": "Sang vai khác giữa chừng",
    "page": "Chữ trên các trang, tệp và sổ tính mở được",
    "policy-off": "Tắt chính sách",
    "power": "Quyền làm mất hiệu lực chính sách",
    "role": "Vai trò không có quyền",
    "search": "Tìm và lọc theo chữ, mã của đơn vị khác",
    "select": "Đọc từng dòng của đơn vị khác",
    "select-all": "Đọc hết bảng",
    "sequence": "Đọc số đếm",
    "statistics": "Đọc thống kê cột",
    "stranger": "Ghi dòng của mình về người của đơn vị khác",
    "truncate": "Xóa hết bảng",
    "update": "Sửa dòng của đơn vị khác",
    "view": "Đọc khung nhìn",
    "write": "Dòng của đơn vị khác sau khi gửi biểu mẫu",
}


class Command(BaseCommand):
    help = (
        "Dựng hai hệ thống đơn vị thử trong một giao dịch luôn được hủy bỏ, thử mọi bảng và mọi địa chỉ từ mọi "
        "tư cách; thoát với mã 1 nếu có chỗ rò rỉ. Không để lại dòng nào."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="In kết quả dạng JSON.")
        parser.add_argument(
            "--only", choices=("statements", "addresses"), help="Chỉ thử câu lệnh SQL, hoặc chỉ thử các địa chỉ."
        )
        parser.add_argument(
            "--table", action="append", default=[], help="Chỉ thử câu lệnh SQL trên bảng này; nhắc lại cho nhiều bảng."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        known = {one._meta.db_table for one in list_tenant_models()}  # noqa: SLF001  Django documents _meta as public
        if unknown := set(options["table"]) - known:
            raise CommandError(f"Không có bảng nào của đơn vị tên là {', '.join(sorted(unknown))}.")
        if options["table"] and options["only"] == "addresses":
            raise CommandError("--table chỉ dùng với câu lệnh SQL; bỏ --only addresses.")
        tally = prove_isolation(options["only"], options["table"])
        self.stdout.write(json.dumps(tally.as_dict(), ensure_ascii=False) if options["json"] else _in_words(tally))
        if tally.leaked:
            sys.exit(1)


def _in_words(tally: Tally) -> str:
    lines = [f"Đã thử {tally.total} lần, {tally.leaked} chỗ rò rỉ."]
    lines += [
        f"  {KINDS.get(kind, kind)}: {number} lần" + (f", RÒ RỈ {tally.leaks[kind]}" if tally.leaks[kind] else "")
        for kind, number in sorted(tally.probes.items())
    ]
    if tally.oracles:
        lines.append(
            f"Mã ngẫu nhiên đã biết trước thì đoán được là có hay không: {tally.oracles.total()} trường hợp "
            "(không phải rò rỉ: không ai đoán được mã)."
        )
    if tally.opened or tally.unopened:
        addresses = len(tally.opened) + len(tally.unopened)
        lines.append(f"Đã mở được {len(tally.opened)} trong {addresses} địa chỉ bằng ít nhất một vai trò.")
    lines += [
        f"Địa chỉ chưa mở được: {name}: {reason or 'chưa rõ lý do'}" for name, reason in sorted(tally.unopened.items())
    ]
    lines += [f"Trang bị lỗi khi thử: {one}" for one in sorted(tally.broken)]
    lines += [f"RÒ RỈ — {one}" for one in tally.found]
    return "\n".join(lines)
