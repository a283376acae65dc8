#!/usr/bin/env python3
"""Walks through the viewer in a headless Chromium, as a user would, and looks at every page for what axe
finds. Usage: viewer-e2e.py VIEWER RECORDING RESULTS REGISTRY [--screenshots FOLDER] [--axe FILE]

VIEWER is the program motorpool-viewer, RESULTS a folder that decompose wrote for RECORDING, REGISTRY
a registry with patients. Works on copies. Ends with 1 and the step that failed.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

parser = argparse.ArgumentParser()
parser.add_argument("viewer")
parser.add_argument("recording")
parser.add_argument("results")
parser.add_argument("registry")
parser.add_argument("--screenshots")
parser.add_argument("--axe")
parser.add_argument("--patient", default="DEMO-01")
parser.add_argument("--motorpool", help="the command line, which adds a patient to the copy")
parser.add_argument("--walk", metavar="FOLDER", help="only walk from dropped files to a saved edit and "
                    "the trend, with its pictures in FOLDER")
parser.add_argument("--frames", metavar="FILE", help="only turn the wheel over this recording: processor "
                    "time of the page for a frame, and requests that are open at once")
parser.add_argument("--quick", action="store_true",
                    help="fewer looks and no whole decomposition: for a build without optimisation")
options = parser.parse_args()

# Rules of the axe that selenium's package brings, older than what they judge: groups of dt and dd in a div are
# allowed since HTML 5.2, and "off" is a value of autocomplete.
OUTDATED = {"dlitem", "autocomplete-valid"}

started = time.time()
folder = tempfile.mkdtemp(prefix="viewer-e2e-")
results = shutil.copytree(options.results, os.path.join(folder, "results"))
registry = os.path.join(folder, "registry.sqlite")
shutil.copy(options.registry, registry)
found = []


def step(text):
    print(f"{time.time() - started:6.1f} s  {text}", flush=True)


class Server:
    """The viewer on a free port."""

    def __init__(self, **configuration):
        base = {"options": {"roles": {}}, "host": "127.0.0.1", "port": 0, "author": "walker",
                "printsJSON": True, "opensBrowser": False, "servesMetrics": False}
        self.process = subprocess.Popen(
            [options.viewer, "--serve", json.dumps({**base, **configuration})],
            stdout=subprocess.PIPE, text=True)
        self.start = self.address()
        self.root = "/".join(self.start.split("/")[:3])

    def address(self):
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("the viewer ended before it told its address")
        return json.loads(line)["address"]

    def end(self):
        self.process.terminate()
        self.process.wait(20)


def browser(keep_log=True):
    settings = webdriver.ChromeOptions()
    for flag in ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                 "--window-size=1500,1000", "--hide-scrollbars"]:
        settings.add_argument(flag)
    settings.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    settings.binary_location = shutil.which("chromium") or "/usr/bin/chromium"
    driver = webdriver.Chrome(
        options=settings,
        service=webdriver.ChromeService(shutil.which("chromedriver") or "/usr/bin/chromedriver"))
    driver.set_page_load_timeout(60)
    return driver


driver = browser()


def wait(condition, text, seconds=60):
    try:
        return WebDriverWait(driver, seconds, 0.1).until(lambda _: condition())
    except Exception:
        said = driver.execute_script("return document.getElementById('status')?.textContent")
        raise SystemExit(f"waited {seconds} s for {text}; the page says \"{said}\"")


def one(selector):
    return driver.find_element(By.CSS_SELECTOR, selector)


def status():
    return driver.execute_script("return document.getElementById('status')?.textContent ?? ''")


def ready(selector):
    wait(lambda: driver.find_elements(By.CSS_SELECTOR, selector), selector)
    return one(selector)


def drawn(selector):
    """Whether a canvas holds more than one colour."""
    return driver.execute_script("""
      const canvas = document.querySelector(arguments[0]);
      if (!canvas?.width) return false;
      const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
      let marked = 0;
      for (let i = 3; i < data.length; i += 4) if (data[i] > 0) marked++;
      return marked > 500;""", selector)


def focus_order(name, expected):
    """Whether Tab reaches these, in this order, and each shows that it has the focus."""
    driver.execute_script("document.activeElement.blur(); window.scrollTo(0, 0)")
    reached = []
    for _ in range(200):
        keys(Keys.TAB)
        facts = driver.execute_script("""
          const one = document.activeElement, style = getComputedStyle(one);
          return [one.id || one.name || one.textContent.trim() || one.tagName,
            one.type === 'date' || style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0,
            one === document.body];""")
        if facts[2] and not reached:
            continue
        if facts[2]:
            break
        if reached[-1:] == [facts[0]]:
            # Parts of a date have the focus one after the other and mark it themselves.
            continue
        if not facts[1]:
            found.append(f"{name}: {facts[0]} does not show that it has the focus")
        reached.append(facts[0])
        if [place for place in reached if place in expected] == expected:
            return
    found.append(f"{name}: Tab reaches {[place for place in reached if place in expected]}, "
                 f"expected {expected}")


def keys(text):
    ActionChains(driver).send_keys(text).perform()


def control(letter):
    ActionChains(driver).key_down(Keys.CONTROL).send_keys(letter).key_up(Keys.CONTROL).perform()


def look(name):
    """Checks the page by axe and for errors in the console, and photographs it."""
    if options.axe:
        with open(options.axe) as file:
            driver.execute_script(file.read())
        outcome = driver.execute_async_script(
            "const done = arguments[0]; axe.run().then(done, (error) => done({error: `${error}`}))")
        if "violations" not in outcome:
            raise SystemExit(f"axe: {outcome}")
        for violation in outcome["violations"]:
            if violation["id"] in OUTDATED:
                continue
            if violation["impact"] in ("serious", "critical"):
                places = [node["target"][0] for node in violation["nodes"]][:3]
                found.append(f"{name}: {violation['id']}: {violation['help']}: {places}")
    for entry in driver.get_log("browser"):
        # Refusals that the walk asks for are no errors of the page.
        asked = any(status in entry["message"] for status in ("401", "403", "409", "422"))
        if entry["level"] == "SEVERE" and not asked:
            found.append(f"{name}: {entry['message']}")
    wide = driver.execute_script(
        "return document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")
    if wide:
        found.append(f"{name}: the page is wider than its window")
    if options.screenshots:
        os.makedirs(options.screenshots, exist_ok=True)
        # axe scrolls to what it looks at.
        driver.execute_script("scrollTo(0, 0)")
        driver.save_screenshot(os.path.join(options.screenshots, f"{name}.png"))


def looks(name):
    """Light, dark, narrow and wide."""
    look(name)
    if options.quick:
        return
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
        "features": [{"name": "prefers-color-scheme", "value": "dark"}]})
    time.sleep(0.4)
    look(name + "-dark")
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": 320, "height": 800, "deviceScaleFactor": 1, "mobile": False})
    time.sleep(0.5)
    look(name + "-narrow")
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": 3840, "height": 2160, "deviceScaleFactor": 1, "mobile": False})
    time.sleep(0.5)
    look(name + "-4k")
    driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    time.sleep(0.3)


def drag(canvas, start, end):
    """A box over a canvas, in shares of its width and height."""
    width, height = canvas.size["width"], canvas.size["height"]

    def place(share):
        return int((share[0] - 0.5) * width), int((share[1] - 0.5) * height)
    (x, y), (to_x, to_y) = place(start), place(end)
    driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", canvas)
    ActionChains(driver).move_to_element_with_offset(canvas, x, y).click_and_hold() \
        .move_to_element_with_offset(canvas, to_x, to_y).release().perform()


def view(canvas):
    start, end = canvas.get_attribute("data-view").split()
    return float(start), float(end)


def patients():
    step("patients: list, search, one patient, records, cohort")
    ready(".sparkline")
    looks("patients")
    box = one("input[type=search]")
    box.send_keys("no such patient" + Keys.ENTER)
    wait(lambda: "0 patients" in driver.page_source, "an empty search")
    driver.get(server.root + "/patients")
    driver.find_element(By.LINK_TEXT, options.patient).click()
    ready("figure svg")
    looks("patient")
    driver.find_element(By.LINK_TEXT, "unit numbers").click()
    ready("figure svg")
    looks("unit-numbers")
    driver.back()
    ready("tbody a[href^='/records/']").click()
    ready("details")
    looks("record")
    driver.get(server.root + "/patients")
    ready(f"input[value={options.patient}]").click()
    driver.find_element(By.XPATH, "//button[contains(text(), 'Overlay')]").click()
    ready("#courses-table tbody tr")
    wait(lambda: drawn("canvas.courses"), "the courses")
    one("select[name=scale]").send_keys("percent")
    looks("courses")
    driver.get(server.root + "/cohort")
    ready("form")
    looks("cohort")
    one("select[name=side]").send_keys("left")
    wait(lambda: "side=left" in driver.current_url, "the cohort of one side")
    driver.get(server.root + "/access-log")
    ready("table")
    looks("access-log")


def corrections():
    step("corrections: a value of a record, with a reason")
    driver.get(server.root + f"/patients/{options.patient}")
    link = ready("tbody a[href^='/records/']")
    link.click()
    ready("details")
    form = one("form[data-action$='/correct']")
    driver.execute_script("arguments[0].closest('details').open = true", form)
    form.find_element(By.NAME, "field").send_keys("nominal")
    form.find_element(By.NAME, "value").send_keys("baseline <b>1</b>")
    form.find_element(By.NAME, "reason").send_keys("as in the protocol")
    form.find_element(By.TAG_NAME, "button").click()
    wait(lambda: "as in the protocol" in driver.page_source, "the corrected record")
    if driver.find_elements(By.CSS_SELECTOR, "td b"):
        raise SystemExit("a value was read as markup")


def recording():
    step("recording: draw, zoom, pan, leave out, decompose, cancel")
    driver.get(server.root + "/recordings/1")
    canvas = ready("canvas.signals")
    wait(lambda: drawn("canvas.signals"), "the signals")
    looks("recording")
    before = view(canvas)
    driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", canvas)
    ActionChains(driver).scroll_from_origin(
        webdriver.common.actions.wheel_input.ScrollOrigin.from_element(canvas), 0, -300).perform()
    wait(lambda: view(canvas)[1] - view(canvas)[0] < before[1] - before[0], "a closer view")
    drag(canvas, (0.6, 0.5), (0.4, 0.5))
    after = view(canvas)
    keys(Keys.HOME)
    wait(lambda: view(canvas) != after, "the whole recording")
    one(".channels input").click()
    wait(lambda: "1 channels" in status(), "the channel left out")
    driver.refresh()
    ready(".channels input")
    if one(".channels input").is_selected():
        raise SystemExit("the channel left out is back after a reload")
    one("#decompose").click()
    wait(lambda: "Decomposing" in status(), "a running decomposition")
    driver.find_element(By.XPATH, "//button[text()='Cancel']").click()
    wait(lambda: "Cancelled" in status(), "the end of the decomposition", 20)


def run():
    step("run: units, add and delete in boxes, proposals, undo, reload, save")
    driver.get(server.root + "/runs/0")
    trace = ready("canvas.source")
    wait(lambda: drawn("canvas.source"), "the source", 240)
    wait(lambda: drawn("canvas.seconds") and one("#counts-note").text, "silhouettes and counts", 60)
    looks("run")
    unit = one("tr[aria-selected=true]").text
    keys("n")
    wait(lambda: one("tr[aria-selected=true]").text != unit, "another unit")
    wait(lambda: not status(), "its source", 120)
    keys("d")
    drag(trace, (0.2, 0.02), (0.6, 0.7))
    wait(lambda: status().startswith("1 edits"), "a deletion", 120)
    control("z")
    wait(lambda: status().startswith("2 edits"), "an undo", 120)
    keys(Keys.ESCAPE)
    keys("a")
    drag(trace, (0.1, 0.3), (0.9, 0.85))
    wait(lambda: status().startswith("3 edits") or status().startswith("2 edits"), "an addition", 120)
    keys(Keys.ESCAPE)
    keys(" ")
    wait(lambda: "Enter accepts" in status() or "too little" in status(), "a proposal", 120)
    if "Enter accepts" in status():
        looks("proposal")
        keys(Keys.ENTER)
        wait(lambda: " edits; " in status(), "the accepted proposal", 120)
    edits = int(status().split()[0]) if " edits; " in status() else 2
    edits = rate_box(edits)
    if not options.quick:
        edits = extend(edits)
    duplicates()
    presets()
    merge(edits)
    edits += 2
    driver.refresh()
    ready("canvas.source")
    wait(lambda: drawn("canvas.source"), "the source again", 240)
    keys("f")
    wait(lambda: status().startswith(f"{edits + 1} edits"), "a flag after the reload", 120)
    control("s")
    wait(lambda: "Saved as run" in status(), "the saved run", 60)
    one("#status a").click()
    ready("canvas.source")
    if "/runs/0" in driver.current_url:
        raise SystemExit("the saved run is the old one")


def rate_box(edits):
    """Discharges in a box on the rate go, and come back."""
    keys("D")
    drag(one("canvas.rate"), (0.3, 0.02), (0.9, 0.97))
    wait(lambda: status().startswith(f"{edits + 1} edits"), "a deletion on the rate", 120)
    keys(Keys.ESCAPE)
    control("z")
    wait(lambda: status().startswith(f"{edits + 2} edits"), "the deletion on the rate undone", 120)
    return edits + 2


def extend(edits):
    """The filter of the view is carried over the recording, and accepted where that changes something."""
    keys("e")
    wait(lambda: "Enter accepts" in status() or "too little" in status(), "an extended filter", 120)
    if "Enter accepts" not in status():
        return edits
    look("extended")
    keys(Keys.ENTER)
    wait(lambda: " edits; " in status(), "the extended filter accepted", 120)
    return int(status().split()[0])


def duplicates():
    keys("u")
    wait(lambda: one("dialog[open]").text.startswith("Units that are probably one"), "the duplicates")
    look("duplicates")
    keys(Keys.ESCAPE)
    wait(lambda: not driver.find_elements(By.CSS_SELECTOR, "dialog[open]"), "the dialog closed")


def presets():
    """Another program's keys, kept over a reload; then our own again."""
    keys("?")
    wait(lambda: driver.find_elements(By.CSS_SELECTOR, "dialog[open] #preset"), "the keys")
    look("keys")
    one("#preset").send_keys("Phy")
    keys(Keys.ESCAPE)
    driver.execute_script("document.activeElement.blur()")
    unit = one("tr[aria-selected=true] td").text
    keys(" ")
    wait(lambda: one("tr[aria-selected=true] td").text != unit, "the next unit by Phy's key")
    wait(lambda: not status(), "its source", 120)
    driver.execute_script("document.getElementById('preset').value = 'MotorPool';"
                          "document.getElementById('preset').dispatchEvent(new Event('change'))")


