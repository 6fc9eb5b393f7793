/* SPDX-License-Identifier: Apache-2.0 */
#include <glib/gstdio.h>
#include <string.h>

#include "fixture.h"
#include "store/schema.h"

/* Messages of many readings, redelivered messages, retained ones. */

#define T0 G_GINT64_CONSTANT(1779321600000)
/* Rows of the journal that bear the hash of their message. */
#define HASHED "SELECT count(*) FROM sample WHERE lag < " CASA_LAG_HASHED_SQL
#define ADD(path, func) g_test_add(path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

/* As the device gave no time. */
static CasaReading
clockless(const char *station, gint64 received_ms, double value)
{
  CasaReading reading = reading_of(station, received_ms, "temp_c", value);
  reading.time_source = CASA_TIME_ARRIVAL;
  return reading;
}

typedef struct {
  guint fresh, duplicates, refused;
} Sums;

static Sums
put(Fixture *f, const CasaReading *readings, guint n, const CasaDelivery *delivery, gint64 received_ms)
{
  g_autoptr(GError) error = NULL;
  CasaPutResult result = { .fields = g_array_new(FALSE, FALSE, sizeof(CasaPutField)) };
  guint values = 0;
  gboolean ok = casa_store_put_readings(f->store, readings, n, delivery, received_ms, &result, &error);
  g_assert_no_error(error);
  g_assert_true(ok);
  for (guint i = 0; i < n; i++)
    values += readings[i].n_fields;
  g_assert_cmpuint(result.fresh + result.duplicates + result.refused, ==, values);
  g_assert_cmpuint(result.fields->len, ==, values);
  g_array_unref(result.fields);
  return (Sums){ result.fresh, result.duplicates, result.refused };
}

#define assert_sums(sums, f, d, r)                                                                                             \
  G_STMT_START                                                                                                                 \
  {                                                                                                                            \
    Sums _s = (sums);                                                                                                          \
    g_assert_cmpuint(_s.fresh, ==, f);                                                                                         \
    g_assert_cmpuint(_s.duplicates, ==, d);                                                                                    \
    g_assert_cmpuint(_s.refused, ==, r);                                                                                       \
  }                                                                                                                            \
  G_STMT_END

/* Several stations and moments, in no order, some twice: as if each reading had come alone. */
static void
test_many(Fixture *f, gconstpointer data)
{
  CasaReading readings[] = {
    reading_of("a", T0 + 2000, "pm10", 3), reading_of("b", T0, "pm10", 7),        reading_of("a", T0, "pm10", 1),
    reading_of("a", T0 + 1000, "pm10", 2), reading_of("a", T0 + 2000, "pm10", 3), reading_of("b", T0, "pm10", 8),
  };
  assert_sums(put(f, readings, G_N_ELEMENTS(readings), NULL, T0 + 3000), 5, 1, 0);
  g_autofree char *all = ask_text(f->path, "SELECT group_concat(station || ' ' || (t_ms - 1779321600000) || ' ' || value, '; ')"
                                           " FROM (SELECT * FROM reading ORDER BY station, t_ms)");
  g_assert_cmpstr(all, ==, "a 0 1.0; a 1000 2.0; a 2000 3.0; b 0 8.0");
  assert_sums(put(f, readings, G_N_ELEMENTS(readings), NULL, T0 + 4000), 2, 4, 0); /* b said 7 and then 8: two corrections */
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM reading"), ==, 4);
  assert_sums(put(f, readings, 0, NULL, T0), 0, 0, 0);
}

/* What is stored is replaced once, by the last of the message. */
static void
test_corrections(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  for (int i = 0; i < 3; i++)
    put_one(f, "a", T0 + i * 1000, "pm10", i);
  g_assert_true(casa_store_upkeep(f->store, T0 + 5000, &error)); /* sealed: the old values are in a block */
  CasaReading readings[] = { reading_of("a", T0 + 1000, "pm10", 5), reading_of("a", T0 + 1000, "pm10", 6),
                             reading_of("a", T0 + 9000, "pm10", 9), reading_of("a", T0, "pm10", 0) };
  assert_sums(put(f, readings, G_N_ELEMENTS(readings), NULL, T0 + 9000), 3, 1, 0);
  g_autofree char *all = ask_text(f->path, "SELECT group_concat(value, ' ') FROM (SELECT value FROM reading ORDER BY t_ms)");
  g_assert_cmpstr(all, ==, "0.0 6.0 2.0 9.0");
  g_assert_true(casa_store_upkeep(f->store, T0 + 20000, &error));
  g_assert_cmpint(wrong_hours(f->path), ==, 0);
}

