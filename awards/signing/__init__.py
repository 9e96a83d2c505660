"""Signing a PDF with a person's certificate and reading the signatures of one. Knows no framework, no row, no clock."""

from awards.signing.identity import CertificateFacts, Identity, open_identity, reads_as
from awards.signing.pades import add_signature, check_addition, make_signable, read_signatures, record_of
from awards.signing.revocation import Checked, Lists, Revocation, check_again, read_lists
from awards.signing.trust import Roots, Trust, read_roots

__all__ = [
    "CertificateFacts",
    "Checked",
    "Identity",
    "Lists",
    "Revocation",
    "Roots",
    "Trust",
    "add_signature",
    "check_addition",
    "check_again",
    "make_signable",
    "open_identity",
    "read_lists",
    "read_roots",
    "read_signatures",
    "reads_as",
    "record_of",
]
