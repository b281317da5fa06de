"""Every public function and method answers arguments of a wrong type by a musclemap.Error of one line."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable
from pathlib import Path

import musclemap as mm
import numpy as np
import pytest
from conftest import two_tissues
from nifti_file import write_nifti

IMAGE, LABELS = two_tissues((12, 10, 4))
PLACE = np.diag((1.0, 1.0, 4.0, 1.0))
WRONG: dict[str, object] = {
    "None": None,
    "an object": object(),
    "text": "nonsense",
    "bytes": b"\xff\xfe",
    "a number": 3.5,
    "a negative number": -7,
    "a huge number": 2**70,
    "NaN": float("nan"),
    "a list": ["nonsense", 1],
    "a dictionary": {"nonsense": object()},
    "a complex array": np.zeros((2, 3, 4), "complex64"),
    "an array of text": np.full((2, 3, 4), "x"),
    "another shape": np.zeros((2, 3, 4), "int16"),
    "a flat array": np.zeros(5),
    "a class": mm.Volume,
    "a function": len,
}
# Protocols of Python, whose errors are Python's.
OF_PYTHON = {"__dlpack__", "__array__", "__buffer__"}
# What the tests of whole runs cover, or what reaches outside of the test's folder.
LEFT_OUT = {"doctor", "available_threads", "builtin_label_tables", "segment_file", "segment", "Segmenter", "nnunet"}


class Bench:
    """Valid arguments of each callable; each is replaced in turn."""

    def __init__(self, folder: Path, model: Path) -> None:
        image, labels = mm.as_volume(IMAGE, PLACE), mm.as_volume(LABELS, PLACE)
        tissue = mm.TissueClassifier("kmeans").classify(image, labels)
        table = mm.measure(labels, tissue)
        image_file = write_nifti(folder / "image.nii", IMAGE)
        label_file = write_nifti(folder / "labels.nii", LABELS)
        classifier = mm.TissueClassifier("gmm")
        bundle = mm.ModelBundle.open(model)
        names = [mm.Label(1, anatomy="psoas")]
        organs = {1: "heart", 7: "aorta"}
        place = {"affine": PLACE, "spacing": (1, 1, 4)}
        run = {"threads": 1, "progress": None, "cancel": None}
        telling = {"progress": None, "cancel": None}
        pixels = np.ones((12, 10), "uint16")
        picture_file = folder / "picture.ome.tif"
        mm.write_ome_tiff(pixels, picture_file)
        described = {"axes": "YX", "pixel_size_um": (0.1, 0.1), "channel_names": ["DAPI"], "comments": ["a"]}
        self.calls: dict[str, tuple[Callable[..., object], dict[str, object]]] = {
            "as_volume": (mm.as_volume, {"image": IMAGE, **place}),
            "read": (mm.read, {"path": image_file, "progress": None, "cancel": None}),
            "write": (mm.write, {"volume": image, "path": folder / "out.nii", "like": image_file, "header_text": True, "affine": None, "spacing": None, **run}),
            "read_picture": (mm.read_picture, {"path": picture_file, **telling}),
            "write_ome_tiff": (mm.write_ome_tiff, {"pixels": pixels, "path": folder / "out.ome.tif", **described, "compression": "none", **telling}),
            "info": (mm.info, {"path": image_file, "verify": True, "max_voxel_bytes": "1GiB", **run}),
            "extract_metrics": (
                mm.extract_metrics,
                {
                    **dict.fromkeys(("fat", "water", "region", "edits")),
                    **{"labels": label_file, "method": "gmm", "image": image_file, "names": names, "model_version": "latest"},
                    **{"components": 2, "operators": "upstream", "stop": "compat", "collapse_guard": True},
                    **{"muscle_range": (-29, 150), "fat_range": (-190, -30), "output_folder": folder, "format": "csv"},
                    **{"columns": ["label"], "all_columns": True, "raw_cells": True, "per_slice": True},
                    **{"section_axis": "stored", "geometry_tolerance": 0.05, "divide_bones": False, "header_text": True, "maps": "none", "compat_types": False, "sidecar": False, "picture": None, "memory_budget": None},
                    **run,
                },
            ),
            "fat_fraction": (mm.fat_fraction, {"fat": image, "water": IMAGE, "affine": None, "spacing": None, "geometry_tolerance": 0.05, **run}),
            "measure": (
                mm.measure,
                {"labels": LABELS, "tissue": IMAGE, "names": names, "kind": "intensity", **place, "section_axis": "i", "geometry_tolerance": 0.05, **run},
            ),
            "measure a map": (mm.measure, {"labels": labels, "tissue": tissue, "names": None}),
            "montage": (mm.montage, {"image": image, "labels": labels, "path": folder / "m.png", "names": names, "title": "", "subtitle": "", "width_px": 1800, "max_slices": 8, "max_groups": 48, "section_axis": "k", "geometry_tolerance": 0.05}),
            "organ_preview": (mm.organ_preview, {"image": image, "labels": labels, "path": folder / "o.png", "names": names, "title": "", "subtitle": "", "width_px": 1800, "geometry_tolerance": 0.05}),
            "contrast_phase": (mm.contrast_phase, {"image": image, "labels": labels, "head_neck": labels, "names": organs, "head_neck_names": names, "device": "cpu", "memory_budget": None, **run}),
            "modality": (mm.modality, {"image": image, "labels": labels, "normalised": False, "names": organs, "device": "cpu", "memory_budget": None, **run}),
            "combine_masks": (mm.combine_masks, {"labels": labels, "mask": "heart", "names": organs}),
            "radiomics": (mm.radiomics, {"image": image, "labels": labels, "names": names, **run}),
            "read_labels": (mm.read_labels, {"path": model}),
            "labels_beside": (mm.labels_beside, {"label_map": label_file}),
            "builtin_labels": (mm.builtin_labels, {"region": "thigh", "version": "latest"}),
            "export_labels": (mm.export_labels, {"labels": names, "viewer": "bids", "path": folder / "labels.tsv"}),
            "find_model": (mm.find_model, {"region": "thigh", "version": "latest"}),
            "show": (mm.show, {"volume": image, "labels": labels, "tissue": tissue, "names": names, "slice_index": 1, "alpha": 0.5}),
            "Label": (mm.Label, {"value": 1, "region": "", "anatomy": "", "side": "", "snomed": ""}),
            "CancelToken": (mm.CancelToken, {}),
            "CancelToken.cancel": (mm.CancelToken().cancel, {}),
            "ModelBundle.open": (
                mm.ModelBundle.open,
                {"path": model, "trust": False, "allow_missing_description": False, "cancel": None},
            ),
            "TissueClassifier": (
                mm.TissueClassifier,
                {
                    **{"method": "hu", "components": 3, "operators": "upstream", "stop": "compat"},
                    **{"collapse_guard": True, "muscle_range": (-29, 150), "fat_range": (-190, -30), "divide_bones": False},
                },
            ),
            "TissueClassifier.classify": (classifier.classify, {"image": IMAGE, "labels": LABELS, **place, **run}),
            "TissueMap.mask": (tissue.mask, {"tissue": "fat"}),
            "TissueMap.posterior": (tissue.posterior, {"tissue": "fat"}),
            "TissueMap.set_thresholds": (tissue.set_thresholds, {"label": 1, "muscle_max": 200.0, "fat_min": None}),
            "TissueMap.set_exclusion_mask": (tissue.set_exclusion_mask, {"mask": LABELS == 7}),
            "TissueMap.recompute": (tissue.recompute, {"threads": 1, "cancel": None}),
            "Volume.from_array": (mm.Volume.from_array, {"array": IMAGE, "affine": PLACE, "spacing": None}),
            "Volume.from_dlpack": (mm.Volume.from_dlpack, {"source": IMAGE, "affine": PLACE, "spacing": None}),
            "Volume.with_affine": (image.with_affine, {"affine": PLACE}),
            "Volume.copy": (image.copy, {}),
            "Volume.names": (lambda names: setattr(image, "names", names), {"names": names}),
            "MetricsTable.describe": (table.describe, {"name": "label"}),
            "MetricsTable.__getitem__": (table.__getitem__, {"name": "label"}),
            "MetricsTable.to_dict": (table.to_dict, {"all_columns": True}),
            "MetricsTable.dictionary": (table.dictionary, {"all_columns": True}),
            "MetricsTable.to_csv": (
                table.to_csv,
                {
                    **{"path": folder / "t.csv", "columns": ["label"], "all_columns": False, "format": "csv", "separator": ";"},
                    **{"decimals": 2, "byte_order_mark": True, "raw_cells": True},
                },
            ),
            "ModelBundle": (lambda: bundle.labels, {}),
        }


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts that are taken as paths are written there."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, model: Path) -> Bench:
    return Bench(tmp_path_factory.mktemp("misuse"), model)


def answer(call: Callable[..., object], arguments: dict[str, object]) -> str:
    """'' where the call is right or an Error of one line, else what is wrong with it."""
    try:
        call(**arguments)
    except mm.Error as error:
        return "" if "\n" not in str(error) and len(str(error)) < 1500 else f"is no line: {error}"
    except ImportError as error:
        return "" if "matplotlib" in str(error) else repr(error)
    except Exception as error:  # whatever it is, it is told
        return repr(error)
    return ""


def answers(name: str, call: Callable[..., object], right: dict[str, object], parameter: str) -> list[str]:
    """What is wrong with the answers to wrong values of one parameter."""
    told = []
    for what, value in WRONG.items():
        # What a caller's own function raises comes out as it is.
        if not (parameter == "progress" and callable(value)):
            problem = answer(call, {**right, parameter: value})
            told += [f"{name}({parameter}={what}): {problem}"] if problem else []
    return told


def test_wrong_types_of_every_parameter(bench: Bench) -> None:
    told = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, (call, right) in bench.calls.items():
            assert not (problem := answer(call, right)), (name, problem)
            for parameter in right:
                told += answers(name, call, right, parameter)
    assert not told, "\n".join(told)


def test_a_wrong_type_is_told_with_what_is_allowed(bench: Bench) -> None:
    call, _ = bench.calls["TissueMap.set_thresholds"]
    with pytest.raises(mm.ArgumentError, match=r"set_thresholds\(\) is given str, float; allowed is \(label: int, muscle_max: float") as caught:
        call("psoas", 1.0)
    assert caught.value.reason == "invalid"


def test_errors_of_the_callers_own_functions_come_out(bench: Bench) -> None:
    def tell(progress: mm.Progress) -> None:
        raise TypeError("mine")

    with pytest.raises(TypeError, match="mine"):
        mm.measure(LABELS, IMAGE, spacing=(1, 1, 4), progress=tell)


def test_every_public_callable_is_on_the_bench(bench: Bench) -> None:
    functions = {
        name for name in mm.__all__ if callable(getattr(mm, name)) and not inspect.isclass(getattr(mm, name))
    } - {"ImageLike"}
    assert functions - LEFT_OUT <= set(bench.calls)
    for kind in (mm.Volume, mm.TissueMap, mm.TissueClassifier, mm.ModelBundle, mm.CancelToken, mm.MetricsTable):
        for name, thing in vars(kind).items():
            takes = callable(thing) or isinstance(thing, staticmethod)
            if not takes or name.startswith("_") or name in ("to_pandas", "to_polars", "to_sitk", "to_nibabel"):
                continue
            assert f"{kind.__name__}.{name}" in bench.calls, name


def test_every_parameter_is_on_the_bench(bench: Bench) -> None:
    for name, (call, right) in bench.calls.items():
        if inspect.isfunction(getattr(call, "__func__", call)):
            parameters = set(inspect.signature(call).parameters)
            assert parameters == set(right) or " " in name, name


def test_segmenting_with_wrong_types(segmenter: mm.Segmenter, model: Path, tmp_path: Path) -> None:
    told = []
    options = {
        **{"device": "cpu", "overlap": 0.5, "all_parts": False, "chunk_slices": 0, "windows_per_batch": 0},
        **{"torch_threads": 0, "trust": False, "engine": "auto", "precision": "exact", "threads": 1, "cancel": None},
    }
    run = {**dict.fromkeys(("affine", "spacing", "progress", "cancel", "memory_budget")), "threads": 1}
    image = np.ones((16, 16, 2), "int16")
    file = write_nifti(tmp_path / "image.nii", image)
    files = {"image": file, "labels": tmp_path / "out.nii", "sidecar": False, "picture": None}
    calls: list[tuple[str, Callable[..., object], dict[str, object]]] = [
        ("Segmenter", mm.Segmenter, {"model": model, **options}),
        ("run", segmenter.run, {"image": image, **run}),
        ("segment", mm.segment, {"image": image, "model": segmenter, **run}),
        ("peak_bytes", segmenter.peak_bytes, {"image": image, "threads": 1, "memory_budget": None}),
        ("run_file", segmenter.run_file, {**files, **{k: v for k, v in run.items() if k not in ("affine", "spacing")}}),
        ("segment_file", mm.segment_file, {**files, "model": segmenter}),
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, call, right in calls:
            for parameter in right:
                told += answers(name, call, right, parameter)
    assert not told, "\n".join(told)
