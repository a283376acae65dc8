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
                "printsJSON": True, "opensBrowser": False}
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


def browser():
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
        if entry["level"] == "SEVERE" and "409" not in entry["message"] and "403" not in entry["message"] \
                and "401" not in entry["message"]:
            found.append(f"{name}: {entry['message']}")
    wide = driver.execute_script(
        "return document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")
    if wide:
        found.append(f"{name}: the page is wider than its window")
    if options.screenshots:
        os.makedirs(options.screenshots, exist_ok=True)
        driver.save_screenshot(os.path.join(options.screenshots, f"{name}.png"))


def looks(name):
    """Light, dark and narrow."""
    look(name)
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
        "features": [{"name": "prefers-color-scheme", "value": "dark"}]})
    time.sleep(0.4)
    look(name + "-dark")
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": 320, "height": 800, "deviceScaleFactor": 1, "mobile": False})
    time.sleep(0.5)
    look(name + "-narrow")
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
    one("tbody a[href^='/records/']").click()
    ready("details")
    looks("record")
    driver.get(server.root + "/cohort")
    ready("form")
    looks("cohort")
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
    driver.refresh()
    ready("canvas.source")
    wait(lambda: drawn("canvas.source"), "the source again", 240)
    keys("f")
    wait(lambda: status().startswith(f"{edits + 1} edits"), "a flag after the reload", 120)
    control("s")
    wait(lambda: "Saved as run" in status(), "the saved run", 60)
    saved = int(status().split()[-1])
    driver.get(server.root + f"/runs/{saved}")
    ready("canvas.source")


def conflict():
    step("two pages of one run: the later gets the other's edits")
    driver.get(server.root + "/runs/0")
    ready("canvas.source")
    wait(lambda: drawn("canvas.source"), "the source", 240)
    first = driver.current_window_handle
    driver.switch_to.new_window("tab")
    driver.get(server.root + "/runs/0")
    ready("canvas.source")
    wait(lambda: drawn("canvas.source"), "the source of the second page", 240)
    keys("f")
    wait(lambda: " edits; " in status(), "an edit in the second page", 120)
    driver.close()
    driver.switch_to.window(first)
    keys("f")
    wait(lambda: status() and " edits; " not in status(), "a conflict", 60)


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
    driver.find_element(By.XPATH, "//button[text()='Sign out']").click()
    ready("input[type=password]")
    driver.get(closed.root + "/patients")
    ready("input[type=password]")
    closed.end()


server = Server(file=os.path.abspath(options.recording), output=results, registry=registry)
try:
    driver.get(server.start)
    patients()
    corrections()
    recording()
    run()
    conflict()
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
