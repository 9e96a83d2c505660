"""Every rule of the catalogue's gate finds what it is for: each hole is opened in a transaction that is rolled back."""

from typing import Any

import psycopg
import pytest

from config import embedded
from units import fence_gate

pytestmark = pytest.mark.django_db(transaction=True)

HOLES = {
    "bảng của đơn vị thiếu khóa ghép": ('ALTER TABLE units_posting DROP CONSTRAINT "units_posting_unit_path_fence"'),
    "bảng theo người thiếu khóa ghép": "ALTER TABLE units_posting DROP CONSTRAINT units_posting_holder_fence",
    "bảng theo người thiếu khóa ghép buộc": (
        "ALTER TABLE units_posting ALTER CONSTRAINT units_posting_holder_fence DEFERRABLE INITIALLY DEFERRED"
    ),
    "bảng theo người thiếu khóa ghép buộc đường dẫn": (
        "ALTER TABLE units_posting ALTER CONSTRAINT units_posting_holder_fence NOT DEFERRABLE"
    ),
    "đường dẫn của đơn vị có thể trống": ("ALTER TABLE units_posting ALTER unit_path DROP NOT NULL"),
    "chính sách bỏ qua khi chưa đặt phạm vi": (
        "CREATE POLICY hole ON units_posting AS RESTRICTIVE FOR SELECT TO thidua_unit USING (unit_path "
        ">= current_setting('app.lo', true) AND unit_path < current_setting('app.hi', true))"
    ),
    "chính sách của đơn vị không giới hạn": (
        "CREATE POLICY hole ON units_posting FOR SELECT TO thidua_unit USING (is_head)"
    ),
    "chính sách của Hội đồng không giới hạn": (
        "CREATE POLICY hole ON units_posting FOR DELETE TO thidua_council USING (is_head)"
    ),
    "điều Hội đồng được sửa mà chuyển": (
        "CREATE POLICY hole ON units_posting FOR UPDATE TO thidua_council USING (id = ANY (ARRAY(SELECT "
        "scope_granted('person'))))"
    ),
    "hai chính sách mở cùng áp dụng": (
        "CREATE POLICY hole ON units_posting FOR SELECT TO thidua_unit USING (unit_path >= "
        "current_setting('app.lo') AND unit_path < current_setting('app.hi'))"
    ),
    "hàm chạy bằng quyền quản trị": (
        "CREATE FUNCTION hole() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = public AS 'SELECT 1'"
    ),
    "tư cách đăng nhập thẳng được": ("ALTER ROLE thidua_unit LOGIN"),
    "vai đăng nhập hoặc tư cách thuộc một vai khác": ("GRANT pg_read_all_data TO thidua_unit"),
    "vai đăng nhập hoặc tư cách tạo được đối tượng": ("GRANT CREATE ON SCHEMA public TO thidua_unit"),
    "bảng ngoài lược đồ public": (
        "CREATE SCHEMA hole; CREATE TABLE hole.copy AS SELECT * FROM units_posting; GRANT USAGE ON "
        "SCHEMA hole TO thidua_login"
    ),
    "bảng ngoài hàng rào trỏ vào": ("CREATE TABLE hole (person uuid REFERENCES units_person)"),
    "quyền trên bảng hoặc cột dành cho mọi vai": ("GRANT SELECT (position) ON units_posting TO PUBLIC"),
    "bảng mà đơn vị ghi được dòng về người": "DROP TRIGGER person_is_known ON units_honour",
    "bảng mà đơn vị ghi được dòng về người không": "ALTER TABLE units_transfer DISABLE TRIGGER person_is_known",
    "bảng mà đơn vị ghi được dòng về người không thuộc": (
        "CREATE OR REPLACE TRIGGER person_is_known BEFORE INSERT ON units_grading FOR EACH ROW "
        "WHEN (NEW.person_id IS NOT NULL AND current_user IN ('thidua_unit', 'thidua_council', 'thidua_login')) "
        "EXECUTE FUNCTION require_known_person()"
    ),
    "bảng mà đơn vị ghi được dòng về người không thuộc đơn vị": (
        "CREATE OR REPLACE TRIGGER person_is_known BEFORE INSERT OR UPDATE OF person_id ON units_grading FOR EACH ROW "
        "WHEN (current_user = 'nobody') EXECUTE FUNCTION require_known_person()"
    ),
    "bảng mà đơn vị ghi được dòng về người không thuộc đơn vị mình": (
        "CREATE OR REPLACE FUNCTION require_known_person() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
    ),
    "quyền vượt qua từng dòng": ("GRANT TRUNCATE ON units_posting TO thidua_council"),
    "hàm giữ số liệu theo dòng vừa ghi": "ALTER TABLE units_posting DISABLE TRIGGER posts_mended",
    "hàm giữ số liệu theo dòng vừa ghi mà gọi được, gắn vào bảng khác": (
        "CREATE TRIGGER hole AFTER DELETE ON units_grading REFERENCING OLD TABLE AS changed "
        "FOR EACH STATEMENT EXECUTE FUNCTION keep_posts_of_person()"
    ),
    "vai giữ hàm tìm kiếm có quyền thừa": "GRANT UPDATE (full_name) ON units_person TO thidua_definer",
    "hàm chạy bằng quyền chủ sở hữu mà vai không được dùng": (
        "GRANT EXECUTE ON FUNCTION keep_posts_of_person() TO thidua_unit"
    ),
}


@pytest.mark.parametrize("rule", HOLES)
def test_the_gate_finds(servers: embedded.Services, settings: Any, rule: str) -> None:
    """In one transaction of the administrator that never commits: other processes share the roles."""
    address = servers.owner_url.replace(f"{embedded.OWNER_ROLE}@", "postgres@")
    with psycopg.connect(address) as administrator:
        administrator.execute("SET lock_timeout = '10s'")
        assert fence_gate.ask_gate(administrator.cursor()) == []
        administrator.execute(HOLES[rule])
        found = fence_gate.ask_gate(administrator.cursor())
        administrator.rollback()
    assert any(one.startswith(rule) for one in found), found
