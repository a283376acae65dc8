"""Units to and from openhdemg 0.1 and 0.2, its own sample file read by both; hdf5storage and SciPy on MAT."""

import json
import os
import warnings

os.environ.setdefault("MPLBACKEND", "Agg")
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
warnings.simplefilter("ignore")

import hdf5storage
import numpy as np
import openhdemg.library as emg
import scipy.io

from support.rows import Rows

rows = Rows("openhdemg")
run, recording, units = rows.units()
trains = [np.array(unit["samples"]) for unit in units]
accuracy = np.array([unit.get("silhouette", np.nan) for unit in units])


def export(name, form):
    rows.run("export-units", run, "--recording", recording, "--format", form, "-o", rows.path(name))
    return rows.path(name)


def compare(way, loaded, has_accuracy=True):
    """What openhdemg loaded, with the run."""
    rows.add_trains(way, loaded["MUPULSES"], trains)
    if has_accuracy:
        stated = loaded["ACCURACY"].to_numpy(dtype=float).ravel()
        rows.add(way, "SIL", np.max(np.abs(stated - accuracy)), 1e-6)
    rows.add(way, "sources (IPTS)", np.max(np.abs(loaded["IPTS"].to_numpy() - sources)), 1e-4)
    found = loaded["RAW_SIGNAL"].to_numpy()
    rows.add(way, f"signal, {found.shape[1]} channels", np.max(np.abs(found - signal)), 1e-3, "uV")
    firing = loaded["BINARY_MUS_FIRING"].to_numpy()
    assert all(np.flatnonzero(firing[:, i]).tolist() == t.tolist() for i, t in enumerate(trains))


sources = np.loadtxt(
    os.path.join(export("tables", "csv"), "sources.csv"), delimiter=",", skiprows=1)[:, 1:]
signal, _ = rows.values(recording)

ours = emg.emg_from_json(export("ours.json", "openhdemg-json"))
compare("reads export-units --format openhdemg-json", ours)
compare("reads export-units --format demuse",
        emg.emg_from_demuse(export("demuse.mat", "demuse")), has_accuracy=False)
hasModule = hasattr(emg, "load_openhdemg_module")
if hasModule:
    compare("reads export-units --format openhdemg",
            emg.load_openhdemg_module(export("module", "openhdemg"), "units", verify_checksum=True))


def read_back(way, path, name):
    """A file that openhdemg wrote, as motorpool reads it."""
    rows.run("import-units", path, "--output", rows.path(name))
    found = rows.stored(rows.path(name))
    rows.add_trains(way, [np.array(unit["samples"]) for unit in found], trains)
    stated = np.array([unit["silhouette"] for unit in found])
    rows.add(way, "SIL", np.max(np.abs(stated - accuracy)), 1e-6)
    values, _ = rows.values(path)
    rows.add(way, "signal", np.max(np.abs(values[:, :signal.shape[1]] - signal)), 1e-3, "uV")


emg.save_json_emgfile(ours, rows.path("theirs.json"), compresslevel=4)
read_back("motorpool reads what save_json_emgfile writes", rows.path("theirs.json"), "theirs")
if hasModule:
    for level in [None, 1]:
        name = f"module{level or 0}"
        emg.save_openhdemg_module(
            ours, rows.folder, name, compresslevel=level, add_checksum=level is not None)
        read_back("motorpool reads what save_openhdemg_module writes"
                  + (" (gzip)" if level else ""), rows.path(name), f"theirs{level or 0}")

