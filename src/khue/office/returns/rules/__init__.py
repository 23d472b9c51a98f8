"""Consistency rules of statistics.md §6 over the figures of official tables (Quy tắc liên biểu)."""

from .base import Finding, Rule, Sheet, TableFigures
from .tables import RULES, check, needing_reason

__all__ = ["RULES", "Finding", "Rule", "Sheet", "TableFigures", "check", "needing_reason"]
