"""The audit as one HTML file that needs nothing else: no script, no network, good on a screen, a phone and paper.

The page is a stream: jinja2 generates it, claim after claim. Every value passes `visible` and then jinja2's own escaping, so that no template can
forget either. The policy in the head allows the one style sheet by its hash, and nothing more.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from verify import __version__
from verify.model import SCHEMA_VERSION, Audit, Citation, Claim, Status, next_action_of, stale_why, standing_decisions

from . import outline, suggestions, words
from .escape import visible
from .rows import head_text, instant

REVIEW_LIMIT = 50
_HERE = Path(__file__).parent
_PIECE = 1 << 16
_BAR = 100


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the figure's bar: claims of one status, fresh or stale. `x` and `width` are in percent of the bar."""

    status: Status
    stale: bool
    count: int
    x: float
    width: float


def render(audit: Audit) -> Iterator[str]:
    """Give the page in pieces of some 64,000 characters."""
    template = _environment().get_template("report.html.j2")
    first = outline.review_first(audit)
    return _joined(
        template.generate(
            audit=audit,
            coverage=audit.coverage,
            pointed=suggestions.pointed_at(audit),
            review=first[:REVIEW_LIMIT],
            review_limit=REVIEW_LIMIT,
            review_more=max(0, len(first) - REVIEW_LIMIT),
            segments=segments(audit),
            stale_by_status=Counter(d.status for d in audit.dossiers if d.stale),
            sources=outline.held_up(audit),
            references=outline.cited_references(audit),
            missing=outline.missing_entries(audit),
        )
    )


def render_page(template: str, **values: object) -> Iterator[str]:
    """Give a page made of another template of ours, in pieces, under the same style and policy."""
    return _joined(_environment().get_template(template).generate(**values))


def segments(audit: Audit) -> list[Segment]:
    """Give the figure's bar from left to right: decided first, what nobody looked at last."""
    counts = Counter((d.status, d.stale) for d in audit.dossiers if not d.absent)
    total, x, bar = sum(counts.values()), 0.0, []
    for status in words.STATUS_MEANS:
        for stale in (False, True):
            if count := counts[status, stale]:
                bar.append(Segment(status, stale, count, round(x, 3), round(_BAR * count / total, 3)))
                x += _BAR * count / total
    return bar


def covered_words(citation: Citation, claim: Claim) -> str:
    """Give the words that a citation covers, empty when they are the whole claim."""
    covered = claim.text[citation.covers_start : citation.covers_end].strip()
    return "" if covered.rstrip(".") == claim.text.strip().rstrip(".") else covered


def _environment() -> Environment:
    style = (_HERE / "style.css").read_text(encoding="utf-8")
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        words=words,
        suggestions=suggestions,
        next_action_of=next_action_of,
        paragraphs=outline.paragraphs,
        covered_words=covered_words,
        standing_decisions=standing_decisions,
        stale_why=stale_why,
        instant=instant,
        head_text=head_text,
        style=Markup(style),  # noqa: S704 - ours, and it must be what the hash was made of
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        version=__version__,
        schema_version=SCHEMA_VERSION,
    )
    return environment


def _joined(pieces: Iterable[str]) -> Iterator[str]:
    """Join what jinja2 gives in crumbs: a write for each of them would cost more than the page."""
    held: list[str] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= _PIECE:
            yield "".join(held)
            held, size = [], 0
    yield "".join(held)
