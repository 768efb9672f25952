"""The suite computes as the command does: trainings whose threads wait for each other on busy cores took four times as long."""

from threadpoolctl import threadpool_limits

from maild.__main__ import use_common_sums, use_one_thread

use_one_thread()
use_common_sums()
threadpool_limits(1)  # NumPy, where a plugin of pytest was first; it does not read the environment again
