"""Rows of the interoperability table, and how the program under test is run."""

import importlib.metadata
import subprocess
import sys
import tempfile

import numpy as np


class Rows:
    """Prints one row of the table per comparison; `finish` fails where one exceeded its limit."""

    def __init__(self, package):
        self.binary = sys.argv[1]
        self.name = f"{package} {importlib.metadata.version(package)}"
        self.folder = tempfile.mkdtemp(prefix="interop-")
        self.failures = 0

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
        table = self.path(f"values-{self.failures}.csv")
        self.run("convert", file, "-o", table, "--force", *options)
        with open(table, encoding="utf-8") as lines:
            names = lines.readline().strip().split(",")[1:]
        return np.loadtxt(table, delimiter=",", skiprows=1, ndmin=2)[:, 1:], names

    def add(self, direction, compared, difference, limit, unit=""):
        """One comparison: the largest difference and what it may be at most."""
        holds = bool(difference <= limit)
        self.failures += not holds
        text = f"{difference:.3g}" + (f" {unit}" if unit else "")
        print(f"| {self.name} | {direction} | {compared} | {text}"
              + ("" if holds else f" (more than {limit:.3g})") + " |")

    def finish(self):
        sys.exit(1 if self.failures else 0)
