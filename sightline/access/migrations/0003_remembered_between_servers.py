"""The table of the cache, in which every web process counts failed sign-ins."""

from django.core.management import call_command
from django.db import migrations

TABLE = "sightline_remembered"


def make(apps, schema_editor):
    call_command("createcachetable", TABLE, database=schema_editor.connection.alias, verbosity=0)


def remove(apps, schema_editor):
    schema_editor.execute(f"DROP TABLE IF EXISTS {schema_editor.quote_name(TABLE)}")


class Migration(migrations.Migration):
    dependencies = [("access", "0002_second_factors_and_reviews")]
    operations = [migrations.RunPython(make, remove)]
