"""Minutes on screen for members of the council: read them, and sign them where they are to sign."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now as machine_now
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from awards.forms.minutes import CertificateForm, NameConfirmation, SignedFileForm
from awards.frame import CouncilRequest, council_view
from awards.models import Minutes, MinutesScan, MinutesSignature, SignatureState
from awards.selectors.minutes import AWAITED, describe_signatures, find_signature, list_scans, list_sent_minutes
from awards.services.minutes_signing import confirm_ink, deny_ink, sign_minutes, upload_signed_minutes
from awards.views.casting import CAST_WITHIN, PAPER_WITHIN, must_confirm
from awards.views.minutes import send_minutes_file, send_scan
from units.clock import now
from units.refusals import RefusedError
from units.scoping import unit_scope
from units.views.acts import posted


def _get(pk: UUID) -> Minutes:
    return get_object_or_404(list_sent_minutes(), pk=pk)


@require_GET
@council_view("awards.review_item")
def minutes_detail(request: CouncilRequest, pk: UUID) -> HttpResponse:
    return _render(request, _get(pk))


def _render(
    request: CouncilRequest, minutes: Minutes, *, status: int = 200, refusal: RefusedError | None = None
) -> HttpResponse:
    """A version with its signatures, and what the reader has to do."""
    signatures = describe_signatures(minutes)
    own = next((one for one in signatures if one.member.user_id == request.actor.account.pk), None)
    is_awaited = minutes.state in AWAITED
    context = {
        "minutes": minutes,
        "sitting": minutes.sitting,
        "signatures": signatures,
        "scans": list(list_scans(minutes)),
        "own": own,
        "must_sign": is_awaited and own is not None and own.state != SignatureState.SIGNED,
        "must_confirm_ink": is_awaited and own is not None and own.state == SignatureState.RECORDED,
        "refusal": refusal,
    }
    return render(request, "awards/minutes/detail.html", context, status=status)


@require_GET
@council_view("awards.review_item")
def minutes_paper(request: CouncilRequest, pk: UUID) -> HttpResponseBase:
    """The kept paper, as a download; what is signed outside begins with these bytes."""
    return send_minutes_file(request, _get(pk))


@require_GET
@council_view("awards.review_item")
def minutes_scan(request: CouncilRequest, pk: UUID) -> HttpResponseBase:
    scans = MinutesScan.objects.filter(minutes__in=list_sent_minutes().values("pk")).select_related("minutes__unit")
    return send_scan(request, get_object_or_404(scans, pk=pk))


def _own(request: CouncilRequest, pk: UUID) -> MinutesSignature:
    """The place where the reader signs; whoever signs nowhere on this paper has no such page."""
    signature = find_signature(_get(pk), request.actor.account)
    if signature is None:
        raise Http404
    return signature


def _confirm(pk: UUID, name: str) -> HttpResponse:
    """A second factor is shown again, and the way back leads to an empty form: nothing typed goes along."""
    return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': reverse(name, args=[pk])})}")


@sensitive_variables()
def _answer(
    request: CouncilRequest,
    signature: MinutesSignature,
    form: NameConfirmation,
    act: Callable[[], Any],
    *,
    heading: str,
    way: str,
) -> HttpResponse:
    """Show the form, or sign in the scope of the council's unit: a council's persona cannot lock its minutes."""
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            with unit_scope(request.actor.unit.path):
                act()
        except RefusedError as error:
            refusal = error
        else:
            messages.success(request, "Đã ký. Chữ ký đã được ghi vào biên bản.")
            return redirect("awards:minutes-detail", pk=signature.minutes_id)
    context = {
        "minutes": signature.minutes,
        "signature": signature,
        "form": form,
        "refusal": refusal,
        "heading": heading,
        "way": way,
    }
    return render(request, "awards/minutes/sign.html", context, status=422 if request.method == "POST" else 200)


@never_cache
@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "POST"])
@council_view("awards.sign_minutes")
def minutes_sign(request: CouncilRequest, pk: UUID) -> HttpResponse:
    """Sign with a certificate file that is used once and forgotten."""
    if must_confirm(request, CAST_WITHIN if request.method == "POST" else PAPER_WITHIN):
        return _confirm(pk, "awards:minutes-sign")
    signature = _own(request, pk)
    form = CertificateForm(posted(request), request.FILES or None)

    def act() -> None:
        content, password = form.secret()
        sign_minutes(
            signature,
            content=content,
            password=password,
            name_confirmed=form.cleaned_data["name_confirmed"],
            actor=request.actor,
            at=now(),
            machine_time=machine_now(),
        )

    return _answer(request, signature, form, act, heading="Ký số bằng tệp chứng thư", way="certificate")


@never_cache
@require_http_methods(["GET", "POST"])
@council_view("awards.upload_signed_minutes")
def signed_minutes_upload(request: CouncilRequest, pk: UUID) -> HttpResponse:
    """Take the file that was signed with a token or tool of the signer's own."""
    if must_confirm(request, CAST_WITHIN if request.method == "POST" else PAPER_WITHIN):
        return _confirm(pk, "awards:signed-minutes-upload")
    signature = _own(request, pk)
    form = SignedFileForm(posted(request), request.FILES or None, most=settings.EVIDENCE_MAX_BYTES)

    def act() -> None:
        upload_signed_minutes(
            signature,
            content=form.cleaned_data["signed"].read(),
            name_confirmed=form.cleaned_data["name_confirmed"],
            actor=request.actor,
            at=now(),
            machine_time=machine_now(),
        )

    return _answer(request, signature, form, act, heading="Tải bản đã ký lên", way="outside")


@require_POST
@council_view("awards.confirm_ink")
def ink_confirm(request: CouncilRequest, pk: UUID) -> HttpResponse:
    """Say that the ink on the recorded scan is one's own."""
    if must_confirm(request, CAST_WITHIN):
        return _confirm(pk, "awards:minutes-detail")
    return _settle_ink(
        request,
        pk,
        lambda signature: confirm_ink(signature, actor=request.actor, at=now()),
        done="Đã xác nhận chữ ký mực.",
    )


@require_POST
@council_view("awards.deny_ink")
def ink_deny(request: CouncilRequest, pk: UUID) -> HttpResponse:
    """Say that it is not."""
    return _settle_ink(
        request,
        pk,
        lambda signature: deny_ink(signature, actor=request.actor),
        done="Đã ghi: không phải chữ ký của đồng chí. Thư ký sẽ thấy biên bản vẫn chờ đồng chí ký.",
    )


def _settle_ink(
    request: CouncilRequest, pk: UUID, act: Callable[[MinutesSignature], Any], *, done: str
) -> HttpResponse:
    signature = _own(request, pk)
    try:
        with unit_scope(request.actor.unit.path):
            act(signature)
    except RefusedError as refusal:
        return _render(request, _get(pk), status=422, refusal=refusal)
    messages.success(request, done)
    return redirect("awards:minutes-detail", pk=pk)
