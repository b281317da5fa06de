"""A file that is not what a command expects is named by what it is, with what to do about it."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import pytest
from conftest import Run, listing
from labelled_scan import TWO_GROUPS, write_scan

DICOM = b"\0" * 128 + b"DICM" + b"\2\0\0\0UL\4\0" + b"\1" * 400
MGH = struct.pack(">6i", 1, 24, 20, 8, 1, 4) + b"\0" * 300
LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:0123\nsize 9\n"
FOREIGN = {
    "DICOM": (DICOM, "a DICOM file; convert its folder with dcm2niix"),
    "NRRD": (b"NRRD0004\ntype: short\nencoding: raw\n\n" + b"\1" * 400, "an NRRD image; save it as .nii.gz"),
    "detached NRRD": (b"NRRD0005\ntype: short\ndata file: x.raw\n", "an NRRD image"),
    "MetaImage": (b"ObjectType = Image\nNDims = 3\nElementDataFile = x.raw\n", "a MetaImage header (.mha, .mhd)"),
    "MGH": (MGH, "a FreeSurfer MGH image (.mgh, .mgz)"),
    "page": (b"<!doctype HTML>\n<html><body>Sign in</body></html>" * 20, "an HTML page; the download gave"),
    "zip": (b"PK\3\4" + b"\0" * 400, "a zip archive; unpack it first"),
    "zstd": (b"\x28\xb5\x2f\xfd" + b"\1" * 400, "a zstd file; unpack it first"),
    "annex": (b"/annex/objects/MD5E-s1--0.nii.gz\n", "a git-annex pointer in place of the file; fetch"),
    "LFS": (LFS, "a Git LFS pointer in place of the file; fetch"),
    "JPEG": (b"\xff\xd8\xff\xe0" + b"\1" * 400, "a JPEG picture"),
    "text": (b"no image\n" * 50, "a text"),
    "empty": (b"", "an empty file (0 bytes)"),
}


@pytest.mark.parametrize("name", ["a.nii", "a.nii.gz", "a.dat"])
@pytest.mark.parametrize("kind", FOREIGN)
def test_image(kind: str, name: str, run: Run, tmp_path: Path) -> None:
    data, words = FOREIGN[kind]
    scan = write_scan(tmp_path / "scan", TWO_GROUPS, [1] * 10)
    for packed in (False, True):
        file = tmp_path / name
        file.write_bytes(gzip.compress(data) if packed else data)
        wanted = f"not NIfTI but {words}".split(";")[0] + (", gzipped" if packed else "")
        for command in (
            ["musclemap", "info", file],
            ["mm_extract_metrics", "-m", "average", "-i", file, "-s", scan.labels],
            ["mm_extract_metrics", "-m", "average", "-i", scan.image, "-s", file],
        ):
            result = run(*command, "--json")
            assert result.status == 1
            error = result.objects[-1]["error"]
            assert (error["code"], error["reason"], error["file"]) == ("format", "not_nifti", str(file))
            assert wanted in error["message"]
            if not packed:
                assert words in error["message"]
    assert listing(tmp_path / "scan") == {"scan.nii.gz", "map.nii.gz"}


@pytest.mark.parametrize("kind", set(FOREIGN) - {"zip", "text", "empty"})
def test_names_and_model(kind: str, run: Run, tmp_path: Path) -> None:
    data, words = FOREIGN[kind]
    scan = write_scan(tmp_path, TWO_GROUPS, [1] * 10)
    words = words.split(";")[0]
    for name in ("x.csv", "x.tsv", "x.dat", "x.json"):
        (tmp_path / name).write_bytes(data)
        result = run("mm_extract_metrics", "-m", "average", *scan.inputs, "--labels", tmp_path / name)
        assert result.status == 1
        assert f"is {words}" in result.only_error()
        assert "names are read from" in result.only_error()
    (tmp_path / "x.pth").write_bytes(data)
    result = run("mm_segment", "-i", scan.image, "-m", tmp_path / "x.pth")
    assert result.status == 1
    assert "weights" in result.only_error()
    if kind != "page":
        assert words in result.only_error()


def test_folder(run: Run, tmp_path: Path) -> None:
    result = run("musclemap", "info", tmp_path)
    assert result.status == 1
    assert "a folder is not a regular file; DICOM files in it" in result.only_error()


def test_content_that_git_annex_has_not_fetched(run: Run, tmp_path: Path) -> None:
    (tmp_path / "scan.nii.gz").symlink_to(".git/annex/objects/aa/bb/MD5E-s1--0/MD5E-s1--0.nii.gz")
    result = run("musclemap", "info", tmp_path / "scan.nii.gz")
    assert result.status == 1
    assert "git annex get" in result.only_error()
    (tmp_path / "other.nii.gz").symlink_to("nowhere")
    assert "git-annex" not in run("musclemap", "info", tmp_path / "other.nii.gz").only_error()
