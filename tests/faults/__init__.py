"""What is done to a run from outside while it goes on, and what is left of it."""
