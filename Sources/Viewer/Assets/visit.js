// Adding a visit: files are sent one after the other, checked by the server, and entered as one.
import "./forms.js";
import { element, request, json } from "./app.js";

const form = document.getElementById("visit-form");
const token = document.querySelector('meta[name="token"]')?.content ?? "";
const list = document.getElementById("visit-uploads"), status = document.getElementById("visit-status");
const doubts = document.getElementById("visit-doubts"), bar = document.getElementById("visit-progress");
const add = document.getElementById("visit-add"), cancel = document.getElementById("visit-cancel");
const chooser = document.getElementById("visit-files");
const uses = document.getElementById("visit-uses");
// Files in their order: { file, row, progress, facts, use, upload }.
const files = [];
let job, sending = Promise.resolve();

const megabytes = (bytes) => bytes < 1e5 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;

function say(text, kind = "") { status.textContent = text; status.className = kind; }

function take(dropped) {
  for (const file of dropped) {
    const entry = { file, progress: element("progress", { max: "1", value: "0",
      "aria-label": `Sent of ${file.name}` }), facts: element("span", { class: "soft" }, "waits") };
    entry.use = element("select", { "aria-label": `What ${file.name} is for` },
      ...[...uses.options].map((one) => one.cloneNode(true)));
    if (/cmap/i.test(file.name)) entry.use.value = "cmap";
    if (/\.(dat|d16|json|tsv|atr)$/i.test(file.name)) entry.use.value = "beside";
    entry.row = element("li", {}, element("strong", {}, file.name), ` ${megabytes(file.size)} `,
      entry.use, entry.progress, entry.facts,
      element("button", { type: "button", "aria-label": `Remove ${file.name}`,
        onclick: () => drop(entry) }, "Remove"));
    files.push(entry);
    list.append(entry.row);
    sending = sending.then(() => send(entry));
  }
}

async function drop(entry) {
  entry.gone = true;
  entry.sender?.abort();
  files.splice(files.indexOf(entry), 1);
  entry.row.remove();
  if (entry.upload) await request(`/api/v1/uploads/${entry.upload}`, { method: "DELETE" }).catch(() => {});
}

// fetch tells nothing of what was sent so far; the older interface does.
function send(entry) {
  if (entry.gone) return Promise.resolve();
  return new Promise((resolve) => {
    const sender = entry.sender = new XMLHttpRequest();
    sender.open("POST", `/api/v1/uploads?name=${encodeURIComponent(entry.file.name)}`);
    sender.setRequestHeader("Content-Type", "application/octet-stream");
    sender.setRequestHeader("X-MotorPool-Token", token);
    sender.upload.onprogress = (event) => {
      entry.progress.value = event.loaded / event.total;
      entry.facts.textContent = event.loaded < event.total
        ? `${Math.round(100 * event.loaded / event.total)} %` : "being checked …";
    };
    sender.onloadend = () => {
      let answer = {};
      try { answer = JSON.parse(sender.responseText); } catch { /* nothing came back */ }
      entry.progress.remove();
      entry.row.dataset.state = sender.status === 201 ? "sent" : "refused";
      if (sender.status === 201) {
        entry.upload = answer.upload;
        const { check } = answer;
        entry.facts.textContent = check.problem ?? [check.format,
          check.channels === undefined ? "" : `${check.channels} EMG channel${check.channels === 1 ? "" : "s"}, ${check.duration.toFixed(1)} s`,
          check.day ? `recorded ${check.day}` : ""].filter((text) => text).join(", ");
        entry.facts.className = check.problem ? "bad" : "good";
        if (check.day && !form.elements.date.value) form.elements.date.value = check.day;
      } else {
        entry.facts.textContent = answer.detail ?? "was not taken: the connection ended";
        entry.facts.className = "bad";
      }
      resolve();
    };
    sender.send(entry.file);
  });
}

