"""What the tests of the notebooks share: the package of the build, for the kernels too."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = str(ROOT / "build" / "release" / "python")
sys.path.insert(0, str(ROOT / "tests" / "support"))
os.environ["PYTHONPATH"] = PACKAGE
# On a busy machine threads that spin at LibTorch's barriers keep each other from working.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
