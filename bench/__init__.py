"""Benchmarks: each prints one table of measured figure, floor or target, ratio."""
