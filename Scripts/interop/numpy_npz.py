"""NumPy archives with the members of MUedit2's two forms, written by NumPy."""

import json

import numpy as np

from support.rows import Rows

rows = Rows("numpy")
rng = np.random.default_rng(8)
trains = [np.sort(rng.choice(20000, size, replace=False)) for size in [120, 90, 1]]
sources = rng.normal(size=(3, 20000)).astype(np.float32)
emg = (50 * rng.normal(size=(64, 20000))).astype(np.float32)


def text(value):
    return np.array(json.dumps(value))


def objects(items):
    array = np.empty(len(items), dtype=object)
    for index, item in enumerate(items):
        array[index] = item
    return array


first = rows.path("first.npz")
np.savez_compressed(
    first, pulse_trains=sources, discharge_times=objects(trains), fsamp=2048.0,
    grid_names=np.array(["GR08MM1305"], dtype=object), mu_grid_index=np.zeros(3, int),
    muscle=np.array(["VL"], dtype=object), parameters=np.array([{"a": [1, 2.5, None]}], dtype=object),
    total_samples=20000, emg_data=emg, sil=np.array([0.9, 0.95, 0.99]))
second = rows.path("second.npz")
np.savez(
    second, schema_version=np.int64(2), fsamp=np.float64(2048), total_samples=np.int64(20000),
    spike_times=np.concatenate(trains).astype(np.int32),
    spike_offsets=np.cumsum([0] + [len(train) for train in trains]), mu_grid_index=np.zeros(3, np.int16),
    grid_names=text(["GR08MM1305"]), muscle=text(["VL"]), parameters=text({}), pulse_trains=sources,
    sil=np.array([0.9, 0.95, 0.99]), emg_data=emg)
for path, form in [(first, "first form, pickled and deflated"), (second, "second form, stored")]:
    rows.run("import-units", path, "--unit", "uV", "--output", path + ".run")
    rows.add_trains("motorpool reads what savez writes",
                    [np.array(unit["samples"]) for unit in rows.stored(path + ".run")], trains,
                    f"discharges, MUedit2 {form}")
    values, _ = rows.values(path, "--unit", "uV")
    rows.add("motorpool reads what savez writes", f"EMG and sources, MUedit2 {form}",
             max(np.max(np.abs(values[:, :64] - emg.T)), np.max(np.abs(values[:, 64:] - sources.T))),
             1e-4, "uV")
rows.finish()
