"""Much at once: a million rows, many reports, many who ask."""
