"""A reader in a child process: what it answers comes back whole, and whatever it does to itself is one clear line."""

import json
import sys
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.errors import ReadError
from verify.model import Block, BlockKind, Draft, Mark, MarkKind, Reference
from verify.readers.confined import draft_from, run_confined

READERS = """
import ctypes, os, sys, time
from verify.errors import ReadError
from verify.model import Draft

def reads(data): return Draft(text=data.decode(), blocks=())
def says_where(data): return Draft(text=os.getcwd() + "|" + "|".join(sys.path), blocks=())
def shows_environment(data): return Draft(text=",".join(sorted(os.environ)), blocks=())
def refuses(data): raise ReadError("is of the wrong kind")
def fails(data): return {}["missing"]
def sleeps(data): time.sleep(60)
def spins(data):
    while True: pass
def hoards(data): return Draft(text="x" * (300 * 2**20), blocks=())
def crashes(data): ctypes.string_at(0)
def exits(data): os._exit(0)
def chatters(data):
    print("not an answer"); sys.stderr.write("noise\\n" * 100000); return Draft(text="", blocks=())
def writes(data):
    with open(data, "wb") as file:
        for _ in range(400): file.write(bytes(2**20))
    return Draft(text="", blocks=())
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run a function of the module above."""
    (tmp_path / "readers_of_the_test.py").write_text(READERS)
    monkeypatch.syspath_prepend(tmp_path)
    return lambda name, data=b"", **limits: run_confined(f"readers_of_the_test:{name}", data, **limits)


def test_the_answer_comes_back(run):
    assert Draft(text="It rose – 河", blocks=()) == run("reads", "It rose – 河".encode())


def test_a_refusal_comes_back_as_it_is(run):
    with pytest.raises(ReadError, match=r"^is of the wrong kind$"):
        run("refuses")


def test_a_bug_keeps_its_traceback(run):
    with pytest.raises(RuntimeError, match="KeyError: 'missing'"):
        run("fails")


@pytest.mark.parametrize("name", ["sleeps", "spins"])
def test_what_hangs_is_ended(run, name):
    with pytest.raises(ReadError, match="took too long: it was not read within 1 seconds"):
        run(name, seconds=1)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux bounds the address space for certain")
def test_what_hoards_memory_is_ended(run):
    with pytest.raises(ReadError, match="needs more memory than the 200 MB"):
        run("hoards", memory=200 * 2**20)


@pytest.mark.parametrize("name", ["crashes", "exits", "chatters"])
def test_what_ends_without_an_answer_has_crashed(run, name):
    with pytest.raises(ReadError, match="crashed its parser"):
        run(name)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows bounds no files")
def test_no_file_grows_past_the_limit(run, tmp_path):
    with pytest.raises((ReadError, RuntimeError)):
        run("writes", str(tmp_path / "large").encode(), memory=100 * 2**20)

    assert (tmp_path / "large").stat().st_size <= 100 * 2**20


def test_data_that_leaves_no_room_is_refused_unread():
    with pytest.raises(ReadError, match="is too large: 60 MB, and at most 50 MB"):
        run_confined("no.module:at_all", bytes(60 * 2**20), memory=100 * 2**20)


def test_modules_in_the_folder_that_it_is_started_in_are_not_loaded(run, tmp_path, monkeypatch):
    """A folder of downloads may hold a hostile json.py."""
    folder = tmp_path / "downloads"
    folder.mkdir()
    (folder / "json.py").write_text("raise SystemExit(0)")
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "path", ["", *sys.path])

    assert run("reads", b"It rose.").text == "It rose."


def test_secrets_of_the_environment_stay_here(run, monkeypatch):
    monkeypatch.setenv("VERIFY_SECRET", "x")

    assert "VERIFY_SECRET" not in run("shows_environment").text


MARKS = st.builds(
    Mark, st.integers(0, 9), st.integers(0, 9), st.sampled_from(MarkKind), st.lists(st.text(max_size=4)).map(tuple), st.text(max_size=4)
)
DRAFTS = st.builds(
    Draft,
    text=st.text(),
    blocks=st.lists(
        st.builds(Block, st.sampled_from(BlockKind), st.integers(0, 9), st.integers(0, 9), st.text(max_size=4), st.lists(MARKS).map(tuple))
    ).map(tuple),
    title=st.text(max_size=5),
    references=st.lists(
        st.builds(
            Reference,
            st.text(max_size=3),
            st.text(max_size=9),
            csl=st.dictionaries(st.text(max_size=3), st.integers() | st.text(max_size=3)),
        )
    ).map(tuple),
    remarks=st.lists(st.text(max_size=5)).map(tuple),
    names_markers=st.booleans(),
)


@given(DRAFTS)
def test_a_draft_survives_the_crossing(draft):
    assert draft == draft_from(json.loads(json.dumps(asdict(draft))))
