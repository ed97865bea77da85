"""The control characters that have a meaning between the steps of reading wikitext. No XML can hold them, and they are taken out of every source."""

import re

STAND_IN = re.compile("\x02([0-9]+)\x03")
"""What stands in for a thing put aside, by its number."""
MARKED = "\x02"
BAR = "\x04"
"""A bar that parts no arguments, since it came out of a template."""
BLOCK = "\x05"
"""The head of a line that opens or closes a block ("quote", "/quote")."""
EMPTIED = "\x06"
"""All that is left of a line that held nothing but a comment."""
BREAK = "\x0b"
"""A line break inside a block."""
GONE = "\x07"
"""Where a template stood that prints nothing we know; brackets that held nothing else go with it."""
TAKEN_OUT = "\x02\x03\x04\x05\x06\x07\x0b"
