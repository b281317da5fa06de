"""Row 6, second half: one window with `--precision fast`, beside the peers' bfloat16.

ONNX Runtime is not among them: on x86-64 it has no kernels of bfloat16.
"""

from __future__ import annotations

from collections.abc import Iterator

from contestant import alternate, those_that_run
from row import Row, Settings

from .start import SAMPLE
from .window_field import WINDOW, Field

FAST, EXACT = "musclemap, fast", "musclemap, exact"


def _without_amx(field: Field, rounds: int, runs: int) -> Row:
    (own,) = alternate([field.own()], rounds, runs)
    return Row(6, f"one {WINDOW}x{WINDOW} window, `--precision fast`; no AMX here: `fast` is `exact`", own, [])


def measure(settings: Settings, wanted: set[int]) -> Iterator[Row]:
    field = Field(settings, model=next(SAMPLE.glob("*.pth")) if settings.plain_tiles else None)
    runs = 1 if settings.quick else 4
    flags = ["--precision", "fast", *(["--plain-tiles"] if settings.plain_tiles else [])]
    fast = field.own(FAST, *flags)
    if fast.series.about["precision"] != "fast":
        fast.finish()
        yield _without_amx(field, settings.rounds, runs)
        return
    field.prepare()
    field.own(EXACT).finish()
    peers, absent = those_that_run(
        [
            lambda: field.torch("torch bfloat16", "--bfloat16", "all"),
            lambda: field.torch("torch bfloat16, channels-last", "--bfloat16", "all", "--channels-last"),
            lambda: field.torch("torch autocast", "--bfloat16", "autocast"),
            lambda: field.torch("torch autocast, channels-last", "--bfloat16", "autocast", "--channels-last"),
            lambda: field.torch("torch.compile bfloat16", "--bfloat16", "all", "--compile"),
            lambda: field.torch("torch.compile autocast", "--bfloat16", "autocast", "--compile"),
            lambda: field.on_onnx("OpenVINO bfloat16", "window_openvino.py", "--precision", "bf16"),
            lambda: field.on_onnx(
                "OpenVINO bfloat16, not pinned", "window_openvino.py", "--precision", "bf16", "--no-pinning"
            ),
        ]
    )
    own, *others = alternate([fast, *peers], settings.rounds, runs)
    notes = [field.error(FAST, of=EXACT), *(field.error(each.name) for each in (own, *others)), *absent]
    if settings.plain_tiles:
        notes.append("a trial: the small model, and tiles in plain code")
    work = f"one {WINDOW}x{WINDOW} window, `--precision fast` beside bfloat16"
    yield Row(6, work, own, others, notes)
