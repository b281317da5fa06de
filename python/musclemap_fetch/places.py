"""Where each kind of model is looked for, as the programs that run them look (docs/models.md)."""

from __future__ import annotations

import os
from pathlib import Path

from musclemap_fetch.errors import Usage


def root_of(layout: str) -> Path:
    """The folder that models of that kind are put in."""
    roots = {"musclemap": _musclemap, "nnunet": _nnunet, "cellpose": _cellpose}
    return roots[layout]()


def _musclemap() -> Path:
    if data := os.environ.get("XDG_DATA_HOME"):
        return Path(data) / "musclemap" / "models"
    if home := os.environ.get("HOME"):
        return Path(home) / ".local" / "share" / "musclemap" / "models"
    listed = [folder for folder in os.environ.get("MUSCLEMAP_MODEL_PATH", "").split(":") if folder]
    if listed:
        return Path(listed[0])
    raise Usage("there is no folder for models: neither XDG_DATA_HOME, HOME nor MUSCLEMAP_MODEL_PATH is set")


def _nnunet() -> Path:
    if weights := os.environ.get("TOTALSEG_WEIGHTS_PATH"):
        return Path(weights)
    home = os.environ.get("TOTALSEG_HOME_DIR")
    if not home and (user := os.environ.get("HOME")):
        home = str(Path(user) / ".totalsegmentator")
    if home:
        return Path(home) / "nnunet" / "results"
    raise Usage("there is no folder for weights: neither TOTALSEG_WEIGHTS_PATH nor HOME is set")


def _cellpose() -> Path:
    if models := os.environ.get("CELLPOSE_LOCAL_MODELS_PATH"):
        return Path(models)
    if home := os.environ.get("HOME"):
        return Path(home) / ".cellpose" / "models"
    raise Usage("there is no folder for models of cells: neither CELLPOSE_LOCAL_MODELS_PATH nor HOME is set")
