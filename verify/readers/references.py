"""What an entry of a reference list names: its label, address, DOI, ISBN, PMID, arXiv id, archived copy, access date and page.

The entry's printed words are read for shapes that only one kind of thing has; what could be several is left alone, since a wrong
identifier would make two works one. Addresses are taken out first, so that no number inside one is read as a page or an ISBN.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isfinite

from verify.model import Block, BlockKind, Reference

from .addresses import addresses_in, archived_in, balanced, is_archive, resolved

_LETTERED = r"(?:[a-z]{1,2}|[A-Z])"
_NUMBER = r"\d{1,4}[a-z]?"
_NAMED = r"(?:[nN]ote|nb|n|fn|[aA]nm\.?)[ \xa0]?\d{1,4}"
_KEY = r"[^\W\d_][\w:+-]{0,40}\d{2,4}[a-z]?"
_AUTHORED = r"[A-ZÀ-Þ][\w'’-]{1,40}(?:,? (?:et al\.|and|&|[A-ZÀ-Þ][\w'’-]{1,40})){0,4},? \d{4}[a-z]?"
_LABEL = re.compile(
    rf"\[\^([^\[\]\s]{{1,60}})\]:?|[\[【［]({_NUMBER}|{_LETTERED}|{_NAMED}|{_KEY}|{_AUTHORED})[\]】］][.:]?|\((\d{{1,3}}[a-z]?)\)"
    rf"|({_NUMBER})(?:[.):](?!\d)|[ \xa0]?(?=[\^↑]))|({_LETTERED})\.?\s?(?=[\^↑])|([¹²³⁴⁵⁶⁷⁸⁹][⁰¹²³⁴⁵⁶⁷⁸⁹]{{0,3}})(?=\s|\w)"
)
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_BULLET = re.compile(r"[*•‣◦·▪–—-]\s+")
_BACKLINKS = re.compile(
    r"(?:(?:Jump up(?: to)?:?|[\^↑])\s*)+(?:(?:a(?:,?\s[b-z]{1,2})+|\d+[.,]0(?:,?\s\d+[.,]\d+)+)(?=\s))?", re.IGNORECASE
)
"""MediaWiki's way back to the text: "^", "^ a b c", in German "↑ 1,0 1,1". One letter alone may be the entry's own."""

_DOI = re.compile(r"(?:\bdoi\.org/|(?<![\w./]))(10\.\d{4,9}(?:\.\d{1,9}){0,4}/[^\s\"“”„«»。，、；]+)")
_ISBN = re.compile(
    r"(?<![A-Za-z])ISBN(?:[-\s]?1[03](?=[:\s]))?[:\s]{0,3}(97[89][-\s‐-―]?(?:\d[-\s‐-―]?){9}\d|(?:\d[-\s‐-―]?){9}[\dXx])(?!\w)",
    re.IGNORECASE,
)
_PMID = re.compile(r"(?<![A-Za-z])(?:PMID|PubMed(?:\s(?:ID|PMID))?)[:\s]{1,3}(\d{1,8})(?!\w)", re.IGNORECASE)
_PMC = re.compile(r"(?<![A-Za-z])PMC(?:ID)?[:\s]{0,2}(?:PMC)?(\d{3,9})(?!\w)")
_ARXIV = re.compile(
    r"(?<![A-Za-z])arxiv[:,.\s]{1,3}((?:\d{4}\.\d{4,5}|[a-z-]{2,10}(?:\.[A-Z]{2})?/\d{7})(?:v\d{1,3})?)(?!\w)", re.IGNORECASE
)

_MONTH = r"[^\W\d_]{3,12}\.?"
_DATE = (
    rf"\d{{4}}[-./]\d{{1,2}}[-./]\d{{1,2}}|\d{{1,2}}[-./]\d{{1,2}}[-./]\d{{2,4}}|\d{{4}} ?[年년] ?\d{{1,2}} ?[月월] ?\d{{1,2}} ?[日일]"
    rf"|\d{{1,2}}(?:\.|er|º|ª|st|nd|rd|th)? (?:de |d[’'])?{_MONTH}(?: del?)?,? \d{{4}}|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}|{_MONTH},? \d{{4}}"
)
_SEEN = (
    r"(?:(?:last |date )?(?:retrieved|accessed|viewed|visited)(?: on)?|access(?:ed)? date|(?:zuletzt )?(?:ab|auf)gerufen(?: am)?|(?:letzter )?zugriff(?: am)?"
    r"|(?:page |site )?consultée? le|(?:fecha de )?consult(?:ad[oa]|a)(?: el| em| a)?|acess(?:ad)?o(?: em)?|consultat[oa](?: il| el)?|geraadpleegd(?: op)?"
    r"|bezocht(?: op)?|dostęp|data dostępu|дата обращения|проверено|дата звернення|процитовано|läst|hämtad|hentet|besøkt|viitattu|cit\."
    r"|hozzáférés(?: dátuma)?|accesat(?: în| la)?|erişim tarihi|ανακτήθηκε(?: στις)?|diakses(?: tanggal)?|truy cập(?: ngày)?"
    r"|访问日期|访问于|引用日期|检索于|查阅于|存取日期|檢索日期|参照日|閲覧日|확인 날짜|اطلع عليه(?: بتاريخ)?|تاريخ الاطلاع"
    r"|אוחזר ב|נבדק ב|अभिगमन तिथि)"
)
_ACCESSED = re.compile(rf"(?<!\w){_SEEN}(?:,? (?:from|at|via|de|von|da))?[-:：,]? ?(?:on |am )?({_DATE})(?!\w)", re.IGNORECASE)
_SEEN_WORD = re.compile("閲覧|确认|確認|查阅|查閱|확인")
_SEEN_AFTER = re.compile(rf"({_DATE})(?:에)? ?(?:に)?(?:{_SEEN_WORD.pattern})")
"""Here the date stands first, so that every number is tried: only where one of the words is there at all."""

_PLACE = r"(?:[A-Za-z]?\d{1,7}|[ivxlc]{1,8})"
_RANGE = rf"{_PLACE}(?: ?[-‐-―] ?{_PLACE})?"
_PAGES = rf"({_RANGE}(?:, ?{_RANGE}){{0,5}})(?![\w])"
_PAGE = re.compile(
    rf"(?<!\w)(?<!\d )(?:pp?\.? ?(?=[\divxlcA-Z])|pages?:? |pgs?\. ?|seiten? |págs?\.? |páginas? |pagg?\. |blz\. ?|стр\. ?|с\. ?|str\. |ss?\. |σελ\. ?|ص\.? ?"
    rf"|עמ['׳] ?|पृ\.? ?){_PAGES}"
)
_INITIAL_OR_PAGE = re.compile(rf"(?<!\w)(?<!\d )(?:[SPС]\.|P[pP]\.|Pages?|Pág\.|Seiten?|Стр\.) ?{_PAGES}(?= ?(?:$|[.,;:)\]]|ff?\b))")
"""With a capital it may be somebody's initial: "Smith, S. 2020." or "Lumet, S. 12 Angry Men." are no pages."""
_PAGE_AFTER = re.compile(r"(?:(?<!\w)|(?<=第))(\d{1,5}(?:[-‐-―]\d{1,5})?) ?(?:页|頁|쪽|면)")
_ARXIV_DOI = "10.48550/arxiv."
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")
_DEEPEST = 12
_DOI_ENDS = ".,;:!?'’*_"
_PAIRS = {")": "(", "]": "[", ">": "<", "}": "{"}


