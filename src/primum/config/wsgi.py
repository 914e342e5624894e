"""The web process's entry point for gunicorn."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "primum.config.settings")

from django.core.wsgi import get_wsgi_application

from primum.foundation.logs import configure

configure()
application = get_wsgi_application()
