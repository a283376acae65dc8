"""Fetches a patient's trend and ten seconds of signal from a viewer: fetch.py START-ADDRESS PATIENT MEASURE

Needs Python 3 alone. With users: log_in(root, user="ruth", password="…").
"""
import array
import http.cookiejar
import json
import struct
import sys
import urllib.parse
import urllib.request

opener = urllib.request.build_opener(
    urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))


def log_in(root, **words):
    """Opens a session; the cookie is kept."""
    request = urllib.request.Request(
        root + "/api/v1/session", data=json.dumps(words).encode(),
        headers={"Content-Type": "application/json"})
    opener.open(request).read()


def get(root, path, **query):
    return opener.open(f"{root}/api/v1/{path}?{urllib.parse.urlencode(query)}").read()


def signal(message):
    """Header and, for each channel, (lowest, highest) of each column in the channel's unit."""
    assert message[:4] == b"MPR1"
    length = struct.unpack_from("<I", message, 8)[0]
    header = json.loads(message[12:12 + length])
    counts = array.array("h", message[12 + length:])
    if sys.byteorder == "big":
        counts.byteswap()
    step = 2 * header["columns"]
    return header, [
        [(counts[place] * scale, counts[place + 1] * scale)
         for place in range(channel * step, (channel + 1) * step, 2)]
        for channel, scale in enumerate(header["scale"])]


if __name__ == "__main__":
    start, patient, measure = sys.argv[1:]
    address = urllib.parse.urlsplit(start)
    root = f"{address.scheme}://{address.netloc}"
    log_in(root, token=urllib.parse.parse_qs(address.query)["token"][0])
    trend = json.loads(get(root, f"patients/{patient}/trend", measure=measure))
    print(json.dumps(trend)[:300])
    recording = json.loads(get(root, "recordings/1"))
    header, channels = signal(get(
        root, "recordings/1/range", start=0, end=int(10 * recording["samplingRate"]), columns=1000))
    lowest = min(low for low, _ in channels[0])
    print(f"{len(channels)} channels of {header['columns']} columns; "
          f"the first goes down to {lowest:.1f} {header['unit'][0]}")
