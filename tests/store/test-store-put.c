/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "fixture.h"

#define T0 G_GINT64_CONSTANT(1779385327000)
#define COUNT "SELECT count(*) FROM reading"
#define ADD(path, func) g_test_add(path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

static void
test_view(Fixture *f, gconstpointer data)
{
  CasaPut out = put_one(f, "air-anfa", T0, "pm10", 74.25);
  g_assert_cmpuint(out.fresh, ==, 1);
  g_assert_true(out.is_fresh[0]);
  g_autofree char *row = ask_text(f->path, "SELECT t_ms || ' ' || source || ' ' || domain || ' ' || station || ' ' ||"
                                           " metric || ' ' || value || ' ' || received_ms FROM reading");
  g_assert_cmpstr(row, ==, "1779385327000 kit air air-anfa pm10 74.25 1779385327005");
  g_autofree char *columns = ask_text(f->path, "SELECT group_concat(name) FROM pragma_table_info('reading')");
  g_assert_cmpstr(columns, ==, "t_ms,source,domain,station,metric,value,received_ms");
}

static void
test_many_fields(Fixture *f, gconstpointer data)
{
  CasaReading reading = reading_of("a", T0, "m0", 0);
  reading.n_fields = CASA_FIELDS_MAX;
  for (guint i = 0; i < CASA_FIELDS_MAX; i++) {
    g_snprintf(reading.fields[i].metric, sizeof reading.fields[i].metric, "m%u", i);
    reading.fields[i].value = i;
  }
  CasaPut out = put_reading(f, &reading, T0);
  g_assert_cmpuint(out.fresh, ==, CASA_FIELDS_MAX);
  g_assert_cmpint(ask_int(f->path, "SELECT count(DISTINCT metric) FROM reading"), ==, CASA_FIELDS_MAX);
  g_assert_cmpint(casa_store_last_id(f->store), ==, CASA_FIELDS_MAX);
  reading.fields[7].value = 70;
  out = put_reading(f, &reading, T0);
  g_assert_cmpuint(out.fresh, ==, 1);
  g_assert_cmpuint(out.duplicates, ==, CASA_FIELDS_MAX - 1);
  g_assert_true(out.is_fresh[7]);
  g_assert_false(out.is_fresh[8]);
}

static void
test_same_metric_twice(Fixture *f, gconstpointer data)
{
  CasaReading reading = reading_of("a", T0, "pm10", 1);
  reading.n_fields = 2;
  reading.fields[1] = reading.fields[0];
  reading.fields[1].value = 2;
  CasaPut out = put_reading(f, &reading, T0);
  g_assert_cmpuint(out.fresh, ==, 1);
  g_assert_cmpuint(out.duplicates, ==, 1);
  g_assert_cmpint(ask_int(f->path, COUNT), ==, 1);
  g_assert_cmpfloat(ask_double(f->path, "SELECT value FROM reading"), ==, 2);
}

/* Newest, older and oldest sample again, before and after a restart. */
static void
test_duplicates(Fixture *f, gconstpointer data)
{
  for (int i = 0; i < 3; i++)
    put_one(f, "a", T0 + i * 1000, "pm10", i);
  for (int round = 0; round < 2; round++) {
    for (int i = 0; i < 3; i++) {
      CasaPut out = put_one(f, "a", T0 + i * 1000, "pm10", i);
      g_assert_cmpuint(out.fresh, ==, 0);
      g_assert_cmpuint(out.duplicates, ==, 1);
    }
    fixture_reopen(f);
  }
  g_assert_cmpint(ask_int(f->path, COUNT), ==, 3);
}

/* A corrected value takes the place of the old one, and cursors that had passed it see it again. */
static void
test_last_wins(Fixture *f, gconstpointer data)
{
  put_one(f, "a", T0, "pm10", 1);
  put_one(f, "a", T0 + 1000, "pm10", 2);
  gint64 seen = casa_store_last_id(f->store);
  CasaPut out = put_one(f, "a", T0 + 1000, "pm10", 20);
  g_assert_cmpuint(out.fresh, ==, 1);
  g_assert_cmpint(casa_store_last_id(f->store), >, seen);
  put_one(f, "a", T0, "pm10", 10);
  g_assert_cmpint(ask_int(f->path, COUNT), ==, 2);
  g_assert_cmpfloat(ask_double(f->path, "SELECT sum(value) FROM reading"), ==, 30);
  g_assert_cmpint(ask_int(f->path, "SELECT min(id) FROM sample"), >, seen);
  fixture_reopen(f);
  gint64 last = casa_store_last_id(f->store);
  put_one(f, "a", T0, "pm10", 100);
  g_assert_cmpint(casa_store_last_id(f->store), ==, last + 1);
}

