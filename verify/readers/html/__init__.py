"""The reader of HTML: `reader` is its door, the other files are its steps."""
