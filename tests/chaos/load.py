# SPDX-License-Identifier: Apache-2.0
"""The messages of the chaos check: what sensors send, well-behaved and less so, and what must be stored of each.

Every value of a station without a clock is another one, so that it can be told again without its time."""
import datetime
import json

ENERGY = ("load_mw", "solar_mw", "voltage_v", "frequency_hz")
AIR = ("pm10", "pm2_5", "no2", "o3", "temp_c", "rh_pct")

# How often each kind of message comes.
KINDS = {
    "meter": 36,      # several metrics, time as a number, seq
    "one": 20,        # a metric in the topic, time as text
    "late": 8,        # with the time of an hour before
    "broad": 3,       # 40 metrics at once
    "batch": 2,       # 1 to 500 readings of a station in one message, each with its own time
    "again": 6,       # the same message a second time, as a publisher that heard no answer sends it
    "corrected": 6,   # the same station and time with other values: the last one wins
    "counted": 12,    # no clock, but seq
    "bare": 9,        # nothing but a number: one that comes again is known by its bytes
}


class Message:
    """@samples: [(domain, source, station, metric, t_ms or None, value)]."""

    __slots__ = ("topic", "payload", "samples")

    def __init__(self, topic, payload, samples):
        self.topic, self.payload, self.samples = topic, payload, samples


class Load:
    """Makes message after message from @random; @first_ms is the time of the first one. The same seed, the same messages."""

    def __init__(self, random, first_ms):
        self.random, self.t_ms, self.n = random, first_ms, 0
        self.seq = {}
        self.timed = []  # the newest messages that carry a time: what "again" and "corrected" go back to
        self.names, self.weights = list(KINDS), list(KINDS.values())

    def next(self):
        self.n += 1
        self.t_ms += 1
        kind = self.random.choices(self.names, self.weights)[0]
        if kind in ("again", "corrected") and not self.timed:
            kind = "meter"
        message = getattr(self, "_" + kind)()
        if message.samples[0][4] is not None:
            self.timed = [*self.timed[-30:], message]
        return message

    def _value(self):
        """As sensors write it, with one or two decimals; or with all digits that a double has."""
        value = self.random.uniform(1, 49)
        return round(value, self.random.choice((1, 2, 2))) if self.random.random() < 0.8 else value

    def _seq(self, station):
        """Of devices that have been on for a while: a redelivered 0 cannot be told from a device that starts anew, and is
        stored again so that nothing valid is lost (docs/STORE.md)."""
        self.seq[station] = self.seq.get(station, 99) + 1
        return self.seq[station]

    def _reading(self, domain, station, metrics, t_ms, values=None):
        values = values or {metric: self._value() for metric in metrics}
        payload = {"t": t_ms, "seq": self._seq(station), **values}
        samples = [(domain, "city", station, metric, t_ms, value) for metric, value in values.items()]
        return Message(f"casa/v1/city/{domain}/{station}", json.dumps(payload), samples)

    def _meter(self):
        station = f"sub-{self.random.randrange(24):02d}"
        return self._reading("energy", station, ENERGY[:self.random.randint(2, 4)], self.t_ms)

    def _one(self):
        station, metric, value = f"air-{self.random.randrange(20):02d}", self.random.choice(AIR), self._value()
        moment = datetime.datetime.fromtimestamp(self.t_ms / 1000, datetime.timezone.utc)
        when = moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{self.t_ms % 1000:03d}Z"
        return Message(f"casa/v1/city/air/{station}/{metric}", json.dumps({"value": value, "t": when}),
                       [("air", "city", station, metric, self.t_ms, value)])

    def _late(self):
        return self._reading("energy", f"sub-{self.random.randrange(24):02d}", ENERGY[:2], self.t_ms - 3600 * 1000)

    def _broad(self):
        return self._reading("civic", f"hall-{self.random.randrange(3)}", [f"room_{i:02d}" for i in range(40)], self.t_ms)

    def _batch(self):
        station, metric = f"late-{self.random.randrange(6)}", self.random.choice(AIR)
        readings = [(self.t_ms - 7200 * 1000 - i * 1000, self._value()) for i in range(self.random.randint(1, 500))]
        self.t_ms += 1
        return Message(f"casa/v1/city/air/{station}", json.dumps([{"t": t_ms, metric: value} for t_ms, value in readings]),
                       [("air", "city", station, metric, t_ms, value) for t_ms, value in readings])

    def _again(self):
        return self.random.choice(self.timed)

    def _corrected(self):
        old = self.random.choice(self.timed)
        if "/city/air/" in old.topic:
            return self._one()
        domain, _, station, _, t_ms, _ = old.samples[0]
        return self._reading(domain, station, [sample[3] for sample in old.samples], t_ms)

    def _distinct(self):
        return self.n / 100000 % 40

    def _counted(self):
        station, value = f"esp-{self.random.randrange(20):02d}", self._distinct()
        return Message(f"casa/v1/equipe-7/air/{station}", json.dumps({"seq": self._seq(station), "temp_c": value}),
                       [("air", "equipe-7", station, "temp_c", None, value)])

    def _bare(self):
        station, value = f"pico-{self.random.randrange(4)}", self._distinct()
        return Message(f"casa/v1/equipe-7/air/{station}/temp_c", json.dumps(value),
                       [("air", "equipe-7", station, "temp_c", None, value)])
