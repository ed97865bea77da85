"""`verify assess --pairs`: JSON lines in, a line for each out, in the form that the measuring programs read."""

import json

import pytest

ROW = {"id": "a", "claim": "The bridge was opened in 1998.", "sentences": ["It is old.", "The bridge was opened in 1998.", "It is long."]}
OTHER = {
    "id": 7,
    "claim": "The bridge was opened in 1982.",
    "title": "Bridge",
    "section": "",
    "context": None,
    "sentences": ROW["sentences"],
    "label": "x",
}


def lines(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def pairs(desk):
    def written(text):
        (desk / "pairs.jsonl").write_text(text, encoding="utf-8")
        return "pairs.jsonl"

    return written


def test_each_row_gets_a_row_in_order(verify, pairs):
    run = verify("assess", "--pairs", pairs(lines(ROW, OTHER)), "--json")

    one, other = run.objects

    assert (run.code, run.err) == (0, "")
    assert (one["id"], one["verdict"], one["verbatim"], one["evidence"][0], one["cues"]) == ("a", "supported", True, 1, [])
    assert (other["id"], other["verdict"], other["evidence"][0]) == (7, "contradicted", 1)
    assert [(cue["kind"], cue["said"], cue["found"]) for cue in other["cues"]] == [("date", "1982", "1998")]
    assert 0 <= other["support_score"] < 0.5 <= one["support_score"] <= 1


def test_rows_may_come_on_stdin_with_blank_lines(verify):
    run = verify("assess", "--pairs", "-", "--json", stdin=("\n" + lines(ROW) + "\n\n").encode())

    assert [row["id"] for row in run.objects] == ["a"]


def test_empty_sentences_keep_their_place(verify):
    row = {**ROW, "sentences": ["", "", *ROW["sentences"], ""]}

    (found,) = verify("assess", "--pairs", "-", "--json", stdin=(lines(row)).encode()).objects

    assert found["evidence"][0] == 3


def test_without_json_a_line_is_printed(verify, pairs):
    run = verify("assess", "--pairs", pairs(lines(ROW)))

    assert run.out == "a: supported (0.98) the claim's words stand in the source as they are\n"


def test_a_source_without_text_is_told_as_such(verify):
    (found,) = verify("assess", "--pairs", "-", "--json", stdin=(lines({**ROW, "sentences": []})).encode()).objects

    assert (found["verdict"], found["support_score"], found["evidence"]) == ("no_text", 0.0, [])


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "this line is not JSON; each line has to be one object with id, claim and sentences"),
        ("[1]", "this line is not an object with id, claim and sentences"),
        ('{"claim": "x", "sentences": []}', "the row has no id"),
        ('{"id": 1, "sentences": []}', "claim has to be a text"),
        ('{"id": 1, "claim": "x", "sentences": "y"}', "sentences has to be a list of texts"),
        ('{"id": 1, "claim": "x", "sentences": [2]}', "sentences has to be a list of texts"),
        ('{"id": 1, "claim": "x", "sentences": [], "title": 3}', "title has to be a text"),
        ("[" * 100_000, "this line is not JSON; each line has to be one object with id, claim and sentences"),
        ("\x00\xff", "this line is not JSON; each line has to be one object with id, claim and sentences"),
    ],
)
def test_a_bad_line_ends_it_with_its_number(verify, pairs, line, told):
    run = verify("assess", "--pairs", pairs(f"{lines(ROW)}\n{line}\n{lines(ROW)}"), "--json")

    assert (run.code, run.err) == (2, f"verify: pairs.jsonl:3: {told}\n")
    assert [row["id"] for row in run.objects] == ["a"]


def test_a_missing_file_is_told_in_a_line(verify):
    run = verify("assess", "--pairs", "nowhere.jsonl", "--json")

    assert (run.code, run.err) == (3, "verify: nowhere.jsonl: no such file or directory\n")


def test_hostile_text_stays_text(verify):
    row = {"id": "\x1b[31m", "claim": "\u202e bridge \x00", "sentences": ["A bridge \x1b]0;x\x07 \ud800"]}

    run = verify("assess", "--pairs", "-", "--json", stdin=(lines(row)).encode())

    assert run.code == 0
    assert run.objects[0]["id"] == "\x1b[31m"
    assert run.out.isprintable() or set(run.out) - {"\n"} <= {c for c in run.out if c.isprintable()}


def test_the_answer_does_not_hang_on_the_seed_of_hashes(process, quiet_environment, pairs):
    rows = pairs(lines({**ROW, "claim": "The first film that the company launched won an award.", "sentences": SAME}))

    said = {
        process("assess", "--pairs", rows, "--json", env={**quiet_environment, "PYTHONHASHSEED": seed}).stdout for seed in ("1", "2", "3")
    }

    assert len(said) == 1
    assert b'"id": "a"' in said.pop()


SAME = [
    "The firm began it.",
    "The business started it.",
    "It released a movie.",
    "It opened a picture.",
    "It was honoured.",
    "It received a medal.",
    "A prize was had.",
]
