"""Runs the notebooks and stores them with what does not change from run to run: `stored.py [NOTEBOOK...]`, all by default."""

from __future__ import annotations

import base64
import io
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from PIL import Image

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "notebooks"
CELL_SECONDS = 300
# Of stored pictures; a run shows them whole.
LARGE_PIXELS = 1000
SMALL_PIXELS = 900
COLOURS = 255
WIDGET = "application/vnd.jupyter.widget-view+json"


def executed(file: Path, *more: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """As a reader runs it, with more cells behind."""
    notebook = nbformat.read(file, as_version=4)
    notebook.cells.extend(more)
    NotebookClient(notebook, timeout=CELL_SECONDS, resources={"metadata": {"path": str(file.parent)}}).execute()
    return notebook


def without_what_changes(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A copy without progress bars, times and what the kernel says of itself."""
    kept = nbformat.from_dict(notebook)
    kept.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for cell in kept.cells:
        cell.metadata = {}
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if not _changes(output)]
            for output in cell.outputs:
                output.pop("transient", None)
                if "image/png" in output.get("data", {}):
                    output.data["image/png"] = _smaller(output.data["image/png"])
    return kept


def _changes(output: nbformat.NotebookNode) -> bool:
    return output.get("name") == "stderr" or WIDGET in output.get("data", {})


def _smaller(png: str) -> str:
    """The picture with few colours, which a second time changes nothing."""
    picture = Image.open(io.BytesIO(base64.b64decode(png)))
    if picture.mode == "P":
        return png
    picture = picture.convert("RGB")
    if picture.width > LARGE_PIXELS:
        picture.thumbnail((SMALL_PIXELS, picture.height))
    out = io.BytesIO()
    picture.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE).save(out, "PNG", optimize=True)
    return base64.b64encode(out.getvalue()).decode()


def main() -> None:
    for file in [Path(name) for name in sys.argv[1:]] or sorted(FOLDER.glob("*.ipynb")):
        file.write_text(nbformat.writes(without_what_changes(executed(file.resolve()))).rstrip() + "\n")


if __name__ == "__main__":
    main()
