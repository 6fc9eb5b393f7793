# SPDX-License-Identifier: Apache-2.0
"""The books: what was acknowledged to the publisher, what the store has, what InfluxDB has, and what is missing where.

They are kept in an SQLite file of their own, so that a long run needs no more memory than a short one."""
import os
import sqlite3
import threading

SCHEMA = """
CREATE TABLE expected (domain, source, station, metric, t_ms, value, PRIMARY KEY (domain, source, station, metric, t_ms)) WITHOUT ROWID;
CREATE TABLE untimed (domain, source, station, metric, value);
CREATE TABLE stored (domain, source, station, metric, t_ms, value);
CREATE TABLE influx (domain, source, station, metric, t_ms, value);
"""
ALL = "domain, source, station, metric, t_ms, value"
# Stations without a clock are told by their value.
CLOCKLESS = "(station LIKE 'esp-%' OR station LIKE 'pico-%')"


class Accounts:
    """@path: of the books. `acknowledged` comes from the publisher's thread, the rest from the test's, after that."""

    def __init__(self, path):
        self.db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self.db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN;" + SCHEMA)
        self.lock = threading.Lock()
        self.messages = 0

    def acknowledged(self, message):
        """In the order in which they were sent: a correction replaces what it corrects."""
        with self.lock:
            self.messages += 1
            for domain, source, station, metric, t_ms, value in message.samples:
                if t_ms is None:
                    self.db.execute("INSERT INTO untimed VALUES (?,?,?,?,?)",
                                    (domain, source, station, metric, float(value)))
                else:
                    self.db.execute("INSERT OR REPLACE INTO expected VALUES (?,?,?,?,?,?)",
                                    (domain, source, station, metric, t_ms, float(value)))

    def read_store(self, path):
        """From the view that users read, as users do."""
        store = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        try:
            self.db.executemany(f"INSERT INTO stored VALUES (?,?,?,?,?,?)", store.execute(f"SELECT {ALL} FROM reading"))
            return store.execute("PRAGMA integrity_check").fetchone()[0]
        finally:
            store.close()

    def read_influx(self, samples):
        self.db.executemany("INSERT INTO influx VALUES (?,?,?,?,?,?)", samples)

    def _rows(self, sql):
        """How many there are, and the first few, for whoever has to find out why."""
        count = self.db.execute(f"SELECT count(*) FROM ({sql})").fetchone()[0]
        return count, self.db.execute(f"{sql} LIMIT 5").fetchall() if count else []

    def lost(self):
        """Acknowledged, and not in the store with this value."""
        return self._rows(f"""SELECT * FROM (SELECT {ALL} FROM expected EXCEPT SELECT {ALL} FROM stored
          UNION ALL SELECT domain, source, station, metric, NULL, value FROM
            (SELECT domain, source, station, metric, value FROM untimed
             EXCEPT SELECT domain, source, station, metric, value FROM stored WHERE {CLOCKLESS}))""")

    def invented(self):
        """In the store, though nobody was acknowledged for it, or with a value that had been corrected."""
        return self._rows(f"""SELECT * FROM (SELECT {ALL} FROM stored WHERE NOT {CLOCKLESS} EXCEPT SELECT {ALL} FROM expected
          UNION ALL SELECT domain, source, station, metric, NULL, value FROM
            (SELECT domain, source, station, metric, value FROM stored WHERE {CLOCKLESS}
             EXCEPT SELECT domain, source, station, metric, value FROM untimed))""")

    def doubled(self):
        """More than once in the store: the same series and time, or the same counted value."""
        return self._rows(f"""SELECT * FROM
          (SELECT {ALL} FROM stored GROUP BY domain, source, station, metric, t_ms HAVING count(*) > 1
          UNION ALL SELECT {ALL} FROM stored WHERE {CLOCKLESS}
            GROUP BY domain, source, station, metric, value HAVING count(*) > 1)""")

    def not_forwarded(self):
        return self._rows(f"SELECT {ALL} FROM stored EXCEPT SELECT {ALL} FROM influx")

    def forwarded_from_nowhere(self):
        return self._rows(f"SELECT {ALL} FROM influx EXCEPT SELECT {ALL} FROM stored")

    def size(self, table):
        return self.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def count_of(path, table):
    """Rows of a table or view of the store; -1 when there is none."""
    store = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return store.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    except sqlite3.OperationalError:
        return -1
    finally:
        store.close()


def has_station(path, station):
    """Whether a sample of it is in the store; also while the store is being made or written."""
    if not os.path.exists(path):
        return False
    store = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)
    try:
        return store.execute("SELECT 1 FROM reading WHERE station = ? LIMIT 1", (station,)).fetchone() is not None
    except sqlite3.OperationalError:
        return False
    finally:
        store.close()
