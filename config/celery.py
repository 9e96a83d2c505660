"""Celery's entry point and its timetable. The timetable is static: a moved deadline is data, not a schedule."""

import os

from celery import Celery

from config.heartbeat import HeartbeatStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# How long a minute of the timetable takes; a demonstration whose days are walked through in a row hurries it.
MINUTE = float(os.environ.get("BEAT_MINUTE_SECONDS") or 60)

app = Celery("thidua")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["consumer"].add(HeartbeatStep)
app.conf.beat_schedule = {
    # What was promised in the database but not yet done is sent again: Redis may forget, the outbox does not.
    "sweep-outbox": {"task": "units.tasks.sweep_outbox", "schedule": 5.0},
    # Promises what is planned for today or should have happened; the promise's key holds the day.
    "promise-reorganisations": {"task": "units.tasks.promise_reorganisations", "schedule": MINUTE},
    # Inserts what is due, once; two beats or a missed minute change nothing.
    "prepare-reminders": {"task": "campaigns.tasks.prepare_reminders", "schedule": MINUTE},
    # Hand-overs of clusters, promised like reorganisations; contact points of a year that is over are deleted.
    "promise-handovers": {"task": "campaigns.tasks.promise_handovers", "schedule": MINUTE},
    "clear-cluster-contacts": {"task": "campaigns.tasks.clear_cluster_contacts", "schedule": 3600.0},
    # Members of a council are reminded the day before; a letter is unique to its invitation and day.
    "remind-members": {"task": "awards.tasks.remind_members", "schedule": MINUTE},
    # A conference's seats move with who heads the member units; a head that ended has no seat from that moment on.
    "follow-heads": {"task": "awards.tasks.follow_heads", "schedule": 3600.0},
    # Who qualifies, once a night for every root; the run's row holds the day, so that a second tick finds it.
    "promise-qualifying": {"task": "exemplars.tasks.promise_qualifying", "schedule": 10 * MINUTE},
    # An account ends with the posting; whoever moved or left by a way that forgot the account is found within the hour.
    "end-memberships": {"task": "units.tasks.end_memberships_without_posting", "schedule": 3600.0},
    # Terms of keeping are days; an hour more or less is nothing to them.
    "erase-expired": {"task": "units.tasks.erase_expired", "schedule": 3600.0},
    "erase-what-ifs": {"task": "exemplars.tasks.erase_what_ifs", "schedule": 3600.0},
    # What members wrote for themselves goes some days after their sitting.
    "erase-own-readings": {"task": "awards.tasks.erase_own_readings", "schedule": 3600.0},
    "clear-sessions": {"task": "units.tasks.clear_sessions", "schedule": 3600.0},
}
