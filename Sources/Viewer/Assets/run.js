import { colour, context, drawer, element, fixed, hue, json, message, request, say, timeAxis, View }
  from "./app.js";
import { choosePreset, keys, label, listen, preset, presets, shown } from "./keys.js";
import { change, derived, envelope, nearest, rates as ratesOf } from "./trains.js";

const page = document.getElementById("page"), id = document.body.dataset.run;
const api = `/api/v1/runs/${id}`;
let state = await json(`${api}/units`);
const rate = state.samplingRate;
let chosen = state.units[0]?.id, order = "id", falling = false;
let differences = 0, source, potential, proposal, doubts = [], doubt = -1, mode, box, asked = 0;
// Changes of several units that a resolved view would bring, figures second by second, active units, force.
let resolution, course, counts, force;
// Of needles: the single potentials of the unit, and the discharge that the arrows move.
let shimmer, picked;

const unit = () => state.units.find((one) => one.id === chosen);
const canvas = (name, text) => element("canvas", { class: name, role: "img", "aria-label": text });
const raster = canvas("raster", "Discharges of all units over time");
const rates = canvas("rate", "Instantaneous rate of the chosen unit");
const strip = canvas("seconds", "Silhouette of the chosen unit, second by second");
const trace = canvas("source", "Source of the chosen unit with its discharges");
trace.tabIndex = 0;
const grid = canvas("grid", "Potential of the chosen unit on the electrodes");
const cloud = canvas("shimmer", "Single potentials of the chosen unit, one upon the other");
const measures = element("table", { class: "texts" });
const table = element("tbody"), figures = element("p"), heading = element("h2");
const button = (action, text) => element("button",
  { id: action, title: label(shown().find((key) => key.action === action)),
    onclick: () => actions[action]() }, text);
const keyTable = element("table");
const chooser = element("select", { id: "preset", onchange: (event) => {
  choosePreset(event.target.value); fillKeys(); } },
...Object.keys(presets).map((name) => element("option", { value: name }, name)));
function fillKeys() {
  chooser.value = preset();
  keyTable.replaceChildren(...shown().map((key) => element("tr", {}, element("td", {}, label(key)),
    element("td", {}, key.text))));
  for (const one of keys) {
    const place = document.getElementById(one.action);
    if (place) place.title = label(shown().find((key) => key.action === one.action));
  }
}
const help = element("dialog", { "aria-label": "Keys" }, element("h2", {}, "Keys"),
  element("label", {}, "Keys of ", chooser), keyTable,
  element("form", { method: "dialog" }, element("button", {}, "Close")));
const pairs = element("dialog", { "aria-label": "Units that are probably one" });
// Of each column: name, title, decimals and what a value is multiplied by; measures are told by the server.
const columns = [["id", "Unit", 0, 1], ["count", "Discharges", 0, 1],
  ...state.columns.map((one) => [one.name, one.title, one.decimals, one.factor])];
const told = (one, name) => name === "count" ? one.times.length
  : name === "id" ? one.id : one.measures[name];

page.replaceChildren(
  element("h1", {}, `Run ${state.run.id}: ${state.run.units} units identified`),
  element("p", { class: "soft" }, state.note),
  ...state.warnings.filter((text) => text !== state.note)
    .map((text) => element("p", { class: "bad" }, text)),
  element("p", { id: "status", role: "status" }),
  element("div", { class: "bar" }, button("previous", "‹ Unit"), button("next", "Unit ›"),
    button("whole", "Whole"), button("add", "Add"), button("delete", "Delete in box"),
    button("deleteRate", "Delete on rate"), button("split", "Split"), button("rateOutliers", "Rate outliers"),
    button("propose", "Re-estimate"), button("extend", "Extend"),
    ...state.isNeedle ? [button("resolve", "Resolve view")] : [], button("accept", "Accept"), button("reject", "Reject"),
    button("doubt", "Next doubt"), button("acceptDoubts", "Propose all doubts"),
    button("flag", "Flag"), button("lock", "Lock"), button("artefact", "Artefact"),
    button("merge", "Merge"), button("duplicates", "Duplicates"), button("remove", "Delete unit"), button("undo", "Undo"),
    button("redo", "Redo"), button("save", "Save"), button("help", "Keys"),
    element("a", { href: `${api}/export?format=units.json` }, "units.json"),
    element("a", { href: `${api}/export?format=spikes.csv` }, "spikes.csv"),
    ...state.isNeedle ? [] : [element("a", { href: `${api}/filters` }, "filters")]),
  raster, element("p", { class: "soft", id: "counts-note" }),
  element("div", { class: "columns" },
    element("section", {}, heading, rates, trace, strip, figures),
    element("section", {}, element("h2", {}, "Potential"),
      element("label", {}, "Show ", element("select", { onchange: (event) => {
        differences = Number(event.target.value); paintGrid(); } },
      element("option", { value: "0" }, "each electrode"),
      element("option", { value: "1" }, "single differential"),
      element("option", { value: "2" }, "double differential"))), grid,
      ...state.isNeedle ? [element("h2", {}, "Single potentials"), cloud, measures] : [])),
  element("div", { class: "scroll" }, element("table", {}, element("thead", {}, element("tr", {},
    ...columns.map(([name, text]) => element("th", { scope: "col" }, element("button", { onclick: () => {
      falling = order === name ? !falling : false; order = name; fill(); } }, text))))), table)),
  help, pairs);

