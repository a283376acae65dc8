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

# Annotations: the file of another program is read, and it reads ours.
folder, recording, units = rows.units()
trains = [np.array(unit["samples"]) for unit in units]
rows.run("export-units", folder, "--format", "wfdb", "-o", rows.path("units.mu"))
found = wfdb.rdann("units", "mu")
assert found.fs == 1000, found.fs
names = np.array(found.aux_note)
rows.add_trains("reads export-units --format wfdb",
                [found.sample[names == unit["id"]] for unit in units], trains)
order = np.argsort(np.concatenate(trains), kind="stable")
wfdb.wrann("theirs", "atr", np.concatenate(trains)[order],
           symbol=["N"] * len(order), fs=1000,
           aux_note=list(np.concatenate([[f"u{i}"] * len(t) for i, t in enumerate(trains)])[order]))
rows.run("import-units", rows.path("theirs.atr"), "--fs", 1000, "--output", rows.path("theirs"))
stored = {unit["id"]: np.array(unit["samples"]) for unit in rows.stored(rows.path("theirs"))}
rows.add_trains("motorpool reads what wrann writes",
                [stored[f"u{i}"] for i in range(len(trains))], trains)
rows.finish()
