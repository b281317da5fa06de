"""Doubtful images and label maps get one warning, by every door; ordinary ones none."""

from __future__ import annotations

import json
import subprocess
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import musclemap as mm
import numpy as np
import pytest
from conftest import BIN
from nifti_file import header_of, write_nifti
from numpy.typing import NDArray

Voxels = NDArray[Any]
SHAPE = (40, 32, 6)
SPACING = (1.0, 1.0, 4.0)
RANDOM = np.random.default_rng(8)


def inside() -> Voxels:
    """The body of the slab."""
    x, y = np.meshgrid(*(np.linspace(-1, 1, size) for size in SHAPE[:2]), indexing="ij")
    return np.repeat((x**2 + y**2 < 0.8)[:, :, None], SHAPE[2], axis=2)


def two_labels() -> Voxels:
    """A muscle on each side, from the first slice to the last."""
    labels = np.zeros(SHAPE, "u1")
    labels[9:18, 10:22] = 1
    labels[22:31, 10:22] = 2
    return labels


def tissues(air: float, fat: float, muscle: float, noise: float) -> Voxels:
    """A body of fat with two muscles in it, a fifth of which is fat."""
    voxels = np.where(inside(), fat, air)
    infiltrated = RANDOM.random(SHAPE) < 0.2
    return np.where((two_labels() > 0) & ~infiltrated, muscle, voxels) + RANDOM.normal(0, noise, SHAPE)


def ct() -> Voxels:
    return np.rint(tissues(-1000, -100, 50, 12)).astype("i2")


def mri() -> Voxels:
    return np.rint(np.abs(tissues(5, 600, 200, 15))).astype("i2")


def bone_and_ct() -> Voxels:
    """Inside of the body: no air, fat at -100, a bone."""
    voxels = ct().astype("i2")
    voxels[~inside()] = 40
    voxels[0:4, 0:4] = 700
    return voxels


def grey_labels() -> Voxels:
    """What an image is like as a label map."""
    return np.rint(np.abs(tissues(0, 900, 300, 120)) * inside()).astype("i2")


def phase() -> Voxels:
    """From -4096 to 4095, two kinds of it in label 1."""
    anything = RANDOM.integers(-4096, 4096, SHAPE)
    return np.where(two_labels() == 1, np.where(RANDOM.random(SHAPE) < 0.3, 3000, -2000), anything)


def many_labels() -> Voxels:
    return np.arange(SHAPE[0])[:, None, None].astype("i2") * (two_labels() > 0)


def wide_label_at_side() -> Voxels:
    labels = two_labels()
    labels[37:, 7:24] = 3
    return labels


@dataclass(frozen=True)
class Case:
    """What is measured, how, and the codes of what is said."""

    name: str
    method: str
    image: Callable[[], Voxels]
    said: list[str] = field(default_factory=list)
    labels: Callable[[], Voxels] = two_labels
    water: Callable[[], Voxels] | None = None


def constant(value: float, dtype: str = "i2") -> Callable[[], Voxels]:
    return lambda: np.full(SHAPE, value, dtype)


def at_side(*values: int, axis: int = 0, end: int = 0) -> Callable[[], Voxels]:
    def labels() -> Voxels:
        made = two_labels()
        for n, value in enumerate(values):
            place: list[slice | int] = [slice(10 + 2 * n, 11 + 2 * n)] * 3
            place[axis] = end
            if axis != 2:
                place[2] = slice(1, 3)
            made[tuple(place)] = value
        return made

    return labels


