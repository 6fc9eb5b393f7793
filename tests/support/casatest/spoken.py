# SPDX-License-Identifier: Apache-2.0
"""What a screen reader is told of a program, over the real accessibility bus."""
import sys

from .words import strip

try:
    import gi
    gi.require_version("Atspi", "2.0")
    from gi.repository import Atspi, Gio, GLib
except (ImportError, ValueError) as missing:
    print(f"1..0 # SKIP {missing}: install python3-gi, gir1.2-atspi-2.0 and at-spi2-core")
    sys.exit(0)

# GTK 4.18 (Debian 13) calls by other names what 4.8 and its neighbours call so.
ROLES = {"grouping": "panel", "button": "push button"}
ROOT, ACCESSIBLE = "/org/a11y/atspi/accessible/root", "org.a11y.atspi.Accessible"
PATIENCE_MS = 60000
STATES = {name: getattr(Atspi.StateType, name) for name in ("FOCUSED", "VISIBLE", "SHOWING", "CHECKED", "SELECTED", "EXPANDED", "ENABLED")}


class Node:
    """One thing that is told, as it was when it was read."""

    def __init__(self, bus, item):
        (self.owner, self.path), _, _, _, _, _, name, role, description, states = item
        role = Atspi.role_get_name(Atspi.Role(role))
        self.bus, self.role = bus, ROLES.get(role, role)
        self.name, self.description = strip(name), strip(description)
        self.states = {word for word, bit in STATES.items() if states[int(bit) // 32] >> int(bit) % 32 & 1}
        self.above = ()

    def box(self):
        """x, y, width, height in the window."""
        return self.bus.call_sync(self.owner, self.path, "org.a11y.atspi.Component", "GetExtents", GLib.Variant("(u)", (1,)), None, 0, -1, None).unpack()[0]

    def do(self):
        """Its first action, as a screen reader's user would."""
        self.bus.call_sync(self.owner, self.path, "org.a11y.atspi.Action", "DoAction", GLib.Variant("(i)", (0,)), None, 0, -1, None)

    def __repr__(self):
        return f"{self.role} “{self.name}”" + (f" ({self.description})" if self.description else "")


class Spoken:
    """Of the program @pid. Asking one thing after the other would take a frame of the program for each: many are asked at once."""

    def __init__(self, pid):
        self.pid, self.owner, self.known = pid, None, set()
        session = Gio.bus_get_sync(Gio.BusType.SESSION)
        address = self._ask(session, "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress")[0]
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        self.bus = Gio.DBusConnection.new_for_address_sync(address, flags, None, None)

    @staticmethod
    def _ask(bus, owner, path, interface, method, arguments=None):
        return bus.call_sync(owner, path, interface, method, arguments, None, 0, PATIENCE_MS, None).unpack()

    def _find(self):
        children = self._ask(self.bus, "org.a11y.atspi.Registry", ROOT, ACCESSIBLE, "GetChildren")[0]
        for owner, _ in children:
            pid = self._ask(self.bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "GetConnectionUnixProcessID",
                            GLib.Variant("(s)", (owner,)))[0]
            if pid == self.pid:
                return owner
        return None

    def _children(self, paths):
        """{path: paths of its children}; none of what is gone meanwhile. GTK tells of nothing before it was asked for so."""
        found, waiting = {}, len(paths)

        def answered(bus, result, path):
            nonlocal waiting
            waiting -= 1
            try:
                found[path] = [child for owner, child in bus.call_finish(result).unpack()[0] if owner == self.owner]
            except GLib.Error:
                pass
        for path in paths:
            self.bus.call(self.owner, path, ACCESSIBLE, "GetChildren", None, None, 0, PATIENCE_MS, None, answered, path)
        while waiting:
            GLib.MainContext.default().iteration(True)
        return found

    def read(self):
        """All that is told now, in the order of the windows; [] before the program is on the bus."""
        try:
            self.owner = self.owner or self._find()
            if not self.owner:
                return []
            children, asked = {}, set()
            new = self.known | {ROOT}
            while new:
                asked |= new
                children.update(self._children(new))
                new = {child for below in children.values() for child in below} - asked
            items = self._ask(self.bus, self.owner, "/org/a11y/atspi/cache", "org.a11y.atspi.Cache", "GetItems")[0]
        except GLib.Error:
            return []
        nodes = {item[0][1]: Node(self.bus, item) for item in items}
        out = []

        def walk(path, above):
            node = nodes.get(path)
            if node:
                node.above = above
                out.append(node)
                for child in children.get(path, []):
                    walk(child, (*above, node))
        walk(ROOT, ())
        self.known = {node.path for node in out}
        return out