const draw = drawer(() => { paintRaster(); paintRates(); paintSource(); paintSeconds(); });
const view = new View(state.sampleCount, 64, () => { draw(); later(); });
for (const one of [raster, rates, trace, strip]) view.listen(one);

const middle = () => (view.start + view.end) / 2;
const segment = () => state.segments.findIndex(([from, to]) => middle() >= from && middle() < to);
let known;
// Sources reach over a part of a long recording: another part is read when the view gets there.
function later() { if (known !== undefined && known !== segment()) loadUnit(); }

async function loadUnit() {
  const mine = ++asked, at = `at=${middle()}`, one = chosen;
  known = segment();
  doubts = []; doubt = -1;
  fill();
  if (one === undefined || !unit().isPresent) { source = potential = course = undefined; draw(); return; }
  if (!source) say("Computing the sources …");
  try {
    const made = await message(`${api}/units/${one}/source?${at}`, "MPS1", Float32Array);
    const [shape, quality, places, seconds] = await Promise.all([
      json(`${api}/units/${one}/potential?${at}`), json(`${api}/units/${one}/quality?${at}`),
      json(`${api}/units/${one}/doubts?${at}`), json(`${api}/units/${one}/course?${at}`)]);
    const single = state.isNeedle ? await json(`${api}/units/${one}/shimmer?${at}`).catch(() => undefined)
      : undefined;
    if (mine !== asked) return;
    shimmer = single;
    source = made; potential = shape; doubts = places; course = seconds;
    // Behind each figure stands its change since the automatic result.
    const figure = (name, digits) => fixed(quality[name], digits)
      + change(quality[name], quality.automatic?.[name], digits);
    figures.textContent = `${figure("dischargeCount", 0)} discharges, SIL ${figure("silhouette", 3)}, `
      + `PNR ${figure("pulseToNoiseDecibels", 1)} dB, CoV ${figure("isiCoV", 2)}, `
      + `${figure("meanRateHertz", 1)} Hz, predicted agreement `
      + `${figure("predictedAgreement", 2)}; ${doubts.length} doubtful places`;
    say("");
  } catch (error) { source = potential = shimmer = undefined; say(error.message, "bad"); }
  draw(); paintGrid(); paintShimmer();
}

