"""Arrays of numbers, named by what stands in them; the shape is said where one is used."""

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]
"""What models keep, in half of the octets."""
