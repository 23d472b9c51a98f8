"""Official tables as data: what is counted in each row and column (Biểu thống kê)."""

from .loading import FORMS, form_of, forms_print
from .shape import Column, Condition, Form, Row, Table

__all__ = ["FORMS", "Column", "Condition", "Form", "Row", "Table", "form_of", "forms_print"]
