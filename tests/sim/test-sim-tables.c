/* SPDX-License-Identifier: Apache-2.0 */
/* Tables as spreadsheets and archives write them: what casa-sim --print-map proposes, and what --from-csv plays by it. */
#include <jansson.h>
#include <string.h>

#include "casa-build.h"
#include "process.h"

#define WORDS 8

typedef struct {
  const char *name, *table;
  gssize len;                /* -1: up to its NUL */
  const char *map[WORDS];    /* said by the mapping */
  const char *asked;         /* one of its questions, also on stderr; NULL: none is wanted */
  const char *played[WORDS]; /* said on stdout */
  const char *told[WORDS];   /* said on stderr while playing */
  const char *absent[WORDS]; /* said by neither the mapping nor stdout */
  const char *file;          /* what the table is called; NULL: table.csv */
} Table;

static const Table tables[] = {
  { "date-and-hour",
    "\xef\xbb\xbf"
    "Date;Heure;Site;PM10 (µg/m³);Température\r\n21/05/2026;08:00;Gare;1\u202f204,5;21,5\r\n21/05/2026;09:00;Gare;n.d.;<3\r\n",
    -1,
    { "column = Date\n", "column2 = Heure\n", "format = %d/%m/%Y %H:%M\n", "decimal = comma", "column = Site", "; n.d." },
    "in which zone",
    { "air/gare\t{\"t\":1779346800000,\"pm10\":1204.5,\"temp_c\":21.5}" },
    { ":3: column \"Température\": \"<3\" is no number" },
    { "QUESTION: is the day" } },
  { "windows-1252",
    "Horodate;Humidit\xe9;PM2,5 (\xb5g/m\xb3)\n05/13/2026 24:00;61;8,25\n",
    -1,
    { "encoding = windows-1252\n", "column = Humidité", "format = %m/%d/%Y %H:%M" },
    "is this the encoding?",
    { "{\"t\":1778713200000,\"rh_pct\":61,\"pm2_5\":8.25}" },
    { NULL },
    { NULL } },
  { "sep-line",
    "sep=|\r\nt|pm10\r\n1779364800|41\r\n",
    -1,
    { "separator = bar", "format = epoch" },
    NULL,
    { "{\"t\":1779364800000,\"pm10\":41}" },
    { NULL },
    { "zone" } },
  { "comments",
    "# Site: Gare\n# relevé horaire\ntime,pm10\n2026-05-21T12:00:00Z,41\n# capteur nettoyé\n2026-05-21T13:00:00Z,12\n",
    -1,
    { "2 lines that begin with #", "format = rfc3339" },
    NULL,
    { "\"pm10\":41}", "\"pm10\":12}" },
    { "2 rows, 2 played" },
    { NULL } },
  { "header-with-#", "#time,pm10\n1779364800,41\n", -1, { "column = time" }, NULL, { "\"pm10\":41}" }, { NULL }, { NULL } },
  { "units-row",
    "time;temp;pressure;NO2\n;[°F];kPa;ppb\n2026-05-21T12:00:00Z;68;101,3;10\n",
    -1,
    { "units_row = true", "unit = °F", "unit = kPa", "unit = ppb" },
    NULL,
    { "\"temp_c\":20,\"pressure_hpa\":1013,\"no2\":18.8043}" },
    { "1 rows, 1 played" },
    { NULL } },
  { "month-first-last-row",
    "date,pm10\n01/02/2026 08:00,1\n02/02/2026 08:00,2\n03/21/2026 08:00,3\n",
    -1,
    { "format = %m/%d/%Y %H:%M" },
    "in which zone",
    { "\"pm10\":3}" },
    { NULL },
    { "Day and month" } },
  { "month-first-by-order",
    "date,pm10\n1/2/2026 23:50,1\n1/3/2026 0:00,2\n1/3/2026 0:10,3\n",
    -1,
    { "Day and month could be read either way; so read, rows are at most 10 minutes apart, otherwise 27 days",
      "format = %m/%d/%Y %H:%M" },
    "in which zone",
    { "\"pm10\":3}" },
    { NULL },
    { "format = ?" } },
  { "serial",
    "Date,pm10\n46163.5,1\n46163.54167,2\n",
    -1,
    { "format = excel" },
    "in which zone",
    { "{\"t\":1779361200000,\"pm10\":1}", "{\"t\":1779364800000,\"pm10\":2}" },
    { NULL },
    { NULL } },
  { "am-pm",
    "Date,Time,temp_f\n05/21/2026,12:05 AM,50\n05/21/2026,12:05 PM,68\n05/21/2026,1:05 p.m.,59\n",
    -1,
    { "format = %m/%d/%Y %I:%M %p", "[value temp_c]", "unit = f" },
    "in which zone",
    { "{\"t\":1779318300000,\"temp_c\":10}", "{\"t\":1779361500000,\"temp_c\":20}", "{\"t\":1779365100000,\"temp_c\":15}" },
    { NULL },
    { NULL } },
  { "epoch-ms-and-no-fix",
    "timestamp,bus_id,lat,lon,speed\n1779364800000,12,0,0,3\n1779364810000,12,33.59,-7.6,18\n1779364820000,12,33.60,-7.61,21\n",
    -1,
    { "format = epoch", "column = bus_id", "moves = true", "domain = mobility" },
    "do these stations move?",
    { "$station/12\t{\"name\":\"12\",\"kind\":\"replay\",\"domain\":\"mobility\",\"lat\":33.59",
      "{\"t\":1779364800000,\"speed_kmh\":3}", "\"lat\":33.6,\"lon\":-7.61,\"speed_kmh\":21}" },
    { "a receiver without a fix" },
    { "\"lat\":0" } },
  { "clock-back",
    "Date;Site;load\n15/02/2026 02:00;A;1\n15/02/2026 02:30;A;2\n15/02/2026 02:00;A;3\n15/02/2026 02:30;A;4\n15/02/2026 02:30;B;5\n15/02/2026 02:30;B;6\n22/03/2026 02:15;A;7\n",
    -1,
    { "[value load_mw]" },
    "in which zone",
    { "energy/a\t{\"t\":1771117200000,\"load_mw\":1}", "energy/a\t{\"t\":1771119000000,\"load_mw\":2}",
      "energy/a\t{\"t\":1771120800000,\"load_mw\":3}", "energy/a\t{\"t\":1771122600000,\"load_mw\":4}",
      "energy/b\t{\"t\":1771119000000,\"load_mw\":5}", "energy/b\t{\"t\":1771122600000,\"load_mw\":6}" },
    { ":8: column \"Date\": \"22/03/2026 02:15\" never was in Africa/Casablanca", "7 rows, 6 played of 2 stations; 1 skipped" },
    { "\"load_mw\":7" } },
  { "clock-back-newest-first",
    "Date;load\n15/02/2026 03:30;9\n15/02/2026 02:30;8\n15/02/2026 02:30;7\n15/02/2026 01:30;6\n",
    -1,
    { NULL },
    "in which zone",
    { "{\"t\":1771122600000,\"load_mw\":8}", "{\"t\":1771119000000,\"load_mw\":7}" },
    { NULL },
    { NULL } },
  { "sensor-community",
    "sensor_id;sensor_type;location;lat;lon;timestamp;P1;durP1;ratioP1;P2;durP2;ratioP2\n7;SDS011;3;33.5;-7.6;2026-05-21T12:00:00;11.5;;;6.25;;\n",
    -1,
    { "zone = UTC", "[value pm10]\ncolumn = P1", "[value pm2_5]\ncolumn = P2", "column = sensor_id" },
    NULL,
    { "air/7\t{\"t\":1779364800000,\"pm10\":11.5,\"pm2_5\":6.25}" },
    { NULL },
    { NULL } },
  { "eea",
    "AirQualityStationEoICode,SamplingPoint,AirPollutant,Concentration,UnitOfMeasurement,DatetimeBegin,DatetimeEnd,Validity\nMA01,SPO-1,SO2,12.5,µg/m3,2026-05-21 13:00:00 +01:00,2026-05-21 14:00:00 +01:00,1\nMA01,SPO-1,SO2,99,µg/m3,2026-05-21 14:00:00 +01:00,2026-05-21 15:00:00 +01:00,-1\n",
    -1,
    { "valid_column = Validity", "[long]", "metric_column = AirPollutant", "value_column = Concentration",
      "unit_column = UnitOfMeasurement", "format = rfc3339" },
    NULL,
    { "air/ma01\t{\"t\":1779364800000,\"so2\":12.5}" },
    { "1 rows left aside: the table calls them invalid in \"Validity\"" },
    { "zone =", "\"so2\":99" } },
  { "openaq",
    "location_id,location,datetime,parameter,units,value\n5,Nord,2026-05-21T13:00:00+01:00,relativehumidity,%,61\n",
    -1,
    { "[long]", "name_column = location", "unit_column = units" },
    NULL,
    { "\"name\":\"Nord\"", "\"rh_pct\":61}" },
    { NULL },
    { NULL } },
  { "kelvin-and-pascal",
    "date_time,temp,pressure,traffic_volume\n2026-05-21 12:00:00,293.15,101300,840\n2026-05-21 13:00:00,0,101300,860\n",
    -1,
    { "domain = mobility", "unit = K", "unit = Pa", "[value flow_vph]" },
    "the numbers are only possible in K",
    { "\"temp_c\":20,\"pressure_hpa\":1013,\"flow_vph\":840}", "{\"t\":1779364800000,\"pressure_hpa\":1013,\"flow_vph\":860}" },
    { ":3: column \"temp\": \"0\" is outside" },
    { NULL } },
  { "units-behind-numbers",
    "time,temperature,power\n1779364800,68 °F,1.5 kW\n1779364860,20 °C,3 parsecs\n",
    -1,
    { "[value temp_c]" },
    NULL,
    { "\"temp_c\":20,\"power_w\":1500}", "{\"t\":1779364860000,\"temp_c\":20}" },
    { ":3: column \"power\": \"3 parsecs\" has more behind" },
    { NULL } },
  { "comma-of-what",
    "time;power\n1779364800;1,021\n",
    -1,
    { "decimal = comma" },
    "does the comma part thousands",
    { "\"power_w\":1.021}" },
    { NULL },
    { NULL } },
  { "home-assistant",
    "entity_id,state,last_changed\nsensor.cuisine_temperature,19.5,2026-05-21T12:00:00.000Z\nsensor.cuisine_humidity,unavailable,2026-05-21T12:00:00.000Z\n"
    "sensor.balcon_pm2_5,7,2026-05-21T12:00:01.000Z\nlight.cuisine,on,2026-05-21T12:00:02.000Z\n",
    -1,
    { "in_metric = true", "metric_column = entity_id", "value_column = state", "; unavailable" },
    "tell the station before the metric",
    { "air/cuisine\t{\"t\":1779364800000,\"temp_c\":19.5}", "air/balcon\t{\"t\":1779364801000,\"pm2_5\":7}" },
    { ":5: column \"state\": \"on\" is no number", "4 rows, 2 played of 2 stations", NULL },
    { "$station/home", "light_cuisine" } },
  { "grafana-columns",
    "\"Time\",\"temperature {site=\"\"Nord\"\"}\",\"co2 {site=\"\"Nord\"\"}\",\"temperature {site=\"\"Sud\"\"}\"\n1779364800000,20.5,612,22\n1779364860000,,613,23\n",
    -1,
    { "# Each column tells its own.", "metric = temp_c\nstation = Nord", "metric = co2_ppm\nstation = Nord" },
    "of the stations and metrics",
    { "air/nord\t{\"t\":1779364800000,\"temp_c\":20.5,\"co2_ppm\":612}", "air/sud\t{\"t\":1779364860000,\"temp_c\":23}" },
    { "2 rows, 4 played of 2 stations" },
    { "id =" } },
  { "grafana-rows",
    "Series;Time;Value\nPort PM10;2026-05-21T13:00:00+01:00;33\nGare PM10;2026-05-21T13:00:00+01:00;44\n",
    -1,
    { "in_metric = true", "metric_column = Series" },
    "tell the station before the metric",
    { "air/port\t{\"t\":1779364800000,\"pm10\":33}", "air/gare\t{\"t\":1779364800000,\"pm10\":44}" },
    { NULL },
    { NULL } },
  { "stations-as-columns",
    "Date;Aïn Diab;Sidi Moumen\n21/05/2026 13:00;41,5;33\n21/05/2026 14:00;n.d.;34\n",
    -1,
    { "metric = no2\nstation = Aïn Diab", "# Each column tells its own." },
    "is it no2 that they tell?",
    { "air/ain-diab\t{\"t\":1779364800000,\"no2\":41.5}", "air/sidi-moumen\t{\"t\":1779368400000,\"no2\":34}" },
    { "2 rows, 3 played of 2 stations; 0 skipped" },
    { NULL },
    "mesures-no2-2026.csv" },
  { "station-and-metric-in-names",
    "time;Port - PM10 (mg/m³);Gare - PM10 (mg/m³);BME280 pressure;temp min\n2026-05-21T12:00:00Z;0,04;0,05;101300;3\n",
    -1,
    { "metric = pm10\nstation = Port", "[value pressure_hpa]\ncolumn = BME280 pressure", "unit = Pa", "# [value temp_min]" },
    "of the stations and metrics",
    { "air/port\t{\"t\":1779364800000,\"pm10\":40}", "air/gare\t{\"t\":1779364800000,\"pm10\":50}", "\"pressure_hpa\":1013}" },
    { NULL },
    { NULL } },
  { "numbered-stations",
    "time,temp,Quarter 1 Power Use,Quarter 2  Power Use\n2026-05-21T12:00:00Z,20,5,6\n",
    -1,
    { "domain = energy", "metric = power_use\nstation = Quarter 1", "metric = power_use\nstation = Quarter 2" },
    "of the stations and metrics",
    { "energy/quarter-1\t{\"t\":1779364800000,\"power_use\":5}", "energy/quarter-2\t{\"t\":1779364800000,\"power_use\":6}",
      "energy/table\t{\"t\":1779364800000,\"temp_c\":20}" },
    { NULL },
    { NULL } },
  { "hours-as-columns",
    "Date;Site;Polluant;H01;H02;H03;H04;H05;H06;H07;H08;H09;H10;H11;H12;H13;H14;H15;H16;H17;H18;H19;H20;H21;H22;H23;H24\n"
    "21/05/2026;Gare;NO2;1;2;;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18;19;20;21;22;x;24\n"
    "22/03/2026;Gare;SO2;1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18;19;20;21;22;23;24\n",
    -1,
    { "metric_column = Polluant", "first_hour = 0\n", "columns = H01; H02;", "format = %d/%m/%Y\n" },
    "is the hour 1 the one from 00:00",
    { "air/gare\t{\"t\":1779318000000,\"no2\":1}", "air/gare\t{\"t\":1779400800000,\"no2\":24}",
      "{\"t\":1774141200000,\"so2\":2}", "{\"t\":1774144800000,\"so2\":4}" },
    { ":2: column \"H23\": \"x\" is no number", ":3: column \"Date\": \"22/03/2026 02:00\" never was",
      "2 rows, 45 played of 1 stations" },
    { "\"so2\":3}" } },
};

