"""Who decides: councils, secret ballots, decisions."""

from django.apps import AppConfig

from awards import isolation
from units.audit_words import AuditSubject, AuditSubjects, AuditVerbs
from units.isolation.values import RowValues, Unopened
from units.reorganising import Share
from units.roles import Door, Role, RolePermissions


class AwardsConfig(AppConfig):
    name = "awards"
    verbose_name = "Hội đồng và quyết định"
    doors: tuple[Door, ...] = (
        Door(
            "Phiên họp",
            "awards:sitting-list",
            "awards.review_item",
            waiting="awards.views.waiting.find_invitations_waiting",
        ),
        Door(
            "Hội đồng",
            "awards:council-sitting-list",
            "awards.view_sitting",
            waiting="awards.views.waiting.find_cases_waiting",
            beyond=("/councils/",),
        ),
        Door(
            "Quyết định",
            "awards:decision-list",
            "awards.issue_decision",
            guest_permission="awards.view_decision",
            home_of=frozenset({Role.RECORDS}),
            waiting="awards.views.waiting.find_counts_waiting",
        ),
        Door(
            "Kết quả khen thưởng",
            "awards:result-list",
            "awards.view_result",
            waiting="awards.selectors.announcements.find_results_waiting",
        ),
        Door(
            "Mức tiền thưởng",
            "awards:bonus-figure-list",
            "awards.edit_bonus_figure",
            is_register=True,
            roots_only=True,
        ),
    )
    reorganisation_share = Share(
        count="awards.selectors.reorganisation.count_moved", carry="awards.services.reorganisation.carry_over"
    )
    duty_follower = "awards.services.seats.follow_ended_duty"
    role_permissions: RolePermissions = {
        "awards.view_council": {Role.SECRETARIAT},
        "awards.found_council": {Role.SECRETARIAT},
        "awards.renew_council": {Role.SECRETARIAT},
        "awards.end_council": {Role.SECRETARIAT},
        "awards.give_seat": {Role.SECRETARIAT},
        "awards.change_seat": {Role.SECRETARIAT},
        "awards.end_seat": {Role.SECRETARIAT},
        "awards.create_conference": {Role.SECRETARIAT},
        "awards.follow_heads": {Role.SECRETARIAT},
        "awards.name_substitute": {Role.SECRETARIAT},
        "awards.view_sitting": {Role.SECRETARIAT},
        "awards.add_sitting": {Role.SECRETARIAT},
        "awards.change_sitting": {Role.SECRETARIAT},
        "awards.invite_members": {Role.SECRETARIAT},
        "awards.discuss_case": {Role.SECRETARIAT},
        "awards.close_sitting": {Role.SECRETARIAT},
        "awards.add_ballot": {Role.SECRETARIAT},
        "awards.open_ballot": {Role.SECRETARIAT},
        "awards.close_ballot": {Role.SECRETARIAT},
        "awards.count_ballot": {Role.SECRETARIAT},
        "awards.abandon_ballot": {Role.SECRETARIAT},
        "awards.add_conflict": {Role.SECRETARIAT},
        "awards.remove_conflict": {Role.SECRETARIAT},
        # The rules of counting are shared by the whole system: read by every council's desk, kept at the top.
        "awards.view_rule": {Role.SECRETARIAT},
        "awards.add_rule": {Role.SECRETARIAT},
        # A member acts in the scope of a council, never in the scope of its unit.
        "awards.review_item": {Role.MEMBER},
        "awards.take_back_reading": {Role.MEMBER},
        "awards.write_note": {Role.MEMBER},
        "awards.erase_notes": {Role.MEMBER},
        "awards.answer_invitation": {Role.MEMBER},
        "awards.cast_ballot": {Role.MEMBER},
        "awards.declare_conflict": {Role.MEMBER},
        "awards.view_decision": {Role.SECRETARIAT, Role.RECORDS, Role.STAFF, Role.HEAD, Role.CLERK},
        "awards.issue_decision": {Role.RECORDS},
        "awards.conclude_ballot": {Role.RECORDS},
        "awards.revoke_decision": {Role.RECORDS},
        "awards.publish_decision": {Role.RECORDS},
        "awards.view_bonus_sheet": {Role.SECRETARIAT, Role.RECORDS, Role.HEAD},
        "awards.view_bonus_figure": set(Role) - {Role.MEMBER},
        # Figures are public data, mended at the roots only.
        "awards.add_bonus_figure": {Role.ADMINISTRATOR},
        "awards.edit_bonus_figure": {Role.ADMINISTRATOR},
        "awards.view_unpublished_decision": {Role.SECRETARIAT, Role.RECORDS},
        # Whoever works in a unit may be told of a result; a member acts in the scope of a council.
        "awards.view_result": set(Role) - {Role.MEMBER},
        "awards.mark_results_read": set(Role) - {Role.MEMBER},
    }
    isolation_unopened: Unopened = {
        "awards:substitute-withdraw": "phiên họp thử không có ai được cử thay",
        "awards:agenda-item-add": "trường hợp thử đã có trong chương trình phiên họp",
        "awards:ballot-conclude": "quyết định của lượt bỏ phiếu thử đã ban hành",
        "awards:decision-issue": "quyết định của lượt bỏ phiếu thử đã ban hành",
    }
    isolation_rows: RowValues = {
        "awards.votingrule": isolation.rule_values,
        "awards.councilmember": isolation.member_values,
        "awards.sitting": isolation.sitting_values,
        "awards.ballot": isolation.ballot_values,
        "awards.tally": isolation.tally_values,
        "awards.conflictofinterest": isolation.conflict_values,
        "awards.basesalary": isolation.salary_values,
        "awards.decision": isolation.decision_values,
        "awards.resultletter": isolation.letter_values,
        "awards.ownreading": isolation.reading_values,
    }
    audit_verbs: AuditVerbs = {
        "found-council": "Thành lập Hội đồng: quyết định số {number}, từ ngày {on}",
        "renew-council": "Gia hạn nhiệm kỳ Hội đồng: quyết định số {number}",
        "close-council": "Kết thúc hoạt động Hội đồng: quyết định số {number}, đến hết ngày {on}",
        "download-council-paper": "Tải quyết định về Hội đồng: số {number}",
        "create-conference": "Lập Hội nghị của {cluster}: văn bản số {number}",
        "take-conference-seat": "Người đứng đầu đơn vị là thành viên {council}: {name}",
        "give-seat": "Ghi thành viên Hội đồng: {name}, {seat}, từ ngày {on}, văn bản số {number}",
        "change-seat": "Thay đổi chức danh trong Hội đồng: {name}, {seat}, từ ngày {on}, văn bản số {number}",
        "end-seat": "Kết thúc chức danh trong Hội đồng: {name}, đến hết ngày {on}",
        "name-substitute": "Cử người thay tại phiên họp: {name} thay {member}, văn bản số {number}",
        "withdraw-substitute": "Bỏ người thay tại phiên họp: {name} thay {member}",
        "add-sitting": "Lập phiên họp: ngày {held_on}",
        "change-sitting": "Sửa phiên họp: ngày {held_on}",
        "invite-members": "Gửi giấy mời họp lần {version}: {members} thành viên, trước ngày họp {days} ngày",
        "view-evidence": "Xem trang minh chứng trên màn hình",
        "answer-invitation": "Trả lời giấy mời họp: {answer}",
        "discuss-case": "Chuyển trường hợp đang xét: số {order}",
        "fill-agenda": "Đưa {cases} trường hợp vào chương trình họp",
        "add-agenda-item": "Đưa một trường hợp vào chương trình họp",
        "remove-agenda-item": "Rút một trường hợp khỏi chương trình họp",
        "order-agenda": "Xếp lại thứ tự chương trình họp",
        "record-attendance": "Điểm danh phiên họp: {present} trên {members} thành viên có mặt",
        "close-sitting": "Kết thúc phiên họp",
        "end-sitting": "Kết thúc phiên họp do sắp xếp tổ chức: hồ sơ trình chuyển sang {heir}, từ ngày {on}",
        "end-council": "Hội đồng kết thúc do sắp xếp tổ chức: từ ngày {on}",
        "add-ballot": "Lập lượt bỏ phiếu",
        "arrange-ballot": "Xếp trường hợp của lượt bỏ phiếu vào {groups} nhóm",
        "add-second-round": "Lập vòng sau giữa các trường hợp bằng phiếu của lượt «{first}»",
        "add-winners-ballot": "Lập lượt bỏ phiếu trong số được chọn ở lượt «{first}»",
        "declare-conflict": "{member} khai báo không tham gia một trường hợp",
        "add-conflict": "Ghi {member} không tham gia một trường hợp",
        "remove-conflict": "Bỏ việc {member} không tham gia một trường hợp",
        "add-rule": "Thêm bản quy định cách tính kết quả «{rule}», hiệu lực từ {since}: {citation}",
        "discard-ballot": "Bỏ lượt bỏ phiếu chưa mở",
        "open-ballot": "Mở lượt bỏ phiếu",
        "close-ballot": "Đóng lượt bỏ phiếu: {papers} phiếu trong hòm",
        "void-ballot": "Hủy lượt bỏ phiếu: {reason}",
        "count-ballot": "Kiểm phiếu",
        "refuse-cast": "Không nhận một lá phiếu",
        "refuse-count": "Không kiểm phiếu được",
        "refuse-unknown-ballot": "Từ chối người gửi phiếu tới một lượt không thuộc Hội đồng của mình",
        "refuse-stranger": "Từ chối người không có tên trong Hội đồng",
        "issue-decision": "Ban hành quyết định: số {number}, công nhận {recognised} trường hợp",
        "revoke-decision": "Thu hồi quyết định số {number} bằng quyết định số {by}: {lines} dòng, lý do: {reason}",
        "add-bonus-figure": "Ghi mức tiền thưởng: {figure}; lý do: {reason}",
        "edit-bonus-figure": "Sửa mức tiền thưởng: {figure}, {what}; lý do: {reason}",
        "publish-decision": "Công bố quyết định: ngày {on}, báo cho {told} người",
        "conclude-ballot": "Kết thúc lượt bỏ phiếu không có trường hợp được công nhận",
    }
    audit_subjects: AuditSubjects = {
        "awards.council": AuditSubject("Hội đồng", ("name",)),
        "awards.sitting": AuditSubject("phiên họp", ("title",)),
        "awards.ballot": AuditSubject("lượt bỏ phiếu", ("title",)),
        "awards.decision": AuditSubject("quyết định số", ("number",)),
        "awards.councilmember": AuditSubject("thành viên Hội đồng", ("user__display_name",)),
    }
