r"""One escape function a sink, so that hostile text stays text: nothing runs, nothing reorders the page, and the words are still there to read.

Control and bidirectional characters are printed as `\x1b` or `\u202e` everywhere (`verify.terminal` says why); what else is dangerous depends on
the reader: a spreadsheet runs formulas, Markdown opens links, HTML opens elements (jinja2 escapes those), JSON must stay valid UTF-8.
"""

import json
import re
import unicodedata

from verify.terminal import one_line, printable

_FORMULA_SIGNS = frozenset("=+-@")
_JOINERS = "\u200c\u200d"  # they pass `printable`, and a spreadsheet may skip them
_MARKUP = re.compile(r"[\\`*_\[\]{}~$]|[<>&|]|:(?=//)|(?i:(?<=www)\.)|[@#](?=\w)")
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "|": "&#124;"}
_BLOCK_OPENER = re.compile(r"(\d*)([-+=#:.)])")
_JSON_HIDDEN = re.compile(r"[\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def visible(value: object) -> object:
    """Give a string with its hidden characters made visible, for HTML. Markup made by a template passes, and so do numbers."""
    if not isinstance(value, str) or hasattr(value, "__html__") or value.isprintable():
        return value
    return printable(value)


def csv_cell(value: object) -> str:
    """Give the text of one cell. A string that a spreadsheet could run as a formula gets an apostrophe before it; our own numbers pass.

    The signs, tab and carriage return are those of OWASP's page on CSV injection; blanks before a sign and full-width signs count as well.
    Lists are joined with "; ", truth values are "yes" and "no", None is empty.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return str(value)
    text = value if isinstance(value, str) else "; ".join(str(v) for v in value) if isinstance(value, (list, tuple)) else str(value)
    shown = text if text.isprintable() else printable(text)
    return f"'{shown}" if _opens_formula(text) else shown


def markdown_text(text: str) -> str:
    r"""Give `text` on one line of GitHub-flavoured Markdown that renders as those words: no markup, link, mention or table cell can open in it.

    GitHub links `@name` and `#12` after it has parsed backslashes, so an empty comment parts them; a pipe is an entity, as `\|` reads differently
    inside and outside of tables.
    """
    escaped = _MARKUP.sub(_escaped_mark, one_line(text))
    return _escaped_opener(escaped)


def json_text(value: object) -> str:
    r"""Give `value` as JSON on one line, readable and always valid UTF-8: hidden characters and lone surrogates stand as `\uXXXX`."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return text if text.isprintable() else _JSON_HIDDEN.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _opens_formula(text: str) -> bool:
    if text.startswith(("\t", "\r", "\n")):
        return True
    first = next((c for c in text if not c.isspace() and c not in _JOINERS), "")
    return unicodedata.normalize("NFKC", first) in _FORMULA_SIGNS


def _escaped_mark(match: re.Match[str]) -> str:
    mark = match[0]
    if mark in "@#":
        return f"{mark}<!-- -->"
    return _ENTITIES.get(mark, f"\\{mark}")


def _escaped_opener(text: str) -> str:
    """Escape the sign that would make the line a list item, a heading or the rule under one."""
    opener = _BLOCK_OPENER.match(text)
    return f"{opener[1]}\\{text[opener.end(1) :]}" if opener else text
