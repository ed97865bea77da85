"""Attach: give a claim, or a citation number and so every claim that cites it, a source, and keep the quotes that support it.

The source is identified, its file read or its address asked before the transaction; a quote that does not stand in the text is refused, and then
nothing at all is stored. A manifest attaches a list of sources, all or nothing, and asks no address.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from verify.errors import UsageError, VerifyError
from verify.evidence.quotes import QuoteCheck, describe
from verify.model import Reference, Snapshot, Source, SourceKind, SourceLink, TextQuote
from verify.sources.identifiers import identify
from verify.sources.manifest import ManifestRow, read_manifest
from verify.sources.snapshot import read_snapshot
from verify.sources.works import Works
from verify.store import Connection, Ledger, claims, documents, sources, trail
from verify.terminal import one_line

from .clock import now
from .fetch import Manner
from .intake import Incoming, asked, incoming, put
from .naming import file_identifier
from .quotes import Rechecked, accepted_quote, place_of
from .targets import Target, target_of
from .visits import Kept

_SHOWN_FAULTS = 2
_ACCEPT = "; correct it, or keep it as it is with --accept-altered and the reason in --note"


@dataclass(frozen=True, slots=True)
class Attachment:
    """What the user wants attached. `snapshot` is a saved copy of a source that is not itself a file; `claim` and `reference` are guards;
    `accept_altered` keeps quotes that say something else than their source, and `note` says why."""

    target: str
    source: str
    quotes: tuple[str, ...] = ()
    locator: str = ""
    title: str = ""
    note: str = ""
    snapshot: str = ""
    reference: str = ""
    claim: str = ""
    where: str = ""
    accept_altered: bool = False


@dataclass(frozen=True, slots=True)
class AttachedQuote:
    """A quote as it was found, where, and what came of the check."""

    quote: TextQuote
    check: QuoteCheck
    locator: str = ""

    @property
    def differing(self) -> tuple[str, ...]:
        """What was quoted otherwise than the source prints it, in lines for people; none where nothing was."""
        return tuple(describe(self.check).splitlines()[1:]) if self.check.differences else ()


@dataclass(frozen=True, slots=True)
class Attached:
    """What was done: the target with its claims, the source, and the quotes as found.

    `added` names what the ledger did not hold before: "link", "quote", "text", "title"; `remarks` say what was asked for and not done. `visit` is what
    became of asking the source's address; `rechecked` are earlier quotes that were looked for in the new text.
    """

    target: Target
    source: Source
    quotes: tuple[AttachedQuote, ...] = ()
    added: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    visit: Kept | None = None
    rechecked: tuple[Rechecked, ...] = ()


@dataclass(frozen=True, slots=True)
class _Prepared:
    """An attachment with its source as it comes, and the quotes that were found in its file."""

    wish: Attachment
    coming: Incoming
    quotes: tuple[AttachedQuote, ...] = ()


def attach(
    ledger: Ledger, wish: Attachment, *, reviewer: str, document: str = "", manner: Manner | None = None, works: Works | None = None
) -> Attached:
    """Attach one source; with a `manner`, its address is asked for its text where that is not held; `works` is asked about a DOI. Raises UsageError,
    ReadError or QuoteNotFoundError, and then nothing is stored; an address that cannot be fetched is no reason not to attach it."""
    prepared = _prepare(wish, works=works)
    if manner:
        with ledger.read() as connection:
            target_of(connection, wish.target, document=document)
        prepared = replace(prepared, coming=asked(ledger, prepared.coming, manner))
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
        links = sources.links_of_target(connection, claim_id=found.claim_id, reference_id=found.reference_id)
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
        wanted = file_identifier(read_snapshot(Path(wanted.value), retrieved_at=now()))
    return [link for link in links if link.source.canonical == wanted.canonical]


def _wish_of(row: ManifestRow) -> Attachment:
    return Attachment(
        target=row.citation if ":" in row.citation else f":{row.citation}",
        source=row.source,
        quotes=(row.quote,) if row.quote else (),
        locator=row.locator,
        title=row.title,
        note=row.note,
        reference=row.reference,
        claim=row.claim,
        where=row.where,
    )


def _prepare(wish: Attachment, manifest: Path | None = None, works: Works | None = None) -> _Prepared:
    """Identify the source and read its file, or the saved copy of it; find the quotes in what was read."""
    if wish.accept_altered and not wish.note.strip():
        raise UsageError("to accept an altered quote takes a reason: add --note TEXT")
    coming = incoming(wish.source, title=wish.title, snapshot=wish.snapshot, manifest=manifest, works=works)
    return _Prepared(wish, coming, _found(wish, coming.snapshot) if coming.snapshot else ())


def _attach(connection: Connection, prepared: _Prepared, reviewer: str, document: str) -> Attached:
    wish, at = prepared.wish, now()
    target = target_of(connection, wish.target, document=document)
    unchecked = _check_guards(connection, target, wish)
    links = sources.links_of_target(connection, claim_id=target.claim_id, reference_id=target.reference_id)
    held = put(connection, prepared.coming, at)
    quotes = prepared.quotes or _found(wish, held.snapshot, held.source.no_text_why)
    link_id, new_link = sources.link(
        connection,
        document_id=target.document.id,
        claim_id=target.claim_id,
        reference_id=target.reference_id,
        source_id=held.source.id,
        locator=wish.locator,
        note=wish.note,
        reviewer=reviewer,
        at=at,
    )
    new_quote = held.snapshot is not None and _keep_quotes(connection, link_id, held.snapshot.id, quotes, wish, reviewer, at)
    before = next((link for link in links if link.id == link_id), None)
    new_title = bool(before and before.source.title != held.source.title)
    added = {"link": new_link, "quote": new_quote, "text": held.new_text, "title": new_title}
    done = Attached(
        target,
        held.source,
        quotes,
        tuple(what for what, new in added.items() if new),
        (*prepared.coming.remarks, *unchecked, *_kept(wish, before, held.source)),
        held.visit,
        held.rechecked,
    )
    if done.added or done.visit:
        payload = _payload(done, wish, held.snapshot)
        trail.append(connection, at=at, reviewer=reviewer, action="source.attached", subject=_subject(target), payload=payload)
    return done


def _found(wish: Attachment, snapshot: Snapshot | None, why: str = "") -> tuple[AttachedQuote, ...]:
    """Find the quotes in a text. Raises UsageError where there is none, QuoteNotFoundError for one that does not stand in it."""
    if not wish.quotes:
        return ()
    if snapshot is None:
        raise UsageError(
            f"the text of {one_line(wish.source)} is not held ({why}), so its quote cannot be checked;\n"
            "give a saved copy, or the page as you typed it, with --snapshot FILE, or put your words into --note"
        )
    hint = "" if wish.where else _ACCEPT
    checked = [accepted_quote(quote, snapshot.text, accept_altered=wish.accept_altered, hint=hint) for quote in wish.quotes]
    return tuple(AttachedQuote(quote, check, wish.locator or place_of(snapshot, quote.start)) for quote, check in checked)


def _keep_quotes(
    connection: Connection,
    link_id: int,
    snapshot_id: int,
    quotes: tuple[AttachedQuote, ...],
    wish: Attachment,
    reviewer: str,
    at: datetime,
) -> bool:
    """Keep quotes for a link; give whether any of them is new."""
    kept = [
        sources.add_evidence(
            connection,
            link_id,
            snapshot_id,
            each.quote,
            locator=each.locator,
            reviewer=reviewer,
            at=at,
            note="" if each.check.is_clean else wish.note,
        )
        for each in quotes
    ]
    return any(new for _, new in kept)


def _kept(wish: Attachment, held: SourceLink | None, source: Source) -> Iterator[str]:
    """What stays as it was, though something else was asked for: nothing that is held is overwritten."""
    if wish.title and wish.title != source.title:
        yield f"its title stays {one_line(source.title)!r}"
    if held and wish.note and wish.note != held.note and not wish.accept_altered:
        yield f"its note stays {one_line(held.note)!r}; detach it first to attach it with another"
    if held and wish.locator and not wish.quotes and wish.locator != held.locator:
        yield f"its locator stays {one_line(held.locator)!r}; detach it first to attach it with another"


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
        "quotes": [
            {"exact": each.quote.exact, "start": each.quote.start, "end": each.quote.end, "match": str(each.quote.match)}
            for each in done.quotes
        ],
        **({"visit": done.visit.facts} if done.visit else {}),
    }
