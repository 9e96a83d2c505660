"""Reading a clerk's workbook: a stranger's file in, rows of plain values out, each fault with its cell.

Pure: no database and no clock. Nothing here evaluates a formula, and nothing is unpacked before its size is known.
"""

from units.imports.layout import Choice, Field, FieldKind, Layout
from units.imports.reading import Note, ReadRow, ReadSheet, read_sheet

__all__ = ["Choice", "Field", "FieldKind", "Layout", "Note", "ReadRow", "ReadSheet", "read_sheet"]
