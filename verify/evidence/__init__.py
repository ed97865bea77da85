"""What holds a claim up: the passages of a source, found exactly where they stand."""
