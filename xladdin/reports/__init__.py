"""A table in, workbooks out."""