// The potentials of a needle unit in one place: a shape that does not repeat is seen at once.
function paintShimmer() {
  if (!state.isNeedle) return;
  const { drawing, width, height } = context(cloud);
  measures.replaceChildren();
  if (!shimmer) return;
  const { rows, mean, origin, samplingRate } = shimmer;
  let most = 1e-9;
  for (const value of mean) most = Math.max(most, Math.abs(value));
  const trace = (row) => {
    drawing.beginPath();
    // Negativity points up, as in the clinic.
    row.forEach((value, index) => drawing.lineTo(index / (row.length - 1) * width,
      (0.5 - 0.38 * value / most) * (height - 18)));
    drawing.stroke();
  };
  drawing.lineWidth = 1; drawing.strokeStyle = colour("accent");
  drawing.globalAlpha = Math.max(0.12, Math.min(0.6, 8 / rows.length));
  for (const row of rows) trace(row);
  const chosen = shimmer.times.indexOf(picked);
  drawing.globalAlpha = 1;
  if (chosen >= 0) { drawing.strokeStyle = colour("bad"); trace(rows[chosen]); }
  drawing.strokeStyle = colour("ink"); drawing.lineWidth = 1.5; trace(mean);
  const own = shimmer.measures;
  if (own) {
    drawing.fillStyle = colour("soft");
    for (const place of [own.onset, own.end]) {
      drawing.fillRect(place / (mean.length - 1) * width, 0, 1, height - 18);
    }
  }
  drawing.fillStyle = colour("soft"); drawing.font = "11px sans-serif"; drawing.textAlign = "left";
  drawing.fillText(`${shimmer.count} discharges, ${rows.length} shown; ${fixed(2e3 * origin / samplingRate, 0)} ms, `
    + `largest ${fixed(most, 0)} ${shimmer.unitSymbol}`, 3, height - 4);
  const lines = own ? [["Amplitude", `${fixed(own.amplitudeMicrovolts, 0)} µV`],
    ["Duration", `${fixed(own.durationMilliseconds, 1)} ms`],
    ["Area", `${fixed(own.areaMicrovoltMilliseconds, 0)} µV ms`],
    ["Rise time", `${fixed(own.riseTimeMilliseconds, 2)} ms`], ["Phases", own.phases], ["Turns", own.turns],
    ["Size index", fixed(own.sizeIndex, 2)]] : [];
  if (shimmer.variability) lines.push(["Jiggle", `${fixed(100 * shimmer.variability.jiggle, 0)} %`]);
  measures.append(element("tbody", {}, ...lines.map(([name, value]) => element("tr", {},
    element("th", { scope: "row" }, name), element("td", {}, String(value))))));
}

// The discharge nearest to a place in the view, if one is near.
function pick(time) {
  picked = nearest(unit()?.times ?? [], time, 8 / trace.clientWidth * view.length);
  draw(); paintShimmer();
}

async function move(by) {
  if (picked === undefined) { say("Click on a discharge of the source first"); return; }
  const time = picked;
  await edit({ kind: "move", time, by });
  if (unit()?.times.includes(time + by)) picked = time + by;
  draw(); paintShimmer();
}

function fill() {
  const value = (one) => told(one, order) ?? -Infinity;
  const rows = [...state.units].sort((a, b) => (value(a) - value(b)) * (falling ? -1 : 1));
  table.replaceChildren(...rows.map((one) => element("tr", { "aria-selected": one.id === chosen,
    class: one.isPresent ? "" : "gone", onclick: () => choose(one.id) },
    ...columns.map(([name, , digits, factor]) => element("td", {}, name === "id"
      ? `${one.id}${one.isFlagged ? " ⚑" : ""}${one.isLocked ? " locked" : ""}${one.isEdited ? " edited" : ""}`
      : fixed(told(one, name) === undefined ? undefined : factor * told(one, name), digits))))));
  heading.textContent = chosen === undefined ? "No unit" : `Unit ${chosen}`;
  document.getElementById("undo").disabled = !state.canUndo;
  document.getElementById("redo").disabled = !state.canRedo;
  document.getElementById("accept").disabled = document.getElementById("reject").disabled
    = !proposal && !resolution;
  for (const name of ["add", "delete", "deleteRate", "split"]) {
    document.getElementById(name).setAttribute("aria-pressed", mode === name);
  }
}

function choose(next) {
  picked = undefined; chosen = next; proposal = resolution = source = undefined;
  loadUnit();
}

// Active units and force change with edits of all units only: they are read beside the units.
async function loadCourses() {
  counts = await json(`${api}/counts`).catch(() => undefined);
  if (counts) {
    document.getElementById("counts-note").textContent = `Line: identified units with at least `
      + `${counts.fewestDischarges} discharges in ${counts.windowSeconds} s. ${counts.note}`
      + (state.force === undefined ? "" : " Blue: force.");
  }
  draw();
}
async function loadForce() {
  if (state.force === undefined) return;
  force = await message(`/api/v1/recordings/${state.recording}/range?start=0&end=${state.sampleCount}`
    + `&columns=2000&channels=${state.force}`, "MPR1", Int16Array).catch(() => undefined);
  draw();
}

const place = (time, width) => (time - view.start) / view.length * width;

