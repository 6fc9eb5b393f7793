# SPDX-License-Identifier: Apache-2.0
"""A publisher that remembers which messages the broker has acknowledged, whatever happens to the broker meanwhile."""
import collections
import select
import socket
import threading
import time

WINDOW = 1000  # messages under way, so that the broker is never idle in a burst


def length(n):
    """MQTT's variable length."""
    out = bytearray()
    while True:
        n, low = divmod(n, 128)
        out.append(low | (0x80 if n else 0))
        if not n:
            return bytes(out)


def text(value):
    raw = value.encode()
    return len(raw).to_bytes(2, "big") + raw


def packet(kind, body):
    return bytes([kind]) + length(len(body)) + body


def connect_packet(client_id, clean=True, keepalive=60, user=None, password=None, will=None):
    """@will: (topic, payload)."""
    flags = (2 if clean else 0) | (0xC0 if user else 0) | (4 if will else 0)
    login = text(user) + text(password) if user else b""
    return packet(0x10, text("MQTT") + bytes([4, flags]) + keepalive.to_bytes(2, "big") + text(client_id) +
                  (text(will[0]) + len(will[1]).to_bytes(2, "big") + will[1] if will else b"") + login)


def publish_packet(topic, payload, packet_id, duplicate=False, retain=False):
    """QoS 1."""
    kind = 0x32 | (8 if duplicate else 0) | (1 if retain else 0)
    return packet(kind, text(topic) + packet_id.to_bytes(2, "big") + payload)


def split(buffer):
    """Takes the whole packets out of @buffer: a list of (first byte, body)."""
    found = []
    while len(buffer) >= 2:
        size, shift, at = 0, 0, 1
        while at < len(buffer) and buffer[at] & 0x80:
            size |= (buffer[at] & 0x7F) << shift
            shift += 7
            at += 1
        if at == len(buffer):
            break
        size |= buffer[at] << shift
        if len(buffer) < at + 1 + size:
            break
        found.append((buffer[0], bytes(buffer[at + 1:at + 1 + size])))
        del buffer[:at + 1 + size]
    return found


class Publisher(threading.Thread):
    """Publishes at QoS 1. Connects anew whenever it must, and then sends again what was not acknowledged, in order.

    @on_acked(token) is called in this thread, in the order of publishing: a message counts as acknowledged when all before
    it are."""

    def __init__(self, port, client_id="publisher", on_acked=None, user=None, password=None):
        super().__init__(daemon=True)
        self.user, self.password = user, password
        self.port, self.client_id, self.on_acked = port, client_id, on_acked or (lambda token: None)
        self.lock = threading.Condition()
        self.waiting = collections.deque()  # (topic, payload, retain, token), guarded by lock
        self.unacked = collections.OrderedDict()  # packet id -> [topic, payload, retain, token, acked], own thread only
        self.sent = self.acked = 0  # guarded by lock
        self.closing = False  # guarded by lock
        self.failure = None
        self.next_id = 0
        self.link, self.buffer, self.out = None, bytearray(), bytearray()
        self.start()

    def publish(self, topic, payload, token=None, retain=False):
        self.publish_all([(topic, payload if isinstance(payload, bytes) else payload.encode(), retain, token)])

    def publish_all(self, messages):
        """A burst of (topic, payload bytes, retain, token)."""
        with self.lock:
            self.waiting.extend(messages)
            self.sent += len(messages)

    def backlog(self):
        with self.lock:
            return self.sent - self.acked

    def flush(self, seconds):
        """True when everything was acknowledged within @seconds."""
        deadline = time.monotonic() + seconds
        with self.lock:
            while self.acked < self.sent and not self.failure and time.monotonic() < deadline:
                self.lock.wait(0.1)
            return self.acked == self.sent

    def close(self):
        with self.lock:
            self.closing = True
        self.join(10)

    def run(self):
        try:
            while not self.closing:
                if self.link or self._connect():
                    self._step()
        except Exception as error:  # the test must hear of it, not hang
            self.failure = error
        if self.link:
            self.link.close()

    def _connect(self):
        try:
            self.link = socket.create_connection(("127.0.0.1", self.port), timeout=2)
            self.link.sendall(connect_packet(self.client_id, user=self.user, password=self.password))
            answer = self.link.recv(4, socket.MSG_WAITALL)
            if len(answer) != 4 or answer[3] != 0:
                raise OSError(f"connection refused: {answer!r}")
        except OSError:
            self._drop()
            time.sleep(0.02)
            return False
        self.link.setblocking(False)
        self.buffer.clear()
        self.out = bytearray(b"".join(publish_packet(m[0], m[1], packet_id, True, m[2])
                                      for packet_id, m in self.unacked.items() if not m[4]))
        return True

    def _drop(self):
        if self.link:
            self.link.close()
        self.link = None

    def _fill(self):
        with self.lock:
            while self.waiting and len(self.unacked) < WINDOW:
                message = self.waiting.popleft()
                self.next_id = self.next_id % 65535 + 1
                self.unacked[self.next_id] = [*message, False]
                self.out += publish_packet(message[0], message[1], self.next_id, False, message[2])

    def _step(self):
        self._fill()
        readable, writable, _ = select.select([self.link], [self.link] if self.out else [], [], 0.01)
        try:
            if writable:
                del self.out[:self.link.send(self.out)]
            if readable:
                got = self.link.recv(65536)
                if not got:
                    raise OSError("closed")
                self.buffer += got
        except BlockingIOError:
            pass
        except OSError:
            self._drop()
            return
        for kind, body in split(self.buffer):
            if kind == 0x40:
                self._take_ack(int.from_bytes(body[:2], "big"))

    def _take_ack(self, packet_id):
        if packet_id in self.unacked:
            self.unacked[packet_id][4] = True
        done = 0
        while self.unacked and next(iter(self.unacked.values()))[4]:
            _, message = self.unacked.popitem(last=False)
            self.on_acked(message[3])
            done += 1
        with self.lock:
            self.acked += done
            self.lock.notify_all()
