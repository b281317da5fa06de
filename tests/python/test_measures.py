"""Tissue maps and tables."""

from __future__ import annotations

import csv
import io
import json
import pickle
import threading
from pathlib import Path
from typing import Any

import musclemap as mm
import numpy as np
import pytest
from conftest import address, two_tissues
from nifti_file import header_of, write_nifti

NAMES = {1: "psoas", 2: "soleus"}


@pytest.fixture(scope="module")
def tissue() -> mm.TissueMap:
    values, labels = two_tissues()
    return mm.TissueClassifier("gmm", components=2).classify(values, mm.as_volume(labels, spacing=(1, 1, 3)))


@pytest.fixture(scope="module")
def table(tissue: mm.TissueMap) -> mm.Metrics:
    return mm.measure(tissue.labels, tissue, NAMES)


def test_fat_percent_is_that_of_the_phantom(table: mm.Metrics) -> None:
    assert list(table["label"] if "label" in table else table[table.columns[0]])
    assert table["fat_percent"] == pytest.approx([25, 50], abs=4)
    assert table.units["fat_percent"] == "%"
    assert len(table) == 2


def test_columns_are_read_only_views(table: mm.Metrics) -> None:
    values = table["fat_percent"]
    assert values.dtype == np.float64
    assert not values.flags.writeable
    assert address(values) == address(table["Fat (%)"])
    with pytest.raises(KeyError, match="fat_percent"):
        table["fat"]


def test_a_view_outlives_its_table(tissue: mm.TissueMap) -> None:
    values = mm.measure(tissue.labels, tissue)["fat_percent"]
    assert values == pytest.approx([25, 50], abs=4)


def test_text_of_the_table(table: mm.Metrics, tmp_path: Path) -> None:
    text = table.to_csv()
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) == 3
    assert any("psoas" in cell for cell in rows[1])
    table.to_csv(tmp_path / "table.csv")
    assert (tmp_path / "table.csv").read_text() == text
    assert len(json.loads(table.to_csv(format="json"))["rows"]) == 2
    assert table.to_csv(columns=["fat_percent"]).splitlines()[0] == "Fat (%)"
    assert len(table.to_csv(all_columns=True)) > len(text)
    with pytest.raises(mm.ArgumentError):
        table.to_csv(columns=["none"])
    with pytest.raises(mm.ArgumentError):
        table.to_csv(format="xls")  # type: ignore[call-overload]


def test_dictionary_of_lists(table: mm.Metrics) -> None:
    columns = table.to_dict()
    assert list(columns) == list(table.columns)
    assert columns["fat_percent"] == pytest.approx([25, 50], abs=4)
    assert all(len(cells) == 2 for cells in columns.values())
    assert all(cell is None or isinstance(cell, (int, float, str)) for cells in columns.values() for cell in cells)


def test_pandas(table: mm.Metrics) -> None:
    pytest.importorskip("pandas")
    frame = table.to_pandas()
    assert list(frame.columns) == list(table.columns)
    assert frame["fat_percent"].tolist() == pytest.approx([25, 50], abs=4)


def test_polars(table: mm.Metrics) -> None:
    pytest.importorskip("polars")
    assert table.to_polars()["fat_percent"].to_list() == pytest.approx([25, 50], abs=4)


def test_tables_pickle(table: mm.Metrics) -> None:
    again = pickle.loads(pickle.dumps(table))
    assert again.to_dict() == table.to_dict()
    assert again.per_slice.to_csv() == table.per_slice.to_csv()
    assert again.warnings == table.warnings
    assert pickle.loads(pickle.dumps(table.per_slice)).to_csv() == table.per_slice.to_csv()


def test_what_a_notebook_shows(tissue: mm.TissueMap) -> None:
    shown = mm.measure(tissue.labels, tissue, {1: "<b>psoas</b>"})._repr_html_()
    assert "&lt;b&gt;" in shown
    assert "<b>psoas" not in shown
    assert shown.count("<tr>") == 3


def test_slices_of_labels(table: mm.Metrics) -> None:
    assert len(table.per_slice) == 2 * 6
    assert isinstance(table.per_slice, mm.MetricsTable)
    assert isinstance(table.warnings, tuple)


def test_names_come_with_the_label_map() -> None:
    values, labels = two_tissues()
    named = mm.as_volume(labels)
    named.names = [mm.Label(1, anatomy="psoas"), mm.Label(2, anatomy="soleus")]
    tissue = mm.TissueClassifier("kmeans").classify(values, named)
    assert "psoas" in mm.measure(named, tissue).to_csv()
    assert "psoas" in mm.measure(labels, tissue).to_csv()


