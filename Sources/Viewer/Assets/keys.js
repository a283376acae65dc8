// All keys in one table: what the help shows is what is done. Presets lay the keys of other programs over it.
export const keys = [
  { key: "ArrowLeft", action: "earlier", text: "Earlier" },
  { key: "ArrowRight", action: "later", text: "Later" },
  { key: "ArrowUp", action: "larger", text: "Larger amplitude, closer" },
  { key: "ArrowDown", action: "smaller", text: "Smaller amplitude, wider" },
  { key: "Home", action: "whole", text: "Whole recording" },
  { key: "+", action: "closer", text: "Closer in time" },
  { key: "-", action: "wider", text: "Wider in time" },
  { key: "a", action: "add", text: "Add discharges in a box (drag; stays until Esc)" },
  { key: "d", action: "delete", text: "Delete discharges in a box" },
  { key: "D", shift: true, action: "deleteRate", text: "Delete discharges in a box on the rate" },
  { key: "k", action: "split", text: "Split the discharges in a box off" },
  { key: "r", action: "rateOutliers", text: "Remove rate outliers in the view" },
  { key: " ", action: "propose", text: "Re-estimate the filter over the view" },
  { key: "e", action: "extend", text: "Extend it from the view over this part of the recording" },
  { key: "o", action: "resolve", text: "Resolve the superpositions in the view (needle)" },
  { key: "Enter", action: "accept", text: "Accept the proposal" },
  { key: "Escape", action: "reject", text: "Reject the proposal, leave the mode" },
  { key: "ArrowLeft", alt: true, action: "moveEarlier", text: "Move the chosen discharge by a sample" },
  { key: "ArrowRight", alt: true, action: "moveLater", text: "Move the chosen discharge by a sample" },
  { key: "l", action: "lock", text: "Lock or unlock the unit" },
  { key: "x", action: "artefact", text: "Mark an artefact in the middle of the view" },
  { key: "f", action: "flag", text: "Flag the unit as doubtful" },
  { key: "Delete", action: "remove", text: "Delete or restore the unit" },
  { key: "g", action: "merge", text: "Merge another unit into this one" },
  { key: "u", action: "duplicates", text: "Units that are probably one" },
  { key: "b", action: "previous", text: "Previous unit" },
  { key: "n", action: "next", text: "Next unit" },
  { key: "j", action: "doubt", text: "Next doubtful place" },
  { key: "J", shift: true, action: "acceptDoubts", text: "Propose all doubtful places" },
  { key: "z", control: true, action: "undo", text: "Undo" },
  { key: "y", control: true, action: "redo", text: "Redo" },
  { key: "Z", control: true, shift: true, action: "redo", text: "Redo" },
  { key: "s", control: true, action: "save", text: "Save as a run of its own" },
  { key: "?", action: "help", text: "Show the keys" },
];

// A key of a preset takes the place of that key in the table; actions it does not name keep theirs.
export const presets = {
  MotorPool: [],
  MUedit: [{ key: "s", action: "lock" }, { key: "<", action: "previous" }, { key: ">", action: "next" }],
  openhdemg: [{ key: "w", action: "propose" }, { key: "ArrowLeft", shift: true, action: "previous" },
    { key: "ArrowRight", shift: true, action: "next" }],
  SCD: [{ key: "o", action: "rateOutliers" }, { key: "f", action: "propose" }, { key: "x", action: "flag" },
    { key: "e", action: "whole" }, { key: "ArrowUp", action: "previous" }, { key: "ArrowDown", action: "next" }],
  Phy: [{ key: " ", action: "next" }, { key: "n", alt: true, action: "flag" },
    { key: "PageDown", alt: true, action: "doubt" }, { key: "h", action: "help" }],
};

const same = (one, other) => one.key === other.key && !!one.control === !!other.control
  && !!one.alt === !!other.alt && (one.key.length === 1 || !!one.shift === !!other.shift);

// The table with a preset laid over it. An action whose only key was taken is left to its button.
export function table(name) {
  const own = (presets[name] ?? []).map((entry) => ({ ...entry,
    text: keys.find((one) => one.action === entry.action).text }));
  return [...own, ...keys.filter((entry) => !own.some((one) => same(one, entry)))];
}

const place = "motorpool-keys";
export const preset = () => {
  try { return localStorage.getItem(place) ?? "MotorPool"; } catch { return "MotorPool"; }
};
let current = table(preset());
export function choosePreset(name) {
  current = table(name);
  try { localStorage.setItem(place, name); } catch { /* kept until the page is left */ }
}
export const shown = () => current;
// The entry that a keystroke means: a letter tells by itself whether Shift was held.
export const meaning = (event, entries = current) => entries.find((entry) => same(entry,
  { key: event.key, control: event.ctrlKey || event.metaKey, alt: event.altKey, shift: event.shiftKey }));

export function listen(actions) {
  document.addEventListener("keydown", (event) => {
    if (["INPUT", "SELECT", "TEXTAREA"].includes(event.target.tagName)) return;
    // A dialog has keys of its own: Esc closes it.
    if (document.querySelector("dialog[open]")) return;
    if (event.target.tagName === "BUTTON" && [" ", "Enter"].includes(event.key)) return;
    const found = meaning(event);
    if (!found || !actions[found.action]) return;
    event.preventDefault();
    actions[found.action]();
  });
}

export const label = (entry) => !entry ? ""
  : `${entry.control ? "Ctrl+" : ""}${entry.alt ? "Alt+" : ""}${entry.shift ? "Shift+" : ""}`
  + (entry.key === " " ? "Space" : entry.key.length === 1 ? entry.key.toUpperCase() : entry.key);