static void
test_late_is_kept(Fixture *f, gconstpointer data)
{
  put_one(f, "a", T0, "pm10", 1);
  CasaPut out = put_one(f, "a", T0 - 86400000, "pm10", 1);
  g_assert_cmpuint(out.fresh, ==, 1);
  g_assert_cmpint(ask_int(f->path, COUNT), ==, 2);
}

static CasaReading
untimed(gint64 seq, double value, gint64 t_ms)
{
  CasaReading reading = reading_of("esp32", t_ms, "temp_c", value);
  reading.time_source = CASA_TIME_ARRIVAL;
  reading.has_seq = seq >= 0;
  reading.seq = seq;
  return reading;
}

/* A device without clock: its redelivered messages are known by seq, also by a program that was started anew. */
static void
test_seq_without_time(Fixture *f, gconstpointer data)
{
  for (int i = 0; i < 100; i++) {
    CasaReading reading = untimed(500 + i, 20 + i % 3, T0 + i * 100);
    g_assert_cmpuint(put_reading(f, &reading, T0 + i * 100).fresh, ==, 1);
  }
  for (int round = 0; round < 2; round++) {
    for (int i = 90; i < 100; i++) {
      CasaReading again = untimed(500 + i, 20 + i % 3, T0 + 60000 + i);
      g_assert_cmpuint(put_reading(f, &again, T0 + 60000 + i).duplicates, ==, 1);
    }
    fixture_reopen(f);
  }
  g_assert_cmpint(ask_int(f->path, COUNT), ==, 100);
}

/* The same number with another value, or after the device began at 0 again, is news. */
static void
test_seq_never_loses(Fixture *f, gconstpointer data)
{
  CasaReading reading = untimed(0, 20, T0);
  put_reading(f, &reading, T0);
  reading = untimed(1, 20, T0 + 1000);
  put_reading(f, &reading, T0 + 1000);
  reading = untimed(1, 21, T0 + 2000);
  g_assert_cmpuint(put_reading(f, &reading, T0 + 2000).fresh, ==, 1);
  reading = untimed(0, 20, T0 + 3000);
  g_assert_cmpuint(put_reading(f, &reading, T0 + 3000).fresh, ==, 1);
  reading = untimed(1, 20, T0 + 4000);
  g_assert_cmpuint(put_reading(f, &reading, T0 + 4000).fresh, ==, 1);
}

/* A thousand numbers on one topic within a millisecond are a thousand samples. */
static void
test_crowded_arrival(Fixture *f, gconstpointer data)
{
  for (int i = 0; i < 100; i++) {
    CasaReading reading = untimed(-1, 7, T0);
    g_assert_cmpuint(put_reading(f, &reading, T0).fresh, ==, 1);
  }
  g_assert_cmpint(ask_int(f->path, COUNT), ==, 100);
  g_assert_cmpint(ask_int(f->path, "SELECT max(t_ms) - min(t_ms) FROM reading"), ==, 99);
}

/* Our clock was set back two hours: arrivals of one millisecond are as many samples as ever, in the journal and sealed. */
static void
test_crowded_after_clock_set_back(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  CasaReading newest = untimed(-1, 1, T0 + 7200000);
  g_assert_cmpuint(put_reading(f, &newest, newest.t_ms).fresh, ==, 1);
  for (int i = 0; i < 100; i++) {
    CasaReading reading = untimed(-1, i % 3, T0);
    g_assert_cmpuint(put_reading(f, &reading, T0).fresh, ==, 1);
    if (i == 50)
      g_assert_true(casa_store_upkeep(f->store, T0 + 7200000, &error));
  }
  g_assert_cmpint(ask_int(f->path, COUNT), ==, 101);
  g_assert_cmpint(ask_int(f->path, "SELECT count(DISTINCT t_ms) FROM reading"), ==, 101);
}

