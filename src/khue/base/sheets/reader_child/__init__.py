"""Reads one spreadsheet in a process of its own: standard library and python-calamine only, no Django, nothing of khue.

A file from outside may be a bomb, damaged on purpose, or end the reader itself (one value in the last cell a sheet can
have asks calamine for 17 thousand million cells). The parent starts this package by `python -I` with limits on memory
and time; whatever happens here, the server goes on. Results are JSON lines in a file (see `main`).
"""
