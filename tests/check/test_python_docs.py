"""What a public name of the Python package lacks is found, and what says all passes."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from python_docs import problems  # noqa: E402

WHOLE = '''
"""A package."""
__all__ = ["Box", "fill", "NUMBER"]
NUMBER = 3

class Box:
    """A box. width: mm."""

    def __init__(self, width, height):
        self._height = height

    @property
    def height(self):
        """mm"""

    @staticmethod
    def empty(depth):
        """A box of depth mm without content."""

    def _hidden(self, what): ...

def fill(box, *, progress=None):
    """Fills the box."""
'''


def package(text: str) -> ModuleType:
    module = ModuleType("package")
    exec(text, module.__dict__)
    return module


def test_what_says_all_passes() -> None:
    assert problems(package(WHOLE)) == []


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('"""A package."""', "", "package has no docstring"),
        ('"""A box. width: mm."""', "", "Box has no docstring"),
        ("A box. width: mm.", "A box.", "Box(): the docstring does not name the parameter width"),
        ('"""mm"""', "...", "Box.height has no docstring"),
        ("of depth mm ", "", "Box.empty(): the docstring does not name the parameter depth"),
        ('"""Fills the box."""', "...", "fill() has no docstring"),
        ("Fills the box.", "Fills.", "fill(): the docstring does not name the parameter box"),
        ("Fills the box.", "fill(box) -> None", "fill() has no docstring"),
    ],
)
def test_what_is_missing_is_found(before: str, after: str, said: str) -> None:
    assert WHOLE.count(before) == 1
    assert said in problems(package(WHOLE.replace(before, after)))


def test_modules_inside_are_looked_at() -> None:
    inside = package(WHOLE.replace("Fills the box.", "Fills.").replace("A package.", "Inside."))
    outer = ModuleType("outer", "A package.")
    outer.inside = inside  # type: ignore[attr-defined]
    outer.__all__ = ["inside"]  # type: ignore[attr-defined]
    assert problems(outer) == ["inside.fill(): the docstring does not name the parameter box"]
