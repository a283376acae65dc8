"""BIDS-EMG: MNE-BIDS, MNE and the official validator on datasets and derivatives that motorpool writes."""

import csv
import json
import os
import subprocess
import sys

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
# The same file by MNE's own reader, and an EDF+ file.
rows.package("mne")
edf = rows.path("ours.edf")
rows.run("convert", table, "-o", edf)
raw = mne.io.read_raw_edf(edf)
values = 1e6 * raw.get_data().T
step = 2 * np.max(np.abs(data)) / (2 ** 16 - 1)
rows.add("reads what motorpool writes", "EDF+, 16 channels",
         np.max(np.abs(values[:len(found)] - found)), step / 2 + 1e-3, "uV")

folder, recording, units = rows.units()
derivative = rows.path("derivative")
rows.run("export-units", folder, "--format", "bids", "--bids", "sub-01_task-hold", "-o", derivative)
events = f"{derivative}/sub-01/emg/sub-01_task-hold_desc-decomposition_events"
with open(events + ".tsv", encoding="utf-8") as file:
    lines = list(csv.DictReader(file, delimiter="\t"))
with open(events + ".json", encoding="utf-8") as file:
    columns = json.load(file)
assert set(lines[0]) <= set(columns) | {"description"}, set(lines[0]) - set(columns)
rows.name = f"csv of Python {sys.version.split()[0]}"
rows.add_trains(
    "reads export-units --format bids",
    [np.array([int(line["sample"]) for line in lines if line["unit_id"] == unit["id"]])
     for unit in units], [np.array(unit["samples"]) for unit in units])
rows.run("import-units", events + ".tsv", "--fs", 1000, "--output", rows.path("again"))
again = {unit["id"]: np.array(unit["samples"]) for unit in rows.stored(rows.path("again"))}
rows.add_trains("motorpool reads what motorpool writes", [again[unit["id"]] for unit in units],
                [np.array(unit["samples"]) for unit in units], "discharges, BIDS events")

# The validator's exit code tells of errors in a nested derivative too.
validator = os.path.join(os.path.dirname(sys.executable), "bids-validator-deno")
rows.package("bids-validator-deno")
for root, name in [(rows.path("dataset"), "convert --bids"),
                   (derivative, "export-units --format bids")]:
    done = subprocess.run([validator, "--json", root], capture_output=True, text=True, timeout=300)
    issues = json.loads(done.stdout)["issues"]["issues"]
    errors = [issue for issue in issues if issue["severity"] == "error"]
    for error in errors:
        print(f"  {error['code']}: {error.get('location')}")
    rows.add(f"validates {name}", "errors", len(errors) + (done.returncode != 0), 0, "errors")
rows.finish()
