"""Files that somebody made to break us, or that broke on the way: made by script, and what becomes of each."""
