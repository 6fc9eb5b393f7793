/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include "analysis/city-indicators.h"
#include "base/clock.h"
#include "wire/encode.h"

#include <math.h>
#include <string.h>

static const CliCommand command = {
  .name = "indicators",
  .without_keyring = TRUE,
  .summary = "Prints what the standards ask of the city, and what the store has to say. The store may be in use meanwhile.",
  .details = "TIME: 2026-05-21T17:42:07Z, 2026-05-21, now, now-2h. Nothing that is later than it is looked at.\n\n"
             "  text  for reading (default)\n"
             "  csv   a line each: id, value, unit, state, limit, verdict, coverage, period, badges, place, formula, source\n"
             "  json  an object a line, with names and formulae in three languages\n\n"
             "A figure of too small a part of its period is not given: its state is not-enough-data. What is worked out, and\n"
             "against which limit, stands in governance.conf.\n\n"
             "Example:\n  casa indicators --at 2026-05-21T22:00:00Z --format csv",
};

static const char *const STATES[] = { "no-data", "not-enough-data", "value" };
static const char *const VERDICTS[] = { "", "not-yet", "good", "bad" };

/* The bound that the value is held against: of a count, how many a year are allowed. */
static double
bound_of(const CasaYardstick *y)
{
  return y->kind == CASA_YARDSTICK_EXCEEDANCE ? y->allowed : y->limit;
}

static void
append_field(GString *out, const char *text)
{
  g_auto(GStrv) parts = g_strsplit(text, "\"", -1);
  g_autofree char *doubled = g_strjoinv("\"\"", parts);

  if (out->len > 0 && out->str[out->len - 1] != '\n')
    g_string_append_c(out, ',');
  if (strpbrk(text, ",\"\n"))
    g_string_append_printf(out, "\"%s\"", doubled);
  else
    g_string_append(out, text);
}

/* Numbers as they are shown; "": there is none. */
static const char *
shown(char buf[G_ASCII_DTOSTR_BUF_SIZE], double value, guint decimals)
{
  char format[8];

  g_snprintf(format, sizeof format, "%%.%uf", decimals);
  return isfinite(value) ? g_ascii_formatd(buf, G_ASCII_DTOSTR_BUF_SIZE, format, value) : "";
}

/* "simulated; estimate": what a reader must know. (transfer full) */
static char *
badges(const CasaFinding *finding)
{
  const char *one = finding->simulated ? "simulated" : "", *other = finding->yardstick->estimate ? "estimate" : "";

  return g_strconcat(one, *one && *other ? "; " : "", other, NULL);
}

static void
csv_row(GString *out, const CasaFinding *f)
{
  const CasaYardstick *y = f->yardstick;
  char value[G_ASCII_DTOSTR_BUF_SIZE], bound[G_ASCII_DTOSTR_BUF_SIZE], limit[G_ASCII_DTOSTR_BUF_SIZE],
    covered[G_ASCII_DTOSTR_BUF_SIZE], period[G_ASCII_DTOSTR_BUF_SIZE], from[32], to[32];
  g_autofree char *badge = badges(f);
  const char *fields[] = { y->id,
                           shown(value, f->value, y->decimals),
                           y->unit.en,
                           STATES[f->state],
                           shown(limit, y->limit, 0),
                           shown(bound, isfinite(y->limit) ? bound_of(y) : NAN, 0),
                           VERDICTS[f->judgement],
                           f->period > 0 ? shown(covered, f->covered, 1) : "",
                           f->period > 0 ? shown(period, f->period, 0) : "",
                           f->period > 0 ? f->in_hours ? "hours" : "days" : "",
                           f->to_ms ? casa_time_format(f->from_ms, from) : "",
                           f->to_ms ? casa_time_format(f->to_ms, to) : "",
                           badge,
                           f->place_fr ? f->place_fr : "",
                           y->name.en,
                           y->formula.en,
                           y->source.en };

  g_string_truncate(out, 0);
  for (guint i = 0; i < G_N_ELEMENTS(fields); i++) {
    if (i > 0 && out->len == 0)
      g_string_append_c(out, ',');
    append_field(out, fields[i]);
  }
  g_string_append_c(out, '\n');
}

static void
json_text(GString *out, const char *key, const char *text)
{
  g_string_append_printf(out, "%s\"%s\":", out->str[out->len - 1] == '{' ? "" : ",", key);
  casa_encode_string(out, text);
}

