"""Models of paper."""

from reports.models.jobs import DossierJob, DossierState, SittingPack

__all__ = ["DossierJob", "DossierState", "SittingPack"]
