"""The register: who we are, who may do what, and the fence between units."""

from collections.abc import Mapping

from django.apps import AppConfig
from django.core.validators import (
    EmailValidator,
    MaxLengthValidator,
    MaxValueValidator,
    MinLengthValidator,
    MinValueValidator,
)
from django.db.models.signals import post_migrate
from django.forms import (
    ChoiceField,
    DecimalField,
    Field,
    FileField,
    FloatField,
    IntegerField,
    JSONField,
    ModelChoiceField,
    ModelMultipleChoiceField,
    MultipleChoiceField,
    TypedChoiceField,
    UUIDField,
)

from units.audit_words import AuditSubject, AuditSubjects, AuditVerbs
from units.isolation import register
from units.isolation.values import RowValues, Unopened
from units.roles import Door, Role, RolePermissions

_READERS = {Role.CLERK, Role.HEAD, Role.SECRETARIAT, Role.RECORDS, Role.STAFF, Role.ADMINISTRATOR}


class UnitsConfig(AppConfig):
    name = "units"
    verbose_name = "Đơn vị và người"
    doors: tuple[Door, ...] = (
        Door("Đơn vị", "units:unit-list", "units.view_unit", is_register=True),
        Door(
            "Cán bộ",
            "units:person-list",
            "units.view_person",
            waiting="units.selectors.transfers.find_waiting_offers",
            is_register=True,
            beyond=(
                "/postings/",
                "/gradings/",
                "/eligibilities/",
                "/initiatives/",
                "/disciplines/",
                "/circumstances/",
                "/honours/",
                "/past-decisions/",
                "/transfers/",
                "/imports/",
            ),
        ),
        Door(
            "Tài khoản",
            "units:account-list",
            "units.view_account",
            home_of=frozenset({Role.ADMINISTRATOR}),
            is_register=True,
        ),
        Door(
            "Sắp xếp tổ chức",
            "units:reorganisation-list",
            "units.reorganise_units",
            is_register=True,
            roots_only=True,
        ),
    )
    role_permissions: RolePermissions = {
        "units.view_person": _READERS,
        "units.view_person_record": _READERS,
        # Who keeps people and posts; an administrator does it where accounts are kept.
        "units.create_person": {Role.CLERK, Role.ADMINISTRATOR},
        "units.edit_person": {Role.CLERK, Role.ADMINISTRATOR},
        "units.create_posting": {Role.CLERK, Role.ADMINISTRATOR},
        "units.edit_posting": {Role.CLERK, Role.ADMINISTRATOR},
        "units.end_posting": {Role.CLERK, Role.ADMINISTRATOR},
        # Gradings, eligibility and initiatives, of people and of collectives.
        "units.change_record": {Role.CLERK, Role.RECORDS, Role.ADMINISTRATOR},
        "units.create_honour": {Role.CLERK, Role.RECORDS, Role.ADMINISTRATOR},
        "units.correct_honour": {Role.CLERK, Role.RECORDS},
        "units.revoke_honour": {Role.RECORDS},
        # Only who needs it: whoever prepares, signs or files. Reviewers learn met or unmet from the assessment.
        "units.view_discipline": {Role.CLERK, Role.HEAD, Role.RECORDS},
        "units.change_discipline": {Role.CLERK, Role.RECORDS},
        "units.view_circumstance": {Role.CLERK, Role.HEAD, Role.RECORDS},
        "units.change_circumstance": {Role.CLERK, Role.RECORDS},
        "units.view_party": {Role.CLERK, Role.HEAD},
        "units.edit_party": {Role.CLERK},
        "units.view_contact": {Role.CLERK, Role.HEAD, Role.ADMINISTRATOR},
        "units.edit_contact": {Role.CLERK, Role.ADMINISTRATOR},
        # The catalogue is public to whoever is signed in; shared values are mended at the roots only.
        "units.view_title": set(Role),
        "units.edit_title": {Role.ADMINISTRATOR},
        "units.edit_document": {Role.ADMINISTRATOR},
        "units.view_audit": {Role.HEAD, Role.SECRETARIAT, Role.STAFF, Role.ADMINISTRATOR},
        # Units and their names are public within the installation.
        "units.view_unit": set(Role),
        "units.create_unit": {Role.ADMINISTRATOR},
        "units.edit_unit": {Role.ADMINISTRATOR},
        "units.rename_unit": {Role.ADMINISTRATOR},
        "units.view_transfer": {Role.CLERK, Role.HEAD, Role.ADMINISTRATOR},
        "units.propose_transfer": {Role.CLERK, Role.ADMINISTRATOR},
        "units.confirm_transfer": {Role.CLERK, Role.ADMINISTRATOR},
        "units.view_past_service": {Role.CLERK, Role.HEAD, Role.ADMINISTRATOR},
        # Of the unit at the top only; the screens ask for that.
        "units.reorganise_units": {Role.ADMINISTRATOR},
        "units.view_account": {Role.ADMINISTRATOR},
        "units.invite_account": {Role.ADMINISTRATOR},
        "units.resend_invitation": {Role.ADMINISTRATOR},
        "units.withdraw_invitation": {Role.ADMINISTRATOR},
        "units.grant_membership": {Role.ADMINISTRATOR},
        "units.end_membership": {Role.ADMINISTRATOR},
        "units.deactivate_account": {Role.ADMINISTRATOR},
        "units.activate_account": {Role.ADMINISTRATOR},
        "units.reset_second_factor": {Role.ADMINISTRATOR},
        "units.change_email": {Role.ADMINISTRATOR},
        "units.unlink_account": {Role.ADMINISTRATOR},
        # Tables of people and their record are the clerk's, those of units the administrator's.
        "units.view_import": {Role.CLERK, Role.ADMINISTRATOR},
        "units.add_import": {Role.CLERK, Role.ADMINISTRATOR},
        "units.confirm_import": {Role.CLERK, Role.ADMINISTRATOR},
        "units.undo_import": {Role.CLERK, Role.ADMINISTRATOR},
        "units.import_records": {Role.CLERK},
        "units.import_units": {Role.ADMINISTRATOR},
        # Everybody may know who opened their own record.
        "units.view_own_openings": set(Role),
        # Everybody sees what was given to them; rights on one's own branch are shown to those who may give them.
        "units.view_grant": set(Role),
        "units.add_grant": {Role.HEAD, Role.ADMINISTRATOR},
        "units.end_grant": {Role.HEAD, Role.ADMINISTRATOR},
        "units.view_delegation": {Role.HEAD, Role.CLERK, Role.RECORDS, Role.SECRETARIAT, Role.ADMINISTRATOR},
        "units.add_delegation": {Role.HEAD, Role.ADMINISTRATOR},
        "units.end_delegation": {Role.HEAD, Role.CLERK, Role.ADMINISTRATOR},
    }
    audit_verbs: AuditVerbs = {
        "create-unit": "Lập đơn vị: {name}, trực thuộc {parent}, từ ngày {on}",
        "edit-unit": "Sửa chỗ ghi sai của đơn vị: {fields}; lý do: {reason}",
        "open-record": "Mở xem hồ sơ cá nhân",
        "invite-account": "Mời dùng hệ thống: vai trò {role}",
        "resend-invitation": "Gửi lại lời mời",
        "withdraw-invitation": "Thu hồi lời mời",
        "accept-invitation": "Nhận lời mời: vai trò {role}",
        "grant-membership": "Giao tư cách: {role}, từ ngày {day}",
        "deactivate-account": "Ngừng hoạt động tài khoản: {reason}",
        "activate-account": "Mở lại tài khoản: {reason}",
        "reset-second-factor": "Gỡ yếu tố xác thực thứ hai: {reason}",
        "change-email": "Ghi địa chỉ thư mới cho tài khoản, chờ chủ tài khoản xác nhận: {reason}",
        "add-second-factor": "Thêm yếu tố xác thực thứ hai",
        "unlink-provider": "Bỏ gắn tài khoản với máy chủ xác thực",
        "unlink-account": "Bỏ gắn tài khoản của người dùng với máy chủ xác thực: {reason}",
        "replace-second-factor": "Đổi ứng dụng mã sang điện thoại khác",
        "remove-second-factor": "Bỏ một yếu tố xác thực thứ hai",
        "end-membership": "Kết thúc tư cách: từ sau ngày {day}; {reason}",
        "propose-transfer": "Lập phiếu chuyển đến {unit}, Quyết định số {number}",
        "confirm-transfer": "Tiếp nhận từ {unit}, Quyết định số {number}",
        "leave": "Chuyển đến {unit}, Quyết định số {number}",
        "decline-transfer": "{unit} không tiếp nhận",
        "cancel-transfer": "Rút phiếu chuyển",
        "add-grant": "Cho người ngoài vào xem: {guest}, tại {place}, từ {since} đến hết {until}",
        "end-grant": "Chấm dứt quyền xem của người ngoài: {reason}",
        "add-delegation": "Giao nhiệm vụ: của {delegator}, từ {since} đến hết {until}, theo văn bản số {document}",
        "end-delegation": "Chấm dứt việc giao nhiệm vụ: {reason}",
        "take-up-duty": "Bắt đầu làm việc với tư cách được giao hoặc được phép",
        "upload-import": "Tải tệp Excel lên để nhập: {kind}, {rows} dòng",
        "confirm-import": "Xác nhận ghi tệp Excel vào sổ: {kind}",
        "write-import": "Ghi tệp Excel vào sổ: {kind}, thêm {added} dòng, thay đổi {changed} dòng",
        "erase-import-file": "Xóa tệp Excel gốc theo thời hạn lưu: {days} ngày",
        "erase-offer": "Xóa thông tin cá nhân của phiếu chuyển theo thời hạn lưu: {days} ngày",
        "undo-import": "Hoàn tác một lần nhập Excel: {kind}",
        "export-list": "Tải bảng Excel: {list}, {rows} dòng",
        "grant-honour": "Ghi vào sổ khen thưởng: Quyết định số {number}, thành tích năm {year}",
        "create-reorganisation": "Lập việc sắp xếp tổ chức: {kind}",
        "plan-reorganisation": "Xác nhận việc sắp xếp tổ chức: thực hiện từ ngày {on}, theo {citation}",
        "reopen-reorganisation": "Mở lại việc sắp xếp tổ chức để sửa",
        "cancel-reorganisation": "Hủy việc sắp xếp tổ chức: {reason}",
        "apply-reorganisation": "Thực hiện việc sắp xếp tổ chức: từ ngày {on}, theo {citation}",
        "fail-reorganisation": "Chưa thực hiện được việc sắp xếp tổ chức: {reason}",
        "hand-over-unit": "Bàn giao người và tài khoản: {people} người, {accounts} tài khoản sang {to}, từ ngày {on}",
        "carry-membership": "Tài khoản tiếp tục làm việc: {who}, {role}, từ {source} sang {to}",
        "end-membership-with-unit": "Tài khoản kết thúc cùng đơn vị: {who}, {role}, {source}",
        "load-register": "Nạp sổ đơn vị: hệ thống năm {system}, thêm {number} đơn vị",
        "rename-unit": "Đổi tên đơn vị: thành {name}, từ ngày {on}, căn cứ {citation}",
        "move-unit": "Chuyển đơn vị sang cơ quan quản lý khác: {to}, từ ngày {on}, căn cứ {citation}",
        "merge-unit": "Sáp nhập, hợp nhất đơn vị: vào {to}, từ ngày {on}, căn cứ {citation}",
        "split-unit": "Chia, tách đơn vị: thành {to}, từ ngày {on}, căn cứ {citation}",
        "dissolve-unit": "Giải thể đơn vị: {to} giữ hồ sơ, từ ngày {on}, căn cứ {citation}",
        "create-person": "Ghi cán bộ vào sổ: mã {code}",
        "edit-person": "Sửa thông tin cán bộ: {what}; lý do: {reason}",
        "create-posting": "Ghi chức vụ: {position}, từ ngày {since}",
        "edit-posting": "Sửa chức vụ: {position}; lý do: {reason}",
        "end-posting": "Kết thúc chức vụ: {position}, ngày cuối {day}",
        "change-party": "Ghi thông tin đảng viên",
        "change-contact": "Ghi thông tin liên hệ",
        "create-grading": "Ghi xếp loại năm: {year}, {grade}",
        "edit-grading": "Sửa xếp loại năm: từ «{before}» thành «{after}»; lý do: {reason}",
        "delete-grading": "Xóa xếp loại năm: {before}; lý do: {reason}",
        "create-eligibility": "Ghi kết quả xét danh hiệu: {title}, năm {year}",
        "edit-eligibility": "Sửa kết quả xét danh hiệu: từ «{before}» thành «{after}»; lý do: {reason}",
        "delete-eligibility": "Xóa kết quả xét danh hiệu: {before}; lý do: {reason}",
        "create-initiative": "Ghi sáng kiến: «{title}», năm {year}",
        "edit-initiative": "Sửa sáng kiến: «{title}»; lý do: {reason}",
        "delete-initiative": "Xóa sáng kiến: «{title}»; lý do: {reason}",
        "create-discipline": "Ghi quyết định kỷ luật: số {number}",
        "edit-discipline": "Sửa quyết định kỷ luật: số {number}; lý do: {reason}",
        "delete-discipline": "Xóa quyết định kỷ luật: số {number}; lý do: {reason}",
        "create-circumstance": "Ghi đợt nghỉ hoặc việc bị xem xét: từ ngày {since}",
        "edit-circumstance": "Sửa đợt nghỉ hoặc việc bị xem xét: từ ngày {since}; lý do: {reason}",
        "end-circumstance": "Kết thúc đợt nghỉ hoặc việc bị xem xét: ngày cuối {day}; {reason}",
        "delete-circumstance": "Xóa đợt nghỉ hoặc việc bị xem xét: từ ngày {since}; lý do: {reason}",
        "create-honour": "Ghi khen thưởng từ quyết định giấy: {title} năm {year}, Quyết định số {number}",
        "correct-honour": "Đính chính khen thưởng: Quyết định số {number}, năm {year}; lý do: {reason}",
        "revoke-honour": "Tước, hủy bỏ khen thưởng: năm {year}, Quyết định số {number}; lý do: {reason}",
        "edit-title": "Sửa danh mục danh hiệu: {title}, {what}; lý do: {reason}",
        "edit-document": "Sửa danh mục văn bản: {document}, {what}; lý do: {reason}",
    }
    # That somebody was disciplined or is under review is told by the very line about it: such lines are for who may
    # read the thing.
    audit_restricted: Mapping[str, str] = {
        "create-discipline": "units.view_discipline",
        "edit-discipline": "units.view_discipline",
        "delete-discipline": "units.view_discipline",
        **dict.fromkeys(
            ("create-circumstance", "edit-circumstance", "end-circumstance", "delete-circumstance"),
            "units.view_circumstance",
        ),
        "change-party": "units.view_party",
        "change-contact": "units.view_contact",
    }
    audit_subjects: AuditSubjects = {
        "units.person": AuditSubject("hồ sơ của", ("full_name",)),
        "units.transfer": AuditSubject("phiếu chuyển của", ("person_name",)),
        "units.transferoffer": AuditSubject("phiếu chuyển của", ("full_name",)),
        "units.pastservice": AuditSubject("thời gian công tác của", ("full_name",)),
        "units.honour": AuditSubject("khen thưởng của", ("subject_name",)),
        "units.reorganisation": AuditSubject("việc sắp xếp", ("decision_number", "kind")),
        "units.unit": AuditSubject("đơn vị", ("short_name",)),
        "units.invitation": AuditSubject("lời mời gửi", ("display_name",)),
        "units.grading": AuditSubject("xếp loại của", ("person__full_name", "collective__short_name")),
        "units.titleeligibility": AuditSubject("kết quả xét của", ("person__full_name", "collective__short_name")),
        "units.importbatch": AuditSubject("tệp", ("file_name",)),
        "units.membership": AuditSubject("tư cách của", ("user__display_name",)),
        "units.grant": AuditSubject("quyền của khách", ("user__display_name",)),
        "units.delegation": AuditSubject("việc giao cho", ("delegate__user__display_name",)),
    }

    isolation_rows: RowValues = {
        "units.circumstance": register.circumstance_values,
        "units.awardtitle": lambda _: {"level": "grassroots"},
        "units.grant": register.grant_values,
        "units.delegation": register.delegation_values,
        "units.transfer": register.transfer_values,
        "units.importbatch": register.import_values,
        "units.importline": register.import_line_values,
        "units.auditentry": lambda place: {
            "verb": "open-record",
            "subject_type": "units.person",
            "subject_id": place.row("units.person").pk,
        },
    }

    isolation_unopened: Unopened = {
        "healthz": "báo lỗi khi không có tiến trình nền nào đang chạy bên cạnh",
        "mfa_remove_webauthn": "cần một khóa truy cập có thật trên thiết bị của người dùng",
        "openid_connect_callback": "chỉ mở được khi quay lại từ hệ thống đăng nhập tập trung",
        "openid_connect_login": "dẫn ra hệ thống đăng nhập tập trung ở ngoài máy chủ này",
        "units:import-template": "phần cuối của địa chỉ là loại bảng, không phải khóa của dòng nào",
        "units:mail-list": "chỉ có ở bản trình diễn",
        "units:reorganisation-result-choose": "cần chọn kèm một đơn vị trong biểu mẫu",
        "units:reorganisation-unit-add": "cần chọn kèm một đơn vị trong biểu mẫu",
        "units:reorganisation-unit-remove": "cần chọn kèm một đơn vị trong biểu mẫu",
        "units:session-end": "phần cuối của địa chỉ là khóa của phiên đăng nhập, không phải dòng của đơn vị",
        "units:sign-out": "xong việc thì dẫn về trang đăng nhập",
    }

    def ready(self) -> None:
        from units import checks, receivers  # noqa: F401  register themselves

        post_migrate.connect(raise_fence, sender=self)
        # Django's own words for an empty box speak of "fields"; these say what to do. For some it has no Vietnamese.
        Field.default_error_messages["required"] = "Chưa điền mục này."
        IntegerField.default_error_messages["invalid"] = "Ghi một số nguyên, chỉ gồm chữ số."
        for field in (DecimalField, FloatField):
            field.default_error_messages["invalid"] = "Ghi một số, phần lẻ sau dấu phẩy."
        for choice in (ChoiceField, TypedChoiceField, MultipleChoiceField, ModelChoiceField):
            choice.default_error_messages["invalid_choice"] = "Mục đã chọn không có trong danh sách. Chọn lại."
        ModelMultipleChoiceField.default_error_messages["invalid_choice"] = "Mục đã chọn không có trong danh sách."
        MinValueValidator.message = "Ghi một giá trị từ %(limit_value)s trở lên."
        MaxValueValidator.message = "Ghi một giá trị không quá %(limit_value)s."
        MinLengthValidator.message = "Ghi ít nhất %(limit_value)d ký tự (đang có %(show_value)d)."
        MaxLengthValidator.message = "Dài quá %(limit_value)d ký tự (đang có %(show_value)d). Rút gọn lại."
        EmailValidator.message = "Địa chỉ thư điện tử chưa đúng. Ghi theo dạng ten@donvi.gov.vn."
        UUIDField.default_error_messages["invalid"] = "Khóa không hợp lệ. Mở lại trang rồi chọn lại."
        JSONField.default_error_messages["invalid"] = "Nội dung không đúng cú pháp."
        ModelMultipleChoiceField.default_error_messages["invalid_pk_value"] = "Mục đã chọn không có trong danh sách."
        FileField.default_error_messages["max_length"] = (
            "Tên tệp dài quá %(max)d ký tự (đang là %(length)d). Đổi tên tệp."
        )


def raise_fence(**signal: object) -> None:
    """After every migration: rights and row policies for every table, then the catalogue is asked for gaps."""
    if "plan" not in signal:
        return  # tables were only emptied, not migrated
    from units.fence import GapError, apply_fence
    from units.fence_gate import list_gaps

    apply_fence()
    gaps = list_gaps()
    if gaps:
        raise GapError(gaps)
