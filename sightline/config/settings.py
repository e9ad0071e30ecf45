"""Every setting of Sightline. Values come from `env`; nothing falls back to an unsafe one."""

import os
from pathlib import Path

from csp.constants import NONE, SELF

from sightline.config.env import from_environment

# The sums of `stats` are many and small: with more threads than one, waiting for each other takes
# longer than summing. Read by numpy when it is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

BASE_DIR = Path(__file__).resolve().parents[2]
env = from_environment(BASE_DIR)

SECRET_KEY = env.secret("SIGHTLINE_SECRET_KEY")
DEBUG = env.flag("SIGHTLINE_DEBUG", default=False)
ALLOWED_HOSTS = env.words("SIGHTLINE_HOSTS", "127.0.0.1,localhost")
SIGHTLINE_HTTPS = env.flag("SIGHTLINE_HTTPS", default=True)
SIGHTLINE_STATE = env.path("SIGHTLINE_STATE", BASE_DIR / "var")
SIGHTLINE_DEFINITIONS = env.path("SIGHTLINE_DEFINITIONS", BASE_DIR / "definitions")
SIGHTLINE_DEMONSTRATION = env.flag("SIGHTLINE_DEMONSTRATION", default=False)

# Letters about passwords. Without a mail server they are files that the administrator passes on.
EMAIL_HOST = env.text("SIGHTLINE_MAIL_HOST", "")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = SIGHTLINE_STATE / "mail"
DEFAULT_FROM_EMAIL = env.text("SIGHTLINE_MAIL_FROM", "sightline@localhost")
# What the links in letters begin with when no web page asked for the letter.
SIGHTLINE_ADDRESS = env.text(
    "SIGHTLINE_ADDRESS",
    f"{'https' if SIGHTLINE_HTTPS else 'http'}://{next(iter(ALLOWED_HOSTS), 'localhost')}",
)

DATABASES = {"default": env.database("SIGHTLINE_DATABASE")}
DATABASES["default"]["CONN_MAX_AGE"] = 600
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if str(DATABASES["default"]["ENGINE"]).endswith("sqlite"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
            "PRAGMA secure_delete=ON;"  # what is deleted is overwritten: answers not sent, codes
        ),
    }
# Keys by purpose, the current one first: `id:base64 of 32 bytes`, several between commas or lines.
SIGHTLINE_KEYS = {
    "data": env.keys("SIGHTLINE_DATA_KEYS"),
    "concerns": env.keys("SIGHTLINE_CONCERNS_KEYS"),
}
# `required`: roles that see children's or respondents' data sign in with a second factor.
SIGHTLINE_SECOND_FACTOR = env.choice("SIGHTLINE_SECOND_FACTOR", ("required", "optional"))
SIGHTLINE_IDLE_MINUTES = env.number("SIGHTLINE_IDLE_MINUTES", 30, at_least=1)
# Proxies that add to X-Forwarded-For. Wrongly 0, everybody shares one limit of failed sign-ins.
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("SIGHTLINE_PROXIES", 0)
SIGHTLINE_UPLOAD_MB = env.number("SIGHTLINE_UPLOAD_MB", 200, at_least=1)  # of one file
# `respondent`: this process serves the survey pages under /s/ and nothing else.
SIGHTLINE_SITE = env.choice("SIGHTLINE_SITE", ("all", "respondent"))
# A name for the survey pages alone, with its port if it has one.
SIGHTLINE_RESPONDENT_HOST = env.text("SIGHTLINE_RESPONDENT_HOST", "").lower()
# Whether logs in front of the survey pages drop addresses; each survey is asked again.
SIGHTLINE_RESPONDENT_LOGS_DROP = env.flag("SIGHTLINE_RESPONDENT_LOGS_DROP", default=True)
# Codes of areas where inspectors are on site: free texts of surveys are read the day they come.
SIGHTLINE_ON_SITE = frozenset(env.words("SIGHTLINE_ON_SITE", ""))
env.check()
if SIGHTLINE_RESPONDENT_HOST:
    ALLOWED_HOSTS += [SIGHTLINE_RESPONDENT_HOST.partition(":")[0]]

CONTEXTS = [
    "design", "access", "jobs", "saving", "uploads", "releases",
    "framework", "partnerships", "concerns", "children",
    "surveys", "record_reading", "engagement", "documents", "outcomes", "casework",
    "evidence", "self_evaluation", "inspections", "improvement", "reports",
]  # fmt: skip
INSTALLED_APPS = [
    *(f"sightline.{name}" for name in CONTEXTS),
    "sightline.config",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_tasks",
    "django_tasks_db",
    "django_cotton",
    "django_htmx",
]
MIDDLEWARE = [
    "sightline.surveys.respondent.handling.RespondentMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "sightline.saving.middleware.IdleMiddleware",
    "sightline.access.middleware.ActingMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "sightline.access.middleware.SecondFactorMiddleware",
    "sightline.saving.middleware.TypedMiddleware",
    "sightline.access.middleware.RefusalMiddleware",
]
ROOT_URLCONF = "sightline.config.urls"
WSGI_APPLICATION = "sightline.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

COTTON_DIR = "design"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "sightline.config.navigation.navigation",
            ],
        },
    }
]
FORM_RENDERER = "sightline.design.forms.SightlineRenderer"

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["sightline.access.authentication.StillHere"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "sightline.access.adapters.InvitedOnly"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key", "login": "60/m/ip"}
ACCOUNT_EMAIL_NOTIFICATIONS = True
MFA_ADAPTER = "sightline.access.adapters.SealedFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False  # by invitation alone: access.joining_views
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}  # a whole office may share an address
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Sightline"
MFA_TOTP_TOLERANCE = 1  # half a minute either way, for telephones whose clocks are not right
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are typed by whoever adds a person, not signed up
# Passkeys over plain HTTP exist on one's own machine alone: the demonstration and the journeys.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SIGHTLINE_HTTPS
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"

CSRF_FAILURE_VIEW = "sightline.saving.views.csrf_failed"
SESSION_ENGINE = "sightline.saving.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SIGHTLINE_HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 31_536_000 if SIGHTLINE_HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SIGHTLINE_HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Redirects to HTTPS, subdomains and preload lists are for the proxy and whoever owns the name.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = False
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = SIGHTLINE_STATE / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Shared by every web process, on whichever machine: allauth counts failed sign-ins in it.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "sightline_remembered",  # made by access 0003
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}

# Work outside requests. `database` needs a worker (`sightline jobs work`).
TASKS = {
    "default": {
        "BACKEND": {
            "database": "django_tasks_db.DatabaseBackend",
            "immediate": "django_tasks.backends.immediate.ImmediateBackend",
        }[env.choice("SIGHTLINE_JOBS", ("database", "immediate"))],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # At DEBUG these write what a page shows and what a statement carries, so they never do.
    "loggers": {name: {"level": "INFO"} for name in ("django.template", "django.db.backends")},
}