def examples():
    """The programs of docs/examples fetch a trend and a range."""
    found = [[sys.executable, "docs/examples/fetch.py"]]
    packages = 'quit(status = !all(sapply(c("curl", "jsonlite"), requireNamespace, quietly = TRUE)))'
    if shutil.which("Rscript") and subprocess.run(
            ["Rscript", "-e", packages], stderr=subprocess.DEVNULL).returncode == 0:
        found.append(["Rscript", "docs/examples/fetch.R"])
    for words in found:
        done = subprocess.run([*words, server.address(), options.patient, "cmap-amplitude"],
                              capture_output=True, text=True)
        if done.returncode or "channels" not in done.stdout.splitlines()[-1]:
            raise SystemExit(f"{words[-1]}: {done.stdout}{done.stderr}")
        step(f"{words[-1]}: {done.stdout.splitlines()[-1]}")


def units_of_scripts():
    """Unit tests of the pages' modules, in the browser."""
    with open("Tests/ViewerTests/Browser/tests.js") as file:
        text = file.read()
    outcome = driver.execute_async_script(
        "const done = arguments[0]; (async () => {" + text + "\n})().then(done, (error) => "
        "done({ count: 0, failures: [`${error}`] }))")
    step(f"{outcome['count']} unit tests of the scripts")
    if outcome["failures"] or outcome["count"] < 10:
        raise SystemExit("\n".join(outcome["failures"]) or "the unit tests did not run")


