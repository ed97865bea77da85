"""A scorer that runs a local model for natural language inference: a folder with `model.onnx`, `tokenizer.json` and `config.json`, as the usual
export of such a model makes it. Nothing is downloaded. Needs the extra `models`.

The passages most like the claim are its premises, the claim the hypothesis. How likely each entails or contradicts the claim is the model's word;
which passages, words and cues are shown, the embedded scorer's.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from verify.errors import ReadError, UsageError
from verify.evidence.assess import assess as read_alone
from verify.evidence.source import SourceText
from verify.model.assessment import Assessment, Verdict
from verify.terminal import one_line

_PREMISES = 5
_LONGEST = 512
_EVEN = 0.5


class Transformer:
    """A model of a folder. `version` is made of the model's bytes, so that another model assesses anew."""

    def __init__(self, folder: Path) -> None:
        self.name = f"transformer:{folder.name}"
        self._tokenizer, self._session, self._labels, self.version = _loaded(folder)

    def assess(self, claim: str, source: SourceText, *, title: str = "", section: str = "", context: str = "") -> Assessment:
        """Let the model judge the passages that the embedded scorer picks, singly and the best of them together."""
        alone = read_alone(claim, source, title=title, section=section, context=context)
        if not alone.passages:
            return replace(alone, scorer=self.name, version=self.version, score=0.0)
        passages = [passage.exact for passage in alone.passages[:_PREMISES]]
        premises = [*passages, " ".join(passages)] if len(passages) > 1 else passages
        judged = [self._judge(premise, claim) for premise in premises]
        supports, denies = max(entails for entails, _ in judged), max(contradicts for _, contradicts in judged)
        verdict, why = _verdict(supports, denies, alone)
        score = 1.0 if alone.verbatim else supports if verdict is Verdict.SUPPORTED else min(supports, 1 - _EVEN - 0.01)
        return replace(alone, scorer=self.name, version=self.version, verdict=verdict, score=round(score, 4), why=why)

    def _judge(self, premise: str, hypothesis: str) -> tuple[float, float]:
        """How likely a premise entails the hypothesis, and contradicts it."""
        import numpy as np

        encoded = self._tokenizer.encode(premise, hypothesis)
        given = {"input_ids": encoded.ids, "attention_mask": encoded.attention_mask, "token_type_ids": encoded.type_ids}
        wanted = [value.name for value in self._session.get_inputs()]
        feed = {name: np.asarray([given[name]], dtype=np.int64) for name in wanted}
        logits = self._session.run(None, feed)[0][0]
        weights = np.exp(logits - logits.max())
        shares = weights / weights.sum()
        return float(shares[self._labels["entailment"]]), float(shares[self._labels["contradiction"]])


def scorer(folder: str) -> Transformer:
    """Give the scorer of a folder. Raises UsageError where the extra is missing, ReadError for a folder that holds no such model."""
    try:
        import onnxruntime
        import tokenizers
    except ImportError as error:
        raise UsageError("a local model needs more: pip install 'verify-claims[models]'") from error
    del onnxruntime, tokenizers
    return Transformer(Path(folder))


def _verdict(supports: float, denies: float, alone: Assessment) -> tuple[Verdict, str]:
    if alone.verbatim:
        return Verdict.SUPPORTED, alone.why
    if denies > max(supports, _EVEN):
        return Verdict.CONTRADICTED, f"likely problem: the model takes a passage to deny the claim ({denies:.0%})"
    if alone.verdict is Verdict.CONTRADICTED:
        return Verdict.CONTRADICTED, alone.why
    if supports >= _EVEN:
        return Verdict.SUPPORTED, f"words found: the model takes a passage to hold the claim ({supports:.0%})"
    if alone.verdict is Verdict.NOT_FOUND:
        return Verdict.NOT_FOUND, alone.why
    return Verdict.PARTIALLY_SUPPORTED, f"needs reading: the model is not sure ({supports:.0%})"


def _loaded(folder: Path) -> tuple[Any, Any, dict[str, int], str]:
    """The tokenizer, the session, the places of the labels, and a version of a folder's model."""
    from onnxruntime import InferenceSession, SessionOptions
    from tokenizers import Tokenizer

    place = one_line(str(folder))
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        model = (folder / "model.onnx").read_bytes()
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        options = SessionOptions()
        options.log_severity_level = 3
        session = InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except OSError as error:
        missing = Path(error.filename).name if error.filename else "a file"
        raise ReadError(f"{place} holds no model: {missing} {(error.strerror or 'cannot be read').lower()}") from error
    except Exception as error:
        raise ReadError(f"{place} holds no model that can be run: {one_line(str(error))[:200]}") from error
    tokenizer.enable_truncation(_LONGEST, strategy="only_first")
    return tokenizer, session, _label_places(config.get("id2label"), place), sha256(model).hexdigest()[:12]


def _label_places(named: object, place: str) -> dict[str, int]:
    """Where the model gives which label, whatever its spelling. Raises ReadError where it is no model for inference."""
    given: Sequence[tuple[str, object]] = list(named.items()) if isinstance(named, dict) else []
    found: dict[str, int] = {}
    for number, label in given:
        for wanted in ("entailment", "contradiction"):
            if str(label).casefold().startswith(wanted[:6]) and str(number).isdecimal():
                found[wanted] = int(number)
    if len(found) < 2:  # noqa: PLR2004 - the two that count
        raise ReadError(f"{place}: its config.json names no labels entailment and contradiction: it is no model for inference")
    return found
