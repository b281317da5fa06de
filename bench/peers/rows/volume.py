"""Rows 12 to 15: windows of a volume, loading of their networks, and their errors, beside the best of the peers.

Ours takes two windows half a patch apart, so that both are weighted, summed and divided in half precision, and halves
the time; the peers run a window alone, to its logits.
"""

from __future__ import annotations

from collections.abc import Iterator

from contestant import Series, alternate, those_that_run
from nnunet_sizes import FAST, PARTS, Network
from row import Row, Settings

from .volume_field import Errors, VolumeField

ORGANS = PARTS[0]
NUMBERS = {12: ORGANS, 13: FAST}
QUICK = (64, 64, 64)
QUICK_FEATURES = 8  # of the first stage, where double precision is among the contestants


def _engine(own: Series) -> list[str]:
    """What ran instead of the native engine, and why."""
    reason = own.about["engine_reason"]
    return [f"musclemap ran on {own.about['name']}: {reason}"] if reason else []


def _field(settings: Settings, network: Network) -> VolumeField:
    return VolumeField(settings, network, QUICK if settings.quick else None)


def _window(settings: Settings, number: int) -> Row:
    field = _field(settings, NUMBERS[number])
    field.export()
    mine = field.own_windows("volume")
    windows = mine.series.about["windows"]
    peers, absent = those_that_run(
        [
            lambda: field.torch("torch"),
            lambda: field.torch("torch, channels-last", "--channels-last"),
            lambda: field.on_onnx("ONNX Runtime", "window_onnxruntime.py"),
            lambda: field.on_onnx("OpenVINO", "window_openvino.py"),
            lambda: field.on_onnx("OpenVINO, not pinned", "window_openvino.py", "--no-pinning"),
        ]
    )
    own, *others = alternate([mine, *peers], settings.rounds, 1, {0: 1 / windows})
    work = f"a window of {windows}, {field.work_text()}, blending included; the peers' window alone"
    return Row(number, work, own, others, [*_engine(own), *absent])


def measure(settings: Settings, wanted: set[int]) -> Iterator[Row]:
    for number in sorted(wanted & NUMBERS.keys()):
        yield _window(settings, number)
    if 14 in wanted:
        for network in NUMBERS.values():
            yield _loading(settings, network)
    if 15 in wanted:
        for network in NUMBERS.values():
            yield _errors(settings, network)


def _loading(settings: Settings, network: Network) -> Row:
    field = _field(settings, network)
    field.export()
    peers, absent = those_that_run(
        [
            lambda: field.torch("torch", "--load"),
            lambda: field.on_onnx("ONNX Runtime", "window_onnxruntime.py", "--load"),
            lambda: field.on_onnx("OpenVINO", "window_openvino.py", "--load"),
        ]
    )
    own, *others = alternate([field.own("volume-load"), *peers], settings.rounds)
    work = f"load the network of {network.classes} classes: read, check, prepare weights"
    checked = f"compared with {own.about['check'] or 'nothing'}"
    return Row(14, work, own, others, [checked, *_engine(own), *absent])


# A window of 64 voxels in double precision takes some ten seconds and 4 GB; it is the smallest that six stages take.
def _errors(settings: Settings, network: Network) -> Row:
    tried = network.narrow(QUICK_FEATURES) if settings.quick else network
    size = QUICK if network.stages == 6 else (48, 48, 64)
    errors = Errors(VolumeField(settings, tried, size))
    own, *others = alternate([errors.own(), errors.torch()], 1)
    work = f"four windows of {errors.field.work_text()}: errors against double precision"
    return Row(15, work, own, others, [*errors.notes(), *_engine(own)])