static void
test_uptime_is_marked(Fixture *f, gconstpointer data)
{
  CasaReading reading = untimed(-1, 7, T0);
  put_reading(f, &reading, T0);
  reading = untimed(-1, 8, T0 + 5000);
  reading.time_source = CASA_TIME_UPTIME;
  put_reading(f, &reading, T0 + 5000);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM untimed WHERE uptime"), ==, 1);
  g_assert_cmpfloat(ask_double(f->path, "SELECT value FROM sample JOIN untimed USING(id) WHERE uptime"), ==, 8);
}

static void
test_series_limit(Fixture *f, gconstpointer data)
{
  f->options.max_series = 3;
  fixture_reopen(f);
  for (int i = 0; i < 3; i++) {
    g_autofree char *station = g_strdup_printf("s%d", i);
    g_assert_cmpuint(put_one(f, station, T0, "pm10", i).fresh, ==, 1);
  }
  CasaPut out = put_one(f, "flood", T0, "pm10", 1);
  g_assert_cmpuint(out.refused, ==, 1);
  g_assert_cmpuint(out.fresh, ==, 0);
  out = put_one(f, "s0", T0, "no2", 1);
  g_assert_cmpuint(out.refused, ==, 1);
  g_assert_cmpuint(put_one(f, "s0", T0 + 1000, "pm10", 1).fresh, ==, 1);
  g_assert_cmpuint(casa_catalogue_n_series(casa_store_catalogue(f->store)), ==, 3);
}

static CasaDescriptor
descriptor_of(const char *station, const char *domain, const char *name)
{
  CasaDescriptor d = { .has_position = TRUE, .lat = 33.59, .lon = -7.62, .simulated = TRUE };
  g_strlcpy(d.source, "kit", sizeof d.source);
  g_strlcpy(d.station, station, sizeof d.station);
  g_strlcpy(d.domain, domain, sizeof d.domain);
  g_strlcpy(d.kind, "air", sizeof d.kind);
  g_strlcpy(d.name, name, sizeof d.name);
  return d;
}

static gboolean
describe(Fixture *f, const CasaDescriptor *d)
{
  g_autoptr(GError) error = NULL;
  gboolean changed = FALSE, ok = casa_store_put_descriptor(f->store, d, T0, &changed, &error);
  g_assert_no_error(error);
  g_assert_true(ok);
  return changed;
}

static void
test_descriptor(Fixture *f, gconstpointer data)
{
  CasaDescriptor d = descriptor_of("air-anfa", "air", "Anfa");
  g_assert_true(describe(f, &d));
  g_assert_false(describe(f, &d));
  put_one(f, "air-anfa", T0, "pm10", 1);
  CasaCatalogue *catalogue = casa_store_catalogue(f->store);
  g_assert_cmpuint(casa_catalogue_n_stations(catalogue), ==, 1);
  const CasaStation *before = casa_catalogue_station(catalogue, 0);
  g_strlcpy(d.name, "Anfa (toit)", sizeof d.name);
  g_assert_true(describe(f, &d));
  g_assert_cmpstr(before->name, ==, "Anfa"); /* who holds the old one may go on reading it */
  g_assert_cmpstr(casa_catalogue_station(catalogue, 0)->name, ==, "Anfa (toit)");
  fixture_reopen(f);
  const CasaStation *after = casa_catalogue_station(casa_store_catalogue(f->store), 0);
  g_assert_cmpstr(after->name, ==, "Anfa (toit)");
  g_assert_null(after->name_ar);
  g_assert_true(after->has_position && after->simulated);
  g_assert_cmpfloat(after->lat, ==, 33.59);
  g_assert_false(describe(f, &d));
}

