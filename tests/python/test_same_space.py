"""One space, other storage: label maps along other axes, rounded places, rounded labels; by every door."""

from __future__ import annotations

import csv
import itertools
import subprocess
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import musclemap as mm
import numpy as np
import pytest
from conftest import BIN
from nifti_file import header_of, read_nifti, write_nifti
from numpy.typing import NDArray

Array = NDArray[np.generic]
Affine = NDArray[np.float64]
# What a door tells: rows of both tables, codes of the warnings.
Told = tuple[list[list[str]], list[list[str]], set[str]]
SHAPE = (7, 9, 6)
AFFINE = np.array([[-1.5, 0.1, 0.0, 30], [0.1, 1.4, -0.2, -20], [0.0, 0.2, 3.0, 5], [0, 0, 0, 1]])


def scan() -> tuple[Array, Array]:
    random = np.random.default_rng(5)
    labels = np.zeros(SHAPE, np.int16)
    labels[1:4, 2:8, 1:5] = 3
    labels[5, 1:5, :] = 6
    values = np.where(random.random(SHAPE) < 0.3, 900, 100) + random.integers(0, 60, SHAPE)
    return values.astype(np.int16), labels


def otherwise(voxels: Array, affine: Affine, order: Sequence[int], flips: Sequence[bool]) -> tuple[Array, Affine]:
    """The same voxels in the same places, stored along other axes."""
    turn = np.zeros((4, 4))
    turn[3, 3] = 1
    for to, (axis, flip) in enumerate(zip(order, flips)):
        turn[axis, to] = -1 if flip else 1
        if flip:
            turn[axis, 3] = voxels.shape[axis] - 1
    turned = voxels.transpose(order)[tuple(slice(None, None, -1 if flip else 1) for flip in flips)]
    return turned, affine @ turn


def save(file: Path, voxels: Array, affine: Affine) -> Path:
    header = header_of(voxels.astype(voxels.dtype.newbyteorder("<")), tuple(np.linalg.norm(affine[:3, :3], axis=0)))
    header.qform_code = 0
    header.srow = tuple(affine[:3].ravel())
    return write_nifti(file, voxels.astype(voxels.dtype.newbyteorder("<")), header)


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(text.splitlines()))


def by_program(folder: Path, method: str) -> Told:
    command = [BIN / "mm_extract_metrics", "-m", method, "-i", folder / "scan.nii.gz", "-s", folder / "map.nii.gz"]
    command += ["--table", "full", "--per-slice", "--json", "--maps", "none"]
    done = subprocess.run([*map(str, command), *(["-c", "2"] if method == "kmeans" else [])], capture_output=True, text=True)
    if done.returncode != 0:
        raise mm.Error(done.stdout + done.stderr)
    stem = "scan_kmeans_2component" if method == "kmeans" else "scan_average"
    tables = [rows((folder / f"{stem}_{table}.csv").read_text()) for table in ("results", "slices")]
    codes = {name for name in ("grid_reordered", "grid_tolerance", "labels_rounded") if f'"{name}"' in done.stdout}
    return tables[0], tables[1], codes


def told(run: Callable[[], mm.Metrics]) -> Told:
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        metrics = run()
    codes = {warning.message.code for warning in seen if isinstance(warning.message, mm.ImageWarning)}
    codes &= {"grid_reordered", "grid_tolerance", "labels_rounded"}
    return rows(metrics.to_csv(all_columns=True)), rows(metrics.per_slice.to_csv()), codes


def by_files(folder: Path, method: str) -> Told:
    return told(
        lambda: mm.extract_metrics(
            folder / "map.nii.gz", method=method, image=folder / "scan.nii.gz", maps="none"
        ).metrics
    )


def in_memory(folder: Path, method: str) -> Told:
    image, labels = mm.read(folder / "scan.nii.gz"), mm.read(folder / "map.nii.gz")
    if method == "average":
        return told(lambda: mm.measure(labels, image))
    return told(lambda: mm.measure(labels, mm.TissueClassifier("kmeans").classify(image, labels)))


DOORS: list[Callable[[Path, str], Told]] = [by_program, by_files, in_memory]
STORAGES = [
    ((0, 1, 2), (True, True, False)),
    ((0, 1, 2), (False, False, True)),
    ((1, 0, 2), (False, True, False)),
    ((2, 1, 0), (False, False, False)),
    ((1, 2, 0), (True, False, True)),
    ((2, 0, 1), (True, True, True)),
]


