"""WFDB: records that the wfdb package writes are read equal, in every format it writes."""

import os

import numpy as np
import wfdb

from support.rows import Rows

rows = Rows("wfdb")
rng = np.random.default_rng(4)
os.chdir(rows.folder)
for form in ["16", "24", "32", "80", "212"]:
    low = {"80": -100, "212": -2000}.get(form, -30000)
    digital = rng.integers(low, -low, size=(3000, 3))
    name = f"r{form}"
    wfdb.wrsamp(name, fs=1000, units=["mV"] * 3, sig_name=["EMG1", "EMG2", "EMG3"],
                d_signal=digital, fmt=[form] * 3, adc_gain=[200.0] * 3, baseline=[0] * 3)
    expected = 1000 * wfdb.rdrecord(name).p_signal
    found, _ = rows.values(rows.path(f"{name}.hea"))
    rows.add("motorpool reads", f"WFDB format {form}", np.max(np.abs(found - expected)), 0.02, "uV")
rows.finish()
