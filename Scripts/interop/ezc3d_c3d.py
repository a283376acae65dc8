"""C3D: analog channels and events that ezc3d writes are read equal."""

import ezc3d
import numpy as np

from support.rows import Rows

rows = Rows("ezc3d")
rng = np.random.default_rng(2)

for with_points in [False, True]:
    path = rows.path(f"a{int(with_points)}.c3d")
    frames, per_frame, count = 400, 10, 5
    c3d = ezc3d.c3d()
    c3d["parameters"]["POINT"]["RATE"]["value"] = [100]
    c3d["parameters"]["ANALOG"]["RATE"]["value"] = [1000]
    c3d["parameters"]["ANALOG"]["LABELS"]["value"] = [f"EMG {i + 1}" for i in range(count)]
    c3d["parameters"]["ANALOG"]["UNITS"]["value"] = ["V"] * count
    # It takes the number of frames from the points, of which there may be none.
    c3d["data"]["points"] = np.zeros((4, 0, frames))
    if with_points:
        c3d["parameters"]["POINT"]["LABELS"]["value"] = ["A", "B"]
        c3d["data"]["points"] = rng.normal(size=(4, 2, frames))
    analog = 1e-3 * rng.normal(size=(1, count, frames * per_frame))
    c3d["data"]["analogs"] = analog
    c3d.write(path)
    found, _ = rows.values(path)
    assert found.shape == (frames * per_frame, count), found.shape
    expected = 1e6 * ezc3d.c3d(path)["data"]["analogs"][0].T
    rows.add("motorpool reads", "C3D, analog channels" + (" beside points" if with_points else ""),
             np.max(np.abs(found - expected)), 1e-3, "uV")
rows.finish()
