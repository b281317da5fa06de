"""Reads, measures and writes with an installed wheel; run by tests/wheel/run."""

import sys
import time

start, worked = time.perf_counter(), time.process_time()
import musclemap as mm  # noqa: E402

took = 1000 * (time.perf_counter() - start)
worked = 1000 * (time.process_time() - worked)
import numpy as np  # noqa: E402

assert "torch" not in sys.modules
labels = np.zeros((20, 18, 6), np.int16)
labels[2:9] = 1
labels[11:18] = 2
random = np.random.default_rng(1)
values = np.where(random.random(labels.shape) < 0.25, 400, 100).astype(np.float32) + random.normal(0, 9, labels.shape)
mm.write(values.astype(np.float32), "scan.nii.gz")
scan = mm.read("scan.nii.gz")
tissue = mm.TissueClassifier("gmm", components=2).classify(scan, labels)
table = mm.measure(labels, tissue, {1: "psoas", 2: "soleus"})
assert abs(table["fat_percent"] - 25).max() < 5, table["fat_percent"]
table.to_csv("table.csv")
assert mm.info("scan.nii.gz", verify=True)["dtype"] == "float32"
try:
    mm.Segmenter("none.pth")
except mm.FileError as error:
    assert error.file == "none.pth"
found = mm.doctor()
assert found["engine"]["module"] or found["engine"]["problem"]
print(f"import {took:.0f} ms ({worked:.0f} ms of processor time); musclemap {found['version']} in {found['package']}")
