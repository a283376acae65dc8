"""Sorts needle recordings with MotorPool and MountainSort 5 and compares them with the truth.

Usage: needle_sorters.py MOTORPOOL FOLDER
FOLDER holds NAME.wav with NAME.csv (unit,sample,time_s), and perhaps R00108.dat with R00108.eaf.
"""

import resource
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np


def read_wav(path):
    with wave.open(str(path)) as file:
        width, channels = file.getsampwidth(), file.getnchannels()
        data = file.readframes(file.getnframes())
        rate = file.getframerate()
    if width == 2:
        values = np.frombuffer(data, "<i2").astype(np.float32)
    elif width == 3:
        raw = np.frombuffer(data, np.uint8).reshape(-1, 3).astype(np.int32)
        values = (raw[:, 0] | raw[:, 1] << 8 | raw[:, 2] << 16).astype(np.int32)
        values = ((values << 8) >> 8).astype(np.float32)
    else:
        values = None
    return values, channels, rate


def read_wav_float(path):
    """The wave module refuses 32-bit float files; their chunks are read here."""
    data = Path(path).read_bytes()
    rate = int.from_bytes(data[24:28], "little")
    place = 12
    while place < len(data):
        size = int.from_bytes(data[place + 4 : place + 8], "little")
        if data[place : place + 4] == b"data":
            return np.frombuffer(data[place + 8 : place + 8 + size], "<f4"), rate
        place += 8 + size + size % 2
    raise ValueError(f"{path}: no data chunk")


def truth_of(folder, name):
    trains = {}
    if (folder / f"{name}.csv").exists():
        for line in (folder / f"{name}.csv").read_text().splitlines()[1:]:
            unit, _, time = line.split(",")
            trains.setdefault(unit, []).append(float(time))
    else:
        text = (folder / f"{name}.eaf").read_text(errors="replace")
        body = text.split("<emglab_spike_events>")[1].split("</emglab_spike_events>")[0]
        for line in body.splitlines():
            fields = line.split()
            if len(fields) >= 2:
                trains.setdefault(fields[1], []).append(float(fields[0]))
    return [np.sort(np.array(train)) for train in trains.values()]


def agreement(truth, found, tolerance=0.0005, longest=0.008):
    """TP / (TP + FN + FP) at the best constant lag."""
    differences = np.sort((found[:, None] - truth[None, :]).ravel())
    differences = differences[np.abs(differences) <= longest]
    if differences.size == 0:
        return 0.0
    ends = np.searchsorted(differences, differences + 2 * tolerance, side="right")
    start = int(np.argmax(ends - np.arange(differences.size)))
    lag = differences[start : ends[start]].mean()
    shifted, i, j, matched = found - lag, 0, 0, 0
    while i < truth.size and j < shifted.size:
        distance = shifted[j] - truth[i]
        if abs(distance) <= tolerance:
            i, j, matched = i + 1, j + 1, matched + 1
        elif distance < 0:
            j += 1
        else:
            i += 1
    return matched / (truth.size + found.size - matched)


def best_agreements(truth, found):
    table = np.array([[agreement(t, f) for f in found] for t in truth]).reshape(
        len(truth), len(found)
    )
    result = np.zeros(len(truth))
    while table.size and table.max() > 0:
        row, column = np.unravel_index(np.argmax(table), table.shape)
        result[row] = table[row, column]
        table[row, :] = -1
        table[:, column] = -1
    return result


def sort_peer(folder, name, output):
    """Runs in a process of its own so that its memory is its own."""
    import mountainsort5 as ms5
    import spikeinterface as si
    import spikeinterface.preprocessing as spre

    if (folder / f"{name}.wav").exists():
        try:
            values, _, rate = read_wav(folder / f"{name}.wav")
        except wave.Error:
            values, rate = read_wav_float(folder / f"{name}.wav")
    else:
        values, rate = np.fromfile(folder / f"{name}.dat", ">i2").astype(np.float32), 10_000
    values = values / max(1e-12, np.abs(values).max()) * 1000
    recording = si.NumpyRecording([values.reshape(-1, 1)], sampling_frequency=float(rate))
    recording.set_dummy_probe_from_locations(np.zeros((1, 2)))
    filtered = spre.bandpass_filter(
        recording, freq_min=300, freq_max=0.45 * rate, dtype=np.float32
    )
    white = spre.whiten(filtered)
    sorting = ms5.sorting_scheme2(
        recording=white,
        sorting_parameters=ms5.Scheme2SortingParameters(
            phase1_detect_channel_radius=200,
            detect_channel_radius=200,
            detect_sign=0,  # potentials of either polarity
            snippet_T1=int(0.002 * rate),
            snippet_T2=int(0.002 * rate),
        ),
    )
    trains = {
        str(unit): sorting.get_unit_spike_train(unit) / rate for unit in sorting.get_unit_ids()
    }
    np.savez(output, **trains)


def measured(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    # One command after the other: the largest child so far is told by a helper's own children.
    helper = (
        "import resource,subprocess,sys;"
        "done=subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,stderr=subprocess.PIPE,text=True);"
        "sys.stderr.write(done.stderr);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss);sys.exit(done.returncode)"
    )
    done = subprocess.run(
        [sys.executable, "-c", helper, *command], capture_output=True, text=True
    )
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} failed: {done.stderr[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, int(done.stdout.split()[-1]) / 1024


def main():
    motorpool, folder = sys.argv[1], Path(sys.argv[2])
    names = sorted(path.stem for path in folder.glob("*.wav"))
    names += ["R00108"] if (folder / "R00108.dat").exists() else []
    print("| recording | program | true units | units | RoA >= 0.9 | CPU s | peak memory MB |")
    print("|---|---|---|---|---|---|---|")
    for name in names:
        truth = truth_of(folder, name)
        source = folder / (f"{name}.wav" if (folder / f"{name}.wav").exists() else f"{name}.hea")
        output = folder / f"{name}-units"
        seconds, memory = measured(
            [motorpool, "decompose", str(source), "--electrodes", "needle", "--output", str(output)]
        )
        trains = {}
        for line in (output / "spikes.csv").read_text().splitlines():
            fields = line.split(",")
            if line.startswith("#") or fields[0] in ("unit", ""):
                continue
            trains.setdefault(fields[0], []).append(float(fields[-1]))
        found = [np.sort(np.array(train)) for train in trains.values()]
        rows = [("MotorPool", found, seconds, memory)]
        packed = folder / f"{name}-peer.npz"
        seconds, memory = measured([sys.executable, __file__, "--sort", name, str(folder), str(packed)])
        with np.load(packed) as file:
            rows.append(("MountainSort 5", [file[key] for key in file.files], seconds, memory))
        for program, found, seconds, memory in rows:
            good = int((best_agreements(truth, found) >= 0.9).sum())
            print(
                f"| {name} | {program} | {len(truth)} | {len(found)} | {good} "
                f"| {seconds:.1f} | {memory:.0f} |"
            )


if __name__ == "__main__":
    if sys.argv[1] == "--sort":
        sort_peer(Path(sys.argv[3]), sys.argv[2], sys.argv[4])
    else:
        main()
