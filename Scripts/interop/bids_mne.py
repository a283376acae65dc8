"""BIDS-EMG: MNE-BIDS reads a dataset that motorpool writes, MNE its signal."""

import mne
import numpy as np
from mne_bids import BIDSPath, read_raw_bids

from support.rows import Rows

rows = Rows("mne-bids")
mne.set_log_level("ERROR")
rng = np.random.default_rng(7)
data = np.cumsum(rng.normal(size=(10240, 16)), axis=0)
table = rows.path("signal.csv")
names = ",".join(["time [s]"] + [f"TA {i + 1} [uV]" for i in range(16)])
np.savetxt(table, np.column_stack([np.arange(10240) / 2048, data]), delimiter=",", header=names,
           comments="", fmt="%.9g")
found, _ = rows.values(table)
rows.run("convert", table, "-o", rows.path("dataset"), "--bids", "sub-01_task-hold",
         "--grid", "4x4,8")
raw = read_raw_bids(BIDSPath(root=rows.path("dataset"), subject="01", task="hold",
                             datatype="emg", suffix="emg", extension=".bdf"))
step = 2 * np.max(np.abs(data)) / (2 ** 24 - 1)
values = 1e6 * raw.get_data(picks="emg").T
rows.add("reads what motorpool writes", "BIDS-EMG, 16 channels",
         np.max(np.abs(values[:len(found)] - found)), step / 2 + 1e-4, "uV")
rows.finish()
