"""Gradebooks (Sổ theo dõi và đánh giá): subjects of a class, who teaches them, and the entries that nobody alters."""

from .books import Gradebook, TeachingAssignment
from .calendar import MarkWindow, Reopening
from .entries import Chain, Kind, MarkEntry, Verification
from .results import Result

__all__ = [
    "Chain",
    "Gradebook",
    "Kind",
    "MarkEntry",
    "MarkWindow",
    "Reopening",
    "Result",
    "TeachingAssignment",
    "Verification",
]
