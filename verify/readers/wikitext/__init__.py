"""The reader of wikitext: `reader` is its door, the other files are its steps."""