def merge(edits):
    """Another unit joins the chosen one, and undo brings it back."""
    units = "return document.querySelectorAll('tbody tr:not(.gone)').length"
    before = driver.execute_script(units)
    other = driver.execute_script(
        "return document.querySelector('tbody tr:not([aria-selected=true]):not(.gone) td').textContent")
    keys("g")
    alert = WebDriverWait(driver, 10).until(lambda _: driver.switch_to.alert)
    alert.send_keys(other.split()[0])
    alert.accept()
    wait(lambda: status().startswith(f"{edits + 1} edits"), "a merge", 120)
    if driver.execute_script(units) != before - 1:
        raise SystemExit("the unit that was merged is still there")
    control("z")
    wait(lambda: status().startswith(f"{edits + 2} edits"), "the merge undone", 120)
    if driver.execute_script(units) != before:
        raise SystemExit("undo did not bring the merged unit back")


def upload():
    """Files are dropped on a patient; what may be a mix-up is stored with a reason only."""
    step("upload: a file that is no recording, a mix-up with its reason, the visit in the trend")
    driver.get(server.root + "/patients/E2E-01")
    chooser = ready("#visit-files")
    bad = os.path.join(folder, "not-a-recording.edf")
    with open(bad, "w") as file:
        file.write("this is no recording")
    chooser.send_keys(bad)
    wait(lambda: driver.find_elements(By.CSS_SELECTOR, ".uploads .bad"), "the refusal of a file")
    one(".uploads button").click()
    wait(lambda: not driver.find_elements(By.CSS_SELECTOR, ".uploads li"), "an empty list")
    chooser.send_keys(os.path.abspath("Samples/patient/visit01-cmap.edf"))
    wait(lambda: driver.find_elements(By.CSS_SELECTOR, ".uploads .good"), "the check of a file")
    if one("input[name=date]").get_attribute("value") != "2025-01-15":
        raise SystemExit("the day of the file was not proposed")
    looks("upload")
    focus_order("upload", ["visit-files", "date", "muscle", "side", "visit-add"])
    one("input[name=muscle]").send_keys("tibialis anterior")
    one("select[name=side]").send_keys("left")
    one("#visit-add").click()
    wait(lambda: driver.find_elements(By.ID, "visit-accept"), "the doubts", 120)
    if "another patient" not in one("#visit-doubts").text:
        raise SystemExit("the mix-up is not told")
    looks("mix-up")
    one("#visit-doubts input").send_keys("the patient was entered twice")
    one("#visit-accept").click()
    wait(lambda: "stored" in one("#visit-status").text, "the stored visit", 120)
    looks("stored")
    one("#visit-doubts a").click()
    wait(lambda: "2025-01-15" in one("main table").text, "the visit on the page")
    trace = driver.execute_async_script("""
      const done = arguments[0];
      fetch('/api/v1/patients/E2E-01').then((answer) => answer.json()).then(done);""")
    if not any(visit["recordings"] for visit in trace["visits"]):
        raise SystemExit("the visit has no recording")
    # The warning was accepted with the reason, and the history says so.
    records = driver.execute_async_script("""
      const done = arguments[0];
      fetch('/api/v1/patients/E2E-01/records').then((answer) => answer.json()).then(done);""")
    if "the patient was entered twice" not in json.dumps(records):
        raise SystemExit("the reason is not in the record of the warning")


