"""The reader of PDF: `reader` is its door, the other files are its steps."""
