"""Pages for when something does not work: each says what, why, and what to do next, and needs no database."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from redis.exceptions import ConnectionError as RedisConnectionError


def _page(status: int, title: str, why: str, remedy: str, *, may_switch: bool = False) -> HttpResponse:
    # Without the request: no context processor runs, so nothing here can fail a second time.
    context = {"status": status, "title": title, "why": why, "remedy": remedy, "may_switch": may_switch}
    html = render_to_string("units/error.html", context)
    return HttpResponse(html, status=status)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(
        403,
        "Việc này không thuộc nhiệm vụ đang chọn",
        str(exception or "") or "Tư cách đang làm việc không có quyền mở trang hoặc thực hiện thao tác này.",
        "Nếu đồng chí có nhiệm vụ khác, hãy đổi tư cách rồi thử lại; "
        "nếu cần thêm quyền, liên hệ bộ phận quản trị của đơn vị.",
        may_switch=True,
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(
        404,
        "Không tìm thấy trang này",
        "Địa chỉ không đúng, hoặc nội dung không thuộc đơn vị mà đồng chí đang làm việc.",
        "Trở về trang chính và tìm lại từ danh sách; nếu có nhiều nhiệm vụ, kiểm tra tư cách đang chọn.",
        may_switch=True,
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(
        400,
        "Máy chủ không nhận được yêu cầu này",
        "Nội dung gửi lên quá lớn hoặc không đúng dạng, nên thao tác vừa rồi chưa được thực hiện.",
        "Quay lại trang trước, rút gọn nội dung hoặc chọn tệp nhỏ hơn rồi gửi lại.",
    )


def not_by_address(request: HttpRequest) -> HttpResponse:
    """The answer to opening the address of an action: what changes something is done by its button."""
    return _page(
        405,
        "Thao tác này thực hiện bằng nút bấm trên trang",
        "Địa chỉ vừa mở là của một thao tác, thường do phiên đăng nhập hết hạn giữa chừng; thao tác chưa được làm.",
        "Về trang chính, mở lại công việc đang làm và bấm nút một lần nữa.",
    )


def too_often(wait: str) -> HttpResponse:
    """The answer to trying again too soon; `wait` says how long in words."""
    return _page(
        429,
        "Đã thử quá nhiều lần",
        "Từ mạng này đã có quá nhiều lần thử trong thời gian ngắn, nên thao tác vừa rồi chưa được thực hiện.",
        f"Chờ {wait} rồi thử lại.",
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(
        403,
        "Phiên làm việc của trang đã hết hiệu lực",
        "Trang được mở quá lâu, hoặc đã đăng nhập lại ở cửa sổ khác, nên thao tác vừa rồi chưa được thực hiện.",
        "Quay lại trang trước, tải lại trang rồi thực hiện lại. Nội dung đã lưu trước đó vẫn còn nguyên.",
    )


def broken(request: HttpRequest) -> HttpResponse:
    """Answer 503 when the database or Redis is away, 500 for anything else; the transaction was rolled back."""
    error = sys.exc_info()[1]
    if isinstance(error, (OperationalError, InterfaceError, RedisConnectionError)):
        return _page(
            503,
            "Hệ thống tạm thời gián đoạn",
            "Máy chủ dữ liệu đang không trả lời, nên thao tác vừa rồi chưa được ghi lại.",
            "Chờ ít phút rồi thực hiện lại. Nội dung đã lưu trước đó vẫn còn nguyên.",
        )
    return _page(
        500,
        "Hệ thống gặp lỗi",
        "Thao tác vừa rồi chưa được ghi lại. Lỗi đã được ghi vào nhật ký để bộ phận kỹ thuật xử lý.",
        "Thử lại sau ít phút; nếu vẫn lỗi, báo bộ phận quản trị giờ và việc đang làm.",
    )
