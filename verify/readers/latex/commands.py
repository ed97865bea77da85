r"""What the commands of LaTeX do: citations, notes, headings, titles, entries, links, definitions, and text that is not printed as it stands.

Each is a plain function from the walk and the command's name; the table at the end says which names it has.
"""

import re
from collections.abc import Callable
from functools import partial

from verify.model import BlockKind, MarkKind
from verify.readers.headings import REFERENCE_HEADINGS, SIDE_HEADINGS, section_name
from verify.tags import tag_printed

from .flow import Flow
from .names import ADDRESSES, BREAKS, DEFINES, INPUTS, LEVELS, MULTIPLE, NARRATIVE, NOTES, QUANTITIES, REFERS, REMARKS
from .text import plain

_COMMENT = re.compile(r"%[^\n]*")
_VERB = re.compile(r"\*?([^\w\s*])([^\n]{0,1000}?)\1")
_MACRO = re.compile(r"\s*\{?\s*\\([a-zA-Z@]+)\s*\}?\s*(\[\d\])?(#\d)?")
_ESCAPED = re.compile(r"\\([%#_&~{}$])")
_RAISED = str.maketrans("0123456789-–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻")
_NUMERIC = re.compile(r"\d[\d,–-]*")
_LONGEST_MACRO = 500
_LONGEST_NAME = 200


def _cite(flow: Flow, name: str) -> None:
    """A citation: its keys, with the page where its note names one; authors that it prints are words of the sentence."""
    again = True
    while again:
        options, after = flow.source.options(flow.at)
        span = flow.source.group(after)
        if not span:
            return
        flow.at = span[1] + 1
        note = plain(flow.source.text[slice(*options[-1])]) if options else ""
        locator = note if any(map(str.isdecimal, note)) else ""
        keys = [key for key in (part.strip() for part in _COMMENT.sub("", flow.source.text[slice(*span)]).split(",")) if key]
        if keys and name in NARRATIVE:
            flow.write(", ".join(flow.found.names.get(key, key) for key in keys) + " ")
        _mark_keys(flow, keys, locator)
        again = name in MULTIPLE


def _mark_keys(flow: Flow, keys: list[str], locator: str = "") -> None:
    flow.keys.update(dict.fromkeys(keys))
    flow.found.cited.update(dict.fromkeys(keys))
    if keys:
        flow.mark(f"[{', '.join(filter(None, (*keys, locator)))}]", MarkKind.CITATION, *keys, locator=locator)


def _nocite(flow: Flow, _name: str) -> None:
    for keys in flow.arguments(1):
        flow.found.cited.update((key.strip(), None) for key in keys.split(","))


def _note(flow: Flow, _name: str) -> None:
    """A footnote, numbered as it is printed unless it says otherwise; what is cited in it is cited by the sentence."""
    own = _number(flow)
    span = flow.source.group(flow.at)
    if not span:
        return
    flow.at = span[1] + 1
    label = own or flow.found.next_number()
    flow.mark(f"[{label}]", MarkKind.NOTE, label)
    _note_text(flow, label, span)


def _note_mark(flow: Flow, _name: str) -> None:
    label = _number(flow) or flow.found.next_number()
    flow.mark(f"[{label}]", MarkKind.NOTE, label)


def _note_apart(flow: Flow, _name: str) -> None:
    """The text of the last mark, or of the one that is named."""
    label = _number(flow) or str(flow.found.numbers)
    span = flow.source.group(flow.at)
    if span:
        flow.at = span[1] + 1
        _note_text(flow, label, span)


def _number(flow: Flow) -> str:
    option = flow.source.option(flow.at)
    if not option:
        return ""
    flow.at = option[1] + 1
    return flow.source.text[slice(*option)].strip()[:_LONGEST_NAME]


def _note_text(flow: Flow, label: str, span: tuple[int, int]) -> None:
    text, apart = flow.apart(span)
    flow.found.notes.append((label, text, apart.addresses if apart else []))
    if apart:
        _mark_keys(flow, list(apart.keys))


def _heading(flow: Flow, name: str) -> None:
    if span := flow.argument():
        flow.inside_as(BlockKind.HEADING, span, lambda: _end_heading(flow, LEVELS[name]))


def _end_heading(flow: Flow, level: int) -> None:
    flow.draft.close()
    name = section_name(flow.draft.section)
    if level <= flow.side_level or not flow.side:
        flow.side_level = level
        listed = BlockKind.REFERENCE_LIST if name in REFERENCE_HEADINGS and not _section_cites(flow) else None
        flow.side = listed or (BlockKind.LINK_LIST if name in SIDE_HEADINGS else None)


def _section_cites(flow: Flow) -> bool:
    """Whether something is cited before the next heading: a list of references cites nothing, a chapter on sources does."""
    mark = flow.source.find(r"\\(?:[a-zA-Z]*cite|footnote)", flow.at)
    heading = flow.source.find(r"\\(?:chapter|(?:sub)*section)(?![a-zA-Z])", flow.at)
    return bool(mark and (not heading or mark.start() < heading.start()))


def _title(flow: Flow, _name: str) -> None:
    if span := flow.argument():
        flow.at = span[1] + 1
        flow.found.title = flow.found.title or flow.apart(span)[0]
        flow.block(BlockKind.TITLE, flow.found.title)


def _caption(flow: Flow, _name: str) -> None:
    if span := flow.argument():
        flow.inside_as(BlockKind.CAPTION, span, flow.draft.close)