def test_a_map_of_other_labels_is_refused(tissue: mm.TissueMap) -> None:
    _, labels = two_tissues()
    other = labels.copy()
    other[0, 0, 0] = 1
    with pytest.raises(mm.ArgumentError, match="another label map"):
        mm.measure(other, tissue)


def test_mean_values() -> None:
    values, labels = two_tissues()
    table = mm.measure(labels, values, NAMES)
    average = next(name for name in table.columns if "intensity" in name)
    assert table[average] == pytest.approx([values[labels == 1].mean(), values[labels == 2].mean()], rel=1e-6)
    share = (values > 250).astype("float32")
    fractions = mm.measure(labels, share, NAMES, kind="fat_fraction")
    assert fractions["fat_percent"] == pytest.approx([25, 50], abs=4)
    with pytest.raises(mm.ArgumentError, match="kind"):
        mm.measure(labels, values, kind="median")  # type: ignore[arg-type]


def test_masks_posteriors_and_classes(tissue: mm.TissueMap) -> None:
    values, labels = two_tissues()
    classes = np.asarray(tissue.tissue)
    assert set(np.unique(classes)) == {0, 1, 4}
    assert np.array_equal(classes != 0, labels != 0)
    assert np.array_equal(np.asarray(tissue.mask("fat")) == 1, classes == 4)
    posterior = np.asarray(tissue.posterior("fat"))
    assert posterior.dtype == np.float32
    assert ((posterior >= 0) & (posterior <= 1)).all()
    assert (posterior[(values > 350) & (labels > 0)] > 0.5).all()
    with pytest.raises(mm.ArgumentError, match="tissue"):
        tissue.mask("bone")  # type: ignore[arg-type]


def test_fits_tell_how_a_label_is_divided(tissue: mm.TissueMap) -> None:
    fits = tissue.fits
    assert [fit.label for fit in fits] == [1, 2]
    assert all(fit.status == "ok" and fit.divided for fit in fits)
    assert [component.mean for component in fits[0].components] == pytest.approx([100, 400], abs=8)
    assert 100 < fits[0].muscle_max < 400


def test_thresholds_and_exclusions() -> None:
    values, labels = two_tissues()
    tissue = mm.TissueClassifier("kmeans").classify(values, labels)
    tissue.set_thresholds(1, 1e6)
    tissue.recompute()
    assert mm.measure(labels, tissue)["fat_percent"][0] == pytest.approx(0, abs=0.5)
    tissue.set_exclusion_mask(mm.as_volume((labels == 2).astype("uint8")))
    tissue.recompute()
    assert not (np.asarray(tissue.tissue)[labels == 2]).any()
    with pytest.raises(mm.ArgumentError):
        tissue.set_thresholds(99, 1)
    tissue.set_exclusion_mask(mm.as_volume(labels))
    tissue.recompute()
    assert not np.asarray(tissue.tissue).any()


def test_masks_live_on_without_the_map() -> None:
    values, labels = two_tissues()
    classes = mm.TissueClassifier("kmeans").classify(values, labels).tissue
    assert set(np.unique(classes)) == {0, 1, 4}


def test_fat_fraction() -> None:
    fat = np.full((2, 3, 4), 30, "int16")
    water = np.full((2, 3, 4), 90, "int16")
    fraction = mm.fat_fraction(fat, water)
    assert fraction.dtype == np.float32
    assert np.asarray(fraction) == pytest.approx(0.25)
    with pytest.raises(mm.GeometryError):
        mm.fat_fraction(mm.as_volume(fat, spacing=(1, 1, 1)), mm.as_volume(water, spacing=(2, 2, 2)))


@pytest.mark.parametrize("options", [{"method": "otsu"}, {"components": 4}, {"operators": "own"}, {"fat_range": (3, 1)}])
def test_classifiers_that_cannot_be(options: dict[str, object]) -> None:
    with pytest.raises(mm.ArgumentError):
        mm.TissueClassifier(**options)  # type: ignore[arg-type]


def test_other_threads_go_on_and_a_second_user_is_told(tissue: mm.TissueMap) -> None:
    values, labels = two_tissues((160, 160, 60))
    large = mm.TissueClassifier("gmm", components=3).classify(values, labels)
    outcomes: list[str] = []
    thread = threading.Thread(target=lambda: [large.recompute() for _ in range(30)])
    thread.start()
    while thread.is_alive():
        try:
            large.mask("fat")
            outcomes.append("done")
        except mm.ArgumentError as error:
            assert error.reason == "busy"
            outcomes.append("busy")
        except mm.Error:
            raise
        if outcomes[-1] == "busy":
            break
    thread.join()
    assert "busy" in outcomes or len(outcomes) > 1


