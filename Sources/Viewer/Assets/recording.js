import { colour, context, drawer, element, fixed, hue, json, message, request, say, timeAxis, View }
  from "./app.js";
import { listen } from "./keys.js";

const page = document.getElementById("page");
const own = Number(document.body.dataset.recording), api = `/api/v1/recordings/${own}`;
const info = await json(api);
const emg = info.channels.filter((channel) => channel.role === "emg");
let montage = "monopolar", gain = 1, shown, flight, excluded = info.excluded, marking = false;
// The run whose discharges, artefacts and bad channels are marked.
let marked, marks = { artefacts: [], rejectedChannels: [] }, chosen = new Set();

const canvas = element("canvas", { class: "signals", tabindex: "0", role: "img",
  "aria-label": "All channels over time; arrows move and scale, Home shows everything" });
const runs = element("div"), power = element("canvas", { class: "grid", role: "img",
  "aria-label": "Amplitude of each channel on the electrodes" });
const progress = element("progress", { max: "1", value: "0", hidden: "" });
const cancel = element("button", { hidden: "", onclick: () => stop() }, "Cancel");
const start = element("button", { id: "decompose", onclick: () => decompose() }, "Decompose");
const mark = element("button", { "aria-pressed": "false", onclick: () => setMarking(!marking) },
  "Leave out a stretch");
const list = element("ul", { class: "channels" });
const marker = element("select", { id: "marks", onchange: (event) => loadMarks(event.target.value) });
const units = element("ul", { class: "channels" });
page.replaceChildren(
  element("h1", {}, info.name),
  element("p", { class: "soft" }, `${info.format}, ${emg.length} EMG channels, `
    + `${fixed(info.duration, 1)} s at ${info.samplingRate} Hz`
    + (info.hasPhysicalAmplitude ? "" : "; amplitudes are relative: the file states no unit")),
  ...info.warnings.map((text) => element("p", { class: "bad" }, text)),
  element("div", { class: "bar" },
    element("label", {}, "Show ", element("select", { onchange: (event) => {
      montage = event.target.value; load(); } },
      element("option", { value: "monopolar" }, "channels"),
      element("option", { value: "differential" }, "differences"))),
    element("label", {}, "Mark units of ", marker),
    element("button", { onclick: () => scale(1.4) }, "Larger"),
    element("button", { onclick: () => scale(1 / 1.4) }, "Smaller"),
    element("button", { onclick: () => view.zoom(0.5) }, "Closer"),
    element("button", { onclick: () => view.zoom(2) }, "Wider"),
    element("button", { onclick: () => view.whole() }, "Whole"),
    mark, start, cancel, progress),
  element("p", { id: "status", role: "status" }), canvas,
  element("div", { class: "columns" },
    element("section", {}, element("h2", {}, "Runs"), runs, units,
      element("h2", {}, "EMG channels"), list),
    element("section", {}, element("h2", {}, "Amplitude on the electrodes"), power)));

const draw = drawer(paint);
const view = new View(info.sampleCount, 32, () => {
  canvas.dataset.view = `${view.start} ${view.end}`;
  draw(); load();
});
view.listen(canvas);

function scale(factor) { gain *= factor; draw(); }

let asked = 0;
async function load() {
  // A request that is no longer wanted is given up, so none queue while the wheel turns.
  flight?.abort();
  flight = new AbortController();
  const mine = ++asked, { signal } = flight;
  await new Promise((resolve) => setTimeout(resolve, 25));
  if (mine !== asked) return;
  const columns = Math.max(64, Math.round(canvas.clientWidth * Math.min(2, devicePixelRatio)));
  const query = `start=${Math.floor(view.start)}&end=${Math.ceil(view.end)}`
    + `&columns=${columns}&montage=${montage}`;
  try {
    shown = await message(`${api}/range?${query}`, "MPR1", Int16Array, signal);
    draw();
  } catch (error) {
    if (error.name !== "AbortError") say(error.message, "bad");
  }
}

