"""EDF+ and BDF+: both directions, within half a step of the file."""

import numpy as np
import pyedflib

from support.rows import Rows

rows = Rows("pyedflib")
rng = np.random.default_rng(3)
rate, count, seconds = 2048, 8, 5

for kind, bits in [(pyedflib.FILETYPE_EDFPLUS, 16), (pyedflib.FILETYPE_BDFPLUS, 24)]:
    name = "EDF+" if bits == 16 else "BDF+"
    suffix = "edf" if bits == 16 else "bdf"
    signals = np.cumsum(rng.normal(size=(count, rate * seconds)), axis=1)
    top = 2 ** (bits - 1) - 1
    path = rows.path(f"theirs.{suffix}")
    writer = pyedflib.EdfWriter(path, count, file_type=kind)
    writer.setSignalHeaders([{
        "label": f"EMG {i + 1}", "dimension": "uV", "sample_frequency": rate,
        "physical_max": 1000, "physical_min": -1000, "digital_max": top, "digital_min": -top - 1,
        "prefilter": "", "transducer": ""} for i in range(count)])
    writer.writeSamples(list(signals))
    writer.close()
    step = 2000 / (2 * top + 1)
    found, _ = rows.values(path)
    with pyedflib.EdfReader(path) as reader:
        expected = np.array([reader.readSignal(i) for i in range(count)]).T
    rows.add("motorpool reads", f"{name}, {count} channels", np.max(np.abs(found - expected)),
             max(step / 100, 1e-4), "uV")
    ours = rows.path(f"ours.{suffix}")
    rows.run("convert", path, "-o", ours)
    with pyedflib.EdfReader(ours) as reader:
        back = np.array([reader.readSignal(i) for i in range(count)]).T
        steps = [(reader.getPhysicalMaximum(i) - reader.getPhysicalMinimum(i)) / (2 * top)
                 for i in range(count)]
        assert reader.getSampleFrequencies().tolist() == [rate] * count
    # Half a step of what is written, and the rounding of single precision.
    rows.add("reads what motorpool writes", f"{name}, {count} channels",
             np.max(np.abs(back[:len(found)] - found)), max(steps) / 2 + 1e-4, "uV")
rows.finish()
