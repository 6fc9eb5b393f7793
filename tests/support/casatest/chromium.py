# SPDX-License-Identifier: Apache-2.0
"""A real Chromium without a window, driven through the pipe of its DevTools protocol (NUL after each JSON message)."""
import json
import os
import shutil
import subprocess
import tempfile
import time

from .servers import die_with_parent


def find():
    for name in ("chromium-headless-shell", "chromium", "google-chrome"):
        if shutil.which(name):
            return name
    return None


class Chromium:
    """One page of it, as wide as a phone."""

    def __init__(self, program, width=390, height=844):
        self.profile = tempfile.mkdtemp(prefix="casa-chromium-")
        to_read, to_write = os.pipe()
        from_read, from_write = os.pipe()
        argv = [program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-pipe",
                "--no-first-run", "--disable-background-networking", "--disable-component-update", "--proxy-server=direct://",
                "--user-data-dir=" + self.profile, f"--window-size={width},{height}", "about:blank"]

        def child():
            die_with_parent()
            os.dup2(os.dup(to_read), 3)
            os.dup2(os.dup(from_write), 4)

        # The ends move above 4 first, so that putting them there closes nothing.
        to_read, from_write = (self._above(end) for end in (to_read, from_write))
        self.child = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                      preexec_fn=child, pass_fds=(3, 4, to_read, from_write))
        os.close(to_read)
        os.close(from_write)
        self.to, self.back = to_write, from_read
        self.buffer, self.number, self.events = b"", 0, []
        self.session = None
        target = next(t for t in self.ask("Target.getTargets")["targetInfos"] if t["type"] == "page")
        self.session = self.ask("Target.attachToTarget", targetId=target["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.ask(domain + ".enable")

    @staticmethod
    def _above(end):
        import fcntl
        moved = fcntl.fcntl(end, fcntl.F_DUPFD, 10)
        os.close(end)
        return moved

    def ask(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise AssertionError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def _next(self):
        while b"\0" not in self.buffer:
            got = os.read(self.back, 65536)
            if not got:
                raise AssertionError("Chromium ended")
            self.buffer += got
        text, _, self.buffer = self.buffer.partition(b"\0")
        return json.loads(text)

    def run(self, script):
        """The value of an expression in the page."""
        result = self.ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise AssertionError(f"{script}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def until(self, script, seconds, what):
        deadline = time.monotonic() + seconds
        while True:
            try:
                value = self.run(script)
            except AssertionError:  # between two documents
                value = None
            if value:
                return value
            if time.monotonic() > deadline:
                raise TimeoutError(f"waited {seconds} s in vain for {what}; the page says: {self.run('document.body.innerText')}")
            time.sleep(0.05)

    def keys(self, text):
        """As typed."""
        for letter in text:
            self.ask("Input.dispatchKeyEvent", type="char", text=letter)

    def press(self, key, code=0):
        for kind in ("rawKeyDown", "keyUp"):
            self.ask("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code)

    def picture(self, path):
        import base64
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.ask("Page.captureScreenshot", captureBeyondViewport=True)["data"]))

    def requests(self):
        """Addresses that the page asked for."""
        return [e["params"]["request"]["url"] for e in self.events if e.get("method") == "Network.requestWillBeSent"]

    def complaints(self):
        """What the console was told as an error: what the content policy forbade too."""
        return [e["params"] for e in self.events
                if e.get("method") == "Runtime.exceptionThrown" or
                (e.get("method") == "Log.entryAdded" and e["params"]["entry"]["level"] == "error")]

    def close(self):
        self.child.terminate()
        self.child.wait(20)
        os.close(self.to)
        os.close(self.back)
        shutil.rmtree(self.profile, ignore_errors=True)
