"""The reader of DOCX: `reader` is its door, the other files are its steps."""
