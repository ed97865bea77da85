"""What a person means by a TARGET: a claim's id, or a citation number of a document."""

import re
from dataclasses import dataclass

from verify.errors import UsageError
from verify.model import Document
from verify.store import Connection, claims, documents
from verify.terminal import one_line

_CITATION = re.compile(r"(?P<document>[^:]*):\[?(?P<label>[^\[\]]+)\]?")
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Target:
    """A claim alone (`label` empty), or a label, the reference that it stands for now, and every claim of its document that cites it."""

    document: Document
    claim_ids: tuple[int, ...]
    label: str = ""
    reference_id: int | None = None

    @property
    def claim_id(self) -> int | None:
        """The claim that is meant alone; None for a label."""
        return None if self.label else self.claim_ids[0]

    def __str__(self) -> str:
        return f"{self.document.name}:{self.label}" if self.label else f"claim {self.claim_ids[0]}"


def claim_number(text: str) -> int:
    """Read a claim's id. Raises UsageError for anything else, with the other spelling where it looks like a citation number."""
    digits = text.strip().removeprefix("#")
    if digits.isascii() and digits.isdecimal() and len(digits) < 18:  # noqa: PLR2004 - SQLite's and PostgreSQL's integers end there
        return int(digits)
    raise UsageError(f"{one_line(text)!r} is no claim id; `verify list --all` shows the ids")


def target_of(connection: Connection, text: str, *, document: str = "") -> Target:
    """Find what TARGET names. Raises UsageError for an unknown or ambiguous one, naming the choices."""
    cited = _CITATION.fullmatch(text.strip())
    if cited is None:
        return _claim_target(connection, claim_number(text))
    label = cited["label"].strip()
    name = cited["document"].strip() or document
    held = [named_document(connection, name)] if name else documents.all_documents(connection)
    citing = [(d, ids) for d in held if (ids := claims.claims_citing(connection, d.id, label))]
    if not citing:
        where = f"in {name}" if name else "in any document"
        raise UsageError(f"no claim cites [{one_line(label)}] {where}; `verify list --all` shows the citation numbers")
    if len(citing) > 1:
        choices = ", ".join(f"{d.name}:{one_line(label)}" for d, _ in citing[:_SHOWN])
        raise UsageError(f"[{one_line(label)}] is cited in {len(citing)} documents; say which one is meant: {choices}")
    chosen, ids = citing[0]
    return Target(chosen, tuple(ids), label, documents.reference_cited_as(connection, chosen.id, label))


def _claim_target(connection: Connection, claim_id: int) -> Target:
    dossier = claims.dossier(connection, claim_id)
    if dossier is None:
        hint = f"; for the citation number write :{claim_id}"
        raise UsageError(f"there is no claim {claim_id}{hint}")
    return Target(named_document(connection, dossier.document), (claim_id,))


def named_document(connection: Connection, name: str) -> Document:
    """Find a document by its name. Raises UsageError naming those that are held."""
    found = documents.document_named(connection, name)
    if found is None:
        held = [d.name for d in documents.all_documents(connection)]
        listed = ", ".join(held[:_SHOWN]) + (f" and {len(held) - _SHOWN} more" if len(held) > _SHOWN else "")
        raise UsageError(f"there is no document {one_line(name)!r}; held: {listed or 'none yet'}")
    return found


def only_document(connection: Connection, name: str = "") -> Document:
    """The document named, or the only one held. Raises UsageError where there is none, or a choice."""
    if name:
        return named_document(connection, name)
    held = documents.all_documents(connection)
    if len(held) == 1:
        return held[0]
    if not held:
        raise UsageError("the ledger holds no document yet: `verify ingest FILE` adds one")
    raise UsageError(f"{len(held)} documents are held; name one: {', '.join(d.name for d in held[:_SHOWN])}")
