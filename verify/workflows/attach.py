"""Attach: give a claim, or a citation number and so every claim that cites it, a source, and keep the quote that supports it.

The source is identified and its file is read before the transaction; a quote that does not stand in the text is refused, and then nothing at all
is stored. A manifest attaches a list of sources, all or nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from verify.errors import UsageError, VerifyError
from verify.evidence.quotes import find_quote
from verify.model import Identifier, Reference, Snapshot, Source, SourceKind, SourceLink, TextQuote
from verify.sources.identifiers import csl_of, identify
from verify.sources.manifest import ManifestRow, read_manifest, resolve_file
from verify.sources.snapshot import read_snapshot, title_of
from verify.store import Connection, Ledger, claims, documents, sources, trail
from verify.terminal import one_line

from .clock import now
from .read import origin_of
from .targets import Target, target_of

_SHOWN_FAULTS = 2
_NOT_FETCHED = "not fetched: this version reads local files only"
NOT_ATTACHED = {
    SourceKind.URL: _NOT_FETCHED,
    SourceKind.DOI: _NOT_FETCHED,
    SourceKind.ARXIV: _NOT_FETCHED,
    SourceKind.ISBN: "a book, not attached as a file",
    SourceKind.OFFLINE: "offline, not attached as a file",
}


@dataclass(frozen=True, slots=True)
class Attachment:
    """What the user wants attached. `snapshot` is a saved copy of a source that is not itself a file; `claim` and `reference` are guards."""

    target: str
    source: str
    quote: str = ""
    locator: str = ""
    title: str = ""
    note: str = ""
    snapshot: str = ""
    reference: str = ""
    claim: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class Attached:
    """What was done: the target with its claims, the source, and the quote as found.

    `added` names what the ledger did not hold before: "link", "quote", "text", "title"; `remarks` say what was asked for and not done.
    """

    target: Target
    source: Source
    quote: TextQuote | None
    added: tuple[str, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Prepared:
    """An attachment with its source identified and its file read."""

    wish: Attachment
    identifier: Identifier
    title: str
    snapshot: Snapshot | None
    quote: TextQuote | None


def attach(ledger: Ledger, wish: Attachment, *, reviewer: str, document: str = "") -> Attached:
    """Attach one source. Raises UsageError, ReadError or QuoteNotFoundError, and then nothing is stored."""
    prepared = _prepare(wish)
    with ledger.write() as connection:
        return _attach(connection, prepared, reviewer, document)


def attach_all(ledger: Ledger, manifest: Path, *, reviewer: str, document: str = "") -> list[Attached]:
    """Attach every row of a manifest, or none: the faults of all rows are told together."""
    faults: list[str] = []
    prepared: list[_Prepared] = []
    for row in read_manifest(manifest):
        try:
            prepared.append(_prepare(_wish_of(row), manifest))
        except VerifyError as error:
            faults.append(f"{row.where}: {error}")
    with ledger.write() as connection:
        done = []
        for item in prepared:
            try:
                done.append(_attach(connection, item, reviewer, document))
            except VerifyError as error:
                faults.append(f"{item.wish.where}: {error}")
        if faults:
            more = f"and {len(faults) - _SHOWN_FAULTS} more; " if len(faults) > _SHOWN_FAULTS else ""
            shown = [" ".join(fault.splitlines()) for fault in faults[:_SHOWN_FAULTS]]
            raise UsageError("\n".join([*shown, f"{more}nothing was attached"]))
        return done


def detach(ledger: Ledger, target: str, source: str, *, reviewer: str, document: str = "") -> tuple[Target, list[Source]]:
    """Take a source off a target again; without `source`, all of them. The link stays in the ledger as detached."""
    at = now()
    with ledger.write() as connection:
        found = target_of(connection, target, document=document)
        links = sources.links_of_target(connection, document_id=found.document.id, claim_id=found.claim_id, label=found.label or None)
        chosen = [link for link in links if link.source.canonical == source.strip()] or _named(links, source)
        if not chosen:
            raise UsageError(f"{found} has no such source attached" if source else f"{found} has no source attached")
        sources.unlink(connection, [link.id for link in chosen], reviewer=reviewer, at=at)
        trail.append(
            connection,
            at=at,
            reviewer=reviewer,
            action="source.detached",
            subject=_subject(found),
            payload={
                "target": str(found),
                "claims": list(found.claim_ids),
                "links": [link.id for link in chosen],
                "sources": [link.source.canonical for link in chosen],
            },
        )
        return found, [link.source for link in chosen]


def _named(links: list[SourceLink], source: str) -> list[SourceLink]:
    """Those of `links` whose source is the one named, however it is spelled; all of them where none is named."""
    if not source:
        return links
    wanted = identify(source)
    if wanted.kind is SourceKind.FILE:
        wanted = _file_identifier(read_snapshot(Path(wanted.value), retrieved_at=now()))
    return [link for link in links if link.source.canonical == wanted.canonical]


def _file_identifier(snapshot: Snapshot) -> Identifier:
    return Identifier(SourceKind.FILE, f"sha256:{snapshot.sha256}", snapshot.origin)


def _wish_of(row: ManifestRow) -> Attachment:
    return Attachment(
        target=row.citation if ":" in row.citation else f":{row.citation}",
        source=row.source,
        quote=row.quote,
        locator=row.locator,
        title=row.title,
        note=row.note,
        reference=row.reference,
        claim=row.claim,
        where=row.where,
    )


def _prepare(wish: Attachment, manifest: Path | None = None) -> _Prepared:
    """Identify the source and read its file, or the saved copy of it; find the quote in what was read."""
    identifier = identify(wish.source)
    path = Path(wish.snapshot) if wish.snapshot else None
    if identifier.kind is SourceKind.FILE:
        if wish.snapshot:
            raise UsageError(f"{one_line(wish.source)} is a file, and so its own copy: leave --snapshot out")
        path = resolve_file(identifier, manifest) if manifest else Path(identifier.value)
    snapshot = replace(read_snapshot(path, retrieved_at=now()), origin=origin_of(path)) if path else None
    if snapshot and identifier.kind is SourceKind.FILE:
        identifier = _file_identifier(snapshot)
    described = identifier.value if identifier.kind is SourceKind.OFFLINE else ""
    title = wish.title or (title_of(snapshot) if snapshot else "") or described
    return _Prepared(wish, identifier, title, snapshot, find_quote(wish.quote, snapshot.text) if wish.quote and snapshot else None)


def _attach(connection: Connection, prepared: _Prepared, reviewer: str, document: str) -> Attached:
    wish, at = prepared.wish, now()
    target = target_of(connection, wish.target, document=document)
    unchecked = _check_guards(connection, target, wish)
    links = sources.links_of_target(connection, document_id=target.document.id, claim_id=target.claim_id, label=target.label or None)
    source, snapshot, new_text = _put_source(connection, prepared)
    quote = prepared.quote or (_quote_in_held_text(wish, snapshot) if wish.quote else None)
    link_id, new_link = sources.link(
        connection,
        document_id=target.document.id,
        claim_id=target.claim_id,
        label=target.label or None,
        source_id=source.id,
        locator=wish.locator,
        note=wish.note,
        reviewer=reviewer,
        at=at,
    )
    new_quote = False
    if quote and snapshot:
        _, new_quote = sources.add_evidence(connection, link_id, snapshot.id, quote, locator=wish.locator, reviewer=reviewer, at=at)
    held = next((link for link in links if link.id == link_id), None)
    new_title = bool(held and held.source.title != source.title)
    added = {"link": new_link, "quote": new_quote, "text": new_text, "title": new_title}
    done = Attached(target, source, quote, tuple(what for what, new in added.items() if new), (*unchecked, *_kept(wish, held, source)))
    if done.added:
        payload = _payload(done, wish, snapshot)
        trail.append(connection, at=at, reviewer=reviewer, action="source.attached", subject=_subject(target), payload=payload)
    return done


def _put_source(connection: Connection, prepared: _Prepared) -> tuple[Source, Snapshot | None, bool]:
    """Give the source as the ledger holds it from now on, its latest text if any, and whether that is new."""
    identifier, snapshot = prepared.identifier, prepared.snapshot
    source, _ = sources.put_source(
        connection,
        identifier,
        title=prepared.title,
        csl=csl_of(identifier, prepared.title),
        no_text_why="" if snapshot else NOT_ATTACHED.get(identifier.kind, ""),
    )
    if snapshot is None:
        return source, sources.latest_snapshot(connection, source.id), False
    held = sources.put_snapshot(connection, source.id, snapshot)
    return replace(source, no_text_why=""), held, held.retrieved_at == snapshot.retrieved_at


def _kept(wish: Attachment, held: SourceLink | None, source: Source) -> Iterator[str]:
    """What stays as it was, though something else was asked for: nothing that is held is overwritten."""
    if wish.title and wish.title != source.title:
        yield f"its title stays {one_line(source.title)!r}"
    if held and wish.note and wish.note != held.note:
        yield f"its note stays {one_line(held.note)!r}; detach it first to attach it with another"
    if held and wish.locator and not wish.quote and wish.locator != held.locator:
        yield f"its locator stays {one_line(held.locator)!r}; detach it first to attach it with another"


def _quote_in_held_text(wish: Attachment, snapshot: Snapshot | None) -> TextQuote:
    if snapshot is None:
        raise UsageError(
            f"the text of {one_line(wish.source)} is not held yet, so its quote cannot be checked;\n"
            "give a saved copy, or the page as you typed it, with --snapshot FILE, or put your words into --note"
        )
    return find_quote(wish.quote, snapshot.text)


def _check_guards(connection: Connection, target: Target, wish: Attachment) -> tuple[str, ...]:
    """Refuse where the number now stands for something else. Gives what could not be checked, in words."""
    if wish.claim and not any(
        _folded(wish.claim) in _folded(d.claim.text) for i in target.claim_ids if (d := claims.dossier(connection, i))
    ):
        raise UsageError(f"no claim that cites {target} says {one_line(wish.claim)!r}: was the document renumbered?")
    if not wish.reference:
        return ()
    held: Reference | None = next((r for r in documents.references(connection, target.document.id) if r.label == target.label), None)
    if held is None:
        return (f"the document has no reference list entry for {target}: its guard was not checked",)
    ours, theirs = _folded(wish.reference), _folded(held.text)
    if ours not in theirs and theirs not in ours:
        raise UsageError(
            f"reference {target} reads {one_line(held.text)!r}, not {one_line(wish.reference)!r}: was the document renumbered?"
        )
    return ()


def _folded(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _subject(target: Target) -> str:
    return f"document:{target.document.id}" if target.label else f"claim:{target.claim_ids[0]}"


def _payload(done: Attached, wish: Attachment, snapshot: Snapshot | None) -> dict[str, object]:
    return {
        "target": str(done.target),
        "claims": list(done.target.claim_ids),
        "added": list(done.added),
        "source": done.source.canonical,
        "title": done.source.title,
        "snapshot_sha256": snapshot.sha256 if snapshot else "",
        "locator": wish.locator,
        "note": wish.note,
        "quote": {"exact": done.quote.exact, "start": done.quote.start, "end": done.quote.end, "match": str(done.quote.match)}
        if done.quote
        else None,
    }
