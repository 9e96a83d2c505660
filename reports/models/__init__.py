"""Models of paper."""

from reports.models.jobs import DossierJob, DossierState

__all__ = ["DossierJob", "DossierState"]
