"""A PDF of one page with lines of text, and what it says of itself."""


def pdf_of(lines: list[str], info: str = "") -> bytes:
    """A PDF that prints these lines; `info` is what its document information holds, as PDF writes it."""
    shown = "".join(f"BT /F1 12 Tf 72 {740 - 16 * n} Td ({line}) Tj ET\n" for n, line in enumerate(lines))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(shown)} >>\nstream\n{shown}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        f"<< {info} >>",
    ]
    body, places = "%PDF-1.7\n", []
    for number, thing in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{thing}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 6 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return f"{body}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}".encode("latin-1")
