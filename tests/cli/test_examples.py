"""The phantom generator, the table of volumes and the demo, run as a user runs them."""

import csv
import gzip
import json
import os
import pathlib
import struct
import subprocess

import numpy as np
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = pathlib.Path(os.environ.get("MUSCLEMAP_PROGRAMS", ROOT / "build/release/bin"))


def run(program, *arguments, status=0, **options):
    done = subprocess.run(
        [str(PROGRAMS / program), *map(str, arguments)], capture_output=True, text=True, check=False, **options
    )
    assert done.returncode == status, done.stderr
    return done


def read_nifti(file):
    data = gzip.decompress(file.read_bytes())
    shape = struct.unpack_from("<3h", data, 42)
    offset = int(struct.unpack_from("<f", data, 108)[0])
    affine = np.array(struct.unpack_from("<12f", data, 280)).reshape(3, 4)
    return np.frombuffer(data, "<i2", int(np.prod(shape)), offset).reshape(shape, order="F"), affine


def phantom(folder, name, *arguments):
    image, labels = folder / f"{name}.nii.gz", folder / f"{name}_labels.nii.gz"
    run("musclemap_phantom", *arguments, "--image", image, "--labels", labels)
    return image, labels


SMALL = ("--shape", "90,60,9", "--spacing", "4,4,9", "--seed", 5)


@pytest.mark.parametrize("region", ["thigh", "trunk", "torso"])
@pytest.mark.parametrize("modality", ["mri", "ct"])
def test_phantom_is_the_same_for_a_seed_whatever_the_threads(tmp_path, region, modality):
    kind = ("--region", region, "--modality", modality)
    one = phantom(tmp_path, "one", *SMALL, *kind, "--threads", 1)
    three = phantom(tmp_path, "three", *SMALL, *kind, "--threads", 3)
    other = phantom(tmp_path, "other", *SMALL[:-1], 6, *kind)
    for a, b in zip(one, three):
        assert np.array_equal(read_nifti(a)[0], read_nifti(b)[0])
    assert not np.array_equal(read_nifti(one[0])[0], read_nifti(other[0])[0])


def test_phantom_holds_every_structure_and_its_sides(tmp_path):
    labels, affine = read_nifti(phantom(tmp_path, "thigh", *SMALL)[1])
    values = set(np.unique(labels)) - {0}
    assert len(values) == 26
    for value in values:
        x = affine[0, 0] * np.nonzero(labels == value)[0].mean() + affine[0, 3]
        assert (x > 0) == (value % 10 == 2), "values that end in 2 are of the right side, where x is positive"


def test_phantom_torso_has_its_organs_where_people_have_them(tmp_path):
    files = phantom(tmp_path, "torso", "--region", "torso", "--modality", "ct", "--spacing", "6,6,6", "--seed", 5)
    image, labels = (read_nifti(f)[0] for f in files)
    assert set(np.unique(labels)) == set(range(14))
    right, front, head = (
        {value: np.nonzero(labels == value)[axis].mean() for value in range(1, 14)} for axis in range(3)
    )
    spleen, kidney_right, kidney_left, liver, lung_left, lung_right, heart, aorta, spine = range(1, 10)
    assert right[liver] > right[spine] > right[spleen]
    assert right[kidney_right] > right[kidney_left] and right[lung_right] > right[lung_left]
    assert head[heart] > head[liver] > head[kidney_left] and front[heart] > front[aorta] > front[spine]
    assert image[labels == lung_left].mean() < -600 and 40 < image[labels == liver].mean() < 130


def test_phantom_modalities_look_their_part(tmp_path):
    image, labels = (read_nifti(f)[0] for f in phantom(tmp_path, "mri", *SMALL))
    assert image.min() >= 0 and image[labels == 7101].mean() < 0.7 * np.percentile(image, 95)
    image, labels = (read_nifti(f)[0] for f in phantom(tmp_path, "ct", *SMALL, "--modality", "ct"))
    assert abs(np.median(image) + 1000) < 50 and 0 < image[labels == 7101].mean() < 80


