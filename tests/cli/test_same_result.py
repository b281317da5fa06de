"""Threads, memory, locale and repetition do not change a label map."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from conftest import Run, body
from nifti_file import header_of, read_nifti, write_nifti


@pytest.fixture(scope="module")
def oblong(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Not of the network's spacing, so that it is resampled there and back."""
    voxels = body((60, 44, 5))
    header = header_of(voxels, (0.9, 1.3, 3.0))
    return write_nifti(tmp_path_factory.mktemp("scan") / "scan.nii.gz", voxels, header)


def label_map(segment: Run, image: Path, folder: Path, *arguments: str, **env: str) -> bytes:
    result = segment("-i", image, "-o", folder, "-s", "50", *arguments, env=env)
    assert result.status == 0, result.err
    return (folder / "scan_dseg.nii.gz").read_bytes()


@pytest.fixture(scope="module")
def plain(segment: Run, oblong: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("plain")
    data = label_map(segment, oblong, folder)
    assert len(np.unique(read_nifti(folder / "scan_dseg.nii.gz")[1])) > 2
    return data


@pytest.mark.parametrize(
    "arguments",
    [[], ["--threads", "1"], ["--threads", "2"], ["--memory", "400MiB"], ["--memory", "64MiB"]],
    ids=lambda value: " ".join(value) or "again",
)
def test_same_label_map(
    arguments: list[str], segment: Run, oblong: Path, plain: bytes, tmp_path: Path
) -> None:
    assert label_map(segment, oblong, tmp_path, *arguments) == plain


@pytest.mark.parametrize("locale", ["de_DE.UTF-8", "tr_TR.UTF-8"])
def test_same_label_map_in_another_locale(
    locale: str, segment: Run, oblong: Path, plain: bytes, tmp_path: Path
) -> None:
    assert label_map(segment, oblong, tmp_path, LC_ALL=locale) == plain


def test_memory_that_cannot_suffice(segment: Run, oblong: Path, tmp_path: Path) -> None:
    result = segment("-i", oblong, "-o", tmp_path, "--memory", "1M")
    message = result.only_error()
    assert result.status == 1
    assert "need" in message
    assert "1000000" in message or "1048576" in message
    assert list(tmp_path.iterdir()) == []
