"""What jobs can run on: engines, flavors and built-in algorithms (5.1.12, 5.4)."""

from __future__ import annotations

import json
from typing import Any

from modelarts_ext.simulator.exchange import Exchange
from modelarts_ext.simulator.registry import behaviour, rule
from modelarts_ext.simulator.store import Record

_ENGINES: tuple[tuple[int, int, str, str], ...] = (
    (1, 1, "TensorFlow", "TF-1.8.0-python3.6"),
    (2, 1, "TensorFlow", "TF-1.13.1-python3.6"),
    (3, 2, "MXNet", "MXNet-1.2.1-python3.6"),
    (4, 3, "Ray", "RAY-0.7.4-python3.6"),
    (5, 4, "Caffe", "Caffe-1.0.0-python2.7"),
    (6, 5, "Spark_MLlib", "Spark-2.3.2-python3.6"),
    (7, 9, "XGBoost-Sklearn", "Scikit_Learn-0.18.1-python3.6"),
    (8, 10, "PyTorch", "PyTorch-1.0.0-python3.6"),
    (9, 12, "Horovod", "Horovod-0.16.2-TF-1.13.1-python3.6"),
)
_FLAVORS: tuple[tuple[int, str, str, int, str, str, int, int], ...] = (
    (1, "2", "8", 0, "", "modelarts.vm.cpu.2u", 1, 2),
    (2, "8", "32", 0, "", "modelarts.vm.cpu.8u", 4, 4),
    (3, "8", "64", 1, "nvidia-p100", "modelarts.vm.gpu.p100", 8, 4),
    (4, "8", "64", 1, "nvidia-v100", "modelarts.vm.gpu.v100", 12, 8),
)
_ALGORITHMS: tuple[tuple[int, str, int, str, int, str], ...] = (
    (1, "ResNet_v1_50", 1, "74.2%(top1)", 102_000_000, "batch_size"),
    (2, "Faster_RCNN_ResNet_v1_50", 2, "73.6%(mAP)", 134_000_000, "lr"),
    (3, "DeepLab_ResNet_v1_50", 3, "71.0%(mIoU)", 156_000_000, "lr"),
    (4, "BERT_base", 4, "84.4%(acc)", 440_000_000, "max_length"),
    (5, "FaceNet", 5, "99.1%(acc)", 95_000_000, "embedding_size"),
)
_ADDED = 1_530_000_000_000


def engines() -> list[Record]:
    """Return the built-in engines."""
    names = ("engine_id", "engine_type", "engine_name", "engine_version")
    return [dict(zip(names, row, strict=True)) for row in _ENGINES]


def flavors() -> list[Record]:
    """Return the built-in flavors of jobs, without what an answer fills in by itself: members of the least value."""
    names = ("spec_id", "core", "cpu", "gpu_num", "gpu_type", "spec_code", "unit_num", "max_num")
    return [dict(zip(names, row, strict=True)) for row in _FLAVORS]


def algorithms() -> list[Record]:
    """Return the built-in algorithms."""
    return [_algorithm(*row) for row in _ALGORITHMS]


def known(exchange: Exchange, operation_id: str, records: list[Record], key: str, value: object) -> Record | None:
    """Return the record with that id among the built-in ones and those seeded for their list."""
    everything = [*exchange.all(f"seed:{operation_id}"), *records]
    return next((record for record in everything if str(record.get(key)) == str(value)), None)


@behaviour("list_engines")
@rule("SPEC-001", "documented", "the engines come in one answer", source="5.4.2")
def list_engines(exchange: Exchange) -> Any:
    """Answer every engine; all of them serve training and inference."""
    return exchange.answer({"engines": [*engines(), *exchange.seeds()]})


@behaviour("list_job_flavors")
@rule("SPEC-002", "documented", "the flavors come in one answer, with their number", source="5.4.1")
@rule("SPEC-003", "inferred", "an engine that is not known runs on no flavor")
def list_job_flavors(exchange: Exchange) -> Any:
    """Answer every flavor; each of them runs every engine."""
    engine = exchange.asked("engine_id")
    runs = not engine or known(exchange, "list_engines", engines(), "engine_id", engine) is not None
    found = [*flavors(), *exchange.seeds()] if runs else []
    return exchange.answer({"spec_total_count": len(found), "specs": found})


@behaviour("list_algorithms")
@rule("SPEC-004", "documented", "algorithms are sorted by engine, falling, unless asked otherwise", source="5.1.12")
@rule("SPEC-005", "inferred", "a search looks for a part of the algorithm's name, whatever the case")
def list_algorithms(exchange: Exchange) -> Any:
    """Answer one page of the built-in algorithms."""
    text = str(exchange.asked("search_content")).casefold()
    found = [record for record in [*algorithms(), *exchange.seeds()] if text in str(record["model_name"]).casefold()]
    member = str(exchange.asked("sortBy"))
    member = "engine_name" if member == "engine" else member
    found.sort(key=lambda record: record["model_id"])
    found.sort(key=lambda record: record.get(member, ""), reverse=exchange.asked("order") == "desc")
    return exchange.answer({"model_total_count": len(found), "models": exchange.page(found)})


def _algorithm(model_id: int, name: str, usage: int, precision: str, size: int, label: str) -> Record:
    parameter = {"label": label, "value": "", "placeholder_cn": "", "placeholder_en": "", "required": True}
    engine = engines()[0]
    return {
        "model_id": model_id,
        "model_name": name,
        "model_usage": usage,
        "model_precision": precision,
        "model_size": size,
        "model_train_dataset": "a public data set",
        "model_dataset_format": "shape: [H, W, C]; type: uint8",
        "model_description_url": f"https://example.com/algorithms/{model_id}",
        "parameter": json.dumps([parameter], separators=(",", ":")),
        "create_time": _ADDED + model_id * 86_400_000,
        "engine_id": engine["engine_id"],
        "engine_name": engine["engine_name"],
        "engine_version": engine["engine_version"],
    }
