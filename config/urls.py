"""Addresses: each app keeps its own."""

from django.urls import include, path

from config.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("", include("units.urls")),
    path("", include("units.allauth_urls")),
    path("", include("campaigns.urls")),
    path("", include("exemplars.urls")),
    path("", include("awards.urls")),
    path("", include("reports.urls")),
]
handler400 = "units.views.errors.bad_request"
handler403 = "units.views.errors.forbidden"
handler404 = "units.views.errors.not_found"
handler500 = "units.views.errors.broken"
