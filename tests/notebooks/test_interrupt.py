"""The stop button of a notebook ends a run at any moment, and the kernel goes on."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from typing import Any

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager, start_new_kernel
from pth_file import description, write_model
from random_unet import random_weights

MOMENTS = 20
LATEST_SECONDS = 2.0
# Generous: a machine that builds at the same time may be many times slower. The figures are printed.
MOST_SECONDS = 15.0
CELL_SECONDS = 120

PREPARE = """
import numpy as np
import musclemap as mm
segmenter = mm.Segmenter({model!r}, device="cpu", overlap=0.5)
image = np.random.default_rng(1).integers(1, 400, (192, 192, 1000)).astype("int16")
small = image[:64, :64, :2].copy()
expected = np.asarray(segmenter.run(small))
"""
LONG_RUN = "print('started', flush=True); mm.segment(image, segmenter)"
NEXT_CALL = "assert np.array_equal(mm.segment(small, segmenter), expected)"
RAISING = """
class Own(Exception):
    pass

def tell(progress):
    raise Own("mine")

mm.segment(image, segmenter, progress=tell)
"""


class Kernel:
    """A notebook's kernel, one cell at a time."""

    def __init__(self, manager: KernelManager, client: BlockingKernelClient) -> None:
        self.manager, self.client = manager, client

    def execute(self, code: str) -> dict[str, Any]:
        """The reply's content: status, and ename and evalue of a failure."""
        return self.reply(self.send(code))

    def send(self, code: str) -> str:
        # A failure would have the kernel refuse what comes within moments of it.
        return self.client.execute(code, allow_stdin=False, stop_on_error=False)

    def reply(self, request: str) -> dict[str, Any]:
        while True:
            message = self.client.get_shell_msg(timeout=CELL_SECONDS)
            if message["parent_header"].get("msg_id") == request:
                return dict(message["content"])

    def start(self, code: str) -> str:
        """Begins a cell and returns once it has printed."""
        request = self.send(code)
        while True:
            message = self.client.get_iopub_msg(timeout=CELL_SECONDS)
            if message["parent_header"].get("msg_id") == request and message["msg_type"] == "stream":
                return request


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    model = write_model(tmp_path_factory.mktemp("model") / "tiny.pth", random_weights(), description())
    manager, client = start_new_kernel(kernel_name="python3")
    try:
        kernel = Kernel(manager, client)
        prepared = kernel.execute(PREPARE.format(model=str(model)))
        assert prepared["status"] == "ok", prepared
        yield kernel
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_stop_button_at_random_moments(kernel: Kernel) -> None:
    moments = random.Random(6)
    took = []
    for _ in range(MOMENTS):
        moment = moments.uniform(0, LATEST_SECONDS)
        request = kernel.start(LONG_RUN)
        time.sleep(moment)
        sent = time.monotonic()
        kernel.manager.interrupt_kernel()
        reply = kernel.reply(request)
        took.append(time.monotonic() - sent)
        assert reply["status"] == "error", f"after {moment:.2f} s the cell was through"
        assert reply["ename"] == "KeyboardInterrupt", reply
        assert kernel.execute(NEXT_CALL)["status"] == "ok"
    print(f"{MOMENTS} interrupts: {1000 * sorted(took)[MOMENTS // 2]:.0f} ms at the middle, {1000 * max(took):.0f} ms at most")
    assert max(took) < MOST_SECONDS


def test_a_callbacks_own_exception_comes_out(kernel: Kernel) -> None:
    reply = kernel.execute(RAISING)
    assert (reply["ename"], reply["evalue"]) == ("Own", "mine")
    assert kernel.execute(NEXT_CALL)["status"] == "ok"

