import { colour, context, drawer, element, fixed, hue, json, message, request, say, timeAxis, View }
  from "./app.js";
import { keys, label, listen } from "./keys.js";

const page = document.getElementById("page"), id = document.body.dataset.run;
const api = `/api/v1/runs/${id}`;
let state = await json(`${api}/units`);
const rate = state.samplingRate;
let chosen = state.units[0]?.id, order = "id", falling = false;
let differences = 0, source, potential, proposal, doubts = [], doubt = -1, mode, box, asked = 0;
// Of needles: the single potentials of the unit, and the discharge that the arrows move.
let shimmer, picked;

const unit = () => state.units.find((one) => one.id === chosen);
const canvas = (name, text) => element("canvas", { class: name, role: "img", "aria-label": text });
const raster = canvas("raster", "Discharges of all units over time");
const rates = canvas("rate", "Instantaneous rate of the chosen unit");
const trace = canvas("source", "Source of the chosen unit with its discharges");
trace.tabIndex = 0;
const grid = canvas("grid", "Potential of the chosen unit on the electrodes");
const cloud = canvas("shimmer", "Single potentials of the chosen unit, one upon the other");
const measures = element("table", { class: "texts" });
const table = element("tbody"), figures = element("p"), heading = element("h2");
const button = (action, text) => element("button",
  { id: action, title: label(keys.find((key) => key.action === action)),
    onclick: () => actions[action]() }, text);
const help = element("dialog", {}, element("h2", {}, "Keys"), element("table", {},
  ...keys.map((key) => element("tr", {}, element("td", {}, label(key)), element("td", {}, key.text)))),
  element("form", { method: "dialog" }, element("button", {}, "Close")));
const columns = [["id", "Unit", 0], ["count", "Discharges", 0], ["meanRate", "Rate (Hz)", 1],
  ["isiCoV", "CoV ISI", 2], ["silhouette", "SIL", 3], ["pulseToNoise", "PNR (dB)", 1],
  ["predictedAgreement", "Predicted agreement", 2], ["amplitudeMicrovolts", "Amplitude (µV)", 0]];

page.replaceChildren(
  element("h1", {}, `Run ${state.run.id}: ${state.run.units} units identified`),
  element("p", { class: "soft" }, state.note),
  ...state.warnings.filter((text) => text !== state.note)
    .map((text) => element("p", { class: "bad" }, text)),
  element("p", { id: "status", role: "status" }),
  element("div", { class: "bar" }, button("previous", "‹ Unit"), button("next", "Unit ›"),
    button("whole", "Whole"), button("add", "Add"), button("delete", "Delete in box"),
    button("split", "Split"), button("rateOutliers", "Rate outliers"),
    button("propose", "Re-estimate"), button("accept", "Accept"), button("reject", "Reject"),
    button("doubt", "Next doubt"), button("acceptDoubts", "Propose all doubts"),
    button("flag", "Flag"), button("lock", "Lock"), button("artefact", "Artefact"),
    button("merge", "Merge"), button("remove", "Delete unit"), button("undo", "Undo"),
    button("redo", "Redo"), button("save", "Save"), button("help", "Keys"),
    element("a", { href: `${api}/export?format=units.json` }, "units.json"),
    element("a", { href: `${api}/export?format=spikes.csv` }, "spikes.csv")),
  raster,
  element("div", { class: "columns" },
    element("section", {}, heading, rates, trace, figures),
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
  help);

const draw = drawer(() => { paintRaster(); paintRates(); paintSource(); });
const view = new View(state.sampleCount, 64, () => { draw(); later(); });
for (const one of [raster, rates, trace]) view.listen(one);

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
  if (one === undefined || !unit().isPresent) { source = potential = undefined; draw(); return; }
  if (!source) say("Computing the sources …");
  try {
    const made = await message(`${api}/units/${one}/source?${at}`, "MPS1", Float32Array);
    const [shape, quality, places] = await Promise.all([json(`${api}/units/${one}/potential?${at}`),
      json(`${api}/units/${one}/quality?${at}`), json(`${api}/units/${one}/doubts?${at}`)]);
    const single = state.isNeedle ? await json(`${api}/units/${one}/shimmer?${at}`).catch(() => undefined)
      : undefined;
    if (mine !== asked) return;
    shimmer = single;
    source = made; potential = shape; doubts = places;
    figures.textContent = `${quality.dischargeCount} discharges, SIL ${fixed(quality.silhouette, 3)}, `
      + `PNR ${fixed(quality.pulseToNoise, 1)} dB, CoV ${fixed(quality.isiCoV, 2)}, `
      + `${fixed(quality.meanRate, 1)} Hz, predicted agreement `
      + `${fixed(quality.predictedAgreement, 2)}; ${doubts.length} doubtful places`;
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
  const times = unit()?.times ?? [], reach = 8 / trace.clientWidth * view.length;
  picked = times.reduce((best, one) => Math.abs(one - time) < Math.abs((best ?? Infinity) - time) ? one : best,
    undefined);
  if (picked !== undefined && Math.abs(picked - time) > reach) picked = undefined;
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
  const value = (one) => (order === "count" ? one.times.length : one[order]) ?? -Infinity;
  const rows = [...state.units].sort((a, b) => (value(a) - value(b)) * (falling ? -1 : 1));
  table.replaceChildren(...rows.map((one) => element("tr", { "aria-selected": one.id === chosen,
    class: one.isPresent ? "" : "gone", onclick: () => choose(one.id) },
    ...columns.map(([name, , digits]) => element("td", {}, name === "id"
      ? `${one.id}${one.isFlagged ? " ⚑" : ""}${one.isLocked ? " locked" : ""}${one.isEdited ? " edited" : ""}`
      : fixed(name === "count" ? one.times.length : one[name], digits))))));
  heading.textContent = chosen === undefined ? "No unit" : `Unit ${chosen}`;
  document.getElementById("undo").disabled = !state.canUndo;
  document.getElementById("redo").disabled = !state.canRedo;
  document.getElementById("accept").disabled = document.getElementById("reject").disabled = !proposal;
  for (const name of ["add", "delete", "split"]) {
    document.getElementById(name).setAttribute("aria-pressed", mode === name);
  }
}

function choose(next) { picked = undefined; chosen = next; proposal = undefined; source = undefined; loadUnit(); }

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
  timeAxis(drawing, width, height, view, rate);
}

