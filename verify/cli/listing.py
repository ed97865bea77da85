"""`verify list`: what needs a person."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click

from verify.errors import UsageError
from verify.model import Dossier, Reason, Status, blinded, next_action_of
from verify.reports import LISTINGS, render_list

from .context import App, blind_option, pass_app, reviewer_option
from .coverage import counted
from .output import output_option, write
from .table import Column, cut, table

if TYPE_CHECKING:
    from verify.store import Connection
    from verify.store.claims import ClaimQuery

_EXCERPT = 170
"""Characters of a claim in the table: three or four lines of a terminal, enough to know it again; `show` has the whole."""
_COLUMNS = (
    Column("id", style="bold", right=True, whole=True),
    Column("cites", style="cyan", most=12),
    Column("why", style="yellow", most=18),
    Column("status", most=12),
    Column("next", most=12),
    Column("claim"),
)


@click.command("list")
@click.option("-d", "--document", default="", metavar="NAME", help="Claims of this document only.")
@click.option("-s", "--status", "statuses", multiple=True, metavar="STATUS", help="Claims of this status; may be repeated. Implies --all.")
@click.option("--flag", default="", metavar="NAME", help='Claims with this open flag, as "citation needed" or "review".')
@click.option("--citation", default="", metavar="N", help="Claims that cite this number.")
@click.option("--section", default="", metavar="HEADING", help="Claims of this section.")
@click.option("--uncited", is_flag=True, help="Claims without a citation, of their own or after them in their paragraph.")
@click.option("--stale", is_flag=True, help="Claims whose decision is stale: the text, the citations or a source changed since.")
@click.option(
    "--likely-problem", "contradicted", is_flag=True, help="Claims of which the machine points at a likely problem (verify assess)."
)
@click.option("--needs-second", is_flag=True, help="Claims that one reviewer decided on and no other has looked at.")
@click.option("--search", default="", metavar="TEXT", help="Claims that contain this text, whatever its case.")
@click.option("--all", "everything", is_flag=True, help="Also claims that need nobody, because a decision settles them.")
@click.option("--absent", is_flag=True, help="Claims that are gone from their document instead of those that stand in it.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Stop after so many claims.")
@click.option("--after", type=click.IntRange(1), metavar="ID", help="Go on after this claim.")
@click.option("-f", "--format", "form", type=click.Choice(["table", *LISTINGS]), default="table", help="How to print them.")
@click.option("--json", "form", flag_value="json", help="The same as --format json.")
@blind_option
@reviewer_option
@output_option
@pass_app
def list_command(app: App, form: str, output: str, limit: int | None, blind: bool, reviewer: str | None, **options: Any) -> None:
    """List the claims that need a person, in document order, each with the reason.

    Reasons: tagged (a cleanup tag stands at it), flagged (by a person), likely problem (a source says something else in one place; the machine
    suggests it), reviewers disagree, stale (decided, and changed since), uncited, covered (only a later citation of its paragraph follows it), no
    source (its numbers have no source attached), unverified (no decision stands). "next" is what comes next for the claim.
    """
    from verify.store import claims, documents

    with app.reading() as connection:
        if blind and options["contradicted"]:
            raise UsageError("--likely-problem is what the machine says, which --blind hides: leave one of them out")
        query = _query(connection, options, blind=blind)
        wanted = options["everything"] or options["absent"] or options["needs_second"] or bool(options["statuses"])
        chosen = _chosen(claims.iter_dossiers(connection, query), query)
        if blind:
            chosen = _blinded(chosen, app.reviewer(reviewer), {_status(s) for s in options["statuses"]})
        seen = _Seen(chosen, everything=wanted, limit=limit)
        if form == "table":
            several = not options["document"] and _is_several(connection)
            write(_table(list(seen), several), output)
        else:
            write(render_list(form, seen), output)
        ends = documents.loose_ends(connection, options["document"])
    app.say(seen.line(filtered=query != claims.ClaimQuery()), *_loose_ends(*ends))


def _chosen(dossiers: Iterable[Dossier], query: "ClaimQuery") -> Iterable[Dossier]:
    """Those that the model's rules choose, where the query only narrowed."""
    if query.stale:
        dossiers = (dossier for dossier in dossiers if dossier.stale)
    if query.needs_second:
        dossiers = (dossier for dossier in dossiers if dossier.needs_second)
    if query.contradicted:
        dossiers = (dossier for dossier in dossiers if dossier.likely_problems)
    return dossiers


