// Courses of many patients, one upon the other, by the filters of the form at once.
import { colour, context, drawer, element, fixed, hue, json, say } from "./app.js";

const form = document.getElementById("courses-form"), canvas = document.getElementById("courses");
const table = document.getElementById("courses-table");
let shown, marked, flight;
const draw = drawer(paint);

async function load() {
  flight?.abort();
  flight = new AbortController();
  const query = new URLSearchParams([...new FormData(form)].filter(([name, value]) => value !== ""
    && !["align", "scale"].includes(name)));
  say("Reading the courses …");
  try {
    shown = await json(`/api/v1/courses?${query}`, { signal: flight.signal });
    history.replaceState(null, "", `/courses?${query}`);
    say(`${shown.name}: ${shown.total} course${shown.total === 1 ? "" : "s"}`
      + (shown.total > shown.courses.length ? `, the first ${shown.courses.length} are shown` : "")
      + (shown.note ? `. ${shown.note}` : ""));
    fill();
    draw();
  } catch (error) { if (error.name !== "AbortError") { shown = undefined; say(error.message, "bad"); draw(); } }
}

// What a course is drawn at: days from its start, values or percent of the first.
function placed(course) {
  const align = form.elements.align.value, percent = form.elements.scale.value !== "value";
  if (align === "therapy" && course.therapyStart === undefined) return;
  const zero = align === "calendar" ? 0 : align === "therapy" ? course.therapyStart : course.days[0];
  const scale = percent ? 100 / course.values[0] : 1;
  if (!Number.isFinite(scale)) return;
  return { x: course.days.map((day) => day - zero), y: course.values.map((value) => value * scale) };
}

// Few courses have a colour each, many one for each arm.
function paintOf(course, index) {
  if (shown.courses.length <= 12) return hue(index);
  const arms = [...new Set(shown.courses.map((one) => one.arm ?? ""))].sort();
  return arms.length > 1 ? hue(arms.indexOf(course.arm ?? "")) : colour("accent");
}

function paint() {
  const { drawing, width, height } = context(canvas);
  const lines = (shown?.courses ?? []).map((course) => placed(course));
  const inside = lines.filter((line) => line);
  if (!inside.length) return;
  let left = Infinity, right = -Infinity, top = -Infinity, bottom = 0;
  for (const { x, y } of inside) {
    left = Math.min(left, x[0]); right = Math.max(right, x[x.length - 1]);
    top = Math.max(top, ...y); bottom = Math.min(bottom, ...y);
  }
  const edge = 46, foot = 22;
  const at = (day) => edge + (day - left) / Math.max(1, right - left) * (width - edge - 8);
  const level = (value) => 8 + (top - value) / (top - bottom || 1) * (height - foot - 12);
  drawing.font = "11px sans-serif"; drawing.fillStyle = colour("soft"); drawing.textAlign = "right";
  for (let step = 0; step <= 4; step++) {
    const value = bottom + step / 4 * (top - bottom);
    drawing.fillText(value >= 100 ? value.toFixed(0) : value.toPrecision(3), edge - 5, level(value) + 4);
    drawing.fillRect(edge, level(value), width - edge - 8, 0.5);
  }
  drawing.textAlign = "center";
  const calendar = form.elements.align.value === "calendar";
  const steps = width < 480 ? 2 : 4;
  for (let step = 0; step <= steps; step++) {
    const day = left + step / steps * (right - left);
    drawing.fillText(calendar ? new Date(day * 864e5).toISOString().slice(0, 10) : `${(day / 30.4375).toFixed(1)} months`,
      Math.min(width - 36, Math.max(edge + 24, at(day))), height - 6);
  }
  if (form.elements.align.value === "therapy") drawing.fillRect(at(0), 8, 1, height - foot - 8);
  shown.courses.forEach((course, index) => {
    const line = lines[index];
    if (!line) return;
    drawing.strokeStyle = drawing.fillStyle = paintOf(course, index);
    drawing.globalAlpha = marked === undefined ? (inside.length > 40 ? 0.35 : 0.85) : marked === index ? 1 : 0.15;
    drawing.lineWidth = marked === index ? 2.5 : 1.2;
    drawing.beginPath();
    line.x.forEach((day, place) => drawing.lineTo(at(day), level(line.y[place])));
    drawing.stroke();
    if (inside.length <= 40 || marked === index) {
      line.x.forEach((day, place) => {
        drawing.beginPath(); drawing.arc(at(day), level(line.y[place]), 2, 0, 7); drawing.fill();
      });
    }
  });
  drawing.globalAlpha = 1;
}

function fill() {
  marked = undefined;
  table.replaceChildren(element("table", { class: "texts" }, element("thead", {}, element("tr", {},
    ...["Patient", "Arm", "Muscle", "Days", "First", "Last", "Change"].map((text) =>
      element("th", { scope: "col" }, text)))),
    element("tbody", {}, ...shown.courses.map((course, index) => {
      const first = course.values[0], last = course.values[course.values.length - 1];
      const link = element("a", { href: `/patients/${encodeURIComponent(course.patient)}` }, course.patient);
      link.style.borderLeft = `4px solid ${paintOf(course, index)}`;
      link.style.paddingLeft = "6px";
      const row = element("tr", {}, element("td", {}, link), ...[course.arm ?? "–",
        [course.muscle, course.side].filter((text) => text).join(", ") || "–", course.days.length,
        fixed(first, 1), fixed(last, 1), first ? `${fixed(100 * (last / first - 1), 0)} %` : "–"]
        .map((text) => element("td", {}, String(text))));
      for (const name of ["pointerenter", "focusin"]) row.addEventListener(name, () => { marked = index; draw(); });
      for (const name of ["pointerleave", "focusout"]) row.addEventListener(name, () => { marked = undefined; draw(); });
      return row;
    }))));
}

form.addEventListener("change", (event) => {
  if (["align", "scale"].includes(event.target.name)) draw(); else load();
});
form.addEventListener("submit", (event) => event.preventDefault());
addEventListener("resize", draw);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
load();
