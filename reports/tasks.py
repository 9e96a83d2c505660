"""Jobs of paper."""

from uuid import UUID

from celery import shared_task

from units.scoping import maintenance_scope, unit_scope


@shared_task
def build_dossier(*, job: str, outbox_key: str) -> None:
    from reports.models import DossierJob
    from reports.services import dossiers

    pk = UUID(job)
    with maintenance_scope("a job learns from its own row for which unit it works"):
        path = DossierJob.objects.values_list("unit_path", flat=True).get(pk=pk)
    with unit_scope(path):
        dossiers.build_dossier(pk, outbox_key=outbox_key)


@shared_task
def build_sitting_pack(*, job: str, outbox_key: str) -> None:
    from reports.models import SittingPack
    from reports.services import packs

    pk = UUID(job)
    with maintenance_scope("a job learns from its own row for which unit it works"):
        path = SittingPack.objects.values_list("unit_path", flat=True).get(pk=pk)
    with unit_scope(path):
        packs.build_sitting_pack(pk, outbox_key=outbox_key)


@shared_task
def build_certificates(*, job: str, outbox_key: str) -> None:
    from reports.models import CertificateJob
    from reports.services import certificates

    pk = UUID(job)
    with maintenance_scope("a job learns from its own row for which unit it works"):
        path = CertificateJob.objects.values_list("unit_path", flat=True).get(pk=pk)
    with unit_scope(path):
        certificates.build_certificates(pk, outbox_key=outbox_key)