/* Values without a time of their own are moved apart, in the message as between messages. */
static void
test_clockless(Fixture *f, gconstpointer data)
{
  CasaReading readings[60];
  for (guint i = 0; i < 480; i += 60) {
    for (guint k = 0; k < 60; k++)
      readings[k] = clockless(k % 2 ? "a" : "b", T0, 20 + k % 3);
    assert_sums(put(f, readings, 60, NULL, T0), 60, 0, 0);
  }
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM reading"), ==, 480);
  g_assert_cmpint(ask_int(f->path, "SELECT count(DISTINCT t_ms) FROM reading WHERE station = 'a'"), ==, 240);
}

/* Numbers tell readings of one message apart too. */
static void
test_numbers(Fixture *f, gconstpointer data)
{
  CasaReading readings[3];
  for (guint i = 0; i < G_N_ELEMENTS(readings); i++) {
    readings[i] = clockless("a", T0, 20);
    readings[i].has_seq = TRUE;
    readings[i].seq = 5 + i / 2;
  }
  assert_sums(put(f, readings, 3, NULL, T0), 2, 1, 0);
  assert_sums(put(f, readings, 3, NULL, T0 + 5000), 0, 3, 0);
}

/* All of a message or nothing: the second reading is of a time that no block can hold. */
static void
test_refused_among_good(Fixture *f, gconstpointer data)
{
  CasaReading readings[] = { reading_of("a", T0, "pm10", 1), reading_of("a", G_MAXINT64 / 2, "pm10", 2),
                             reading_of("a", T0 + 1000, "pm10", 3) };
  assert_sums(put(f, readings, 3, NULL, T0), 2, 0, 1);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM reading"), ==, 2);
}

static void
test_series_limit(Fixture *f, gconstpointer data)
{
  f->options.max_series = 2;
  fixture_reopen(f);
  CasaReading readings[] = { reading_of("a", T0, "pm10", 1), reading_of("a", T0, "no2", 2), reading_of("a", T0, "o3", 3),
                             reading_of("a", T0 + 1000, "pm10", 4) };
  assert_sums(put(f, readings, 4, NULL, T0), 3, 0, 1);
}

/* --- Redelivery -------------------------------------------------------------------------------------------------------- */

/* Equal in topic and bytes, and said to come again: the same sample, also after a restart. Not said: another one. */
static void
test_redelivered(Fixture *f, gconstpointer data)
{
  CasaDelivery first = { .hash = 42 }, again = { .redelivered = TRUE, .hash = 42 }, other = { .redelivered = TRUE, .hash = 43 };
  CasaReading reading = clockless("a", T0, 17.5);
  assert_sums(put(f, &reading, 1, &first, T0), 1, 0, 0);
  reading = clockless("a", T0 + 5000, 17.5);
  assert_sums(put(f, &reading, 1, &again, T0 + 5000), 0, 1, 0);
  fixture_reopen(f);
  reading = clockless("a", T0 + 9000, 17.5);
  assert_sums(put(f, &reading, 1, &again, T0 + 9000), 0, 1, 0);
  assert_sums(put(f, &reading, 1, &other, T0 + 9000), 1, 0, 0);
  reading = clockless("a", T0 + 10000, 17.5);
  assert_sums(put(f, &reading, 1, &first, T0 + 10000), 1, 0, 0);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM reading"), ==, 3);
}

/* Only the last are remembered, and only those that need it. */
static void
test_redelivery_window(Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < CASA_DELIVERIES + 1; i++) {
    CasaReading reading = clockless("a", T0 + i * 2000, i);
    assert_sums(put(f, &reading, 1, &(CasaDelivery){ .hash = 1000 + i }, T0 + i * 2000), 1, 0, 0);
  }
  fixture_reopen(f);
  CasaReading reading = clockless("a", T0 + 9000000, 5);
  assert_sums(put(f, &reading, 1, &(CasaDelivery){ .redelivered = TRUE, .hash = 1001 }, T0 + 9000000), 0, 1, 0);
  assert_sums(put(f, &reading, 1, &(CasaDelivery){ .redelivered = TRUE, .hash = 1000 }, T0 + 9000000), 1, 0, 0);
  CasaReading timed = reading_of("b", T0, "pm10", 1);
  assert_sums(put(f, &timed, 1, &(CasaDelivery){ .hash = 7 }, T0), 1, 0, 0);
  g_assert_cmpint(ask_int(f->path, HASHED " AND series = 2"), ==, 0);
}

