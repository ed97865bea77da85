"""The reader of Markdown: `reader` is its door, the other files are its steps."""
