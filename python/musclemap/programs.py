"""The console scripts: the C++ programs' own code, run in this process."""

from __future__ import annotations

import os
import sys

from musclemap import _core
from musclemap.installation import name_engine


def mm_segment() -> int:
    """mm_segment; returns its exit status."""
    return _run("mm_segment", sys.argv[1:])


def mm_extract_metrics() -> int:
    """mm_extract_metrics; returns its exit status."""
    return _run("mm_extract_metrics", sys.argv[1:])


def totalsegmentator() -> int:
    """totalsegmentator; returns its exit status."""
    return _run("totalsegmentator", sys.argv[1:])


def totalseg_get_phase() -> int:
    """totalseg_get_phase; returns its exit status."""
    return _run("totalseg_get_phase", sys.argv[1:])


def totalseg_get_modality() -> int:
    """totalseg_get_modality; returns its exit status."""
    return _run("totalseg_get_modality", sys.argv[1:])


def totalseg_combine_masks() -> int:
    """totalseg_combine_masks; returns its exit status."""
    return _run("totalseg_combine_masks", sys.argv[1:])


def totalseg_info() -> int:
    """totalseg_info; returns its exit status."""
    return _run("totalseg_info", sys.argv[1:])


def totalseg_import_weights() -> int:
    """totalseg_import_weights; returns its exit status."""
    return _run("totalseg_import_weights", sys.argv[1:])


def totalseg_download_weights() -> int:
    """totalseg_download_weights; returns its exit status."""
    return _run("totalseg_download_weights", sys.argv[1:])


def totalseg_set_license() -> int:
    """totalseg_set_license; returns its exit status."""
    return _run("totalseg_set_license", sys.argv[1:])


def musclemap() -> int:
    """musclemap; `model convert`, which needs Python's torch, and `fetch` are answered here."""
    if sys.argv[1:2] == ["fetch"]:
        from musclemap_fetch.program import main as fetch

        return fetch(sys.argv[2:])
    if sys.argv[1:3] == ["model", "convert"]:
        from musclemap.convert import main

        return main(sys.argv[3:])
    return _run("musclemap", sys.argv[1:])


def _run(program: str, arguments: list[str]) -> int:
    name_engine()
    # As the C++ program sets it before LibTorch is opened; this process is the program.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    return _core.run_program(program, [os.fsencode(argument) for argument in (program, *arguments)])