def accept_warning():
    step("a warning is accepted on the patient's page")
    driver.get(server.root + "/patients/E2E-02")
    ready("#corrections")
    form = ready(".open-warnings form")
    form.find_element(By.NAME, "reason").send_keys("as planned")
    form.find_element(By.TAG_NAME, "button").click()
    wait(lambda: not driver.find_elements(By.CSS_SELECTOR, ".open-warnings"), "no warning left")


def needle():
    """A needle's units: single potentials, a discharge moved by a sample and back."""
    step("needle: single potentials, a discharge is chosen and moved, undo")
    results = os.path.join(folder, "needle")
    subprocess.run([options.motorpool, "decompose", "Samples/needle.edf", "--output", results], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    own = Server(file=os.path.abspath("Samples/needle.edf"), output=results)
    driver.get(own.start)
    driver.get(own.root + "/runs/0")
    ready("canvas.shimmer")
    wait(lambda: drawn("canvas.shimmer"), "the single potentials", 120)
    wait(lambda: "Jiggle" in driver.page_source, "their measures")
    looks("needle")
    # A closer view, then the first discharge in it.
    units = driver.execute_async_script("""
      const done = arguments[0];
      fetch('/api/v1/runs/0/units').then((answer) => answer.json()).then(done);""")
    trace = one("canvas.source")
    driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", trace)
    span = min(units["sampleCount"], 20 * units["samplingRate"])
    time_of = units["units"][0]["times"][5]
    ActionChains(driver).move_to_element_with_offset(
        trace, int((time_of / span - 0.5) * trace.size["width"]), 0).click().perform()
    ActionChains(driver).key_down(Keys.ALT).send_keys(Keys.ARROW_RIGHT).key_up(Keys.ALT).perform()
    wait(lambda: status().startswith("1 edits"), "the moved discharge", 60)
    control("z")
    wait(lambda: status().startswith("2 edits"), "the move undone", 60)
    keys("o")
    wait(lambda: "too long" in status(), "the refusal of a long view", 60)
    for _ in range(6):
        keys("+")
    keys("o")
    wait(lambda: "Enter accepts" in status() or "best as they are" in status(), "a resolved view", 60)
    look("resolved")
    own.end()


def walk():
    """From dropped files to a saved edit and the trend, as docs/viewer.md tells it."""
    os.makedirs(options.walk, exist_ok=True)
    driver.set_window_size(1000, 760)

    def picture(name, selector=None):
        time.sleep(0.6)
        file = os.path.join(options.walk, f"{name}.png")
        if selector:
            one(selector).screenshot(file)
        else:
            driver.save_screenshot(file)
    own = Server(registry=registry)
    driver.get(own.start)
    for month, visit in [(1, "visit01"), (2, "visit03"), (3, "visit05")]:
        driver.get(own.root + "/patients/E2E-01")
        chooser = ready("#visit-files")
        # Scans are read by networks, which take minutes without optimisation.
        names = [f"{visit}.edf", f"{visit}-cmap.edf"] + ([] if options.quick else [f"{visit}-scan.csv"])
        for name in names:
            chooser.send_keys(os.path.abspath(f"Samples/patient/{name}"))
        wait(lambda: len(driver.find_elements(By.CSS_SELECTOR, ".uploads .good")) == len(names), "checked files", 120)
        one("input[name=muscle]").send_keys("tibialis anterior")
        one("select[name=side]").send_keys("left")
        one("input[name=nominal]").send_keys(f"visit {month}")
        driver.execute_script("document.getElementById('add-visit').scrollIntoView()")
        if month == 1:
            picture("walk-drop", "#add-visit")
        one("#visit-add").click()
        wait(lambda: driver.find_elements(By.ID, "visit-accept"), "the mix-up", 120)
        if month == 1:
            picture("walk-mix-up")
        one("#visit-doubts input").send_keys("DEMO-01 is the same simulated person")
        began = time.time()
        one("#visit-accept").click()
        wait(lambda: "stored" in one("#visit-status").text, "the stored visit", 600)
        step(f"{visit}: stored after {time.time() - began:.1f} s: "
             + one("#visit-doubts ul").text.replace("\n", "; "))
    driver.get(own.root + "/patients/E2E-01")
    ready("figure svg")
    before = measure(own)
    links = driver.find_elements(By.LINK_TEXT, "look")
    step(f"{len(links)} recordings are kept; identified units {before}")
    links[0].click()
    ready("canvas.signals")
    wait(lambda: drawn("canvas.signals"), "the signals")
    wait(lambda: driver.find_elements(By.PARTIAL_LINK_TEXT, "Run 1"), "its run")
    driver.find_element(By.PARTIAL_LINK_TEXT, "Run 1").click()
    ready("canvas.source")
    wait(lambda: drawn("canvas.source") and not status(), "the source", 300)
    wait(lambda: one("#counts-note").text, "the active units", 60)
    driver.execute_script("document.querySelector('.bar').scrollIntoView()")
    driver.set_window_size(1200, 1100)
    picture("walk-run")
    driver.set_window_size(1000, 760)
    units = driver.find_elements(By.CSS_SELECTOR, "tbody tr")
    worst = min(units, key=lambda row: float(row.find_elements(By.TAG_NAME, "td")[6].text.replace("–", "1")))
    number = worst.find_elements(By.TAG_NAME, "td")[0].text
    worst.click()
    wait(lambda: one("h2").text == f"Unit {number}" and not status(), "the doubtful unit", 120)
    keys("J")
    time.sleep(1)
    driver.execute_script("document.querySelector('.source').scrollIntoView({block: 'center'})")
    picture("walk-doubts")
    said = status()
    if "Enter accepts" in said:
        keys(Keys.ENTER)
        wait(lambda: " edits; " in status(), "the accepted places", 120)
    step(f"unit {number}, the least certain: {said} {status()}")
    keys(Keys.DELETE)
    wait(lambda: " edits; " in status() and not driver.find_elements(
        By.CSS_SELECTOR, "tbody tr[aria-selected=true]:not(.gone)"), "the deleted unit", 120)
    control("s")
    wait(lambda: "Saved as" in status(), "the saved run", 120)
    step(f"the unit deleted, {status()}; identified units now {measure(own)}")
    if measure(own) == before:
        raise SystemExit("the trend did not follow the edit")
    driver.get(own.root + "/patients/E2E-01")
    ready("figure svg")
    driver.execute_script("""
      [...document.querySelectorAll('figure')].find((one) => /dentified/.test(one.textContent))
        .scrollIntoView({block: 'end'})""")
    picture("walk-trend")
    if not options.quick:
        driver.get(own.root + "/patients/E2E-01/unit-numbers")
        driver.find_element(By.LINK_TEXT, "scan").click()
        ready("figure svg")
        if "Estimated motor units" not in one("main").text:
            raise SystemExit("the scan's page shows no estimate")
        look("scan")
        driver.get(own.root + "/patients/E2E-01/scans")
        wait(lambda: drawn("canvas.courses"), "the scans")
        picture("walk-scans")
    own.end()


def measure(own):
    """The numbers of identified units of the patient's visits, by day."""
    answer = driver.execute_async_script("""
      const done = arguments[0];
      fetch('/api/v1/patients/E2E-01').then((answer) => answer.json()).then(done);""")
    return {visit["visit"]["date"]: [value["value"] for value in visit["measurements"]
                                     if value["kind"] == "identified-units-max"]
            for visit in answer["visits"]}


def two_browsers():
    """A second browser of its own, with its own session, edits the same run."""
    step("two browsers of one run: the later gets the other's edits and loses nothing")
    global driver
    driver.get(server.root + "/runs/0")
    ready("canvas.source")
    wait(lambda: drawn("canvas.source"), "the source", 240)
    first, second = driver, browser()
    try:
        driver = second
        driver.get(server.address())
        driver.get(server.root + "/runs/0")
        ready("canvas.source")
        wait(lambda: drawn("canvas.source"), "the source in the second browser", 240)
        keys("f")
        wait(lambda: " edits; " in status(), "an edit in the second browser", 120)
        edits = int(status().split()[0])
        driver = first
        keys("f")
        wait(lambda: "another edit came first" in status(), "a conflict", 60)
        wait(lambda: drawn("canvas.source"), "the source after the conflict", 120)
        keys("f")
        wait(lambda: status().startswith(f"{edits + 1} edits"), "the edit after the other's", 120)
    finally:
        driver = first
        second.quit()


def accounts():
    step("users: sign in, a reader's limits, sign out")
    for name, role in [("anna", "admin"), ("rita", "reader")]:
        subprocess.run(
            [options.viewer, "--users", json.dumps({
                "action": "add", "path": registry + ".users", "name": name, "role": role,
                "printsJSON": True})],
            input=f"password of {name}\n", text=True, check=True, stdout=subprocess.DEVNULL)
    closed = Server(registry=registry)
    driver.get(closed.start)
    ready("input[type=password]")
    looks("login")

    def sign_in(name, password):
        ready("input[name=user]").clear()
        one("input[name=user]").send_keys(name)
        one("input[name=password]").clear()
        one("input[name=password]").send_keys(password + Keys.ENTER)
    sign_in("rita", "a wrong password")
    wait(lambda: "wrong" in one("output").text, "a refusal")
    sign_in("rita", "password of rita")
    ready(".sparkline")
    driver.get(closed.root + f"/patients/{options.patient}")
    ready("figure svg")
    if driver.find_elements(By.ID, "corrections"):
        raise SystemExit("a reader is offered corrections")
    answer = driver.execute_async_script("""
      const done = arguments[0], token = document.querySelector('meta[name=token]').content;
      fetch('/api/v1/records/1/retract', { method: 'POST', body: '{"reason":"x"}',
        headers: { 'X-MotorPool-Token': token } }).then((answer) => done(answer.status));""")
    if answer != 403:
        raise SystemExit(f"a reader's correction was answered with {answer}")
    if driver.find_elements(By.ID, "add-visit"):
        raise SystemExit("a reader is offered to add visits")
    driver.get(closed.root + "/access-log")
    if "Forbidden" not in ready("h1").text:
        raise SystemExit("a reader sees the access log")
    looks("forbidden")
    driver.get(closed.root + "/patients")
    ready(".sparkline")
    driver.find_element(By.XPATH, "//button[text()='Sign out']").click()
    ready("input[type=password]")
    driver.get(closed.root + "/patients")
    ready("input[type=password]")
    closed.end()


if options.motorpool:
    subprocess.run([options.motorpool, "patient", "add", "E2E-01", "--registry", registry], check=True,
                   stdout=subprocess.DEVNULL)
    subprocess.run([options.motorpool, "patient", "add", "E2E-02", "--registry", registry], check=True,
                   stdout=subprocess.DEVNULL)
    subprocess.run([options.motorpool, "visit", "add", "E2E-02", "--date", "2199-01-01", "--accept",
                    "--registry", registry], check=True, stdout=subprocess.DEVNULL)
def frames():
    """Processor time of the page for each frame while the wheel turns, fast and slowly."""
    driver.set_window_size(1900, 1100)
    own = Server(file=os.path.abspath(options.frames), output=os.path.join(folder, "frames"))
    driver.get(own.start)
    canvas = ready("canvas.signals")
    wait(lambda: drawn("canvas.signals"), "the signals", 300)
    size = driver.execute_script("const c = arguments[0]; return [c.width, c.height, c.clientWidth]", canvas)
    channels = driver.execute_script(
        "return fetch('/api/v1/recordings/1').then((a) => a.json()).then((r) => r.channels.length)")
    driver.execute_script("""
      const counts = window.counts = { open: 0, most: 0, asked: 0, frames: 0 };
      const ask = window.fetch, next = window.requestAnimationFrame;
      window.fetch = (...words) => {
        counts.asked += 1;
        counts.most = Math.max(counts.most, ++counts.open);
        return ask(...words).finally(() => { counts.open -= 1; });
      };
      window.requestAnimationFrame = (draw) => next((time) => { counts.frames += 1; draw(time); });""")
    driver.execute_cdp_cmd("Performance.enable", {})

    def spent():
        metrics = driver.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
        return {metric["name"]: metric["value"] for metric in metrics}["TaskDuration"]
    place = driver.execute_script(
        "const r = arguments[0].getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]", canvas)
    for name, pause, turns in [("slowly", 0.4, 40), ("fast", 0.016, 200)]:
        driver.execute_script("Object.assign(window.counts, { most: 0, asked: 0, frames: 0 })")
        before = spent()
        for turn in range(turns):
            driver.execute_cdp_cmd("Input.dispatchMouseEvent", {
                "type": "mouseWheel", "x": place[0], "y": place[1], "deltaX": 0,
                "deltaY": -120 if turn % 20 < 10 else 120})
            time.sleep(pause)
        time.sleep(1.5)
        counts = driver.execute_script("return window.counts")
        each = 1000 * (spent() - before) / max(1, counts["frames"])
        step(f"wheel turned {name}, {turns} times: {counts['frames']} frames of {channels} channels on "
             f"{size[0]} x {size[1]} points, {each:.1f} ms of the page's processor time each; "
             f"{counts['asked']} requests, {counts['most']} open at once at most")
        if each >= 80 or counts["most"] > 3 or not counts["frames"]:
            found.append(f"frames while the wheel turns {name}: bars are 80 ms and 3 requests")
    own.end()


if options.frames:
    try:
        frames()
    finally:
        driver.quit()
        shutil.rmtree(folder, ignore_errors=True)
    if found:
        print("\n".join(found))
    sys.exit(1 if found else 0)
if options.walk:
    try:
        walk()
    finally:
        driver.quit()
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(0)
server = Server(file=os.path.abspath(options.recording), output=results, registry=registry)
try:
    driver.get(server.start)
    patients()
    units_of_scripts()
    corrections()
    if options.motorpool:
        upload()
        accept_warning()
    recording()
    run()
    two_browsers()
    examples()
    if options.motorpool:
        needle()
    driver.get("about:blank")
    driver.get_log("browser")
    server.end()
    accounts()
finally:
    driver.quit()
    server.end()
    shutil.rmtree(folder, ignore_errors=True)
if found:
    print("\n".join(found))
    sys.exit(1)
step("all steps passed" + (", no serious finding of axe" if options.axe else ""))