def test_files_are_measured_as_the_program_does(tmp_path: Path) -> None:
    values, labels = two_tissues()
    image = write_nifti(tmp_path / "scan.nii.gz", values, header_of(values, (1, 1, 3)))
    mask = write_nifti(tmp_path / "labels.nii.gz", labels, header_of(labels, (1, 1, 3)))
    stages: list[str] = []
    written = mm.extract_metrics(
        mask,
        method="gmm",
        image=image,
        names=NAMES,
        output_folder=tmp_path / "out",
        maps="none",
        progress=lambda progress: stages.append(progress.stage),
    )
    assert written.table.exists()
    assert written.files[0] == written.table
    assert written.metrics["fat_percent"] == pytest.approx([25, 50], abs=4)
    assert "psoas" in written.table.read_text()
    assert stages
    with pytest.raises(mm.ArgumentError):
        mm.extract_metrics(mask, method="guess", image=image)  # type: ignore[arg-type]


def test_pictures(tissue: mm.TissueMap, tmp_path: Path) -> None:
    values, labels = two_tissues((60, 60, 6))
    assert mm.montage(values, labels, names=NAMES).startswith(b"\x89PNG")
    cards = mm.montage(tissue.image, tissue, tmp_path / "cards.png", title="cards")
    assert (tmp_path / "cards.png").read_bytes() == cards


def test_organs_are_drawn_as_surfaces(tmp_path: Path) -> None:
    values, labels = two_tissues((60, 60, 6))
    plain = mm.organ_preview(values, labels)
    named = mm.organ_preview(values, labels, tmp_path / "organs.png", names={1: "liver", 2: "femur"}, title="organs")
    assert plain.startswith(b"\x89PNG") and plain != named
    assert (tmp_path / "organs.png").read_bytes() == named


@pytest.mark.parametrize(("one", "other"), [("é", "è"), ("Ω", "Ψ"), ("Ж", "Щ"), ("ế", "ề"), ("筋", "Ж")])
def test_pictures_draw_every_letter(tissue: mm.TissueMap, one: str, other: str) -> None:
    values, labels = two_tissues((60, 60, 6))
    assert mm.montage(values, labels, title=one) != mm.montage(values, labels, title=other)
    assert mm.montage(values, labels, names={1: one}) != mm.montage(values, labels, names={1: other})
    assert mm.montage(tissue.image, tissue, title=one) != mm.montage(tissue.image, tissue, title=other)


def texts_of(figure: Any) -> list[str]:
    axes = figure.axes[0]
    legends = [text.get_text() for legend in figure.legends for text in legend.get_texts()]
    return [axes.get_title(), *(text.get_text() for text in axes.texts), *legends]


def test_show(tissue: mm.TissueMap) -> None:
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    figure = mm.show(tissue.image, tissue.labels, tissue, names={1: "psoas"}, slice_index=0)
    assert len(figure.axes[0].images) == 3
    title, *texts = texts_of(figure)
    assert title == "slice 1 of 6"
    assert {"R", "L", "psoas", "label 2", "muscle", "fat"} <= set(texts)
    assert [text for text in texts if text.endswith(" mm")] == ["5 mm"]
    with pytest.raises(mm.ArgumentError, match="slice_index"):
        mm.show(tissue.image, slice_index=6)


def test_show_of_many_labels_and_of_no_place() -> None:
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    labels = np.arange(60 * 50 * 3).reshape(60, 50, 3) // 100
    texts = texts_of(mm.show(labels, labels, slice_index=2))
    assert any(text.endswith(" voxels") for text in texts)
    assert any(text.startswith("and ") and text.endswith(" more") for text in texts)
    assert len(texts) < 40


@pytest.mark.parametrize("method", ["gmm", "kmeans"])
def test_bones_have_volumes_alone(method: str) -> None:
    values, labels = two_tissues()
    names = [mm.Label(1, anatomy="psoas"), mm.Label(2, anatomy="shaft", kind="bone")]
    for divide in (False, True):
        classifier = mm.TissueClassifier(method, divide_bones=divide)  # type: ignore[arg-type]
        table = mm.measure(labels, classifier.classify(values, labels), names)
        assert np.isnan(table["fat_percent"]).tolist() == [False, not divide]
        assert np.isnan(table["muscle_volume_ml"]).tolist() == [False, not divide]
        assert list(table["status"]) == ["ok", "ok" if divide else "bone"]
        assert (table["total_volume_ml"] > 0).all()
        assert np.isnan(table.per_slice["fat_percent"]).any() is np.bool_(not divide)
    assert names[1].kind == "bone"
    assert pickle.loads(pickle.dumps(names[1])) == names[1]
    kinds = {label.anatomy: label.kind for label in mm.builtin_labels("thigh")}
    assert (kinds["femur"], kinds["gracilis"]) == ("bone", "muscle")