function paintRaster() {
  const { drawing, width, height } = context(raster);
  const present = state.units.filter((one) => one.isPresent);
  const tall = (height - 18) / Math.max(1, present.length);
  present.forEach((one, row) => {
    drawing.fillStyle = one.id === chosen ? colour("accent") : hue(one.id);
    for (const time of one.times) {
      const x = place(time, width);
      if (x >= 0 && x <= width) drawing.fillRect(x, row * tall + 1, 1, Math.max(1, tall - 2));
    }
    if (tall >= 10) {
      drawing.fillStyle = colour("soft"); drawing.font = "10px sans-serif"; drawing.textAlign = "left";
      drawing.fillText(one.id, 2, (row + 0.7) * tall);
    }
  });
  // The force and the number of active units, each over the whole height.
  if (force) {
    const { header, values } = force;
    let low = Infinity, high = -Infinity;
    for (const value of values) { low = Math.min(low, value); high = Math.max(high, value); }
    drawing.strokeStyle = colour("accent"); drawing.lineWidth = 1.5; drawing.globalAlpha = 0.7;
    drawing.beginPath();
    for (let column = 0; column < header.columns; column++) {
      const value = (values[2 * column] + values[2 * column + 1]) / 2;
      drawing.lineTo(place(header.start + (column + 0.5) / header.columns * (header.end - header.start), width),
        (height - 22) * (1 - (value - low) / (high - low || 1)) + 3);
    }
    drawing.stroke(); drawing.globalAlpha = 1;
  }
  if (counts?.windows.length) {
    const most = Math.max(1, ...counts.windows.map((one) => one.identifiedActive));
    drawing.strokeStyle = colour("ink"); drawing.lineWidth = 1.5;
    drawing.beginPath();
    for (const one of counts.windows) {
      drawing.lineTo(place((one.start + one.end) / 2 * rate, width),
        (height - 22) * (1 - one.identifiedActive / most) + 3);
    }
    drawing.stroke();
    drawing.fillStyle = colour("ink"); drawing.font = "11px sans-serif"; drawing.textAlign = "right";
    drawing.fillText(`${most} active`, width - 4, 12);
  }
  timeAxis(drawing, width, height, view, rate);
}

const mostRate = 50;
function paintRates() {
  const { drawing, width, height } = context(rates), times = unit()?.times ?? [];
  const most = mostRate;
  drawing.fillStyle = colour("soft"); drawing.font = "11px sans-serif"; drawing.textAlign = "left";
  drawing.fillText(`${most} Hz`, 2, 11); drawing.fillText("0", 2, height - 2);
  drawing.fillStyle = colour("accent");
  for (const one of ratesOf(times, rate)) {
    const x = place(one.time, width);
    if (x < 0 || x > width) continue;
    drawing.fillRect(x - 1.5, height - 3 - Math.min(most, one.rate) / most * (height - 8), 3, 3);
  }
  paintBox(drawing, rates);
}

// Silhouette second by second: a stretch where the source is poor is seen at once.
function paintSeconds() {
  const { drawing, width, height } = context(strip);
  drawing.font = "11px sans-serif"; drawing.textAlign = "left";
  course?.silhouettes.forEach((value, index) => {
    const from = place((course.startSeconds + index * course.stepSeconds) * rate, width);
    const to = place((course.startSeconds + (index + 1) * course.stepSeconds) * rate, width);
    if (to < 0 || from > width || value === null || value === undefined) return;
    const share = Math.max(0, Math.min(1, (value - 0.5) / 0.5));
    drawing.fillStyle = colour(value >= 0.9 ? "good" : value >= 0.8 ? "accent" : "bad");
    drawing.globalAlpha = 0.6;
    drawing.fillRect(from, height * (1 - share), Math.max(1, to - from - 1), height * share);
    drawing.globalAlpha = 1;
    if (to - from > 40) {
      drawing.fillStyle = colour("ink"); drawing.fillText(fixed(value, 2), from + 3, height - 4);
    }
  });
  drawing.fillStyle = colour("soft"); drawing.fillText("SIL per second", 3, 11);
}

function paintBox(drawing, place) {
  if (!box || box.on !== place) return;
  drawing.strokeStyle = colour("accent");
  drawing.strokeRect(box.x, box.y, box.toX - box.x, box.toY - box.y);
}

const lowest = -0.5, highest = 1.8;
const level = (value, height) => (highest - value) / (highest - lowest) * (height - 16);