typedef struct {
  int status;
  char *out, *err;
} Ran;

static void
ran_clear(Ran *r)
{
  g_free(r->out);
  g_free(r->err);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Ran, ran_clear)

static Ran
run(const char *const *arguments)
{
  g_autoptr(GPtrArray) argv = g_ptr_array_new();
  Ran r;
  g_ptr_array_add(argv, (gpointer)CASA_SIM_PATH);
  g_ptr_array_add(argv, (gpointer) "--config");
  g_ptr_array_add(argv, (gpointer)(CASA_SOURCE_ROOT "/config"));
  for (; *arguments; arguments++)
    g_ptr_array_add(argv, (gpointer)*arguments);
  g_ptr_array_add(argv, NULL);
  r.status = test_run((const char *const *)argv->pdata, NULL, &r.out, &r.err);
  return r;
}

static void
says(const char *name, const char *text, const char *const words[WORDS])
{
  for (guint i = 0; i < WORDS && words[i]; i++) {
    if (!strstr(text, words[i]))
      g_error("%s: nothing of \"%s\" in:\n%s", name, words[i], text);
  }
}

static void
test_table(gconstpointer data)
{
  const Table *t = data;
  g_autofree char *dir = test_dir_new();
  g_autofree char *csv = g_build_filename(dir, t->file ? t->file : "table.csv", NULL),
                  *map = g_build_filename(dir, "table.map", NULL);
  g_assert_true(g_file_set_contents(csv, t->table, t->len, NULL));
  g_auto(Ran) proposed = run((const char *const[]){ "--print-map", csv, NULL });
  g_assert_cmpint(proposed.status, ==, 0);
  says(t->name, proposed.out, t->map);
  if (!strstr(proposed.out, "# QUESTION: ") != !t->asked ||
      (t->asked && (!strstr(proposed.out, t->asked) || !strstr(proposed.err, t->asked))))
    g_error("%s: asks otherwise than \"%s\":\n%s%s", t->name, t->asked, proposed.out, proposed.err);
  g_assert_true(g_file_set_contents(map, proposed.out, -1, NULL));
  g_auto(Ran) played = run((const char *const[]){ "--from-csv", csv, "--map", map, "--stdout", NULL });
  if (played.status != 0)
    g_error("%s: %d: %s", t->name, played.status, played.err);
  says(t->name, played.out, t->played);
  says(t->name, played.err, t->told);
  for (guint i = 0; i < WORDS && t->absent[i]; i++) {
    if (strstr(proposed.out, t->absent[i]) || strstr(played.out, t->absent[i]))
      g_error("%s: \"%s\" in:\n%s%s", t->name, t->absent[i], proposed.out, played.out);
  }
  test_dir_remove(dir);
}

