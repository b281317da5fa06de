"""The notebooks run, draw, and find what their text says. Pages and pictures of them are left in build/notebooks."""

from __future__ import annotations

import base64
import io
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from conftest import ROOT
from matplotlib.image import imread
from nbconvert import HTMLExporter
from stored import executed, without_what_changes

NOTEBOOKS = sorted((ROOT / "examples" / "notebooks").glob("*.ipynb"))
PAGES = ROOT / "build" / "notebooks"
MOST_BYTES = 500_000
# Anti-aliasing and fonts of another machine, of 1.
PIXEL_TOLERANCE = 0.03


@dataclass(frozen=True)
class Ran:
    """An executed notebook and what an expression was in its kernel at the end."""

    notebook: nbformat.NotebookNode
    found: dict[str, Any]

    def pictures(self) -> list[bytes]:
        data = [output.get("data", {}) for cell in self.notebook.cells for output in cell.get("outputs", [])]
        return [base64.b64decode(each["image/png"]) for each in data if "image/png" in each]


def run(name: str, found: str) -> Ran:
    """Executes a notebook as a reader does, then asks its kernel for `found`, an expression."""
    file = ROOT / "examples" / "notebooks" / f"{name}.ipynb"
    stored = nbformat.read(file, as_version=4)
    question = nbformat.v4.new_code_cell(f"import json; print(json.dumps({found}))")
    notebook = executed(file, question)
    notebook.cells.pop()
    ran = Ran(notebook, json.loads(question.outputs[0].text))
    check_stored(stored, without_what_changes(notebook))
    PAGES.mkdir(parents=True, exist_ok=True)
    (PAGES / f"{name}.html").write_text(HTMLExporter().from_notebook_node(notebook)[0])
    for number, picture in enumerate(ran.pictures()):
        (PAGES / f"{name}_{number}.png").write_bytes(picture)
    return ran


def check(ran: Ran, pictures: int) -> None:
    """Every cell has run without a complaint, and the pictures show something."""
    for cell in ran.notebook.cells:
        if cell.cell_type == "code":
            assert cell.execution_count is not None
            said = [output.text for output in cell.outputs if output.get("name") == "stderr"]
            assert not [line for line in said if "Warning" in line or "Error" in line], said
    assert len(ran.pictures()) == pictures
    for picture in ran.pictures():
        assert imread(io.BytesIO(picture)).std() > 0.05


def mask_numbers(text: object) -> str:
    return re.sub(r"[-0-9.e+]+", "#", str(text))


def check_stored(stored: nbformat.NotebookNode, ran: nbformat.NotebookNode) -> None:
    """What is stored is what this run gave, but for the last digit of a number and the edge of a letter."""
    for number, (old, new) in enumerate(zip(stored.cells, ran.cells, strict=True)):
        assert old.source == new.source
        assert len(old.get("outputs", [])) == len(new.get("outputs", [])), f"cell {number}: run ./dev notebook --store"
        for was, now in zip(old.get("outputs", []), new.get("outputs", [])):
            assert mask_numbers(was.get("text")) == mask_numbers(now.get("text")), number
            assert set(was.get("data", {})) == set(now.get("data", {})), number
            for kind, data in now.get("data", {}).items():
                if kind == "image/png":
                    a, b = (imread(io.BytesIO(base64.b64decode(each))) for each in (was.data[kind], data))
                    assert a.shape == b.shape, number
                    assert np.abs(a - b).mean() < PIXEL_TOLERANCE, number
                else:
                    assert mask_numbers(was.data[kind]) == mask_numbers(data), number


def test_segment_and_measure() -> None:
    ran = run(
        "segment_and_measure",
        "{'dice': dice, 'ml': frame['total_volume_ml'].tolist(), 'fat': frame['fat_percent'].tolist(),"
        "'files': [file.name for file in out.iterdir()]}",
    )
    check(ran, pictures=6)
    scores = list(ran.found["dice"].values())
    print(f"mean Dice {sum(scores) / len(scores):.3f}")
    assert len(scores) == 26
    assert sum(scores) / len(scores) > 0.9
    assert len(ran.found["ml"]) == 24
    assert all(1 < ml < 1000 for ml in ran.found["ml"])
    assert all(0 < percent < 70 for percent in ran.found["fat"])
    assert {"thigh.csv", "thigh_dseg.nii.gz", "thigh_qc.png"} <= set(ran.found["files"])


def test_compare_methods() -> None:
    ran = run("compare_methods", "{kind: errors[results['kind'] == kind].to_dict('list') for kind in grains}")
    check(ran, pictures=3)
    strands, diffuse = ran.found["strands"], ran.found["diffuse"]
    for kind, errors in ran.found.items():
        print(kind, {method: [round(error, 1) for error in points] for method, points in errors.items()})

    def worst(points: list[float]) -> float:
        return max(map(abs, points))

    # What the notebook's text says, with some room for other versions of NumPy's random numbers.
    assert worst(strands["Dixon"]) < 4
    assert worst(diffuse["Dixon"]) < 4
    assert worst(strands["k-means, 2 components"]) < 3
    assert 8 < max(strands["GMM, 2 components"]) < 16
    assert strands["GMM, 2 components"][-1] < 0
    assert strands["GMM, 3 components"][-1] < -8
    assert diffuse["k-means, 2 components"][0] > 20
    assert worst(diffuse["k-means, 2 components"][-1:]) < 4
    assert worst(diffuse["GMM, 3 components"][3:5]) < 3


def test_cells() -> None:
    ran = run(
        "cells",
        "{'f1': f1, 'cells': int(labels.max()), 'areas': table['Area (µm²)'].tolist(), 'shape': masks.shape,"
        "'frames': [int(frame.max()) for frame in masks]}",
    )
    check(ran, pictures=4)
    print(f"F1 {ran.found['f1']:.3f}")
    assert ran.found["f1"] > 0.9
    assert len(ran.found["areas"]) == ran.found["cells"] > 50
    assert all(3 < area < 600 for area in ran.found["areas"])
    assert ran.found["shape"] == [4, 160, 160]
    assert min(ran.found["frames"]) > 3


def test_each_notebook_is_run_by_a_test() -> None:
    tests = Path(__file__).read_text()
    assert NOTEBOOKS
    for file in NOTEBOOKS:
        assert f"def test_{file.stem}(" in tests


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_notebooks_are_stored_with_the_outputs_of_a_run(file: Path) -> None:
    notebook = nbformat.read(file, as_version=4)
    nbformat.validate(notebook)
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert notebook == without_what_changes(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert sum("image/png" in output.get("data", {}) for cell in code for output in cell.outputs) >= 3
    text = file.read_text()
    assert len(text) < MOST_BYTES
    without_pictures = re.sub(r'"image/png": "[^"]*"', "", text)
    for trace in (str(ROOT), str(Path.home()) + "/", "/tmp/", "it/s]"):
        assert trace not in without_pictures