function paintSource() {
  const { drawing, width, height } = context(trace);
  for (const [from, to] of state.artefacts) {
    drawing.fillStyle = colour("line");
    drawing.fillRect(place(from, width), 0, Math.max(1, place(to, width) - place(from, width)), height);
  }
  if (source) {
    const { header, values } = source;
    const first = Math.max(0, Math.floor((view.start - header.start) / header.ratio));
    const last = Math.min(values.length, Math.ceil((view.end - header.start) / header.ratio));
    drawing.strokeStyle = colour("soft"); drawing.lineWidth = 1;
    drawing.beginPath();
    for (const { from, low, high } of envelope(values, first, last, 2 * width)) {
      const x = place(header.start + from * header.ratio, width);
      drawing.lineTo(x, level(high, height));
      if (low !== high) drawing.lineTo(x, level(low, height));
    }
    drawing.stroke();
    const mark = (time, paint) => {
      const index = Math.round((time - header.start) / header.ratio), x = place(time, width);
      if (x < 0 || x > width || !values[index]) return;
      drawing.strokeStyle = drawing.fillStyle = paint;
      drawing.beginPath(); drawing.arc(x, level(values[index], height), 3.5, 0, 7); drawing.stroke();
    };
    for (const time of unit().times) mark(time, colour(time === picked ? "ink" : "accent"));
    const own = proposal ?? resolution?.units.find((one) => one.unit === chosen);
    for (const time of own?.added ?? []) mark(time, colour("good"));
    for (const time of own?.removed ?? []) mark(time, colour("bad"));
    if (doubts[doubt]) {
      const x = place(doubts[doubt].time, width);
      drawing.strokeStyle = colour("bad"); drawing.strokeRect(x - 8, 2, 16, height - 20);
    }
  }
  paintBox(drawing, trace);
  timeAxis(drawing, width, height, view, rate);
}

function paintGrid() {
  const { drawing, width, height } = context(grid);
  if (!potential) return;
  const wide = width / potential.columns, tall = height / potential.rows;
  const own = derived(potential.waveforms, differences);
  const ghost = derived(potential.similar?.waveforms ?? [], differences);
  let most = 0;
  for (const one of own) for (const value of one.values) most = Math.max(most, Math.abs(value));
  // A larger potential is drawn as large as the unit's own: what counts is the shape.
  const largest = Math.max(0, ...ghost.flatMap((one) => one.values.map(Math.abs)));
  const shrunk = Math.min(1, most / (largest || 1));
  const trace = (waveforms, paint, scale = 1) => {
    drawing.strokeStyle = paint;
    for (const one of waveforms) {
      drawing.beginPath();
      one.values.forEach((value, index) => drawing.lineTo(
        (one.column + 0.05 + 0.9 * index / one.values.length) * wide,
        (one.row + 0.5 - (potential.rows > 1 ? 0.7 : 0.44) * scale * value / (most || 1)) * tall));
      drawing.stroke();
    }
  };
  // One standard deviation of the single potentials about their mean; of differences it is not known.
  drawing.globalAlpha = 0.18; drawing.fillStyle = colour("accent");
  for (const one of own) {
    if (!one.spread) continue;
    const x = (index) => (one.column + 0.05 + 0.9 * index / one.values.length) * wide;
    const y = (value) => (one.row + 0.5 - (potential.rows > 1 ? 0.7 : 0.44) * value / (most || 1)) * tall;
    drawing.beginPath();
    one.values.forEach((value, index) => drawing.lineTo(x(index), y(value + one.spread[index])));
    for (let index = one.values.length - 1; index >= 0; index--) {
      drawing.lineTo(x(index), y(one.values[index] - one.spread[index]));
    }
    drawing.fill();
  }
  drawing.globalAlpha = 1;
  drawing.lineWidth = 2.5; trace(ghost, colour("line"), shrunk);
  drawing.lineWidth = 1; trace(own, colour("ink"));
  drawing.fillStyle = colour("soft"); drawing.font = "11px sans-serif"; drawing.textAlign = "left";
  drawing.fillText(`largest ${fixed(most, 0)} ${potential.unitSymbol}`
    + (potential.similar ? `; grey: unit ${potential.similar.unit}, correlation `
      + fixed(potential.similar.correlation, 2) + (shrunk < 1 ? `, ${fixed(shrunk, 2)} of its size` : "") : ""), 3, 12);
}

