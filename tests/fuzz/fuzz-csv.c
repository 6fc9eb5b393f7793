/* SPDX-License-Identifier: Apache-2.0 */
#include "casa-build.h"
#include "fuzz.h"
#include "replay/replay-map-json.h"
#include "replay/replay-propose.h"
#include "replay/replay-rows.h"
#include "wire/topic.h"

#include <string.h>

/* Columns by number, so that any header will do. */
static const char mapping[] =
  "[replay]\ndomain = air\nmissing = NA; -\n[time]\ncolumn = 1\nformat = %d/%m/%Y %H:%M\nzone = Africa/Casablanca\n"
  "[station]\ncolumn = 2\nlat_column = 3\nlon_column = 4\nmoves = true\n"
  "[value pm10]\ncolumn = 5\n[value no2]\ncolumn = 6\nunit = ppb\n[value own]\ncolumn = 7\n";

static void
complain_cb(gpointer data, guint64 line, const char *text)
{
  g_assert_cmpuint(line, >, 0);
  g_assert_true(*text && g_utf8_validate(text, -1, NULL));
  ++*(guint64 *)data;
}

static CasaSimCsv *
reader_of(const uint8_t *data, size_t size, const char *encoding)
{
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_data(data, (gssize)size, NULL);
  return casa_sim_csv_new(stream, 0, encoding);
}

static const CasaMetrics *
metrics(void)
{
  static CasaMetrics *loaded;
  if (!loaded)
    loaded = casa_metrics_load(CASA_SOURCE_ROOT "/config", NULL);
  g_assert_nonnull(loaded);
  return loaded;
}

/* Plays @data by the mapping @text, if it is one: what is proposed may lack something. */
static void
play(const uint8_t *data, size_t size, const char *encoding, const char *text)
{
  GError *error = NULL;
  guint64 complaints = 0, used = 0;
  CasaSimRow row;
  CasaSimRowCounts counts;
  g_autoptr(CasaSimMap) map = casa_sim_map_new(casa_keyfile_parse(text, strlen(text), "map", NULL), metrics(), NULL);
  if (!map)
    return;
  g_autoptr(CasaSimCsv) csv = reader_of(data, size, encoding);
  g_autoptr(CasaSimRows) rows = casa_sim_rows_new(csv, map, metrics(), "casa/v1", "fuzz", complain_cb, &complaints, &error);
  fuzz_check_error(rows != NULL, error);
  for (; rows && used < 10000 && casa_sim_rows_next(rows, &row); used++) {
    CasaTopic topic;
    CasaReason why;
    g_assert_true(casa_topic_parse("casa/v1", row.topic, strlen(row.topic), &topic, &why));
    g_assert_true(row.n_values > 0 && row.t_ms >= 0 && row.values->len > 0);
  }
  if (!rows)
    return;
  casa_sim_rows_counts(rows, &counts);
  if (text == mapping && used < 10000) /* else a row may give several */
    g_assert_cmpuint(counts.rows, ==, used + counts.bad_rows + counts.empty_rows);
  g_assert_cmpuint(complaints, >=, counts.bad_rows + counts.bad_cells);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  GError *error = NULL;
  play(data, size, NULL, mapping);
  play(data, size, "windows-1252", mapping);
  g_autoptr(CasaSimCsv) csv = reader_of(data, size, NULL);
  g_autofree char *proposal = casa_sim_propose_map(csv, metrics(), "table.csv", &error);
  fuzz_check_error(proposal != NULL, error);
  if (!proposal)
    return 0;
  g_autoptr(CasaKeyfile) file = casa_keyfile_parse(proposal, strlen(proposal), "proposal", &error);
  g_assert_no_error(error); /* what is proposed may lack something, but it can be read */
  g_assert_true(casa_keyfile_has_group(file, "time"));
  play(data, size, CASA_SIM_CSV_GUESS, proposal);
  g_autofree char *json = casa_sim_map_json(proposal, "table.csv", metrics());
  g_assert_true(g_utf8_validate(json, -1, NULL));
  return 0;
}
