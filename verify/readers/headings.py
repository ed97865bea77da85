"""Names of sections that hold no claims, in the languages of our readers: lists of references, and lists of links beside the text; and how
the notes begin that point to other pages."""

import re


def _names(listed: str) -> frozenset[str]:
    return frozenset(name.strip() for name in re.split(r"[|\n]", listed) if name.strip())


REFERENCE_HEADINGS = _names("""
    references|reference|notes|notes and references|references and notes|footnotes|endnotes|citations|sources|source|bibliography|works cited|literature
    literature cited|cited works|reference list|list of references|notes and citations|references cited|general references|cited sources|sources cited
    einzelnachweise|quellen|fußnoten|belege|nachweise|anmerkungen|literatur|quellenverzeichnis|literaturverzeichnis
    références|notes et références|notes|bibliographie|sources et références
    referencias|notas|notas y referencias|bibliografía|fuentes|referências|bibliografia|notas e referências|fontes|note|riferimenti|fonti
    referenties|bronnen|noten|bronnen, noten en/of referenties|voetnoten|bronnen en noten|przypisy|źródła
    примечания|источники|литература|сноски|примітки|джерела|література|参考文献|参考资料|脚注|注释|註釋|參考資料|出典|注釈|각주|참고 문헌|출처
    المراجع|مراجع|مصادر|الهوامش|הערות שוליים|מקורות|ביבליוגרפיה|सन्दर्भ|संदर्भ|स्रोत|टिप्पणी
""")
SIDE_HEADINGS = _names("""
    see also|external links|further reading|related pages|related articles|weblinks|siehe auch|voir aussi|liens externes|articles connexes
    véase también|enlaces externos|ver também|ligações externas|voci correlate|altri progetti|collegamenti esterni|zie ook|externe links
    zobacz też|linki zewnętrzne|см. также|ссылки|див. також|посилання|外部链接|外部連結|外部リンク|関連項目|参见|同見|외부 링크|같이 보기
    انظر أيضا|وصلات خارجية|ראו גם|קישורים חיצוניים|इन्हें भी देखें|बाहरी कड़ियाँ
""")
HATNOTE = re.compile(
    r"(?:main (?:article|page)s?|see also|further information|hauptartikel|siehe auch|articles? (?:détaillé|connexe)s?|artículos? principal(?:es)?"
    r"|véase también|artigos? principal|ver também|voc[ei] principal[ei]|zie ook|hoofdartikel|główny artykuł|osobny artykuł|основная статья"
    r"|см\. также|主条目|关连条目|参见|詳細は|المقالة الرئيسية|ערך מורחב)\s?[:：]\s?\S"
    r"|(?:[\"“][^\"”]{1,80}[\"”] redirects here\. )?for [^.]{1,80}, see [^.]{1,120}\.$"
    r"|from wikipedia, the free encyclopedia$|aus wikipedia, der freien enzyklopädie$|de wikipedia, la enciclopedia libre$",
    re.IGNORECASE,
)
"""A line above a section's text, as MediaWiki prints it, and the line under its titles; matched at the start of a line."""
_NUMBERING = re.compile(r"[#=\s\d.]*")


def section_name(heading: str) -> str:
    """Fold a heading for comparison: case, white space, numbering and a closing colon go."""
    name = " ".join(heading.casefold().split())
    return _NUMBERING.sub("", name, count=1).rstrip(":=# ")