QUIET = [
    Case("MRI of integers", "kmeans", mri),
    Case("MRI of integers", "gmm", mri),
    Case("MRI of integers", "average", mri),
    Case("MRI from 0 to 1", "kmeans", lambda: mri() / 700.0),
    Case("z-scored MRI", "kmeans", lambda: (mri() - 300.0) / 250.0),
    Case("z-scored MRI of floats", "gmm", lambda: ((mri() - 300.0) / 250.0).astype("f4")),
    Case("8-bit MRI", "kmeans", lambda: (mri() // 4).clip(0, 255).astype("u1")),
    Case("bright MRI", "kmeans", lambda: mri() * 20),
    Case("CT", "hu", ct),
    Case("CT of floats", "hu", lambda: ct().astype("f4")),
    Case("CT with padding", "hu", lambda: np.where(inside(), ct(), -3024)),
    Case("CT with a masked background", "hu", lambda: np.where(inside(), ct(), 0)),
    Case("CT inside the body", "hu", bone_and_ct),
    Case("CT", "average", ct),
    Case("fat fraction", "average", lambda: tissues(0, 0.9, 0.1, 0.02).astype("f4")),
    Case("fat fraction in percent", "kmeans", lambda: tissues(0, 90, 10, 3).astype("f4")),
    Case("Dixon", "dixon", lambda: tissues(5, 500, 60, 9).clip(1), water=lambda: tissues(5, 80, 450, 9).clip(1)),
    Case("labels at the ends of the slab", "average", mri, labels=at_side(5, axis=2)),
    Case("many labels of one voxel's width", "average", mri, labels=many_labels),
    Case("phase of MRI", "kmeans", phase, labels=lambda: two_labels() == 1),
]

DOUBTFUL = [
    Case("0 to 1", "hu", lambda: mri() / 700.0, ["not_hu"]),
    Case("z-scored", "hu", lambda: (mri() - 300.0) / 250.0, ["not_hu"]),
    Case("MRI", "hu", mri, ["not_hu"]),
    Case("bright MRI", "hu", lambda: mri() * 10, ["not_hu"]),
    Case("offset of -1024 missing", "hu", lambda: (ct() + 1024).clip(0, 4095).astype("u2"), ["not_hu"]),
    Case("offset missing, with padding", "hu", lambda: np.where(inside(), ct() + 1024, -2000), ["not_hu"]),
    Case("8 bits of a window", "hu", lambda: ((ct() + 160) * 0.64).clip(0, 255).astype("u1"), ["not_hu"]),
    Case("CT", "kmeans", ct, ["clustering_on_ct"]),
    Case("CT", "gmm", lambda: ct().astype("f4"), ["clustering_on_ct"]),
    Case("CT with padding", "kmeans", lambda: np.where(inside(), ct(), -3024), ["clustering_on_ct"]),
    Case("CT inside the body", "kmeans", bone_and_ct, ["clustering_on_ct"]),
    Case("one value", "average", constant(7), ["blank_image"]),
    Case("one value", "kmeans", constant(7), ["blank_image", "label_not_divided"]),
    Case("one value", "hu", constant(0.5, "f8"), ["blank_image"]),
    Case("zeros", "average", constant(0, "u1"), ["blank_image"]),
    Case("fat of one value", "dixon", constant(3), ["blank_image"], water=lambda: mri() + 9),
    Case("image and labels exchanged", "average", two_labels, ["inputs_swapped"], labels=grey_labels),
    Case("image and labels exchanged", "hu", two_labels, ["inputs_swapped"], labels=grey_labels),
    Case("exchanged, labels of whole floats", "kmeans", lambda: two_labels().astype("f4"),
         ["inputs_swapped", "label_not_divided", "label_not_divided"], labels=grey_labels),
    Case("exchanged, 8 bits", "average", two_labels, ["inputs_swapped"], lambda: (grey_labels() // 5).astype("u1")),
    Case("no label", "average", mri, ["empty_label_map"], labels=constant(0, "u1")),
    Case("left side", "average", mri, ["label_border"], labels=at_side(5)),
    Case("right side", "kmeans", mri, ["label_border"], labels=wide_label_at_side),
    Case("front", "average", mri, ["label_border"], labels=at_side(5, 6, axis=1, end=-1)),
    Case("eleven labels at a side", "average", mri, ["label_border"], labels=at_side(*range(21, 32))),
]


@pytest.fixture(scope="module", params=[*QUIET, *DOUBTFUL], ids=lambda case: f"{case.name}, {case.method}")
def files(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Case, Path]:
    case: Case = request.param
    folder = tmp_path_factory.mktemp("scan")
    made = {"i": case.image(), "s": case.labels(), **({"w": case.water()} if case.water else {})}
    for name, voxels in made.items():
        stored = np.asarray(voxels)
        stored = stored.astype({"b": "u1", "i": "i4"}.get(stored.dtype.kind, stored.dtype))
        write_nifti(folder / f"{name}.nii.gz", stored, header_of(stored, SPACING))
    return case, folder


def codes(told: list[Any]) -> list[str]:
    return sorted(getattr(warning, "code", None) or warning["code"] for warning in told)


def inputs_of(case: Case, folder: Path) -> dict[str, Path]:
    image = folder / "i.nii.gz"
    return {"fat": image, "water": folder / "w.nii.gz"} if case.water else {"image": image}


def test_of_the_program(files: tuple[Case, Path]) -> None:
    case, folder = files
    flags = ["-f", "i.nii.gz", "-w", "w.nii.gz"] if case.water else ["-i", "i.nii.gz"]
    clusters = ["-c", "2"] if case.method in ("kmeans", "gmm") else []
    command = [BIN / "mm_extract_metrics", "-m", case.method, *clusters, *flags, "-s", "s.nii.gz", "-o", "o"]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    said = [line for line in ended.stderr.splitlines() if line.startswith("warning")]
    assert len(said) == len(case.said), ended.stderr
    (sidecar,) = (folder / "o").glob("*_results.json")
    assert codes(json.loads(sidecar.read_text())["musclemap"]["warnings"]) == sorted(case.said)
    assert all(len(line) < 400 for line in said)


def test_of_python_with_files(files: tuple[Case, Path]) -> None:
    case, folder = files
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        settings: dict[str, Any] = {"method": case.method, "output_folder": folder / "p", **inputs_of(case, folder)}
        mm.extract_metrics(folder / "s.nii.gz", **settings)
    assert codes([entry.message for entry in told]) == sorted(case.said)


def test_of_python_with_volumes(files: tuple[Case, Path]) -> None:
    case, folder = files
    image, labels = mm.read(folder / "i.nii.gz"), mm.read(folder / "s.nii.gz")
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        if case.method == "dixon":
            water = mm.read(folder / "w.nii.gz")
            mm.measure(labels, mm.fat_fraction(image, water), kind="fat_fraction")
        elif case.method == "average":
            mm.measure(labels, image)
        else:
            mm.measure(labels, mm.TissueClassifier(case.method).classify(image, labels))  # type: ignore[arg-type]
    # A fat fraction no longer shows that its fat image was blank.
    said = [] if case.method == "dixon" else case.said
    assert codes([entry.message for entry in told]) == sorted(said)


def test_long_lists_are_shortened(tmp_path: Path) -> None:
    with pytest.warns(mm.ImageWarning) as told:
        mm.measure(at_side(*range(21, 32))(), mm.as_volume(mri(), spacing=SPACING))
    text = str(told[0].message)
    assert text.startswith("labels 21, 22,")
    assert "30 and 1 more:" in text


def test_negative_values_are_no_labels() -> None:
    """Means refuse negative labels; that image and label map are exchanged is the likely reason."""
    grey = mm.as_volume(grey_labels() - np.int16(400), spacing=SPACING)
    with pytest.raises(mm.FormatError, match="exchanged"):
        mm.measure(grey, two_labels())


def test_swapped_dixon_images(tmp_path: Path) -> None:
    fat, water = tissues(5, 500, 60, 9).clip(1), tissues(5, 80, 450, 9).clip(1)
    labels = two_labels()
    for name, voxels in (("f", water), ("w", fat), ("s", labels)):
        write_nifti(tmp_path / f"{name}.nii.gz", voxels, header_of(voxels, SPACING))
    with pytest.warns(mm.ImageWarning) as told:
        inputs = {name: tmp_path / f"{name[0]}.nii.gz" for name in ("fat", "water")}
        mm.extract_metrics(tmp_path / "s.nii.gz", method="dixon", **inputs)
    assert codes([entry.message for entry in told]) == ["dixon_swapped"]
    place = mm.as_volume(labels, spacing=SPACING)
    with pytest.warns(mm.ImageWarning) as told:
        mm.measure(place, mm.fat_fraction(mm.as_volume(water, spacing=SPACING), fat), kind="fat_fraction")
    assert codes([entry.message for entry in told]) == ["dixon_swapped"]


@pytest.mark.parametrize(
    ("voxels", "said"),
    [
        (np.zeros((48, 40, 3), "i2"), ["blank_image", "empty_label_map"]),
        (np.full((48, 40, 3), 3.5, "f4"), ["blank_image", "empty_label_map"]),
        (np.full((48, 40, 3), np.nan, "f4"), ["empty_label_map", "nonfinite"]),
        (np.full((48, 40, 3), 1e300, "f8"), ["beyond_float32", "empty_label_map"]),
        (np.full((48, 40, 3), -1e39, "f8"), ["beyond_float32", "empty_label_map"]),
    ],
)
def test_of_a_segmentation(voxels: Voxels, said: list[str], tmp_path: Path, model: Path) -> None:
    file = write_nifti(tmp_path / "scan.nii.gz", voxels, header_of(voxels, SPACING))
    with pytest.warns(mm.ImageWarning) as told:
        mm.segment(mm.as_volume(voxels, spacing=SPACING), model)
    assert codes([entry.message for entry in told]) == said
    with pytest.warns(mm.ImageWarning) as told:
        mm.segment_file(file, tmp_path / "scan_dseg.nii.gz", model)
    assert codes([entry.message for entry in told]) == said
    assert codes(json.loads((tmp_path / "scan_dseg.json").read_text())["warnings"]) == said


def test_a_picture_of_exchanged_inputs() -> None:
    with pytest.warns(mm.ImageWarning) as told:
        mm.montage(mm.as_volume(two_labels(), spacing=SPACING), mm.as_volume(grey_labels(), spacing=SPACING))
    assert codes([entry.message for entry in told]) == ["inputs_swapped"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        mm.montage(mm.as_volume(mri(), spacing=SPACING), mm.as_volume(two_labels(), spacing=SPACING))
