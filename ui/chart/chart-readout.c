/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/chart/chart-readout.h"
#include "ui/text/lang.h"
#include <math.h>

#define DASH "—"

/* Where any samples are joined, a hundredth of the window is near enough. */
static gint64
patience(const CasaChartPicture *picture)
{
  return picture->gap_ms > 0 ? picture->gap_ms : MAX((picture->to_ms - picture->from_ms) / 100, 1);
}

CasaChartReading
casa_chart_reading_at(const CasaChartPicture *picture, const CasaChartLine *line, gint64 t_ms)
{
  CasaChartReading reading = { .value = NAN };
  const guint end = line->data ? casa_pyramid_search(line->data, t_ms + 1) : 0;
  if (end == 0)
    return reading;
  casa_pyramid_get(line->data, end - 1, &reading.t_ms, &reading.value);
  /* A break is as good as nothing. */
  reading.known = isfinite(reading.value) && t_ms - reading.t_ms <= patience(picture);
  return reading;
}

static char *
number(const CasaChartPicture *picture, const CasaChartReading *reading)
{
  return reading->known ? casa_lang_number(reading->value, picture->decimals) : g_strdup(DASH);
}

static const CasaChartLine *
line_behind(const CasaChartPicture *picture)
{
  for (guint i = 1; i < picture->n_lines; i++)
    if (picture->lines[i].behind)
      return &picture->lines[i];
  return NULL;
}

static void
add_difference(GString *text, const CasaChartPicture *picture, const CasaChartReading *now, const CasaChartReading *before)
{
  if (!now->known || !before->known)
    return;
  const double off = now->value - before->value;
  g_autofree char *amount = casa_lang_number(fabs(off), picture->decimals), *none = casa_lang_number(0, picture->decimals);
  if (g_str_equal(amount, none))
    g_string_append_printf(text, " · = %s", amount);
  else
    g_string_append_printf(text, " · %s%s", off > 0 ? "▲ +" : "▼ −", amount);
}

char *
casa_chart_readout(const CasaChartPicture *picture, gint64 t_ms)
{
  GString *text = g_string_new(NULL);
  const CasaChartLine *behind = line_behind(picture);
  if (picture->n_lines == 0)
    return g_string_free(text, FALSE);
  const CasaChartReading now = casa_chart_reading_at(picture, &picture->lines[0], t_ms);
  g_autofree char *value = number(picture, &now);
  g_string_append(text, value);
  if (now.known && picture->unit)
    g_string_append_printf(text, " %s", picture->unit);
  if (behind) {
    const CasaChartReading before = casa_chart_reading_at(picture, behind, t_ms);
    g_autofree char *other = number(picture, &before);
    g_string_append_printf(text, " · %s %s", behind->name ? behind->name : "", other);
    add_difference(text, picture, &now, &before);
  }
  return g_string_free(text, FALSE);
}

gboolean
casa_chart_step(const CasaChartPicture *picture, const CasaChartLine *line, gint64 t_ms, gint step, gint64 *out_t_ms)
{
  if (!line->data || step == 0)
    return FALSE;
  const gint64 first = casa_pyramid_search(line->data, picture->from_ms);
  const gint64 end = casa_pyramid_search(line->data, picture->to_ms + 1);
  if (end <= first)
    return FALSE;
  /* Between two samples the first step goes to the neighbour. */
  const gint64 from =
    step > 0 ? (gint64)casa_pyramid_search(line->data, t_ms + 1) - 1 : (gint64)casa_pyramid_search(line->data, t_ms);
  const gint64 to = CLAMP(from + step, first, end - 1);
  double value;
  casa_pyramid_get(line->data, (guint)to, out_t_ms, &value);
  return *out_t_ms != t_ms;
}

/* Mean of the samples in [@from_ms, @to_ms); NAN: none. */
static double
mean_of(const CasaPyramid *data, gint64 from_ms, gint64 to_ms)
{
  const guint end = casa_pyramid_search(data, to_ms);
  double sum = 0;
  guint n = 0;
  for (guint i = casa_pyramid_search(data, from_ms); i < end; i++) {
    gint64 t;
    double value;
    casa_pyramid_get(data, i, &t, &value);
    if (!isfinite(value))
      continue;
    sum += value;
    n++;
  }
  return n > 0 ? sum / n : NAN;
}

char *
casa_chart_statistics(const CasaChartPicture *picture)
{
  double min, max;
  if (picture->n_lines == 0 || picture->lines[0].data == NULL ||
      !casa_pyramid_range(picture->lines[0].data, picture->from_ms, picture->to_ms, &min, &max))
    return NULL;
  g_autofree char *low = casa_lang_number(min, picture->decimals), *high = casa_lang_number(max, picture->decimals);
  const double mean = mean_of(picture->lines[0].data, picture->from_ms, picture->to_ms);
  g_autofree char *middle = isnan(mean) ? g_strdup(DASH) : casa_lang_number(mean, picture->decimals);
  /* TR: of what a chart shows: lowest, mean, highest */
  return g_strdup_printf(_("min %s · moy. %s · max %s"), low, middle, high);
}

static char *
time_text(const CasaChartPicture *picture, gint64 t_ms)
{
  g_autofree char *clock = casa_lang_clock(t_ms, FALSE);
  if (picture->to_ms - picture->from_ms <= G_GINT64_CONSTANT(25) * 3600000)
    return g_steal_pointer(&clock);
  g_autofree char *date = casa_lang_date(t_ms);
  return g_strdup_printf("%s %s", date, clock);
}

static char **
row_new(const CasaChartPicture *picture, char *first)
{
  char **row = g_new0(char *, picture->n_lines + 2);
  row[0] = first;
  return row;
}

GPtrArray *
casa_chart_table(const CasaChartPicture *picture, guint rows)
{
  GPtrArray *table = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
  const gint64 end = picture->now_ms != 0 ? MIN(picture->now_ms, picture->to_ms) : picture->to_ms;
  const gint64 step = rows > 0 ? MAX((end - picture->from_ms) / rows, 1) : 0;
  /* TR: head of a table's first column: the time of each row */
  char **heads = row_new(picture, g_strdup(_("heure")));
  for (guint i = 0; i < picture->n_lines; i++)
    heads[i + 1] = g_strdup(picture->lines[i].name ? picture->lines[i].name : "");
  g_ptr_array_add(table, heads);
  for (guint k = 0; k < rows; k++) {
    const gint64 to = end - k * step, from = to - step;
    if (from < picture->from_ms)
      break;
    char **row = row_new(picture, time_text(picture, from));
    for (guint i = 0; i < picture->n_lines; i++) {
      const double mean = picture->lines[i].data ? mean_of(picture->lines[i].data, from, to) : NAN;
      row[i + 1] = isnan(mean) ? g_strdup(DASH) : casa_lang_number(mean, picture->decimals);
    }
    g_ptr_array_add(table, row);
  }
  return table;
}
