from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("publishing", "0007_language_and_warning")]
    operations: ClassVar = [migrations.AddField("post", "is_native", models.BooleanField(default=False))]
