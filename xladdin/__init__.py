"""The mathematics of leverage for spreadsheets."""

__version__ = "0.1.0"
