"""Prints the results of a folder as Markdown, ratios against MotorPool. Usage: table.py FOLDER"""

import csv
import math
import os
import sys

folder = sys.argv[1]
rows = []
for name in ("motorpool", "lme4", "statsmodels"):
    with open(os.path.join(folder, name + ".csv")) as file:
        rows += list(csv.DictReader(file))


def number(text):
    return float(text) if text not in ("", "NA") else math.nan


def shown(value, form):
    return "-" if math.isnan(value) else format(value, form)


own = {row["patients"]: row for row in rows if row["program"] == "MotorPool"}
lme4 = {row["patients"]: number(row["fit"]) for row in rows if row["program"].startswith("lme4")}
limits = {"50": 1, "1000": 10, "10000": 100}
print()
print("| patients x 8 visits | M3 fit, CPU ms | with Kenward-Roger, CPU ms | limit, ms |"
      " lme4's fit, CPU ms | times the fit | times the fit with Kenward-Roger |")
print("|---|---|---|---|---|---|---|")
for patients, row in own.items():
    fit = number(row["fit"])
    both = fit + number(row["kr"])
    peer = lme4.get(patients, math.nan)
    cells = [
        f"{int(patients):,}", f"{1000 * fit:.3g}", f"{1000 * both:.3g}",
        str(limits.get(patients, "-")), shown(1000 * peer, ",.0f"), shown(peer / fit, ",.0f"),
        shown(peer / both, ",.0f")]
    print("| " + " | ".join(cells) + " |")
print()
print("| patients x 8 visits | program | M3 fit, CPU s | times MotorPool | Kenward-Roger, CPU s |"
      " times MotorPool | REML criterion | above MotorPool's | change of slope | SE | KR df |")
print("|---|---|---|---|---|---|---|---|---|---|---|")
for row in sorted(rows, key=lambda row: int(row["patients"])):
    base = own[row["patients"]]
    is_own = row is base
    fit, kr = number(row["fit"]), number(row["kr"])
    criterion = number(row["criterion"])
    cells = [
        f"{int(row['patients']):,}", row["program"], shown(fit, ".4g"),
        "1" if is_own else shown(fit / number(base["fit"]), ",.0f"), shown(kr, ".3g"),
        "1" if is_own else shown(kr / number(base["kr"]), ",.0f"), shown(criterion, ".6f"),
        "-" if is_own else shown(criterion - number(base["criterion"]), ".1e"),
        shown(number(row["change"]), ".7f"), shown(number(row["se"]), ".7f"),
        shown(number(row["df"]), ".4f")]
    print("| " + " | ".join(cells) + " |")
