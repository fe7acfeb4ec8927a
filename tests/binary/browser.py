"""A headless Chromium, started once and driven by its DevTools protocol through two pipes: no port is opened, and it has no
network. It opens pages that are files.
"""
import base64
import json
import os
import shutil
import subprocess
import tempfile
import time

PATIENCE = 30  # seconds, for one answer
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--remote-debugging-pipe"]


class Browser:
    def __init__(self):
        self.home = tempfile.mkdtemp(prefix="fairway-browser-")
        ours_in, theirs_out = os.pipe()
        theirs_in, ours_out = os.pipe()

        def ends():  # the browser reads from 3 and writes to 4
            keep = [os.dup(theirs_in), os.dup(theirs_out)]
            os.dup2(keep[0], 3)
            os.dup2(keep[1], 4)

        alone = ["unshare", "-n"] if os.geteuid() == 0 else []
        self.process = subprocess.Popen([*alone, "chromium", *FLAGS, f"--user-data-dir={self.home}", "about:blank"], close_fds=False, preexec_fn=ends,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "HOME": self.home})
        os.close(theirs_in)
        os.close(theirs_out)
        self.to, self.of = ours_out, ours_in
        self.buffer, self.number, self.events = b"", 0, []

    def close(self):
        try:
            self.call("Browser.close")
        except (OSError, EOFError):
            pass
        for end in (self.to, self.of):
            os.close(end)
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.home, ignore_errors=True)

    def message(self):
        while b"\0" not in self.buffer:
            more = os.read(self.of, 1 << 20)
            if not more:
                raise EOFError("the browser ended")
            self.buffer += more
        one, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(one)

    def call(self, method, session=None, **arguments):
        self.number += 1
        request = {"id": self.number, "method": method, "params": arguments, **({"sessionId": session} if session else {})}
        data = json.dumps(request).encode() + b"\0"
        while data:
            data = data[os.write(self.to, data):]
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            answer = self.message()
            if answer.get("id") == self.number:
                assert "error" not in answer, (method, answer["error"])
                return answer["result"]
            self.events.append(answer)
        raise TimeoutError(method)


class Page:
    """A page that is a file, of the given width; `bypass`: foreign scripts may run in it, which a judge needs."""

    def __init__(self, browser, path, width=1360, height=900, scheme="light", bypass=False, script=True):
        self.browser = browser
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self.target, self.session = target, browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        browser.events.clear()
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 640)
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"}])
        if bypass:
            self.call("Page.setBypassCSP", enabled=True)
        if not script:
            self.call("Emulation.setScriptExecutionDisabled", value=True)
        self.call("Page.bringToFront")  # what is behind is not painted
        self.url = "file://" + os.path.abspath(path)
        self.call("Page.navigate", url=self.url)
        until = time.monotonic() + PATIENCE
        while not any(one.get("method") == "Page.loadEventFired" for one in browser.events):
            assert time.monotonic() < until, "the page does not load"
            browser.events.append(browser.message())
        if script:
            self.run("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def call(self, method, **arguments):
        return self.browser.call(method, self.session, **arguments)

    def run(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def first_paint(self):
        """After how many milliseconds something was seen."""
        return self.run("new Promise(done => new PerformanceObserver(all => all.getEntriesByName('first-contentful-paint').forEach(one => done(one.startTime)))"
                        ".observe({type: 'paint', buffered: true}))")

    def key(self, key, modifiers=0):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, modifiers=modifiers,
                      windowsVirtualKeyCode={"Tab": 9, "Enter": 13, " ": 32, "PageUp": 33, "PageDown": 34, "End": 35, "Home": 36, "ArrowLeft": 37, "ArrowUp": 38,
                                             "ArrowRight": 39, "ArrowDown": 40}.get(key, 0), **({"text": "\r"} if key == "Enter" and kind == "keyDown" else {}))

    def seen(self):
        """What the page asked for, and what the browser complained of."""
        requests, words = [], []
        for one in self.browser.events:
            method, about = one.get("method"), one.get("params", {})
            if method == "Network.requestWillBeSent":
                requests.append(about["request"]["url"])
            elif method == "Runtime.consoleAPICalled":
                words.append(str(about.get("args")))
            elif method == "Runtime.exceptionThrown":
                words.append(str(about["exceptionDetails"]))
            elif method == "Log.entryAdded":
                words.append(about["entry"]["text"])
        return requests, words

    def picture(self, path, whole=False):
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"clip": {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 12000), "scale": 1}} if whole else {}
        with open(path, "wb") as out:
            out.write(base64.b64decode(self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole, **clip)["data"]))

    def paper(self, path):
        with open(path, "wb") as out:
            out.write(base64.b64decode(self.call("Page.printToPDF", printBackground=True, preferCSSPageSize=True)["data"]))

    def close(self):
        self.browser.call("Target.closeTarget", targetId=self.target)