static void
json_number(GString *out, const char *key, double value)
{
  char buf[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf(out, "%s\"%s\":%s", out->str[out->len - 1] == '{' ? "" : ",", key,
                         isfinite(value) ? cli_number(buf, value) : "null");
}

static void
json_texts(GString *out, const char *key, const CasaText *text)
{
  g_string_append_printf(out, ",\"%s\":{", key);
  json_text(out, "fr", text->fr);
  json_text(out, "en", text->en);
  json_text(out, "ar", text->ar);
  g_string_append_c(out, '}');
}

static void
json_worst(GString *out, const GArray *worst)
{
  g_string_append(out, ",\"worst\":[");
  for (guint i = 0; i < worst->len; i++) {
    const CasaWayHome *way = &g_array_index(worst, CasaWayHome, i);
    g_string_append(out, i ? ",{" : "{");
    json_text(out, "stop", way->stop->id);
    g_string_append_printf(out, ",\"hour\":%" G_GINT64_FORMAT, way->hour_ms);
    json_number(out, "score", way->score);
    json_number(out, "wait_min", way->wait_min);
    json_number(out, "lit", way->lit);
    json_number(out, "boardings", way->people);
    g_string_append_c(out, '}');
  }
  g_string_append_c(out, ']');
}

static void
json_row(GString *out, const CasaFinding *f)
{
  const CasaYardstick *y = f->yardstick;

  g_string_assign(out, "{");
  json_text(out, "id", y->id);
  json_text(out, "state", STATES[f->state]);
  json_number(out, "value", f->value);
  json_texts(out, "unit", &y->unit);
  json_number(out, "limit", y->limit);
  json_number(out, "bound", isfinite(y->limit) ? bound_of(y) : NAN);
  json_text(out, "verdict", VERDICTS[f->judgement]);
  json_number(out, "covered", f->period > 0 ? f->covered : NAN);
  json_number(out, "period", f->period > 0 ? f->period : NAN);
  json_text(out, "period_unit", f->period > 0 ? f->in_hours ? "hours" : "days" : "");
  if (f->to_ms)
    g_string_append_printf(out, ",\"from\":%" G_GINT64_FORMAT ",\"to\":%" G_GINT64_FORMAT, f->from_ms, f->to_ms);
  g_string_append_printf(out, ",\"simulated\":%s,\"estimate\":%s", f->simulated ? "true" : "false",
                         y->estimate ? "true" : "false");
  if (f->place_fr)
    json_text(out, "place", f->place_fr);
  json_texts(out, "name", &y->name);
  json_texts(out, "formula", &y->formula);
  json_texts(out, "source", &y->source);
  if (f->worst)
    json_worst(out, f->worst);
  g_string_append(out, "}\n");
}

/* "2 days; limit 3; good" */
static void
text_row(GString *out, const CasaFinding *f)
{
  static const char *const words[] = { "", "not judged yet", "within", "over" };
  const CasaYardstick *y = f->yardstick;
  char value[G_ASCII_DTOSTR_BUF_SIZE], bound[G_ASCII_DTOSTR_BUF_SIZE], covered[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *badge = badges(f);

  g_string_printf(out, "%s\n  ", y->name.en);
  if (f->state == CASA_FINDING_VALUE)
    g_string_append_printf(out, "%s %s", shown(value, f->value, y->decimals), y->unit.en);
  else
    g_string_append(out, f->state == CASA_FINDING_NO_DATA ? "no data" : "not enough data");
  if (f->state == CASA_FINDING_VALUE && isfinite(y->limit))
    g_string_append_printf(out, "; %s %s: %s", y->at_least ? "at least" : "at most", shown(bound, bound_of(y), 0),
                           words[f->judgement]);
  if (f->place_fr && f->state == CASA_FINDING_VALUE)
    g_string_append_printf(out, "; %s", f->place_fr);
  if (f->period > 0)
    g_string_append_printf(out, "; %s of %.0f %s", shown(covered, floor(f->covered), 0), f->period,
                           f->in_hours ? "hours" : "days");
  g_string_append_printf(out, "%s%s%s\n  = %s\n  %s\n\n", *badge ? " [" : "", badge, *badge ? "]" : "", y->formula.en,
                         y->source.en);
}

typedef void (*RowFunc)(GString *out, const CasaFinding *finding);

/* NULL: there is no such format. */
static RowFunc
format_of(const char *format)
{
  if (!format || strcmp(format, "text") == 0)
    return text_row;
  return strcmp(format, "csv") == 0 ? csv_row : strcmp(format, "json") == 0 ? json_row : NULL;
}

static void
print(const GPtrArray *findings, RowFunc row)
{
  static const char header[] = "id,value,unit,state,limit,bound,verdict,covered,period,period_unit,from,to,badges,place,name,"
                               "formula,source\n";
  g_autoptr(GString) line = g_string_new(NULL);

  if (row == csv_row)
    cli_write(header, sizeof header - 1);
  for (guint i = 0; i < findings->len; i++) {
    row(line, findings->pdata[i]);
    if (!cli_write(line->str, line->len))
      return;
  }
}

static int
work_out(const CasaConfig *config, const char *at, RowFunc row)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaReader) reader = casa_reader_open(config->store_path, &error);
  gint64 at_ms = reader ? casa_reader_now_ms(reader) : 0;

  if (!reader)
    return cli_fail(&command, error);
  if (at && !casa_time_parse_at(at, at_ms, &at_ms, &error))
    return cli_usage(&command, "--at: %s", error->message);
  g_autoptr(CasaIndicators) indicators = casa_indicators_load(config->dir, &error);
  g_autoptr(CasaYardsticks) yardsticks = indicators ? casa_yardsticks_load(config->dir, indicators, &error) : NULL;
  g_autoptr(CasaCity) city = yardsticks ? casa_city_load(config->dir, &error) : NULL;
  if (!city)
    return cli_fail(&command, error);
  g_autoptr(GPtrArray) findings = casa_city_indicators(reader, city, yardsticks, at_ms, NULL, &error);
  if (!findings)
    return cli_fail(&command, error);
  print(findings, row);
  return CLI_OK;
}

int
cli_indicators(int argc, char **argv)
{
  g_autofree char *at = NULL, *format = NULL;
  const GOptionEntry own[] = {
    { "at", 0, 0, G_OPTION_ARG_STRING, &at, "As of this moment (default: now)", "TIME" },
    { "format", 'f', 0, G_OPTION_ARG_STRING, &format, "text (default), csv or json", "text|csv|json" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr(CasaConfig) config = NULL;
  int status;

  if (!cli_parse(&command, own, &argc, &argv, &config, &status))
    return status;
  if (argc > 1)
    return cli_usage(&command, "unexpected argument \"%s\"", argv[1]);
  const RowFunc row = format_of(format);
  if (!row)
    return cli_usage(&command, "--format %s: use text, csv or json", format);
  return cli_finish_stdout(&command, work_out(config, at, row));
}
