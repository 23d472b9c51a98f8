"""Writes of the registry: keyword-only, atomic, each names the fields that it changes (history comes from triggers)."""
