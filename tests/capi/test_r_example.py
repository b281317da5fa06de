"""The R example: built as its head says, run on arrays, compared with the command line's table."""

from __future__ import annotations

import csv
import gzip
import json
import os
import shutil
import signal
import struct
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
from capi_support import LIBRARY, ROOT, phantom, run

EXAMPLE = ROOT / "examples" / "r"
MISSING = [program for program in ("R", "Rscript", "make") if shutil.which(program) is None]
TIME_LIMIT_SECONDS = 300
ARRAYS = """
arguments <- commandArgs(trailingOnly = TRUE)
source(file.path(arguments[1], "musclemap.R"))
mm_load("musclemap_r.so")
shape <- c({shape})
count <- prod(shape)
image <- array(readBin("image.bin", "double", count), shape)
labels <- array(readBin("labels.bin", "integer", count), shape)
affine <- matrix(c({affine}), 4, 4, byrow = TRUE)
"""

pytestmark = [
    pytest.mark.skipif(bool(MISSING), reason=f"absent: {', '.join(MISSING)} (packages r-base-core, make)"),
    pytest.mark.skipif(not LIBRARY.exists(), reason=f"no library: {LIBRARY}"),
]


def voxels(file: Path) -> tuple[np.ndarray, np.ndarray]:
    """Array and affine of a compressed file of 16-bit integers."""
    data = gzip.decompress(file.read_bytes())
    assert struct.unpack_from("<h", data, 70)[0] == 4
    shape = struct.unpack_from("<3h", data, 42)
    offset = int(struct.unpack_from("<f", data, 108)[0])
    affine = np.vstack([np.array(struct.unpack_from("<12f", data, 280)).reshape(3, 4), [0, 0, 0, 1]])
    return np.frombuffer(data, "<i2", int(np.prod(shape)), offset).reshape(shape, order="F"), affine


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the shim, a phantom and the phantom's voxels as R reads them."""
    folder = tmp_path_factory.mktemp("r")
    shutil.copy(EXAMPLE / "musclemap_r.c", folder)
    flags = {
        "PKG_CPPFLAGS": f"-I{ROOT / 'capi' / 'include'}",
        "PKG_LIBS": f"-L{LIBRARY.parent} -Wl,-rpath,{LIBRARY.parent} -lmusclemap",
        "PKG_CFLAGS": "-Wall -Wextra -Wno-cast-function-type -Werror",
    }
    command = ["R", "CMD", "SHLIB", "musclemap_r.c"]
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **flags}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    image, _ = voxels(phantom(folder))
    labels, _ = voxels(folder / "truth.nii.gz")
    (folder / "image.bin").write_bytes(image.astype("f8").tobytes(order="F"))
    (folder / "labels.bin").write_bytes(labels.astype("i4").tobytes(order="F"))
    return folder


def command_for(folder: Path, code: str) -> list[str]:
    labels, affine = voxels(folder / "truth.nii.gz")
    shape = ", ".join(map(str, labels.shape))
    numbers = ", ".join(repr(float(each)) for each in affine.ravel())
    script = folder / "script.R"
    script.write_text(ARRAYS.format(shape=shape, affine=numbers) + code, encoding="utf-8")
    return ["Rscript", "--vanilla", str(script), str(EXAMPLE)]


def rscript(folder: Path, code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command_for(folder, code),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT_SECONDS,
        check=False,
    )


