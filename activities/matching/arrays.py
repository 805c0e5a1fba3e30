"""The shapes that matching computes with: mentors down, mentees across."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Bools: TypeAlias = NDArray[np.bool_]
Floats: TypeAlias = NDArray[np.float32]
Bits: TypeAlias = NDArray[np.uint16]
