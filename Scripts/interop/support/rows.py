"""Rows of the interoperability table, and how the program under test is run."""

import csv
import importlib.metadata
import json
import os
import subprocess
import sys
import tempfile

import numpy as np


class Rows:
    """Prints one row of the table per comparison; `finish` fails where one exceeded its limit.

    Arguments of the script: the motorpool program, and the folder of the samples.
    """

    def __init__(self, package):
        self.binary = sys.argv[1]
        self.samples = sys.argv[2] if len(sys.argv) > 2 else "Samples"
        self.package(package)
        self.temporary = tempfile.TemporaryDirectory(prefix="interop-")
        self.folder = self.temporary.name
        self.failures = 0

    def package(self, package):
        """The rows that follow are of this package."""
        self.name = f"{package} {importlib.metadata.version(package)}"

    def path(self, name):
        return f"{self.folder}/{name}"

    def run(self, *arguments):
        """Runs motorpool and returns what it prints."""
        done = subprocess.run(
            [self.binary, *map(str, arguments)], capture_output=True, text=True, timeout=300)
        if done.returncode != 0:
            sys.exit(f"motorpool {' '.join(map(str, arguments))}: {done.stderr.strip()}")
        return done.stdout

    def values(self, file, *options):
        """Samples x channels of a file as motorpool reads it, and the names of the columns."""
        table = self.path("values.csv")
        self.run("convert", file, "-o", table, "--force", *options)
        with open(table, encoding="utf-8") as lines:
            names = lines.readline().strip().split(",")[1:]
        return np.loadtxt(table, delimiter=",", skiprows=1, ndmin=2)[:, 1:], names

    def units(self, count=4):
        """A folder of results with units of the sample's truth, its recording, and their samples.

        What is compared is the way of the data, not the search: the truth stands for a run.
        """
        recording = os.path.join(self.samples, "grid.wav")
        truth = {}
        with open(os.path.join(self.samples, "grid-truth.csv"), encoding="utf-8") as file:
            for line in csv.DictReader(file):
                truth.setdefault(line["unit"], []).append(line)
        with open(self.path("trains.csv"), "w", encoding="utf-8") as file:
            file.write("unit,sample,time_s\n")
            for unit in sorted(truth, key=lambda unit: -len(truth[unit]))[:count]:
                for line in truth[unit]:
                    file.write(f"{unit},{line['sample']},{line['time_s']}\n")
        folder = self.path("run")
        self.run("import-units", self.path("trains.csv"), "--recording", recording, "--output",
                 folder, "--force")
        return folder, recording, self.stored(folder)

    def stored(self, folder):
        """Units of a folder of results, as units.json tells them."""
        with open(os.path.join(folder, "units.json"), encoding="utf-8") as file:
            return json.load(file)["units"]

    def add(self, direction, compared, difference, limit, unit=""):
        """One comparison: the largest difference and what it may be at most."""
        holds = bool(difference <= limit)
        self.failures += not holds
        text = f"{difference:.3g}" + (f" {unit}" if unit else "")
        print(f"| {self.name} | {direction} | {compared} | {text}"
              + ("" if holds else f" (more than {limit:.3g})") + " |", flush=True)

    def add_trains(self, direction, found, expected, compared="discharges"):
        """Largest distance of discharges in samples; infinite where their numbers differ."""
        worst = 0 if len(found) == len(expected) else np.inf
        for one, other in zip(found, expected):
            one, other = np.atleast_1d(one), np.atleast_1d(other)
            if one.size != other.size:
                worst = np.inf
            elif one.size:
                worst = max(worst, np.max(np.abs(one.astype(float) - other)))
        count = sum(np.atleast_1d(train).size for train in expected)
        self.add(direction, f"{count} {compared}", worst, 0, "samples")

    def finish(self):
        self.temporary.cleanup()
        sys.exit(1 if self.failures else 0)
