"""What a user has set, and where: which place wins, and what is refused."""

import getpass
import subprocess

import pytest

from verify.errors import UsageError
from verify.settings import Settings, load_settings, reviewer_name


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder to work in, with a home of its own and nothing set."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home" / "config"))
    place = tmp_path / "project" / "drafts"
    place.mkdir(parents=True)
    return place


@pytest.fixture
def environ(tmp_path):
    return {"HOME": str(tmp_path / "home")}


def test_nothing_set(folder, environ):
    """The defaults: a file beside the user, and the document decides on its markers."""
    assert Settings("verify.db", "", "auto", "") == load_settings(folder, environ=environ)


def test_nearest_place_wins(folder, tmp_path, environ):
    """The user's file, then the project's, then the environment; each sets only what it names."""
    mine = tmp_path / "home" / "config" / "verify"
    mine.mkdir(parents=True)
    (mine / "verify.toml").write_text('reviewer = "me"\nlanguage = "de"\nmarkers = "trailing"\n')
    (folder.parent / "verify.toml").write_text('markers = "leading"\nlanguage = "fr"\n')

    assert Settings("verify.db", "me", "leading", "fr") == load_settings(folder, environ=environ)
    assert Settings("a.db", "me", "leading", "it") == load_settings(
        folder, environ={**environ, "VERIFY_DB": "a.db", "VERIFY_LANGUAGE": "it", "VERIFY_REVIEWER": " "}
    )
    assert Settings("verify.db", "you", "auto", "") == load_settings(
        folder, environ={**environ, "VERIFY_REVIEWER": "you", "VERIFY_MARKERS": "auto", "VERIFY_LANGUAGE": ""}, config=empty(tmp_path)
    )


def empty(tmp_path):
    path = tmp_path / "empty.toml"
    path.touch()
    return path


def test_database_is_beside_the_file_that_names_it(folder, tmp_path, environ):
    """Whatever folder below it the user is in; an address stays as it is."""
    (folder.parent / "verify.toml").write_text('db = "ledger/claims.db"\n')
    (tmp_path / "other.toml").write_text('db = "postgresql://localhost/claims"\n')

    assert str(folder.parent / "ledger" / "claims.db") == load_settings(folder, environ=environ).db
    assert "postgresql://localhost/claims" == load_settings(folder, environ=environ, config=tmp_path / "other.toml").db


@pytest.mark.parametrize(
    ("pyproject", "markers"),
    [
        ('[tool.verify]\nmarkers = "leading"\n', "leading"),
        ('[project]\nname = "x"\n', "trailing"),
        ("[tool.black]\n", "trailing"),
        ("[tool.verify]\n", "auto"),
    ],
)
def test_pyproject_counts_where_it_speaks_of_us(folder, environ, pyproject, markers):
    """One without our table is passed by on the way up."""
    (folder / "pyproject.toml").write_text(pyproject)
    (folder.parent / "verify.toml").write_text('markers = "trailing"\n')

    assert markers == load_settings(folder, environ=environ).markers


def test_own_file_stands_before_pyproject(folder, environ):
    """In one folder `verify.toml` is the one that counts."""
    (folder / "pyproject.toml").write_text('[tool.verify]\nmarkers = "leading"\nlanguage = "de"\n')
    (folder / "verify.toml").write_text('markers = "trailing"\n')

    assert Settings("verify.db", "", "trailing", "") == load_settings(folder, environ=environ)


def test_search_ends_at_the_repository(folder, environ):
    """What stands above a repository is not of this project."""
    (folder.parent / "verify.toml").write_text('markers = "leading"\n')
    (folder / ".git").mkdir()

    assert "auto" == load_settings(folder, environ=environ).markers


def test_search_ends_at_a_closed_folder(folder, environ, monkeypatch):
    """A folder above that we may not look into is no error."""

    def closed(path, **_):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("pathlib.Path.is_file", lambda path: closed(path) if path.parent == folder.parent else False)

    assert Settings() == load_settings(folder, environ=environ)


