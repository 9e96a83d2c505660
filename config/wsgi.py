"""The web process: gunicorn loads `application`."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

# The views, which the first request would load else. All that stands by now lives as long as the process; left to the
# garbage collector, it is walked through every few dozen requests, and whoever asks just then waits for that.
_ = get_resolver().reverse_dict
gc.collect()
gc.freeze()
