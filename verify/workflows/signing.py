"""Signed heads: who saw the trail end where, in words that a person can read and a signature that OpenSSH makes and checks.

`ssh-keygen -Y` does both (its manual, ssh-keygen(1), and PROTOCOL.sshsig of OpenSSH say how), so that nobody needs a key of ours. It is never asked
anything: without a terminal and with its pop-ups off, a key with a passphrase is refused and not waited for.
"""

import os
import re
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from verify.errors import VerifyError
from verify.model import TrailHead
from verify.store import trail
from verify.store.columns import utc_text
from verify.terminal import one_line

NAMESPACE = "verify-trail"
"""What signatures are for: one made for mail or git counts for nothing here."""

_TIMEOUT = 60
"""Seconds: a key that wants a finger on it waits for one."""
_LONGEST = 100_000
_ARMOUR = "-----BEGIN SSH SIGNATURE-----"
_STATEMENT = """{namespace} {head}
This is the head of the trail of a ledger: its entry {sequence}, written at {at}.
Whoever signed this saw the trail end there. Whether that entry, and so all before it, still is what it was, is found out by
verify trail verify --signed-head THIS-FILE --allowed-signers FILE
"""
_KEY = re.compile(r"with (?P<key>\S+ key \S+)")


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head that was signed: by which key, and as whom that is allowed to. `fault` says why the signature does not count, empty where it does."""

    head: TrailHead
    key: str = ""
    signer: str = ""
    fault: str = ""


def sign_head(head: TrailHead, key: Path) -> str:
    """Give the statement of a head with its signature. Raises VerifyError where the key cannot sign."""
    if head.at is None:
        raise VerifyError("the trail is empty: there is no head to sign")
    _read(key, most=1)
    statement = _STATEMENT.format(namespace=NAMESPACE, head=trail.head_text(head), sequence=head.sequence, at=utc_text(head.at))
    done = _keygen("sign", "-f", str(key), statement=statement)
    if done.returncode == 0 and _ARMOUR in done.stdout:
        return statement + done.stdout
    name, why = one_line(str(key)), done.stderr.strip()
    if "passphrase" in why:
        raise VerifyError(
            f"{name} needs its passphrase, which is not asked for here:\nadd it to ssh-agent, and name its public half, {name}.pub"
        )
    if "load public key" in why:
        raise VerifyError(f"{name} is no SSH key, or its public half, {name}.pub, is not beside it")
    raise VerifyError(f"ssh-keygen could not sign with {name}: {one_line(why.splitlines()[-1] if why else 'it did not say why')}")


def signed_head(path: Path, allowed: Path, signer: str = "") -> SignedHead:
    """Read a signed head, and check that its signature is good and its signer among the allowed ones, as `signer` where one is named.

    `allowed` is a file as ssh-keygen(1) describes under ALLOWED SIGNERS. Raises VerifyError where a file cannot be read or is none of the kind.
    """
    statement, signature = _parts(path)
    head = trail.head_of(statement.splitlines()[0].removeprefix(NAMESPACE))
    _read(allowed, most=1)
    with tempfile.TemporaryDirectory(prefix="verify-") as folder:
        written = Path(folder) / "signature"
        written.write_text(signature, encoding="utf-8")
        good = _keygen("check-novalidate", "-s", str(written), statement=statement)
        if good.returncode != 0:
            return SignedHead(head, fault="its signature does not fit: what was signed is something else")
        key = found["key"] if (found := _KEY.search(good.stdout)) else "an unnamed key"
        for name in [signer] if signer else _principals(written, allowed):
            if _keygen("verify", "-f", str(allowed), "-I", name, "-s", str(written), statement=statement).returncode == 0:
                return SignedHead(head, key, name)
    return SignedHead(
        head, key, fault=f"{one_line(str(allowed))} does not allow its signer" + (f" as {one_line(signer)}" if signer else "") + f" ({key})"
    )


def _parts(path: Path) -> tuple[str, str]:
    """The statement and the signature of a file."""
    content = _read(path)
    statement, armour, rest = content.partition(f"\n{_ARMOUR}")
    if not armour or not statement.startswith(f"{NAMESPACE} "):
        raise VerifyError(f"{one_line(str(path))} is no signed head: `verify trail head --sign-with KEY -o FILE` writes one")
    return f"{statement}\n", f"{_ARMOUR}{rest}"


def _read(path: Path, most: int = _LONGEST) -> str:
    """The beginning of a file. Raises VerifyError where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(most).decode("utf-8", "replace")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise VerifyError(f"{one_line(str(path))} cannot be read: {one_line(why.lower())}") from error


def _principals(signature: Path, allowed: Path) -> Sequence[str]:
    """As whom the signer is allowed to sign."""
    return _keygen("find-principals", "-s", str(signature), "-f", str(allowed)).stdout.split("\n")[:-1]


def _keygen(what: str, *arguments: str, statement: str = "") -> "subprocess.CompletedProcess[str]":
    """Let ssh-keygen do something with a statement, without a terminal or a window that it could ask at."""
    environment = {name: value for name, value in os.environ.items() if name not in ("SSH_ASKPASS", "DISPLAY", "WAYLAND_DISPLAY")}
    namespace = () if what == "find-principals" else ("-n", NAMESPACE)
    try:
        done = subprocess.run(
            ["ssh-keygen", "-Y", what, *namespace, *arguments],
            input=statement,
            capture_output=True,
            encoding="utf-8",
            errors="backslashreplace",
            env={**environment, "SSH_ASKPASS_REQUIRE": "never", "LC_ALL": "C"},
            start_new_session=True,
            timeout=_TIMEOUT,
            check=False,
        )
    except FileNotFoundError as error:
        raise VerifyError("there is no ssh-keygen here, which signs and checks: it comes with OpenSSH") from error
    except subprocess.TimeoutExpired as error:
        raise VerifyError(f"ssh-keygen did not answer within {_TIMEOUT} seconds") from error
    if "usage:" in done.stderr:
        raise VerifyError("ssh-keygen is too old to sign: OpenSSH 8.2 or newer can")
    return done
