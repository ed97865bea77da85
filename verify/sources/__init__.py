"""What a text leans on: how a source is named, and the bytes and text of it that are held."""
