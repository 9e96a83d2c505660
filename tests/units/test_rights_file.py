"""The file of bundles and scopes: what it must say, and what it may not."""

from pathlib import Path

import pytest

from units.data_file import DataFileError
from units.rights_file import read_rights
from units.roles import Role, list_permissions


def wrong(tmp_path: Path, text: str) -> str:
    file = tmp_path / "rights.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        read_rights(file)
    return str(caught.value)


def test_bundles_let_people_look_and_never_write() -> None:
    bundles = read_rights().bundles
    assert {one.code for one in bundles} == {"inspection", "assistance"}
    for bundle in bundles:
        assert all(one.partition(".")[2].startswith(("view_", "download_")) for one in bundle.permissions)


def test_a_scope_is_never_wider_than_its_role() -> None:
    for scope in read_rights().scopes:
        assert scope.permissions < list_permissions(scope.role)
        assert scope.role in (Role.HEAD, Role.CLERK)


BUNDLE = '[[bundle]]\ncode = "x"\ntitle = "X"\nabout = "X."\npermissions = {}\n'
SCOPE = '[[scope]]\ncode = "x"\nrole = "head"\ntitle = "X"\n'
NEVER = 'never_delegated = ["units.add_grant"]\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (BUNDLE.format('["exemplars.forward_nomination"]'), "khách chỉ được xem; bỏ exemplars.forward_nomination"),
        (BUNDLE.format('["exemplars.view_everything"]'), "exemplars.view_everything"),
        (BUNDLE.format("[]"), "cần ít nhất một quyền xem"),
        (BUNDLE.format('["units.view_grant"]') * 2, "xuất hiện hơn một lần"),
        ('never_delegated = ["units.nothing"]\n', "units.nothing"),
        ('[[scope]]\ncode = "x"\nrole = "records"\ntitle = "X"\n', "records"),
        ('[[scope]]\ncode = "x"\nrole = "clerk"\ntitle = "X"\nsigns = ["letter"]\n', "chỉ thủ trưởng ký văn bản"),
        (NEVER + SCOPE + 'permissions = ["units.add_grant"]\n', "units.add_grant"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, words: str) -> None:
    assert words in wrong(tmp_path, text)
