"""What ends a fetch."""

from __future__ import annotations


class FetchError(Exception):
    """One line: what was wrong, where, the value seen and the value allowed."""


class DiskFull(FetchError):
    """There is no room; what was on its way goes, too."""


class Usage(FetchError):
    """The command line is wrong; nothing was done."""
