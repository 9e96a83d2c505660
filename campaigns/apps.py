"""What we compete for, and by when."""

from datetime import UTC, datetime

from django.apps import AppConfig
from django.db.models import Q

from campaigns import isolation
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
        Door(
            "Phong trào", "campaigns:campaign-list", "campaigns.view_campaign", beyond=("/plan-drafts/", "/plan-items/")
        ),
        Door(
            "Khu vực, cụm, khối",
            "campaigns:cluster-list",
            "campaigns.view_cluster",
            waiting="campaigns.views.cluster_waiting.find_cluster_waiting",
            beyond=(
                "/cluster-",
                "/expected-work/",
                "/inspection",
                "/score-sheets/",
                "/opinion-",
                "/pledges/",
            ),
        ),
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
        # Who belongs to a cluster is public; it is kept by staff of the unit at the top only, the screens ask for that.
        "campaigns.view_cluster": {
            Role.CLERK,
            Role.HEAD,
            Role.SECRETARIAT,
            Role.RECORDS,
            Role.STAFF,
            Role.ADMINISTRATOR,
        },
        "campaigns.change_cluster": {Role.STAFF},
        "campaigns.view_contact_point": {Role.CLERK, Role.HEAD, Role.SECRETARIAT},
        "campaigns.edit_contact_point": {Role.CLERK, Role.HEAD},
        "campaigns.view_expected_work": {Role.CLERK, Role.HEAD, Role.SECRETARIAT},
        "campaigns.view_cluster_work": {Role.CLERK, Role.HEAD, Role.SECRETARIAT},
        "campaigns.plan_inspection": {Role.CLERK, Role.SECRETARIAT},
        "campaigns.conclude_inspection": {Role.CLERK, Role.SECRETARIAT},
        # Opening the unit to a team gives rights on it, so its head does.
        "campaigns.open_to_inspection": {Role.HEAD},
        "campaigns.send_inspected_report": {Role.CLERK, Role.HEAD},
        "campaigns.score_self": {Role.CLERK},
        "campaigns.send_score_sheet": {Role.HEAD},
        "campaigns.score_by_inspection": {Role.CLERK, Role.SECRETARIAT},
        "campaigns.score_by_standing_body": {Role.SECRETARIAT},
        "campaigns.score_by_council": {Role.SECRETARIAT},
        "campaigns.conclude_score_sheet": {Role.SECRETARIAT},
        "campaigns.ask_opinion": {Role.CLERK, Role.SECRETARIAT},
        "campaigns.answer_opinion": {Role.CLERK, Role.HEAD},
        "campaigns.open_pledge": {Role.CLERK, Role.SECRETARIAT},
        "campaigns.sign_pledge": {Role.HEAD},
        # A plan is read, looked through and launched by those who keep the campaigns of their unit.
        "campaigns.view_plan_draft": {Role.STAFF, Role.SECRETARIAT},
        "campaigns.add_plan_draft": {Role.STAFF, Role.SECRETARIAT},
        "campaigns.edit_plan_draft": {Role.STAFF, Role.SECRETARIAT},
        "campaigns.launch_plan_draft": {Role.STAFF, Role.SECRETARIAT},
        "campaigns.drop_plan_draft": {Role.STAFF, Role.SECRETARIAT},
        "campaigns.accept_plan_item": {Role.STAFF, Role.SECRETARIAT},
        "campaigns.mend_plan_item": {Role.STAFF, Role.SECRETARIAT},
        "campaigns.drop_plan_item": {Role.STAFF, Role.SECRETARIAT},
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
        "create-cluster": "Lập khu vực, cụm, khối: {cluster}",
        "create-cluster-year": "Thêm năm: {cluster}",
        "edit-cluster-year": "Ghi quyết định cử trưởng, phó: {cluster}, số {number}",
        "join-cluster": "Tham gia khu vực, cụm, khối: {cluster}",
        "leave-cluster": "Thôi tham gia khu vực, cụm, khối: {cluster}",
        "choose-cluster-role": "Ghi vai trò trong khu vực, cụm, khối: {role}, {cluster}",
        "add-cluster-campaign": "Ghi phong trào của năm: {campaign}, {cluster}",
        "remove-cluster-campaign": "Bỏ phong trào khỏi năm: {campaign}, {cluster}",
        "announce-handover": "Công bố bàn giao: {cluster}, từ ngày {on}",
        "expect-handover": "Có lịch bàn giao đơn vị trưởng: {cluster}, từ ngày {on}",
        "cancel-handover": "Hủy lịch bàn giao: {cluster}",
        "hand-over-cluster": "Bàn giao công việc đơn vị trưởng: {cluster}, cho {to}, từ ngày {on}",
        "take-over-cluster": "Nhận công việc đơn vị trưởng: {cluster}, từ {source}, từ ngày {on}",
        "edit-contact-point": "Ghi đầu mối liên lạc",
        "delete-contact-point": "Xóa đầu mối liên lạc",
        "download-cluster-file": "Tải tệp của khu vực, cụm, khối",
        "create-inspection-plan": "Lập kế hoạch kiểm tra: số {number}",
        "add-team-member": "Thêm người vào Đoàn kiểm tra: {who}",
        "remove-team-member": "Bỏ người khỏi Đoàn kiểm tra: {who}",
        "announce-inspection-plan": "Gửi kế hoạch kiểm tra: số {number}, {units} đơn vị",
        "receive-inspection-notice": "Nhận kế hoạch kiểm tra của {source}",
        "open-to-inspection": "Mở quyền xem cho Đoàn kiểm tra: {number} người",
        "send-inspected-report": "Gửi báo cáo cho Đoàn kiểm tra",
        "receive-inspected-report": "Nhận báo cáo của đơn vị được kiểm tra",
        "end-inspection": "Kết thúc kiểm tra: ngày {on}, hạn gửi kết quả {due}",
        "send-inspection-result": "Gửi kết quả kiểm tra: báo cáo số {number}",
        "receive-inspection-result": "Nhận kết quả kiểm tra: báo cáo số {number}",
        "create-score-sheet": "Lập bảng chấm điểm: năm {year}",
        "score-self": "Tự chấm điểm: tổng {total}",
        "send-score-sheet": "Gửi bảng chấm điểm: tới {to}, tổng {total}",
        "receive-score-sheet": "Nhận bảng chấm điểm của {source}",
        "withdraw-score-sheet": "Rút bảng chấm điểm về sửa",
        "score-sheet": "Chấm điểm: cột {column}, tổng {total}",
        "conclude-score-sheet": "Chốt điểm: tổng {total}",
        "receive-final-scores": "Nhận điểm đã chốt: tổng {total}",
        "ask-opinion": "Gửi dự thảo lấy ý kiến: {units} đơn vị, đến hết ngày {until}",
        "receive-draft": "Nhận dự thảo của {source}",
        "answer-opinion": "Trả lời ý kiến",
        "open-pledge": "Gửi giao ước để ký",
        "receive-pledge": "Nhận giao ước của {source}",
        "sign-pledge": "Ký giao ước: {who}",
        "add-plan-draft": "Đọc văn bản kế hoạch: {items} mục chờ xem",
        "edit-plan-draft": "Xem và lưu phần đầu kế hoạch: số {number}",
        "accept-plan-item": "Nhận một mục của kế hoạch: {kind}, dòng {line}",
        "mend-plan-item": "Sửa và nhận một mục của kế hoạch: {kind}, dòng {line}",
        "drop-plan-item": "Bỏ một mục của kế hoạch: {kind}, dòng {line}",
        "drop-plan-draft": "Bỏ bản xem lại kế hoạch",
        "launch-plan-draft": "Lập phong trào từ văn bản kế hoạch: số {number}, {items} mục",
        "merge-assignment": "Gộp việc phải làm khi sắp xếp tổ chức: {heir} đã có việc này, từ ngày {on}",
    }
    audit_subjects: AuditSubjects = {
        "campaigns.assignment": AuditSubject("việc", ("obligation__title",)),
        "campaigns.submission": AuditSubject("bản nộp cho việc", ("assignment__obligation__title",)),
        "campaigns.extensionrequest": AuditSubject("việc", ("assignment__obligation__title",)),
        "campaigns.remindersettings": AuditSubject("ngày nhắc của", ("unit__short_name",)),
        "campaigns.expectedwork": AuditSubject("việc", ("obligation__title",)),
        "campaigns.clustercontact": AuditSubject("đầu mối của", ("member__short_name",)),
        "campaigns.inspectionplan": AuditSubject("kế hoạch kiểm tra", ("title",)),
        "campaigns.inspection": AuditSubject("kiểm tra", ("inspected__short_name",)),
        "campaigns.inspectionnotice": AuditSubject("kiểm tra theo", ("citation",)),
        "campaigns.scoresheet": AuditSubject("bảng chấm điểm của", ("about__short_name",)),
        "campaigns.opinionround": AuditSubject("dự thảo", ("title",)),
        "campaigns.opinionrequest": AuditSubject("dự thảo", ("title",)),
        "campaigns.clusterpledge": AuditSubject("giao ước", ("title",)),
        "campaigns.plandraft": AuditSubject("kế hoạch", ("file_name",)),
    }
    isolation_rows: RowValues = {
        "campaigns.cluster": isolation.cluster_values,
        "campaigns.clustermember": lambda _: {"role": "head"},
        "campaigns.clusterhandover": isolation.handover_values,
        "campaigns.clustercontact": isolation.contact_values,
        "campaigns.scoretemplate": isolation.template_values,
        "campaigns.scoreentry": lambda _: {"item": "CM-1"},
        "campaigns.plandraftitem": isolation.item_values,
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