/* A stranger may rename his station all day: what nobody can be looking at any more goes. */
static void
test_descriptor_again_and_again(Fixture *f, gconstpointer data)
{
  CasaDescriptor d = descriptor_of("air-anfa", "air", "Anfa");
  CasaCatalogue *catalogue = casa_store_catalogue(f->store);
  g_assert_true(describe(f, &d));
  const CasaStation *identity = casa_catalogue_identity(catalogue, 0);
  for (guint i = 0; i < 20; i++) {
    const CasaStation *held = casa_catalogue_station(catalogue, 0);
    g_autofree char *name = g_strdup(held->name);
    g_snprintf(d.name, sizeof d.name, "Anfa %u", i);
    g_assert_true(describe(f, &d));
    g_assert_cmpstr(held->name, ==, name);
  }
  g_assert_cmpuint(casa_catalogue_n_retired(catalogue), ==, 20); /* all within half a minute */
  casa_catalogue_set_patience(catalogue, 0);
  for (guint i = 0; i < 2000; i++) {
    g_snprintf(d.name, sizeof d.name, "Nom %u", i);
    g_assert_true(describe(f, &d));
    g_assert_cmpuint(casa_catalogue_n_retired(catalogue), <=, 1);
  }
  g_assert_cmpstr(casa_catalogue_station(catalogue, 0)->name, ==, "Nom 1999");
  g_assert_true(casa_catalogue_identity(catalogue, 0) == identity);
  g_assert_true(casa_catalogue_station(catalogue, 0)->station == identity->station);
  g_assert_cmpuint(casa_catalogue_find_station(catalogue, "kit", "air", "air-anfa"), ==, 0);
  g_assert_cmpuint(casa_catalogue_n_stations(catalogue), ==, 1);
}

/* Whatever a station says anew of itself is kept, be it the only thing that changed. */
static void
test_descriptor_each_word(Fixture *f, gconstpointer data)
{
  CasaDescriptor d = descriptor_of("air-anfa", "air", "Anfa");
  g_assert_true(describe(f, &d));
  g_strlcpy(d.kind, "noise", sizeof d.kind);
  g_assert_true(describe(f, &d));
  g_strlcpy(d.name_ar, "أنفا", sizeof d.name_ar);
  g_assert_true(describe(f, &d));
  d.lat = 33.6;
  g_assert_true(describe(f, &d));
  d.lon = -7.6;
  g_assert_true(describe(f, &d));
  d.simulated = FALSE;
  g_assert_true(describe(f, &d));
  fixture_reopen(f);
  const CasaStation *after = casa_catalogue_station(casa_store_catalogue(f->store), 0);
  g_assert_cmpstr(after->kind, ==, "noise");
  g_assert_cmpstr(after->name_ar, ==, "أنفا");
  g_assert_cmpfloat(after->lat, ==, 33.6);
  g_assert_cmpfloat(after->lon, ==, -7.6);
  g_assert_false(after->simulated);
  d.has_position = FALSE;
  g_assert_true(describe(f, &d));
  g_assert_false(describe(f, &d));
  g_assert_false(casa_catalogue_station(casa_store_catalogue(f->store), 0)->has_position);
}

static void
test_descriptor_without_domain(Fixture *f, gconstpointer data)
{
  CasaDescriptor d = descriptor_of("kit-1", "", "Balcon");
  g_assert_true(describe(f, &d));
  put_one(f, "kit-1", T0, "pm10", 1);
  CasaCatalogue *catalogue = casa_store_catalogue(f->store);
  guint id = casa_catalogue_find_station(catalogue, "kit", "air", "kit-1");
  g_assert_cmpstr(casa_catalogue_station(catalogue, id)->name, ==, "Balcon");
  g_strlcpy(d.name, "Terrasse", sizeof d.name);
  g_assert_true(describe(f, &d));
  g_assert_cmpstr(casa_catalogue_station(catalogue, id)->name, ==, "Terrasse");
  fixture_reopen(f);
  g_assert_cmpstr(casa_catalogue_station(casa_store_catalogue(f->store), id)->name, ==, "Terrasse");
}