function paintRates() {
  const { drawing, width, height } = context(rates), times = unit()?.times ?? [];
  const most = 50;
  drawing.fillStyle = colour("soft"); drawing.font = "11px sans-serif"; drawing.textAlign = "left";
  drawing.fillText(`${most} Hz`, 2, 11); drawing.fillText("0", 2, height - 2);
  drawing.fillStyle = colour("accent");
  for (let index = 1; index < times.length; index++) {
    const x = place(times[index], width);
    if (x < 0 || x > width) continue;
    const value = Math.min(most, rate / (times[index] - times[index - 1]));
    drawing.fillRect(x - 1.5, height - 3 - value / most * (height - 8), 3, 3);
  }
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
    const step = Math.max(1, (last - first) / width / 2);
    drawing.strokeStyle = colour("soft"); drawing.lineWidth = 1;
    drawing.beginPath();
    for (let from = first; from < last; from += step) {
      let low = Infinity, high = -Infinity;
      for (let index = Math.floor(from); index < Math.min(last, from + step); index++) {
        low = Math.min(low, values[index]); high = Math.max(high, values[index]);
      }
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
    for (const time of proposal?.added ?? []) mark(time, colour("good"));
    for (const time of proposal?.removed ?? []) mark(time, colour("bad"));
    if (doubts[doubt]) {
      const x = place(doubts[doubt].time, width);
      drawing.strokeStyle = colour("bad"); drawing.strokeRect(x - 8, 2, 16, height - 20);
    }
  }
  if (box) {
    drawing.strokeStyle = colour("accent");
    drawing.strokeRect(box.x, box.y, box.toX - box.x, box.toY - box.y);
  }
  timeAxis(drawing, width, height, view, rate);
}

