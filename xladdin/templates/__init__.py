"""The template workbooks: pages of text, read, checked and built into workbooks."""

from xladdin.templates.library import find, names, workbook_path

__all__ = ["find", "names", "workbook_path"]
