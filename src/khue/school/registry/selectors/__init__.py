"""Reads of the registry. What a person may see at a place is decided here: another school's row is not found (404)."""
