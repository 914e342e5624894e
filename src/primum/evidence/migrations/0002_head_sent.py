from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("evidence", "0001_initial")]
    operations: ClassVar = [
        migrations.CreateModel(
            "HeadSent",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("size", models.BigIntegerField()),
                ("at", models.DateTimeField()),
            ],
        )
    ]
