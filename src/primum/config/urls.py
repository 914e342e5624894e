"""The composition root's addresses: our pages, and allauth's."""

from django.urls import include, path

handler400 = "primum.web.errors.bad_request"
handler403 = "primum.web.errors.forbidden"
handler404 = "primum.web.errors.not_found"
handler500 = "primum.web.errors.server_error"

urlpatterns = [
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("account/sessions/", include("allauth.usersessions.urls")),
    path("", include("primum.web.urls")),
]
