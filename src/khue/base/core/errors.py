"""Error pages that help: what happened, what is safe, what to do."""

from django.http import HttpRequest, HttpResponse
from django.template import loader


def error_page(request: HttpRequest, status: int, message: str = "") -> HttpResponse:
    """The page of an error, also where it happens outside a view."""
    template = loader.get_template(f"{status}.html")
    return HttpResponse(template.render({"message": message}, request), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 403, str(exception))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 404)


def failed(request: HttpRequest) -> HttpResponse:
    return error_page(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is too old, or cookies are off."""
    template = loader.get_template("403_csrf.html")
    return HttpResponse(template.render({"reason": reason}, request), status=403)
