"""Scorers by the name that a user gives: the embedded one, those of plug-ins, a local model's folder, a model behind a service."""

import json
import os
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from verify.errors import UsageError, VerifyError
from verify.evidence.scorers import Scorer, scorer_named
from verify.terminal import one_line

from .gather import Network

if TYPE_CHECKING:
    from verify.sources.fetch import Response

SERVICE = "openai:"
MODEL = "transformer:"
ADDRESS, KEY = "OPENAI_BASE_URL", "OPENAI_API_KEY"
"""Where the service is and what it is told, by the names that its own programs use."""
_OFFICIAL = "https://api.openai.com/v1"
_SECONDS, _TRIES, _FIRST_WAIT, _LARGEST = 120.0, 3, 0.25, 2 * 2**20
_OK = 200
_AGAIN = frozenset({408, 409, 429, 500, 502, 503, 504})


def open_scorer(name: str, network: Network, environ: Mapping[str, str] = os.environ) -> Scorer:
    """Give the scorer of a name. Raises UsageError where there is none, where a service is asked for offline, or without its key."""
    if name.startswith(MODEL):
        from verify.evidence.scorers.transformer import scorer

        return scorer(name.removeprefix(MODEL))
    if not name.startswith(SERVICE):
        return scorer_named(name)
    model = name.removeprefix(SERVICE).strip()
    if not model:
        raise UsageError(f"name the service's model: {SERVICE}MODEL")
    if network.offline:
        raise UsageError(f"{one_line(name)} is a service, and you are offline")
    from verify.evidence.scorers.service import Service

    return Service(model, _Chat(network, environ))


class _Chat:
    """Asks the service that the environment names. Its host was named by the user, so it may stand at home."""

    def __init__(self, network: Network, environ: Mapping[str, str]) -> None:
        from verify.sources.fetch import Fetcher, Limits

        address, key = environ.get(ADDRESS, "").strip() or _OFFICIAL, environ.get(KEY, "").strip()
        if not key and address == _OFFICIAL:
            raise UsageError(f"the service wants a key: set {KEY}, or {ADDRESS} to a service that wants none")
        self._url = f"{address.rstrip('/')}/chat/completions"
        self._fetcher = Fetcher(network.contact, network.allowed | {urlsplit(address).hostname or ""}, Limits(_SECONDS, _LARGEST))
        self._headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {key}"} if key else {})}

    def __call__(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        """Ask, and ask again where the service is out of breath. Raises VerifyError where no answer comes."""
        body, deadline = json.dumps(request).encode(), time.monotonic() + _SECONDS
        for tried in range(1, _TRIES):
            wait = _FIRST_WAIT * 2**tried
            try:
                answer = self._post(body)
            except ServiceError:
                pass
            else:
                if answer.status not in _AGAIN:
                    return _read(answer)
                wait = answer.retry_after if answer.retry_after is not None else wait
            if time.monotonic() + wait > deadline:
                break
            time.sleep(wait)
        return _read(self._post(body))

    def _post(self, body: bytes) -> "Response":
        from verify.sources.fetch import FetchError

        try:
            return self._fetcher.post(self._url, body, headers=self._headers)
        except FetchError as error:
            raise ServiceError(f"the service did not answer: {error}") from error


class ServiceError(VerifyError):
    """The service could not be reached, or did not answer in time."""


def _read(answer: "Response") -> Mapping[str, Any]:
    """Read an answer; one that is no JSON object is an empty one. Raises VerifyError for a refusal."""
    if answer.status != _OK:
        raise VerifyError(f"the service refused with status {answer.status}: {one_line(answer.body[:200].decode('utf-8', 'replace'))}")
    try:
        facts = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return facts if isinstance(facts, dict) else {}
