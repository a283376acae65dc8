// CMAP scans of a patient's visits, one upon the other.
import { colour, context, drawer, element, fixed, json, say } from "./app.js";

const patient = encodeURIComponent(document.body.dataset.patient);
const canvas = document.getElementById("scans"), table = document.getElementById("scans-table");
const scans = await json(`/api/v1/patients/${patient}/scans`);
let marked;
const draw = drawer(paint);
// From the first visit to the last the colour goes from blue to red.
const paintOf = (index) => `hsl(${220 - 220 * index / Math.max(1, scans.length - 1)} 70% 50%)`;

function paint() {
  const { drawing, width, height } = context(canvas);
  if (!scans.length) return;
  const left = Math.min(...scans.map((one) => one.stimulus[0]));
  const right = Math.max(...scans.map((one) => one.stimulus[one.stimulus.length - 1]));
  const top = Math.max(...scans.flatMap((one) => one.response));
  const edge = 40, foot = 22;
  const at = (value) => edge + (value - left) / (right - left || 1) * (width - edge - 8);
  const level = (value) => 8 + (top - value) / (top || 1) * (height - foot - 12);
  drawing.font = "11px sans-serif"; drawing.fillStyle = colour("soft");
  const steps = width < 480 ? 2 : 4;
  for (let step = 0; step <= steps; step++) {
    const value = step / steps * top;
    drawing.textAlign = "right";
    drawing.fillText(value.toPrecision(2), edge - 5, level(value) + 4);
    drawing.fillRect(edge, level(value), width - edge - 8, 0.5);
    drawing.textAlign = "center";
    const current = left + step / steps * (right - left);
    drawing.fillText(`${current.toPrecision(3)} mA`, Math.min(width - 28, Math.max(edge + 16, at(current))), height - 6);
  }
  drawing.textAlign = "left";
  drawing.fillText("mV", 2, 12);
  scans.forEach((one, index) => {
    drawing.fillStyle = paintOf(index);
    drawing.globalAlpha = marked === undefined ? 0.7 : marked === index ? 1 : 0.08;
    one.stimulus.forEach((value, place) =>
      drawing.fillRect(at(value) - 1.2, level(one.response[place]) - 1.2, 2.4, 2.4));
  });
  drawing.globalAlpha = 1;
}

say(scans.length ? `${scans.length} scans, the first blue, the last red` : "No scan is kept");
table.append(element("table", { class: "texts" }, element("thead", {}, element("tr", {},
  ...["Visit", "Muscle", "Stimuli", "Largest (mV)", "Estimated number of units"].map((text) =>
    element("th", { scope: "col" }, text)))),
  element("tbody", {}, ...scans.map((one, index) => {
    const visit = element("td", { tabindex: "0" }, one.date ?? "–");
    visit.style.borderLeft = `4px solid ${paintOf(index)}`;
    const row = element("tr", {}, visit, ...[
      [one.muscle, one.side].filter((text) => text).join(", "), one.stimulus.length,
      fixed(Math.max(...one.response), 2), fixed(one.unitCount, 0)]
      .map((text) => element("td", {}, String(text))));
    for (const name of ["pointerenter", "focusin"]) row.addEventListener(name, () => { marked = index; draw(); });
    for (const name of ["pointerleave", "focusout"]) row.addEventListener(name, () => { marked = undefined; draw(); });
    return row;
  }))));
addEventListener("resize", draw);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
draw();
