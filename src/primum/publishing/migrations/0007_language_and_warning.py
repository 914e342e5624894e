from django.db import migrations, models

import primum.foundation.encryption


class Migration(migrations.Migration):
    """Posts from before say no language, so that what was approved keeps its digest."""

    dependencies = [("publishing", "0006_pulse")]

    operations = [
        migrations.AddField("post", "language", models.CharField(default="", max_length=5)),
        migrations.AlterField("post", "language", models.CharField(default="en", max_length=5)),
        migrations.AddField("post", "warning", primum.foundation.encryption.EncryptedTextField(null=True)),
    ]
