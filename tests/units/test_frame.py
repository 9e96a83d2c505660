"""The frame of every page: who acts, with which right; and what strangers are told."""

from datetime import date

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.builders import Tree, person, user
from units.models import AuditEntry, Membership
from units.roles import Role
from units.scoping import maintenance_scope
from units.views import errors

pytestmark = pytest.mark.django_db

# Pages that need no duty in a unit: signing in and out, choosing the duty, signs of life.
OPEN_TO_ACCOUNTS = {
    "awards:ballot-secrecy",
    "units:home",
    "units:sign-in",
    "units:sign-out",
    "units:help",
    "units:membership-list",
    "units:membership-choose",
    "units:mail-list",
    # One's own account.
    "units:my-account",
    "units:session-list",
    "units:code-app-replace",
    "units:provider-unlink",
    "units:session-end",
    "units:session-end-others",
    "account_change_password",
    "account_email",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_add_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    # On the way in: nobody is signed in yet.
    "units:invitation-open",
    "units:invitation-accept",
    "account_login",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "account_inactive",
    "openid_connect_login",
    "openid_connect_callback",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_reset_password_from_key",
    "account_confirm_email",
    "campaigns:calendar-feed",
    "campaigns:calendar-feed-renew",
    "campaigns:calendar-feed-revoke",
    "campaigns:calendar-feed-read",
    "reports:verifying-key-list",
    "reports:verifying-keys-file",
    "reports:certificate-verify",
    "healthz",
    "readyz",
}


def sign_in(client: Client, *duties: tuple[object, Role], **options: object) -> None:
    client.force_login(user(f"account{Membership.objects.count()}", *duties, **options))  # type: ignore[arg-type]


def walk(resolver: URLResolver, prefix: str = "") -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            found.append((f"{prefix}{pattern.name}", pattern.callback))
        else:
            found += walk(pattern, f"{pattern.namespace}:" if pattern.namespace else prefix)
    return found


def test_every_address_names_the_right_it_needs() -> None:
    undeclared = {
        name
        for name, view in walk(get_resolver())
        if not hasattr(view, "required_permission") and name not in OPEN_TO_ACCOUNTS
    }
    assert undeclared == set()


def test_a_visitor_is_sent_to_sign_in(client: Client) -> None:
    response = client.get("/assignments/")
    assert response.status_code == 302
    assert response.url == "/sign-in/?next=/assignments/"  # type: ignore[attr-defined]


def test_a_wrong_password_does_not_say_what_was_wrong(client: Client) -> None:
    user("canbo").set_password("x")
    page = client.post("/sign-in/", {"login": "canbo", "password": "sai"})
    assert "Tên đăng nhập hoặc mật khẩu không đúng" in page.content.decode()


def test_an_account_without_a_duty_is_told_so(client: Client) -> None:
    sign_in(client)
    page = client.get("/assignments/")
    assert page.status_code == 403
    assert "chưa được giao nhiệm vụ" in page.content.decode()


def test_a_duty_that_ended_gives_no_right(client: Client) -> None:
    sign_in(client, (Tree().branch, Role.CLERK), ends=date(2022, 12, 31))
    assert client.get("/assignments/").status_code == 403


def test_what_was_begun_in_a_duty_that_ended_is_not_done_in_another(client: Client) -> None:
    tree = Tree()
    sign_in(client, (tree.branch, Role.HEAD), (tree.sibling, Role.HEAD))
    chosen = Membership.objects.get(unit=tree.sibling)
    client.post("/memberships/choose/", {"membership": str(chosen.pk)})
    Membership.objects.filter(pk=chosen.pk).update(valid_to=date(2022, 12, 31))
    refused = client.post("/delegations/add/", {})
    assert refused.status_code == 403
    assert "vừa hết hiệu lực nên việc này chưa được thực hiện" in refused.content.decode()
    assert client.post("/delegations/add/", {}).status_code != 403, "the other duty was said, and is taken up"


def test_whoever_reads_on_is_told_that_the_duty_ended(client: Client) -> None:
    tree = Tree()
    sign_in(client, (tree.branch, Role.HEAD), (tree.sibling, Role.HEAD))
    chosen = Membership.objects.get(unit=tree.sibling)
    client.post("/memberships/choose/", {"membership": str(chosen.pk)})
    client.get("/assignments/")
    Membership.objects.filter(pk=chosen.pk).update(valid_to=date(2022, 12, 31))
    page = client.get("/assignments/").content.decode()
    assert "Tư cách đang dùng đã hết hiệu lực. Từ bây giờ làm việc với tư cách Thủ trưởng đơn vị" in page
    assert "đã hết hiệu lực" not in client.get("/assignments/").content.decode(), "it is said once"


