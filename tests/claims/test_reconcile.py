"""Claims of a new reading find the ones that the ledger holds: the same words anywhere, edited ones where nothing else can be meant, never by guessing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.claims.reconcile import Held, reconcile
from verify.model import BaselineState, Claim, RelationKind

NEW, UNCHANGED, UPDATED = BaselineState.NEW, BaselineState.UNCHANGED, BaselineState.UPDATED
HALL = "The town hall burned down in the great fire."
HARBOUR = "Its harbour freezes over every winter."
SHEEP = "Sheep outnumber people by ten to one."
POPULATION = "The population of {} is {}."
FINISHED = "The team finished {}th."


def claim(text, ordinal=1):
    return Claim(ordinal, text, 0, len(text), 0, len(text))


def held(*texts, absent=()):
    """What the ledger holds, with ids from 1; those in `absent` were missing from the last reading."""
    return [Held(number, claim(text, number), text in absent) for number, text in enumerate(texts, 1)]


def read(*texts):
    return [claim(text, ordinal) for ordinal, text in enumerate(texts, 1)]


def ids(result):
    return [match.id for match in result.matches]


def matched(old, *texts):
    result = reconcile(old, read(*texts))
    return ids(result), result.gone


def related(result):
    return [(str(relation.kind), relation.id, relation.index) for relation in result.relations]


# --- the same text


def test_the_same_reading_again():
    """Every claim keeps its id, and says so."""
    result = reconcile(held("a", "b", "c"), read("a", "b", "c"))

    assert ([1, 2, 3], (), ()) == (ids(result), result.gone, result.relations)
    assert {(UNCHANGED, 1.0, False, False)} == {(m.state, m.similarity, m.returned, m.moved) for m in result.matches}
    assert ["a", "b", "c"] == [match.before.text for match in result.matches]


def test_nothing_held():
    """A first reading is all new."""
    result = reconcile([], read("a", "b"))

    assert ([None, None], (), 2) == (ids(result), result.gone, result.new)
    assert {(NEW, None, 0.0)} == {(match.state, match.before, match.similarity) for match in result.matches}


def test_nothing_read():
    """A document without claims leaves none."""
    assert ([], (1, 2)) == matched(held("a", "b"))


def test_moved_claims_are_found():
    """A claim is itself wherever it moved; those whose order stayed did not move."""
    result = reconcile(held("a", "b", "c"), read("c", "a", "b"))

    assert [3, 1, 2] == ids(result)
    assert [True, False, False] == [match.moved for match in result.matches]


def test_equal_sentences_are_told_apart_by_neighbours():
    """Like sentences that moved with their neighbours keep their own ids."""
    assert ([3, 4, 1, 2], ()) == matched(held("a", "same", "b", "same"), "b", "same", "a", "same")


def test_equal_sentences_in_equal_number_keep_their_order():
    """Where neighbours do not help but as many are there as before, the first is the first."""
    assert ([2, None, 4], (1, 3)) == matched(held("a", "same", "b", "same"), "same", "x", "same")


def test_an_added_double_leaves_both_open():
    """Two where one was, both among new neighbours: which is the old one cannot be known, so neither is, and a person sees all three."""
    result = reconcile(held("a", "same", "b"), read("x", "same", "same", "y"))

    assert ([None, None, None, None], (1, 2, 3)) == (ids(result), result.gone)
    assert [("alike", 2, 1), ("alike", 2, 2)] == sorted(related(result))


def test_an_added_double_beside_old_neighbours():
    """The one that kept its neighbours is the old one; the added one is new."""
    assert ([1, 2, 3, None], ()) == matched(held("a", "same", "b"), "a", "same", "b", "same")


def test_a_double_is_told_by_neighbours_that_were_edited():
    """Neighbours count as the claims that they are, not as the words that they have now."""
    old = held(HALL, "Yes.", SHEEP, "Yes.", HARBOUR)

    assert ([1, 3, 4, 5], (2,)) == matched(old, HALL, SHEEP, "Yes.", "Its harbour freezes over every cold winter.")
    assert ([1, 2, 3, 5], (4,)) == matched(old, HALL.replace("great", "big"), "Yes.", SHEEP.replace("ten", "nine"), HARBOUR)


def test_a_removed_double():
    """One of two is left: it is the one that kept a neighbour."""
    assert ([2, 3, 4], (1,)) == matched(held("same", "same", "b", "c"), "same", "b", "c")


def test_neighbours_that_disagree_settle_nothing():
    """Where the claim before speaks for one and the claim after for the other, neither is re-attached."""
    assert ([1, None, 6], (2, 3, 4, 5)) == matched(held("a", "same", "x", "y", "same", "d"), "a", "same", "d")


def test_absent_claims_come_back():
    """A claim that was gone keeps its id when its words return; while it is away, it is not reported as gone again."""
    old = held("a", "b", "c", absent={"b"})
    result = reconcile(old, read("a", "b", "c"))

    assert ([1, 2, 3], ()) == (ids(result), result.gone)
    assert [False, True, False] == [match.returned for match in result.matches]
    assert ([1, 3], ()) == matched(old, "a", "c")


def test_present_claims_come_before_absent_ones():
    """Where a present and an absent claim have the same words, the present one is it."""
    old = [Held(1, claim("a"), absent=True), Held(2, claim("a"), absent=False)]

    assert ([2], ()) == matched(old, "a")


def test_a_second_one_wakes_the_absent_one():
    """With the present one matched by its neighbours, the absent one may return."""
    old = [Held(1, claim("x"), absent=False), Held(2, claim("a"), absent=False), Held(3, claim("a"), absent=True)]

    assert ([1, 2, 3], ()) == matched(old, "x", "a", "a")


def test_absent_doubles_leave_the_new_one_open():
    """Two that are away have the words of one that came: which of them it is nobody can say."""
    result = reconcile(held("a", "b", "b", absent={"b"}), read("a", "b"))

    assert ([1, None], ()) == (ids(result), result.gone)
    assert [("alike", 2, 1), ("alike", 3, 1)] == sorted(related(result))


def test_rows_without_names_will_do():
    """What is held may come as plain tuples."""
    assert (((1, claim("a")),), 0) == (reconcile([(1, claim("a"), False)], [claim("a")]).carried, 0)


# --- edited ones


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (POPULATION.format("Ayton", "5,000"), POPULATION.format("Ayton", "5,100")),
        ("It has 5 seats.", "It has 7 seats."),
        ("The drug is safe for children.", "The drug is not safe for children."),
        ("He said “no” to it – twice.", "He said 'no' to it - twice."),
        ("The school was founded by monks.", "The school was founded by Benedictine monks from Cluny."),
        ("The castle was built by the old king in stone.", "The castle was built by the king."),
        ("The organisation recognised three languages.", "The organization recognized three languages."),
        ("In 1992, Agassi was named Overseas Personality of the Year.", "Agassi was named Overseas Personality of the Year in 1992."),
        ("Он родился в Москве в 1950 году.", "Он родился в Москве в 1951 году."),
        ("北京是中华人民共和国的首都。", "北京市是中华人民共和国的首都。"),
        ("他出生于1950年。", "他出生于1951年。"),
        ("กรุงเทพมหานครเป็นเมืองหลวงของประเทศไทย", "กรุงเทพมหานครเป็นเมืองหลวงเก่าของประเทศไทย"),
        ("ولد أحمد في القاهرة عام 1950.", "ولد أحمد في القاهرة عام 1951."),
    ],
)
def test_an_edited_sentence_in_its_place_goes_on(before, after):
    """A number, a negation, a word, signs: between the same neighbours it is the same claim, updated."""
    result = reconcile(held(HALL, before, HARBOUR), read(HALL, after, HARBOUR))

    assert ([1, 2, 3], (), []) == (ids(result), result.gone, related(result))
    assert (UPDATED, before) == (result.matches[1].state, result.matches[1].before.text)
    assert 0 < result.matches[1].similarity < 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (POPULATION.format("Ayton", "5,000"), POPULATION.format("Byton", "7,000")),
        ("The population of Springfield is 5,000 people.", "The population of Shelbyville is 7,000 people."),
        ("He won.", "He lost."),
        ("He died in Paris.", "She was born in Rome."),
        ("It was one of the first to be made in the town.", "It was one of the best of all the films to be seen."),
        ("The museum opened in May.", "Nobody knows who wrote the letters."),
        ("Ruth Benedict", "Ruth Behar"),
        ("The mayor is Ann Lee.", "The vicar was Bob Roy."),
        ("北京是中华人民共和国的首都。", "他于1950年在巴黎去世。"),
        ("東京は日本の首都である。", "大阪は日本の都市である。"),
        ("ولد أحمد في القاهرة عام 1950.", "ولد محمد في بغداد عام 1960."),
        ("a", "A second one, of which nothing stood there before."),
        ("", "?"),
    ],
)
@pytest.mark.parametrize("around", [(HALL, HARBOUR), ()])
def test_an_unlike_sentence_in_the_same_place_is_another(before, after, around):
    """What shares a frame, small words or a place with the old sentence is not it."""
    result = reconcile(held(before, *around), read(after, *around))

    assert ([None, *range(2, 2 + len(around))], (1,)) == (ids(result), result.gone)
    assert (NEW, None) == (result.matches[0].state, result.matches[0].before)


def test_template_sentences_follow_their_names():
    """Two that differ by name and number, both with another number: each goes with its name, also where they changed places."""
    old = held(HALL, POPULATION.format("Ayton", "5,000"), POPULATION.format("Byton", "7,000"), HARBOUR)
    ayton, byton = POPULATION.format("Ayton", "5,100"), POPULATION.format("Byton", "7,200")

    assert ([1, 2, 3, 4], ()) == matched(old, HALL, ayton, byton, HARBOUR)
    assert ([1, 3, 2, 4], ()) == matched(old, HALL, byton, ayton, HARBOUR)


def test_exchanged_numbers_do_not_take_the_claims_along():
    """The name says which claim it is, not a number that another one had."""
    old = held(HALL, POPULATION.format("Ayton", "5,000"), POPULATION.format("Byton", "7,000"), HARBOUR)

    assert ([1, 2, 3, 4], ()) == matched(old, HALL, POPULATION.format("Ayton", "7,000"), POPULATION.format("Byton", "5,000"), HARBOUR)


def test_an_entry_of_a_list_put_in_for_another():
    """A sentence made like its neighbours is one more of them, not the one whose place it took."""
    towns = [POPULATION.format(*town) for town in (("Ayton", "5,000"), ("Byton", "7,000"), ("Cyton", "9,100"), ("Dyton", "1,200"))]
    result = reconcile(held(*towns), read(*towns[:2], POPULATION.format("Fyton", "4,400"), towns[3]))

    assert ([1, 2, None, 4], (3,)) == (ids(result), result.gone)


def test_a_season_put_in_for_another():
    """Where all of several numbers are others, neither place nor frame makes it the same."""
    seasons = ["In 2006 the team finished 3rd.", "In 2007 the team finished 9th.", "In 2009 the team finished 5th."]

    assert ([1, None, 3], (2,)) == matched(held(*seasons), seasons[0], "In 2008 the team finished 6th.", seasons[2])
    assert ([1, 2, 3], ()) == matched(held(*seasons), seasons[0], "In 2007 the team finished 6th.", seasons[2])


def test_one_number_in_a_list_of_twins():
    """Sentences that differ by a number alone: the place between two that stayed settles which it is."""
    twins = [FINISHED.format(n) for n in (4, 7, 9, 11)]

    assert ([1, 2, 3, 4], ()) == matched(held(*twins), *twins[:2], FINISHED.format(8), twins[3])


def test_two_numbers_in_a_list_of_twins():
    """Two in a row with other numbers: which is which cannot be known, so both are new, and each is shown beside both old ones."""
    twins = [FINISHED.format(n) for n in (4, 7, 9, 11)]
    result = reconcile(held(*twins), read(twins[0], FINISHED.format(8), FINISHED.format(10), twins[3]))

    assert ([1, None, None, 4], (2, 3)) == (ids(result), result.gone)
    assert [("alike", 2, 1), ("alike", 2, 2), ("alike", 3, 1), ("alike", 3, 2)] == sorted(related(result))


@pytest.mark.parametrize("sentence", [FINISHED, "The football team of the town finished the season {}th with twelve points."])
def test_a_numbers_twin_elsewhere_is_another(sentence):
    """Away from its place, a sentence with another number is another sentence, however much else it shares; a person sees both."""
    result = reconcile(held(HALL, sentence.format(4), HARBOUR, SHEEP), read(HALL, HARBOUR, SHEEP, sentence.format(5)))

    assert ([1, 3, 4, None], (2,)) == (ids(result), result.gone)
    assert [("alike", 2, 3)] == related(result)


def test_an_edited_sentence_that_moved():
    """Enough words find it in another place."""
    before = "The museum of modern art opened its doors to visitors in May 2010."
    result = reconcile(held(HALL, before, HARBOUR, SHEEP), read(HALL, HARBOUR, SHEEP, before.replace("visitors", "the public")))

    assert ([1, 3, 4, 2], ()) == (ids(result), result.gone)
    assert (UPDATED, True) == (result.matches[3].state, result.matches[3].moved)


def test_edits_take_their_places_along_when_a_paragraph_moves():
    """A sentence with another number is found in a paragraph that went elsewhere, beside the neighbours that went with it."""
    old = held(HALL, HARBOUR, SHEEP, "The mill has 5 wheels.", "Bakers sold rye bread on Sundays.", "A ferry crosses the sound.")
    new = ("Bakers sold rye bread on Sundays.", "A ferry crosses the sound.", HALL, HARBOUR, SHEEP.replace("ten", "nine"))

    assert ([5, 6, 1, 2, 3], (4,)) == matched(old, *new)
    assert ([4, 5, 6, 1, 2, 3], ()) == matched(old, "The mill has 7 wheels.", *new)


def test_swapped_neighbours_that_were_edited():
    """Each goes with its words, not with its place."""
    edited = (SHEEP.replace("ten", "twelve"), HARBOUR.replace("winter", "cold winter"))

    assert ([1, 3, 2], ()) == matched(held(HALL, HARBOUR, SHEEP), HALL, *edited)


def test_an_inserted_sentence_like_its_neighbour():
    """A new sentence before an old one of the same make takes nothing from it, edited or not."""
    old = held(HALL, "The bridge is 300 metres long.", HARBOUR)

    for bridge in ("The bridge is 300 metres long.", "The bridge is 310 metres long."):
        assert ([1, None, 2, 3], ()) == matched(old, HALL, "The tunnel is 400 metres long.", bridge, HARBOUR)


def test_every_sentence_edited():
    """Nothing stays as it was, and everything is found."""
    new = ("The town hall burned down in the big fire.", "Its harbour freezes over each winter.", "Sheep outnumber people by nine to one.")

    assert ([1, 2, 3], ()) == matched(held(HALL, HARBOUR, SHEEP), *new)


def test_another_document():
    """Sentences of another text find nothing."""
    new = ("Bakers sold rye bread on Sundays.", "A ferry crosses the sound.", "The mill has 7 wheels.")

    assert ([None, None, None], (1, 2, 3)) == matched(held(HALL, HARBOUR, SHEEP), *new)


def test_an_absent_claim_comes_back_nearly_as_it_was():
    """Very like it, with the same numbers, and nothing else claims it."""
    opened = "The museum of modern art in the old town opened its doors to visitors in May 2010."
    old = held(HALL, opened, absent={opened})
    result = reconcile(old, read(HALL, opened.replace("its doors", "the doors")))

    assert [1, 2] == ids(result)
    assert (UPDATED, True) == (result.matches[1].state, result.matches[1].returned)
    assert ([1, None], ()) == matched(old, HALL, opened.replace("2010", "2011"))
    assert ([1, None], ()) == matched(old, HALL, "The museum of modern art has a garden.")


# --- one that became several, several that became one


def test_a_split_sentence_goes_on_in_its_larger_part():
    """The other part is new, and says what it was split off."""
    whole = "The castle was built in 1203 by the first king, and monks restored its chapel."
    result = reconcile(
        held(HALL, whole, HARBOUR), read(HALL, "The castle was built in 1203 by the first king.", "Monks restored its chapel.", HARBOUR)
    )

    assert ([1, 2, None, 3], ()) == (ids(result), result.gone)
    assert (UPDATED, NEW) == (result.matches[1].state, result.matches[2].state)
    assert [("split", 2, 2)] == related(result)


def test_a_sentence_split_in_three():
    """All parts are followed."""
    whole = "The castle was built in 1203, burned down in 1410, and was restored by monks in 1522."
    result = reconcile(held(whole), read("The castle was built in 1203.", "It burned down in 1410.", "It was restored by monks in 1522."))

    assert ([1], ()) == ([one for one in ids(result) if one], result.gone)
    assert {("split", 1)} == {(str(relation.kind), relation.id) for relation in result.relations}
    assert 2 == len(result.relations)


def test_merged_sentences_go_on_as_the_larger_one():
    """The other one is gone, and says what it was merged into."""
    parts = ("The castle was built in 1203 by the first king.", "Monks restored its chapel.")
    result = reconcile(
        held(HALL, *parts, HARBOUR), read(HALL, "The castle was built in 1203 by the first king, and monks restored its chapel.", HARBOUR)
    )

    assert ([1, 2, 4], (3,)) == (ids(result), result.gone)
    assert [("merged", 3, 1)] == related(result)


def test_a_part_that_another_sentence_explains_is_none():
    """A sentence that was shortened and one that was edited beside it: nothing was split."""
    whole = "The castle was built in 1203 by the first king, and monks restored its chapel."
    chapel = "Monks restored its chapel in the summer of 1522."
    result = reconcile(held(HALL, whole, chapel, HARBOUR), read(HALL, "The castle was built in 1203 by the first king.", chapel, HARBOUR))

    assert ([1, 2, 3, 4], (), []) == (ids(result), result.gone, related(result))


# --- what always holds


words = st.sampled_from(["Ayton", "has", "5", "7", "mills", "the", "old", "and", "Byton", "burned", "北京", "是", "1203"])
sentences = st.lists(words, min_size=1, max_size=7).map(" ".join)
ledgers = st.lists(st.tuples(sentences | st.sampled_from("abcd"), st.booleans()), max_size=8)
readings = st.lists(sentences | st.sampled_from("abcd"), max_size=8)


@given(ledgers, readings)
def test_what_always_holds(ledger, new):
    """Each claim read has one match; ids are carried once; what was present is carried or gone, never both, never neither; states say what they mean;
    a relation ties what its kind says."""
    old = [Held(number, claim(text), absent) for number, (text, absent) in enumerate(ledger, 1)]
    result = reconcile(old, read(*new))
    kept = [claim_id for claim_id in ids(result) if claim_id]
    present = {one.id for one in old if not one.absent}

    assert read(*new) == [match.claim for match in result.matches]
    assert len(set(kept)) == len(kept)
    assert present == set(result.gone) | (present & set(kept))
    assert not set(result.gone) & set(kept)
    assert len(new) - len(kept) == result.new
    for match in result.matches:
        assert (match.id is None) == (match.state is NEW) == (match.before is None)
        assert match.id is None or match.before == old[match.id - 1].claim
        assert match.returned == (match.id is not None and old[match.id - 1].absent)
        assert (
            (match.state is UNCHANGED) == (match.before is not None and match.before.text == match.claim.text) == (match.similarity == 1.0)
        )
    for relation in result.relations:
        other = result.matches[relation.index]
        assert (relation.id in kept) == (relation.kind is RelationKind.SPLIT)
        assert (other.id is None) == (relation.kind is not RelationKind.MERGED)


@given(ledgers)
def test_the_same_reading_again_changes_nothing(ledger):
    """Whatever is held: what is present, read again, is all unchanged."""
    old = [Held(number, claim(text), absent) for number, (text, absent) in enumerate(ledger, 1)]
    present = [one for one in old if not one.absent]
    result = reconcile(old, [one.claim for one in present])

    assert [one.id for one in present] == ids(result)
    assert ((), ()) == (result.gone, result.relations)
    assert all(match.state is UNCHANGED and not match.moved and not match.returned for match in result.matches)


@given(st.lists(st.text(max_size=3), unique=True, max_size=8), st.randoms())
def test_distinct_claims_are_found_wherever_they_went(lines, random):
    """Where no two are alike, any shuffle carries every id to its own text."""
    order = random.sample(range(len(lines)), len(lines))

    assert ([n + 1 for n in order], ()) == matched(held(*lines), *(lines[n] for n in order))


@given(ledgers, readings, st.randoms())
def test_another_run_gives_the_same(ledger, new, random):
    """What is held decides, not the numbers that it is held under."""
    old = [Held(number, claim(text), absent) for number, (text, absent) in enumerate(ledger, 1)]
    others = random.sample(range(100, 200), len(old))
    renamed = dict(zip(range(1, len(old) + 1), others, strict=True))
    first, second = reconcile(old, read(*new)), reconcile([one._replace(id=renamed[one.id]) for one in old], read(*new))

    assert [renamed.get(one) for one in ids(first)] == ids(second)


# --- hostile and huge


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["The same sentence again."] * 3000, ["The same sentence again."] * 2999),
        ([f"Place {n} has {n * 7} people." for n in range(2000)], [f"Place {n} has {n * 7 + 1} people." for n in range(2000)]),
        ([f"It has {n} seats." for n in range(3000)], [f"It has {n + 3000} seats." for n in range(3000)]),
        (["a " * 300_000 + "b"], ["a " * 300_000 + "c"]),
        (["x" * 1_000_000, HALL], ["x" * 1_000_001, HALL]),
        (["中国" * 200_000], ["国中" * 200_000]),
        (["\ud800 \0 \u202e"], ["\udfff"]),
        ([" "] * 50, ["\n"] * 50),
    ],
)
def test_hostile_texts_end(before, after):
    """All the same, all alike, one without end: every claim is accounted for, and nothing takes the square of the length."""
    result = reconcile(held(*before), read(*after))
    kept = {one for one in ids(result) if one}

    assert len(after) == len(result.matches)
    assert set(range(1, len(before) + 1)) == kept | set(result.gone)
    assert len(result.relations) <= 3 * (len(before) + len(after))


def test_many_claims_half_of_them_edited():
    """In a long document what was edited is found among all the others."""
    names = [f"{a}{b}{c}" for a in "BCDFGHKL" for b in "aeiou" for c in ("nton", "rville", "stead", "field", "wick")]
    before = [f"{name} is known for its {names[-n]} market, where {names[n // 2]} cheese is sold." for n, name in enumerate(names, 1) if n]
    after = [text.replace("cheese", "butter") if n % 2 else text for n, text in enumerate(before)]

    assert ([*range(1, len(before) + 1)], ()) == matched(held(*before), *after)