def entry_label(printed: str) -> tuple[str, str]:
    """Part an entry from its label: "18. Smith", "[18] https://...", "[^18]: ...", "1. ^ a b Smith"; ("", text) where it has none."""
    text = printed.strip()
    if bullet := _BULLET.match(text):
        text = text[bullet.end() :]
    found = _LABEL.match(text)
    label = next(filter(None, found.groups()), "").translate(_RAISED) if found else ""
    rest = text[found.end() :].lstrip() if found else text
    if back := _BACKLINKS.match(rest):
        rest = rest[back.end() :].lstrip()
    return (label, rest) if rest else ("", text)


def reference_of(label: str, text: str, *, urls: Sequence[str] = (), csl: Mapping[str, object] | None = None) -> Reference:
    """Read an entry's text, whose lines are joined; `urls` are addresses that the format gives beside it, in their order; `csl` is its CSL-JSON
    item, if it has one. What the item or the format gives goes before what is found in the words.
    """
    item = {str(key): _storable(value) for key, value in (csl or {}).items()}
    printed, words = addresses_in(text)
    words = " ".join(words.split())
    given = (f"https:{url}" if url.startswith("//") else url for url in (*urls, _field(item, "URL")))
    every = [*(url for url in given if url.lower().startswith(("http://", "https://"))), *printed]
    live = [url for url in every if not is_archive(url)]
    copies = [url for url in every if is_archive(url)]
    named = [(kind, value) for url in every for kind, value in resolved(url)]
    doi = _field(item, "DOI") or _bare_doi(words) or _named(named, "doi")
    return Reference(
        label,
        " ".join(text.split()),
        url=_live(live) or next(filter(None, map(archived_in, copies)), "") or _pmc_address(words),
        doi=doi,
        isbn=_field(item, "ISBN") or _first(_ISBN, words) or _named(named, "isbn"),
        pmid=_field(item, "PMID") or _first(_PMID, words) or _named(named, "pmid"),
        arxiv=_first(_ARXIV, words) or _named(named, "arxiv") or _arxiv_of(doi),
        archive_url=copies[0] if copies else "",
        accessed=_first(_ACCESSED, words) or _seen_after(words) or _date(item.get("accessed")),
        page=_field(item, "page") or _page(words),
        csl=item,
    )