async function edit(command) {
  try {
    state = await json(`${api}/edits`, { method: "POST", body: { unit: chosen, ...command },
      headers: { "If-Match": `"${state.seq}"` } });
    proposal = resolution = undefined;
    loadCourses();
    if (!unit()) chosen = state.units.find((one) => one.isPresent)?.id;
    await loadUnit();
    say(`${state.seq} edits; ${unit()?.times.length ?? 0} discharges`);
  } catch (error) {
    // Another page was faster: its edits are shown, nothing of them is lost, and it is said afterwards, since
    // loading the unit takes away what was said before.
    if (error.status === 409) { state = await json(`${api}/units`); await loadUnit(); }
    say(error.message, "bad");
  }
}

function setMode(next) { mode = mode === next ? undefined : next; fill(); draw(); }

function step(by) {
  const present = state.units.filter((one) => one.isPresent);
  if (!present.length) return;
  const at = present.findIndex((one) => one.id === chosen);
  choose(present[(at + by + present.length) % present.length].id);
}

const span = () => ({ start: view.start, end: view.end });

async function propose(kind, text) {
  say(text);
  try {
    proposal = await json(`${api}/proposals`, { method: "POST", body: { kind, unit: chosen, ...span() } });
    const { before, after } = proposal;
    say(`${proposal.added.length} to add, ${proposal.removed.length} to remove; `
      + `SIL ${fixed(before.silhouette, 3)} → ${fixed(after.silhouette, 3)}, `
      + `PNR ${fixed(before.pulseToNoiseDecibels, 1)} → ${fixed(after.pulseToNoiseDecibels, 1)} dB, `
      + `CoV ${fixed(before.isiCoV, 2)} → ${fixed(after.isiCoV, 2)}, `
      + `predicted agreement ${fixed(before.predictedAgreement, 2)} → `
      + `${fixed(after.predictedAgreement, 2)}. Enter accepts, Esc rejects.`);
  } catch (error) { say(error.message, "bad"); }
  fill(); draw();
}
const actions = {
  earlier: () => view.pan(-0.25), later: () => view.pan(0.25), larger: () => view.zoom(0.7),
  smaller: () => view.zoom(1.4), closer: () => view.zoom(0.5), wider: () => view.zoom(2),
  whole: () => view.whole(), previous: () => step(-1), next: () => step(1),
  add: () => setMode("add"), delete: () => setMode("delete"), split: () => setMode("split"),
  deleteRate: () => setMode("deleteRate"),
  rateOutliers: () => edit({ kind: "rateOutliers", ...span() }),
  flag: () => edit({ kind: "flag" }), lock: () => edit({ kind: "lock" }),
  artefact: () => edit({ kind: "artefact", time: middle() }),
  remove: () => edit({ kind: unit()?.isPresent ? "remove" : "restore" }),
  moveEarlier: () => move(-1), moveLater: () => move(1),
  undo: () => edit({ kind: "undo" }), redo: () => edit({ kind: "redo" }),
  help: () => help.showModal(),
  merge: () => {
    const text = prompt(`Merge which unit into unit ${chosen}?`);
    if (text) edit({ kind: "merge", other: Number(text) });
  },
  propose: () => propose("filter", "Re-estimating …"),
  extend: () => propose("extend", "Extending the filter …"),
  resolve: async () => {
    if (!state.isNeedle) return;
    say("Resolving the view …");
    try {
      resolution = await json(`${api}/proposals`, { method: "POST", body: { kind: "resolve", ...span() } });
      const of = (name) => resolution.units.reduce((sum, one) => sum + one[name].length, 0);
      resolution.view = span();
      say(resolution.units.length ? `${of("added")} to add, ${of("removed")} to remove in units `
        + `${resolution.units.map((one) => one.unit).join(", ")}. Enter accepts, Esc rejects.`
        : "The trains explain the view best as they are");
      if (!resolution.units.length) resolution = undefined;
    } catch (error) { say(error.message, "bad"); }
    fill(); draw();
  },
  duplicates: async () => {
    try {
      const found = await json(`${api}/duplicates`);
      pairs.replaceChildren(element("h2", {}, "Units that are probably one"),
        found.length ? element("table", {}, ...found.map((one) => element("tr", {},
          element("td", {}, `units ${one.kept} and ${one.dropped}: ${Math.round(100 * one.sharedDischarges)} % of the `
            + `discharges shared, ${fixed(1000 * one.lagSeconds, 1)} ms apart`),
          element("td", {}, element("button", { onclick: () => { pairs.close();
            edit({ kind: "remove", unit: one.dropped }); } }, `Delete unit ${one.dropped}`)),
          element("td", {}, element("button", { onclick: () => { pairs.close();
            edit({ kind: "merge", unit: one.kept, other: one.dropped }); } }, "Merge")))))
          : element("p", {}, "None: no two units share 30 % of their discharges."),
        element("form", { method: "dialog" }, element("button", {}, "Close")));
      pairs.showModal();
    } catch (error) { say(error.message, "bad"); }
  },
  accept: () => {
    if (resolution) { edit({ kind: "resolve", unit: undefined, ...resolution.view }); return; }
    if (!proposal) return;
    const { added, removed, basis } = proposal;
    edit({ kind: "accept", added, removed, basis });
  },
  reject: () => { proposal = resolution = mode = undefined; say(""); fill(); draw(); },
  doubt: () => {
    if (!doubts.length) { say("No doubtful place here"); return; }
    doubt = (doubt + 1) % doubts.length;
    const one = doubts[doubt], half = 0.5 * rate;
    proposal = one.action ? { added: one.action === "add" ? [one.time] : [],
      removed: one.action === "remove" ? [one.time] : [] } : undefined;
    view.set(one.time - half, one.time + half);
    fill();
    say(`Place ${doubt + 1} of ${doubts.length}: ${one.kind}, doubt ${Math.round(100 * one.doubt)} %`
      + (one.action ? `; Enter would ${one.action} a discharge` : ""));
  },
  acceptDoubts: () => {
    const at = (action) => doubts.filter((one) => one.action === action).map((one) => one.time);
    proposal = { added: at("add"), removed: at("remove") };
    if (!proposal.added.length && !proposal.removed.length) { proposal = undefined; }
    say(proposal ? `${proposal.added.length} to add, ${proposal.removed.length} to remove. `
      + "Enter accepts, Esc rejects." : "Nothing is doubtful enough to propose a change");
    fill(); draw();
  },
  save: async () => {
    try {
      const saved = await json(`${api}/save`, { method: "POST", body: {} });
      say("", "good");
      document.getElementById("status").append("Saved as ",
        element("a", { href: `/runs/${saved.name}` }, `run ${saved.name}`));
    } catch (error) { say(error.message, "bad"); }
  },
};

