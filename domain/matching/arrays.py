"""Array types of matching. A table has a row for each mentee, a column for each mentor.

People are their places in a pool: the number of a mentee's row, of a mentor's column.
"""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

BoolArray: TypeAlias = NDArray[np.bool_]
FloatArray: TypeAlias = NDArray[np.float32]
BitArray: TypeAlias = NDArray[np.uint16]
IndexArray: TypeAlias = NDArray[np.intp]
"""Places of people, pairs or seats, and how many there are of something."""
IntArray: TypeAlias = NDArray[np.int64]
"""Costs and prices: whole numbers, so that nothing is rounded."""
AnyArray: TypeAlias = NDArray[Any]

UNMATCHED = -1
"""The value for none in arrays of seats or mentors."""
