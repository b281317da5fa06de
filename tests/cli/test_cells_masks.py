"""`musclemap cells masks`: stored flows to masks."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from conftest import Run

CASES = ["dyn_clean", "dyn_noisy", "dyn_nointerp", "dyn_niter", "dyn_smallmask", "dyn_noqc"]


def flows_of_discs(shape: tuple[int, int], centres: list[tuple[int, int]], radius: int) -> tuple[np.ndarray, np.ndarray]:
    """Flows to the centre of the disc that a pixel lies in."""
    y, x = np.mgrid[: shape[0], : shape[1]].astype(float)
    flows = np.zeros((2, *shape), np.float32)
    logits = np.full(shape, -5, np.float32)
    for cy, cx in centres:
        distance = np.hypot(y - cy, x - cx)
        inside = distance <= radius
        flows[:, inside] = 5 * np.array([cy - y, cx - x])[:, inside] / np.maximum(distance[inside], 1)
        logits[inside] = 5
    return flows, logits


@pytest.fixture
def discs(tmp_path: Path) -> Path:
    flows, logits = flows_of_discs((60, 90), [(15, 20), (15, 60), (40, 40)], 10)
    np.savez(tmp_path / "discs.npz", dP=flows, cellprob=logits)
    np.save(tmp_path / "dP.npy", flows)
    np.save(tmp_path / "cellprob.npy", logits)
    return tmp_path


def test_three_discs_are_three_cells(run: Run, discs: Path) -> None:
    result = run("musclemap", "cells", "masks", "--flows", discs / "discs.npz", "-o", discs / "masks.npy", "--json")
    assert result.status == 0
    assert result.err == ""
    told = [line for line in result.objects if "masks" in line]
    assert [line["count"] for line in told] == [3]
    assert set(told[0]["seconds"]) == {"dynamics", "seeds", "flow_check", "clean_up"}
    masks = np.load(discs / "masks.npy")
    assert masks.dtype == np.uint16
    assert [masks[15, 20], masks[15, 60], masks[40, 40], masks[0, 0]] == [1, 2, 3, 0]


def test_two_files_say_the_same_as_one_archive(run: Run, discs: Path) -> None:
    two = ["--dp", discs / "dP.npy", "--cellprob", discs / "cellprob.npy"]
    for name, flows in (("one", ["--flows", discs / "discs.npz"]), ("two", two)):
        for threads in "12":
            out = discs / f"{name}{threads}.npy"
            assert run("musclemap", "cells", "masks", *flows, "-o", out, "--threads", threads).status == 0
    assert len({(discs / f"{name}.npy").read_bytes() for name in ("one1", "one2", "two1", "two2")}) == 1


def test_options_reach_the_masks(run: Run, discs: Path) -> None:
    def count(*flags: str) -> int:
        flows = ["--flows", discs / "discs.npz", "-o", discs / "masks.tif"]
        result = run("musclemap", "cells", "masks", *flows, "--json", *flags)
        assert result.status == 0
        return json.loads(result.out.splitlines()[-1])["count"]

    assert count() == 3
    assert count("--min-size", "1000") == 0
    assert count("--cellprob-threshold", "6") == 0
    assert count("--max-size-fraction", "0.01") == 0


@pytest.mark.parametrize(
    ("shape", "told"),
    [((2, 60, 91), "(60, 90)"), ((3, 60, 90), "(2, 60, 90)"), ((60, 90), "(2, 60, 90)")],
)
def test_shapes_that_do_not_fit(shape: tuple[int, ...], told: str, run: Run, discs: Path) -> None:
    np.save(discs / "other.npy", np.zeros(shape, np.float32))
    flows = ["--dp", discs / "other.npy", "--cellprob", discs / "cellprob.npy"]
    result = run("musclemap", "cells", "masks", *flows, "-o", discs / "masks.npy")
    assert result.status == 1
    assert "other.npy" in result.err
    assert told in result.err
    assert not (discs / "masks.npy").exists()


def test_not_a_number_is_refused_with_its_place(run: Run, discs: Path) -> None:
    logits = np.load(discs / "cellprob.npy")
    logits[7, 5] = np.nan
    np.save(discs / "cellprob.npy", logits)
    flows = ["--dp", discs / "dP.npy", "--cellprob", discs / "cellprob.npy"]
    result = run("musclemap", "cells", "masks", *flows, "-o", discs / "masks.npy")
    assert result.status == 1
    assert "7" in result.err
    assert "5" in result.err
    assert not (discs / "masks.npy").exists()


def test_wrong_command_lines(run: Run, discs: Path) -> None:
    for flags in ([], ["--dp", discs / "dP.npy"], ["--flows", discs / "discs.npz", "--dp", discs / "dP.npy"]):
        result = run("musclemap", "cells", "masks", *flags, "-o", discs / "masks.npy")
        assert result.status == 2, flags
    flows = ["--flows", discs / "discs.npz"]
    assert run("musclemap", "cells", "masks", *flows, "-o", discs / "masks.png").status != 0
    assert run("musclemap", "cells", "masks", *flows, "-o", discs / "discs.npz").status != 0


@pytest.mark.parametrize("case", CASES)
def test_vectors_of_cellpose(case: str, run: Run, shared: Path, tmp_path: Path) -> None:
    vectors = shared / "cellpose"
    facts = json.loads((vectors / "manifest.json").read_text())["cases"][case]
    flags = ["--dp", vectors / f"{case}.dP.npy", "--cellprob", vectors / f"{case}.cellprob.npy"]
    for name in ("cellprob_threshold", "flow_threshold", "min_size", "max_size_fraction", "niter"):
        flags += [f"--{name.replace('_', '-')}", str(facts[name])]
    flags += [] if facts["interp"] else ["--no-interp"]
    for compat, expected in (("3.1.1.2", "masks"), ("fixed", "masks_fixed")):
        out = tmp_path / f"{compat}.npy"
        assert run("musclemap", "cells", "masks", *flags, "--compat", compat, "-o", out).status == 0
        assert np.array_equal(np.load(out), np.load(vectors / f"{case}.{expected}.npy"))
