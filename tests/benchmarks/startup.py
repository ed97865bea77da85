"""How long the program takes to start, as CPU time, beside what it cannot be faster than. Run it with `make benchmark`.

Each command is a process of its own; they run in turn, so that a slow moment of the machine falls on all of them, and the median counts.
"""

import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROUNDS = 15
SAMPLE = Path(__file__).parents[2] / "data" / "fall-of-damascus.txt"


def cpu_seconds(command: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(document: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["VERIFY_DB"] = str(Path(folder) / "verify.db")
        verify = [sys.executable, "-m", "verify"]
        subprocess.run([*verify, "-q", "ingest", str(document)], check=True, stdout=subprocess.DEVNULL)
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            'python -c "import sqlalchemy, click"': [sys.executable, "-c", "import sqlalchemy, click"],
            "verify --help": [*verify, "--help"],
            "verify --version": [*verify, "--version"],
            "verify extract": [*verify, "extract", str(document)],
            "verify list": [*verify, "list"],
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(ROUNDS):
            for name, command in commands.items():
                times[name].append(cpu_seconds(command))
    nothing, imports = (statistics.median(times[name]) for name in list(commands)[:2])
    print(
        f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}; median CPU of {ROUNDS} runs, {document.name}"
    )
    for name, taken in times.items():
        median = statistics.median(taken)
        print(f"{name:38s} {median * 1000:6.0f} ms   {median / nothing:5.1f} x pass   {median / imports:5.2f} x imports")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLE)
