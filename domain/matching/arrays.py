"""The shapes that matching computes with: mentees down, mentors across."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Bools: TypeAlias = NDArray[np.bool_]
Floats: TypeAlias = NDArray[np.float32]
Bits: TypeAlias = NDArray[np.uint16]
Index: TypeAlias = NDArray[np.intp]
Whole: TypeAlias = NDArray[np.int64]
"""Costs and what is reckoned with them: whole numbers, so that nothing is rounded."""
Table: TypeAlias = NDArray[Any]
