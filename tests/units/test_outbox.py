"""Promises: one per key, kept exactly once, sent again until they are."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from celery import current_app
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from units.models import OutboxMessage
from units.services import outbox


@pytest.mark.django_db(transaction=True)
def test_a_promise_outside_a_transaction_is_a_mistake() -> None:
    with pytest.raises(RuntimeError):
        outbox.promise("a", "units.tasks.sweep_outbox")


@pytest.mark.django_db(transaction=True)
def test_a_promise_of_a_rolled_back_act_was_never_made() -> None:
    with pytest.raises(KeyError), transaction.atomic():
        outbox.promise("a", "units.tasks.sweep_outbox")
        raise KeyError
    assert not OutboxMessage.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_asking_twice_makes_one_message_and_sends_it_to_redis() -> None:
    for _ in range(2):
        with transaction.atomic():
            outbox.promise("a", "units.tasks.sweep_outbox", number=1)
    message = OutboxMessage.objects.get()
    assert message.arguments == {"number": 1}
    assert message.sent_at is not None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [1, 30])
def test_many_promises_are_one_statement_and_noted_as_sent_by_one_more(number: int) -> None:
    wanted = {f"letter:{index}": {"letter_id": str(index)} for index in range(number)}
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        outbox.promise_each("units.tasks.unknown", wanted)
    kinds = [one["sql"].split(" ", 1)[0] for one in queries if "outbox" in one["sql"]]
    assert kinds == ["INSERT", "UPDATE"]
    kept = {one.key: one for one in OutboxMessage.objects.all()}
    assert {key: one.arguments for key, one in kept.items()} == wanted
    assert {one.tries for one in kept.values()} == {1}


@pytest.mark.django_db(transaction=True)
def test_what_a_worker_holds_already_neither_keeps_the_sender_waiting_nor_is_sent_again() -> None:
    """A worker may be faster than the note that its message was sent."""
    held, free = threading.Event(), threading.Event()
    OutboxMessage.objects.create(key="held", task="units.tasks.unknown")
    OutboxMessage.objects.update(created_at=timezone.now() - timedelta(seconds=10))

    def work() -> None:
        with outbox.effect("held"):
            held.set()
            free.wait(30)
        connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    assert held.wait(30)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        with transaction.atomic():
            # The row is locked by the worker, so a second INSERT of its key is not tried here.
            transaction.on_commit(lambda: outbox._send_each("units.tasks.unknown", {"held": {}}))
        assert outbox.sweep() == 0
    finally:
        free.set()
        worker.join()
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
    message = OutboxMessage.objects.get()
    assert (message.done_at is not None, message.tries) == (True, 0)


@pytest.fixture
def redis_away() -> Iterator[Callable[[], None]]:
    """Celery pointed at a port where nothing listens, until the returned function brings Redis back."""
    address = current_app.conf.broker_url

    def point_at(url: str) -> None:
        current_app.conf.broker_url = url
        current_app._after_fork()  # forgets pooled connections to the former address

    point_at("redis://127.0.0.1:1/0")
    yield lambda: point_at(address)
    point_at(address)


@pytest.mark.django_db(transaction=True)
def test_without_redis_the_promise_stands_and_the_sweeper_sends_it_later(redis_away: Callable[[], None]) -> None:
    with transaction.atomic():
        outbox.promise_each("units.tasks.sweep_outbox", {"a": {}, "b": {}})
    assert OutboxMessage.objects.filter(sent_at__isnull=True, tries=0).count() == 2
    redis_away()
    OutboxMessage.objects.update(created_at=timezone.now() - timedelta(seconds=10))
    assert outbox.sweep() == 2
    assert OutboxMessage.objects.filter(sent_at__isnull=False, tries=1).count() == 2


@pytest.mark.django_db
def test_the_sweeper_leaves_what_is_done_or_still_under_way() -> None:
    past, now = timezone.now() - timedelta(hours=1), timezone.now()
    OutboxMessage.objects.create(key="done", task="t", sent_at=past, done_at=past)
    OutboxMessage.objects.create(key="running", task="t", sent_at=now)
    OutboxMessage.objects.create(key="hopeless", task="t", sent_at=past, tries=outbox.MAX_TRIES)
    assert outbox.sweep() == 0


@pytest.mark.django_db(transaction=True)
def test_an_effect_happens_once_although_two_workers_run_it() -> None:
    OutboxMessage.objects.create(key="a", task="t")
    happened: list[int] = []
    start = threading.Barrier(2)

    def run() -> None:
        start.wait()
        with outbox.effect("a") as open_still:
            if open_still:
                happened.append(1)
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert happened == [1]
    assert OutboxMessage.objects.get().done_at is not None


@pytest.mark.django_db(transaction=True)
def test_a_failed_effect_leaves_no_half_and_says_why() -> None:
    OutboxMessage.objects.create(key="a", task="t")
    with pytest.raises(KeyError), outbox.effect("a"):
        OutboxMessage.objects.create(key="half", task="t")
        raise KeyError
    message = OutboxMessage.objects.get()
    assert (message.key, message.done_at, message.last_error) == ("a", None, "KeyError")