async function submit(acceptance = {}) {
  doubts.replaceChildren();
  add.disabled = true;
  say("The files are being sent …");
  await sending;
  if (files.some((entry) => !entry.upload)) {
    add.disabled = false;
    say("A file was not taken: remove it or drop it again", "bad");
    return;
  }
  const body = { ...acceptance };
  for (const name of ["date", "muscle", "side", "nominal", "status", "missingReason", "unit", "grid", "channels",
    "electrodes", "device", "rater"]) {
    if (form.elements[name].value !== "") body[name] = form.elements[name].value;
  }
  for (const name of ["samplingRate", "millivoltsAtFullScale"]) {
    if (form.elements[name].value !== "") body[name] = Number(form.elements[name].value);
  }
  body.keep = form.elements.keep.checked;
  if (files.length) body.files = files.map((entry) => ({ upload: entry.upload, use: entry.use.value }));
  try {
    const answer = await json(form.dataset.place + "/visits", { method: "POST", body });
    if (answer.id === undefined) { location.reload(); return; }
    follow(answer);
  } catch (error) {
    add.disabled = false;
    if (error.status === 409 && !acceptance.accept) { ask([error.message]); say("Nothing was stored", "bad"); }
    else say(error.message, "bad");
  }
}

function follow(state) {
  job = state.id;
  bar.hidden = cancel.hidden = false;
  bar.value = 0;
  say("The files are being read …");
  const events = new EventSource(`/api/v1/jobs/${job}/events`);
  const end = (text, kind) => {
    events.close();
    bar.hidden = cancel.hidden = true;
    add.disabled = false;
    say(text, kind);
  };
  events.addEventListener("progress", (event) => {
    const now = JSON.parse(event.data);
    bar.value = now.fraction;
    say(now.status === "waiting" ? "Waits until earlier work is done …"
      : `Analysing ${now.detail ?? "the files"}: ${Math.round(100 * now.fraction)} %`);
  });
  events.addEventListener("done", (event) => {
    const { visit } = JSON.parse(event.data);
    end(`Visit of ${visit.date} stored`, "good");
    doubts.replaceChildren(
      element("ul", {}, ...[...visit.files, ...visit.warnings].map((text) => element("li", {}, text))),
      element("p", {}, element("a", { href: location.pathname }, "Show the patient with this visit")));
    for (const entry of files.splice(0)) entry.row.remove();
  });
  events.addEventListener("doubtful", (event) => {
    end("Nothing was stored: this may be a mix-up", "bad");
    ask(JSON.parse(event.data).doubts);
  });
  events.addEventListener("failed", (event) => end(JSON.parse(event.data).error, "bad"));
  events.addEventListener("cancelled", () => end("Cancelled; nothing was stored"));
}

// What may be a mix-up is stored only with a reason, which the audit trail keeps.
function ask(texts) {
  const reason = element("input", { name: "reason", autocomplete: "off", required: "" });
  const button = element("button", { type: "button", id: "visit-accept", onclick: () => {
    if (reason.value.trim() === "") { reason.focus(); return; }
    submit({ accept: true, reason: reason.value });
  } }, "Store it all the same");
  doubts.replaceChildren(element("h3", {}, "This may be a mix-up"),
    element("ul", { class: "open-warnings" }, ...texts.map((text) => element("li", {}, text))),
    element("p", {}, "Correct it above and add the visit again; or say why it is right."),
    element("div", { class: "fields" }, element("label", {}, "Reason ", reason)), button);
  reason.focus();
}

if (form) {
  form.addEventListener("submit", (event) => { event.preventDefault(); submit(); });
  cancel.addEventListener("click", () => request(`/api/v1/jobs/${job}`, { method: "DELETE" }).catch(() => {}));
  chooser.addEventListener("change", () => { take(chooser.files); chooser.value = ""; });
  const place = form.querySelector(".drop");
  for (const name of ["dragover", "dragenter"]) {
    place.addEventListener(name, (event) => { event.preventDefault(); place.dataset.over = "yes"; });
  }
  for (const name of ["dragleave", "drop"]) place.addEventListener(name, () => delete place.dataset.over);
  place.addEventListener("drop", (event) => { event.preventDefault(); take(event.dataTransfer.files); });
  // A file that misses its place must not replace the page.
  for (const name of ["dragover", "drop"]) addEventListener(name, (event) => event.preventDefault());
  // A visit that is being entered goes on when the page is opened again.
  const patient = decodeURIComponent(location.pathname.split("/").pop());
  const open = (await json("/api/v1/jobs")).find((one) => one.kind === "visit" && one.patient === patient
    && ["waiting", "running"].includes(one.status));
  if (open) { add.disabled = true; follow(open); }
}
