"""What a page or a PDF says of the work that it is: CSL-JSON items of what stands in the bytes, nothing asked of anybody.

Metadata are claims of whoever made the file. They fill in what a reference leaves open and never go before what a person wrote.
"""

from .page import of_html
from .pdf import of_pdf

__all__ = ["of_html", "of_pdf"]
