"""What a run writes: where, under which names, with which header and sidecar."""

from __future__ import annotations

import json
import os
import struct
from pathlib import Path

import numpy as np
import pytest
from conftest import Run, body, listing
from nifti_file import header_of, read_nifti, write_nifti

OUTPUTS = {"scan_dseg.nii.gz", "scan_dseg.json"}
LABELS = [0, 1010, 1020, 1030, 1040, 1050]


def test_header_is_that_of_the_image(segment: Run, tmp_path: Path) -> None:
    voxels = body().astype("<f4")
    header = header_of(voxels, (1.0, 1.0, 4.0))
    header.slope, header.inter = 2.0, -100.0
    header.qform_code, header.sform_code = 3, 2
    header.xyzt_units = 10
    header.quaternion = (0.0, 0.0, 0.05)
    extension = struct.pack("<ii", 32, 6) + b"a comment".ljust(24, b"\0")
    image = write_nifti(tmp_path / "scan.nii.gz", voxels, header, extension)
    result = segment("-i", image)
    assert result.status == 0, result.err
    labels, values, kept = read_nifti(tmp_path / "scan_dseg.nii.gz")
    given, _, _ = read_nifti(image)
    assert (labels.datatype, labels.bitpix, labels.slope, labels.inter) == (4, 16, 1.0, 0.0)
    for field in ("dim", "pixdim", "xyzt_units", "qform_code", "sform_code"):
        assert getattr(labels, field) == getattr(given, field), field
    for field in ("quaternion", "qoffset", "srow"):
        assert getattr(labels, field) == getattr(given, field), field
    assert kept == extension
    # What the image says of its values does not hold for labels.
    assert (given.descrip, labels.descrip) == (b"made for a test", b"")
    assert set(np.unique(values)) <= set(LABELS)
    assert len(np.unique(values)) > 2


def test_text_of_the_header_is_left_out(segment: Run, tmp_path: Path) -> None:
    extension = struct.pack("<ii", 32, 6) + b"a patient's name".ljust(24, b"\0")
    image = write_nifti(tmp_path / "scan.nii.gz", body(), header_of(body()), extension)
    assert segment("-i", image, "--no-header-text").status == 0
    assert read_nifti(tmp_path / "scan_dseg.nii.gz")[2] == b""


def test_volume_of_one_time_point_becomes_one_of_three_axes(segment: Run, tmp_path: Path) -> None:
    image = write_nifti(tmp_path / "scan.nii.gz", body()[..., np.newaxis])
    assert segment("-i", image).status == 0
    labels, _, _ = read_nifti(tmp_path / "scan_dseg.nii.gz")
    assert labels.dim == (48, 40, 3)


def test_sidecar_says_how_the_map_was_made(segment: Run, image: Path, model: Path) -> None:
    assert segment("-i", image, "--all-parts", "--threads", "2").status == 0
    sidecar = json.loads((image.parent / "scan_dseg.json").read_text())
    wanted = {"image", "labels", "model", "settings", "library", "engine", "device", "stage_seconds"}
    assert set(sidecar) >= wanted | {"windows", "warnings"}
    assert sidecar["image"] == "scan.nii.gz"
    assert [label["value"] for label in sidecar["labels"]] == LABELS[1:]
    assert set(sidecar["labels"][0]) == {"value", "region", "anatomy", "side"}
    assert sidecar["model"]["file"] == model.name
    assert len(sidecar["model"]["sha256"]) == 64
    assert sidecar["settings"]["overlap"] == 0
    assert sidecar["settings"]["all_parts"] is True
    assert sidecar["settings"]["threads"] == 2
    assert sidecar["device"] == "cpu"
    # One a slice: none of those that lie in the padding to 256 x 256 alone.
    assert sidecar["windows"] == 3


def test_sidecar_names_the_labels_for_export(segment: Run, run: Run, image: Path) -> None:
    assert segment("-i", image).status == 0
    sidecar = image.parent / "scan_dseg.json"
    result = run("musclemap", "labels", "export", sidecar, "--for", "itksnap")
    assert result.status == 0
    assert "part 5" in result.out


def test_no_sidecar(segment: Run, image: Path) -> None:
    assert segment("-i", image, "--no-sidecar").status == 0
    assert listing(image.parent) == {"scan.nii.gz", "scan_dseg.nii.gz"}


