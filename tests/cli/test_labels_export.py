"""Label tables appear whole or not at all, and touch no other file."""

from __future__ import annotations

from pathlib import Path

from conftest import Run, listing


def test_table_is_written(run: Run, model: Path, tmp_path: Path) -> None:
    table = tmp_path / "labels.txt"
    (tmp_path / "labels.txt.part").write_text("a file of the user's")
    command = ["musclemap", "labels", "export", model.with_suffix(".json"), "--for", "itksnap"]
    result = run(*command, "-o", table)
    assert result.status == 0, result.err
    assert table.read_text() == run(*command).out
    assert (tmp_path / "labels.txt.part").read_text() == "a file of the user's"
    assert listing(tmp_path) == {"labels.txt", "labels.txt.part"}


def test_folder_that_is_not_there(run: Run, model: Path, tmp_path: Path) -> None:
    table = tmp_path / "absent" / "labels.txt"
    result = run(
        "musclemap", "labels", "export", model.with_suffix(".json"), "--for", "bids", "-o", table
    )
    assert result.status == 1
    assert str(table) in result.only_error()
    assert listing(tmp_path) == set()


def test_unknown_viewer(run: Run, model: Path) -> None:
    result = run("musclemap", "labels", "export", model.with_suffix(".json"), "--for", "paint")
    assert result.status == 2
    assert "paint" in result.only_error()
