"""Prose that is too wide is found; tables and code are not prose."""

from __future__ import annotations

import prose

WIDE = "word " * 25


def test_the_pages_are_narrow() -> None:
    assert prose.main() == 0


def test_a_wide_line_is_found() -> None:
    assert list(prose.wide(f"# {WIDE}\n\nnarrow\n{WIDE}\n\n* {WIDE}\n")) == [4, 6]


def test_what_cannot_be_broken_may_be_wide() -> None:
    assert list(prose.wide(f"```\n{WIDE}\n```\n| {WIDE} |\n[a]: https://{'a' * 120}\n{'a' * 130}\n")) == []