function paint() {
  const { drawing, width, height } = context(canvas);
  for (const [from, to] of excluded.seconds) {
    drawing.fillStyle = colour("line");
    const x = (from * info.samplingRate - view.start) / view.length * width;
    drawing.fillRect(x, 0, (to - from) * info.samplingRate / view.length * width, height);
  }
  for (const one of marks.artefacts) {
    drawing.globalAlpha = 0.25;
    drawing.fillStyle = colour("bad");
    const x = place(one.start, width), tall = (height - 18) / (shown?.header.channels.length ?? 1);
    const wide = Math.max(1, place(one.end, width) - x);
    // On its channels where they are shown one by one, else over all.
    if (montage === "monopolar" && one.channels.length < emg.length) {
      for (const channel of one.channels) {
        const row = emg.findIndex((own) => own.index === channel);
        if (row >= 0) drawing.fillRect(x, row * tall, wide, tall);
      }
    } else drawing.fillRect(x, 0, wide, height - 18);
    drawing.globalAlpha = 1;
  }
  if (shown) {
    const { header, values } = shown, rows = header.channels.length;
    const emgRows = rows - info.traces.length, tall = (height - 18) / rows;
    const span = header.end - header.start;
    // EMG rows share one amplitude scale, so that channels can be compared.
    const ranges = [];
    for (let row = 0; row < rows; row++) {
      let low = Infinity, high = -Infinity, sum = 0;
      for (let column = 0; column < header.columns; column++) {
        const place = 2 * (row * header.columns + column);
        low = Math.min(low, values[place]); high = Math.max(high, values[place + 1]);
        sum += values[place] + values[place + 1];
      }
      ranges.push({ middle: sum / 2 / header.columns, size: (high - low) * header.scale[row] });
    }
    const sizes = ranges.slice(0, emgRows).map((range) => range.size).sort((a, b) => a - b);
    const common = sizes[Math.floor(sizes.length * 0.8)] || 1;
    drawing.font = "10px sans-serif"; drawing.textAlign = "left";
    for (let row = 0; row < rows; row++) {
      const isEMG = row < emgRows, { middle, size } = ranges[row];
      const isOut = isEMG && montage === "monopolar" && excluded.channels.includes(emg[row].index);
      const unit = tall * (isEMG ? 0.9 * gain / common : 0.8 / (size || 1)) * header.scale[row];
      const centre = (row + 0.5) * tall;
      const isBad = isEMG && montage === "monopolar"
        && marks.rejectedChannels.some((one) => one.channel === emg[row].index);
      drawing.strokeStyle = colour(isOut ? "line" : isBad ? "bad" : isEMG ? "ink" : "accent");
      drawing.lineWidth = 1;
      drawing.beginPath();
      for (let column = 0; column < header.columns; column++) {
        const place = 2 * (row * header.columns + column);
        const sample = header.start + (column + 0.5) / header.columns * span;
        const x = (sample - view.start) / view.length * width;
        const high = centre - (values[place + 1] - middle) * unit;
        const low = centre - (values[place] - middle) * unit;
        drawing.lineTo(x, high);
        if (low !== high) drawing.lineTo(x, low);
      }
      drawing.stroke();
      if (tall >= 9) {
        drawing.fillStyle = colour("soft");
        drawing.fillText(montage === "monopolar" || !isEMG
          ? (isEMG ? emg[row] : info.channels[emg.length + row - emgRows]).name
          : `${emg[info.pairs[row][1]].name} − ${emg[info.pairs[row][0]].name}`, 3, centre + 3);
      }
    }
  }
  for (const unit of marked?.units ?? []) {
    if (!chosen.has(unit.id)) continue;
    drawing.fillStyle = hue(unit.id);
    for (const time of unit.times) {
      const x = place(time, width);
      if (x < 0 || x > width) continue;
      drawing.globalAlpha = 0.35; drawing.fillRect(x, 0, 1, height - 18);
      drawing.globalAlpha = 1; drawing.fillRect(x - 1, 0, 3, 7);
    }
  }
  timeAxis(drawing, width, height, view, info.samplingRate);
}

const place = (time, width) => (time - view.start) / view.length * width;

async function loadMarks(id) {
  marked = undefined; chosen = new Set(); marks = { artefacts: [], rejectedChannels: [] };
  if (id !== "") {
    say("Reading the run …");
    try {
      [marked, marks] = await Promise.all(
        [json(`/api/v1/runs/${id}/units`), json(`/api/v1/runs/${id}/marks`)]);
      const present = marked.units.filter((unit) => unit.isPresent);
      marked.units = present;
      chosen = new Set(present.slice(0, 3).map((unit) => unit.id));
      say(`${present.length} units identified, ${marks.artefacts.length} artefacts, `
        + `${marks.rejectedChannels.length} bad channels`
        + marks.rejectedChannels.map((one) => `; ${info.channels.find((own) =>
          own.index === one.channel)?.name}: ${one.reason}`).join(""));
    } catch (error) { say(error.message, "bad"); }
  }
  units.replaceChildren(...(marked?.units ?? []).map((unit) => element("li", {}, element("label", {},
    Object.assign(element("input", { type: "checkbox", onchange: (event) => {
      if (event.target.checked) chosen.add(unit.id); else chosen.delete(unit.id);
      draw();
    } }), { checked: chosen.has(unit.id) }), ` unit ${unit.id}`))));
  fill(); draw();
}

function setMarking(on) { marking = on; mark.setAttribute("aria-pressed", on); }

let drag;
canvas.addEventListener("pointerdown", (event) => {
  drag = { x: event.offsetX, start: view.start };
  canvas.setPointerCapture(event.pointerId);
});
canvas.addEventListener("pointermove", (event) => {
  if (!drag || marking) return;
  const by = (drag.x - event.offsetX) / canvas.clientWidth * view.length;
  view.set(drag.start + by, drag.start + by + view.length);
});
canvas.addEventListener("pointerup", (event) => {
  if (drag && marking) {
    const at = (x) => (view.start + x / canvas.clientWidth * view.length) / info.samplingRate;
    const [from, to] = [at(drag.x), at(event.offsetX)].sort((a, b) => a - b);
    if (to > from) leaveOut({ ...excluded, seconds: [...excluded.seconds, [Math.max(0, from), to]] });
    setMarking(false);
  }
  drag = undefined;
});

