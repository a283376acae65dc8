"""Intan RHD2000: neo and motorpool read the same file and give the same values."""

import struct

import numpy as np
from neo.rawio import IntanRawIO

from support.rows import Rows

rows = Rows("neo")
rng = np.random.default_rng(1)


def text(value):
    units = value.encode("utf-16-le")
    return struct.pack("<I", len(units)) + units


def write(path, major, minor, blocks=40):
    """A file by the layout that the amplifier's maker publishes."""
    size = 128 if major >= 2 else 60
    channels = [(0, f"A-{i:03d}", i) for i in range(4)]
    channels += [(1, "A-AUX1", 0), (3, "ADC-00", 0)]
    out = struct.pack("<IhhfhffffffhffB", 0xC6912702, major, minor, 20000.0, 1, 1, 10, 7500, 1,
                      10, 7500, 0, 1000, 1000, 0)[:-1]
    out += text("a") + text("b") + text("c")
    if (major, minor) >= (1, 1):
        out += struct.pack("<h", 0)
    if (major, minor) >= (1, 3):
        out += struct.pack("<h", 1)
    if (major, minor) >= (2, 0):
        out += text("n/a")
    out += struct.pack("<h", 1) + text("Port A") + text("A")
    out += struct.pack("<hhh", 1, len(channels), 4)
    for kind, name, order in channels:
        out += text(name) + text(name)
        out += struct.pack("<10hff", order, order, kind, 1, order, 0, 0, 0, 0, 0, 0, 0)
    for block in range(blocks):
        out += (np.arange(size) + block * size).astype("<i4").tobytes()
        out += rng.integers(0, 65536, 4 * size).astype("<u2").tobytes()
        out += rng.integers(0, 65536, size // 4).astype("<u2").tobytes()
        out += rng.integers(0, 65536, size).astype("<u2").tobytes()
    with open(path, "wb") as file:
        file.write(out)


for version in [(1, 2), (1, 5), (2, 0), (3, 1)]:
    path = rows.path(f"v{version[0]}{version[1]}.rhd")
    write(path, *version)
    reader = IntanRawIO(filename=path)
    reader.parse_header()
    worst = 0.0
    for stream, stream_id in enumerate(reader.header["signal_streams"]["id"]):
        signals = reader.header["signal_channels"]
        members = signals[signals["stream_id"] == stream_id]
        raw = reader.get_analogsignal_chunk(stream_index=stream)
        expected = reader.rescale_signal_raw_to_float(raw, dtype="float64", stream_index=stream)
        expected *= np.where(members["units"] == "V", 1e6, 1)
        numbers = {"A-000": "1-4", "A-AUX1": "5", "ADC-00": "6"}[members["name"][0]]
        found, _ = rows.values(path, "--channels", numbers)
        assert found.shape == expected.shape, (found.shape, expected.shape)
        # Single precision, of values up to five volts.
        worst = max(worst, np.max(np.abs(found - expected) / np.maximum(1, np.abs(expected))))
    rows.add("both read a file", f"RHD {version[0]}.{version[1]}: amplifier, auxiliary, ADC",
             worst, 2e-7, "relative")
rows.finish()
