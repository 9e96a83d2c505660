"""Who is put forward, and why."""

from datetime import UTC, datetime

from django.apps import AppConfig
from django.db.models import Q

from exemplars.isolation_edition import PARTS, edition_values, reading_values
from units.audit_words import AuditSubject, AuditSubjects, AuditVerbs
from units.isolation.values import RowValues
from units.reorganising import Share
from units.roles import Door, Role, RolePermissions


class ExemplarsConfig(AppConfig):
    name = "exemplars"
    verbose_name = "Đề nghị và tiêu chuẩn"
    doors = (
        Door(
            "Đề nghị",
            "exemplars:nomination-list",
            "exemplars.view_nomination",
            waiting="exemplars.views.waiting.find_waiting",
        ),
        Door(
            "Tiêu chuẩn",
            "exemplars:rulebook-list",
            "exemplars.view_rulebook",
            is_register=True,
            waiting="exemplars.views.waiting.find_drafts_waiting",
        ),
    )
    reorganisation_share = Share(
        count="exemplars.selectors.reorganisation.count_moved", carry="exemplars.services.reorganisation.carry_over"
    )
    role_permissions: RolePermissions = {
        # Who did what with a nomination, and who opened it.
        "exemplars.view_nomination_trail": {Role.HEAD, Role.SECRETARIAT, Role.STAFF},
        # Why somebody does not qualify yet: read from the record, by who reads the record.
        "exemplars.view_criteria": {Role.CLERK, Role.HEAD, Role.SECRETARIAT, Role.RECORDS, Role.STAFF},
        "exemplars.nominate_candidate": {Role.CLERK},
        "exemplars.record_movement": {Role.CLERK, Role.RECORDS},
        "exemplars.view_nomination": {Role.CLERK, Role.HEAD, Role.SECRETARIAT, Role.RECORDS, Role.STAFF},
        "exemplars.add_nomination": {Role.CLERK},
        "exemplars.change_nomination": {Role.CLERK},
        "exemplars.submit_nomination": {Role.CLERK},
        "exemplars.withdraw_nomination": {Role.CLERK},
        "exemplars.attest_nomination": {Role.HEAD},
        "exemplars.forward_nomination": {Role.HEAD},
        "exemplars.send_back_nomination": {Role.HEAD},
        "exemplars.return_nomination": {Role.SECRETARIAT},
        "exemplars.accept_nomination": {Role.SECRETARIAT},
        "exemplars.propose_nomination": {Role.SECRETARIAT},
        # Criteria are public like their plan; a draft is its unit's own. Who writes does not publish.
        "exemplars.view_rulebook": {Role.CLERK, Role.HEAD, Role.SECRETARIAT, Role.RECORDS, Role.STAFF},
        "exemplars.add_rulebook": {Role.SECRETARIAT},
        # How what criteria leave open is taken: shared by the whole system like the rules of counting, kept at its top.
        "exemplars.view_reading": {Role.CLERK, Role.HEAD, Role.SECRETARIAT, Role.RECORDS, Role.STAFF},
        "exemplars.add_reading": {Role.SECRETARIAT},
        "exemplars.edit_reading": {Role.SECRETARIAT},
        "exemplars.view_rulebook_draft": {Role.HEAD, Role.SECRETARIAT},
        "exemplars.change_rulebook_draft": {Role.SECRETARIAT},
        "exemplars.try_rulebook_draft": {Role.HEAD, Role.SECRETARIAT},
        "exemplars.publish_rulebook_draft": {Role.HEAD},
        # What changed criteria would mean; a supposition judges nobody.
        "exemplars.view_what_if": {Role.SECRETARIAT, Role.STAFF},
        "exemplars.add_what_if": {Role.SECRETARIAT, Role.STAFF},
        "exemplars.copy_what_if": {Role.SECRETARIAT, Role.STAFF},
        "exemplars.change_what_if": {Role.SECRETARIAT, Role.STAFF},
        "exemplars.start_what_if": {Role.SECRETARIAT, Role.STAFF},
        "exemplars.cancel_what_if": {Role.SECRETARIAT, Role.STAFF},
        # The council's secretariat proposes, the head of the deciding unit decides.
        "exemplars.propose_special_case": {Role.SECRETARIAT},
        "exemplars.grant_special_case": {Role.HEAD},
        "exemplars.refuse_special_case": {Role.HEAD},
        # Carried out by issuing a decision, never by a button of its own.
        "exemplars.conclude_nomination": {Role.RECORDS},
    }
    isolation_rows: RowValues = {
        "exemplars.mergerreading": reading_values,
        "exemplars.specialcasereading": lambda place: {**reading_values(place), "level": "state"},
        "exemplars.nomination": lambda place: {
            "year": 2023,
            "state": "forwarded",
            "person": place.row("units.person"),
            "forwarded_at": datetime(2023, 11, 15, tzinfo=UTC),
        },
        "exemplars.rulebookedition": edition_values,
        "exemplars.rulebookdraft": lambda place: {
            "code": "thu-nghiem",
            "content": {
                "code": "thu-nghiem",
                "title": place.mark(),
                "plan": {"issuer": place.unit.code},
                **PARTS,
                "ladder": [],
            },
            "state": "draft",
            "edition": None,
        },
        "exemplars.whatif": lambda place: {
            "edition": place.row("exemplars.rulebookedition"),
            "content": {"title": place.mark(), "code": "vi-du", "plan": {}, **PARTS, "ladder": []},
            "state": "preparing",
            "parts": 0,
            "parts_done": 0,
            "counts": {},
            "criteria": {},
        },
        "exemplars.whatifunit": lambda _: {"changes": []},
        "exemplars.specialcase": lambda _: {"criteria": ["G2"]},
        "exemplars.assessment": lambda _: {"verdict": "met", "findings": [], "question": {}},
    }
    audit_verbs: AuditVerbs = {
        "create": "Lập đề nghị",
        "save": "Lưu bản nháp",
        "attach": "Đính kèm minh chứng",
        "detach": "Bỏ một minh chứng",
        "submit": "Trình thủ trưởng",
        "withdraw": "Rút đề nghị",
        "attest": "Xác nhận tiêu chuẩn",
        "forward": "Duyệt và chuyển cấp trên",
        "send-back": "Trả lại cán bộ thi đua",
        "return": "Trả lại bổ sung",
        "accept": "Đưa vào trình Hội đồng",
        "propose": "Ghi văn bản bình xét, đề nghị: số {number}",
        "propose-special-case": "Trình theo diện đặc biệt: {clause}",
        "grant-special-case": "Chấp thuận diện đặc biệt: {words}",
        "refuse-special-case": "Không chấp thuận diện đặc biệt: {words}",
        "create-movement": "Ghi kết quả phong trào thi đua: năm {year}, {result}, văn bản số {number}",
        "edit-movement": "Sửa kết quả phong trào thi đua: năm {year}, {result}, văn bản số {number}",
        "recognise": "Công nhận theo quyết định",
        "decline": "Không công nhận",
        "revoke": "Thu hồi công nhận theo quyết định",
        "open": "Mở xem hồ sơ đề nghị",
        "download": "Tải minh chứng",
        "add-reading": "Thêm cách hiểu «{reading}», hiệu lực từ {since}: {citation}",
        "edit-reading": "Sửa cách hiểu «{reading}»: {what}; lý do: {reason}",
        "add-rulebook": "Lập bản nháp tiêu chuẩn «{title}»",
        "copy-rulebook": "Sao chép «{source}» thành bản nháp tiêu chuẩn",
        "import-rulebook": "Nhập bản nháp tiêu chuẩn «{title}» từ tệp",
        "edit-rulebook-draft": "Sửa phần đầu bản nháp tiêu chuẩn «{title}»",
        "discard-rulebook-draft": "Bỏ bản nháp tiêu chuẩn «{title}»",
        "try-rulebook-draft": "Thử bản nháp «{title}» trên {tried} đề nghị",
        "publish-rulebook-draft": "Ban hành tiêu chuẩn «{title}», bản {edition}, hiệu lực từ {on}",
        "add-what-if": "Lập giả định từ «{title}»",
        "start-what-if": "Đối chiếu giả định «{title}»: {recognition}, năm {year}",
        "cancel-what-if": "Dừng đối chiếu giả định «{title}»",
        "add-criterion": "Thêm tiêu chuẩn vào bản nháp «{title}»",
        "edit-criterion": "Sửa tiêu chuẩn {criterion} của bản nháp «{title}»",
        "remove-criterion": "Bỏ tiêu chuẩn {criterion} khỏi bản nháp «{title}»",
        "move-criterion": "Đổi thứ tự tiêu chuẩn của bản nháp «{title}»",
        "add-quota": "Thêm tỷ lệ tối đa «{quota}» vào bản nháp «{title}»",
        "edit-quota": "Sửa tỷ lệ tối đa «{quota}» của bản nháp «{title}»",
        "remove-quota": "Bỏ tỷ lệ tối đa «{quota}» khỏi bản nháp «{title}»",
        "add-recognition": "Thêm hình thức công nhận vào bản nháp «{title}»",
        "edit-recognition": "Sửa hình thức công nhận của bản nháp «{title}»",
        "remove-recognition": "Bỏ hình thức công nhận khỏi bản nháp «{title}»",
        "take-over-nomination": "Nhận đề nghị khi sắp xếp tổ chức: từ {source}, từ ngày {on}",
    }
    audit_subjects: AuditSubjects = {
        "exemplars.nomination": AuditSubject("đề nghị cho", ("nominee_name",)),
        "exemplars.rulebookdraft": AuditSubject("bản nháp tiêu chuẩn", ("code",)),
        "exemplars.whatif": AuditSubject("giả định tiêu chuẩn", ("edition__title",)),
        "exemplars.movementresult": AuditSubject("kết quả phong trào của", ("unit__short_name",)),
    }

    def ready(self) -> None:
        from exemplars import checks  # noqa: F401  registers itself

    def audit_unseen(self, reader_path: str) -> Q:
        """Entries about drafts of other units than the reader's."""
        from exemplars.selectors.nominations import list_unseen

        return Q(subject_id__in=list_unseen(reader_path).values("pk"))
