"""Zip archives of XML, as DOCX and ODT are: unpacked by parts, each bounded before a byte of it is, and parsed without document types.

A part is refused for its size, for how much it grows, or for being packed in a way that office formats do not allow. XML has neither a DTD
nor entities here, since no office program writes them, and bombs are made of them. Names come out as `w:p`: the prefixes are ours, chosen by
namespace, so that a document's own prefixes and the strict flavour of OOXML make no difference.
"""

import struct
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from verify.errors import ReadError

_MOST_ENTRIES = 20_000
_LARGEST_PART = 128 * 2**20
_LARGEST_TOTAL = 192 * 2**20
_MOST_GROWTH = 200
"""Times that a part may grow: XML of office programs grows 5 to 30 times, the worst that deflate can be made to do is 1032."""
_GROWS_FREELY = 2**20
_DEEPEST = 256
"""Elements inside one another; office programs nest some 40 deep."""
_MOST_ELEMENTS = 3_000_000
_ENTRY = b"PK\x01\x02"
_ENCRYPTED = 0x1
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError),
    *(NotImplementedError, RuntimeError, ValueError),  # zipfile's ways to say: unknown packing, encrypted, offsets that point nowhere
)

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_TRANSITIONAL = "http://schemas.openxmlformats.org/"
_STRICT = "http://purl.oclc.org/ooxml/"
NAMESPACES = {
    f"{_TRANSITIONAL}wordprocessingml/2006/main": "w",
    f"{_STRICT}wordprocessingml/main": "w",
    f"{_TRANSITIONAL}officeDocument/2006/relationships": "r",
    f"{_STRICT}officeDocument/relationships": "r",
    f"{_TRANSITIONAL}officeDocument/2006/math": "m",
    f"{_STRICT}officeDocument/math": "m",
    f"{_TRANSITIONAL}officeDocument/2006/bibliography": "b",
    f"{_STRICT}officeDocument/bibliography": "b",
    f"{_TRANSITIONAL}officeDocument/2006/custom-properties": "prop",
    f"{_STRICT}officeDocument/customProperties": "prop",
    f"{_TRANSITIONAL}package/2006/relationships": "rel",
    f"{_TRANSITIONAL}markup-compatibility/2006": "mc",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://www.w3.org/1999/xlink": "xlink",
    f"{_OASIS}office:1.0": "office",
    f"{_OASIS}text:1.0": "text",
    f"{_OASIS}table:1.0": "table",
    f"{_OASIS}style:1.0": "style",
    f"{_OASIS}drawing:1.0": "draw",
    f"{_OASIS}meta:1.0": "meta",
    f"{_OASIS}xsl-fo-compatible:1.0": "fo",
}
"""The namespaces that are read, by the prefix that our names have."""


class Archive:
    """A zip archive in memory. `read` gives a part's bytes, `tree` its XML; both raise ReadError for what is damaged or out of bounds."""

    def __init__(self, data: bytes) -> None:
        if data.count(_ENTRY) > _MOST_ENTRIES:
            raise ReadError(f"has more than {_MOST_ENTRIES} files in its archive: no document has")
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except _DAMAGED:
            raise ReadError("is damaged or cut short: its zip archive has no readable list of contents") from None
        self._parts = {info.filename: info for info in self._zip.infolist()}
        self._unpacked = 0

    def __contains__(self, name: str) -> bool:
        return name in self._parts

    @property
    def names(self) -> tuple[str, ...]:
        """Every part's name."""
        return tuple(self._parts)

    def read(self, name: str) -> bytes:
        """Unpack a part; b"" where there is none."""
        info = self._parts.get(name)
        if info is None:
            return b""
        self._bound(info)
        try:
            return self._zip.read(info)
        except _DAMAGED:
            raise ReadError("is damaged: a part of its zip archive cannot be unpacked") from None

    def tree(self, name: str) -> Element:
        """Parse a part as XML; an element without children where there is none."""
        data = self.read(name)
        return xml_tree(data) if data else Element("")

    def _bound(self, info: zipfile.ZipInfo) -> None:
        """Refuse a part by what the archive says of it; zipfile unpacks no more than is said."""
        self._unpacked += info.file_size
        if info.flag_bits & _ENCRYPTED:
            raise ReadError("is encrypted: save it without a password, then read it")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ReadError("is no document: a part of its zip archive is packed as no office program does")
        if info.file_size > _LARGEST_PART or self._unpacked > _LARGEST_TOTAL:
            raise ReadError(f"is too large: it unpacks to more than {_LARGEST_PART // 2**20} MB of text and markup")
        if info.file_size > max(_GROWS_FREELY, _MOST_GROWTH * info.compress_size):
            raise ReadError(f"looks like a zip bomb: a part of it unpacks to more than {_MOST_GROWTH} times its size")


def xml_tree(data: bytes) -> Element:
    """Parse XML without a DTD, its names prefixed as `NAMESPACES` says. Raises ReadError for what is damaged, too deep or has a DTD."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    building = _Building()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = building.start
    parser.EndElementHandler = building.end
    parser.CharacterDataHandler = building.builder.data
    try:
        parser.Parse(data, True)
        return building.builder.close()
    except expat.ExpatError as error:
        raise ReadError(f"is damaged: its XML breaks off at line {error.lineno}, column {error.offset}") from None
    except (LookupError, ValueError):  # an encoding that nobody knows, or that has more bytes to a character than expat takes
        raise ReadError("is damaged: its XML is in an encoding that cannot be read") from None


def _refuse_doctype(*_: object) -> None:
    raise ReadError("declares a document type in its XML, which no office program writes and bombs are made of; it is not read")


class _Building:
    """A tree under way, counted as it grows."""

    def __init__(self) -> None:
        self.builder = TreeBuilder()
        self._depth = 0
        self._count = 0
        self._names: dict[str, str] = {}

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Open an element. Raises ReadError where it is one too many, or too deep."""
        self._depth += 1
        self._count += 1
        if self._depth > _DEEPEST:
            raise ReadError(f"nests its elements more than {_DEEPEST} deep: no office program does")
        if self._count > _MOST_ELEMENTS:
            raise ReadError(f"is too large: its markup has more than {_MOST_ELEMENTS} elements")
        self.builder.start(self._named(name), {self._named(key): value for key, value in attributes.items()})

    def end(self, name: str) -> None:
        """Close the innermost element."""
        self._depth -= 1
        self.builder.end(self._named(name))

    def _named(self, name: str) -> str:
        """Our name for an element or attribute; without a prefix where its namespace is none that is read, or where it has none."""
        if name not in self._names:
            space, _, local = name.rpartition(" ")
            prefix = NAMESPACES.get(space, "?" if space else "")
            self._names[name] = f"{prefix}:{local}" if prefix else local
        return self._names[name]


def child(element: Element, path: str) -> Element | None:
    """The first element at a path of our names ("w:pPr/w:pStyle"), which ElementTree's own paths would take for unknown prefixes."""
    found: Element | None = element
    for name in path.split("/"):
        found = next((inner for inner in found if inner.tag == name), None) if found is not None else None
    return found


def value(element: Element, path: str, attribute: str) -> str:
    """An attribute of the first element at a path; "" where either is missing."""
    found = child(element, path)
    return found.get(attribute, "") if found is not None else ""