static void
test_rejection(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  const char bytes[] = { '{', 0, (char)0xff, '"' };
  g_assert_true(casa_store_put_rejection(f->store, T0, "casa/v1/x/y", 11, bytes, sizeof bytes, "json",
                                         "not JSON: ends too soon", NULL, &error));
  g_assert_true(
    casa_store_put_rejection(f->store, T0 + 1, "bad\xff", 4, NULL, 0, "json", "not JSON: ends too soon", NULL, &error));
  g_autofree char *big = g_malloc0(100000);
  g_assert_true(
    casa_store_put_rejection(f->store, T0 + 2, "t", 1, big, 100000, "json", "not JSON: ends too soon", NULL, &error));
  g_assert_no_error(error);
  g_autofree char *row = ask_text(f->path, "SELECT topic || ' ' || hex(payload) || ' ' || code || ' ' || reason"
                                           " FROM rejection ORDER BY received_ms LIMIT 1");
  g_assert_cmpstr(row, ==, "casa/v1/x/y 7B00FF22 json not JSON: ends too soon");
  g_assert_cmpint(ask_int(f->path, "SELECT hex(topic) = '626164FF' FROM rejection WHERE received_ms % 10 = 1"), ==, 1);
  g_assert_cmpint(ask_int(f->path, "SELECT max(length(payload)) FROM rejection"), ==, 8192);
  g_autofree char *columns = ask_text(f->path, "SELECT group_concat(name) FROM pragma_table_info('rejection')");
  g_assert_cmpstr(columns, ==, "received_ms,topic,payload,code,reason,args");
  g_assert_cmpint(casa_store_last_received(f->store), ==, T0 + 2);
}

static void
test_gap(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_assert_true(casa_store_put_gap(f->store, T0, T0 + 5000, "broker lost", &error));
  g_assert_no_error(error);
  g_autofree char *row = ask_text(f->path, "SELECT start_ms || ' ' || end_ms || ' ' || cause FROM gap");
  g_assert_cmpstr(row, ==, "1779385327000 1779385332000 broker lost");
}

static void
test_outbox(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  for (int i = 0; i < 10; i++)
    put_one(f, "a", T0 + i * 1000, "pm10", i);
  g_assert_cmpint(casa_store_outbox_open(f->store, "http://one", &error), ==, 0);
  g_assert_true(casa_store_outbox_ack(f->store, "http://one", 7, &error));
  g_assert_true(casa_store_outbox_ack(f->store, "http://one", 5, &error)); /* never back */
  fixture_reopen(f);
  g_assert_cmpint(casa_store_outbox_open(f->store, "http://one", &error), ==, 7);
  g_assert_cmpint(casa_store_outbox_open(f->store, "http://two", &error), ==, 0);
  g_autoptr(CasaReader) reader = casa_reader_open(f->path, &error);
  g_assert_no_error(error);
  g_autoptr(GArray) rows = casa_reader_outbox(reader, 7, 2, &error);
  g_assert_cmpuint(rows->len, ==, 2);
  CasaOutboxRow *row = &g_array_index(rows, CasaOutboxRow, 0);
  g_assert_cmpint(row->id, ==, 8);
  g_assert_cmpint(row->t_ms, ==, T0 + 7000);
  g_assert_cmpfloat(row->value, ==, 7);
  g_assert_cmpuint(row->series, ==, 0);
  g_assert_true(casa_store_quarantine(f->store, "http://one", 9, "air,station=a pm10=1", "out of range", &error));
  g_assert_cmpint(ask_int(f->path, "SELECT sample_id FROM quarantine WHERE reason = 'out of range'"), ==, 9);
  g_assert_no_error(error);
}

/* A kill between a refused sample and the acknowledgement of its batch: it is sent and put aside again, and kept once. */
static void
test_refused_once(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  for (int i = 0; i < 10; i++)
    put_one(f, "a", T0 + i * 1000, "pm10", i);
  for (int run = 0; run < 3; run++) {
    g_assert_cmpint(casa_store_outbox_open(f->store, "http://one", &error), ==, run == 0 ? 0 : 4);
    if (run == 0)
      g_assert_true(casa_store_quarantine(f->store, "http://one", 3, "x", "acknowledged with its batch", &error));
    g_assert_true(casa_store_outbox_ack(f->store, "http://one", 4, &error));
    g_assert_true(casa_store_quarantine(f->store, "http://one", 7, "x", "sent again", &error));
    g_assert_true(casa_store_quarantine(f->store, "http://two", 7, "x", "another's", &error));
    fixture_reopen(f);
  }
  g_assert_no_error(error);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM quarantine WHERE target = 'http://one' AND sample_id = 3"), ==, 1);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM quarantine WHERE target = 'http://one' AND sample_id = 7"), ==, 1);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM quarantine WHERE target = 'http://two'"), ==, 3);
}

