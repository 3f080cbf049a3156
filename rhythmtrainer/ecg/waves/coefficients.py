"""Numbers fitted to the odd-numbered records of the Lobachevsky University Database, all leads.

Made by ``python -m tests.bench.fit_waves``; not to be edited by hand.
"""

import numpy as np

# Constant in s from the middle of the complex, a weight for the bound at each silence level.
QRS_ONSET = np.array([-0.0210, 0.0555, 0.1847, 0.3241, 0.1714], np.float32)
QRS_END = np.array([0.0094, 0.1156, 0.6136, 0.1245, -0.1111], np.float32)

# Constant in s, weights of the six views of a side, weights of the context.
P_ONSET = np.array([0.0032, 0.0348, 0.2505, 0.0778, -0.0438, 0.2928, 0.3507, 0.0110], np.float32)
P_END = np.array([-0.0044, 0.2145, 0.1872, 0.0662, 0.0093, 0.2111, 0.1158, -0.0839], np.float32)
T_ONSET = np.array(
    [0.0156, -0.1542, 0.0421, 0.2677, 0.3476, -0.3965, 0.0901, -0.1182, 0.0282, 0.0870], np.float32
)
T_END = np.array(
    [0.0031, 0.0346, -0.0357, 0.3257, 0.2292, -0.4962, 0.2101, 0.1035, 0.0544, -0.0558], np.float32
)

# Constant and weights of the evidence for a P wave; it is there where the sum is positive.
P_EVIDENCE = np.array(
    [-4.8159, 1.2671, 0.3479, 4.3028, -1.0255, -22.4087, -0.2480, -1.7292, -110.5548], np.float32
)
# The same for a P wave without a fixed distance to the QRS complex.
P_FREE_EVIDENCE = np.array(
    [-13.9965, 1.3984, -3.7465, 16.9320, -0.8902, 0.0000, 0.0000, -2.0391, -119.4631], np.float32
)
