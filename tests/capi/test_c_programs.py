"""Programs in C: the examples, and the segmenter against the command line."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from capi_support import BIN, MODEL, ROOT, has_engine, labels_of_command_line, phantom, run

needs_engine = pytest.mark.skipif(not has_engine(), reason="no inference engine: see musclemap doctor")


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return phantom(tmp_path_factory.mktemp("image"))


@pytest.fixture(scope="module")
def labels(image: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return labels_of_command_line(image, tmp_path_factory.mktemp("labels"))


def test_metrics_example_prints_the_measures_of_its_buffers() -> None:
    done = run("musclemap_example_c_metrics")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[:2] == ["label 1: 62.2 ml, 20.0 % fat", "label 2: 62.2 ml, 40.0 % fat"]
    assert lines[2].startswith("Label,Anatomy,")
    assert len(lines) == 5


def test_cells_example_writes_labels_and_prints_a_table(tmp_path: Path) -> None:
    assert run("musclemap_capi_cells", tmp_path).returncode == 0  # which leaves a picture of two times
    model = ROOT / "tests" / "golden" / "cells" / "tiny_cpnet"
    labels = tmp_path / "labels.ome.tif"
    done = run("musclemap_example_c_cells", model, tmp_path / "picture.ome.tif", labels, "15")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert [line.partition(":")[0] for line in lines[:2]] == ["time 0", "time 1"]
    assert lines[2].startswith("Frame,")
    assert labels.read_bytes()[:2] == b"II"
    missing = run("musclemap_example_c_cells", tmp_path / "none", tmp_path / "picture.ome.tif", labels)
    assert missing.returncode == 1
    assert "none" in missing.stderr


@needs_engine
def test_segment_example_writes_what_the_command_line_writes(image: Path, labels: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.nii.gz"
    done = run("musclemap_example_c_segment", MODEL, image, out, "0")
    assert done.returncode == 0, done.stderr
    assert "needs at most" in done.stderr
    assert "] infer" in done.stderr
    assert out.read_bytes() == labels.read_bytes()


@needs_engine
def test_interrupt_ends_the_segment_example_without_a_file(image: Path, tmp_path: Path) -> None:
    command = [BIN / "musclemap_example_c_segment", MODEL, image, tmp_path / "out.nii.gz", "0.95"]
    process = subprocess.Popen(
        [str(part) for part in command],
        stderr=subprocess.PIPE,
        env={**os.environ, "OMP_WAIT_POLICY": "passive"},
    )
    assert process.stderr
    seen = b""
    while b"] infer" not in seen:
        more = os.read(process.stderr.fileno(), 4096)
        assert more, seen
        seen += more
    process.send_signal(signal.SIGINT)
    start = time.monotonic()
    _, rest = process.communicate(timeout=60)
    assert process.returncode == 130, rest
    assert time.monotonic() - start < 30
    assert list(tmp_path.iterdir()) == []


def test_segment_example_names_a_model_that_is_missing(tmp_path: Path) -> None:
    done = run("musclemap_example_c_segment", "/nonexistent.pth", "a.nii", tmp_path / "b.nii")
    assert done.returncode == 1
    assert "/nonexistent.pth" in done.stderr


@needs_engine
def test_segmenter(image: Path, labels: Path) -> None:
    done = run("musclemap_capi_segment", MODEL, image, labels)
    assert done.returncode == 0, done.stderr


@needs_engine
def test_segmenter_object(image: Path) -> None:
    done = run("musclemap_capi_segment_wrapper", MODEL, image)
    assert done.returncode == 0, done.stderr
