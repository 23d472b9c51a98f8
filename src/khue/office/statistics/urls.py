from django.urls import path

from .views import counts, official

urlpatterns = [
    path("dem/", counts.counts, name="counts"),
    path("dem/ten/", counts.counts_names, name="counts-names"),
    path("dem/dieu-kien/", counts.counts_conditions, name="counts-conditions"),
    path("dem/tai/", counts.counts_file, name="counts-file"),
    path("thong-ke/", official.official, name="official"),
    path("thong-ke/noi/", official.official_places, name="official-places"),
    path("thong-ke/ten/", official.official_names, name="official-names"),
    path("thong-ke/tai/", official.official_file, name="official-file"),
]
