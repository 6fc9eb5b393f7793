# SPDX-License-Identifier: Apache-2.0
"""A TCP relay that can go deaf without closing, and can swallow what comes back: what a broken network does."""
import select
import socket
import threading


class Relay(threading.Thread):
    """Listens on `port` and passes everything on to @to_port, both ways."""

    def __init__(self, to_port):
        super().__init__(daemon=True)
        self.to_port = to_port
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        self.deaf = threading.Event()      # passes nothing on, keeps connections open and takes no new ones
        self.swallow = threading.Event()   # the next answer is thrown away, and its connection cut
        self.swallowed = 0
        self.end = threading.Event()
        self.pairs = {}   # each end to its other
        self.far = set()  # the ends towards the server
        self.start()

    def run(self):
        while not self.end.is_set():
            if self.deaf.is_set():
                self.end.wait(0.02)
                continue
            for ready in select.select([self.door, *self.pairs], [], [], 0.02)[0]:
                if ready is self.door:
                    self._accept()
                elif ready in self.pairs and not self.deaf.is_set():
                    self._pass_on(ready)
        for link in [self.door, *self.pairs]:
            link.close()

    def _accept(self):
        link, _ = self.door.accept()
        try:
            far = socket.create_connection(("127.0.0.1", self.to_port), timeout=5)
        except OSError:
            link.close()
            return
        self.pairs[link], self.pairs[far] = far, link
        self.far.add(far)

    def _pass_on(self, link):
        try:
            data = link.recv(65536)
        except OSError:
            data = b""
        if data and link in self.far and self.swallow.is_set():
            self.swallow.clear()
            self.swallowed += 1
            data = b""
        if data:
            try:
                self.pairs[link].sendall(data)
                return
            except OSError:
                pass
        self._drop(link)

    def _drop(self, link):
        other = self.pairs.pop(link)
        self.pairs.pop(other, None)
        self.far -= {link, other}
        link.close()
        other.close()

    def close(self):
        self.end.set()
        self.join(5)
