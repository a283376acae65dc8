// Unit tests of the viewer's modules, run in the browser by Scripts/viewer-e2e.py on a page of the viewer.
// Gives a list of what failed.
const failures = [];
let count = 0;
function test(name, body) {
  count += 1;
  try { body(); } catch (error) { failures.push(`${name}: ${error.message}`); }
}
function equal(found, expected) {
  const [a, b] = [JSON.stringify(found), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${a} instead of ${b}`);
}

const { View, element, fixed } = await import("/assets/app.js");
const { keys, label, meaning, presets, table } = await import("/assets/keys.js");
const { change, derived, envelope, nearest, rates } = await import("/assets/trains.js");

test("a rate stands at each discharge but the first", () => {
  equal(rates([0, 100, 300], 1000), [{ time: 100, rate: 10 }, { time: 300, rate: 5 }]);
  equal(rates([5], 1000), []);
});
test("the nearest discharge is found within reach only", () => {
  equal(nearest([10, 20, 40], 22, 5), 20);
  equal(nearest([10, 20, 40], 30, 5) ?? null, null);
  equal(nearest([], 30, 5) ?? null, null);
});
test("single and double differentials go along the columns", () => {
  const grid = [[0, 1], [1, 4], [2, 9]].map(([row, value]) => ({ row, column: 0, values: [value, -value] }));
  equal(derived(grid, 1).map((one) => one.values), [[3, -3], [5, -5]]);
  equal(derived(grid, 2).map((one) => one.values), [[2, -2]]);
  equal(derived(grid, 0).length, 3);
});
test("an envelope holds every value", () => {
  const values = Array.from({ length: 1000 }, (_, index) => Math.sin(index * index));
  const columns = envelope(values, 0, 1000, 37);
  equal(Math.max(...columns.map((one) => one.high)), Math.max(...values));
  equal(Math.min(...columns.map((one) => one.low)), Math.min(...values));
  if (columns.length > 38) throw new Error(`${columns.length} columns`);
});
test("a change says its sign and none where it rounds to nothing", () => {
  equal(change(0.93, 0.9, 2), " (+0.03)");
  equal(change(0.9, 0.93, 2), " (−0.03)");
  equal([change(1, 1.001, 2), change(undefined, 1, 2), change(1, null, 2)], ["", "", ""]);
});
test("a view stays inside the recording and keeps the place under the pointer", () => {
  const view = new View(1000, 10, () => {});
  view.set(-50, 50); equal([view.start, view.end], [0, 100]);
  view.set(980, 1080); equal([view.start, view.end], [900, 1000]);
  view.set(400, 500); view.zoom(0.5, 0.2); equal([view.start, view.end], [410, 460]);
  view.zoom(1e-9); equal(view.length, 10);
  view.whole(); equal([view.start, view.end], [0, 1000]);
});
test("no preset has one key for two actions, and every action of a preset is known", () => {
  for (const name of Object.keys(presets)) {
    const entries = table(name);
    const strokes = entries.map((one) => `${label(one)} ${one.key}`);
    equal(strokes.filter((one, index) => strokes.indexOf(one) !== index), []);
    if (entries.some((one) => !one.text)) throw new Error(`${name} names an unknown action`);
  }
});
test("a keystroke means what the preset says", () => {
  const stroke = (key, more = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });
  equal(meaning(stroke(" "), table("MotorPool")).action, "propose");
  equal(meaning(stroke(" "), table("Phy")).action, "next");
  equal(meaning(stroke("?", { shiftKey: true }), table("MotorPool")).action, "help");
  equal(meaning(stroke("Z", { shiftKey: true, ctrlKey: true }), table("MotorPool")).action, "redo");
  equal(meaning(stroke("ArrowLeft", { shiftKey: true }), table("openhdemg")).action, "previous");
  equal(meaning(stroke("ArrowLeft"), table("openhdemg")).action, "earlier");
  equal(meaning(stroke("a", { ctrlKey: true }), table("MotorPool")) ?? null, null);
});
test("the table names each key as it is pressed", () => {
  equal(label(keys.find((one) => one.action === "undo")), "Ctrl+Z");
  equal(label(keys.find((one) => one.action === "propose")), "Space");
});
test("texts never become markup", () => {
  const made = element("p", {}, "<img src=x onerror=alert(1)>");
  equal([made.children.length, made.textContent], [0, "<img src=x onerror=alert(1)>"]);
  equal([fixed(null, 2), fixed(1.005, 1)], ["–", "1.0"]);
});
return { count, failures };
