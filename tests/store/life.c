/* SPDX-License-Identifier: Apache-2.0 */
#include "life.h"

#include <stdio.h>
#include <string.h>

#include "breakage.h"

gboolean
put_at(Fixture *f, const char *station, gint64 t_ms, double value, GError **error)
{
  CasaReading reading = reading_of(station, t_ms, "pm10", value);
  CasaPut out;
  return casa_store_put_reading(f->store, &reading, t_ms + 3, &out, error);
}

static gboolean
put_new(Fixture *f, GError **error)
{
  return put_at(f, "a", T0, 1, error);
}

static gboolean
put_many(Fixture *f, GError **error)
{
  CasaReading reading = reading_of("b", T0, "pm10", 1);
  CasaPut out;
  reading.n_fields = 3;
  g_strlcpy(reading.fields[1].metric, "no2", sizeof reading.fields[1].metric);
  g_strlcpy(reading.fields[2].metric, "o3", sizeof reading.fields[2].metric);
  return casa_store_put_reading(f->store, &reading, T0, &out, error);
}

static gboolean
put_series(Fixture *f, GError **error)
{
  for (int i = 1; i < 700; i++)
    if (!put_at(f, "a", T0 + i * 20000, i, error))
      return FALSE;
  return TRUE;
}

/* What is asked again must be within what is remembered: 64 numbers. */
static gboolean
put_numbered(Fixture *f, int from, int to, GError **error)
{
  for (int i = from; i < to; i++) {
    CasaReading reading = reading_of("u", T0 + i * 1000, "pm10", i);
    CasaPut out;
    reading.time_source = i % 2 ? CASA_TIME_ARRIVAL : CASA_TIME_UPTIME;
    reading.has_seq = TRUE;
    reading.seq = 100 + i;
    if (!casa_store_put_reading(f->store, &reading, T0, &out, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
put_untimed(Fixture *f, GError **error)
{
  return put_numbered(f, 0, 40, error);
}

gboolean
put_more_untimed(Fixture *f, GError **error)
{
  return put_numbered(f, 30, 70, error);
}

gboolean
correct(Fixture *f, GError **error)
{
  return put_at(f, "a", T0 + 20000, -1, error) && put_at(f, "a", T0 + 20001, -2, error) && put_at(f, "a", T0, 1, error);
}

gboolean
correct_sealed(Fixture *f, GError **error)
{
  return put_at(f, "a", T0 + 400 * 20000, -3, error) && put_at(f, "a", T0 + 300 * 20000 + 5, -4, error) &&
         put_at(f, "b", T0, 1, error) && put_at(f, "a", T0 - 1, -5, error);
}

static gboolean
describe(Fixture *f, GError **error)
{
  CasaDescriptor d = { .source = "kit", .domain = "air", .station = "a", .name = "A" },
                 all = { .source = "kit", .station = "a" };
  gboolean changed;
  return casa_store_put_descriptor(f->store, &d, T0, &changed, error) &&
         casa_store_put_descriptor(f->store, &all, T0, &changed, error);
}

static gboolean
keep_aside(Fixture *f, GError **error)
{
  return casa_store_put_rejection(f->store, T0, "t", 1, "{", 1, "json", "not JSON", NULL, error) &&
         casa_store_put_gap(f->store, T0, T0 + 1, "broker lost", error);
}

static gboolean
outbox_one(Fixture *f, GError **error)
{
  return casa_store_outbox_open(f->store, "one", error) >= 0 && casa_store_outbox_ack(f->store, "one", 5, error) &&
         casa_store_quarantine(f->store, "one", 3, "air pm10=1", "no", error);
}

/* A sample that was refused after the watermark is forgotten when its target is opened again. */
static gboolean
outbox_again(Fixture *f, GError **error)
{
  return casa_store_quarantine(f->store, "one", 7, "air pm10=1", "no", error) &&
         casa_store_outbox_open(f->store, "one", error) >= 0;
}

static gboolean
outbox_two(Fixture *f, GError **error)
{
  return casa_store_outbox_open(f->store, "two", error) >= 0 &&
         casa_store_outbox_ack(f->store, "one", casa_store_last_id(f->store), error) &&
         casa_store_outbox_ack(f->store, "two", casa_store_last_id(f->store), error);
}

gboolean
keep_up(Fixture *f, GError **error)
{
  return casa_store_upkeep(f->store, T0, error);
}

static gboolean
expire(Fixture *f, GError **error)
{
  return casa_store_upkeep(f->store, T0 + 2 * DAY + 2 * HOUR, error);
}

static gboolean
tell_event(Fixture *f, GError **error)
{
  static const CasaEvent event = {
    .source = "kit", .id = "cut-1", .event = "power-cut", .start_ms = T0, .end_ms = CASA_EVENT_OPEN, .intensity = 1
  };
  gboolean changed;
  return casa_store_put_event(f->store, &event, T0, &changed, error);
}

static gboolean
end_event(Fixture *f, GError **error)
{
  static const CasaEvent event = { .source = "kit", .id = "cut-1", .over = TRUE };
  gboolean changed;
  return casa_store_put_event(f->store, &event, T0 + 1000, &changed, error);
}

static gboolean
report(Fixture *f, GError **error)
{
  const CasaReport open = { .source = "kit", .id = "r", .service = "water", .lat = 33.5, .lon = -7.5, .text = "leak" };
  const CasaReport other = {
    .source = "kit", .id = "s", .service = "light", .lat = 33.5, .lon = -7.5, .text = "dark", .closed = TRUE
  };
  gboolean changed;
  return casa_store_put_report(f->store, &open, T0, &changed, error) &&
         casa_store_show_report(f->store, "kit", "r", TRUE, error) &&
         casa_store_put_report(f->store, &other, T0, &changed, error);
}

static gboolean
withdraw_report(Fixture *f, GError **error)
{
  const CasaReport gone = { .source = "kit", .id = "s", .withdrawn = TRUE };
  gboolean changed;
  return casa_store_put_report(f->store, &gone, T0, &changed, error);
}

void
act(Fixture *f, Act what)
{
  g_autoptr(GError) error = NULL;
  if (what(f, &error)) {
    g_assert_no_error(error);
    return;
  }
  g_assert_true(g_error_matches(error, CASA_ERROR, CASA_ERROR_IO) ||
                g_error_matches(error, CASA_ERROR, CASA_ERROR_STORE_CORRUPT));
  g_assert_nonnull(strstr(error->message, f->path));
  disarm();
  g_clear_error(&error);
  gboolean ok = what(f, &error);
  g_assert_no_error(error);
  g_assert_true(ok);
}

const Act life[] = { put_new,      put_many,   put_untimed, put_more_untimed, describe,       keep_aside, outbox_one,
                     outbox_again, put_series, correct,     keep_up,          correct_sealed, keep_up,    outbox_two,
                     keep_up,      tell_event, end_event,   report,           withdraw_report };

const guint n_life = G_N_ELEMENTS(life);

void
live(Fixture *f)
{
  for (guint i = 0; i < n_life; i++)
    act(f, life[i]);
}

#define LIVED (700 + 3 + 70 + 1 + 1 + 1)

void
check_lived(Fixture *f)
{
  disarm();
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM reading"), ==, LIVED);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM reading WHERE value < 0"), ==, 5);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM (SELECT 1 FROM reading GROUP BY station, metric, t_ms)"), ==, LIVED);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM sample"), ==, 0);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM untimed"), <=, 70);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM quarantine WHERE sample_id = 7"), ==, 0);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM report WHERE id = 'r' AND shown AND status = 'open'"), ==, 1);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM report"), ==, 1);
  g_assert_cmpint(wrong_hours(f->path), ==, 0);
}

void
die_a_little(Fixture *f)
{
  act(f, expire);
  disarm();
  g_assert_cmpint(ask_int(f->path, "SELECT min(t_ms) FROM reading"), >=, T0 + 2 * HOUR);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM reading"), ==, 700 - 360);
}

void
shrink(Fixture *f)
{
  f->store->options.max_size = 1;
  act(f, keep_up);
  disarm();
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM reading"), ==, 0);
  g_assert_cmpint(ask_int(f->path, "SELECT sum(n) FROM rollup_hour"), ==, LIVED);
}

void
start_over(Fixture *f)
{
  static const char *const parts[] = { "", "-wal", "-shm" };
  g_clear_pointer(&f->store, casa_store_close);
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
    g_autofree char *name = g_strconcat(f->path, parts[i], NULL);
    remove(name);
  }
  f->options.retention_ms = 2 * DAY;
  fixture_reopen(f);
}