def _blinded(dossiers: Iterable[Dossier], reviewer: str, statuses: set[Status]) -> Iterator[Dossier]:
    """The claims as a reviewer sees them who does not look at what others decided; a status is asked of what is seen."""
    for dossier in dossiers:
        seen = blinded(dossier, reviewer)
        if not statuses or seen.status in statuses:
            yield seen


class _Seen:
    """The claims to show, counting on the way what was looked at and what was left out."""

    def __init__(self, dossiers: Iterable[Dossier], *, everything: bool, limit: int | None) -> None:
        self._dossiers = dossiers
        self._everything = everything
        self._limit = limit
        self.looked_at = self.shown = self.settled = self.last_id = 0
        self.stopped = False

    def __iter__(self) -> Iterator[Dossier]:
        for dossier in self._dossiers:
            if not self._everything and not dossier.reasons:
                self.looked_at += 1
                self.settled += 1
                continue
            if self.shown == self._limit:
                self.stopped = True
                return
            self.looked_at += 1
            self.shown += 1
            self.last_id = dossier.id
            yield dossier

    def line(self, *, filtered: bool) -> str:
        """Say what was seen and what was left out, and why."""
        matching = " that match the filters" if filtered else ""
        line = f"{counted(self.looked_at, 'claim')}{matching} seen: {self.shown} shown"
        if self.settled:
            line += f", {self.settled} left out as settled by a decision (--all shows them)"
        if self.stopped:
            line += f"; stopped at --limit, go on with --after {self.last_id}"
        return line


def _query(connection: "Connection", options: dict[str, Any], *, blind: bool) -> "ClaimQuery":
    from verify.store.claims import ClaimQuery

    if options["document"]:
        from verify.workflows.targets import named_document

        named_document(connection, options["document"])
    return ClaimQuery(
        document=options["document"],
        status=tuple(_status(s) for s in ([] if blind else options["statuses"])),
        flag=options["flag"],
        citation=options["citation"].strip(" :[]"),
        section=options["section"],
        uncited=options["uncited"],
        stale=options["stale"],
        needs_second=options["needs_second"],
        contradicted=options["contradicted"],
        search=options["search"],
        absent=options["absent"],
        after=options["after"],
    )


def _status(text: str) -> Status:
    if text == Status.UNVERIFIED:
        return Status.UNVERIFIED
    from verify.workflows.decide import status_named

    return status_named(text)


def _is_several(connection: "Connection") -> bool:
    from verify.store import documents

    return len(documents.all_documents(connection)) > 1


def _loose_ends(orphans: int, unused: int) -> Iterator[str]:
    found = [counted(n, what) for n, what in ((orphans, "orphan marker"), (unused, "uncited reference")) if n]
    if found:
        yield f"not in the list: {' and '.join(found)}; `verify report` names them"


def claim_table(dossiers: list[Dossier]) -> Iterator[str]:
    """Lay claims out as a table, with their documents where there are several."""
    return _table(dossiers, len({dossier.document for dossier in dossiers}) > 1)


def _table(dossiers: list[Dossier], several: bool) -> Iterator[str]:
    if not dossiers:
        return
    columns = (_COLUMNS[0], Column("document"), *_COLUMNS[1:]) if several else _COLUMNS
    yield from table(columns, (_cells(d, several) for d in dossiers))


def _cells(dossier: Dossier, several: bool) -> list[str]:
    reasons = [_reason(dossier, r) for r in dossier.reasons if r is not Reason.UNVERIFIED or len(dossier.reasons) == 1]
    cites = " ".join((*dossier.claim.citation_labels, *dossier.claim.note_labels)) or "-"
    status = str(dossier.status).replace("_", " ")
    place = [dossier.document] if several else []
    status = "gone" if dossier.absent else status
    return [str(dossier.id), *place, cites, ", ".join(reasons), status, next_action_of(dossier), cut(dossier.claim.text, _EXCERPT)]


def _reason(dossier: Dossier, reason: Reason) -> str:
    tags = ", ".join(dict.fromkeys(f.name for f in dossier.open_flags if f.origin == "tag"))
    return f"tagged: {tags}" if reason is Reason.TAGGED and tags else str(reason)
