"""The mathematics of leverage for spreadsheets."""

__version__ = "0.1.0"

# The number of what we make: it stands in the templates and in what `--resume` goes by. Raise it when the same template
# and inputs make another workbook than before, and not at a release, which would make all of them anew for nothing.
FORMAT = 1
