"""Fits model M3 to the cohorts of a folder with statsmodels' MixedLM (L-BFGS); CPU seconds.

Usage: statsmodels_fit.py FOLDER LARGE(0|1)
"""

import math
import os
import sys
import time
import warnings

import numpy as np
import pandas as pd
import statsmodels
import statsmodels.formula.api as smf

folder, large = sys.argv[1], sys.argv[2] != "0"
lines = ["program,patients,fit,kr,criterion,change,se,df"]
warnings.simplefilter("ignore")
for patients in (50, 1000, 10000):
    if patients == 10000 and not large:
        continue
    d = pd.read_csv(os.path.join(folder, f"cohort-{patients}.csv"))
    best, fit = math.inf, None
    for _ in range(3 if patients == 50 else 1):
        start = time.process_time()
        model = smf.mixedlm(
            "y ~ t + post", d, groups=d["id"], re_formula="~t", vc_formula={"post": "0 + post"})
        fit = model.fit(reml=True, method="lbfgs")
        best = min(best, time.process_time() - start)
    if not fit.converged:
        print(f"statsmodels says of {patients} patients: not converged")
    lines.append(
        f"statsmodels {statsmodels.__version__},{patients},{best},,{-2 * fit.llf},"
        f"{fit.fe_params['post']},{fit.bse_fe['post']},")
with open(os.path.join(folder, "statsmodels.csv"), "w") as file:
    file.write("\n".join(lines) + "\n")