static void
test_last_received(Fixture *f, gconstpointer data)
{
  g_assert_cmpint(casa_store_last_received(f->store), ==, 0);
  put_one(f, "a", T0, "pm10", 1);
  g_assert_cmpint(casa_store_last_received(f->store), ==, T0 + 5);
  fixture_reopen(f);
  g_assert_cmpint(casa_store_last_received(f->store), ==, T0 + 5);
}

static void
test_catalogue_survives(Fixture *f, gconstpointer data)
{
  for (int i = 0; i < 20; i++) {
    g_autofree char *station = g_strdup_printf("s%d", i % 5);
    g_autofree char *metric = g_strdup_printf("m%d", i / 5);
    put_one(f, station, T0, metric, i);
  }
  guint id = put_one(f, "s3", T0 + 1, "m2", 5).series[0];
  fixture_reopen(f);
  CasaCatalogue *catalogue = casa_store_catalogue(f->store);
  g_assert_cmpuint(casa_catalogue_n_stations(catalogue), ==, 5);
  g_assert_cmpuint(casa_catalogue_n_series(catalogue), ==, 20);
  g_assert_cmpuint(put_one(f, "s3", T0 + 2, "m2", 5).series[0], ==, id);
  g_assert_cmpstr(casa_catalogue_series(catalogue, id)->metric, ==, "m2");
  g_assert_null(casa_catalogue_series(catalogue, 20));
  guint generation = casa_catalogue_generation(catalogue);
  put_one(f, "s3", T0 + 3, "m2", 5);
  g_assert_cmpuint(casa_catalogue_generation(catalogue), ==, generation);
  put_one(f, "new", T0 + 3, "m2", 5);
  g_assert_cmpuint(casa_catalogue_generation(catalogue), !=, generation);
  g_assert_cmpuint(casa_catalogue_find_station(catalogue, "kit", "energy", "new"), ==, G_MAXUINT);
}

/* Hidden until shown; shown no longer when its words change; a source that floods pushes out its own only. */
static void
test_reports(Fixture *f, gconstpointer data)
{
  CasaReport r = { .source = "a", .id = "r", .service = "eau", .lat = 33.5, .lon = -7.5, .text = "fuite" };
  gboolean changed;
  g_autoptr(GError) error = NULL;
  g_assert_true(casa_store_put_report(f->store, &r, 1000, &changed, &error) && changed);
  g_assert_true(casa_store_put_report(f->store, &r, 2000, &changed, &error) && !changed);
  g_assert_cmpint(ask_int(f->path, "SELECT shown FROM report"), ==, 0);
  g_assert_true(casa_store_show_report(f->store, "a", "r", TRUE, &error));
  g_assert_cmpint(ask_int(f->path, "SELECT shown FROM report"), ==, 1);
  r.closed = TRUE;
  g_assert_true(casa_store_put_report(f->store, &r, 3000, &changed, &error) && changed);
  g_assert_cmpint(ask_int(f->path, "SELECT shown FROM report"), ==, 1);
  g_strlcpy(r.text, "injure", sizeof r.text);
  g_assert_true(casa_store_put_report(f->store, &r, 4000, &changed, &error) && changed);
  g_assert_cmpint(ask_int(f->path, "SELECT shown FROM report"), ==, 0);
  CasaReader *reader = casa_reader_open(f->path, &error);
  g_assert_no_error(error);
  g_autoptr(GArray) hidden = casa_reader_reports(reader, FALSE, 10, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(hidden->len, ==, 1);
  const CasaStoredReport *kept = &g_array_index(hidden, CasaStoredReport, 0);
  g_assert_cmpstr(kept->about.source, ==, "a");
  g_assert_cmpstr(kept->about.id, ==, "r");
  g_assert_cmpstr(kept->about.service, ==, "eau");
  g_assert_cmpstr(kept->about.text, ==, "injure");
  g_assert_cmpfloat(kept->about.lat, ==, 33.5);
  g_assert_cmpfloat(kept->about.lon, ==, -7.5);
  g_assert_true(kept->about.closed && !kept->shown && kept->received_ms == 4000);
  GArray *seen = casa_reader_reports(reader, TRUE, 10, &error);
  g_assert_true(seen && seen->len == 0);
  g_array_unref(seen);
  casa_reader_close(reader);
  g_strlcpy(r.source, "b", sizeof r.source);
  for (guint i = 0; i < 520; i++) {
    g_snprintf(r.id, sizeof r.id, "r%u", i);
    g_assert_true(casa_store_put_report(f->store, &r, 5000 + i, &changed, &error));
  }
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM report WHERE source = 'b'"), ==, 500);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM report WHERE source = 'a'"), ==, 1);
  r.withdrawn = TRUE;
  g_assert_true(casa_store_put_report(f->store, &r, 9000, &changed, &error) && changed);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM report WHERE source = 'b'"), ==, 499);
}

