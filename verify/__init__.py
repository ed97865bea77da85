"""Keep the books on what a text says and on what holds it up."""

__version__ = "0.1.0"
