"""Forms of the registry: the same parsers and sentences as the import of spreadsheets (``khue.base.sheets.values``)."""
