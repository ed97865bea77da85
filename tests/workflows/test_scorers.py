"""A service is asked over the network as it is: slow, out of breath, wrong, or gone."""

import json
import threading

import pytest
from loopback import send, serving

from verify.errors import UsageError, VerifyError
from verify.evidence.source import SourceText
from verify.model import Verdict
from verify.workflows import scorers
from verify.workflows.gather import Network
from verify.workflows.scorers import open_scorer

SOURCE = "The bridge was opened in May 1998."
SAID = {"verdict": "supported", "score": 0.9, "quotes": [SOURCE], "problems": []}


def answered(handler, content=SAID):
    body = json.dumps({"choices": [{"message": {"content": json.dumps(content)}}], "usage": {"prompt_tokens": 9}}).encode()
    send(handler, body, Content_Type="application/json")


def assess(url, **environ):
    scorer = open_scorer("openai:tiny", Network(), {"OPENAI_BASE_URL": f"{url}/v1", **environ})
    return scorer.assess("The bridge opened in 1998.", SourceText.of(SOURCE))


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    waits = []
    monkeypatch.setattr(scorers.time, "sleep", waits.append)
    return waits


def test_a_service_is_asked_with_its_key():
    with serving(lambda handler: (handler.rfile.read(int(handler.headers["Content-Length"])), answered(handler))) as server:
        found = assess(server.url, OPENAI_API_KEY="secret")

    assert (found.verdict, found.cost) == (Verdict.SUPPORTED, {"prompt_tokens": 9})
    assert server.paths == ["/v1/chat/completions"]
    assert server.asked[0].headers["authorization"] == "Bearer secret"


def test_a_service_out_of_breath_is_asked_again(no_waiting):
    answers = iter([503, 429])

    def answer(handler):
        handler.rfile.read(int(handler.headers["Content-Length"]))
        status = next(answers, 200)
        send(handler, b"", status, Retry_After="1") if status != 200 else answered(handler)

    with serving(answer) as server:
        assert assess(server.url).verdict is Verdict.SUPPORTED
    assert len(server.paths) == 3
    assert no_waiting == [1.0, 1.0]


@pytest.mark.parametrize(("status", "asked"), [(401, 1), (400, 1), (500, 3)])
def test_a_refusal_is_told(status, asked):
    def answer(handler):
        handler.rfile.read(int(handler.headers["Content-Length"]))
        send(handler, b'{"error": "no \x1b[31m such key"}', status)

    with serving(answer) as server, pytest.raises(VerifyError, match=f"refused with status {status}") as told:
        assess(server.url)
    assert len(server.paths) == asked
    assert "\x1b" not in str(told.value)


def test_a_service_that_is_slow_is_given_up(monkeypatch):
    monkeypatch.setattr(scorers, "_SECONDS", 0.2)
    done = threading.Event()
    with serving(lambda _: done.wait(5)) as server:
        with pytest.raises(VerifyError, match="did not answer"):
            assess(server.url)
        done.set()


def test_what_is_no_json_is_dropped():
    def answer(handler):
        handler.rfile.read(int(handler.headers["Content-Length"]))
        send(handler, b"<html>a proxy's page</html>")

    with serving(answer) as server:
        found = assess(server.url)
    assert (found.verdict, found.score) == (Verdict.NOT_FOUND, 0.0)
    assert "dropped" in found.why


@pytest.mark.parametrize(
    ("name", "network", "environ", "says"),
    [
        ("openai:", Network(), {}, "name the service's model"),
        ("openai:x", Network(), {}, "OPENAI_API_KEY"),
        ("openai:x", Network(offline=True), {"OPENAI_API_KEY": "k"}, "offline"),
        ("nobody", Network(), {}, "there is no scorer"),
    ],
)
def test_what_cannot_be_asked_is_said_before(name, network, environ, says):
    with pytest.raises(UsageError, match=says):
        open_scorer(name, network, environ)


def test_the_embedded_scorer_needs_nothing():
    assert open_scorer("embedded", Network(offline=True), {}).name == "embedded"