async function leaveOut(next) {
  try {
    excluded = await json(`${api}/excluded`, { method: "PUT", body: next });
    say(`Left out of the next decomposition: ${excluded.channels.length} channels, `
      + `${excluded.seconds.length} stretches`);
  } catch (error) { say(error.message, "bad"); }
  fill(); draw();
}

function fill() {
  list.replaceChildren(...emg.map((channel) => element("li", {}, element("label", {},
    Object.assign(element("input", { type: "checkbox", onchange: (event) => leaveOut({ ...excluded,
      channels: event.target.checked ? excluded.channels.filter((one) => one !== channel.index)
        : [...excluded.channels, channel.index] }) }),
      { checked: !excluded.channels.includes(channel.index) }), ` ${channel.name}`
      + (marks.rejectedChannels.some((one) => one.channel === channel.index) ? " (bad)" : "")))));
  if (excluded.seconds.length) list.append(element("li", {}, element("button",
    { onclick: () => leaveOut({ ...excluded, seconds: [] }) }, "Include all stretches")));
}

function paintPower() {
  const { drawing, width, height } = context(power);
  const columns = info.columns ?? Math.ceil(Math.sqrt(emg.length));
  const rows = info.rows ?? Math.ceil(emg.length / columns);
  const size = Math.min(width / columns, height / rows);
  const most = Math.max(...emg.map((channel) => channel.rms));
  emg.forEach((channel, place) => {
    const row = channel.row ?? Math.floor(place / columns), column = channel.column ?? place % columns;
    drawing.globalAlpha = 0.08 + 0.92 * (channel.rms / (most || 1));
    drawing.fillStyle = colour("accent");
    drawing.fillRect(column * size, row * size, size - 2, size - 2);
    drawing.globalAlpha = 1;
    if (size > 34) {
      drawing.fillStyle = colour("ink"); drawing.font = "10px sans-serif"; drawing.textAlign = "left";
      drawing.fillText(fixed(channel.rms, channel.rms < 10 ? 1 : 0), column * size + 3, row * size + 12);
    }
  });
}

let job;
async function decompose() {
  try {
    follow(await json("/api/v1/runs", { method: "POST", body: { recording: own } }));
  } catch (error) { say(error.message, "bad"); }
}

function follow(state) {
  job = state.id;
  progress.hidden = cancel.hidden = false; start.disabled = true;
  say("Decomposing …");
  const events = new EventSource(`/api/v1/jobs/${job}/events`);
  const end = (text, kind) => {
    events.close(); progress.hidden = cancel.hidden = true; start.disabled = false; say(text, kind);
    listRuns();
  };
  events.addEventListener("progress", (event) => {
    const now = JSON.parse(event.data);
    progress.value = now.fraction;
    say(now.status === "waiting" ? "Waits until earlier work is done …" : `Decomposing: ${Math.round(100 * now.fraction)} %, ${now.units} units so far`);
  });
  events.addEventListener("done", (event) => end(`Run ${JSON.parse(event.data).run} is done`, "good"));
  events.addEventListener("failed", (event) => end(JSON.parse(event.data).error, "bad"));
  events.addEventListener("cancelled", () => end("Cancelled"));
}

async function stop() { await request(`/api/v1/jobs/${job}`, { method: "DELETE" }); }

async function listRuns() {
  const all = await json(`/api/v1/runs?recording=${own}`);
  const before = marker.value;
  marker.replaceChildren(element("option", { value: "" }, "no run"),
    ...all.map((run) => element("option", { value: run.name }, `run ${run.id}`)));
  if (all.some((run) => run.name === before)) marker.value = before;
  runs.replaceChildren(all.length ? element("ul", {}, ...all.map((run) => element("li", {},
    element("a", { href: `/runs/${run.name}` }, `Run ${run.id}`),
    ` – ${run.units} units identified, ${run.method}`
    + (run.parent === undefined ? "" : ` of run ${run.parent}`) + ` by ${run.author} ${run.at}`)))
    : element("p", { class: "soft" }, "None yet: Decompose makes one."));
}

listen({ earlier: () => view.pan(-0.25), later: () => view.pan(0.25), larger: () => scale(1.25),
  smaller: () => scale(0.8), whole: () => view.whole(), closer: () => view.zoom(0.5),
  wider: () => view.zoom(2) });
addEventListener("resize", () => { load(); draw(); paintPower(); });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { draw(); paintPower(); });
fill(); paintPower(); listRuns();
view.set(0, Math.min(info.sampleCount, 10 * info.samplingRate));
for (const one of await json("/api/v1/jobs")) {
  if (one.kind === "decomposition" && one.recording === own
    && ["waiting", "running"].includes(one.status)) follow(one);
}
