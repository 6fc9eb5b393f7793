/* SPDX-License-Identifier: Apache-2.0 */
/* Tables as they are met: the reader, the times, the mapping. */
#include <string.h>

#include "base/error.h"
#include "casa-build.h"
#include "replay/csv.h"
#include "replay/replay-map.h"
#include "replay/replay-propose.h"

static CasaSimCsv *
reader_of(const char *text, gssize len, char separator, const char *encoding)
{
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_data(g_memdup2(text, len < 0 ? strlen(text) : (gsize)len),
                                                                       len < 0 ? (gssize)strlen(text) : len, g_free);
  return casa_sim_csv_new(stream, separator, encoding);
}

/* All rows as "line:field|field", bad ones as "line!", parted by blanks. */
static char *
read_all(const char *text, gssize len, char separator, const char *encoding)
{
  g_autoptr(CasaSimCsv) csv = reader_of(text, len, separator, encoding);
  GString *out = g_string_new(NULL);
  CasaSimCsvResult result;
  while ((result = casa_sim_csv_next(csv)) != CASA_SIM_CSV_END) {
    g_string_append_printf(out, "%s%" G_GUINT64_FORMAT "%s", out->len ? " " : "", casa_sim_csv_line(csv),
                           result == CASA_SIM_CSV_BAD ? "!" : ":");
    for (guint i = 0; i < casa_sim_csv_n_fields(csv) && result == CASA_SIM_CSV_ROW; i++)
      g_string_append_printf(out, "%s%s", i ? "|" : "", casa_sim_csv_field(csv, i));
  }
  g_assert_null(casa_sim_csv_error(csv));
  return g_string_free(out, FALSE);
}

static void
reads(const char *text, const char *rows)
{
  g_autofree char *got = read_all(text, -1, 0, NULL);
  g_assert_cmpstr(got, ==, rows);
}

static void
test_rows(void)
{
  reads("", "");
  reads("a,b\n1,2\n", "1:a|b 2:1|2");
  reads("a,b\r\n1,2", "1:a|b 2:1|2");
  reads("a,b\r1,2\r", "1:a|b 2:1|2");
  reads("\n\na,b\n\n1,2\n\n", "3:a|b 5:1|2");
  reads("a;b;c\n1,5;2,5;3\n", "1:a|b|c 2:1,5|2,5|3");
  reads("a\tb\n1\t\n", "1:a|b 2:1|");
  reads("a|b\n1|2\n", "1:a|b 2:1|2");
  reads("\xef\xbb\xbf"
        "a,b\n",
        "1:a|b");
  reads("\"a;x\",b\n\"1,5\",2\n", "1:a;x|b 2:1,5|2");
}

static void
test_quotes(void)
{
  reads("a,b\n\"say \"\"hi\"\"\",2\n", "1:a|b 2:say \"hi\"|2");
  reads("a,b\n\"two\nlines\",2\n3,4\n", "1:a|b 2:two\nlines|2 4:3|4");
  reads("a,b\n\"two\r\nlines\",2\r\n3,4\r\n", "1:a|b 2:two\r\nlines|2 4:3|4");
  reads("a,b\n5\" pipe,2\n3,4\n", "1:a|b 2:5\" pipe|2 3:3|4"); /* an inch within a field is a letter */
  reads("a,b\n\"\",\"\"\n", "1:a|b 2:|");
  reads("a,b\n\"x\"y,2\n", "1:a|b 2:xy|2");
}

/* What cannot be a row costs its line, not the rest of the file. */
static void
test_open_quote_costs_one_line(void)
{
  reads("a,b\n\"never closed,2\n3,4\n5,6\n", "1:a|b 2! 3:3|4 4:5|6");
  GString *text = g_string_new("a,b\n\"never closed,2\n");
  for (guint i = 0; i < 20000; i++)
    g_string_append(text, "3,4\n");
  g_autofree char *got = read_all(text->str, -1, 0, NULL);
  g_assert_true(g_str_has_prefix(got, "1:a|b 2! 3:3|4 4:3|4"));
  g_assert_true(g_str_has_suffix(got, "20002:3|4"));
  g_string_free(text, TRUE);
}

static void
test_bad_bytes(void)
{
  g_autofree char *zero = read_all("a,b\n1,\0"
                                   "2\n3,4\n",
                                   13, 0, NULL);
  g_assert_cmpstr(zero, ==, "1:a|b 2! 3:3|4");
  reads("a,b\n\xe9t\xe9,2\n3,4\n", "1:a|b 2! 3:3|4");
  g_autofree char *windows = read_all("a,b\n\xe9t\xe9,2\n3,4\n", -1, 0, "windows-1252");
  g_assert_cmpstr(windows, ==, "1:a|b 2:été|2 3:3|4");
  g_autofree char *long_row = g_strnfill(200000, 'x');
  g_autofree char *text = g_strdup_printf("a,b\n%s,1\n3,4\n", long_row);
  reads(text, "1:a|b 2! 3:3|4");
}