/* Stations and series are told apart by every part of their names, and what is not there is not found. */
static void
test_catalogue_names(Fixture *f, gconstpointer data)
{
  CasaReading r = reading_of("a", T0, "pm10", 1);
  put_reading(f, &r, T0);
  g_strlcpy(r.source, "other", sizeof r.source);
  put_reading(f, &r, T0);
  g_strlcpy(r.domain, "energy", sizeof r.domain);
  g_strlcpy(r.fields[0].metric, "load_mw", sizeof r.fields[0].metric);
  put_reading(f, &r, T0);
  CasaCatalogue *catalogue = casa_store_catalogue(f->store);
  g_assert_cmpuint(casa_catalogue_n_stations(catalogue), ==, 3);
  const guint kit = casa_catalogue_find_station(catalogue, "kit", "air", "a"), n = casa_catalogue_n_series(catalogue);
  const guint other = casa_catalogue_find_station(catalogue, "other", "air", "a");
  g_assert_cmpuint(kit, !=, other);
  g_assert_cmpuint(casa_catalogue_find_station(catalogue, "other", "energy", "a"), !=, other);
  g_assert_cmpuint(casa_catalogue_find_station(catalogue, "kit", "energy", "a"), ==, G_MAXUINT);
  g_assert_cmpuint(casa_catalogue_find_station(catalogue, "kit", "air", "b"), ==, G_MAXUINT);
  g_assert_cmpuint(casa_catalogue_find_series(catalogue, kit, "pm10"), !=,
                   casa_catalogue_find_series(catalogue, other, "pm10"));
  g_assert_cmpuint(casa_catalogue_find_series(catalogue, kit, "no2"), ==, G_MAXUINT);
  g_assert_null(casa_catalogue_station(catalogue, 3));
  g_assert_null(casa_catalogue_identity(catalogue, 3));
  g_assert_null(casa_catalogue_series(catalogue, n));
  casa_catalogue_free(NULL);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  ADD("/store/put/catalogue-names", test_catalogue_names);
  ADD("/store/put/reports", test_reports);
  ADD("/store/put/view", test_view);
  ADD("/store/put/many-fields", test_many_fields);
  ADD("/store/put/same-metric-twice", test_same_metric_twice);
  ADD("/store/put/duplicates", test_duplicates);
  ADD("/store/put/last-wins", test_last_wins);
  ADD("/store/put/late-is-kept", test_late_is_kept);
  ADD("/store/put/seq-without-time", test_seq_without_time);
  ADD("/store/put/seq-never-loses", test_seq_never_loses);
  ADD("/store/put/crowded-arrival", test_crowded_arrival);
  ADD("/store/put/crowded-after-clock-set-back", test_crowded_after_clock_set_back);
  ADD("/store/put/uptime-is-marked", test_uptime_is_marked);
  ADD("/store/put/series-limit", test_series_limit);
  ADD("/store/put/descriptor", test_descriptor);
  ADD("/store/put/descriptor-each-word", test_descriptor_each_word);
  ADD("/store/put/descriptor-again-and-again", test_descriptor_again_and_again);
  ADD("/store/put/descriptor-without-domain", test_descriptor_without_domain);
  ADD("/store/put/rejection", test_rejection);
  ADD("/store/put/gap", test_gap);
  ADD("/store/put/outbox", test_outbox);
  ADD("/store/put/refused-once", test_refused_once);
  ADD("/store/put/last-received", test_last_received);
  ADD("/store/put/catalogue-survives", test_catalogue_survives);
  return g_test_run();
}