static void
assert_known(Fixture *f, guint64 hash, gint64 received_ms)
{
  CasaReading reading = clockless("a", received_ms, 99);
  assert_sums(put(f, &reading, 1, &(CasaDelivery){ .redelivered = TRUE, .hash = hash }, received_ms), 0, 1, 0);
}

/* The row that bears the hash leaves the journal: into a block, or because its value is corrected. */
static void
test_redelivered_after_its_row(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  for (guint i = 0; i < CASA_DELIVERIES + 2; i++) {
    CasaReading reading = clockless("a", T0 + i * 2000, i);
    assert_sums(put(f, &reading, 1, &(CasaDelivery){ .hash = 1000 + i }, T0 + i * 2000), 1, 0, 0);
  }
  g_assert_true(casa_store_upkeep(f->store, T0 + 3600000, &error));
  g_assert_no_error(error);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM sample"), ==, 0);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM delivery"), ==, CASA_DELIVERIES);
  CasaReading late = clockless("a", T0 + 3600000, 1);
  assert_sums(put(f, &late, 1, &(CasaDelivery){ .hash = 42 }, T0 + 3600000), 1, 0, 0);
  assert_known(f, 42, T0 + 3601000);
  CasaReading corrected = reading_of("a", T0 + 3600000, "temp_c", 2);
  assert_sums(put(f, &corrected, 1, NULL, T0 + 3602000), 1, 0, 0);
  CasaReading next = clockless("a", T0 + 3603000, 3);
  assert_sums(put(f, &next, 1, &(CasaDelivery){ .hash = 43 }, T0 + 3603000), 1, 0, 0);
  for (guint starts = 0; starts < 3; starts++) {
    fixture_reopen(f);
    g_assert_cmpint(ask_int(f->path, HASHED), ==, 1);
    assert_known(f, 42, T0 + 3605000);
    assert_known(f, 43, T0 + 3605000);
    assert_known(f, 1000 + CASA_DELIVERIES + 1, T0 + 3605000);
    assert_known(f, 1004, T0 + 3605000);
  }
  late = clockless("a", T0 + 3606000, 5);
  assert_sums(put(f, &late, 1, &(CasaDelivery){ .redelivered = TRUE, .hash = 1003 }, T0 + 3606000), 1, 0, 0);
}

/* The row of the newest message leaves while those of all others stay: they do not push it out of what is read back. */
static void
test_redelivered_newest_corrected(Fixture *f, gconstpointer data)
{
  gint64 t = T0;
  for (guint i = 1; i <= CASA_DELIVERIES + 2; i++, t += 2000) {
    CasaReading reading = clockless("a", t, i);
    assert_sums(put(f, &reading, 1, &(CasaDelivery){ .hash = i }, t), 1, 0, 0);
  }
  CasaReading corrected = reading_of("a", t - 2000, "temp_c", 0);
  assert_sums(put(f, &corrected, 1, NULL, t), 1, 0, 0);
  for (guint starts = 0; starts < 2; starts++) {
    fixture_reopen(f);
    assert_known(f, CASA_DELIVERIES + 2, t);
    assert_known(f, 3, t);
  }
}

