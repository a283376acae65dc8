"""Decomposes array recordings with MotorPool and four other programs and scores all by one rule.

Usage: array_peers.py MOTORPOOL EMGDECOMP_PYTHON OPENHDEMG_PYTHON FOLDER [SIM64_WAV SIM64_TRUTH VASTUS_MAT]
FOLDER holds NAME.wav with NAME.csv (unit,sample,time_s), and receives all that is written.

Every program gets the same samples and runs in a process of its own. A unit agrees with a true one
by RoA = TP / (TP + FN + FP) within 0.5 ms after the best constant lag, one to one; it is false when
its best RoA with any true unit is below 0.3,
and a double when it agrees by 0.3 or more with a unit of the same program before it; CPU seconds per
accepted unit leave doubles out.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

LIMIT = int(os.environ.get("PEERS_CPU_LIMIT", "600"))
SECONDS = float(os.environ.get("PEERS_SECONDS", "10"))
FULL_SCALE = 10_000.0  # microvolts at full scale of the files that MotorPool reads
PEERS = [  # name, program, settings
    ("MUniverse CBSS, 20 sources", "muniverse", {"sources": 20}),
    ("MUniverse CBSS, 100 sources (default)", "muniverse", {"sources": 100}),
    ("emgdecomp, 25 sources (default)", "emgdecomp", {"sources": 25}),
    ("openhdemg, 50 iterations", "openhdemg", {"iterations": 50}),
    ("openhdemg, 250 iterations (default)", "openhdemg", {"iterations": 250}),
    ("SCD, surface settings at 2 kHz", "scd", {}),
]


class OutOfTime(BaseException):  # the programs catch every Exception
    pass


# The programs. Each takes microvolts (channels x samples) and returns trains in samples.


def run_muniverse(values, rate, settings, start):
    from importlib.resources import files

    from muniverse.algorithms import decompose_recording

    text = files("muniverse").joinpath("configs/cbss.json").read_text()
    config = json.loads(text)
    config["algorithmConfig"].update(ica_iterations=settings["sources"], verbose=False)
    start()
    results, _ = decompose_recording(values, rate, method="cbss", algorithm_config=config)
    table = results["spikes"]
    return [group["sample"].to_numpy() for _, group in table.groupby("unit_id")], True


def run_emgdecomp(values, rate, settings, start):
    from emgdecomp.decomposition import EmgDecomposition
    from emgdecomp.parameters import EmgDecompositionParams
    from scipy.signal import butter, sosfiltfilt

    start()
    # The program asks for band-passed data; the band is the one of the other programs.
    band = butter(2, [20, min(500, 0.45 * rate)], "bandpass", fs=rate, output="sos")
    filtered = sosfiltfilt(band, values.astype(np.float64), axis=1)
    parameters = EmgDecompositionParams(
        sampling_rate=rate, maximum_num_sources=settings["sources"]
    )
    np.random.seed(1)
    firings = EmgDecomposition(params=parameters, verbose=False).decompose(filtered)
    trains = [
        firings["discharge_samples"][firings["source_idx"] == source]
        for source in np.unique(firings["source_idx"])
    ]
    return trains, True


def run_openhdemg(values, rate, settings, start):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    import openhdemg.library as emg
    import pandas

    decomposer = emg.EMGDecomposer()
    decomposer.decomposition_parameters.n_iterations = settings["iterations"]
    start()
    found = decomposer.run_decomposition(
        {
            "SOURCE": "CUSTOMCSV",
            "FILENAME": "recording",
            "RAW_SIGNAL": pandas.DataFrame(values.T.astype(np.float64)),
            "FSAMP": float(rate),
            "EMG_LENGTH": values.shape[1],
            "GOOD_CHANNELS": {str(channel): True for channel in range(values.shape[0])},
        }
    )
    return list(found["MUPULSES"]) if found["NUMBER_OF_MUS"] else [], True


def run_scd(values, rate, settings, start):
    import scd
    import torch
    from scd.models.scd import SwarmContrastiveDecomposition

    torch.set_num_threads(1)
    config = scd.load_config("surface")
    config.device = "cpu"
    config.sampling_frequency = int(rate)
    config.high_pass_cutoff, config.low_pass_cutoff = 20, 500
    config.extension_factor = None  # the program's rule: 1000 / channels
    config.output_final_source_plot = config.save_data = config.verbose_mode = False
    model = SwarmContrastiveDecomposition()
    start()
    finished = True
    try:
        model.run(torch.from_numpy(values.T.astype(np.float32)), config)
    except OutOfTime:
        finished = False  # what it had accepted by then counts
    return [np.asarray(train.cpu()) for train in model.decomp["timestamps"]], finished


def work(program, settings, source, target):
    """One program on one recording, in a process of its own."""
    import resource
    import signal

    def out_of_time(*_):
        # The signal would come again every second and end the process while it writes.
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (hard, hard))
        raise OutOfTime

    startup = []

    def start():
        startup.append(time.process_time())
        signal.signal(signal.SIGXCPU, out_of_time)
        most = int(startup[0]) + LIMIT
        resource.setrlimit(resource.RLIMIT_CPU, (most, most + 60))

    with np.load(source) as file:
        values, rate = file["values"], float(file["rate"])
    run = {
        "muniverse": run_muniverse,
        "emgdecomp": run_emgdecomp,
        "openhdemg": run_openhdemg,
        "scd": run_scd,
    }[program]
    try:
        trains, finished = run(values, rate, settings, start)
    except OutOfTime:
        trains, finished = [], False
    Path(target).write_text(
        json.dumps(
            {
                "finished": finished,
                "startup": startup[0],
                "trains": [np.sort(np.asarray(train, float)).tolist() for train in trains],
            }
        )
    )


def measured(command):
    """CPU seconds and peak memory in MB of a command, under a small parent so that memory is its own."""
    helper = (
        "import resource,subprocess,sys;"
        "done=subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,stderr=subprocess.PIPE,text=True);"
        "sys.stderr.write(done.stderr);"
        "use=resource.getrusage(resource.RUSAGE_CHILDREN);"
        "print(use.ru_utime+use.ru_stime,use.ru_maxrss);sys.exit(done.returncode)"
    )
    done = subprocess.run([sys.executable, "-c", helper, *command], capture_output=True, text=True)
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1][:120]
        raise RuntimeError(f"exit {done.returncode}: {last}")
    seconds, kilobytes = done.stdout.split()[-2:]
    return float(seconds), int(kilobytes) / 1024


# Scoring.


def agreement(truth, found, tolerance, longest):
    """RoA of two ascending trains in samples at their best constant lag."""
    low = np.searchsorted(found, truth - longest)
    high = np.searchsorted(found, truth + longest)
    gaps = np.sort(np.concatenate([found[a:b] - t for t, a, b in zip(truth, low, high)] or [[]]))
    if gaps.size == 0:
        return 0.0
    ends = np.searchsorted(gaps, gaps + 2 * tolerance, side="right")
    first = int(np.argmax(ends - np.arange(gaps.size)))
    middle = (gaps[first] + gaps[ends[first] - 1]) / 2
    shifted, i, j, matched = found - middle, 0, 0, 0
    while i < truth.size and j < shifted.size:
        distance = shifted[j] - truth[i]
        if abs(distance) <= tolerance + 1e-9:
            i, j, matched = i + 1, j + 1, matched + 1
        elif distance < 0:
            j += 1
        else:
            i += 1
    return matched / (truth.size + found.size - matched)


def agreements(rows, columns, rate):
    # A potential may be found well after its discharge: conduction takes up to some 50 ms.
    return np.array(
        [[agreement(r, c, 0.0005 * rate, 0.06 * rate) for c in columns] for r in rows]
    ).reshape(len(rows), len(columns))


def doubles(found, rate):
    """Units that are a unit before them once more, at another lag."""
    table = agreements(found, found, rate)
    return sum(table[:index, index].max() >= 0.3 for index in range(1, len(found)))


def score(truth, found, rate):
    """Units at RoA >= 0.9, one to one, and units whose best RoA is below 0.3."""
    table = agreements(truth, found, rate)
    false = int((table.max(axis=0) < 0.3).sum()) if found else 0
    good = 0
    while table.size and table.max() >= 0.9:
        row, column = np.unravel_index(np.argmax(table), table.shape)
        good += 1
        table[row, :] = table[:, column] = 0
    return good, false


# Recordings.


def truth_of(path):
    trains = {}
    for line in Path(path).read_text().splitlines()[1:]:
        unit, sample = line.split(",")[:2]
        trains.setdefault(unit, []).append(float(sample))
    return [np.sort(np.array(train)) for train in trains.values()]


def excerpt(values, rate, truth, begin):
    if not SECONDS or values.shape[1] <= SECONDS * rate:
        return values, truth
    first, count = int(begin * rate), int(SECONDS * rate)
    cut = [t[(t >= first) & (t < first + count)] - first for t in truth]
    return values[:, first : first + count], [t for t in cut if t.size]


def recordings(folder, shared):
    """Name, microvolts, rate, truth, and whether the truth knows every unit."""
    from scipy.io import loadmat, wavfile

    if shared:
        rate, data = wavfile.read(shared[0])
        values, truth = excerpt(data.T / 32768 * 1095.9, rate, truth_of(shared[1]), 10)
        yield "sim64", values, rate, truth, True
    if shared:
        table = loadmat(shared[2])["Data"][0, 0]
        truth = [np.flatnonzero(table[:, column] > 0.5).astype(float) for column in range(64, 69)]
        values, truth = excerpt(table[:, :64].T, 2048, truth, 10)
        yield "vastus (real)", values, 2048, truth, False
    for path in sorted(folder.glob("*.wav")):
        rate, data = wavfile.read(path)
        values, truth = excerpt(data.T / 32768 * 1000, rate, truth_of(path.with_suffix(".csv")), 0)
        yield path.stem, values, rate, truth, True


def motorpool_trains(folder, rate):
    trains = {}
    for line in (folder / "spikes.csv").read_text().splitlines():
        fields = line.split(",")
        if fields[0].isdigit():
            trains.setdefault(fields[0], []).append(float(fields[2]) * rate)
    return [np.sort(np.array(train)) for train in trains.values()]


def main():
    from scipy.io import wavfile

    motorpool, folder = sys.argv[1], Path(sys.argv[4])
    pythons = {"emgdecomp": sys.argv[2], "openhdemg": sys.argv[3]}
    everything = list(recordings(folder, sys.argv[5:8]))
    ratios = []
    for number, (name, values, rate, truth, complete) in enumerate(everything):
        source = folder / f"{number}.npz"
        np.savez(source, values=values, rate=rate)
        wav = folder / f"recording-{number}" / "grid.wav"
        wav.parent.mkdir()
        wavfile.write(wav, rate, np.ascontiguousarray(values.T / FULL_SCALE, dtype=np.float32))
        kind = "true units" if complete else "references"
        print(f"\n**{name}**: {values.shape[0]} channels at {rate} Hz, ", end="")
        print(f"{values.shape[1] / rate:.1f} s, {len(truth)} {kind}\n")
        print(
            "| program | accepted units | doubles | RoA >= 0.9 | false | CPU s | start-up s | peak MB "
            "| CPU s per accepted unit | per unit at RoA >= 0.9 | times MotorPool |"
        )
        print("|---|---|---|---|---|---|---|---|---|---|---|", flush=True)
        own = None
        for label, program, settings in [("MotorPool", "motorpool", {}), *PEERS]:
            output = folder / f"{number}-{len(list(folder.iterdir()))}.json"
            finished, startup = True, 0.0
            try:
                if program == "motorpool":
                    results = wav.parent / "results"
                    seconds, memory = measured(
                        [motorpool, "decompose", str(wav), "--mv-per-fs", str(FULL_SCALE / 1000)]
                        + ["--threads", "1", "--output", str(results)]
                    )
                    found = motorpool_trains(results, rate)
                else:
                    python = pythons.get(program, sys.executable)
                    seconds, memory = measured(
                        [python, __file__, "--work", program, json.dumps(settings)]
                        + [str(source), str(output)]
                    )
                    answer = json.loads(output.read_text())
                    finished, startup = answer["finished"], answer["startup"]
                    found = [np.array(train) for train in answer["trains"]]
            except RuntimeError as error:
                if program == "motorpool":
                    raise
                print(f"| {label} | failed: {error} | | | | | | | | | |", flush=True)
                continue
            # Interpreter and imports are not charged to the programs in Python.
            seconds -= startup
            found = [train for train in found if train.size]
            twice = doubles(found, rate)
            good, false = score(truth, found, rate)
            per_unit = seconds / (len(found) - twice) if found else float("inf")
            per_good = seconds / good if good else float("inf")
            if own is None:
                own, times = (per_unit, per_good), "1"
            elif found:
                times = f"{per_unit / own[0]:.0f}"
                ratios.append((per_unit / own[0], label, name))
            else:
                times = "-"
            stopped = "" if finished else f" (unfinished after {LIMIT} s)"
            cells = [f"{label}{stopped}", len(found), twice, good, false if complete else "-"]
            cells += [f"{seconds:.1f}", f"{startup:.1f}", f"{memory:.0f}"]
            cells += [f"{per_unit:.2f}" if found else "-"]
            cells += [f"{per_good:.2f}" if complete and good else "-", times]
            print(f"| {' | '.join(map(str, cells))} |", flush=True)
    if ratios:
        ratio, label, name = min(ratios)
        print("\nnearest to MotorPool in CPU seconds per accepted unit: ", end="")
        print(f"{label}, on {name}: {ratio:.1f} times")


if __name__ == "__main__":
    if sys.argv[1] == "--work":
        work(sys.argv[2], json.loads(sys.argv[3]), sys.argv[4], sys.argv[5])
    else:
        main()
