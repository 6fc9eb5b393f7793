/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/desk/explore-export.h"
#include "base/clock.h"
#include "ui/text/lang.h"
#include <math.h>

#define CHART 220
#define TABLE_ROWS 48

static void
add_data(CasaSheet *sheet, CasaExploreCurve *curve)
{
  const CasaColumns *columns = casa_explore_curve_columns(curve);
  g_auto(GStrv) path = g_strsplit(casa_explore_curve_path(curve), "/", 4);

  for (guint i = 0; columns && i < columns->n; i++) {
    const CasaTimeColumn *c = &columns->columns[i];
    const gint64 t = columns->from_ms + (gint64)i * columns->width_ms;
    char time[32];
    if (c->n == 0 || t + columns->width_ms <= sheet->from_ms || t >= sheet->to_ms)
      continue;
    g_autofree char *mean = casa_sheet_number(c->mean), *min = casa_sheet_number(c->min), *max = casa_sheet_number(c->max);
    g_autofree char *n = g_strdup_printf("%u", c->n), *width = g_strdup_printf("%" G_GINT64_FORMAT, columns->width_ms);
    casa_sheet_row(sheet->data, casa_time_format(t, time), path[0], path[1], path[2], path[3], casa_explore_curve_unit(curve),
                   mean, min, max, n, width, casa_explore_curve_is_simulated(curve) ? "simulated" : "real", NULL);
  }
}

/* Mean of what was measured in [@from_ms, @to_ms). */
static double
mean_of(CasaExploreCurve *curve, gint64 from_ms, gint64 to_ms)
{
  const CasaColumns *columns = casa_explore_curve_columns(curve);
  double sum = 0;
  guint n = 0;

  for (guint i = 0; columns && i < columns->n; i++) {
    const gint64 t = columns->from_ms + (gint64)i * columns->width_ms;
    if (t < from_ms || t >= to_ms || columns->columns[i].n == 0)
      continue;
    sum += columns->columns[i].mean * columns->columns[i].n;
    n += columns->columns[i].n;
  }
  return n ? sum / n : NAN;
}

static char *
moment(const CasaSheet *sheet, gint64 t_ms)
{
  g_autofree char *clock = casa_lang_clock(t_ms, FALSE), *date = casa_lang_date(t_ms);

  return sheet->to_ms - sheet->from_ms <= G_GINT64_CONSTANT(25) * 3600000 ? g_steal_pointer(&clock)
                                                                          : g_strdup_printf("%s %s", date, clock);
}

/* The newest stretch first. */
static void
add_table(CasaSheet *sheet, const GPtrArray *curves)
{
  const gint64 step = MAX((sheet->to_ms - sheet->from_ms) / TABLE_ROWS, 1);
  GStrv heads = g_new0(char *, curves->len + 2);

  heads[0] = g_strdup(_("heure"));
  for (guint i = 0; i < curves->len; i++) {
    g_autofree char *title = casa_explore_curve_title(curves->pdata[i]);
    heads[i + 1] = g_strdup_printf("%s (%s)", title, casa_explore_curve_unit(curves->pdata[i]));
  }
  g_ptr_array_add(sheet->table, heads);
  for (guint k = 1; k <= TABLE_ROWS; k++) {
    const gint64 from = sheet->to_ms - k * step;
    GStrv row = g_new0(char *, curves->len + 2);
    row[0] = moment(sheet, from);
    for (guint i = 0; i < curves->len; i++)
      row[i + 1] =
        casa_lang_number(mean_of(curves->pdata[i], from, from + step), casa_explore_curve_decimals(curves->pdata[i]));
    g_ptr_array_add(sheet->table, row);
  }
}

static void
add_curve(CasaSheet *sheet, CasaExploreCurve *curve)
{
  g_autofree char *title = casa_explore_curve_title(curve);
  g_autofree char *words = casa_sheet_provenance_words(casa_explore_curve_is_simulated(curve) ? CASA_FROM_SIMULATOR : 0);
  g_autofree char *head = g_strdup_printf("%s  %s   %s", title, casa_explore_curve_unit(curve), words);

  casa_sheet_add_chart(sheet, head, CHART, casa_explore_curve_chart(curve));
  add_data(sheet, curve);
}

CasaSheet *
casa_explore_sheet(const CasaDesk *desk, const GPtrArray *curves, CasaViewport *viewport)
{
  g_autoptr(GString) sources = g_string_new(NULL);
  gint64 from, to;

  casa_viewport_range(viewport, &from, &to);
  for (guint i = 0; i < curves->len; i++)
    g_string_append_printf(sources, "%s%s", i ? " · " : "", casa_explore_curve_path(curves->pdata[i]));
  CasaSheet *sheet = casa_sheet_new(desk->theme, desk->font, _("Explorer les mesures"), sources->str, from, to);
  casa_sheet_row(sheet->data, "time", "source", "domain", "station", "metric", "unit", "mean", "min", "max", "samples",
                 "column_ms", "provenance", NULL);
  for (guint i = 0; i < curves->len; i++)
    add_curve(sheet, curves->pdata[i]);
  add_table(sheet, curves);
  return sheet;
}
