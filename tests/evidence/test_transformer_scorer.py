"""A local model is loaded from a folder and run: here a tiny one that the test makes, which entails where premise and claim share their last word."""

import json

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from verify.errors import ReadError
from verify.evidence.scorers.transformer import scorer
from verify.evidence.source import SourceText
from verify.model import Verdict

WORDS = ["[UNK]", "bridge", "opened", "wide", "closed", "storm", "rain", "harvest", "village", "council"]
YES, NO = 2, 4
"""The model entails where `opened` stands anywhere, and contradicts where `closed` does."""


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A model whose logits count words: entailment those of `opened`, contradiction those of `closed`, twice as much."""
    folder = tmp_path_factory.mktemp("tiny")
    table = np.zeros((len(WORDS), 3), dtype=np.float32)
    table[YES, 0], table[NO, 2] = 3.0, 9.0
    table[:, 1] = 0.001
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["rows"]),
        helper.make_node("ReduceSum", ["rows", "axis"], ["logits"], keepdims=0),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, None])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, 3])],
        [numpy_helper.from_array(table, "table"), numpy_helper.from_array(np.array([1], dtype=np.int64), "axis")],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(made, folder / "model.onnx")
    tokenizer = Tokenizer(WordLevel({word: n for n, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    labels = {"0": "ENTAILMENT", "1": "neutral", "2": "Contradiction"}
    (folder / "config.json").write_text(json.dumps({"id2label": labels}))
    return folder


@pytest.mark.parametrize(
    ("claim", "source", "verdict"),
    [
        ("bridge opened by council", "In the village the bridge was opened after the rain.", Verdict.SUPPORTED),
        ("bridge for the village", "The bridge was closed by a storm in the village.", Verdict.CONTRADICTED),
        ("bridge wide as a river", "The bridge carries a harvest over the river.", Verdict.PARTIALLY_SUPPORTED),
        ("bridge opened by council", "Barley grows here.", Verdict.NOT_FOUND),
    ],
)
def test_the_model_decides_on_the_passages(model, claim, source, verdict):
    found = scorer(str(model)).assess(claim, SourceText.of(source))

    assert found.verdict is verdict
    assert found.scorer == f"transformer:{model.name}"
    assert bool(found.passages) is (verdict is not Verdict.NOT_FOUND)
    assert (found.score >= 0.5) is (verdict is Verdict.SUPPORTED)


def test_another_model_is_another_version(model, tmp_path):
    for name in ("tokenizer.json", "config.json"):
        (tmp_path / name).write_bytes((model / name).read_bytes())
    other = onnx.load(model / "model.onnx")
    other.doc_string = "another"
    onnx.save(other, tmp_path / "model.onnx")

    assert scorer(str(model)).version == scorer(str(model)).version != scorer(str(tmp_path)).version


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("model.onnx", None, "model.onnx no such file"),
        ("model.onnx", b"not a model", "no model that can be run"),
        ("tokenizer.json", b"{}", "no model that can be run"),
        ("config.json", b"{}", "no labels entailment"),
        ("config.json", b"{", "no model that can be run"),
    ],
)
def test_a_folder_without_a_model_is_told_in_a_line(model, tmp_path, name, content, says):
    for other in ("model.onnx", "tokenizer.json", "config.json"):
        (tmp_path / other).write_bytes((model / other).read_bytes())
    if content is None:
        (tmp_path / name).unlink()
    else:
        (tmp_path / name).write_bytes(content)

    with pytest.raises(ReadError, match=says):
        scorer(str(tmp_path))


def test_a_premise_beyond_the_model_is_cut(model):
    source = "bridge opened " + "and then some more words about the bridge " * 5000

    assert scorer(str(model)).assess("bridge opened by council", SourceText.of(source)).verdict is Verdict.SUPPORTED
