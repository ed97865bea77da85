"""The words by which pages say what a part of them is: tags, classes, ids and roles, as MediaWiki, word processors and site software use them.

Only what means one thing everywhere is judged by its name alone; the words of `ASIDE_TOKENS` are also given to whole pages, so whoever uses
them weighs the text as well.
"""

from verify.model import BlockKind


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


UNSEEN_TAGS = _words("""
    head script style template noscript noframes iframe object embed canvas audio video svg map select option datalist textarea input button
    title meta link base rp rt
""")
UNSEEN_CLASSES = _words("""
    sr-only visually-hidden visuallyhidden screen-reader-text screen-reader-only mw-empty-elt Z3988 mw-editsection mw-jump-link
    cs1-hidden-error cs1-visible-error cs1-maint geo-nondefault geo-multi-punct footnote_tooltip headerlink anchorjs-link header-anchor
    editsection ltx_note_mark ltx_tag_note ext-phonos-attribution mw-collapsible-toggle cite_virgule mw-ref-follow-placeholder
""")
DECORATION = _words("a b em i small span strong sup")
"""Where `aria-hidden` is believed: on larger parts it stays behind from an open dialog."""

BLOCK_TAGS = _words("""
    address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer form
    h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol p pre search section summary table tbody td tfoot th thead tr ul
""")
BLOCK_CLASSES = _words("ltx_bibblock")
"""Inline elements that style sheets make blocks of."""
CONTAINERS = _words("html body main article section div center form table tbody tr td")
HEADINGS = {f"h{level}": level for level in range(1, 7)}

KIND_OF_TAG = {
    "blockquote": BlockKind.QUOTE,
    "li": BlockKind.LIST_ITEM,
    "dd": BlockKind.LIST_ITEM,
    "dt": BlockKind.CAPTION,
    "figure": BlockKind.CAPTION,
    "figcaption": BlockKind.CAPTION,
    "caption": BlockKind.CAPTION,
    "legend": BlockKind.CAPTION,
}
KIND_OF_CLASS = {
    **dict.fromkeys(("hatnote", "dablink", "rellink", "homonymie", "bandeau-portail", "hauptartikel", "sieheauch"), BlockKind.HATNOTE),
    **dict.fromkeys(
        ("thumb", "thumbcaption", "gallery", "gallerytext", "wp-caption-text", "wp-caption", "templatequotecite"), BlockKind.CAPTION
    ),
    **dict.fromkeys(("quotebox", "cquote", "templatequote"), BlockKind.QUOTE),
    **dict.fromkeys(("references", "reflist", "mw-references-wrap", "refbegin"), BlockKind.REFERENCE_LIST),
    **dict.fromkeys(("infobox", "portable-infobox"), BlockKind.TABLE),
}
KIND_OF_ROLE = {
    **dict.fromkeys(("doc-endnotes", "doc-bibliography", "doc-footnote"), BlockKind.REFERENCE_LIST),
    "doc-pullquote": BlockKind.CAPTION,
}

LEFT_OUT_TAGS = _words("nav menu dialog search")
LEFT_OUT_ROLES = _words("navigation banner contentinfo complementary search dialog alertdialog menu menubar toolbar tablist")
LEFT_OUT_CLASSES = _words("""
    toc navbox navbox-inner vertical-navbox navbar metadata ambox ombox tmbox cmbox fmbox mbox-small stub asbox
    shortdescription printfooter catlinks mw-indicators mw-authority-control authority-control portal portalbox portal-bar sistersitebox
    side-box succession-box noprint nomobile mw-table-of-contents-container mw-kartographer-container MsoToc1 MsoToc2
    MsoToc3 MsoTocHeading bandeau-article boite-grise mw-footer mw-page-container-footer
""")
LEFT_OUT_IDS = _words("""
    toc siteSub contentSub contentSub2 jump-to-nav coordinates catlinks mw-navigation footer siteNotice mw-head mw-panel column-one
    mw-page-base mw-head-base
""")
ASIDE_TOKENS = _words("""
    ad ads advert adverts advertisement advertising banner breadcrumb breadcrumbs byline-social comment comments commentlist consent cookie cookies
    disqus footer gdpr masthead menu modal nav navbar navigation newsletter outbrain pagination pager popup promo promoted recommended
    related relatedposts respond share sharing sidebar signup skip social sponsor sponsored subscribe subscription taboola toolbar widget
""")

NOTE_LISTS = _words("""
    references reflist footnotes footnote endnotes endnote notes bibliography ltx_biblist csl-bib-body mw-references-wrap reference-list
    easy-footnotes-wrapper wp-block-footnotes footnote-reference-container sdfootnote footnote-definition footnote-list footnotes-list
    doc-endnotes doc-bibliography doc-footnote doc-endnote doc-biblioentry c-article-references ref-list refs
""")
"""Classes, ids and roles of what holds notes or references."""
FORMULA_CLASSES = _words("mwe-math-element katex katex-display MathJax MathJax_Display mathjax-block mwe-math-mathml-inline")
TITLE_CLASSES = frozenset(("MsoTitle", "firstHeading"))
INLINE_NOTES = _words("modern-footnotes-footnote modern-footnotes-footnote__note sidenote ltx_role_footnote")
MARKER_CLASSES = _words(
    "footnote-ref footnoteref footnote-reference noteref fnref fnanchor footnote-anchor sdfootnoteanc sdendnoteanc footnote_referrer"
)
BACK_CLASSES = _words("""
    footnote-back footnote-backref footnote-backlink fn-backref footnotebacklink reversefootnote footnote-return easy-footnote-to-top
    footnote_backlink mw-cite-backlink data-footnote-backref footnotes-backlink
""")
BACK_WORDS = _words("^ ↑ ↩ ↩︎ ↩️ ↵ ⏎ ⤴ ⤴︎ ← ⇑ ⬆ ⇧ ⮐ ↲ ^^ back return")
