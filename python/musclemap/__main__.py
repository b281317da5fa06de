"""`python -m musclemap`: the same as the command `musclemap`."""

import sys

from musclemap.programs import musclemap

sys.exit(musclemap())
