"""The wheel works alone: installed in an empty environment, outside the checkout, it makes a database, ingests and reports."""

import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent


def run(*command: str | Path, folder: Path) -> str:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("VERIFY", "PYTHON", "VIRTUAL"))}
    done = subprocess.run(
        [*map(str, command)], cwd=folder, env=clean, capture_output=True, text=True, check=False, timeout=300, encoding="utf-8"
    )

    assert done.returncode == 0, done.stderr
    return done.stdout


def test_an_installed_wheel_ingests_and_reports(tmp_path):
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path / "dist", ROOT, folder=tmp_path)
    (wheel,) = (tmp_path / "dist").glob("verify_claims-*.whl")
    venv.create(tmp_path / "env", with_pip=True)
    binaries = tmp_path / "env" / ("Scripts" if os.name == "nt" else "bin")
    run(binaries / "python", "-m", "pip", "install", "--quiet", wheel, folder=tmp_path)
    (tmp_path / "note.txt").write_text("A note (2024)\n\n[1] The gate was open.\n\n[2] Nobody came.\n", encoding="utf-8")

    assert "2 claims (2 new)" in run(binaries / "verify", "ingest", "note.txt", folder=tmp_path)
    assert "(head)" in run(binaries / "verify", "db", "current", folder=tmp_path)
    assert "The gate was open." in run(binaries / "verify", "report", "-f", "html", folder=tmp_path)
    assert "citation needed" in run(binaries / "verify", "tags", folder=tmp_path)
    shown = run(binaries / "python", "-c", "import verify; print(verify.__file__)", folder=tmp_path)
    assert Path(shown.strip()).is_relative_to(tmp_path)
