"""Static files under hashed names, the imports between our own ES modules included.

Django's own switch (``support_js_module_import_aggregation``) rewrites the modules of every app and stops at those
of ``django_htmx``; here only those of our own folders are rewritten. Without it a module would be fetched under its
plain name, which may be cached only briefly, so an old module could meet a new one.
"""

from whitenoise.storage import CompressedManifestStaticFilesStorage

_FOLDERS = ("core", "assessment")
_IMPORTS = (
    (
        r"""(?P<matched>import(?P<import>\s*\{[^}]*\})\s*from\s*['"](?P<url>\.{1,2}/[^'"]*)['"]\s*;)""",
        """import%(import)s from "%(url)s";""",
    ),
    (r"""(?P<matched>import\s*['"](?P<url>\.{1,2}/[^'"]*)['"]\s*;)""", """import "%(url)s";"""),
)


class StaticStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage (hashed names, gzip and Brotli beside each file), with our modules' imports rewritten."""

    patterns = (*CompressedManifestStaticFilesStorage.patterns, *((f"{folder}/*.js", _IMPORTS) for folder in _FOLDERS))
