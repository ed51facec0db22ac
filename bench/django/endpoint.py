"""The stack of the original QLF, cut down to one resource: what `bench/ingest.ts` compares the endpoint with.

A Django REST view that takes a job with its measurements, validates them by serializers, stores them in SQLite in one
transaction and answers 201, durable as ours is: synchronous=FULL. No password is hashed. In two ways, by QLF_BENCH_AS:

fast      as fast as that stack goes without being another one: no look-up of the user, no sessions, no middleware, no
          browsable interface, WAL instead of a rollback journal, a database connection kept open; served by gunicorn
          (`gunicorn --preload endpoint:application`)
original  as the original was set up when the founding document was written (its settings and run.sh of February 2017):
          DEBUG, its middleware, REST framework's own settings, the user looked up in the database, SQLite as Django opens it
          (a rollback journal, a connection a request); served by Django's development server (`endpoint.py runserver`)

The database's path is in QLF_BENCH_DATABASE, the credential, as in the Authorization header, in QLF_BENCH_CREDENTIAL.
"""

import hmac
import os
import sys

import django
from django.conf import settings

ORIGINAL = os.environ["QLF_BENCH_AS"] == "original"
APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
]
FAST_REST = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "UNAUTHENTICATED_USER": None,
}

settings.configure(
    SECRET_KEY="bench",
    DEBUG=ORIGINAL,
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF="endpoint",
    INSTALLED_APPS=APPS if ORIGINAL else [],
    MIDDLEWARE=MIDDLEWARE if ORIGINAL else [],
    STATIC_URL="/static/",
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATA_UPLOAD_MAX_MEMORY_SIZE=2 * 1024 * 1024,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.environ["QLF_BENCH_DATABASE"],
            "CONN_MAX_AGE": 0 if ORIGINAL else None,
            "OPTIONS": {"timeout": 60},
        }
    },
    REST_FRAMEWORK={} if ORIGINAL else FAST_REST,
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection, models, transaction  # noqa: E402
from django.db.backends.signals import connection_created  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework import serializers, status  # noqa: E402
from rest_framework.authentication import BaseAuthentication  # noqa: E402
from rest_framework.exceptions import AuthenticationFailed  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.views import APIView  # noqa: E402


def make_durable(connection, **_):
    with connection.cursor() as cursor:
        if not ORIGINAL:
            cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")


connection_created.connect(make_durable)


class Job(models.Model):
    expid = models.IntegerField()
    camera = models.CharField(max_length=2)
    status = models.IntegerField()

    class Meta:
        app_label = "bench"


class Measurement(models.Model):
    job = models.ForeignKey(Job, models.CASCADE)
    metric = models.CharField(max_length=100)
    value = models.JSONField()

    class Meta:
        app_label = "bench"


class MeasurementSerializer(serializers.Serializer):
    metric = serializers.CharField(max_length=100)
    value = serializers.JSONField()


class JobSerializer(serializers.Serializer):
    id = serializers.IntegerField(required=False)
    expid = serializers.IntegerField(min_value=0)
    camera = serializers.RegexField("^[brz][0-9]$")
    status = serializers.IntegerField(min_value=0, max_value=2)
    measurements = MeasurementSerializer(many=True)


class Credential(BaseAuthentication):
    def authenticate(self, request):
        given = request.META.get("HTTP_AUTHORIZATION", "")
        if not hmac.compare_digest(given, os.environ["QLF_BENCH_CREDENTIAL"]):
            raise AuthenticationFailed()
        if ORIGINAL:
            from django.contrib.auth.models import User

            return (User.objects.get(username="run"), None)
        return ("run", None)


class JobView(APIView):
    authentication_classes = [Credential]

    def post(self, request):
        serializer = JobSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        data = serializer.validated_data
        with transaction.atomic():
            job = Job.objects.create(expid=data["expid"], camera=data["camera"], status=data["status"])
            made = [Measurement(job=job, **measurement) for measurement in data["measurements"]]
            Measurement.objects.bulk_create(made)
        return Response({"id": job.id, "measurements": len(made)}, status=status.HTTP_201_CREATED)


urlpatterns = [path("dashboard/api/job/", JobView.as_view())]


def make_tables():
    if ORIGINAL:
        from django.contrib.auth.models import User
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        User.objects.get_or_create(username="run")
    tables = connection.introspection.table_names()
    with connection.schema_editor() as editor:
        for model in (Job, Measurement):
            if model._meta.db_table not in tables:
                editor.create_model(model)
    connection.close()


if __name__ == "__main__":
    from django.core.management import execute_from_command_line

    # As the module that ROOT_URLCONF names: its models must not be made twice.
    sys.modules["endpoint"] = sys.modules["__main__"]
    make_tables()
    execute_from_command_line(sys.argv)
else:
    make_tables()
    application = get_wsgi_application()
