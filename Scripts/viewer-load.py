#!/usr/bin/env python3
"""Measures the viewer under load: processor time of the server an answer, memory, errors.
Usage: viewer-load.py VIEWER MOTORPOOL [--patients N] [--minutes M] [--seconds S] [--folder FOLDER]

Makes a registry of N patients and a recording of 64 channels of M minutes (both with seed 1), starts the
viewer on them, and asks with 50 readers at once by wrk. Prints one line a measurement and ends with 1 where a
bar is missed. Needs wrk; a pause of other work on the machine does not change processor times much.
"""
import argparse
import array
import concurrent.futures
import csv
import http.client
import json
import os
import random
import re
import struct
import subprocess
import sys
import tempfile
import threading
import time

parser = argparse.ArgumentParser()
parser.add_argument("viewer")
parser.add_argument("motorpool")
parser.add_argument("--patients", type=int, default=10_000)
parser.add_argument("--minutes", type=int, default=60)
parser.add_argument("--seconds", type=int, default=8)
parser.add_argument("--readers", type=int, default=50)
parser.add_argument("--folder")
options = parser.parse_args()
folder = options.folder or tempfile.mkdtemp(prefix="viewer-load-")
os.makedirs(folder, exist_ok=True)
TICKS = os.sysconf("SC_CLK_TCK")
missed = []


def registry():
    """N patients with eight monthly values of MUNIX, half of them treated after the fourth month."""
    path = os.path.join(folder, "registry.sqlite")
    if os.path.exists(path):
        return path
    table = os.path.join(folder, "patients.csv")
    dice = random.Random(1)
    with open(table, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["pseudonym", "date", "muscle", "side", "munix"])
        for patient in range(options.patients):
            size, slope = dice.lognormvariate(4.6, 0.3), dice.uniform(0.01, 0.09)
            for month in range(8):
                value = size * (1 - slope) ** month * dice.lognormvariate(0, 0.08)
                writer.writerow([f"P{patient + 1:05d}", f"2025-{month + 1:02d}-15", "apb", "left", f"{value:.1f}"])
    subprocess.run([options.motorpool, "import", table, "--registry", path], check=True,
                   stdout=subprocess.DEVNULL)
    return path


def recording():
    """Noise of 64 channels at 2048 Hz, the same minute again and again with another sign."""
    path = os.path.join(folder, "hour.wav")
    rate, channels = 2_048, 64
    size = 60 * options.minutes * rate * channels * 2
    if os.path.exists(path) and os.path.getsize(path) == size + 44:
        return path
    dice = random.Random(1)
    second = array.array("h", (int(dice.gauss(0, 900)) for _ in range(10 * rate * channels)))
    with open(path, "wb") as file:
        file.write(b"RIFF" + struct.pack("<I", size + 36) + b"WAVEfmt " + struct.pack(
            "<IHHIIHH", 16, 1, channels, rate, rate * channels * 2, channels * 2, 16)
            + b"data" + struct.pack("<I", size))
        for _ in range(6 * options.minutes):
            file.write(second.tobytes())
    return path


