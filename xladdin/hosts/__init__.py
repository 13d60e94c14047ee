"""What each spreadsheet application needs to call the functions."""