def test_a_role_without_the_right_is_refused_in_words(client: Client) -> None:
    sign_in(client, (Tree().branch, Role.RECORDS))
    page = client.get("/nominations/add/")
    assert page.status_code == 403
    assert "đổi tư cách" in page.content.decode()


def test_a_person_works_in_the_duty_chosen(client: Client) -> None:
    tree = Tree()
    sign_in(client, (tree.branch, Role.CLERK), (tree.sibling, Role.HEAD))
    second = Membership.objects.get(unit=tree.sibling)
    client.post("/memberships/choose/", {"membership": str(second.pk)})
    assert "Thủ trưởng đơn vị · Chi cục THADS huyện Định Hóa" in client.get("/nominations/").content.decode()


def test_a_duty_of_somebody_else_cannot_be_chosen(client: Client) -> None:
    tree = Tree()
    user("other", (tree.bureau, Role.HEAD))
    sign_in(client, (tree.branch, Role.CLERK))
    client.post("/memberships/choose/", {"membership": str(Membership.objects.get(unit=tree.bureau).pk)})
    assert "Cán bộ thi đua · Chi cục THADS huyện Đại Từ" in client.get("/nominations/").content.decode()


def test_a_change_by_get_is_refused(client: Client) -> None:
    sign_in(client, (Tree().branch, Role.CLERK))
    page = client.get("/memberships/choose/")
    assert page.status_code == 405
    assert "bằng nút bấm" in page.content.decode()


def test_a_record_of_another_unit_is_not_found_and_an_opened_one_is_logged(client: Client) -> None:
    tree = Tree()
    with maintenance_scope("test rows"):
        ours, theirs = person(tree.branch), person(tree.sibling)
    sign_in(client, (tree.branch, Role.CLERK))
    assert client.get(reverse("units:person-detail", args=[theirs.pk])).status_code == 404
    assert client.get(reverse("units:person-detail", args=[ours.pk])).status_code == 200
    with maintenance_scope("test rows"):
        assert list(AuditEntry.objects.values_list("subject_id", flat=True)) == [ours.pk]


def test_pages_carry_a_strict_policy_and_stay_out_of_caches(client: Client) -> None:
    sign_in(client, (Tree().branch, Role.CLERK))
    page = client.get("/nominations/")
    assert "unsafe" not in page["Content-Security-Policy"]
    assert "default-src 'none'" in page["Content-Security-Policy"]
    assert page["Cache-Control"] == "private, no-store"
    assert page["X-Frame-Options"] == "DENY"


def test_an_unknown_address_says_what_to_do(client: Client) -> None:
    page = client.get("/khong-co/")
    assert page.status_code == 404
    assert "Không tìm thấy trang này" in page.content.decode()


def test_an_oversized_form_is_refused_in_words(client: Client, settings: object) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10  # type: ignore[attr-defined]
    page = client.post("/sign-in/", {"login": "a" * 20, "password": "b"})
    assert page.status_code == 400
    assert "quá lớn" in page.content.decode()


def test_a_form_from_elsewhere_is_refused_in_words() -> None:
    page = Client(enforce_csrf_checks=True).post("/sign-in/", {"login": "a", "password": "b"})
    assert page.status_code == 403
    assert "Phiên làm việc của trang đã hết hiệu lực" in page.content.decode()


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [(OperationalError("gone"), 503, "tạm thời gián đoạn"), (ValueError("bug"), 500, "Hệ thống gặp lỗi")],
)
def test_a_broken_page_needs_no_database(error: Exception, status: int, words: str) -> None:
    request = RequestFactory().get("/")
    try:
        raise error
    except type(error):
        page = errors.broken(request)
    assert page.status_code == status
    assert words in page.content.decode()


def test_the_letter_box_exists_only_where_mail_is_caught(client: Client, settings: object, tmp_path: object) -> None:
    sign_in(client, (Tree().branch, Role.CLERK))
    assert client.get("/mail/").status_code == 404
    settings.MAIL_CATCHER_DIR = str(tmp_path)  # type: ignore[attr-defined]
    assert "Chưa có thư nào" in client.get("/mail/").content.decode()
