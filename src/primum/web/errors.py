"""Error pages: they never show data, and what you may not see is the same page as what does not exist."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def _page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    return render(request, "primum/error.html", {"title": title, "text": text}, status=status)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 404, "Not found", "There is nothing here, or you may not see it.")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 403, "Not allowed", "Your role does not cover this. An administrator can change that.")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 400, "Not understood", "The request could not be read. Go back, reload the page and try again.")


def server_error(request: HttpRequest) -> HttpResponse:
    return _page(request, 500, "Something broke here", "Nothing was published. What you saved is kept. Try again; if it stays, tell your administrator the time it happened.")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(
        request,
        403,
        "This page is from before",
        "You signed in or out, or Primum was updated, since this page was opened. Go back, copy what you typed, reload and try again. Nothing was lost on our side.",
    )
