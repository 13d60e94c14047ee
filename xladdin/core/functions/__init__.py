"""The mathematics of leverage: one file a subject, floats and arrays in and out."""