/* Rows do not care where the reads of the file end. */
static void
test_across_buffers(void)
{
  GString *text = g_string_new("n,text\r\n"), *wanted = g_string_new("1:n|text");
  guint line = 2;
  for (guint i = 0; i < 30000; i++) {
    g_string_append_printf(text, "%u,\"a \"\"b\"\"\r\n%u\"\r\n", i, i);
    g_string_append_printf(wanted, " %u:%u|a \"b\"\r\n%u", line, i, i);
    line += 2;
  }
  g_autofree char *got = read_all(text->str, -1, 0, NULL);
  g_assert_true(strcmp(got, wanted->str) == 0);
  g_string_free(text, TRUE);
  g_string_free(wanted, TRUE);
}

/* ---- times ---- */

static void
is_time(const char *format, const char *zone, const char *text, gint64 ms)
{
  CasaSimTimeFormat f;
  g_autoptr(GError) error = NULL;
  gint64 got = -1;
  gboolean usable = casa_sim_time_format_init(&f, format, zone, &error);
  g_assert_no_error(error);
  g_assert_true(usable);
  gboolean read = casa_sim_time_read(&f, text, &got);
  if (read != (ms >= 0) || (read && got != ms))
    g_error("%s as %s (%s): %" G_GINT64_FORMAT ", wanted %" G_GINT64_FORMAT, text, format, zone, read ? got : -1, ms);
  casa_sim_time_format_clear(&f);
}

#define NOON G_GINT64_CONSTANT(1779364800000) /* 2026-05-21T12:00:00Z */

static void
test_times(void)
{
  is_time("rfc3339", NULL, "2026-05-21T13:00:00+01:00", NOON);
  is_time("epoch", NULL, " 1779364800 ", NOON);
  is_time("epoch", NULL, "1779364800000", NOON);
  is_time("epoch", NULL, "12345", -1); /* an uptime tells no time */
  is_time("%d/%m/%Y %H:%M", "UTC", "21/05/2026 12:00", NOON);
  is_time("%d/%m/%Y %H:%M", "UTC", "  21/5/2026   12:00 ", NOON);
  is_time("%d/%m/%Y %H:%M", "+01:00", "21/05/2026 13:00", NOON);
  is_time("%d/%m/%Y %H:%M", "Africa/Casablanca", "21/05/2026 13:00", NOON);
  is_time("%d/%m/%Y %H:%M", "Europe/Paris", "21/05/2026 14:00", NOON);
  is_time("%Y-%m-%d %H:%M:%S.%f", "UTC", "2026-05-21 12:00:00.25", NOON + 250);
  is_time("%Y-%m-%dT%H:%M:%S%z", NULL, "2026-05-21T14:00:00+0200", NOON);
  is_time("%d.%m.%y", "UTC", "21.05.26", NOON - 12 * 3600000);
  is_time("%d/%m/%Y %H:%M", "UTC", "31/02/2026 12:00", -1);
  is_time("%d/%m/%Y %H:%M", "UTC", "21/05/2026 25:00", -1);
  is_time("%d/%m/%Y %H:%M", "UTC", "21/05/2026", -1);
  is_time("%d/%m/%Y %H:%M", "UTC", "21/05/2026 12:00 PM", -1);
  is_time("%d/%m/%Y %H:%M", "UTC", "", -1);
}

static void
wrong_format(const char *format, const char *zone, int code, const char *words)
{
  CasaSimTimeFormat f;
  g_autoptr(GError) error = NULL;
  g_assert_false(casa_sim_time_format_init(&f, format, zone, &error));
  g_assert_error(error, CASA_ERROR, code);
  if (!strstr(error->message, words))
    g_error("\"%s\" says nothing of \"%s\"", error->message, words);
  casa_sim_time_format_clear(&f);
}

static void
test_wrong_formats(void)
{
  wrong_format("%d/%m/%Y %H:%M", NULL, CASA_ERROR_USAGE, "tells no zone");
  wrong_format("%H:%M", "UTC", CASA_ERROR_USAGE, "no format of a moment");
  wrong_format("%d/%m/%Q", "UTC", CASA_ERROR_USAGE, "%Q");
  wrong_format("%d/%m/%Y %", "UTC", CASA_ERROR_USAGE, "not known");
  wrong_format("%d/%m/%Y", "Mars/Olympus", CASA_ERROR_ZONE, "Mars/Olympus");
}

/* ---- the mapping ---- */

