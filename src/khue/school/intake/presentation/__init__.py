"""Imports as the components of the look take them: plain dictionaries, no HTML, no statement."""
