"""Settings, addresses and processes. No app imports from here.

The Celery app is loaded here so that tasks queued by the web process find their broker.
"""

from config.celery import app as celery_app

__all__ = ["celery_app"]
