"""What figures were measured on and with."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

FEATURES = ("avx2", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "amx_tile", "amx_bf16")
PEERS = (
    "torch",
    "monai",
    "onnxruntime",
    "openvino",
    "nibabel",
    "scikit-learn",
    "scipy",
    "connected-components-3d",
    "numpy",
)


def _cpu() -> dict[str, str]:
    fields: dict[str, str] = {}
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        name, colon, value = line.partition(":")
        if colon:
            fields.setdefault(name.strip(), value.strip())
    return fields


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "absent"


def machine(build: Path, threads: int) -> dict[str, Any]:
    cpu = _cpu()
    present = cpu.get("flags", cpu.get("Features", "")).split()
    own = subprocess.run(
        [build / "bin" / "mm_segment", "--version"], capture_output=True, text=True, check=True
    )
    return {
        "date": date.today().isoformat(),
        "cpu": cpu.get("model name", platform.machine()),
        "cores": len(os.sched_getaffinity(0)),
        "threads": threads,
        "features": [feature for feature in FEATURES if feature in present],
        "no_features": [feature for feature in FEATURES if feature not in present],
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "load": round(os.getloadavg()[0], 1),  # of the minute before: others on the machine
        "versions": {
            "musclemap": own.stdout.split()[-1],
            "python": platform.python_version(),
            **{package: _version(package) for package in PEERS},
        },
    }
