"""`musclemap cells`: pictures to masks, as VLabApp's segmentation module names and logs them."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
from conftest import Result, Run


@pytest.fixture(scope="session")
def real(shared: Path) -> Path:
    return shared / "cells_real"


@pytest.fixture
def pictures(real: Path, tmp_path: Path) -> Path:
    for name in ("nuclei_BF.tif", "yeast_BF.ome.tif", "cluster.nd2", "ecoli_phase_BF.tif"):
        shutil.copyfile(real / "images" / name, tmp_path / name)
    return tmp_path


def cells(run: Run, real: Path, *arguments: str | Path) -> Result:
    return run("musclemap", "cells", *arguments, "-m", real / "model" / "cells_small", "--json")


def of_masks(result: Result) -> list[dict]:
    return [line for line in result.objects if "counts" in line]


@pytest.mark.parametrize(
    ("picture", "case", "flags"),
    [
        ("nuclei_BF.tif", "nuclei_d17", ["--diameter", "17"]),
        ("ecoli_phase_BF.tif", "ecoli_phase", []),
        ("yeast_BF.ome.tif", "yeast_series_zmax", ["--diameter", "30", "--projection", "max", "--range", "all"]),
    ],
)
def test_runs_of_cellpose(picture: str, case: str, flags: list[str], run: Run, real: Path, pictures: Path) -> None:
    facts = json.loads((real / "e2e" / "manifest.json").read_text())[case]
    result = cells(run, real, pictures / picture, *flags)
    assert result.status == 0, result.err
    (told,) = of_masks(result)
    assert told["counts"] == [frame["n"] for frame in facts["frames"]]
    stem = picture.removesuffix(".tif").removesuffix(".ome")
    assert told["masks"] == str(pictures / f"{stem}_vSM.ome.tif")
    info = run("musclemap", "info", told["masks"], "--json").objects[0]
    assert info["shape"] == [1, facts["shape"][0], 1, 1, *facts["shape"][1:]]
    assert info["dtype"] == "uint16"
    assert info["comments"][0] == (pictures / f"{stem}_vSM.log").read_text()
    assert info["channels"] == ["Segmentation mask"]


def test_masks_are_those_of_cellpose(run: Run, real: Path, pictures: Path) -> None:
    flags = ["--diameter", "17", "--dump", pictures / "dump.npz"]
    assert cells(run, real, pictures / "nuclei_BF.tif", *flags).status == 0
    dump = np.load(pictures / "dump.npz")
    expected = np.load(real / "e2e" / "nuclei_d17.npz")
    assert np.abs(dump["normalized"][0, :128, :128] - expected["a_norm_crop"]).max() <= 1e-6
    assert np.abs(dump["network"].transpose(1, 2, 0)[:96, :96] - expected["b_net_crop"]).max() <= 1e-4
    assert (dump["masks"] != expected["e_masks"][0]).mean() <= 0.005
    assert dump["masks"].max() == expected["e_masks"].max()


def test_dumps_are_compared(run: Run, real: Path, pictures: Path) -> None:
    for name, flags in (("a", ["--threads", "1"]), ("b", ["--threads", "2"]), ("c", ["--diameter", "20"])):
        dump = ["--dump", pictures / f"{name}.npz"]
        assert cells(run, real, pictures / "nuclei_BF.tif", *dump, *flags).status == 0
    same = run("musclemap", "cells", "compare", pictures / "a.npz", pictures / "b.npz")
    assert same.status == 0
    assert all(line.endswith(": equal") for line in same.out.splitlines())
    other = run("musclemap", "cells", "compare", pictures / "a.npz", pictures / "c.npz", "--json")
    assert other.status == 1
    first = next(line for line in other.objects if line["parts"])
    assert (first["stage"], first["array"]) == ("a", "rescaled")


def test_folders_and_names(run: Run, real: Path, pictures: Path) -> None:
    out = pictures / "out"
    result = cells(run, real, pictures, "-o", out, "--suffix", "-x1", "--excludes", "ecoli")
    assert result.status == 0
    assert sorted(path.name for path in out.iterdir()) == [
        "nuclei_BF_vSM-x1.log",
        "nuclei_BF_vSM-x1.ome.tif",
        "yeast_BF_vSM-x1.ome.tif".replace(".ome.tif", ".log"),
        "yeast_BF_vSM-x1.ome.tif",
    ]
    before = {path.name: path.read_bytes() for path in out.glob("*.ome.tif")}
    again = cells(run, real, pictures, "-o", pictures, "--excludes", "ecoli")
    assert again.status == 0
    once_more = cells(run, real, pictures, "-o", pictures, "--excludes", "ecoli")  # masks are no pictures
    assert len(of_masks(once_more)) == len(of_masks(again)) == len(before) == 2


def test_results_of_one_name_are_refused_before_any_work(run: Run, real: Path, pictures: Path) -> None:
    (pictures / "more").mkdir()
    shutil.copyfile(pictures / "nuclei_BF.tif", pictures / "more" / "nuclei_BF.tiff")
    out = pictures / "out"
    both = [pictures / "nuclei_BF.tif", pictures / "more" / "nuclei_BF.tiff"]
    result = cells(run, real, *both, "-o", out)
    assert result.status != 0
    assert all(str(path) in result.out + result.err for path in both)
    assert not list(out.glob("*")) if out.exists() else True


def test_a_failed_picture_does_not_end_the_rest(run: Run, real: Path, pictures: Path) -> None:
    (pictures / "broken_BF.tif").write_bytes(b"II*\0" + bytes(8))
    files = [pictures / "broken_BF.tif", pictures / "missing_BF.tif", pictures / "nuclei_BF.tif"]
    result = cells(run, real, *files)
    assert result.status == 1
    outcomes = {Path(line["image"]).name: line["outcome"] for line in result.objects if "outcome" in line}
    assert outcomes == {"broken_BF.tif": "failed", "missing_BF.tif": "failed", "nuclei_BF.tif": "done"}


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (["--channel", "1"], "channel is 1; 0 to 0"),
        (["--range", "7:9"], "7"),
        (["--range", "nearest"], "around:K"),
        (["--suffix", "a/b"], "suffix"),
        (["--tile-overlap", "2"], "tile_overlap"),
        (["--diameter", "0"], "size model"),
    ],
)
def test_wrong_settings(flags: list[str], told: str, run: Run, real: Path, pictures: Path) -> None:
    result = cells(run, real, pictures / "yeast_BF.ome.tif", *flags)
    assert result.status != 0
    assert told in result.out + result.err
    assert not (pictures / "yeast_BF_vSM.ome.tif").exists()


def test_channels_and_stacks_of_nd2(run: Run, real: Path, pictures: Path) -> None:
    result = cells(run, real, pictures / "cluster.nd2", "--channel", "1", "--range", "best")
    assert result.status == 0
    assert len(of_masks(result)[0]["counts"]) == 3
    log = (pictures / "cluster_vSM.log").read_text()
    assert "selecting channel 1" in log
    assert log.count("C=1") == 3


def test_files_for_viewers(run: Run, real: Path, pictures: Path) -> None:
    flags = ["--geojson", "--rois", "--table", "csv", "--outlines"]
    result = cells(run, real, pictures / "yeast_BF.ome.tif", *flags)
    assert result.status == 0, result.err
    (told,) = of_masks(result)
    names = [f"yeast_BF_vSM{end}" for end in (".geojson", "_rois.zip", ".csv")]
    names += [f"yeast_BF_vSM_outlines_{frame}.png" for frame in (1, 2, 3)]
    assert told["files"] == [str(pictures / name) for name in names]
    total = sum(told["counts"])
    outlines = json.loads((pictures / names[0]).read_text())["features"]
    assert len(outlines) == total
    assert outlines[-1]["geometry"]["type"] in ("Polygon", "MultiPolygon")
    assert len((pictures / names[2]).read_text().splitlines()) == 1 + total
    with zipfile.ZipFile(pictures / names[1]) as rois:
        assert len(rois.namelist()) == total
        assert all(rois.read(name).startswith(b"Iout") for name in rois.namelist())
    assert all((pictures / name).read_bytes().startswith(b"\x89PNG") for name in names[3:])


def test_table_of_one_picture(run: Run, real: Path, pictures: Path) -> None:
    assert cells(run, real, pictures / "nuclei_BF.tif", "--table", "tsv").status == 0
    table = (pictures / "nuclei_BF_vSM.tsv").read_text().splitlines()
    assert "area" in table[0]


@pytest.mark.parametrize("flags", [["--do-3d", "--anisotropy", "3"], ["--stitch-threshold", "0.3"]])
def test_stacks_are_kept(flags: list[str], run: Run, real: Path, pictures: Path) -> None:
    viewers = ["--geojson", "--rois", "--table", "csv", "--outlines"]
    result = cells(run, real, pictures / "yeast_BF.ome.tif", "--diameter", "30", *flags, *viewers)
    assert result.status == 0, result.err
    (told,) = of_masks(result)
    assert len(told["counts"]) == 3
    info = run("musclemap", "info", told["masks"], "--json").objects[0]
    assert info["shape"] == [1, 3, 1, 5, 117, 117]
    assert info["dtype"] == "uint16"
    assert info["pixel_size_xyz_um"][0] == pytest.approx(0.182)
    log = (pictures / "yeast_BF_vSM.log").read_text()
    assert info["comments"][0] == log
    assert "keeping all 5 sections" in log
    assert "Z-projection" not in log
    assert ("do 3D: True" in log) == (flags[0] == "--do-3d")
    rows = (pictures / "yeast_BF_vSM.csv").read_text().splitlines()
    assert len(rows) == 1 + sum(told["counts"])
    assert "Volume (voxels)" in rows[0] or "volume_voxels" in rows[0]
    features = json.loads((pictures / "yeast_BF_vSM.geojson").read_text())["features"]
    assert {feature["geometry"]["plane"]["z"] for feature in features} <= set(range(5))
    names = zipfile.ZipFile(pictures / "yeast_BF_vSM_rois.zip").namelist()
    assert len(names) == len(features)
    assert all("-z" in name for name in names)
    assert (pictures / "yeast_BF_vSM_outlines_3_z5.png").exists()


def test_a_stack_is_dumped(run: Run, real: Path, pictures: Path) -> None:
    result = cells(run, real, pictures / "cluster.nd2", "--do-3d")
    assert result.status == 0, result.err
    many = cells(run, real, pictures / "cluster.nd2", "--do-3d", "--dump", pictures / "a.npz")
    assert many.status == 1
    flat = cells(run, real, pictures / "nuclei_BF.tif", "--do-3d")
    assert flat.status == 1
    assert "do_3d" in flat.err + flat.out


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--method", "microsam-ais", "--diameter", "30"], "--diameter says nothing to --method microsam-ais"),
        (["--method", "microsam-amg", "--min-size", "3"], "--min-size says nothing to --method microsam-amg"),
        (["--method", "microsam-amg", "--halo", "3", "3"], "--halo says nothing to --method microsam-amg"),
        (["--pred-iou-thresh", ".5"], "--pred-iou-thresh says nothing to --method cellpose"),
        (["--method", "microsam-ais"], "is no encoder of the Segment Anything Model"),
    ],
)
def test_flags_of_another_method(flags: list[str], message: str, run: Run, real: Path, pictures: Path) -> None:
    result = run("musclemap", "cells", pictures / "nuclei_BF.tif", "-m", real / "model" / "cells_small", *flags)
    assert result.status != 0
    assert message in result.err
    assert not (pictures / "nuclei_BF_vSM.ome.tif").exists()
