r"""What the names of LaTeX's commands and environments, and of the usual packages', mean for who reads the text.

A command that stands in no table prints nothing itself, and its arguments are text.
"""

import re

from verify.model import BlockKind


def _words(listed: str) -> list[str]:
    return listed.split()


CITES = re.compile(r"[a-zA-Z]*[cC]ite(?!style|setup|reset|index|counter|field|list|lst|name|rangeleft|init)[a-zA-Z]*")
r"""The family of natbib, biblatex, apacite, harvard, and what styles of their own add: `\citep`, `\parencite`, `\footcite`, `\citeA` ..."""
NARRATIVE = frozenset(_words("citet Citet citealt Citealt textcite Textcite citeauthor Citeauthor citeA citeasnoun textcites Textcites"))
"""Citations that print the authors as words of the sentence."""
MULTIPLE = frozenset(_words("cites Cites parencites Parencites textcites Textcites footcites autocites Autocites supercites smartcites"))
"""biblatex's citations that repeat `[pre][post]{key}`."""

LEVELS = {
    "part": 0,
    **dict.fromkeys(("chapter", "addchap"), 1),
    **dict.fromkeys(("section", "addsec"), 2),
    **dict.fromkeys(("subsection", "frametitle", "framesubtitle"), 3),
    "subsubsection": 4,
    **dict.fromkeys(("paragraph", "minisec"), 5),
    "subparagraph": 6,
}
"""Commands that print a heading, and how deep it lies."""
NOTES = frozenset(_words("footnote endnote sidenote tablefootnote pagenote"))
REFERS = frozenset(_words("ref autoref cref Cref eqref pageref nameref vref labelcref subref"))
INPUTS = frozenset(_words("input include subfile subfileinclude import subimport"))
DEFINES = frozenset(_words("newcommand renewcommand providecommand DeclareRobustCommand newrobustcmd def gdef edef xdef"))
ADDRESSES = frozenset(_words("url nolinkurl path burl"))
QUANTITIES = frozenset(_words("SI qty SIrange qtyrange"))
REMARKS = frozenset(_words("todo fixme TODO FIXME citationneeded"))
BREAKS = frozenset(_words("par newpage clearpage maketitle bigskip medskip smallskip"))

_ONE = """
    label vspace hspace index glossary pagestyle thispagestyle bibliographystyle bibliography addbibresource includegraphics hypersetup usepackage
    RequirePackage documentclass phantom hphantom vphantom thanks author date affil affiliation institute institution email address orcid keywords
    pagenumbering color graphicspath selectlanguage usetikzlibrary lstset sisetup marginpar marginnote fontfamily fontseries fontshape
    enlargethispage markright addtocategory printbibliography PassOptionsToPackage geometry hyphenation pdfbookmark stepcounter refstepcounter
    cmidrule cline captionsetup newcounter newlength newif theoremstyle tikz rowcolor columncolor cellcolor includepdf lstinputlisting setstretch
    linespread tikzset pgfplotsset titleformat pagecolor textcolor colorbox raisebox parbox foreignlanguage textlang scalebox rotatebox hypertarget
    bibdata addglobalbib hyperlink captionof fcolorbox
"""
_TWO = """
    setlength addtolength setcounter addtocounter rule fontsize markboth DeclareMathOperator settowidth definecolor newacronym multicolumn multirow
    resizebox newglossaryentry DeclareUnicodeCharacter setmainfont sethlcolor newtheorem
"""
UNPRINTED = {
    **dict.fromkeys(_words(_ONE), 1),
    **dict.fromkeys(_words(_TWO), 2),
    **dict.fromkeys(("addcontentsline", "newenvironment", "renewenvironment"), 3),
}
"""Commands whose first arguments, so many, are no text. Options never are."""

VERBATIM = frozenset(_words("verbatim Verbatim BVerbatim lstlisting minted alltt"))
UNSEEN = frozenset(
    _words("comment filecontents luacode asy tikzpicture picture pspicture pgfpicture forest axis algorithm algorithmic CD prooftree")
)
MATH = frozenset(_words("equation align alignat gather multline eqnarray displaymath math flalign dmath empheq subequations IEEEeqnarray"))
KINDS = {
    **dict.fromkeys(_words("itemize enumerate description compactitem compactenum inparaenum tasks"), BlockKind.LIST_ITEM),
    **dict.fromkeys(_words("quote quotation displayquote verse blockquote"), BlockKind.QUOTE),
    **dict.fromkeys(_words("figure wrapfigure subfigure marginfigure SCfigure sidewaysfigure"), BlockKind.CAPTION),
    **dict.fromkeys(_words("table tabular tabularx tabulary tabu longtable supertabular sidewaystable wraptable tblr"), BlockKind.TABLE),
    "thebibliography": BlockKind.REFERENCE_LIST,
}
SETTINGS = {
    **dict.fromkeys(_words("tabularx tabulary wrapfigure wraptable list"), 2),
    **dict.fromkeys(_words("tabular longtable supertabular tabu minipage multicols thebibliography adjustbox spacing"), 1),
    **dict.fromkeys(_words("column subfigure otherlanguage tblr textblock frame block"), 1),
}
"""Arguments of environments that are no text; of the others, one of a single word is taken for a setting."""