function paintGrid() {
  const { drawing, width, height } = context(grid);
  if (!potential) return;
  const wide = width / potential.columns, tall = height / potential.rows;
  const own = derived(potential.waveforms), ghost = derived(potential.similar?.waveforms ?? []);
  let most = 0;
  for (const one of own) for (const value of one.values) most = Math.max(most, Math.abs(value));
  const trace = (waveforms, paint) => {
    drawing.strokeStyle = paint;
    for (const one of waveforms) {
      drawing.beginPath();
      one.values.forEach((value, index) => drawing.lineTo(
        (one.column + 0.05 + 0.9 * index / one.values.length) * wide,
        (one.row + 0.5 - (potential.rows > 1 ? 0.7 : 0.44) * value / (most || 1)) * tall));
      drawing.stroke();
    }
  };
  drawing.lineWidth = 2.5; trace(ghost, colour("line"));
  drawing.lineWidth = 1; trace(own, colour("ink"));
  drawing.fillStyle = colour("soft"); drawing.font = "11px sans-serif"; drawing.textAlign = "left";
  drawing.fillText(`largest ${fixed(most, 0)} ${potential.unitSymbol}`
    + (potential.similar ? `; grey: unit ${potential.similar.unit}, correlation `
      + fixed(potential.similar.correlation, 2) : ""), 3, 12);
}

// Differences along the columns of the grid: once for the single, twice for the double differential.
function derived(waveforms) {
  let shown = waveforms;
  for (let round = 0; round < differences; round++) {
    const at = new Map(shown.map((one) => [`${one.row},${one.column}`, one]));
    shown = shown.flatMap((one) => {
      const next = at.get(`${one.row + 1},${one.column}`);
      return next ? [{ ...one, values: one.values.map((value, index) => next.values[index] - value) }] : [];
    });
  }
  return shown;
}

async function edit(command) {
  try {
    state = await json(`${api}/edits`, { method: "POST", body: { unit: chosen, ...command },
      headers: { "If-Match": `"${state.seq}"` } });
    proposal = undefined;
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
const actions = {
  earlier: () => view.pan(-0.25), later: () => view.pan(0.25), larger: () => view.zoom(0.7),
  smaller: () => view.zoom(1.4), closer: () => view.zoom(0.5), wider: () => view.zoom(2),
  whole: () => view.whole(), previous: () => step(-1), next: () => step(1),
  add: () => setMode("add"), delete: () => setMode("delete"), split: () => setMode("split"),
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
  propose: async () => {
    say("Re-estimating …");
    try {
      proposal = await json(`${api}/proposals`, { method: "POST", body: { unit: chosen, ...span() } });
      const { before, after } = proposal;
      say(`${proposal.added.length} to add, ${proposal.removed.length} to remove; `
        + `SIL ${fixed(before.silhouette, 3)} → ${fixed(after.silhouette, 3)}, `
        + `CoV ${fixed(before.isiCoV, 2)} → ${fixed(after.isiCoV, 2)}, `
        + `predicted agreement ${fixed(before.predictedAgreement, 2)} → `
        + `${fixed(after.predictedAgreement, 2)}. Enter accepts, Esc rejects.`);
    } catch (error) { say(error.message, "bad"); }
    fill(); draw();
  },
  accept: () => {
    if (!proposal) return;
    const { added, removed, basis } = proposal;
    edit({ kind: "accept", added, removed, basis });
  },
  reject: () => { proposal = mode = undefined; say(""); fill(); draw(); },
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

let drag;
trace.addEventListener("pointerdown", (event) => {
  drag = { x: event.offsetX, y: event.offsetY, start: view.start };
  trace.setPointerCapture(event.pointerId);
});
trace.addEventListener("pointermove", (event) => {
  if (!drag) return;
  if (mode) {
    box = { x: drag.x, y: drag.y, toX: event.offsetX, toY: event.offsetY };
    draw();
  } else {
    const by = (drag.x - event.offsetX) / trace.clientWidth * view.length;
    view.set(drag.start + by, drag.start + by + view.length);
  }
});
trace.addEventListener("pointerup", (event) => {
  if (drag && mode && box) {
    const time = (x) => view.start + x / trace.clientWidth * view.length;
    const height = (y) => highest - y / (trace.clientHeight - 16) * (highest - lowest);
    const [start, end] = [time(drag.x), time(event.offsetX)].sort((a, b) => a - b);
    const [low, high] = [height(drag.y), height(event.offsetY)].sort((a, b) => a - b);
    edit({ kind: mode, start, end, low, high });
  } else if (drag && !mode && Math.abs(event.offsetX - drag.x) < 3) {
    pick(view.start + event.offsetX / trace.clientWidth * view.length);
  }
  drag = box = undefined;
  draw();
});

listen(actions);
const again = () => { draw(); paintGrid(); paintShimmer(); };
addEventListener("resize", again);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
view.set(0, Math.min(state.sampleCount, 20 * rate));
loadUnit();
