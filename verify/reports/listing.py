"""Claims as a stream of text, without the document around them: what `verify list --format` prints besides its table."""

from collections.abc import Iterable, Iterator

from verify.model import SCHEMA_VERSION, Dossier, next_action_of

from .escape import markdown_text
from .rows import dossier_row
from .streams import csv_lines, json_lines, json_object
from .words import STATUS_WORDS, labels_words, reason_words

_COLUMNS = (
    *("schema_version", "id", "document", "ordinal", "text", "citations", "notes", "flags", "covered", "section"),
    *("start", "end", "status", "stale", "reasons", "next_action", "sources", "absent"),
)


def as_json(dossiers: Iterable[Dossier]) -> Iterator[str]:
    """One object: schema_version and the claims."""
    return json_object({"schema_version": SCHEMA_VERSION}, {"claims": map(dossier_row, dossiers)})


def as_jsonl(dossiers: Iterable[Dossier]) -> Iterator[str]:
    """An object a line, each with its schema_version."""
    return json_lines({"schema_version": SCHEMA_VERSION, **dossier_row(d)} for d in dossiers)


def as_csv(dossiers: Iterable[Dossier]) -> Iterator[str]:
    """A header row, then a row a claim; lists are joined with "; "."""
    return csv_lines(_COLUMNS, ({"schema_version": SCHEMA_VERSION, **dossier_row(d)} for d in dossiers))


def as_markdown(dossiers: Iterable[Dossier]) -> Iterator[str]:
    """A table of GitHub-flavoured Markdown."""
    yield "| id | document | claim | cites | status | why | next |\n| ---: | --- | --- | --- | --- | --- | --- |\n"
    for dossier in dossiers:
        why = "; ".join(reason_words(dossier, r) for r in dossier.reasons)
        cites, status = labels_words(dossier.claim.citation_labels), STATUS_WORDS[dossier.status]
        texts = (dossier.document, dossier.claim.text, cites, status, why, str(next_action_of(dossier)))
        yield f"| {dossier.id} | {' | '.join(map(markdown_text, texts))} |\n"
