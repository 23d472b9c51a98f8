"""Django's settings; what an installation may choose stands in ``keys.py``."""

import os
from hashlib import blake2b
from pathlib import Path

import pghistory
import pgtrigger
from csp.constants import NONE, SELF
from psycopg.conninfo import conninfo_to_dict

from khue.base.core.secrets import secret

from . import keys

_values = {name: value for name, (value, _) in keys.read().items()}
HOME = keys.home()
PACKAGE = Path(__file__).resolve().parents[1]

DEBUG = bool(_values["debug"])
DEMO = bool(_values["demo"])
SECRET_KEY = str(_values["secret_key"]) or secret(HOME, "secret_key", size=48)
# at most 64 bytes, which is what the digest takes
MARKS_KEY = blake2b((str(_values["marks_key"]) or secret(HOME, "marks_key", size=48)).encode()).digest()
ALLOWED_HOSTS = list(_values["hosts"])
UPLOAD_LIMIT = int(_values["upload_limit_mb"]) * 1024 * 1024
EXPORT_LIMIT = int(_values["export_limit"])

INSTALLED_APPS = [
    "khue.config",
    "khue.base.core",
    "khue.base.catalog",
    "khue.base.org",
    "khue.base.accounts",
    "khue.base.access",
    "khue.base.audit",
    "khue.base.sheets",
    "khue.base.registers",
    "khue.school.registry",
    "khue.school.checks",
    "khue.school.intake",
    "khue.school.health",
    "khue.school.assessment",
    "khue.office.statistics",
    "khue.office.returns",
    "khue.office.desk",
    "khue.demo",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "template_partials",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "khue.base.core.proxies.ProxyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "khue.base.access.idle.IdleMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "khue.base.access.middleware.ScopeMiddleware",
]

ROOT_URLCONF = "khue.config.urls"
WSGI_APPLICATION = "khue.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "khue.base.access.shell.shell",
            ],
            "builtins": ["khue.base.core.templatetags.khue", "template_partials.templatetags.partials"],
        },
    }
]


# Many small statements at once: compiling or sharing one among workers costs more than it gains.
_SESSION = "-c jit=off -c max_parallel_workers_per_gather=0 -c random_page_cost=1.1"


def _database(url: str) -> dict[str, object]:
    info = conninfo_to_dict(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": info.get("dbname", ""),
        "USER": info.get("user", ""),
        "PASSWORD": info.get("password", ""),
        "HOST": info.get("host", ""),
        "PORT": info.get("port", ""),
        "ATOMIC_REQUESTS": True,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": _SESSION},
    }


# Migrations run as the owner, everything else as khue_app (docs/architecture.md, "Roles").
AS_OWNER = os.environ.get("KHUE_DATABASE_ROLE") == "owner"
DATABASES = {
    "default": _database(os.environ.get("DATABASE_URL" if AS_OWNER else "KHUE_APP_DATABASE_URL", "dbname=khue"))
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    # shared by all processes and kept over a restart: a lock-out counts everywhere
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_cache",
        # the usual 300 would drop lock-outs when a city's figures come in
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["khue.base.accounts.backends.AccountBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "khue.base.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email", "phone"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PHONE_VERIFICATION_ENABLED = False
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {"login_failed": f"{_values['lockout_attempts']}/15m/key,30/5m/ip", "login": "60/m/ip"}

TRUSTED_PROXIES = int(_values["proxies"])

SESSION_ENGINE = "khue.base.accounts.sessions"
SESSION_COOKIE_NAME = "khue_session"
SESSION_COOKIE_AGE = 12 * 3600
IDLE_MINUTES = int(_values["idle_minutes"])
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "khue_csrf"
CSRF_FAILURE_VIEW = "khue.base.core.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if _values["https"]:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "script-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [SELF],
    }
}

LANGUAGE_CODE = "vi"
TIME_ZONE = str(_values["time_zone"])
USE_TZ = True
USE_THOUSAND_SEPARATOR = False
FORMAT_MODULE_PATH = ["khue.config.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "khue.base.core.statics.StaticStorage"},
}
if DEBUG:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_ROOT = HOME / "files"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_NUMBER_FILES = 500  # the import says itself that 300 at a time are the most
FILE_UPLOAD_HANDLERS = ["khue.base.core.uploads.LimitedUploadHandler"]
FILE_UPLOAD_TEMP_DIR = None

PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_LEVEL = pgtrigger.Statement
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(
    db_constraint=False, db_index=True, related_name="+", related_query_name="+"
)
PGHISTORY_FIELD = pghistory.Field()
PGHISTORY_INSTALL_CONTEXT_FUNC_ON_MIGRATE = False
# user names are unique without regard to case, by a constraint that this check doesn't know
SILENCED_SYSTEM_CHECKS = ["auth.W004"]

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
TEST_RUNNER = "django.test.runner.DiscoverRunner"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
