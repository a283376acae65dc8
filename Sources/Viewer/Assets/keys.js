// All keys in one table: what the help shows is what is done.
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
  { key: "k", action: "split", text: "Split the discharges in a box off" },
  { key: "r", action: "rateOutliers", text: "Remove rate outliers in the view" },
  { key: " ", action: "propose", text: "Re-estimate the filter over the view" },
  { key: "Enter", action: "accept", text: "Accept the proposal" },
  { key: "Escape", action: "reject", text: "Reject the proposal, leave the mode" },
  { key: "ArrowLeft", alt: true, action: "moveEarlier", text: "Move the chosen discharge by a sample" },
  { key: "ArrowRight", alt: true, action: "moveLater", text: "Move the chosen discharge by a sample" },
  { key: "l", action: "lock", text: "Lock or unlock the unit" },
  { key: "x", action: "artefact", text: "Mark an artefact in the middle of the view" },
  { key: "f", action: "flag", text: "Flag the unit as doubtful" },
  { key: "Delete", action: "remove", text: "Delete or restore the unit" },
  { key: "g", action: "merge", text: "Merge another unit into this one" },
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

export function listen(actions) {
  document.addEventListener("keydown", (event) => {
    if (["INPUT", "SELECT", "TEXTAREA"].includes(event.target.tagName)) return;
    if (event.target.tagName === "BUTTON" && [" ", "Enter"].includes(event.key)) return;
    const control = event.ctrlKey || event.metaKey;
    const found = keys.find((entry) => entry.key === event.key
      && !!entry.control === control && !!entry.alt === event.altKey);
    if (!found || !actions[found.action]) return;
    event.preventDefault();
    actions[found.action]();
  });
}

export const label = (entry) => `${entry.control ? "Ctrl+" : ""}${entry.alt ? "Alt+" : ""}${entry.shift ? "Shift+" : ""}`
  + (entry.key === " " ? "Space" : entry.key.length === 1 ? entry.key.toUpperCase() : entry.key);
