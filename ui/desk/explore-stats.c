/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/desk/explore-stats.h"
#include "base/time-units.h"
#include "ui/kit/direction.h"
#include "ui/kit/label.h"
#include "ui/text/lang.h"
#include <math.h>

#define COLUMNS 10
#define GAP 14
#define NAME_LEAST 190 /* px of a name, before a column goes */
#define ROWS (CASA_EXPLORE_CURVES_MAX + 1)

GtkWidget *
casa_explore_stats_new(void)
{
  GtkWidget *grid = gtk_grid_new();

  gtk_grid_set_column_spacing(GTK_GRID(grid), GAP);
  gtk_grid_set_row_spacing(GTK_GRID(grid), 4);
  gtk_widget_set_margin_top(grid, 8);
  gtk_widget_set_margin_bottom(grid, 8);
  gtk_widget_set_margin_start(grid, 14);
  gtk_widget_set_margin_end(grid, 14);
  for (guint row = 0; row < ROWS; row++)
    for (guint column = 0; column < COLUMNS; column++) {
      const gboolean emphasis = row > 0 && (column == 0 || column == 3 || column == 6);
      GtkWidget *label = casa_label_new(row == 0 && column > 0 ? "quiet"
                                        : column == 1          ? "quiet"
                                        : emphasis             ? "strong"
                                                               : "plain");
      gtk_label_set_xalign(GTK_LABEL(label), column < 2 ? 0 : 1);
      gtk_widget_set_hexpand(label, TRUE);
      gtk_grid_attach(GTK_GRID(grid), label, (int)column, (int)row, 1, 1);
    }
  casa_label_set(gtk_grid_get_child_at(GTK_GRID(grid), 0, 0), "");
  gtk_widget_add_css_class(gtk_grid_get_child_at(GTK_GRID(grid), 0, 0), "strong");
  return grid;
}

static void
set(GtkWidget *grid, guint column, guint row, const char *text)
{
  GtkWidget *label = gtk_grid_get_child_at(GTK_GRID(grid), (int)column, (int)row);

  casa_label_set(label, text);
  gtk_widget_set_visible(label, TRUE);
}

/* What was reckoned of means is said to be near only. */
static char *
near(double value, guint decimals, gboolean exact)
{
  g_autofree char *number = casa_lang_number(value, decimals);

  return exact || !isfinite(value) ? g_steal_pointer(&number) : g_strdup_printf("≈ %s", number);
}

static void
set_gaps(GtkWidget *grid, guint row, const CasaWindowStats *stats)
{
  g_autofree char *n = casa_lang_number(stats->n_gaps, 0), *age = casa_lang_age(stats->gaps_ms);
  g_autofree char *text = stats->n_gaps ? g_strdup_printf("%s · %s", n, age) : g_strdup(n);

  set(grid, 8, row, text);
}

static void
set_row(GtkWidget *grid, guint row, CasaExploreCurve *curve)
{
  const guint decimals = casa_explore_curve_decimals(curve);
  g_autofree char *title = casa_explore_curve_title(curve);
  CasaWindowStats s;

  set(grid, 0, row, title);
  set(grid, 1, row, casa_explore_curve_unit(curve));
  if (!casa_explore_curve_stats(curve, &s)) {
    for (guint column = 2; column < COLUMNS; column++)
      set(grid, column, row, "…");
    return;
  }
  g_autofree char *min = casa_lang_number(s.min, decimals), *mean = casa_lang_number(s.mean, decimals);
  g_autofree char *median = near(s.median, decimals, s.exact), *p95 = near(s.p95, decimals, s.exact);
  g_autofree char *max = casa_lang_number(s.max, decimals), *n = casa_lang_number((double)s.n, 0);
  g_autofree char *share = casa_lang_number(s.coverage * 100, s.coverage >= 0.9995 || s.coverage <= 0.0005 ? 0 : 1);
  g_autofree char *coverage = g_strdup_printf(_("%s %%"), share);
  const char *const texts[] = { min, mean, median, p95, max, n };
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    set(grid, i + 2, row, texts[i]);
  set_gaps(grid, row, &s);
  set(grid, 9, row, coverage);
}

static char *
moment(gint64 t_ms, gint64 span_ms)
{
  g_autofree char *clock = casa_lang_clock(t_ms, span_ms < CASA_HOUR_MS);
  g_autofree char *date = casa_lang_date(t_ms);

  return span_ms < CASA_DAY_MS ? g_steal_pointer(&clock) : g_strdup_printf("%s %s", date, clock);
}

static int
column_width(GtkWidget *grid, guint column)
{
  int widest = 0;

  for (guint row = 0; row < ROWS; row++) {
    GtkWidget *label = gtk_grid_get_child_at(GTK_GRID(grid), (int)column, (int)row);
    int natural = 0;
    if (gtk_widget_get_visible(label))
      gtk_widget_measure(label, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL, NULL);
    widest = MAX(widest, natural);
  }
  return widest;
}

/* Where there is no room for all columns the least needed go; no number is cut. */
static void
leave_out(GtkWidget *grid, guint rows)
{
  static const guint least[] = { 5, 4, 7, 8 };
  const int width = gtk_widget_get_width(grid);
  int need = MIN(column_width(grid, 0), NAME_LEAST);

  for (guint column = 1; column < COLUMNS; column++)
    need += column_width(grid, column) + GAP;
  for (guint i = 0; i < G_N_ELEMENTS(least) && width > 0 && need > width; i++) {
    need -= column_width(grid, least[i]) + GAP;
    for (guint row = 0; row < rows; row++)
      gtk_widget_set_visible(gtk_grid_get_child_at(GTK_GRID(grid), (int)least[i], (int)row), FALSE);
  }
}

void
casa_explore_stats_set(GtkWidget *stats, const GPtrArray *curves, CasaViewport *viewport)
{
  const char *heads[COLUMNS] = { NULL,         "",           _("min"), /* TR: heads of a table of statistics */
                                 _("moyenne"), _("médiane"), "p95",    _("max"), _("mesures"), _("lacunes"), _("couverture") };
  gint64 from, to;

  casa_viewport_range(viewport, &from, &to);
  g_autofree char *begin = moment(from, to - from), *end = moment(to, to - from);
  /* TR: head of the statistics: begin and end of what is seen */
  g_autofree char *head = g_strdup_printf(_("Fenêtre visible · %s → %s"), begin, end);
  set(stats, 0, 0, head);
  for (guint i = 1; i < COLUMNS; i++)
    set(stats, i, 0, heads[i]);
  for (guint row = 1; row < ROWS; row++) {
    for (guint column = 0; column < COLUMNS; column++)
      gtk_widget_set_visible(gtk_grid_get_child_at(GTK_GRID(stats), (int)column, (int)row), row <= curves->len);
    if (row <= curves->len)
      set_row(stats, row, curves->pdata[row - 1]);
  }
  leave_out(stats, MIN(curves->len + 1, ROWS));
}
