"""The stack of the original QLF, cut down to one resource: what `bench/ingest.ts` compares the endpoint with.

A Django REST view that takes a job with its measurements, validates them by serializers, stores them in SQLite in one
transaction and answers 201. As fast as that stack goes without being another one: no password hash, no look-up of the user, no
sessions, no middleware, no browsable interface, WAL instead of a rollback journal, connections kept open. Durable as ours is:
synchronous=FULL.

Served by gunicorn: `gunicorn --preload endpoint:application`, with the database's path in QLF_BENCH_DATABASE and the
credential, as in the Authorization header, in QLF_BENCH_CREDENTIAL.
"""

import hmac
import os

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="bench",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF="endpoint",
    INSTALLED_APPS=[],
    MIDDLEWARE=[],
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATA_UPLOAD_MAX_MEMORY_SIZE=2 * 1024 * 1024,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.environ["QLF_BENCH_DATABASE"],
            "CONN_MAX_AGE": None,
            "OPTIONS": {"timeout": 60},
        }
    },
    REST_FRAMEWORK={
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
        "UNAUTHENTICATED_USER": None,
    },
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
    tables = connection.introspection.table_names()
    with connection.schema_editor() as editor:
        for model in (Job, Measurement):
            if model._meta.db_table not in tables:
                editor.create_model(model)
    connection.close()


make_tables()
application = get_wsgi_application()
