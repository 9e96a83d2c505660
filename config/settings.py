"""Settings: every value that differs between places comes from the environment.

`manage.py` and `config.serve` fill in what a single office does not set (embedded servers, a generated secret).
"""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEBUG = env.bool("DEBUG", False)
# Without a secret nothing that signs can start; commands that sign nothing (checks, type checking) still can.
SECRET_KEY = env.str("SECRET_KEY", "")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# A day (YYYY-MM-DD) that the demonstration pretends it is; empty in production, where the clock is the database's.
DEMONSTRATION_DAY = env.str("DEMONSTRATION_DAY", "")
# A file with another such day, by which a running demonstration is moved on; nothing without DEMONSTRATION_DAY.
DEMONSTRATION_CLOCK_FILE = env.str("DEMONSTRATION_CLOCK_FILE", "")
THIDUA_HOME = Path(env.str("THIDUA_HOME", str(BASE_DIR / "var")))

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "template_partials",
    "csp",
    "django_structlog",
    "guardian",
    "units",
    # After units, whose templates stand in for allauth's own.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "campaigns",
    "exemplars",
    "awards",
    "reports",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "units.middleware.AnswersMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "units.frame.page_context",
            ],
            "builtins": ["units.templatetags.words", "units.templatetags.addresses"],
        },
    },
]

# Two logins: the application's owns nothing; migrations run as the owner (manage.py decides which it is).
AS_OWNER = env.bool("THIDUA_AS_OWNER", False)
_database_url = env.str("DATABASE_OWNER_URL", "") if AS_OWNER else env.str("DATABASE_URL", "")
DATABASES = {"default": environ.Env.db_url_config(_database_url or "postgres://unset@localhost/unset")}
DATABASES["default"].update(
    ENGINE="django.db.backends.postgresql",
    CONN_MAX_AGE=60,
    CONN_HEALTH_CHECKS=True,
)
# A socket's folder comes as ?host=…; as HOST it also reaches `manage.py dbshell`.
for _part in ("host", "port"):
    DATABASES["default"][_part.upper()] = str(
        DATABASES["default"].get("OPTIONS", {}).pop(_part, "") or DATABASES["default"][_part.upper()]
    )
# Server-side prepared statements would carry one person's plan into another's scope; they stay off.
DATABASES["default"].setdefault("OPTIONS", {}).update(connect_timeout=3)
DATABASE_LOGIN_ROLE = env.str("DATABASE_LOGIN_ROLE", "thidua_login")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", "")
# Celery spells a Redis socket differently from redis-py.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1) or "memory://"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SOFT_TIME_LIMIT = 270
CELERY_TASK_TIME_LIMIT = 300
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "socket_connect_timeout": 2,
    "socket_timeout": 30,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = "Asia/Ho_Chi_Minh"
CELERY_ENABLE_UTC = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {"reports.tasks.*": {"queue": "paper"}}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# For counts that may be lost at any time; nothing of a unit's data is ever cached.
CACHES = {
    "default": {
        "BACKEND": "units.cache.ForgivingRedisCache",
        # And redis-py spells one differently from Celery.
        "LOCATION": REDIS_URL.replace("redis+socket://", "unix://", 1).replace("virtual_host=", "db=", 1),
        "KEY_PREFIX": "thidua",
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
}

AUTH_USER_MODEL = "units.User"
LOGIN_URL = "units:sign-in"
LOGIN_REDIRECT_URL = "units:home"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "units.passwords.LongEnoughValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# Accounts begin with an invitation: `config/urls.py` opens the few pages of allauth that are wanted, none of sign-up.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "units.adapters.AccountAdapter"
MFA_ADAPTER = "units.adapters.SecondFactorAdapter"
SOCIALACCOUNT_ADAPTER = "units.adapters.ProviderAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # the invitation's link has verified it
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 1
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "units:sign-in"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_USER_DISPLAY = "units.adapters.display_name"
# Limits are our own (`units/services/sign_in.py`): they say how long to wait, and hold while Redis is away.
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False
ACCOUNT_FORMS = {
    "login": "units.forms.account.SignInForm",
    "reauthenticate": "units.forms.account.ReauthenticateForm",
    "change_password": "units.forms.account.ChangePasswordForm",
    "reset_password": "units.forms.account.ResetPasswordForm",
    "reset_password_from_key": "units.forms.account.ResetPasswordKeyForm",
    "add_email": "units.forms.account.ChangeEmailForm",
}
MFA_FORMS = {
    "authenticate": "units.forms.second_factor.AuthenticateForm",
    "reauthenticate": "units.forms.second_factor.ReauthenticateForm",
    "activate_totp": "units.forms.second_factor.ActivateTOTPForm",
    "add_webauthn": "units.forms.second_factor.AddPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses come from invitations, not from sign-up
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "Thi đua - Khen thưởng"
# Browsers allow passkeys over https, and without it on this machine only.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not env.bool("SECURE", False)
PASSWORD_RESET_TIMEOUT = 2 * 3600
INVITATION_DAYS = env.int("INVITATION_DAYS", 7)
# Days after which the uploaded workbook of an import is erased, and who was offered in a transfer that came to nothing;
# 0 keeps them.
IMPORT_FILE_DAYS = env.int("IMPORT_FILE_DAYS", 90)
TRANSFER_OFFER_DAYS = env.int("TRANSFER_OFFER_DAYS", 365)
# Days after which an officer's what-if and its results are deleted; 0 keeps them.
WHAT_IF_DAYS = env.int("WHAT_IF_DAYS", 30)
# Days after the end of a sitting on which its members' own notes and marks of reading are deleted.
NOTE_DAYS = env.int("NOTE_DAYS", 30)
# Roles that act only after a second factor in the same session; the requirement is off in the demonstration only.
REQUIRE_SECOND_FACTOR = env.bool("REQUIRE_SECOND_FACTOR", True)
SECOND_FACTOR_ROLES = env.list("SECOND_FACTOR_ROLES", default=["secretariat", "member", "records", "administrator"])
# Keys that seal secrets at rest, newest first, comma-separated; empty: derived from SECRET_KEY.
SECRET_BOX_KEYS = env.list("SECRET_BOX_KEYS", default=[])
# Keys that sign what a certificate says, newest first: 32 bytes in base64; `public:` and the public part of one that is
# retired. Without any, no certificate is printed.
CERTIFICATE_KEYS = env.list("CERTIFICATE_KEYS", default=[])
# How many proxies of ours stand in front, each adding to X-Forwarded-For; 0 believes the connection only.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)

# Sign-in through the office's own identity provider (OpenID Connect); without OIDC_ISSUER there is none.
OIDC_ISSUER = env.str("OIDC_ISSUER", "")
OIDC_ORIGINS = ["{0.scheme}://{0.netloc}".format(urlsplit(OIDC_ISSUER))] if OIDC_ISSUER else []
OIDC_ORIGINS += env.list("OIDC_MORE_ORIGINS", default=[])
OIDC_NAME = env.str("OIDC_NAME", "tài khoản cơ quan")
# Values of the claim `amr` that count as a second factor used at the provider, such as mfa,otp,hwk; none by default.
OIDC_SECOND_FACTOR_AMR = env.list("OIDC_SECOND_FACTOR_AMR", default=[])
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "oidc",
                "name": OIDC_NAME,
                "client_id": env.str("OIDC_CLIENT_ID", ""),
                "secret": env.str("OIDC_CLIENT_SECRET", ""),
                "settings": {"server_url": OIDC_ISSUER},
            }
        ]
        if OIDC_ISSUER
        else [],
    }
}
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
# django-guardian holds the object grants outside one's subtree (units.models.rights.Grant) and nothing else: no
# anonymous account, no methods on ours, and no backend, because its own checks know no days.
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
GUARDIAN_MONKEY_PATCH_GROUP = False
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]