def test_phantom_of_another_orientation_is_the_same_body(tmp_path):
    plain, _ = read_nifti(phantom(tmp_path, "ras", *SMALL)[1])
    turned, affine = read_nifti(
        phantom(tmp_path, "sla", "--shape", "9,90,60", "--spacing", "9,4,4", "--seed", 5, "--orientation", "SLA")[1]
    )
    assert np.array_equal(turned[:, ::-1, :].transpose(1, 2, 0), plain)
    assert np.allclose(affine[:, :3], [[0, -4, 0], [0, 0, 4], [9, 0, 0]])


def test_phantom_oblique_grid_keeps_its_spacing(tmp_path):
    _, affine = read_nifti(phantom(tmp_path, "oblique", *SMALL, "--oblique", 20)[1])
    assert np.allclose(np.linalg.norm(affine[:, :3], axis=0), [4, 4, 9])
    assert abs(affine[1, 2]) > 1


@pytest.mark.parametrize("wrong", [("--orientation", "RRS"), ("--orientation", "RA")])
def test_phantom_refuses_a_wrong_orientation(tmp_path, wrong):
    done = run("musclemap_phantom", *wrong, "--image", tmp_path / "a.nii.gz", status=1)
    assert "orientation" in done.stderr and not list(tmp_path.iterdir())


def test_phantom_refuses_a_wrong_command_line(tmp_path):
    run("musclemap_phantom", "--shape", "0,1,1", "--image", tmp_path / "a.nii.gz", status=2)
    run("musclemap_phantom", "--region", "head", "--image", tmp_path / "a.nii.gz", status=2)


def test_volumes_agree_with_a_count(tmp_path):
    _, file = phantom(tmp_path, "thigh", *SMALL)
    labels, _ = read_nifti(file)
    run("musclemap_label_volumes", file, "--names", ROOT / "examples/demo/model/thigh_phantom.json", "-o",
        tmp_path / "out.csv", "--compare", file)
    rows = list(csv.DictReader((tmp_path / "out.csv").open()))
    assert len(rows) == 26
    for row in rows:
        mask = labels == int(row["label"])
        areas = mask.sum((0, 1))
        assert int(row["voxels"]) == mask.sum()
        assert float(row["volume_ml"]) == pytest.approx(mask.sum() * 4 * 4 * 9 / 1000, abs=1e-3)
        assert int(row["slices"]) == (areas > 0).sum()
        assert float(row["largest_area_mm2"]) == pytest.approx(areas.max() * 16, abs=0.1)
        assert int(row["largest_area_slice"]) == areas.argmax()
        assert float(row["dice"]) == 1
    assert {row["anatomy"] for row in rows} >= {"femur", "gracilis"}


def test_volumes_without_names_list_the_values(tmp_path):
    _, file = phantom(tmp_path, "trunk", *SMALL, "--region", "trunk")
    rows = list(csv.DictReader(run("musclemap_label_volumes", file).stdout.splitlines()))
    assert [int(row["label"]) for row in rows] == [5101, 5102, 5111, 5112, 5121, 5122, 5131, 5132]


def test_volumes_refuse_what_is_no_label_map(tmp_path):
    (tmp_path / "a.nii.gz").write_bytes(b"no image")
    done = run("musclemap_label_volumes", tmp_path / "a.nii.gz", status=1)
    assert len(done.stderr.splitlines()) == 1 and "a.nii.gz" in done.stderr