FAULTS = [
    ("verify.toml", "db = ", "cannot read the settings in "),
    ("verify.toml", b"\xff\xfe", "cannot read the settings in "),
    ("verify.toml", 'colour = "red"\n', "'colour' is not a setting; there are: allow_hosts, contact, db, fetch_delay, "),
    ("verify.toml", "reviewer = 3\n", "'reviewer' is not a text in quotes"),
    ("verify.toml", '[tool.verify]\ndb = "a.db"\n', "'tool' is not a setting"),
    ("verify.toml", '"\\u001b[31m" = "red"\n', r"'\x1b[31m' is not a setting"),
    ("pyproject.toml", '[[tool.verify]]\ndb = "a.db"\n', "tool.verify is no table of settings"),
    ("pyproject.toml", 'tool = "[tool.verify]"\n', "tool.verify is no table of settings"),
    ("pyproject.toml", "[tool.verify\n", "cannot read the settings in "),
]


@pytest.mark.parametrize(("name", "content", "says"), FAULTS, ids=[says for _, _, says in FAULTS])
def test_what_cannot_be_settings_is_refused(folder, environ, name, content, says):
    """In one line that names the file."""
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(UsageError) as refused:
        load_settings(folder, environ=environ)

    assert says in str(refused.value)
    assert str(folder / name) in str(refused.value)
    assert str(refused.value).isprintable()


@pytest.mark.parametrize("config", ["missing.toml", "."])
def test_settings_that_are_not_there(folder, environ, config):
    """A file that was named has to be one."""
    with pytest.raises(UsageError, match=r"cannot read the settings in .*: (no such file or directory|is a directory)"):
        load_settings(folder, environ=environ, config=folder / config)


def test_reviewer(folder, monkeypatch):
    """The name given, the one set, git's, the system's: the first that is not blank, on one line."""
    monkeypatch.chdir(folder)
    monkeypatch.setattr(getpass, "getuser", lambda: "eve")
    for key, value in {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_CEILING_DIRECTORIES": str(folder.parent)}.items():
        monkeypatch.setenv(key, value)

    assert "Ann A." == reviewer_name(Settings(reviewer="bea"), " Ann\n A. ")
    assert "bea" == reviewer_name(Settings(reviewer="bea"), "  ")
    assert "eve" == reviewer_name(Settings(reviewer="\t"))
    subprocess.run(["git", "init", "-q"], check=True)
    subprocess.run(["git", "config", "user.name", "Dora Git"], check=True)
    assert "Dora Git" == reviewer_name(Settings())


@pytest.mark.parametrize("fault", [OSError("no such user"), KeyError(1000)])
def test_reviewer_whom_nobody_knows(folder, monkeypatch, fault):
    """Without git and without an entry for the user there is still a name."""

    def nobody():
        raise fault

    monkeypatch.setattr(getpass, "getuser", nobody)
    monkeypatch.setenv("PATH", str(folder))

    assert "unknown" == reviewer_name(Settings())


@pytest.mark.parametrize(
    ("written", "offline"),
    [("", False), ("no", False), ("OFF", False), ("0", False), ("false", False), ("yes", True), ("1", True), ("On", True), ("true", True)],
)
def test_offline_is_a_yes_or_a_no(folder, environ, written, offline):
    assert offline is load_settings(folder, environ={**environ, "VERIFY_OFFLINE": written}).is_offline


def test_files_give_numbers_and_truths_as_they_are(folder, environ):
    """Quotes around them are allowed, and not asked for."""
    (folder / "verify.toml").write_text('offline = true\nfetch_delay = 2.5\nfetch_workers = 3\nfetch_seconds = "9"\n')
    found = load_settings(folder, environ=environ)

    assert (True, 2.5, 3, 9, 20) == (
        found.is_offline,
        *(found.number(f"fetch_{name}", least=0, most=100) for name in ("delay", "workers", "seconds", "megabytes")),
    )


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ({"offline": "perhaps"}, "the setting offline = 'perhaps' is neither yes nor no"),
        ({"fetch_delay": "soon"}, "the setting fetch_delay = 'soon' is no number from 0 to 60"),
        ({"fetch_delay": "-1"}, "the setting fetch_delay = '-1' is no number from 0 to 60"),
        ({"fetch_delay": "nan"}, "the setting fetch_delay = 'nan' is no number from 0 to 60"),
        ({"fetch_delay": "\x1b[2J"}, r"the setting fetch_delay = '\\x1b[2J' is no number from 0 to 60"),
    ],
)
def test_what_a_setting_cannot_be(setting, says):
    with pytest.raises(UsageError) as error:
        _ = Settings(**setting).is_offline, Settings(**setting).number("fetch_delay", least=0, most=60)

    assert says in str(error.value)
