/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include "base/clock.h"
#include "store/reader.h"
#include "wire/encode.h"

#include "export-open311.h"

#define AT_MOST 20000 /* reports that a store keeps */

static void
append_text(GString *out, const char *key, const char *text)
{
  g_string_append_printf(out, ",\"%s\":", key);
  casa_encode_string(out, text);
}

static void
append_place(GString *out, const char *key, double degrees)
{
  char buf[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append_printf(out, ",\"%s\":%s", key, cli_number(buf, degrees));
}

/* What is not known is left out; status_notes warns of what a closed report does not say. */
static void
append_request(GString *out, const CasaStoredReport *report)
{
  char time[32];
  g_autofree char *id = g_strdup_printf("%s/%s", report->about.source, report->about.id);
  g_string_append(out, "{\"service_request_id\":");
  casa_encode_string(out, id);
  append_text(out, "status", report->about.closed ? "closed" : "open");
  if (report->about.closed)
    append_text(out, "status_notes", "closed by its sender, which does not mean that it is mended");
  append_text(out, "service_name", report->about.service);
  append_text(out, "service_code", report->about.service);
  append_text(out, "description", report->about.text);
  append_text(out, "requested_datetime", casa_time_format(report->received_ms, time));
  append_place(out, "lat", report->about.lat);
  append_place(out, "long", report->about.lon);
  g_string_append_c(out, '}');
}

gboolean
cli_export_open311(CasaReader *reader, const CasaExportQuery *query, GError **error)
{
  g_autoptr(GArray) reports = casa_reader_reports(reader, TRUE, AT_MOST, error);
  g_autoptr(GString) out = g_string_new("[");
  if (!reports)
    return FALSE;
  for (guint i = 0; i < reports->len; i++) {
    const CasaStoredReport *report = &g_array_index(reports, CasaStoredReport, i);
    if ((query->source && !g_pattern_match_simple(query->source, report->about.source)) ||
        report->received_ms < query->from_ms || report->received_ms >= query->to_ms)
      continue;
    g_string_append(out, out->len > 1 ? ",\n" : "\n");
    append_request(out, report);
  }
  g_string_append(out, "\n]\n");
  cli_write(out->str, out->len); /* what it takes no more of is said at the end */
  return TRUE;
}
