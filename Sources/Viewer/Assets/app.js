// What all pages share: requests, canvases, numbers.
const token = document.querySelector('meta[name="token"]')?.content ?? "";

export async function request(path, { method = "GET", body, headers = {}, signal } = {}) {
  const answer = await fetch(path, {
    method, signal,
    headers: method === "GET" ? headers
      : { "Content-Type": "application/json", "X-MotorPool-Token": token, ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!answer.ok) {
    const problem = await answer.json().catch(() => ({ detail: answer.statusText }));
    throw Object.assign(new Error(problem.detail), { status: answer.status });
  }
  return answer;
}

export const json = async (path, options) => (await request(path, options)).json();

// A message of the server: four letters, version, length of the header, header, numbers.
export async function message(path, mark, Numbers, signal) {
  const buffer = await (await request(path, { signal })).arrayBuffer();
  const view = new DataView(buffer);
  const letters = String.fromCharCode(...new Uint8Array(buffer, 0, 4));
  if (letters !== mark) throw new Error("the server's answer cannot be read");
  const length = view.getUint32(8, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 12, length)));
  return { header, values: new Numbers(buffer, 12 + length) };
}

// An element with attributes and children; texts are never read as markup.
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== false) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

export const colour = (name) =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

// Fits a canvas to its place and gives its context in CSS pixels.
export function context(canvas) {
  const ratio = window.devicePixelRatio || 1;
  const width = canvas.clientWidth, height = canvas.clientHeight;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const drawing = canvas.getContext("2d");
  drawing.setTransform(ratio, 0, 0, ratio, 0, 0);
  drawing.clearRect(0, 0, width, height);
  return { drawing, width, height };
}

export const fixed = (value, digits) =>
  value === undefined || value === null ? "–" : value.toFixed(digits);

export const hue = (index) => `hsl(${(index * 137.5) % 360} 65% 48%)`;

export function say(text, kind = "") {
  const place = document.getElementById("status");
  if (place) { place.textContent = text; place.className = kind; }
}

// Draws once a frame at most, however often it is asked.
export function drawer(draw) {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; draw(); });
  };
}

// A view of samples `start..end` of `total`, moved by wheel and keys.
export class View {
  constructor(total, shortest, changed) {
    Object.assign(this, { total, shortest, changed, start: 0, end: total });
  }
  set(start, end) {
    const length = Math.min(this.total, Math.max(this.shortest, end - start));
    this.start = Math.max(0, Math.min(this.total - length, start));
    this.end = this.start + length;
    this.changed();
  }
  get length() { return this.end - this.start; }
  zoom(factor, at = 0.5) {
    const fixedPoint = this.start + at * this.length, length = this.length * factor;
    this.set(fixedPoint - at * length, fixedPoint + (1 - at) * length);
  }
  pan(share) { this.set(this.start + share * this.length, this.end + share * this.length); }
  whole() { this.set(0, this.total); }
  listen(canvas) {
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      const at = event.offsetX / canvas.clientWidth;
      const turn = event.deltaY || event.deltaX;
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) this.pan(turn / 1000);
      else this.zoom(Math.exp(turn / 500), at);
    }, { passive: false });
  }
}

export function timeAxis(drawing, width, height, view, rate) {
  const seconds = view.length / rate;
  const steps = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60, 120, 300, 600];
  const step = steps.find((value) => seconds / value <= width / 70) ?? 1800;
  drawing.fillStyle = drawing.strokeStyle = colour("soft");
  drawing.font = "11px sans-serif";
  drawing.textAlign = "center";
  for (let at = Math.ceil(view.start / rate / step) * step; at <= view.end / rate; at += step) {
    const x = (at * rate - view.start) / view.length * width;
    drawing.fillRect(x, height - 15, 1, 4);
    drawing.fillText(`${+at.toFixed(3)} s`, Math.min(width - 16, Math.max(14, x)), height - 2);
  }
}