class Server:
    def __init__(self, **configuration):
        base = {"options": {"roles": {}, "millivoltsAtFullScale": 5}, "host": "127.0.0.1", "port": 0,
                "author": "load", "printsJSON": True, "opensBrowser": False, "servesMetrics": False}
        started = time.time()
        self.process = subprocess.Popen(
            [options.viewer, "--serve", json.dumps({**base, **configuration})],
            stdout=subprocess.PIPE, text=True)
        address = json.loads(self.process.stdout.readline())["address"]
        self.ready = time.time() - started
        self.host = address.split("/")[2]
        answer = self.ask("POST", "/api/v1/session", {"token": address.split("token=")[1]}, raw=True)
        self.cookie = answer.getheader("Set-Cookie").split(";")[0]
        self.token = json.loads(answer.body)["token"]
        self.most = 0
        threading.Thread(target=self.watch, daemon=True).start()

    def ask(self, method, path, body=None, raw=False, headers={}):
        connection = http.client.HTTPConnection(self.host, timeout=300)
        fields = {"Content-Type": "application/json", **headers}
        if not raw:
            fields |= {"Cookie": self.cookie, "X-MotorPool-Token": self.token}
        connection.request(method, path, json.dumps(body) if body is not None else None, fields)
        answer = connection.getresponse()
        answer.body = answer.read()
        if answer.status >= 400:
            raise SystemExit(f"{method} {path}: {answer.status} {answer.body[:300]}")
        return answer

    def cpu(self):
        """Processor seconds of the server so far."""
        with open(f"/proc/{self.process.pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def watch(self):
        """Notes the largest memory of the server's own; pages of mapped files are the system's to take back."""
        while self.process.poll() is None:
            try:
                with open(f"/proc/{self.process.pid}/status") as file:
                    own = int(re.search(r"RssAnon:\s+(\d+)", file.read())[1]) / 1024
            except (OSError, TypeError):
                return
            self.most = max(self.most, own)
            time.sleep(0.05)

    def memory(self, name):
        with open(f"/proc/{self.process.pid}/status") as file:
            whole = int(re.search(r"VmHWM:\s+(\d+)", file.read())[1]) / 1024
        line(f"memory of the {name}, at most", self.most, "MB", 250)
        print(f"    {whole:.0f} MB with the pages of mapped files")

    def end(self):
        self.process.terminate()
        self.process.wait(20)


def line(name, value, unit, bar=None):
    verdict = "" if bar is None else f"  (bar {bar} {unit}: {'kept' if value < bar else 'MISSED'})"
    if bar is not None and value >= bar:
        missed.append(name)
    print(f"{name:58s} {value:9.2f} {unit}{verdict}", flush=True)


def load(server, name, path, bar):
    """One page by many readers at once."""
    server.ask("GET", path)
    before = server.cpu()
    answer = subprocess.run(
        ["wrk", "-t2", f"-c{options.readers}", f"-d{options.seconds}s", "--timeout", "30s", "--latency",
         "-H", f"Cookie: {server.cookie}", f"http://{server.host}{path}"],
        check=True, capture_output=True, text=True).stdout
    spent = server.cpu() - before
    count = int(re.search(r"(\d+) requests in", answer)[1])
    errors = [text for text in answer.splitlines() if "Socket errors" in text or "Non-2xx" in text]
    line(f"{name}, CPU an answer", 1000 * spent / max(1, count), "ms", bar)
    slowest = re.search(r"99%\s+(\S+)", answer)[1]
    print(f"    {count} answers in {options.seconds} s by {options.readers} readers, 99 % within {slowest}"
          + (f"; {errors}" if errors else ", no error"))
    if errors:
        missed.append(f"{name}: {errors}")


def one_by_one(server, name, ask, times, bar):
    spent = []
    for index in range(times):
        before = server.cpu()
        ask(index)
        spent.append(server.cpu() - before)
    # Ticks of the clock are 10 ms: only the mean of many tells anything.
    line(f"{name}, CPU each, mean of {times}", 1000 * sum(spent) / times, "ms", bar)


print(f"{options.patients} patients, {options.minutes} minutes of 64 channels")
server = Server(registry=registry())
line("start until requests are answered", server.ready, "s", 2)
load(server, "patients page, 100 of all", "/patients", 50)
load(server, "search of a patient", "/patients?q=P09", 50)
load(server, "one patient's page", "/patients/P00001", None)
server.memory("registry's server")
server.end()

server = Server(file=recording(), output=os.path.join(folder, "results"))
began, before = time.time(), server.cpu()
server.ask("GET", "/api/v1/recordings/1/range?columns=1600")
line("pyramid of the recording, once", server.cpu() - before, "s CPU")
total = 60 * options.minutes * 2_048
load(server, "range, 64 channels x 1600 columns of the whole",
     f"/api/v1/recordings/1/range?start=0&end={total}&columns=1600", 5)
load(server, "range, 64 channels x 1600 columns of a minute",
     f"/api/v1/recordings/1/range?start={total // 2}&end={total // 2 + 60 * 2048}&columns=1600", 5)
load(server, "range, 64 channels x 1600 columns of a second",
     f"/api/v1/recordings/1/range?start={total // 2}&end={total // 2 + 2048}&columns=1600", 5)
server.memory("recording's server")
server.end()

results = os.path.join(folder, "grid")
subprocess.run([options.motorpool, "decompose", "Samples/grid.wav", "--output", results], check=True,
               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
server = Server(file=os.path.abspath("Samples/grid.wav"), output=results)
units = json.loads(server.ask("GET", "/api/v1/runs/0/units").body)
unit, rate = units["units"][0]["id"], units["samplingRate"]
seq = units["seq"]
before = server.cpu()
server.ask("GET", f"/api/v1/runs/0/units/{unit}/source?at=0")
line("sources of the sample, once", 1000 * (server.cpu() - before), "ms CPU")


def edit(index):
    global seq
    kind = {"kind": "undo"} if index % 2 else {
        "kind": "delete", "unit": unit, "start": 0, "end": 3 * rate, "low": -9, "high": 9}
    seq = json.loads(server.ask("POST", "/api/v1/runs/0/edits", kind, headers={
        "If-Match": f'"{seq}"'}).body)["seq"]


one_by_one(server, "edit: delete in a box, undo", edit, 100, 20)
one_by_one(server, "proposal over 10 s", lambda index: server.ask(
    "POST", "/api/v1/runs/0/proposals", {"unit": unit, "start": 2 * rate, "end": 12 * rate}), 20, 300)


def reader(index):
    for _ in range(10):
        server.ask("GET", f"/api/v1/runs/0/units/{units['units'][index % len(units['units'])]['id']}/quality?at=0")


with concurrent.futures.ThreadPoolExecutor(options.readers) as pool:
    list(pool.map(reader, range(options.readers)))
server.memory("editor's server with readers")
server.end()
if missed:
    print("missed:", *missed, sep="\n  ")
    sys.exit(1)
