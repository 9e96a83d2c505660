"""Models of paper."""

from reports.models.certificates import Certificate, CertificateLayout, CertificatePrinter, Page, Stock
from reports.models.jobs import CertificateJob, DossierJob, DossierState, SittingPack

__all__ = [
    "Certificate",
    "CertificateJob",
    "CertificateLayout",
    "CertificatePrinter",
    "DossierJob",
    "DossierState",
    "Page",
    "SittingPack",
    "Stock",
]