static CasaMetrics *
metrics_new(void)
{
  g_autoptr(GError) error = NULL;
  CasaMetrics *metrics = casa_metrics_load(CASA_SOURCE_ROOT "/config", &error);
  g_assert_no_error(error);
  return metrics;
}

static CasaSimMap *
map_of(const char *text, const CasaMetrics *metrics, GError **error)
{
  CasaKeyfile *file = casa_keyfile_parse(text, strlen(text), "my.map", error);
  return file ? casa_sim_map_new(file, metrics, error) : NULL;
}

#define HEAD "[replay]\ndomain = air\n"
#define TIME "[time]\ncolumn = t\nformat = epoch\n"
#define STATION "[station]\nid = roof\n"
#define VALUE "[value pm10]\ncolumn = PM\n"

static void
test_map(void)
{
  g_autoptr(CasaMetrics) metrics = metrics_new();
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaSimMap) map =
    map_of(HEAD "separator = semicolon\ndecimal = comma\nmissing = NA; -\nsource = equipe-7\n" TIME
                "[station]\ncolumn = site\nlat = 33.5\nlon = -7.6\n[value temperature]\ncolumn = T\nunit = °F\n",
           metrics, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(map->source, ==, "equipe-7");
  g_assert_cmpint(map->separator, ==, ';');
  g_assert_cmpint(map->decimal, ==, ',');
  g_assert_true(map->has_position);
  const CasaSimMapValue *v = &g_array_index(map->values, CasaSimMapValue, 0);
  g_assert_cmpstr(v->metric, ==, "temp_c");
  g_assert_cmpfloat_with_epsilon(212 * v->factor + v->offset, 100, 1e-9);
}

static void
wrong_map(const CasaMetrics *metrics, const char *text, const char *words)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaSimMap) map = map_of(text, metrics, &error);
  g_assert_null(map);
  g_assert_error(error, CASA_ERROR, CASA_ERROR_CONFIG);
  if (!strstr(error->message, words))
    g_error("\"%s\" says nothing of \"%s\"", error->message, words);
}

static void
test_wrong_maps(void)
{
  g_autoptr(CasaMetrics) metrics = metrics_new();
  wrong_map(metrics, TIME STATION VALUE, "[replay]: this group is missing");
  wrong_map(metrics, HEAD STATION VALUE, "[time]");
  wrong_map(metrics, HEAD TIME VALUE, "[station]");
  wrong_map(metrics, HEAD TIME STATION, "nothing would be published");
  wrong_map(metrics, HEAD "colour = red\n" TIME STATION VALUE, "my.map:3: [replay] colour");
  wrong_map(metrics, "[replay]\ndomain = magic\n" TIME STATION VALUE, "my.map:2: [replay] domain");
  wrong_map(metrics, HEAD "source = Équipe\n" TIME STATION VALUE, "my.map:3: [replay] source");
  wrong_map(metrics, HEAD "encoding = klingon\n" TIME STATION VALUE, "my.map:3: [replay] encoding");
  wrong_map(metrics, HEAD "separator = ,\n" TIME STATION VALUE, "semicolon");
  wrong_map(metrics, HEAD "[time]\ncolumn = t\nformat = %d/%m/%Y\n" STATION VALUE, "my.map:5: [time] format");
  wrong_map(metrics, HEAD "[time]\ncolumn = t\nformat = %d/%m/%Y\nzone = Mars\n" STATION VALUE, "my.map:6: [time] zone");
  wrong_map(metrics, HEAD TIME "[station]\nname = x\n" VALUE, "write column = NAME");
  wrong_map(metrics, HEAD TIME "[station]\nid = Mon Toit\n" VALUE, "my.map:7: [station] id");
  wrong_map(metrics, HEAD TIME "[station]\nid = a\nlat = 33\n" VALUE, "a position is lat and lon");
  wrong_map(metrics, HEAD TIME "[station]\nid = a\nlat = 133\nlon = 7\n" VALUE, "my.map:8: [station] lat");
  wrong_map(metrics, HEAD TIME "[station]\nid = a\nmoves = true\n" VALUE, "my.map:8: [station] moves");
  wrong_map(metrics, HEAD TIME STATION "[value pm10]\nunit = ppm\ncolumn = x\n", "my.map:9: [value pm10] unit");
  wrong_map(metrics, HEAD TIME STATION "[value foo]\nunit = ppm\ncolumn = x\n", "not in metrics.conf");
  wrong_map(metrics, HEAD TIME STATION "[value seq]\ncolumn = x\n", "my.map:8: [value seq]: \"seq\" has a meaning of its own");
  wrong_map(metrics, HEAD TIME STATION "[value timestamp]\ncolumn = x\n", "a meaning of its own");
  wrong_map(metrics, HEAD TIME STATION VALUE "[value PM_10]\ncolumn = y\n", "there twice");
  wrong_map(metrics, HEAD TIME STATION VALUE "[long]\nmetric_column = a\nvalue_column = b\n", "not both");
  wrong_map(metrics, HEAD TIME STATION "[long]\nmetric_column = a\n", "value_column");
  wrong_map(metrics, HEAD TIME STATION VALUE "[values]\n", "unknown group");
}