LANGUAGE_CODE = "vi"
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
FORMAT_MODULE_PATH = ["formats"]

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(THIDUA_HOME / "static")))
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(THIDUA_HOME / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if env.bool("PLAIN_STATIC", False)
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}
WHITENOISE_USE_FINDERS = env.bool("PLAIN_STATIC", False)
EVIDENCE_MAX_BYTES = env.int("EVIDENCE_MAX_BYTES", 20 * 1024 * 1024)
# A PEM file, or a folder of *.pem and *.crt: the certificate authorities whose signatures on minutes are known.
SIGNING_ROOTS = env.str("SIGNING_ROOTS", "")
# A folder of *.crl and *.pem, or one file: lists of revoked certificates that the operator keeps up to date.
SIGNING_CRLS = env.str("SIGNING_CRLS", "")
# So many certificates a file: a long decision is printed in parts, each a job of its own.
CERTIFICATES_A_PART = env.int("CERTIFICATES_A_PART", 500)
# The address of a time-stamping authority (RFC 3161); with one, every signature made here carries its stamp.
SIGNING_TIME_STAMP_URL = env.str("SIGNING_TIME_STAMP_URL", "")
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "thi-dua@example.vn")
# From this hour of the day in Vietnam reminders go out.
REMINDER_HOUR = env.int("REMINDER_HOUR", 7)
SITE_ADDRESS = env.str("SITE_ADDRESS", "http://localhost:8000")
# Where the demonstration's mail catcher keeps messages; the page that shows them exists only when this is set.
MAIL_CATCHER_DIR = env.str("MAIL_CATCHER_DIR", "")

SECURE = env.bool("SECURE", False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-sessionid" if SECURE else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if SECURE else "csrftoken"
# Confirmations live in the session: they end with it, while a cookie of their own would greet the next person.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_ENGINE = "units.sessions"
# A session ends so long after sign-in, and sooner when nobody used it; roles with a second factor wait less.
SESSION_COOKIE_AGE = env.int("SESSION_HOURS", 12) * 3600
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_MINUTES", 120) * 60
SESSION_IDLE_SECONDS_SECOND_FACTOR = env.int("SESSION_IDLE_MINUTES_SECOND_FACTOR", 60) * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "units.views.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        # Browsers hold a form to this along every redirect, and sign-in at a provider is one.
        "form-action": [SELF, *OIDC_ORIGINS],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "structured": {"()": "config.logs.formatter", "json": env.bool("LOG_JSON", True)},
    },
    "filters": {"quiet_votes": {"()": "config.logs.QuietVotes"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "structured", "filters": ["quiet_votes"]},
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {
        # SQL parameters are personal data; the database log is silent at every level above debug of a developer.
        "django.db.backends": {"level": "INFO"},
        # weasyprint and fontTools narrate every glyph.
        "fontTools": {"level": "ERROR"},
        "pikepdf": {"level": "WARNING"},
        # pyHanko tells whose certificate it could not follow to a root: the page says so, the log knows no people.
        "pyhanko": {"level": "CRITICAL"},
        "pyhanko_certvalidator": {"level": "CRITICAL"},
        "weasyprint": {"level": "ERROR"},
    },
}
# Who did what is in the audit trail, behind the fence; the log knows requests, not people.
DJANGO_STRUCTLOG_USER_ID_FIELD = None
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
