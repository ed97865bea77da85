"""The names of CSL's schema for input data, 1.0.2 (citationstyles.org), and those of Crossref's types (api.crossref.org/types)."""


def named(listed: str) -> frozenset[str]:
    """The names that a text lists."""
    return frozenset(listed.split())


TYPES = named(
    """
    article article-journal article-magazine article-newspaper bill book broadcast chapter classic collection dataset document entry
    entry-dictionary entry-encyclopedia event figure graphic hearing interview legal_case legislation manuscript map motion_picture musical_score
    pamphlet paper-conference patent performance periodical personal_communication post post-weblog regulation report review review-book software
    song speech standard thesis treaty webpage
    """
)
NAMES = named(
    """
    author chair collection-editor compiler composer container-author contributor curator director editor editorial-director executive-producer
    guest host interviewer illustrator narrator organizer original-author performer producer recipient reviewed-author script-writer series-creator
    translator
    """
)
DATES = named("accessed available-date event-date issued original-date submitted")
TEXTS = named(
    """
    citation-key language journalAbbreviation shortTitle abstract annote archive archive_collection archive_location archive-place authority
    call-number chapter-number citation-number citation-label collection-number collection-title container-title container-title-short dimensions
    division DOI edition event event-title event-place first-reference-note-number genre ISBN ISSN issue jurisdiction keyword locator medium note
    number number-of-pages number-of-volumes original-publisher original-publisher-place original-title page page-first part part-title PMCID PMID
    printing publisher publisher-place references reviewed-genre reviewed-title scale section source status supplement title title-short URL
    version volume volume-title volume-title-short year-suffix
    """
)
BY_LOWER_NAME = {name.lower(): name for name in (*TEXTS, *NAMES, *DATES)}
"""The schema's names, to be found in whatever case they are written."""

CROSSREF_TYPES = {
    "journal-article": "article-journal",
    "magazine-article": "article-magazine",
    "newspaper-article": "article-newspaper",
    "book-chapter": "chapter",
    "book-section": "chapter",
    "book-part": "chapter",
    "book-track": "chapter",
    "proceedings-article": "paper-conference",
    "posted-content": "article",
    "dissertation": "thesis",
    "monograph": "book",
    "edited-book": "book",
    "reference-book": "book",
    "book-set": "book",
    "book-series": "collection",
    "proceedings": "book",
    "proceedings-series": "collection",
    "reference-entry": "entry",
    "report-component": "report",
    "report-series": "collection",
    "peer-review": "review",
    "journal": "periodical",
    "journal-issue": "periodical",
    "journal-volume": "periodical",
    "database": "dataset",
    "component": "document",
    "grant": "document",
    "other": "document",
}
