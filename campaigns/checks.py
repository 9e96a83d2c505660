"""What must hold of the data files that come with this app, asked before anything starts."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from campaigns.inspection_terms import TERMS, read_inspection_terms
from units.data_file import DataFileError


@register
def check_inspection_terms(app_configs: Any, **options: Any) -> list[CheckMessage]:  # noqa: ARG001  Django's signature
    """A team whose bundle of rights does not exist could not be let in on the day it comes."""
    try:
        read_inspection_terms(TERMS)
    except DataFileError as error:
        return [
            Error(problem, hint="Sửa tệp dữ liệu rồi khởi động lại.", id="campaigns.E001") for problem in error.problems
        ]
    return []
