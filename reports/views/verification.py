"""What anybody may ask without an account: whether a certificate's decision stands, and the keys that signed it."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from reports.selectors.certificates import find_verified
from reports.statements import list_verifying_keys
from units.clock import today
from units.services.sign_in import VERIFY_ADDRESS
from units.views.limits import limited

SAFE_METHODS = frozenset({"GET", "HEAD"})


@never_cache
@require_safe
@limited(VERIFY_ADDRESS, methods=SAFE_METHODS)
def certificate_verify(request: HttpRequest, token: str) -> HttpResponseBase:
    """What stands on the certificate that carries this code, and whether it still holds. No code, no answer."""
    with transaction.atomic():
        found = find_verified(token)
    context = {"found": found, "today": today()}
    response = render(request, "reports/certificates/verify.html", context, status=200 if found else 404)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
def verifying_key_list(request: HttpRequest) -> HttpResponse:
    """The public keys, in words for people."""
    return render(request, "reports/certificates/verifying_keys.html", {"keys": list_verifying_keys()})


@require_safe
def verifying_keys_file(request: HttpRequest) -> JsonResponse:
    """The same for the checker: key id and public key in base64."""
    response = JsonResponse({one.id: one.public for one in list_verifying_keys()})
    response["Content-Disposition"] = 'attachment; filename="khoa-kiem-chung.json"'
    return response
