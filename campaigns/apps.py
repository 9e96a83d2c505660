"""What we compete for, and by when."""

from datetime import UTC, datetime

from django.apps import AppConfig
from django.db.models import Q

from units.audit_words import AuditSubject, AuditSubjects, AuditVerbs
from units.isolation.values import RowValues
from units.reorganising import Share
from units.roles import Door, Role, RolePermissions


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = "Phong trào thi đua"
    doors = (
        Door("Việc phải làm", "campaigns:assignment-list", "campaigns.view_assignment"),
        Door(
            "Nhắc việc",
            "campaigns:reminder-list",
            "campaigns.view_reminder",
            waiting="campaigns.selectors.reminders.find_waiting_reminders",
        ),
        Door(
            "Tình hình gửi",
            "campaigns:filing-board",
            "campaigns.view_filing_board",
            waiting="campaigns.views.waiting.find_waiting",
            beyond=("/submissions/", "/receipts/"),
        ),
        Door("Phong trào", "campaigns:campaign-list", "campaigns.view_campaign"),
    )
    reorganisation_share = Share(
        count="campaigns.selectors.reorganisation.count_moved", carry="campaigns.services.reorganisation.carry_over"
    )
    role_permissions: RolePermissions = {
        "campaigns.view_campaign": {Role.CLERK, Role.HEAD, Role.SECRETARIAT, Role.RECORDS, Role.STAFF},
        "campaigns.view_assignment": {Role.CLERK, Role.HEAD, Role.SECRETARIAT},
        "campaigns.complete_assignment": {Role.CLERK},
        "campaigns.request_extension": {Role.CLERK, Role.HEAD},
        "campaigns.answer_extension": {Role.SECRETARIAT},
        # Of the unit that issued the campaign, or looks after it.
        "campaigns.record_anchor_event": {Role.CLERK, Role.SECRETARIAT},
        "campaigns.correct_anchor_event": {Role.CLERK, Role.SECRETARIAT},
        # Days off are public; the table is kept at the roots only.
        "campaigns.view_calendar_day": set(Role),
        "campaigns.add_calendar_day": {Role.ADMINISTRATOR},
        "campaigns.remove_calendar_day": {Role.ADMINISTRATOR},
        "campaigns.view_reminder": {Role.CLERK, Role.HEAD, Role.SECRETARIAT, Role.ADMINISTRATOR},
        "campaigns.mark_reminders_read": {Role.CLERK, Role.HEAD, Role.SECRETARIAT, Role.ADMINISTRATOR},
        "campaigns.edit_reminder_settings": {Role.CLERK, Role.HEAD},
        "campaigns.view_submission": {Role.CLERK, Role.HEAD, Role.SECRETARIAT, Role.RECORDS, Role.STAFF},
        "campaigns.start_submission": {Role.CLERK},
        "campaigns.send_submission": {Role.CLERK},
        "campaigns.withdraw_submission": {Role.CLERK},
        "campaigns.receive_submission": {Role.SECRETARIAT},
        "campaigns.return_submission": {Role.SECRETARIAT},
        "campaigns.approve_submission": {Role.SECRETARIAT},
        "campaigns.view_filing_board": {Role.HEAD, Role.SECRETARIAT, Role.STAFF},
        "campaigns.remind_assignment": {Role.SECRETARIAT, Role.STAFF},
    }
    audit_verbs: AuditVerbs = {
        "complete": "Báo hoàn thành việc: văn bản số {document_number}",
        "request-extension": "Đề nghị gia hạn: đến hết ngày {until}",
        "grant-extension": "Đồng ý gia hạn",
        "decline-extension": "Không đồng ý gia hạn",
        "record-anchor-event": "Ghi nhận sự kiện: «{event}», diễn ra ngày {on}; tính thời hạn của {number} việc",
        "correct-anchor-event": "Đính chính sự kiện: «{event}», từ ngày {before} thành ngày {on}; lý do: {reason}",
        "add-calendar-day": "Ghi ngày nghỉ, ngày làm việc: {day}, {what}, {name}, theo {citation}",
        "remove-calendar-day": "Bỏ khỏi bảng ngày nghỉ: {day}, {name}, theo {citation}",
        "edit-reminder-settings": "Chọn ngày nhắc việc của đơn vị: trước {days} ngày; quá hạn: {overdue}",
        "renew-calendar-feed": "Tạo địa chỉ lịch cá nhân",
        "revoke-calendar-feed": "Thu hồi địa chỉ lịch cá nhân",
        "start-submission": "Lập bản nộp: lần {version}",
        "attach-paper": "Tải lên giấy tờ của bản nộp",
        "detach-paper": "Bỏ một giấy tờ của bản nộp",
        "send-submission": "Gửi bản nộp: lần {version}, mã tiếp nhận {code}",
        "withdraw-submission": "Rút bản nộp: lần {version}",
        "receive-submission": "Tiếp nhận bản nộp: lần {version}, mã tiếp nhận {code}",
        "return-submission": "Trả lại bản nộp: lần {version}",
        "approve-submission": "Duyệt bản đăng ký: lần {version}",
        "open-submission": "Mở xem bản nộp",
        "download-paper": "Tải giấy tờ của bản nộp",
        "remind-assignment": "Gửi thư nhắc việc: {mails} thư",
        "take-over-submission": "Nhận bản nộp khi sắp xếp tổ chức: từ {source}, từ ngày {on}",
        "take-over-assignment": "Nhận việc phải làm khi sắp xếp tổ chức: từ {source}, từ ngày {on}",
        "merge-assignment": "Gộp việc phải làm khi sắp xếp tổ chức: {heir} đã có việc này, từ ngày {on}",
    }
    audit_subjects: AuditSubjects = {
        "campaigns.assignment": AuditSubject("việc", ("obligation__title",)),
        "campaigns.submission": AuditSubject("bản nộp cho việc", ("assignment__obligation__title",)),
        "campaigns.extensionrequest": AuditSubject("việc", ("assignment__obligation__title",)),
        "campaigns.remindersettings": AuditSubject("ngày nhắc của", ("unit__short_name",)),
    }
    isolation_rows: RowValues = {
        "campaigns.submission": lambda place: {
            "state": "sent",
            "sent_at": datetime(2023, 6, 1, tzinfo=UTC),
            "counted_at": datetime(2023, 6, 1, tzinfo=UTC),
            "receipt_code": place.mark(),
        },
        "campaigns.registeredsubject": lambda place: {"person": place.row("units.person")},
        "campaigns.exemplarregistration": lambda place: {"scope": "field", "responsible": place.row("units.person")},
        "campaigns.obligation": lambda place: {"anchor_event": place.row("campaigns.anchorevent"), "days_after": 5},
        "campaigns.reminderdigest": lambda place: {
            "letter": place.row("campaigns.reminderletter"),
            "kind": "late",
            "lines": [
                {"title": place.mark(), "campaign": place.mark(), "number": 1, "units": [], "days": 1, "path": "/"}
            ],
        },
    }

    def audit_unseen(self, reader_path: str) -> Q:
        """Entries about drafts of other units than the reader's."""
        from campaigns.selectors.filings import list_unseen_submissions

        return Q(subject_id__in=list_unseen_submissions(reader_path).values("pk"))
