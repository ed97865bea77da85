"""Gathering: folders, dumps and addresses of wiki pages become readings, one after another, and what cannot be read is said in its place."""

import bz2
import json
import os
import subprocess
import sys
import zipfile

import pytest
from loopback import send, serving

from verify.claims.extract import extract
from verify.cli import main
from verify.errors import ReadError, UsageError
from verify.workflows import gather as gathering
from verify.workflows.gather import Failure, Network, Passage, gather
from verify.workflows.read import Reading, Wish

PAGE = "<page><title>{title}</title><ns>{ns}</ns><id>{n}</id><revision><id>{n}00</id><timestamp>2025-01-02T03:04:05Z</timestamp><text>{text}</text></revision></page>"
HEAD = '<mediawiki xml:lang="en"><siteinfo><base>https://wiki.example/wiki/Main_Page</base></siteinfo>'


def dump(*pages: str) -> bytes:
    return (HEAD + "".join(pages) + "</mediawiki>").encode()


GATE = PAGE.format(title="The gate", ns=0, n=1, text="It was open.&lt;ref&gt;A. Guard&lt;/ref&gt; Nobody came.{{citation needed}}")
WALL = PAGE.format(title="The wall", ns=0, n=2, text="It fell.")
TALK = PAGE.format(title="Talk:The wall", ns=1, n=3, text="Did it?")


def kinds(found) -> list[str]:
    return [type(item).__name__ for item in found]


def test_a_folder_gives_its_files_by_name(tmp_path):
    """Files that no reader is there for, and hidden ones, are left out; one that cannot be read does not stop the rest."""
    for name, text in {"b.txt": "Second.[2]", "a.txt": "First.[1]", "c.txt": "", "d.jpg": "no", ".hidden.txt": "no"}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "e.md").write_text("# Deep\n\nThird.[^1]\n\n[^1]: Guard.", encoding="utf-8")

    found = list(gather([str(tmp_path)], Wish()))

    assert kinds(found) == ["Reading", "Reading", "Failure", "Reading"]
    assert [item.extraction.claims[0].text for item in found if isinstance(item, Reading)] == ["First.", "Second.", "Third."]
    assert "c.txt" in found[2].place


def test_a_folder_without_a_document_says_so(tmp_path):
    (only,) = gather([str(tmp_path)], Wish())

    assert isinstance(only, Failure)
    assert "no file in it" in str(only.error)


@pytest.mark.parametrize("pack", [lambda data: data, bz2.compress], ids=["plain", "bz2"])
def test_a_dump_gives_its_articles(tmp_path, pack):
    place = tmp_path / ("dump.xml" if pack(b"x") == b"x" else "dump.xml.bz2")
    place.write_bytes(pack(dump(GATE, TALK, WALL)))

    gate, wall, rest = gather([str(place)], Wish())

    assert (gate.draft.title, gate.revision_id, gate.origin) == ("The gate", "100", "https://wiki.example/wiki/The_gate")
    assert [(c.text, c.citation_labels, c.tag_names) for c in gate.extraction.claims] == [
        ("It was open.", ("1",), ()),
        ("Nobody came.", (), ("citation needed",)),
    ]
    assert wall.draft.title == "The wall"
    assert isinstance(rest, Passage)
    assert "1 pages outside of articles" in rest.remark


def test_a_page_that_cannot_be_read_does_not_end_a_dump(tmp_path, monkeypatch):
    def slow(draft, layout):
        if draft.title == "The gate":
            raise ReadError("takes longer than 20 s to read")
        return extract(draft, layout)

    (tmp_path / "dump.xml").write_bytes(dump(GATE, WALL))
    monkeypatch.setattr(gathering, "extract", slow)

    gate, wall, _ = gather([str(tmp_path / "dump.xml")], Wish())

    assert str(gate.error) == "The gate: takes longer than 20 s to read"
    assert [claim.text for claim in wall.extraction.claims] == ["It fell."]


