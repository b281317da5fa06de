"""What -o means: a folder, for one image also the label map's file, never a folder with the name of a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Run, body, listing
from labelled_scan import TWO_GROUPS, one_label
from nifti_file import read_nifti, write_nifti

FILES = ["seg.nii.gz", "seg.nii", "SEG.NII.GZ", "deep/er/seg.nii.gz", "v1.2/seg.nii"]
OTHER_FILES = ["seg.mha", "seg.nrrd", "seg.img", "out/qc.png", "a.zip", "seg.gz"]
FOLDERS = ["out", "out.v2", "2024-01-02", "a.nii.gz.d", ".hidden", "sub-01.ses-02", "names.csv"]


@pytest.mark.parametrize("name", FILES)
def test_file_of_one_label_map(name: str, segment: Run, image: Path, tmp_path: Path) -> None:
    result = segment("-i", image, "-o", tmp_path / name)
    assert result.status == 0, result.err
    assert result.out == f"{tmp_path / name}\n"
    assert read_nifti(tmp_path / name)[0].dim == (48, 40, 3)
    assert (tmp_path / name).is_file()
    assert len(listing((tmp_path / name).parent) - {"scans", "scans/scan.nii.gz"}) == 2  # and its JSON


def test_file_without_a_folder(segment: Run, image: Path, tmp_path: Path) -> None:
    assert segment("-i", image, "-o", "seg.nii.gz", cwd=tmp_path).out == "seg.nii.gz\n"
    assert listing(tmp_path) == {"scans", "scans/scan.nii.gz", "seg.nii.gz", "seg.json"}


def test_run_puts_everything_beside_the_file(run: Run, model: Path, image: Path, tmp_path: Path) -> None:
    options = ["-m", model, "-s", "0", "--device", "cpu", "-o", "seg.nii.gz"]
    result = run("musclemap", "run", "-i", image, *options, cwd=tmp_path)
    assert result.status == 0, result.err
    assert listing(image.parent) == {"scan.nii.gz"}
    files = {"seg.nii.gz", "seg.json", "scan_kmeans_2component_results.csv", "scan_qc.png"}
    assert files <= listing(tmp_path)


@pytest.mark.parametrize("name", FILES)
def test_one_file_for_two_images(name: str, segment: Run, tmp_path: Path) -> None:
    images = [write_nifti(tmp_path / f"{name}.nii", body()) for name in "ab"]
    before = listing(tmp_path)
    result = segment("-i", images[0], "-i", images[1], "-o", tmp_path / name)
    assert result.status == 2
    assert str(tmp_path / name) in result.only_error()
    assert "2 images" in result.only_error()
    assert listing(tmp_path) == before


@pytest.mark.parametrize("name", OTHER_FILES)
def test_names_of_other_files_are_refused(name: str, segment: Run, image: Path, tmp_path: Path) -> None:
    before = listing(tmp_path)
    result = segment("-i", image, "-o", tmp_path / name)
    assert result.status == 2
    assert str(tmp_path / name) in result.only_error()
    assert "a folder is needed" in result.only_error()
    assert listing(tmp_path) == before


@pytest.mark.parametrize("name", [*FILES, *OTHER_FILES, "seg.nii.gz/"])
def test_measures_want_a_folder(name: str, run: Run, tmp_path: Path) -> None:
    scan = one_label(tmp_path, TWO_GROUPS)
    before = listing(tmp_path)
    result = run("mm_extract_metrics", "-m", "average", *scan.inputs, "-o", f"{tmp_path}/{name}")
    assert result.status == 2
    assert f"{tmp_path}/{name}: is the name of a file; a folder is needed" in result.only_error()
    assert listing(tmp_path) == before


@pytest.mark.parametrize("name", FOLDERS)
def test_folders_may_have_dots(name: str, segment: Run, run: Run, image: Path, tmp_path: Path) -> None:
    assert segment("-i", image, "-o", tmp_path / name).status == 0
    labels = tmp_path / name / "scan_dseg.nii.gz"
    assert labels.is_file()
    command = ["-m", "average", "-i", image, "-s", labels, "-o", tmp_path / name]
    assert run("mm_extract_metrics", *command).status == 0


def test_folder_that_has_the_name_of_a_file(segment: Run, image: Path, tmp_path: Path) -> None:
    folder = tmp_path / "seg.nii.gz"
    folder.mkdir()
    assert segment("-i", image, "-o", folder).status == 0
    assert listing(folder) == {"scan_dseg.nii.gz", "scan_dseg.json"}


def test_file_in_the_place_of_the_folder(segment: Run, run: Run, image: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("in the way")
    for result in (
        segment("-i", image, "-o", tmp_path / "out"),
        run("mm_extract_metrics", "-m", "average", "-i", image, "-s", image, "-o", tmp_path / "out"),
    ):
        assert result.status == 2
        assert f"{tmp_path / 'out'}: is a file; a folder is needed" in result.only_error()
    assert (tmp_path / "out").read_text() == "in the way"
