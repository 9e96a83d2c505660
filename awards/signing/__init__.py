"""Signing a PDF with a person's certificate and reading the signatures of one. Knows no framework, no row, no clock."""

from awards.signing.identity import CertificateFacts, Identity, open_identity, reads_as
from awards.signing.pades import add_signature, check_addition, make_signable, read_signatures, record_of
from awards.signing.trust import Trust, read_roots

__all__ = [
    "CertificateFacts",
    "Identity",
    "Trust",
    "add_signature",
    "check_addition",
    "make_signable",
    "open_identity",
    "read_roots",
    "read_signatures",
    "reads_as",
    "record_of",
]
