"""`musclemap bench`: which engines run, what it says of them; how long they take is no test."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Run

GOLDEN = ROOT / "tests" / "golden" / "pth"


def exact_engines(figures: dict[str, Any]) -> list[str]:
    return [each["name"].split()[0] for each in figures["engines"] if "precision" not in each]


def test_both_engines_agree(run: Run, model: Path) -> None:
    (figures,) = run("musclemap", "bench", model, "--runs", "3", "--threads", "2", "--json").objects
    assert figures["window"] == [64, 64]
    assert (figures["threads"], figures["runs"]) == (2, 3)
    names = exact_engines(figures)
    if figures["missing"]:
        pytest.skip(figures["missing"][0]["reason"])
    assert names == ["native", "torch"]
    for engine in figures["engines"]:
        assert 0 < engine["least_ms"] <= engine["median_ms"]
        assert engine["load_ms"] > 0
    assert 0 < figures["largest_difference"] < 1e-4 * figures["largest_score"]


def test_fast_stands_beside_exact_where_the_cpu_has_it(run: Run, model: Path) -> None:
    (doctor,) = run("musclemap", "doctor", "--json").objects
    (figures,) = run("musclemap", "bench", model, "--runs", "1", "--json").objects
    compared = [each for each in figures["engines"] if "device" not in each]
    fast = [each for each in compared if each.get("precision") == "fast"]
    assert len(fast) == ("amx_bf16" in doctor["cpu_features"])
    for each in fast:
        assert "bfloat16" in each["name"]
        assert 0 < each["largest_difference"] < 1e-3 * figures["largest_score"]
        assert 0 <= each["changed_fraction"] < 1e-2
    prose = run("musclemap", "bench", model, "--runs", "1").out
    assert ("another best class" in prose) == bool(fast)


def test_native_engine_needs_no_libtorch(run: Run, model: Path, tmp_path: Path) -> None:
    nowhere = {"MUSCLEMAP_ENGINE_PATH": str(tmp_path / "none.so")}
    result = run("musclemap", "bench", model, "--runs", "1", env=nowhere)
    assert result.status == 0, result.err
    assert "native" in result.out
    assert "torch not run: " in result.out or "torch 2" in result.out


def test_other_window(run: Run, model: Path) -> None:
    (figures,) = run("musclemap", "bench", model, "--window", "32,96", "--runs", "2", "--json").objects
    assert figures["window"] == [32, 96]


def test_folder_of_nnunet(run: Run) -> None:
    (model,) = (ROOT / "tests" / "golden" / "nnunet" / "transposed_anisotropic").glob("nnUNet*")
    result = run("musclemap", "bench", model, "--runs", "1", "--json")
    if "LibTorch" in result.err or "engine module" in result.err:
        pytest.skip("networks in space need LibTorch")
    (figures,) = result.objects
    assert figures["window"] == [8, 12, 12]  # the patch of its plans
    assert figures["network"].startswith("3-D network of nnU-Net")
    assert figures["model"].endswith("fold_0/checkpoint_final.pth")
    assert exact_engines(figures)
    other = run("musclemap", "bench", model, "--window", "16,8,8", "--runs", "1")
    assert "a window of 16 x 8 x 8" in other.out


def test_window_of_another_number_of_axes(run: Run, model: Path) -> None:
    result = run("musclemap", "bench", model, "--window", "64,64,64", "--runs", "1")
    assert result.status == 2
    assert "2 axes; --window has 3" in result.only_error()


def test_torchscript_without_a_description(run: Run, tmp_path: Path) -> None:
    model = tmp_path / "model.pt"
    with zipfile.ZipFile(GOLDEN / "scripted.pt") as whole, zipfile.ZipFile(model, "w") as bare:
        for entry in whole.infolist():
            if not entry.filename.endswith("musclemap.json"):
                bare.writestr(entry, whole.read(entry))
    (untrusted,) = run("musclemap", "bench", model, "--window", "64,96", "--runs", "2", "--json").objects
    assert exact_engines(untrusted) == ["native"]
    assert untrusted["missing"][0]["engine"] == "torch"
    assert "--trust-model" in untrusted["missing"][0]["reason"]
    trusted = run("musclemap", "bench", model, "--window", "64,96", "--runs", "2", "--trust-model", "--json")
    (both,) = trusted.objects
    if both["missing"]:
        pytest.skip(both["missing"][0]["reason"])
    assert exact_engines(both) == ["native", "torch"]
    assert 0 < both["largest_difference"] < 1e-4 * both["largest_score"]
    no_window = run("musclemap", "bench", model)
    assert no_window.status == 2
    assert "--window ROWS,COLUMNS" in no_window.only_error()


def test_torchscript_that_no_engine_may_run(run: Run) -> None:
    result = run("musclemap", "bench", GOLDEN / "softmax.pt", "--runs", "1")
    assert result.status == 1
    assert "it calls torch.softmax" in result.only_error()
    assert "--trust-model" in result.only_error()


def test_prose(run: Run, model: Path) -> None:
    result = run("musclemap", "bench", model, "--runs", "2")
    assert result.status == 0, result.err
    assert "a window of 64 x 64" in result.out
    assert "median ms" in result.out


def test_window_that_no_engine_takes(run: Run, model: Path) -> None:
    result = run("musclemap", "bench", model, "--window", "40,64", "--runs", "1")
    assert result.status == 1
    assert "16" in result.only_error()


@pytest.mark.parametrize(
    "flags", [["--window", "64"], ["--window", "0,64"], ["--runs", "0"], ["--threads", "0"]]
)
def test_wrong_command_line(flags: list[str], run: Run, model: Path) -> None:
    assert run("musclemap", "bench", model, *flags).status == 2


def test_no_model(run: Run, tmp_path: Path) -> None:
    result = run("musclemap", "bench", tmp_path / "none.pth")
    assert result.status == 1
    assert "none.pth" in result.only_error()