static void
test_slug(void)
{
  const char *const cases[][2] = {
    { "Place de l'Étoile 2", "place-de-l-etoile-2" }, { "  !! ", "" }, { "ABC", "abc" }, { "a//b", "a-b" }
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *slug = casa_sim_map_slug(cases[i][0], '-');
    g_assert_cmpstr(slug, ==, cases[i][1]);
  }
  g_autofree char *all = g_strnfill(300, 'x'), *slug = casa_sim_map_slug(all, '-');
  g_assert_cmpuint(strlen(slug), ==, 64);
}

/* ---- the proposal ---- */

static char *
proposal_of(const char *text, const CasaMetrics *metrics)
{
  g_autoptr(CasaSimCsv) csv = reader_of(text, -1, 0, NULL);
  g_autoptr(GError) error = NULL;
  char *map = casa_sim_propose_map(csv, metrics, "/data/My Roof.csv", &error);
  g_assert_no_error(error);
  return map;
}

static void
test_proposals_can_be_used(void)
{
  static const struct {
    const char *table, *words[6];
  } cases[] = {
    { "timestamp,temperature,humidity\n2026-05-21T12:00:00Z,21.4,63\n",
      { "format = rfc3339", "id = my-roof", "[value temp_c]", "[value rh_pct]" } },
    { "Date;Site;PM10 (mg/m³);Débit\n01/05/2026 08:00;A;0,04;12\n13/05/2026 08:00;B;0,05;13\n",
      { "separator = semicolon", "decimal = comma", "format = %d/%m/%Y %H:%M", "zone = ", "unit = mg/m³",
        "[value flow_vph]" } },
    { "date,site,pm10\n01/05/2026 08:00,A,4\n05/13/2026 08:00,A,5\n", { "format = %m/%d/%Y %H:%M", "column = site" } },
    { "location,parameter,value,unit,datetime\nA,pm25,12,µg/m³,2026-05-21T12:00:00+01:00\n",
      { "[long]", "metric_column = parameter", "value_column = value", "unit_column = unit", "column = location" } },
    { "time,bus,lat,lon,speed [m/s]\n1779364800,7,33.5,-7.6,8\n",
      { "format = epoch", "lat_column = lat", "unit = m/s", "domain = mobility" } },
  };
  g_autoptr(CasaMetrics) metrics = metrics_new();
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = proposal_of(cases[i].table, metrics);
    for (guint k = 0; k < G_N_ELEMENTS(cases[i].words) && cases[i].words[k]; k++) {
      if (!strstr(text, cases[i].words[k]))
        g_error("no \"%s\" in:\n%s", cases[i].words[k], text);
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(CasaSimMap) map = map_of(text, metrics, &error);
    g_assert_no_error(error);
    g_assert_nonnull(map);
  }
}

static void
test_nothing_to_propose(void)
{
  g_autoptr(CasaMetrics) metrics = metrics_new();
  g_autoptr(CasaSimCsv) csv = reader_of("", -1, 0, NULL);
  g_autoptr(GError) error = NULL;
  g_assert_null(casa_sim_propose_map(csv, metrics, "x.csv", &error));
  g_assert_error(error, CASA_ERROR, CASA_ERROR_DATA);
  g_autofree char *text = proposal_of("a,b\nx,y\n", metrics);
  g_assert_nonnull(strstr(text, "No column was recognised as a time"));
  g_assert_nonnull(strstr(text, "No column was recognised as a metric"));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sim/csv/rows", test_rows);
  g_test_add_func("/sim/csv/quotes", test_quotes);
  g_test_add_func("/sim/csv/open-quote-costs-one-line", test_open_quote_costs_one_line);
  g_test_add_func("/sim/csv/bad-bytes", test_bad_bytes);
  g_test_add_func("/sim/csv/across-buffers", test_across_buffers);
  g_test_add_func("/sim/csv/times", test_times);
  g_test_add_func("/sim/csv/wrong-formats", test_wrong_formats);
  g_test_add_func("/sim/csv/map", test_map);
  g_test_add_func("/sim/csv/wrong-maps", test_wrong_maps);
  g_test_add_func("/sim/csv/slug", test_slug);
  g_test_add_func("/sim/csv/proposals-can-be-used", test_proposals_can_be_used);
  g_test_add_func("/sim/csv/nothing-to-propose", test_nothing_to_propose);
  return g_test_run();
}
