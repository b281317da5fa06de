"""The site that `./dev docs` builds: the pages of this folder and the Python interface; the Doxyfile makes the others."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "build" / "release" / "python"))

import musclemap  # noqa: E402

project = "musclemap"
copyright = "the musclemap authors"  # noqa: A001
version = release = musclemap.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = f"musclemap {version}"

# References are followed where they can be without a network: to the package's own public names.
nitpicky = True
nitpick_ignore_regex = [("py:.*", r"(?!musclemap\.[A-Za-z]+$).*")]

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