def test_a_truncated_dump_keeps_what_was_whole(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("VERIFY_DB", str(tmp_path / "verify.db"))
    (tmp_path / "cut.xml").write_bytes(dump(GATE, WALL)[:-80])

    code = main(["ingest", str(tmp_path / "cut.xml")])
    said = capsys.readouterr()

    assert code == 3
    assert "the-gate: new, 2 claims" in said.out
    assert "the-wall" not in said.out
    assert "cut.xml: " in said.err


def test_a_page_is_ingested_from_its_wiki(tmp_path, monkeypatch, capsys):
    """The revision's number is on the trail and in the report; asking again changes nothing."""
    slots = {"main": {"content": "It was open.<ref>A. Guard</ref>"}}
    page = {"title": "The gate", "revisions": [{"revid": 12, "timestamp": "2025-01-02T03:04:05Z", "slots": slots}]}
    monkeypatch.setenv("VERIFY_DB", str(tmp_path / "verify.db"))
    monkeypatch.setenv("VERIFY_ALLOW_HOSTS", "127.0.0.1")
    monkeypatch.setenv("VERIFY_CONTACT", "ops@example.org")
    with serving(lambda h: send(h, json.dumps({"query": {"pages": [page]}}).encode())) as server:
        first = main(["ingest", f"{server.url}/wiki/The_gate"])
        again = main(["ingest", f"{server.url}/wiki/The_gate"])
    said = capsys.readouterr().out

    assert (first, again) == (0, 0)
    assert "the-gate: new, 1 claim (1 new)" in said
    assert "the-gate: unchanged" in said
    assert "ops@example.org" in server.asked[0].headers["user-agent"]
    main(["trail", "list", "-f", "jsonl", "-q"])
    assert json.loads(capsys.readouterr().out.splitlines()[0])["payload"]["revision_id"] == "12"
    main(["report", "-q"])
    assert "its revision 12" in capsys.readouterr().out


def test_offline_reaches_nothing():
    (only,) = gather(["https://en.wikipedia.org/wiki/Damascus"], Wish(), Network(offline=True))

    assert isinstance(only.error, UsageError)
    assert "--offline" in str(only.error)


def test_a_wiki_on_a_private_address_is_not_reached():
    with serving(lambda h: send(h, b"{}")) as server:
        (only,) = gather([f"{server.url}/wiki/The_gate"], Wish(), Network())

    assert "not a public address" in str(only.error)
    assert server.asked == []


def test_pictures_make_a_file_large_and_text_does_not(tmp_path):
    """Each kind has its own limit: 17 MB of text are refused, a DOCX of that size is read."""
    body = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>It is so.</w:t></w:r></w:p>'
    with zipfile.ZipFile(tmp_path / "pictures.docx", "w") as archive:
        archive.writestr("word/document.xml", f"{body}</w:body></w:document>")
        archive.writestr("word/media/a.png", os.urandom(17 * 2**20))
    (tmp_path / "long.txt").write_text("It is so. " * 1_800_000, encoding="utf-8")

    docx, text = (next(gather([str(tmp_path / name)], Wish())) for name in ("pictures.docx", "long.txt"))

    assert [c.text for c in docx.extraction.claims] == ["It is so."]
    assert "larger than 16 MB" in str(text.error)


def test_a_document_that_takes_too_long_is_left(tmp_path):
    """The limit is on the clock. In a process of its own: the alarm is the process's."""
    (tmp_path / "slow.txt").write_text("Rebels took Hama.[who] " * 20_000, encoding="utf-8")
    command = [sys.executable, "-m", "verify", "extract", str(tmp_path / "slow.txt")]
    slow = subprocess.run([*command, "--max-seconds", "0.05"], capture_output=True, text=True, check=False, timeout=60)
    quick = subprocess.run([*command, "--max-seconds", "60"], capture_output=True, text=True, check=False, timeout=60)

    assert (slow.returncode, slow.stdout) == (3, "")
    assert "takes longer than 0.05 s to read; --max-seconds raises the limit" in slow.stderr
    assert (quick.returncode, quick.stdout.count("Rebels took Hama.")) == (0, 20_000)