@pytest.mark.parametrize("method", ["average", "kmeans"])
@pytest.mark.parametrize("storage", STORAGES)
def test_other_storage_changes_no_figure(
    storage: tuple[Sequence[int], Sequence[bool]], method: str, tmp_path: Path
) -> None:
    values, labels = scan()
    for name, map_and_affine in (("as_image", (labels, AFFINE)), ("other", otherwise(labels, AFFINE, *storage))):
        (tmp_path / name).mkdir()
        save(tmp_path / name / "scan.nii.gz", values, AFFINE)
        save(tmp_path / name / "map.nii.gz", *map_and_affine)
    for door in DOORS:
        plain = door(tmp_path / "as_image", method)
        other = door(tmp_path / "other", method)
        assert other[:2] == plain[:2], door.__name__
        assert (plain[2], other[2]) == (set(), {"grid_reordered"}), door.__name__


@pytest.mark.parametrize("storage", STORAGES)
@pytest.mark.parametrize("compat", [False, True])
def test_maps_lie_on_the_label_maps_grid(
    storage: tuple[Sequence[int], Sequence[bool]], compat: bool, tmp_path: Path
) -> None:
    values, labels = scan()
    turned, affine = otherwise(labels, AFFINE, *storage)
    written = {}
    for name, stored, place in (("as_image", labels, AFFINE), ("other", turned, affine)):
        image = save(tmp_path / f"{name}.nii.gz", values, AFFINE)
        mask = save(tmp_path / f"{name}_map.nii.gz", stored, place)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            made = mm.extract_metrics(
                mask, method="gmm", image=image, picture=tmp_path / f"{name}.png", compat_types=compat
            )
        for file in made.files:
            if file.name.endswith("seg.nii.gz"):
                written.setdefault(file.name.replace(name, ""), []).append(file)
    assert len(written) == 5
    for plain, other in written.values():
        header, voxels, _ = read_nifti(other)
        assert header.srow == pytest.approx(affine[:3].ravel(), rel=1e-6)
        assert np.array_equal(voxels, otherwise(read_nifti(plain)[1], AFFINE, *storage)[0])
    assert (tmp_path / "as_image.png").stat().st_size > 0
    assert (tmp_path / "other.png").stat().st_size > 0


def test_maps_in_memory_lie_on_the_labels_grid() -> None:
    values, labels = scan()
    image = mm.as_volume(values, AFFINE)
    plain = mm.TissueClassifier("gmm").classify(image, mm.as_volume(labels, AFFINE))
    for order, flips in itertools.product([(0, 1, 2), (2, 0, 1)], [(False, False, True), (True, True, False)]):
        turned, affine = otherwise(labels, AFFINE, order, flips)
        with pytest.warns(mm.ImageWarning, match="other axes"):
            tissue = mm.TissueClassifier("gmm").classify(image, mm.as_volume(turned.copy(), affine))
        for made, known in (
            (tissue.tissue, plain.tissue),
            (tissue.mask("fat"), plain.mask("fat")),
            (tissue.posterior("fat"), plain.posterior("fat")),
        ):
            assert made.affine == pytest.approx(affine)
            assert np.asarray(made).flags.f_contiguous
            assert np.array_equal(np.asarray(made), otherwise(np.asarray(known), AFFINE, order, flips)[0])
        # A mask along a third set of axes takes the same voxels out.
        mask, place = otherwise((labels == 3).astype(np.uint8), AFFINE, (1, 0, 2), (True, False, True))
        tissue.set_exclusion_mask(mm.as_volume(mask.copy(), place))
        tissue.recompute()
        assert set(np.unique(np.asarray(tissue.tissue)[turned == 3])) == {0}
        assert mm.montage(image, tissue).startswith(b"\x89PNG")
        assert mm.montage(image, mm.as_volume(turned.copy(), affine)).startswith(b"\x89PNG")


def test_dixon_images_along_different_axes() -> None:
    values, _ = scan()
    fat, water = values.astype(np.float32), values[::-1].astype(np.float32)
    known = np.asarray(mm.fat_fraction(mm.as_volume(fat, AFFINE), mm.as_volume(water.copy(), AFFINE)))
    turned, affine = otherwise(water, AFFINE, (2, 1, 0), (True, False, False))
    with pytest.warns(mm.ImageWarning, match="other axes"):
        other = mm.fat_fraction(mm.as_volume(fat, AFFINE), mm.as_volume(turned.copy(), affine))
    assert np.array_equal(np.asarray(other), known)


def shifted(by: float, axis: int = 0) -> Affine:
    """Moved along a stored axis, in voxels."""
    affine = AFFINE.copy()
    affine[:3, 3] += by * affine[:3, axis]
    return affine


