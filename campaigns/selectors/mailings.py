"""Which kinds of mail the product promises, those of the apps to the right too."""

from django.apps import apps

from campaigns.models import Mailing


def list_mailing_models() -> list[type[Mailing]]:
    return [model for model in apps.get_models() if issubclass(model, Mailing)]
