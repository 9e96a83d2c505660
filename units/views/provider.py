"""Sign-in through the office's identity provider (OpenID Connect).

allauth leaves the signature of an id_token unread when it came straight from the provider. Here it is always read,
because an inside network need not carry TLS, and what the user-info address says must speak of the same person.
"""

import logging
from typing import Any

from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET, require_POST
from requests import RequestException

from units.adapters import provider_failed
from units.services.sign_in import LINK_ADDRESS
from units.views.limits import limited

logger = logging.getLogger(__name__)
# The name under which the settings hold the office's provider.
PROVIDER = "oidc"


class StrictOpenIDConnect(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth has no types
    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **options: Any) -> Any:
        id_token = options["response"].get("id_token")
        if not id_token:
            raise OAuth2Error("The provider gave no id_token.")
        claims, told = self._decode_id_token(app, id_token), self._fetch_user_info(token.token)
        if told.get("sub") != claims.get("sub"):
            raise OAuth2Error("The provider speaks of two people.")
        # Only a plain truth counts as verified; some providers write words here.
        told["email_verified"] = told.get("email_verified") is True
        return self.get_provider().sociallogin_from_response(request, {"userinfo": told, "id_token": claims})

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        if self.openid_config["issuer"].rstrip("/") != settings.OIDC_ISSUER.rstrip("/"):
            raise OAuth2Error("The provider is not the one that was configured.")
        try:
            claims: dict[str, Any] = jwtkit.verify_and_decode(
                credential=id_token,
                keys_url=self.openid_config["jwks_uri"],
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                lookup_kid=jwtkit.lookup_kid_jwk,
                verify_signature=True,
            )
        except (KeyError, ValueError) as error:
            raise OAuth2Error("The id_token cannot be read.") from error
        return claims


def _adapter(request: HttpRequest, provider_id: str) -> StrictOpenIDConnect:
    if not settings.OIDC_ISSUER:
        raise Http404
    return StrictOpenIDConnect(request, provider_id)


def _ask(view: type[OAuth2LoginView] | type[OAuth2CallbackView], request: HttpRequest, name: str) -> HttpResponseBase:
    """Run allauth's view; a provider that is away or speaks nonsense leads back to sign-in, in words."""
    adapter = _adapter(request, name)
    try:
        answer: HttpResponseBase = view.adapter_view(adapter)(request)
    except (RequestException, OAuth2Error, LookupError, ValueError) as error:
        # The kind only: what a provider answers may hold a token.
        logger.warning("provider_failed", extra={"kind": type(error).__name__})
        return provider_failed(request)
    return answer


@require_POST
@limited(LINK_ADDRESS)
def provider_sign_in(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Go to the provider; by a button only, so that no other site signs anybody in."""
    return _ask(OAuth2LoginView, request, provider_id)


@require_GET
@limited(LINK_ADDRESS, methods=frozenset({"GET"}))
def provider_callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Come back from the provider."""
    return _ask(OAuth2CallbackView, request, provider_id)
