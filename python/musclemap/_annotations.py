"""What tells a reader of a slice where he is: legend, sides, scale."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Colour = tuple[int, int, int]
Entry = tuple[str, Colour]

_MOST_ENTRIES = 28
_MOST_OF_SMALL = 18
_LENGTHS = (1, 2, 5, 10, 20, 50, 100, 200, 500)


class Shades(NamedTuple):
    """What a value of a layer is called, and its colour: red, green, blue, 0 to 255."""

    name: Callable[[int], str]
    colour: Callable[[int], Colour]


_TISSUES: dict[int, Entry] = {
    1: ("muscle", (214, 38, 41)),
    4: ("fat", (250, 217, 51)),
    7: ("undefined", (51, 115, 217)),
}
TISSUES = Shades(lambda value: _TISSUES[value][0], lambda value: _TISSUES[value][1])


def annotate(axes: Axes, pixel_width: float, unit: str) -> None:
    """The patient's sides, and a bar of a round length of at most a third of the picture."""
    right, bottom = axes.get_xlim()[1], max(axes.get_ylim())
    for side, place in (("R", 0.02), ("L", 0.98)):
        axes.text(
            place, 0.5, side, transform=axes.transAxes, color="white", ha="left" if side == "R" else "right", va="center"
        )
    fitting = [length for length in _LENGTHS if length <= right * pixel_width / 3]
    if not fitting:
        return
    length = fitting[-1]
    start, level = 0.03 * right, 0.96 * bottom
    axes.plot([start, start + length / pixel_width], [level, level], color="white", linewidth=2, solid_capstyle="butt")
    axes.text(start, level - 0.015 * bottom, f"{length} {unit}", color="white", fontsize="small", va="bottom")


def add_legend(figure: Figure, entries: list[Entry]) -> None:
    """Beside the picture; names beyond what fits are counted."""
    if not entries:
        return
    from matplotlib.patches import Patch

    shown = entries[:_MOST_ENTRIES]
    handles = [Patch(color=tuple(part / 255 for part in colour), label=name) for name, colour in shown]
    if len(entries) > len(shown):
        handles.append(Patch(alpha=0, label=f"and {len(entries) - len(shown)} more"))
    size = "small" if len(handles) <= _MOST_OF_SMALL else "x-small"
    figure.legend(handles=handles, loc="outside right center", frameon=False, fontsize=size, labelspacing=0.4)
