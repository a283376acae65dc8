"""MAT level 5: both directions with scipy."""

import numpy as np
import scipy.io

from support.rows import Rows

rows = Rows("scipy")
rng = np.random.default_rng(5)
data = 50 * rng.normal(size=(4000, 16)).astype(np.float32)
path = rows.path("theirs.mat")
scipy.io.savemat(path, {"data": data, "fs": 2048.0, "unit": "uV"}, do_compression=True)
found, _ = rows.values(path)
rows.add("motorpool reads", "MAT level 5, matrix", np.max(np.abs(found - data)), 1e-4, "uV")
ours = rows.path("ours.mat")
rows.run("convert", path, "-o", ours)
back = scipy.io.loadmat(ours)
assert float(back["SamplingFrequency"].squeeze()) == 2048
rows.add("reads what motorpool writes", "MAT level 5, described channels",
         np.max(np.abs(back["Data"] - data)), 0, "uV")
rows.finish()
