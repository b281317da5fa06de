"""Tables of measurements."""

from __future__ import annotations

import html
import io
import math
import os
from collections.abc import Iterator, Sequence
from typing import IO, TYPE_CHECKING, Literal, Union

from musclemap import _core, _options
from musclemap._core import Column
from musclemap.errors import ArgumentError, ColumnError, ImageWarning

if TYPE_CHECKING:
    import numpy as np
    import pandas
    import polars
    from numpy.typing import NDArray

    Values = Union[NDArray[np.float64], NDArray[np.str_]]

Cell = Union[float, int, str, None]


class MetricsTable:
    """Rows and columns of one kind of thing. Immutable; columns by identifier or title, in any case.

    table["fat_percent"] is a read-only float64 array on the table's own memory, NaN where a value could not be
    measured; columns of text are arrays of str. table: of the extension module.
    """

    __slots__ = ("_table", "__weakref__")

    def __init__(self, table: _core.Table) -> None:
        self._table = table

    @property
    def columns(self) -> tuple[str, ...]:
        """Identifiers, such as 'fat_percent'."""
        return tuple(column.name for column in self._table.columns)

    @property
    def units(self) -> dict[str, str]:
        """Unit by identifier: '%', 'ml', 'mm2', …; '' for none."""
        return {column.name: column.unit for column in self._table.columns}

    def describe(self, name: str) -> Column:
        """Title, unit and description of the column `name`. Error: ArgumentError, which lists what there is."""
        return self._table.column(name)

    def __len__(self) -> int:
        return len(self._table)

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def __contains__(self, name: object) -> bool:
        return name in self.columns

    def __getitem__(self, name: str) -> Values:
        import numpy as np

        try:
            values = self._table.values(name)
        except ArgumentError as error:
            raise ColumnError(error.message) from None
        if not isinstance(values, list):
            return values
        texts = np.array(values, dtype=str)
        texts.setflags(write=False)
        return texts

    def to_dict(self, *, all_columns: bool = True) -> dict[str, list[Cell]]:
        """A list a column; None where a value could not be measured. all_columns: not the basic ones alone."""
        return {column.name: self._cells(column) for column in self._chosen(all_columns)}

    def _chosen(self, all_columns: bool) -> list[Column]:
        _options.flag(all_columns, "all_columns")
        return [column for column in self._table.columns if all_columns or column.basic]

    def _cells(self, column: Column) -> list[Cell]:
        values = self._table.values(column.name)
        if isinstance(values, list):
            return list(values)
        numbers: list[float] = values.tolist()
        if column.kind == "integer":
            return [None if math.isnan(number) else int(number) for number in numbers]
        return [None if math.isnan(number) else number for number in numbers]

    def to_csv(
        self,
        path: str | os.PathLike[str] | IO[str] | IO[bytes] | None = None,
        *,
        columns: Sequence[str] = (),
        all_columns: bool = False,
        format: Literal["csv", "tsv", "json"] = "csv",
        separator: str = ",",
        decimals: int | None = None,
        byte_order_mark: bool = False,
        raw_cells: bool = False,
    ) -> str | None:
        """The table as mm_extract_metrics writes it: to a file, whole or not at all, or as text.

        path: the file, or an object with write() that is open for text or bytes; None: the text is returned. columns:
        identifiers or titles in the order to write; else the basic ones, or with all_columns all of them.
        format: 'csv', 'tsv' (BIDS) or 'json'. separator: of csv, one of , ; | and tab. decimals: of all real numbers; else each
        column's own. byte_order_mark: by which spreadsheets know that the text is UTF-8.
        raw_cells: write text that a spreadsheet would run as it is, without a leading apostrophe.
        Errors: ArgumentError for an unknown column and for what the format has not, FileError.
        """
        options: dict[str, object] = {
            "format": format,
            "columns": _options.text_list(columns, "columns"),
            "all_columns": all_columns,
            "raw_cells": raw_cells,
            "separator": separator,
            "decimals": decimals,
            "byte_order_mark": byte_order_mark,
        }
        data = self._table.text(options)
        if path is None:
            return data.decode("utf-8", "replace")
        if isinstance(path, (str, os.PathLike)):
            _core.write_file(path, data)
        elif not callable(getattr(path, "write", None)):
            raise ArgumentError(f"path is of the type {type(path).__name__}; a path or an open file is allowed")
        else:
            path.write(data.decode("utf-8", "replace") if _takes_text(path) else data)  # type: ignore[arg-type]
        return None

    def to_pandas(self, *, all_columns: bool = True) -> pandas.DataFrame:
        """A pandas.DataFrame with identifiers as columns; all_columns: not the basic ones alone.

        Imports pandas here only.
        """
        import pandas as pd

        return pd.DataFrame({column.name: self._series(column) for column in self._chosen(all_columns)})

    def _series(self, column: Column) -> Values | list[Cell]:
        cells = self._cells(column)
        return cells if column.kind != "real" and None not in cells else self[column.name]

    def to_polars(self, *, all_columns: bool = True) -> polars.DataFrame:
        """A polars.DataFrame, null where a value could not be measured; all_columns: not the basic ones alone.

        Imports polars here only.
        """
        import polars as pl

        kinds = {"integer": pl.Int64, "real": pl.Float64, "text": pl.String}
        return pl.DataFrame(
            {column.name: pl.Series(self._cells(column), dtype=kinds[column.kind]) for column in self._chosen(all_columns)}
        )

    def dictionary(self, *, all_columns: bool = False) -> str:
        """BIDS data dictionary of the basic columns, or with all_columns of all: a JSON object."""
        return self._table.dictionary(all_columns)

    def _repr_html_(self) -> str:
        shown = self._chosen(False)
        head = "".join(f"<th>{html.escape(column.title)}</th>" for column in shown)
        columns = [self._cells(column) for column in shown]
        rows = "".join(
            "<tr>" + "".join(f"<td>{_cell_text(cells[row])}</td>" for cells in columns) + "</tr>"
            for row in range(len(self))
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self)} rows: {', '.join(self.columns)})"

    def __reduce__(self) -> tuple[object, ...]:
        return MetricsTable, (self._table,)


def _takes_text(file: object) -> bool:
    """Whether an open file takes str: its class says so, or the mode that it was opened with."""
    if isinstance(file, (io.RawIOBase, io.BufferedIOBase)):
        return False
    return isinstance(file, io.TextIOBase) or "b" not in str(getattr(file, "mode", ""))


def _cell_text(cell: Cell) -> str:
    if cell is None:
        return ""
    return html.escape(f"{cell:.2f}" if isinstance(cell, float) else str(cell))


class Metrics(MetricsTable):
    """A row per label, with the table of the slices and the remarks of the measurement.

    labels, slices: tables of the extension module. warnings: a text and a code each.
    """

    __slots__ = ("_slices", "_warnings")

    def __init__(self, labels: _core.Table, slices: _core.Table, warnings: Sequence[tuple[str, str]]) -> None:
        super().__init__(labels)
        self._slices = MetricsTable(slices)
        self._warnings = tuple(ImageWarning(text, code) for text, code in warnings)

    @property
    def per_slice(self) -> MetricsTable:
        """A row per label and slice."""
        return self._slices

    @property
    def warnings(self) -> tuple[ImageWarning, ...]:
        """What was doubtful; each was given to Python's warnings too."""
        return self._warnings

    def __reduce__(self) -> tuple[object, ...]:
        return Metrics, (self._table, self._slices._table, tuple(warning.args for warning in self._warnings))
