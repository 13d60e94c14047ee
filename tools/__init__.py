"""What only we run: what is generated, and releases."""