def _item(flow: Flow, _name: str) -> None:
    """An item; what a description list describes stands above it as a heading does."""
    flow.draft.close()
    if option := flow.source.option(flow.at):
        flow.at = option[1] + 1
        if flow.environment == "description":
            flow.block(BlockKind.HEADING, flow.apart(option)[0])


def _bibitem(flow: Flow, _name: str) -> None:
    """An entry: it goes up to the next one."""
    span = flow.argument()
    if not span:
        return
    found = flow.source.find(r"\\bibitem(?![a-zA-Z])|\\end\s*\{thebibliography\}", span[1])
    end = min(found.start() if found else flow.end, flow.end)
    text, apart = flow.apart((span[1] + 1, end))
    flow.block(BlockKind.REFERENCE_LIST, text)
    flow.found.entries.append((flow.source.text[slice(*span)].strip(), text, apart.addresses if apart else []))
    flow.at = end


def _verb(flow: Flow, _name: str) -> None:
    if found := _VERB.match(flow.source.text, flow.at, flow.end):
        flow.at = found.end()
        flow.write(found[2])


def _url(flow: Flow, _name: str) -> None:
    for address in flow.arguments(1):
        url = _ESCAPED.sub(r"\1", address).strip()
        flow.write(url)
        _linked(flow, url, url)


def _href(flow: Flow, _name: str) -> None:
    span = flow.argument()
    words = flow.source.group(span[1] + 1) if span else None
    if span and words:
        url = _ESCAPED.sub(r"\1", flow.source.text[slice(*span)]).strip()
        text = flow.source.text[words[0] : min(words[1], words[0] + _LONGEST_NAME)]
        flow.inside(words, partial(_linked, flow, url, plain(text)))


def _linked(flow: Flow, url: str, words: str) -> None:
    """Note an address; where the user wants links to be citations, print its number."""
    if not url.lower().startswith(("http://", "https://")):
        return
    flow.addresses.append(url)
    if flow.found.links and not flow.depth and flow.kind.holds_claims:
        if url not in flow.found.linked:
            flow.found.linked[url] = (flow.found.next_number(), words)
        label = flow.found.linked[url][0]
        flow.mark(f"[{label}]", MarkKind.CITATION, label)


def _define(flow: Flow, name: str) -> None:
    r"""A command of the author's own without arguments stands for its text; of one with arguments (`\newcommand{\x}[1]`, `\def\x#1`) theirs is kept."""
    found = _MACRO.match(flow.source.text, flow.at)
    if not found:
        return
    opening = flow.source.find(r"\{", found.end()) if found[3] else None
    span = flow.source.group(opening.start() if opening else flow.source.options(found.end())[1])
    flow.at = span[1] + 1 if span else found.end()
    own = found[1] not in COMMANDS and not (name == "providecommand" and found[1] in flow.found.macros)
    if span and own and not found[2] and not found[3] and span[1] - span[0] <= _LONGEST_MACRO:
        flow.found.macros[found[1]] = flow.apart(span)[0][:_LONGEST_MACRO]


def _input(flow: Flow, _name: str) -> None:
    flow.found.inputs.extend(name.strip()[:_LONGEST_NAME] for name in flow.arguments(1))


def _refer(flow: Flow, _name: str) -> None:
    for label in flow.arguments(1):
        flow.write(label)


def _superscript(flow: Flow, _name: str) -> None:
    """A raised number as its superscript digits; other raised text as it is."""
    span = flow.source.group(flow.at)
    words = flow.source.text[slice(*span)].strip() if span else ""
    if span and _NUMERIC.fullmatch(words):
        flow.at = span[1] + 1
        flow.write(words.translate(_RAISED))


def _enquote(flow: Flow, _name: str) -> None:
    if span := flow.source.group(flow.at):
        flow.write("“")
        flow.inside(span, partial(flow.write, "”"))


def _todo(flow: Flow, _name: str) -> None:
    """A remark in the margin is no text; one that is a cleanup tag is one."""
    for words in flow.arguments(1):
        if tag := tag_printed(plain(words[:_LONGEST_NAME])):
            flow.mark(f"[{plain(words)}]", MarkKind.TAG, tag.name)


def _quantity(flow: Flow, _name: str) -> None:
    flow.write(" ".join(plain(part.replace("\\", "")) for part in flow.arguments(2)))


def _false(flow: Flow, _name: str) -> None:
    if found := flow.source.find(r"\\(?:fi|else)(?![a-zA-Z])", flow.at):
        flow.at = found.end()


def _break(flow: Flow, _name: str) -> None:
    flow.draft.close()


COMMANDS: dict[str, Callable[[Flow, str], None]] = {
    **dict.fromkeys(NOTES, _note),
    **dict.fromkeys(LEVELS, _heading),
    **dict.fromkeys(REFERS, _refer),
    **dict.fromkeys(INPUTS, _input),
    **dict.fromkeys(DEFINES, _define),
    **dict.fromkeys(ADDRESSES, _url),
    **dict.fromkeys(REMARKS, _todo),
    **dict.fromkeys(QUANTITIES, _quantity),
    **dict.fromkeys(BREAKS, _break),
    "": _cite,
    "footnotemark": _note_mark,
    "footnotetext": _note_apart,
    "nocite": _nocite,
    "title": _title,
    "caption": _caption,
    "item": _item,
    "bibitem": _bibitem,
    "verb": _verb,
    "href": _href,
    "textsuperscript": _superscript,
    "enquote": _enquote,
    "iffalse": _false,
}
