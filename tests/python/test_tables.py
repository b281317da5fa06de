"""Tables as people's programs want them: separators, buffers, decimals, byte-order marks."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import musclemap as mm
import numpy as np
import pytest
from conftest import two_tissues


@pytest.fixture(scope="module")
def table() -> mm.Metrics:
    image, labels = two_tissues()
    names = {1: "psoas; major, left", 2: "glutéus | maximus"}
    return mm.measure(labels, image, names, spacing=(0.7, 0.7, 3))


@pytest.mark.parametrize("sep", [",", ";", "|", "\t"])
def test_separators(sep: str, table: mm.Metrics) -> None:
    rows = list(csv.reader(io.StringIO(table.to_csv(separator=sep)), delimiter=sep))
    assert [row[rows[0].index("Anatomy")] for row in rows[1:]] == ["psoas; major, left", "glutéus | maximus"]
    assert len({len(row) for row in rows}) == 1


@pytest.mark.parametrize("given", [{"separator": "x"}, {"separator": ""}, {"separator": ";;"}, {"separator": "\n"}, {"separator": ";", "format": "tsv"},
                                   {"decimals": -1}, {"decimals": 18}, {"byte_order_mark": True, "format": "json"}], ids=str)
def test_what_a_format_has_not(given: dict[str, object], table: mm.Metrics) -> None:
    with pytest.raises(mm.ArgumentError):
        table.to_csv(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize("decimals", [0, 1, 3, 6, 17])
def test_decimals(decimals: int, table: mm.Metrics) -> None:
    for format in ("csv", "tsv"):
        text = table.to_csv(format=format, columns=["volume_ml"], decimals=decimals)
        assert [float(line) for line in text.splitlines()[1:]] == [round(value, decimals) for value in table["volume_ml"]]
    whole = table.to_csv(columns=["label", "voxels"], decimals=decimals)
    assert "." not in whole


@pytest.mark.parametrize("format", ["csv", "tsv"])
def test_byte_order_mark(format: str, table: mm.Metrics, tmp_path: Path) -> None:
    file = tmp_path / "table.txt"
    table.to_csv(file, format=format, byte_order_mark=True)
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    assert file.read_text(encoding="utf-8-sig") == table.to_csv(format=format)


def test_open_files(table: mm.Metrics, tmp_path: Path) -> None:
    text = table.to_csv()
    buffer, data = io.StringIO(), io.BytesIO()
    assert table.to_csv(buffer) is None
    table.to_csv(data)
    assert buffer.getvalue() == text
    assert data.getvalue() == text.encode()
    with (tmp_path / "a.csv").open("w", encoding="utf-8", newline="") as file:
        table.to_csv(file)
    with (tmp_path / "b.csv").open("wb") as binary:
        table.to_csv(binary)
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes() == text.encode()


def test_a_column_that_is_not_there(table: mm.Metrics) -> None:
    with pytest.raises(KeyError) as caught:
        table["fat_fracton"]
    assert isinstance(caught.value, mm.ArgumentError)
    assert "fat_fracton" in str(caught.value)
    assert "volume_ml" in str(caught.value)


def test_defaults_are_those_of_the_command(table: mm.Metrics) -> None:
    assert table.to_csv(separator=",", decimals=None, byte_order_mark=False) == table.to_csv()
    assert np.isfinite(table["volume_ml"]).all()
