"""`python -m musclemap_fetch`: the same as the command `musclemap-fetch`."""

import sys

from musclemap_fetch.program import main

sys.exit(main())