/* When a sample arrived is known to the millisecond, whether or not its row bears a hash, has room for one, or was moved on. */
static void
test_arrival_beside_hash(Fixture *f, gconstpointer data)
{
  const guint64 most = G_MAXUINT64;
  CasaReading crowd[] = { clockless("a", T0, 1), clockless("a", T0, 2), clockless("b", T0, 3) };
  for (guint i = 0; i < G_N_ELEMENTS(crowd); i++)
    assert_sums(put(f, &crowd[i], 1, &(CasaDelivery){ .hash = most - i }, T0), 1, 0, 0);
  CasaReading mixed[] = { reading_of("c", T0 - 40 * 86400000LL, "pm10", 1), clockless("c", T0 + 1, 2) };
  assert_sums(put(f, mixed, 2, &(CasaDelivery){ .hash = 42 }, T0 + 1), 2, 0, 0);
  g_assert_cmpint(ask_int(f->path, HASHED), ==, 4);
  CasaReading early = clockless("d", T0, 1), ahead = clockless("d", T0 + (1 << 20) + 2, 1),
              last = clockless("d", T0 + (2 << 20), 1);
  assert_sums(put(f, &early, 1, &(CasaDelivery){ .hash = 43 }, T0 + 2), 1, 0, 0);
  assert_sums(put(f, &ahead, 1, &(CasaDelivery){ .hash = 44 }, T0 + 2), 1, 0, 0);
  g_assert_cmpint(ask_int(f->path, HASHED), ==, 4);
  assert_sums(put(f, &last, 1, &(CasaDelivery){ .hash = 45 }, T0 + (1 << 20) + 1), 1, 0, 0);
  g_assert_cmpint(ask_int(f->path, HASHED), ==, 5);
  for (guint starts = 0; starts < 3; starts++) {
    g_autofree char *arrived = ask_text(f->path, "SELECT group_concat(received_ms - 1779321600000) FROM (SELECT * FROM reading"
                                                 " ORDER BY station, t_ms)");
    g_assert_cmpstr(arrived, ==, "0,0,0,1,1,2,2,1048577");
    for (guint i = 0; i < 3; i++)
      assert_known(f, most - i, T0 + 5000000);
    for (guint64 hash = 42; hash <= 45; hash++)
      assert_known(f, hash, T0 + 5000000);
    g_autoptr(GError) error = NULL;
    g_assert_true(starts != 1 || casa_store_upkeep(f->store, T0, &error));
    fixture_reopen(f);
  }
}

/* A message that could not be stored is not known, and is when it comes again; what was known still is. */
static void
test_redelivered_after_failure(Fixture *f, gconstpointer data)
{
  CasaPutResult result = { .fields = g_array_new(FALSE, FALSE, sizeof(CasaPutField)) };
  CasaReading first = clockless("a", T0, 1), corrected = reading_of("a", T0, "temp_c", 2), next = clockless("a", T0 + 5000, 3);
  assert_sums(put(f, &first, 1, &(CasaDelivery){ .hash = 42 }, T0), 1, 0, 0);
  fixture_change(f, "CREATE TRIGGER full BEFORE INSERT ON sample BEGIN SELECT raise(ABORT, 'no room'); END;");
  const CasaReading *refused[] = { &corrected, &next };
  for (guint i = 0; i < G_N_ELEMENTS(refused); i++) {
    g_autoptr(GError) error = NULL;
    g_assert_false(casa_store_put_readings(f->store, refused[i], 1, &(CasaDelivery){ .hash = 43 }, T0 + 5000, &result, &error));
  }
  g_array_unref(result.fields);
  fixture_change(f, "DROP TRIGGER full;");
  assert_sums(put(f, &next, 1, &(CasaDelivery){ .redelivered = TRUE, .hash = 43 }, T0 + 5000), 1, 0, 0);
  assert_sums(put(f, &corrected, 1, NULL, T0 + 6000), 1, 0, 0);
  fixture_reopen(f);
  assert_known(f, 42, T0 + 7000);
  assert_known(f, 43, T0 + 7000);
}

/* Bytes of the file's -wal; 0: there is none. */
static goffset
wal_size(const Fixture *f)
{
  g_autofree char *wal = g_strconcat(f->path, "-wal", NULL);
  GStatBuf s;
  return g_stat(wal, &s) == 0 ? s.st_size : 0;
}

/* A sample without a time costs the disk no more than one with a time: one page, and not the ring's besides. */
static void
test_clockless_page(Fixture *f, gconstpointer data)
{
  goffset grown[2] = { 0, 0 };
  for (guint i = 0; i < 41; i++) {
    gboolean timed = i % 2 == 0;
    gint64 now_ms = T0 + i * 2000;
    CasaReading reading = timed ? reading_of("a", now_ms, "temp_c", i) : clockless("a", now_ms, i);
    goffset before = wal_size(f);
    assert_sums(put(f, &reading, 1, &(CasaDelivery){ .hash = timed ? 0 : 1000 + i }, now_ms), 1, 0, 0);
    if (i > 0)
      grown[timed] += wal_size(f) - before;
  }
  g_assert_cmpint(grown[TRUE], >, 0);
  g_assert_cmpint(grown[FALSE], ==, grown[TRUE]);
}

