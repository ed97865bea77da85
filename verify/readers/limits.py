"""What one file may take by default. They stand alone so that the rack knows them without loading what starts processes."""

SECONDS = 20.0
MEMORY = 500 * 2**20
"""Bytes of address space, the interpreter and its libraries (about 40 MB) among them."""