def table_of_command_line(folder: Path, method: str, components: int) -> list[dict[str, object]]:
    out = folder / f"{method}{components}"
    done = run(
        "mm_extract_metrics", "-m", method, *(() if method == "average" else ("-c", str(components))),
        "-i", folder / "phantom.nii.gz", "-s", folder / "truth.nii.gz", "-o", out,
        "--table", "full", "--format", "json", "--maps", "none", "--no-sidecar", "-q",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (file,) = out.glob("*.json")
    table = json.loads(file.read_text(encoding="utf-8"))
    names = [column["name"] for column in table["columns"]]
    return [dict(row) if isinstance(row, dict) else dict(zip(names, row)) for row in table["rows"]]


def rounding(value: float) -> float:
    """Most that a written figure of the table may lie beside the measured one: half of its last of two places."""
    return 0.005 + 1e-9 if isinstance(value, float) and round(value, 2) == value else 0


@pytest.mark.parametrize("method, components", [("kmeans", 2), ("kmeans", 3), ("gmm", 2), ("gmm", 3), ("average", 2)])
def test_table_is_that_of_the_command_line(built: Path, method: str, components: int) -> None:
    code = f"""
table <- mm_measure(image, labels, affine, method = "{method}", components = {components})
options(digits = 15)
write.csv(table, "table.csv", row.names = FALSE, na = "", fileEncoding = "UTF-8")
"""
    done = rscript(built, code)
    assert done.returncode == 0, done.stderr
    with (built / "table.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    expected = table_of_command_line(built, method, components)
    assert len(rows) == len(expected) == 26
    for row, wanted in zip(rows, expected):
        assert set(row) == set(wanted)
        for name, value in wanted.items():
            if value is None or isinstance(value, str):
                assert row[name] == (value or ""), name
            else:
                assert isinstance(value, (int, float)), name
                assert float(row[name]) == pytest.approx(value, rel=1e-12, abs=rounding(value)), name


def test_labels_may_be_doubles_and_the_image_whole_numbers(built: Path) -> None:
    code = """
whole <- image; storage.mode(whole) <- "integer"
real <- labels; storage.mode(real) <- "double"
stopifnot(identical(mm_measure(image, labels, affine), mm_measure(whole, real, affine, threads = 1L)))
"""
    done = rscript(built, code)
    assert done.returncode == 0, done.stderr


def test_names_and_missing_figures(built: Path) -> None:
    code = """
table <- mm_measure(image, labels, affine, method = "kmeans", names = c("7101" = "vastus lat\\u00e9ralis", "9" = "absent"))
stopifnot(is.data.frame(table), identical(table$anatomy[table$label == 7101], "vastus lat\\u00e9ralis"))
one <- mm_measure(array(c(5, 5, 7), c(3, 1, 1)), array(1L, c(3, 1, 1)), method = "gmm", components = 3)
stopifnot(is.na(one$fat_percent), one$status != "ok")
"""
    done = rscript(built, code)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "call, message",
    [
        ("mm_measure(image, labels[1:5, , ], affine)", "(geometry)"),
        ("mm_measure(image, labels + 0.5, affine)", "labels are integers"),
        ("mm_measure(image, labels * 0L, affine)", "(format)"),
        ("mm_measure(image, labels, affine, components = 9)", "(argument)"),
        ("mm_measure(image, labels, affine * c(0, 1, 1, 1))", "musclemap: "),
        ("mm_measure(image, labels, affine, threads = -1)", "(argument)"),
        ("mm_measure(image, labels, affine, names = c('1' = 'a', '1' = 'b'))", "(argument)"),
        ("mm_measure(image, labels, affine, names = c('x' = 'a'))", "label value"),
        ("mm_measure(image, labels[, , 1], affine)", "labels must be a numeric array"),
        ("mm_measure('image', labels, affine)", "image must be a numeric array"),
        ("mm_measure(image, replace(labels, 1, NA), affine)", "labels holds NA"),
        ("mm_measure(image, labels, diag(3))", "affine must be a 4 x 4 matrix"),
        ("mm_measure(image, labels, affine, method = 'magic')", "should be one of"),
    ],
)
def test_what_is_refused_is_an_error_of_r(built: Path, call: str, message: str) -> None:
    code = f"""
for (n in 1:20) said <- tryCatch({{ {call}; "nothing" }}, error = conditionMessage)
cat(said)
stopifnot(nrow(mm_measure(image, labels, affine, method = "average")) == 26)
"""
    done = rscript(built, code)
    assert done.returncode == 0, done.stderr
    assert message in done.stdout


def test_interrupt_ends_a_call_and_the_next_one_works(built: Path) -> None:
    code = """
shape <- c(120, 120, 120)
many <- array(rep(1:2, length.out = prod(shape)), shape)
noise <- array(runif(prod(shape)) * 1000, shape)
cat("ready\\n"); flush(stdout())
said <- tryCatch(repeat mm_measure(noise, many, threads = 1L), error = conditionMessage,
                 interrupt = function(condition) "between two calls: cancelled")
cat(said, "\\n")
stopifnot(nrow(mm_measure(image, labels, affine, method = "average")) == 26)
"""
    process = subprocess.Popen(
        command_for(built, code), cwd=built, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    said, errors = process.communicate(timeout=TIME_LIMIT_SECONDS)
    assert process.returncode == 0, errors
    assert "cancelled" in said
