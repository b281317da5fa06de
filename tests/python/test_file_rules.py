"""Rules that hold for the files of every face: what is taken for names, what an output may not replace, what a header keeps."""

from __future__ import annotations

import gzip
import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from nifti_file import header_of, read_nifti, write_nifti
from numpy.typing import NDArray

import musclemap as mm

LABELS = np.array([1] * 5 + [2] * 5, "<i2").reshape(10, 1, 1)


@pytest.fixture
def scan(tmp_path: Path) -> tuple[Path, Path]:
    image = np.arange(10, dtype="<i2").reshape(10, 1, 1)
    return write_nifti(tmp_path / "scan.nii.gz", image), write_nifti(tmp_path / "map.nii.gz", LABELS)


def anatomies(scan: tuple[Path, Path], **names: Any) -> list[list[str]]:
    """By every way to measure files."""
    image, labels = scan
    found = [list(mm.measure(labels, image, **names)["anatomy"])]
    report = mm.extract_metrics(labels, method="average", image=image, **names)
    found.append(list(report.metrics["anatomy"]))
    return found


TABLES = {
    "dseg.tsv": "index\tname\n1\tpsoas\n2\tsoleus\n",
    "semicolons.csv": "value;anatomy\n0;background\n1;psoas\n\n2;soleus\n;\n",
    "itksnap.txt": '# ITK-SNAP\n1 1 2 3 1 1 1 "psoas"\n2 1 2 3 1 1 1 "soleus"\n',
    "no_extension": "1 psoas 1 2 3 255\n2 soleus 1 2 3 255\n",
    "fsleyes.lut": "1 0 0 1 psoas\n2 0 1 1 soleus\n",
    "json.txt": '{"labels": {"0": "background", "1": "psoas", "2": "soleus"}}',
    "array.json": '{"labels": [{"value": 0}, {"value": 1, "anatomy": "psoas"}, {"value": 2, "anatomy": "soleus"}]}',
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("name", TABLES)
def test_names_are_read_by_content(name: str, encoding: str, scan: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / name).write_text(TABLES[name], encoding=encoding)
    assert [label.anatomy for label in mm.read_labels(tmp_path / name)] == ["psoas", "soleus"]
    assert anatomies(scan, names=tmp_path / name) == [["psoas", "soleus"]] * 2


def test_names_that_are_no_utf_8_are_refused_with_their_line(tmp_path: Path) -> None:
    (tmp_path / "names.csv").write_bytes("value,anatomy\n1,Müller\n".encode("latin-1"))
    with pytest.raises(mm.FormatError, match="line 2 is not UTF-8") as caught:
        mm.read_labels(tmp_path / "names.csv")
    assert caught.value.file == str(tmp_path / "names.csv")


def remarks_on_names(measure: Callable[[], object]) -> int:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        measure()
    remarks = [warning.message for warning in caught if isinstance(warning.message, mm.ImageWarning)]
    return sum(remark.code == "names_ignored" and "map.json" in str(remark) for remark in remarks)


BESIDE = {
    "metadata": '{"Modality": "MR"}',
    "cut off": '{"labels": {"1": "pso',
    "classes of a training": '{"labels": {"background": 0, "psoas": 1}}',
    "list": "[1, 2]",
    "text": "measured by R. Ater",
    "empty": "",
    "binary": "\0\1\2",
}


@pytest.mark.parametrize("content", BESIDE)
def test_json_that_nobody_named(content: str, scan: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "map.json").write_text(BESIDE[content])
    for measure in (
        lambda: mm.labels_beside(scan[1]),
        lambda: mm.measure(scan[1], scan[0]),
        lambda: mm.extract_metrics(scan[1], method="average", image=scan[0]),
    ):
        assert remarks_on_names(measure) == 1
    sidecar = json.loads((tmp_path / "scan_average_results.json").read_text())
    assert [warning["code"] for warning in sidecar["musclemap"]["warnings"]].count("names_ignored") == 1
    assert remarks_on_names(lambda: mm.measure(scan[1], scan[0], names={1: "psoas", 2: "soleus"})) == 0
    with pytest.raises(mm.Error):
        mm.read_labels(tmp_path / "map.json")


def test_names_beside_the_map_are_taken(scan: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "map.json").write_text(TABLES["array.json"])
    assert anatomies(scan) == [["psoas", "soleus"]] * 2


def test_outputs_never_replace_inputs(scan: tuple[Path, Path], tmp_path: Path) -> None:
    image, labels = scan
    names, edits = tmp_path / "scan_average_results.csv", tmp_path / "scan_kmeans_2component_results.json"
    names.write_text("value,anatomy\n1,psoas\n")
    edits.write_text('{"groups": {"psoas": {"fat_min_shift": 1}}}')
    (tmp_path / "map.json").write_text(TABLES["array.json"])
    (tmp_path / "link.png").symlink_to(labels)
    before = {file: file.read_bytes() for file in tmp_path.iterdir()}

    def extract(**settings: Any) -> None:
        mm.extract_metrics(labels, **{"method": "average", "image": image, **settings})

    for attempt in (
        lambda: extract(names=names),
        lambda: extract(method="kmeans", edits=edits, maps="none"),
        lambda: extract(picture=tmp_path / "map.json", output_folder=tmp_path / "out"),
        lambda: extract(picture=tmp_path / "link.png"),
        lambda: extract(picture=tmp_path / "scan_average_slices.csv", per_slice=True),
        lambda: mm.write(mm.read(image), image, like=image),
        lambda: mm.write(image, tmp_path / "." / "scan.nii.gz"),
        lambda: mm.montage(image, labels, tmp_path / "link.png"),
        lambda: mm.organ_preview(image, labels, tmp_path / "link.png"),
        lambda: mm.export_labels(names, "bids", names),
    ):
        with pytest.raises(mm.ArgumentError, match="would replace"):
            attempt()
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_edits_belong_to_methods_that_divide(scan: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "edits.json").write_text('{"groups": {}}')
    with pytest.raises(mm.ArgumentError, match="belong to kmeans, gmm and hu, not to average"):
        mm.extract_metrics(scan[1], method="average", image=scan[0], edits=tmp_path / "edits.json")


def source(tmp_path: Path, **changes: Any) -> Path:
    voxels = np.arange(24, dtype="<i2").reshape(4, 3, 2)
    header = header_of(voxels, (2.0, 1.0, 4.0))
    for field, value in changes.items():
        setattr(header, field, value)
    extension = b"\x20\0\0\0\6\0\0\0" + b"a patient's name".ljust(24, b"\0")
    return write_nifti(tmp_path / "source.nii", voxels, header, extension)


def moved(volume: mm.Volume, shift: NDArray[np.float64]) -> mm.Volume:
    affine = volume.affine.copy()
    affine[:3, 3] += shift
    return volume.with_affine(affine)


def test_header_of_another_grid_is_refused(tmp_path: Path) -> None:
    file = source(tmp_path)
    volume = mm.read(file)
    array = np.asarray(volume)
    turned = volume.affine.copy()
    turned[:, 0] *= -1
    others = {
        "a slice less": mm.as_volume(array[:, :, 1:], volume.affine),
        "other spacing": mm.as_volume(array, np.diag([1.0, 1.0, 4.0, 1.0])),
        "a voxel further": moved(volume, np.array([2.0, 0, 0])),
        "a tenth of a voxel": moved(volume, np.array([0, 0, 0.4])),
        "turned": mm.as_volume(array, turned),
        "other shape of an array": array.transpose(2, 1, 0),
    }
    for name, other in others.items():
        with pytest.raises(mm.GeometryError, match="header to be kept") as caught:
            mm.write(other, tmp_path / "out.nii", like=file)
        assert caught.value.file == str(tmp_path / "out.nii"), name
        assert not (tmp_path / "out.nii").exists()
    for same in (volume, moved(volume, np.array([1e-4, 0, 0])), array, mm.as_volume(array)):
        mm.write(same, tmp_path / "out.nii", like=file)
        assert np.array_equal(mm.read(tmp_path / "out.nii").affine, volume.affine)


def words(file: Path) -> tuple[int, bytes, bytes, bytes, float, bytes]:
    data = file.read_bytes()
    intent = int.from_bytes(data[68:70], "little")
    return (
        intent,
        data[148:228].rstrip(b"\0"),
        data[228:252].rstrip(b"\0"),
        data[328:344].rstrip(b"\0"),
        float(np.frombuffer(data[124:128], "<f4")[0]),
        read_nifti(file)[2],
    )


def test_what_the_source_says_of_its_values(tmp_path: Path) -> None:
    file = source(tmp_path)
    data = bytearray(file.read_bytes())
    data[68:70] = (1002).to_bytes(2, "little")
    data[124:128] = np.float32(900).tobytes()
    data[228:236] = b"lut.file"
    data[328:334] = b"labels"
    file.write_bytes(data)
    volume = mm.read(file)
    extension = read_nifti(file)[2]
    out = tmp_path / "out.nii"
    mm.write(volume, out, like=file)
    assert words(out) == (1002, b"made for a test", b"lut.file", b"labels", 0.0, extension)
    mm.write(np.asarray(volume).astype("float32"), out, like=file)
    assert words(out) == (0, b"made for a test", b"lut.file", b"", 0.0, extension)
    volume.names = [mm.Label(1, anatomy="psoas")]
    mm.write(volume, out, like=file)
    assert words(out) == (1002, b"", b"", b"", 0.0, extension)
    mm.write(volume, out, like=file, header_text=False)
    assert words(out) == (1002, b"", b"", b"", 0.0, b"")
    mm.write(mm.read(file), out, like=file, header_text=False)
    assert words(out) == (0, b"", b"", b"", 0.0, b"")


def test_maps_say_what_they_are(tmp_path: Path) -> None:
    image = np.arange(10, dtype="<i2").reshape(10, 1, 1)
    extension = b"\x20\0\0\0\6\0\0\0" + b"a patient's name".ljust(24, b"\0")
    label_file = write_nifti(tmp_path / "map.nii", LABELS, header_of(LABELS), extension)
    data = bytearray(label_file.read_bytes())
    data[68:70] = (1002).to_bytes(2, "little")
    label_file.write_bytes(data)
    image_file = write_nifti(tmp_path / "scan.nii", image)
    for kept in (True, False):
        report = mm.extract_metrics(
            label_file, method="gmm", image=image_file, output_folder=tmp_path / str(kept), header_text=kept
        )
        maps = [file for file in report.files if file.name.endswith("seg.nii.gz")]
        assert len(maps) == 5
        for file in maps:
            plain = tmp_path / "plain.nii"
            plain.write_bytes(gzip.decompress(file.read_bytes()))
            intent, description, _, _, _, extensions = words(plain)
            assert (intent, description) == (0 if "softseg" in file.name else 1002, b"")
            assert extensions == (extension if kept else b"")