def test_output_folder_is_created(segment: Run, image: Path, tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    assert segment("-i", image, "-o", folder).status == 0
    assert listing(folder) == OUTPUTS
    assert listing(image.parent) == {"scan.nii.gz"}


def test_path_of_the_label_map_is_the_result(segment: Run, image: Path) -> None:
    result = segment("-i", image)
    assert result.out == f"{image.parent / 'scan_dseg.nii.gz'}\n"


def test_comma_list_and_repeated_option(segment: Run, tmp_path: Path) -> None:
    first, second, third = (write_nifti(tmp_path / f"{name}.nii.gz", body()) for name in "abc")
    result = segment("-i", f"{first}, {second}", "-i", third)
    assert result.status == 0
    assert len(result.out.splitlines()) == 3
    for name in "abc":
        assert (tmp_path / f"{name}_dseg.nii.gz").exists()
        assert f"done: {tmp_path / name}.nii.gz" in result.err


NAMES = {
    "comma, space": "left, leg.nii.gz",
    "UTF-8": "Öberschenkel 大腿.nii.gz",
    "line break": "two\nlines.nii.gz",
    "quote": "it's \"it\".nii.gz",
    "capitals": "SCAN.NII.GZ",
    "dots": "a.b.nii.gz.nii",
    "no UTF-8": os.fsdecode(b"caf\xe9.nii.gz"),
}


def test_odd_names(segment: Run, tmp_path: Path) -> None:
    images = [write_nifti(tmp_path / name, body((32, 32, 1))) for name in NAMES.values()]
    result = segment(*(part for image in images for part in ("-i", image)))
    assert result.status == 0, result.err
    stems = ["left, leg", "Öberschenkel 大腿", "two\nlines", "it's \"it\"", "SCAN", "a.b.nii.gz"]
    for stem in [*stems, os.fsdecode(b"caf\xe9")]:
        assert (tmp_path / f"{stem}_dseg.nii.gz").is_file(), stem
        json.loads((tmp_path / f"{stem}_dseg.json").read_bytes())


def test_message_about_a_name_with_a_line_break_is_one_line(segment: Run, tmp_path: Path) -> None:
    result = segment("-i", tmp_path / "two\nlines.nii.gz")
    assert result.status == 1
    assert "lines.nii.gz" in result.only_error()


def test_name_that_begins_with_a_dash(segment: Run, tmp_path: Path) -> None:
    write_nifti(tmp_path / "-scan.nii.gz", body())
    for form in (["-i", "./-scan.nii.gz"], ["--input_image=-scan.nii.gz"]):
        (tmp_path / "-scan_dseg.nii.gz").unlink(missing_ok=True)
        assert segment(*form, cwd=tmp_path).status == 0
        assert (tmp_path / "-scan_dseg.nii.gz").exists()


def test_suffix(segment: Run, image: Path) -> None:
    assert segment("-i", image, "--suffix", "_muscles", "--no-sidecar").status == 0
    assert listing(image.parent) == {"scan.nii.gz", "scan_muscles.nii.gz"}


def test_image_is_never_replaced(segment: Run, image: Path) -> None:
    data = image.read_bytes()
    result = segment("-i", image, "--suffix", "")
    assert result.status == 1
    assert str(image) in result.only_error()
    assert image.read_bytes() == data
    assert listing(image.parent) == {"scan.nii.gz"}


def test_image_behind_a_link_is_never_replaced(segment: Run, image: Path, tmp_path: Path) -> None:
    data = image.read_bytes()
    (tmp_path / "link.nii.gz").symlink_to(image)
    result = segment("-i", tmp_path / "link.nii.gz", "--suffix", "", "-o", tmp_path)
    assert result.status == 1
    assert len(result.errors) == 1
    assert image.read_bytes() == data


def test_skip_existing(segment: Run, image: Path) -> None:
    labels = image.parent / "scan_dseg.nii.gz"
    labels.write_bytes(b"kept")
    result = segment("-i", image, "--skip-existing", "--json")
    assert result.status == 0
    assert result.objects == [{"image": str(image), "labels": str(labels), "outcome": "skipped"}]
    assert labels.read_bytes() == b"kept"


def test_existing_label_map_is_replaced(segment: Run, image: Path) -> None:
    labels = image.parent / "scan_dseg.nii.gz"
    labels.write_bytes(b"old")
    assert segment("-i", image).status == 0
    assert read_nifti(labels)[0].dim == (48, 40, 3)


def test_all_parts_keeps_what_the_filter_removes(segment: Run, image: Path, tmp_path: Path) -> None:
    assert segment("-i", image, "-o", tmp_path / "largest").status == 0
    assert segment("-i", image, "-o", tmp_path / "all", "--all-parts").status == 0
    largest = read_nifti(tmp_path / "largest" / "scan_dseg.nii.gz")[1]
    everything = read_nifti(tmp_path / "all" / "scan_dseg.nii.gz")[1]
    kept = largest != 0
    assert np.array_equal(everything[kept], largest[kept])
    assert np.count_nonzero(everything) > np.count_nonzero(largest)


@pytest.mark.parametrize("place", ["file", "proc"])
def test_output_folder_that_cannot_be_made(
    place: str, segment: Run, image: Path, model: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    folder = tmp_path / "file" / "out" if place == "file" else Path("/proc/out")
    before = listing(tmp_path)
    result = segment("-i", image, "-o", folder)
    assert result.status == 1
    assert str(folder) in result.only_error()
    assert listing(tmp_path) == before


def test_folder_in_the_place_of_the_label_map(segment: Run, image: Path) -> None:
    (image.parent / "scan_dseg.nii.gz").mkdir()
    before = listing(image.parent)
    result = segment("-i", image)
    assert result.status == 1
    assert "scan_dseg.nii.gz" in result.only_error()
    assert listing(image.parent) == before