def test_demo_runs_on_the_sample_and_on_a_file_with_blanks_in_its_name(tmp_path):
    demo = [str(ROOT / "examples/demo/run")]
    environment = {**os.environ, "MUSCLEMAP_PROGRAMS": str(PROGRAMS)}
    done = subprocess.run([*demo, "--out", str(tmp_path / "out")], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    dice = [float(row["dice"]) for row in csv.DictReader((tmp_path / "out/thigh_sample_dice.csv").open())]
    assert len(dice) == 26 and np.mean(dice) > 0.85
    table = (tmp_path / "out/thigh_sample_kmeans_2component_results.csv").open()
    rows = list(csv.DictReader(table))
    bones = [row for row in rows if row["Anatomy"].startswith("femur")]
    assert [(row["Status"], row["Muscle (%)"]) for row in bones] == [("bone", "")] * 2
    assert all(row["Status"] == "ok" and float(row["Muscle (%)"]) >= 0 for row in rows if row not in bones)
    assert " -        -" in next(line for line in done.stdout.splitlines() if line.startswith("femur left"))
    assert (tmp_path / "out/thigh_sample_qc.png").read_bytes().startswith(b"\x89PNG")

    (tmp_path / "out/thigh_sample.nii.gz").rename(tmp_path / "my scan.nii.gz")
    model = ROOT / "examples/demo/model/thigh_phantom.pth"
    done = subprocess.run([*demo, "--image", "my scan.nii.gz", "--model", str(model), "--out", "to here"],
                          env={**environment, "MUSCLEMAP_START_FOLDER": str(tmp_path)}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    names = ("my scan_dseg.nii.gz", "my scan_dseg.json", "my scan_kmeans_2component_results.csv", "my scan_qc.png")
    for name in names:
        assert (tmp_path / "to here" / name).exists()
        assert name in done.stdout


def test_demo_of_organs(tmp_path):
    environment = {**os.environ, "MUSCLEMAP_PROGRAMS": str(PROGRAMS)}
    demo = [str(ROOT / "examples/demo/run"), "--organs", "--out", str(tmp_path / "to here")]
    done = subprocess.run(demo, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    dice = [float(row["dice"]) for row in csv.DictReader((tmp_path / "to here/torso_sample_dice.csv").open())]
    assert len(dice) == 13 and np.mean(dice) > 0.85 and min(dice) > 0.6
    statistics = json.loads((tmp_path / "to here/statistics.json").read_text())
    assert len(statistics) == 13 and 1.2e6 < statistics["liver"]["volume"] < 2.4e6
    (picture,) = (tmp_path / "to here").glob("preview_*.png")
    assert picture.read_bytes().startswith(b"\x89PNG") and str(picture) in done.stdout


def test_demo_of_cells(tmp_path):
    environment = {**os.environ, "MUSCLEMAP_PROGRAMS": str(PROGRAMS)}
    out = tmp_path / "to here"
    demo = [str(ROOT / "examples/demo/run"), "--cells", "--out", str(out)]
    done = subprocess.run(demo, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    scores = done.stdout.split("F1 ")[1].splitlines()[0]
    assert float(scores.split(",")[0]) > 0.9 and float(scores.split("AP ")[1]) > 0.8
    assert len((out / "nuclei_BF_vSM.csv").read_text().splitlines()) > 50
    assert (out / "nuclei_BF_vSM_outlines.png").read_bytes().startswith(b"\x89PNG")
    for name in ("nuclei_BF_vSM.ome.tif", "nuclei_BF_vSM.geojson", "nuclei_BF_vSM_rois.zip"):
        assert (out / name).exists() and name in done.stdout


def test_scores_of_cells(tmp_path):
    truth = ROOT / "examples/demo/cells/nuclei_truth.tif"
    assert "F1 1.000, AP 1.000" in run("musclemap_cell_score", truth, truth).stdout
    picture = ROOT / "examples/demo/cells/nuclei_BF.ome.tif"
    assert "F1 0.000, AP 0.000" in run("musclemap_cell_score", picture, truth).stdout
    assert "usage" in run("musclemap_cell_score", truth, status=2).stderr
    (tmp_path / "a.tif").write_bytes(b"no picture")
    assert "a.tif" in run("musclemap_cell_score", tmp_path / "a.tif", truth, status=1).stderr


@pytest.mark.parametrize("arguments", [["--image"], ["--organs", "--model", "x"], ["--cells", "--organs"], ["--image", "none.nii"], ["--model", "x"], ["--what"]])
def test_demo_refuses_a_wrong_command_line(arguments):
    done = subprocess.run([str(ROOT / "examples/demo/run"), *arguments], capture_output=True, text=True)
    assert done.returncode == 2 and "demo:" in done.stderr