/* A message of both kinds: what has a time says itself that it came before. */
static void
test_redelivered_in_part(Fixture *f, gconstpointer data)
{
  CasaReading readings[] = { clockless("a", T0, 17.5), reading_of("b", T0, "pm10", 1) };
  assert_sums(put(f, readings, 2, &(CasaDelivery){ .hash = 42 }, T0), 2, 0, 0);
  readings[0] = clockless("a", T0 + 5000, 17.5);
  assert_sums(put(f, readings, 2, &(CasaDelivery){ .redelivered = TRUE, .hash = 42 }, T0 + 5000), 0, 2, 0);
}

/* --- Retained ---------------------------------------------------------------------------------------------------------- */

static void
test_retained(Fixture *f, gconstpointer data)
{
  CasaDelivery retained = { .retained = TRUE };
  for (gint64 start = 0; start < 3; start++) {
    CasaReading reading = clockless("a", T0 + start * 60000, 17.5);
    assert_sums(put(f, &reading, 1, &retained, reading.t_ms), start == 0 ? 1 : 0, start == 0 ? 0 : 1, 0);
    fixture_reopen(f);
  }
  /* Another value that the broker kept is no new reading either: nobody knows when it was measured. */
  CasaReading reading = clockless("a", T0 + 600000, 18);
  assert_sums(put(f, &reading, 1, &retained, reading.t_ms), 0, 1, 0);
  /* One with a time of its own is. */
  reading = reading_of("a", T0 + 300000, "temp_c", 18);
  assert_sums(put(f, &reading, 1, &retained, T0 + 600000), 1, 0, 0);
  assert_sums(put(f, &reading, 1, &retained, T0 + 700000), 0, 1, 0);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM reading"), ==, 2);
}

#define MANY 4000

static double
processor_s(void)
{
  struct timespec t;
  g_assert_cmpint(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t), ==, 0);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Where all is taken already, each value of a message without times looks for a place: once, and not past all before it
 * again. A message of 4,000 took 10 s of a processor, and one of a team's thousand 0.2 s. */
static void
test_clockless_crowd(Fixture *f, gconstpointer data)
{
  g_autofree CasaReading *readings = g_new(CasaReading, MANY);
  for (guint i = 0; i < MANY; i++)
    readings[i] = clockless("a", T0, i);
  assert_sums(put(f, readings, MANY, NULL, T0), MANY, 0, 0);
  double begun = processor_s();
  for (guint i = 0; i < MANY; i++)
    readings[i] = i % 2 ? clockless("a", T0, MANY + i) : reading_of("a", T0 + 3600000 + i, "temp_c", MANY + i);
  assert_sums(put(f, readings, MANY, NULL, T0), MANY, 0, 0);
  for (guint i = 0; i < MANY; i++)
    readings[i] = clockless("a", T0, 2 * MANY + i);
  assert_sums(put(f, readings, MANY, NULL, T0), MANY, 0, 0);
  g_assert_cmpfloat(processor_s() - begun, <, 3);
  g_assert_cmpint(ask_int(f->path, "SELECT count(DISTINCT t_ms) FROM reading"), ==, 3 * MANY);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  ADD("/store/batch/many", test_many);
  ADD("/store/batch/corrections", test_corrections);
  ADD("/store/batch/clockless", test_clockless);
  ADD("/store/batch/clockless-crowd", test_clockless_crowd);
  ADD("/store/batch/numbers", test_numbers);
  ADD("/store/batch/refused-among-good", test_refused_among_good);
  ADD("/store/batch/series-limit", test_series_limit);
  ADD("/store/batch/redelivered", test_redelivered);
  ADD("/store/batch/redelivery-window", test_redelivery_window);
  ADD("/store/batch/redelivered-after-its-row", test_redelivered_after_its_row);
  ADD("/store/batch/redelivered-newest-corrected", test_redelivered_newest_corrected);
  ADD("/store/batch/arrival-beside-hash", test_arrival_beside_hash);
  ADD("/store/batch/redelivered-after-failure", test_redelivered_after_failure);
  ADD("/store/batch/clockless-page", test_clockless_page);
  ADD("/store/batch/redelivered-in-part", test_redelivered_in_part);
  ADD("/store/batch/retained", test_retained);
  return g_test_run();
}