# Its sample file, an OTBiolab+ export of a real contraction, read by both.
folder = os.path.join(os.path.dirname(emg.__file__), "decomposed_test_files")
sample = os.path.join(folder, "otb_testfile.mat")
# Its default moves the firings by 8 samples onto the sources; here they are as the file states them.
reference = emg.emg_from_otb(sample, ext_factor=0)
emg.save_json_emgfile(reference, rows.path("sample.json"), compresslevel=4)
way = "both read its otb_testfile.mat"
rows.run("import-units", sample, "--output", rows.path("sample"))
found = [np.array(unit["samples"]) for unit in rows.stored(rows.path("sample"))]
order = sorted(range(len(found)), key=lambda i: tuple(found[i][:3]))
expected = sorted(reference["MUPULSES"], key=lambda train: tuple(train[:3]))
rows.add_trains(way, [found[i] for i in order], expected)
values, _ = rows.values(sample)
channels = reference["RAW_SIGNAL"].shape[1]
rows.add(way, f"signal, {channels} channels",
         np.max(np.abs(values[:, :channels] - reference["RAW_SIGNAL"].to_numpy())), 1e-3, "uV")
score = json.loads(rows.run(
    "score", sample, "--truth", rows.path("sample.json"), "--tolerance-ms", "0.001", "--json"))
total = sum(len(pulses) for pulses in expected)
rows.add("motorpool score of its otb_testfile.mat against what save_json_emgfile writes",
         "discharges not matched", total - sum(pair["matched"] for pair in score["pairs"]), 0)

# Neuromap's export as openhdemg documents it: a MAT file and tables of text.
neuromap = rows.path("neuromap")
os.mkdir(neuromap)
names = [f"Galileo sensor 1: EMG {i + 1}" for i in range(4)] + ["Trigno Load Cell 2: Analog"]
data = 1e-4 * np.random.default_rng(9).normal(size=(5, 8000))
scipy.io.savemat(rows.path("neuromap.mat"), {
    "Data": data, "Channels": np.array(names, dtype=object), "Fs": np.full(5, 2222.0)})
# Times on samples: of halves the two round one up, the other to even.
times = [np.array([1111, 1666, 2778]) / 2222, np.array([555, 4444]) / 2222]
with open(f"{neuromap}/a_Firings.txt", "w", encoding="utf-8") as file:
    file.write("MU_1\tMU_2\n")
    for row in range(3):
        file.write("\t".join(f"{t[row]:.6f}" if row < len(t) else "NaN" for t in times) + "\n")
with open(f"{neuromap}/a_Stats.txt", "w", encoding="utf-8") as file:
    file.write("MU\tAccuracy\n1\t0.95\n2\t0.9\n")
with open(f"{neuromap}/a_MUAPs.txt", "w", encoding="utf-8") as file:
    file.write("MU_Num\tCh1\tCh2\tCh3\tCh4\n1\t0\t1\t2\t3\n2\t0\t1\t2\t3\n")
theirs = emg.emg_from_delsys(rows.path("neuromap.mat"), neuromap)
way = "both read a Neuromap export"
values, _ = rows.values(rows.path("neuromap.mat"), "--unit", "V")
rows.add(way, "signal, 4 channels", np.max(np.abs(
    values[:, :4] - 1e6 * theirs["RAW_SIGNAL"].to_numpy())), 1e-3, "uV")
rows.run("import-units", f"{neuromap}/a_Firings.txt", "--fs", 2222, "--output", rows.path("firings"))
found = {unit["id"]: np.array(unit["samples"]) for unit in rows.stored(rows.path("firings"))}
rows.add_trains(way, [found["MU_1"], found["MU_2"]], theirs["MUPULSES"])

# The MAT files as other libraries see them.
rows.package("scipy")
level5 = scipy.io.loadmat(rows.path("demuse.mat"), simplify_cells=True)
rows.add_trains("reads export-units --format demuse",
                [pulses.astype(int) - 1 for pulses in level5["MUPulses"]], trains)
rows.package("hdf5storage")
muedit = hdf5storage.loadmat(export("muedit.mat", "muedit"))["signal"]
muedit = muedit.ravel()[0] if isinstance(muedit, np.ndarray) else muedit
cells = np.asarray(muedit["Dischargetimes"]).ravel()
way = "reads export-units --format muedit"
rows.add_trains(way, [np.ravel(cell).astype(int) - 1 for cell in cells], trains)
rows.add(way, "signal", np.max(np.abs(np.asarray(muedit["data"]).T - signal)), 1e-3, "uV")
rows.finish()
