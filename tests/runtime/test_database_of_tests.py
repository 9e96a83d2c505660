import pytest
from django.db import connection
from django.db.utils import ProgrammingError

from units.models import Letter


@pytest.mark.django_db
def test_tests_run_their_queries_as_the_login_role() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, session_user")
        assert cursor.fetchone() == ("thidua_login", "thidua_login")


@pytest.mark.django_db
def test_a_test_cannot_change_the_schema_by_accident() -> None:
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied"):
        cursor.execute("CREATE TABLE accident (i int)")


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.django_db(transaction=True)
def test_rows_committed_by_one_transactional_test_are_gone_in_the_next(turn: int) -> None:
    assert Letter.objects.count() == 0
    Letter.objects.create(recipient="ai@example.vn", subject=f"turn-{turn}")
    assert Letter.objects.count() == 1