/* What nothing tells is left open, and the mapping is refused until somebody answered. */
static void
open_question(const char *table, const char *question, const char *format)
{
  g_autofree char *dir = test_dir_new();
  g_autofree char *csv = g_build_filename(dir, "t.csv", NULL), *map = g_build_filename(dir, "t.map", NULL);
  g_assert_true(g_file_set_contents(csv, table, -1, NULL));
  g_auto(Ran) proposed = run((const char *const[]){ "--print-map", csv, NULL });
  says("open", proposed.out,
       (const char *const[WORDS]){ question, "# format = %d/%m/%Y %H:%M\n# format = %m/%d/%Y %H:%M\nformat = ?\n" });
  says("open", proposed.err, (const char *const[WORDS]){ question });
  g_assert_true(g_file_set_contents(map, proposed.out, -1, NULL));
  g_auto(Ran) refused = run((const char *const[]){ "--from-csv", csv, "--map", map, "--stdout", NULL });
  g_assert_cmpint(refused.status, ==, 2);
  says("open", refused.err, (const char *const[WORDS]){ "t.map:", "[time] format", "the question above it is still open" });
  char **halves = g_strsplit(proposed.out, "format = ?", 2);
  g_autofree char *answered = g_strjoin(format, halves[0], halves[1], NULL);
  g_strfreev(halves);
  g_assert_true(g_file_set_contents(map, answered, -1, NULL));
  g_auto(Ran) played = run((const char *const[]){ "--from-csv", csv, "--map", map, "--stdout", NULL });
  g_assert_cmpint(played.status, ==, 0);
  test_dir_remove(dir);
}

