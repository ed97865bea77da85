"""The reader of LaTeX: `reader` is its door, the other files are its steps."""
