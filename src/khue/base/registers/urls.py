from django.urls import path

from . import search
from .access_log import ACCESS_LOG
from .views import register_urls

urlpatterns = [path("tim/", search.search, name="search"), *register_urls(ACCESS_LOG)]