// Boxes on the source and on the rate; without a mode the view is dragged.
let drag;
for (const place of [trace, rates]) {
  const isMine = () => mode && (place === rates) === (mode === "deleteRate");
  place.addEventListener("pointerdown", (event) => {
    drag = { x: event.offsetX, y: event.offsetY, start: view.start };
    place.setPointerCapture(event.pointerId);
  });
  place.addEventListener("pointermove", (event) => {
    if (!drag) return;
    if (isMine()) {
      box = { on: place, x: drag.x, y: drag.y, toX: event.offsetX, toY: event.offsetY };
      draw();
    } else if (!mode) {
      const by = (drag.x - event.offsetX) / place.clientWidth * view.length;
      view.set(drag.start + by, drag.start + by + view.length);
    }
  });
  place.addEventListener("pointerup", (event) => {
    if (drag && isMine() && box) {
      const time = (x) => view.start + x / place.clientWidth * view.length;
      const height = place === rates
        ? (y) => (place.clientHeight - 1.5 - y) / (place.clientHeight - 8) * mostRate
        : (y) => highest - y / (place.clientHeight - 16) * (highest - lowest);
      const [start, end] = [time(drag.x), time(event.offsetX)].sort((a, b) => a - b);
      const [low, high] = [height(drag.y), height(event.offsetY)].sort((a, b) => a - b);
      // What is drawn at the upper edge of the rate may lie above it.
      edit({ kind: mode, start, end, low, high: place === rates && high >= mostRate - 1 ? 1e6 : high });
    } else if (drag && !mode && place === trace && Math.abs(event.offsetX - drag.x) < 3) {
      pick(view.start + event.offsetX / place.clientWidth * view.length);
    }
    drag = box = undefined;
    draw();
  });
}

listen(actions);
const again = () => { draw(); paintGrid(); paintShimmer(); };
addEventListener("resize", again);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
view.set(0, Math.min(state.sampleCount, 20 * rate));
loadUnit();
loadCourses(); loadForce(); fillKeys();