def _seen_after(words: str) -> str:
    return _first(_SEEN_AFTER, words) if _SEEN_WORD.search(words) else ""


def printed_references(text: str, blocks: Iterable[Block]) -> tuple[Reference, ...]:
    """Read the reference lists of a text that has a block a line. An entry without a label is counted; of several with one label the first holds."""
    references: dict[str, Reference] = {}
    for printed in _entries(text, [block for block in blocks if block.kind is BlockKind.REFERENCE_LIST]):
        label, words = entry_label(printed)
        label = label or str(len(references) + 1)
        references.setdefault(label, reference_of(label, words))
    return tuple(references.values())


def _entries(text: str, lines: Sequence[Block]) -> Iterator[str]:
    """Join the lines that an entry was wrapped into: those without a label below one that has one, and those that stand further in."""
    start = end = indent = -1
    labelled = False
    for line in lines:
        printed = text[line.start : line.end]
        begins = entry_label(printed)[1] != printed.strip()
        depth = line.start - (text.rfind("\n", 0, line.start) + 1)
        follows = start >= 0 and text[end : line.start].count("\n") == 1
        if follows and not begins and (labelled or depth > indent):
            end = line.end
            continue
        if start >= 0:
            yield text[start:end]
        start, end, indent, labelled = line.start, line.end, depth, begins
    if start >= 0:
        yield text[start:end]


def _live(urls: Iterable[str]) -> str:
    """The first address of a page; one that only resolves an identifier where there is no other."""
    listed = list(urls)
    return next((url for url in listed if next(resolved(url), None) is None), listed[0] if listed else "")


def _field(item: Mapping[str, object], name: str) -> str:
    value = item.get(name)
    return str(value).strip() if isinstance(value, str | int) else ""


def _storable(value: object, depth: int = 0) -> object:
    """A value of a CSL item as JSON and any database can hold it: no broken characters, no endless numbers, no depth that no item has."""
    if isinstance(value, str):
        return "".join(c for c in value if c != "\0" and not "\ud800" <= c <= "\udfff")
    if isinstance(value, float):
        return value if isfinite(value) else None
    if value is None or isinstance(value, int):
        return value
    if depth >= _DEEPEST:
        return None
    if isinstance(value, Mapping):
        return {_storable(str(key)): _storable(held, depth + 1) for key, held in value.items()}
    return [_storable(held, depth + 1) for held in value] if isinstance(value, list | tuple) else str(_storable(str(value)))


def _first(pattern: re.Pattern[str], words: str) -> str:
    found = pattern.search(words)
    return found[1].strip() if found else ""


def _named(named: Iterable[tuple[str, str]], kind: str) -> str:
    return next((value for k, value in named if k == kind), "")


def _bare_doi(words: str) -> str:
    """The first DOI in the words, cut where their sentence goes on: at a bracket that closes nothing in it, and at the punctuation at its end."""
    found = _DOI.search(words)
    return balanced(found[1], _PAIRS).rstrip(_DOI_ENDS + "([{<") if found else ""


def _arxiv_of(doi: str) -> str:
    """The paper of a DOI of arXiv's, which has the paper's own id in it."""
    return doi[len(_ARXIV_DOI) :] if doi.lower().startswith(_ARXIV_DOI) else ""


def _pmc_address(words: str) -> str:
    number = _first(_PMC, words)
    return f"https://pmc.ncbi.nlm.nih.gov/articles/PMC{number}/" if number else ""


def _page(words: str) -> str:
    """The pages that an entry names first."""
    found = [match for pattern in (_PAGE, _PAGE_AFTER) if (match := pattern.search(words))]
    found += [match for match in _INITIAL_OR_PAGE.finditer(words) if not _YEAR.fullmatch(match[1])][:1]
    return min(found, key=lambda match: match.start())[1] if found else ""


def _date(value: object) -> str:
    """A CSL date: its own words, or its parts as ISO 8601 writes them."""
    if not isinstance(value, Mapping):
        return ""
    if words := _field(value, "raw") or _field(value, "literal"):
        return words
    parts = value.get("date-parts")
    first = parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], list) else []
    return "-".join(f"{part:0>2}" for part in map(str, first[:3]))