static void
test_open_questions(void)
{
  open_question("date,pm10\n05/06/2026 08:00,1\n05/06/2026 09:00,2\n", "is the day or the month first? No row",
                "format = %d/%m/%Y %H:%M");
  open_question("date,pm10\n05/21/2026 08:00,1\n21/05/2026 09:00,2\n22/05/2026 09:00,2\n", "some only the other",
                "format = %d/%m/%Y %H:%M");
}

/* For programs: what each column is, the unit also where it is the usual one, and what is asked. */
static void
test_json(void)
{
  g_autofree char *dir = test_dir_new();
  g_autofree char *csv = g_build_filename(dir, "t.csv", NULL);
  g_assert_true(g_file_set_contents(csv, "Date;Heure;Site;NO2;temp_f\n21/05/2026;08:00;A;3;68\n", -1, NULL));
  g_auto(Ran) r = run((const char *const[]){ "--print-map", csv, "--json", NULL });
  g_assert_cmpint(r.status, ==, 0);
  g_assert_cmpstr(r.err, ==, "");
  json_t *root = json_loads(r.out, 0, NULL), *column;
  g_assert_nonnull(root);
  json_t *columns = json_object_get(root, "columns"), *time = json_object_get(root, "time");
  g_assert_cmpstr(json_string_value(json_object_get(time, "column2")), ==, "Heure");
  g_assert_cmpstr(json_string_value(json_object_get(time, "format")), ==, "%d/%m/%Y %H:%M");
  g_assert_cmpstr(json_string_value(json_object_get(json_object_get(root, "station"), "column")), ==, "Site");
  g_assert_cmpuint(json_array_size(columns), ==, 2);
  column = json_array_get(columns, 0);
  g_assert_cmpstr(json_string_value(json_object_get(column, "metric")), ==, "no2");
  g_assert_cmpstr(json_string_value(json_object_get(column, "unit")), ==, "µg/m³");
  column = json_array_get(columns, 1);
  g_assert_cmpstr(json_string_value(json_object_get(column, "unit")), ==, "f");
  g_assert_cmpuint(json_array_size(json_object_get(root, "questions")), ==, 1);
  json_decref(root);
  g_auto(Ran) alone = run((const char *const[]){ "--json", NULL });
  g_assert_cmpint(alone.status, ==, 2);
  test_dir_remove(dir);
}

static void
test_utf16(void)
{
  static const char table[] = "\xff\xfe"
                              "t\0,\0p\0\n\0";
  g_autofree char *dir = test_dir_new();
  g_autofree char *csv = g_build_filename(dir, "t.csv", NULL);
  g_assert_true(g_file_set_contents(csv, table, sizeof table - 1, NULL));
  g_auto(Ran) r = run((const char *const[]){ "--print-map", csv, NULL });
  g_assert_cmpint(r.status, ==, 2);
  says("utf-16", r.err, (const char *const[WORDS]){ "this is UTF-16: save the table as \"CSV UTF-8\"" });
  test_dir_remove(dir);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS(tables); i++) {
    g_autofree char *path = g_strconcat("/sim/tables/", tables[i].name, NULL);
    g_test_add_data_func(path, &tables[i], test_table);
  }
  g_test_add_func("/sim/tables/open-questions", test_open_questions);
  g_test_add_func("/sim/tables/utf-16", test_utf16);
  g_test_add_func("/sim/tables/json", test_json);
  return g_test_run();
}
