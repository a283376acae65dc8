"""NWB: both directions with pynwb, and nwbinspector's opinion of what motorpool writes."""

import datetime
import json

import numpy as np
import nwbinspector
from pynwb import NWBHDF5IO, NWBFile, TimeSeries
from pynwb.ecephys import ElectricalSeries

from support.rows import Rows

rows = Rows("pynwb")
rng = np.random.default_rng(6)
start = datetime.datetime(2025, 3, 4, 5, 6, 7, tzinfo=datetime.timezone.utc)
nwb = NWBFile(session_description="test", identifier="id", session_start_time=start)
device = nwb.create_device(name="amplifier")
group = nwb.create_electrode_group(
    name="grid", description="grid", location="TA", device=device)
for i in range(64):
    nwb.add_electrode(location="TA", group=group, rel_x=8000.0 * (i // 8), rel_y=8000.0 * (i % 8))
region = nwb.create_electrode_table_region(region=list(range(64)), description="all")
raw = rng.integers(-3000, 3000, size=(20000, 64)).astype(np.int16)
factors = np.linspace(1, 2, 64)
nwb.add_acquisition(ElectricalSeries(
    name="EMG", data=raw, electrodes=region, rate=2048.0, starting_time=1.5, conversion=5e-7,
    offset=2e-6, channel_conversion=factors))
force = np.cumsum(rng.normal(size=5000))
nwb.add_acquisition(TimeSeries(
    name="Force", data=force, unit="newtons", timestamps=1.5 + np.arange(5000) / 512))
trains = [[2.0, 2.5, 3.25], [2.125]]
for train in trains:
    nwb.add_unit(spike_times=train)
path = rows.path("theirs.nwb")
with NWBHDF5IO(path, "w") as io:
    io.write(nwb)

found, _ = rows.values(path, "--channels", "1-64")
expected = 1e6 * (raw * 5e-7 * factors + 2e-6)
rows.add("motorpool reads", "ElectricalSeries, 64 channels, conversion and offset",
         np.max(np.abs(found - expected)), 1e-3, "uV")
found, _ = rows.values(path, "--channels", "65")
rows.add("motorpool reads", "TimeSeries with time stamps", np.max(np.abs(found[:, 0] - force)),
         1e-4, "N")
info = json.loads(rows.run("info", path, "--json"))
grid = info["electrodeGrids"][0]
sites = {e["channel"]: (e["position"]["row"], e["position"]["column"]) for e in grid["electrodes"]}
wrong = sum(sites[i] != (i % 8, i // 8) for i in range(64))
rows.add("motorpool reads", "place of 64 electrodes", wrong, 0, "electrodes elsewhere")

ours = rows.path("ours.nwb")
rows.run("convert", path, "-o", ours)
with NWBHDF5IO(ours, "r") as io:
    back = io.read()
    series = back.acquisition["ElectricalSeries"]
    values = 1e6 * np.asarray(series.data[:], float) * series.conversion
    rows.add("reads what motorpool writes", "ElectricalSeries, 64 channels",
             np.max(np.abs(values - expected)), 1e-3, "uV")
    assert series.rate == 2048 and back.session_start_time == start
    table = series.electrodes.table.to_dataframe()
    distance = np.max(np.abs(table["rel_x"].to_numpy() - 8000.0 * (np.arange(64) // 8)))
    rows.add("reads what motorpool writes", "electrodes table", distance, 0, "um")
    times = [np.asarray(back.units["spike_times"][i]) for i in range(len(trains))]
    worst = max(np.max(np.abs(a - (np.array(b) - 1.5))) for a, b in zip(times, trains))
    rows.add("reads what motorpool writes", "Units, discharge times", worst, 1e-9, "s")

folder, recording, units = rows.units()
exported = rows.path("units.nwb")
rows.run("export-units", folder, "--recording", recording, "--format", "nwb", "-o", exported)
signal, _ = rows.values(recording)
way = "reads export-units --format nwb"
with NWBHDF5IO(exported, "r") as io:
    back = io.read()
    samples = [np.asarray(back.units["spike_times"][i]) * 1000 for i in range(len(units))]
    rows.add_trains(way, [np.rint(train) for train in samples],
                    [np.array(unit["samples"]) for unit in units])
    stated = np.asarray(back.units["silhouette"][:])
    rows.add(way, "SIL", np.max(np.abs(stated - [unit["silhouette"] for unit in units])), 1e-6)
    series = back.acquisition["ElectricalSeries"]
    values = 1e6 * np.asarray(series.data[:], float) * series.conversion
    rows.add(way, f"signal, {values.shape[1]} channels", np.max(np.abs(values - signal)), 1e-3,
             "uV")
    # The potential of a unit stands out of the mean over its discharges where it is read from the signal.
    sources = np.asarray(
        back.processing["ecephys"]["innervation_pulse_trains"].data[:], float)
    assert sources.shape == (len(signal), len(units)), sources.shape
    means = np.asarray(back.units["waveform_mean"][:])
    assert means.shape[0] == len(units) and means.shape[2] == signal.shape[1], means.shape
    assert [len(back.units["electrodes"][i]) for i in range(len(units))] == [means.shape[2]] * len(units)
rows.run("import-units", exported, "--output", rows.path("again"))
rows.add_trains("motorpool reads what motorpool writes",
                [np.array(unit["samples"]) for unit in rows.stored(rows.path("again"))],
                [np.array(unit["samples"]) for unit in units])

rows.package("nwbinspector")
# A recording names nobody: who was recorded is for the user to add.
known = ["check_subject_exists"]
for file, name in [(ours, "convert"), (exported, "export-units --format nwb")]:
    findings = [f for f in nwbinspector.inspect_nwbfile(nwbfile_path=file)
                if f.check_function_name not in known and f.importance.name in
                ("CRITICAL", "PYNWB_VALIDATION", "ERROR", "BEST_PRACTICE_VIOLATION")]
    for finding in findings:
        print(f"  {finding.importance.name}: {finding.object_name}: {finding.message[-300:]}")
    rows.add(f"inspects {name}", "validation, critical findings and violations (no subject)",
             len(findings), 0, "findings")
rows.finish()
