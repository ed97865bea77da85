"""Which marker layout `auto` takes, and what it says of it; and which language a text is taken for."""

import pytest

from verify.claims.extract import extract
from verify.claims.languages import guess_language
from verify.model import Layout
from verify.readers import plaintext

LEADING, TRAILING = Layout.LEADING, Layout.TRAILING
DOCUMENTS = [
    ("The lamp was lit.", TRAILING, "0 of 1 paragraphs open with a marker, 0 end with one"),
    ("", TRAILING, "0 of 0 paragraphs open with a marker, 0 end with one"),
    ("[1] The lamp was lit.", LEADING, "1 of 1 paragraphs open with a marker, 0 end with one"),
    ("The lamp was lit.[1]", TRAILING, "0 of 1 paragraphs open with a marker, 1 end with one"),
    ("The lamp was lit [1].", TRAILING, "0 of 1 paragraphs open with a marker, 1 end with one"),
    ("[1] The lamp was lit.\n\nThe bell rang.[2]", TRAILING, "1 of 2 paragraphs open with a marker, 1 end with one"),
    ("[1] The lamp was lit.\n\n[2] The bell rang.\n\nIt fell.[3]", LEADING, "2 of 3 paragraphs open with a marker, 1 end with one"),
    ("[1] The lamp was lit.[2]\n\nThe bell rang.", TRAILING, "1 of 2 paragraphs open with a marker, 1 end with one"),
    ("The lamp was lit.\n\n[1]\n\nThe bell rang.\n\n[2]", TRAILING, "2 hold nothing else"),
    ("[citation needed] The lamp was lit.", LEADING, "1 of 1 paragraphs open with a marker, 0 end with one"),
    ("- [1] The lamp was lit.\n- [2] The bell rang.", LEADING, "2 of 2 paragraphs open with a marker, 0 end with one"),
    ("The lamp,[1] it is said, was lit.", TRAILING, "0 of 1 paragraphs open with a marker, 0 end with one"),
    ("The Fire (1902)\n\n[1] It began.\n\n[2] It ended.", LEADING, "2 of 2 paragraphs open with a marker, 0 end with one"),
    ("[sic] was printed here.", TRAILING, "0 of 1 paragraphs open with a marker, 0 end with one"),
]


@pytest.mark.parametrize(("text", "layout", "why"), DOCUMENTS)
def test_auto_layout(text, layout, why):
    """The layout that the marks of a document speak for, with the counts that decided; a draw stays at trailing."""
    extraction = extract(plaintext.read(text))

    assert layout == extraction.layout
    assert why in extraction.layout_why


@pytest.mark.parametrize("layout", Layout)
def test_a_layout_asked_for_is_taken(layout):
    """What the user asks for is not weighed."""
    extraction = extract(plaintext.read("[1] The lamp was lit."), layout)

    assert (layout, "as asked") == (extraction.layout, extraction.layout_why)


def test_lists_of_references_have_no_say():
    """The entries of a reference list open with markers, and are no paragraphs."""
    text = "The lamp was lit.[1]\n\nReferences\n" + "".join(f"[{n}] Smith, J. ({1990 + n}). Lamps.\n" for n in range(1, 9))

    assert Layout.TRAILING == extract(plaintext.read(text)).layout


LANGUAGES = [
    ("en", "The tower was lit in 1861 and it was the first of its kind."),
    ("de", "Der Turm wurde 1861 gebaut und ist nicht mit dem ersten zu verwechseln."),
    ("fr", "Le phare est dans une île et il est sur la côte pour les bateaux."),
    ("es", "El faro es el más alto de los que hay en la isla y fue construido por una empresa."),
    ("it", "Il faro è il più alto della costa e non sono molti gli altri che sono anche alti."),
    ("pt", "O farol é uma torre que foi construída em 1861 e não é mais alta do que as outras; ao lado há uma casa."),
    ("nl", "De vuurtoren is een toren van het eiland en werd niet door de staat gebouwd maar met geld van de stad."),
    ("sv", "Fyren är inte den högsta, och det som är kvar av den är med i boken."),
    ("pl", "Latarnia nie jest najwyższa, ale została zbudowana przez firmę i jest na wyspie."),
    ("ru", "Маяк был построен в 1861 году, и это не первый маяк на острове, как он сам сказал."),
    ("uk", "Маяк був збудований у 1861 році, і це не перший маяк на острові, як він сам сказав та записав з ним."),
    ("el", "Ο φάρος χτίστηκε το 1861."),
    ("zh", "灯塔建于1861年，高四十米。"),
    ("ja", "灯台は1861年に完成した。"),
    ("ko", "등대는 1861년에 세워졌다."),
    ("ar", "بنيت المنارة عام 1861."),
    ("he", "המגדלור נבנה בשנת 1861."),
    ("hi", "यह 1861 में बना।"),
    ("en", "Der Turm"),
    ("en", "[1][2] 42!"),
    ("en", ""),
]


@pytest.mark.parametrize(("language", "text"), LANGUAGES)
def test_guess_language(language, text):
    """By script, else by small words; too little to tell is English."""
    assert language == guess_language(text)


def test_names_in_another_script_do_not_decide():
    """A Greek name in an English text leaves it English."""
    assert "en" == guess_language("The tower, in Greek Φάρος, was lit in 1861 and was the first of its kind.")
