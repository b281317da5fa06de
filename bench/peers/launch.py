"""Runs a command; its seconds, peak bytes and status as JSON on descriptor 3.

A process of its own, and a small one: a child's peak memory as the system counts it begins with that of the process
that started it.
"""

import json
import os
import sys
import time

start = time.perf_counter()
_, status, usage = os.wait4(os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ), 0)
seconds = time.perf_counter() - start
figures = {
    "seconds": seconds,
    "peak_bytes": usage.ru_maxrss * 1024,
    "status": os.waitstatus_to_exitcode(status),
}
os.write(3, json.dumps(figures).encode())