@pytest.mark.parametrize(
    ("affine", "code"),
    [
        (np.round(AFFINE, 4), set()),
        (AFFINE + np.array([[2e-4, 0, 0, 0]] * 3 + [[0] * 4]), {"grid_tolerance"}),
        (shifted(0.0005), set()),
        (shifted(0.002), {"grid_tolerance"}),
        (shifted(0.049, 2), {"grid_tolerance"}),
    ],
)
def test_rounded_places_are_taken(affine: Affine, code: set[str], tmp_path: Path) -> None:
    values, labels = scan()
    save(tmp_path / "scan.nii.gz", values, AFFINE)
    save(tmp_path / "map.nii.gz", labels, affine)
    for door in DOORS:
        for method in ("average", "kmeans"):
            assert door(tmp_path, method)[2] == code, door.__name__


@pytest.mark.parametrize(
    ("voxels", "affine", "cause"),
    [
        (slice(None), shifted(0.06), r"shifted by .*0\.09\d* mm along i.*tolerance"),
        (slice(None), shifted(3, 2), r"shifted by 9\.\d+ mm along k"),
        (slice(1, 6), shifted(1), r"5 voxels along i \(image 7\)"),
        (slice(None), AFFINE @ np.diag([1, 1, 0.5, 1]), r"another spacing: 1\.5\d+ mm along k \(image 3\.\d+\)"),
        (slice(None), shifted(0) @ np.array([[1, 0.1, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]), "turned by"),
    ],
)
def test_other_places_are_refused_with_cause_and_remedy(
    voxels: slice, affine: Affine, cause: str, tmp_path: Path
) -> None:
    values, labels = scan()
    save(tmp_path / "scan.nii.gz", values, AFFINE)
    save(tmp_path / "map.nii.gz", labels[voxels], affine)
    for door in DOORS:
        for method in ("average", "kmeans"):
            with pytest.raises(mm.Error, match=f"(?s){cause}.*") as refused:
                door(tmp_path, method)
            assert "nearest neighbour" in str(refused.value)


def test_the_tolerance_can_be_widened(tmp_path: Path) -> None:
    values, labels = scan()
    image = save(tmp_path / "scan.nii.gz", values, AFFINE)
    mask = save(tmp_path / "map.nii.gz", labels, shifted(0.3))
    command = [BIN / "mm_extract_metrics", "-m", "average", "-i", image, "-s", mask]
    assert subprocess.run(command, capture_output=True).returncode == 1
    assert subprocess.run([*command, "--geometry-tolerance", "0.31"], capture_output=True).returncode == 0
    volumes = mm.read(image), mm.read(mask)
    with pytest.warns(mm.ImageWarning, match="taken as one grid"):
        mm.extract_metrics(mask, method="gmm", image=image, geometry_tolerance=0.31, picture=tmp_path / "a.png")
    with pytest.warns(mm.ImageWarning, match="taken as one grid"):
        mm.measure(volumes[1], volumes[0], geometry_tolerance=0.31)
    with pytest.warns(mm.ImageWarning, match="taken as one grid"):
        tissue = mm.TissueClassifier("kmeans", geometry_tolerance=0.31).classify(*volumes)
    mm.measure(volumes[1], tissue)
    assert mm.montage(volumes[0], tissue)
    assert mm.montage(*volumes, geometry_tolerance=0.31)
    with pytest.raises(mm.GeometryError, match="shifted"):
        mm.montage(*volumes)
    with pytest.raises(mm.ArgumentError, match="tolerance"):
        mm.measure(volumes[1], volumes[0], geometry_tolerance=-1)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda labels: labels * np.float64(np.float32(0.1)) * 10, set()),
        (lambda labels: np.nextafter(labels.astype(np.float32), np.float32(100)), set()),
        (lambda labels: labels + 5e-5, {"labels_rounded"}),
        (lambda labels: labels - 9e-4 * (labels > 0), {"labels_rounded"}),
        (lambda labels: labels + 1e-9, set()),
    ],
)
def test_labels_that_are_nearly_integers(
    change: Callable[[Array], Array], code: set[str], tmp_path: Path
) -> None:
    values, labels = scan()
    save(tmp_path / "scan.nii.gz", values, AFFINE)
    save(tmp_path / "map.nii.gz", change(labels), AFFINE)
    for door in DOORS:
        for method in ("average", "kmeans"):
            table, _, codes = door(tmp_path, method)
            assert [row[0] for row in table[1:]] == ["3", "6"], door.__name__
            assert codes == code, door.__name__


@pytest.mark.parametrize("value", [2.5, 3.002, -0.2, np.nan, 3e10])
def test_other_fractions_are_refused_with_the_remedy(value: float, tmp_path: Path) -> None:
    values, labels = scan()
    fractions = labels.astype(np.float64)
    fractions[2, 3, 4] = value
    save(tmp_path / "scan.nii.gz", values, AFFINE)
    save(tmp_path / "map.nii.gz", fractions, AFFINE)
    for door in DOORS:
        for method in ("average", "kmeans"):
            with pytest.raises(mm.Error, match=r"voxel \(2, 3, 4\).*nearest neighbour, or round"):
                door(tmp_path, method)
