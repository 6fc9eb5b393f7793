/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/chart-sheet.h"
#include "ui/chart/chart-readout.h"
#include "ui/text/phrases.h"

#define HEIGHT 420
#define TABLE_ROWS 48 /* of a day: one for half an hour */

static char *
provenance(const CasaChartSheet *self, const CasaChartLine *line, const CasaIndicator *of)
{
  if (line->ahead)
    return g_strdup("forecast");
  if (line->dotted)
    return g_strdup("estimate");
  return casa_sheet_provenance(casa_model_figure(self->model, of)->from);
}

/* What is drawn of it: a line behind ends at now, a forecast begins there. */
static void
add_line(const CasaChartSheet *self, CasaSheet *sheet, guint i)
{
  const CasaChartPicture *picture = casa_chart_picture(self->chart);
  const CasaChartLine *line = &picture->lines[i];
  const gint64 from = line->ahead ? MAX(picture->from_ms, picture->now_ms) : picture->from_ms;
  const gint64 to = line->behind && picture->now_ms ? MIN(picture->to_ms, picture->now_ms) : picture->to_ms;
  g_autofree char *origin = provenance(self, line, self->lines[i]);

  for (guint k = line->data ? casa_pyramid_search(line->data, from) : 0; line->data && k < casa_pyramid_length(line->data);
       k++) {
    char time[32];
    gint64 t;
    double value;
    casa_pyramid_get(line->data, k, &t, &value);
    if (t > to)
      break;
    g_autofree char *number = casa_sheet_number(value);
    if (*number)
      casa_sheet_row(sheet->data, casa_time_format(line->behind ? t - self->earlier_ms : t, time), self->lines[i]->id,
                     line->name ? line->name : "", casa_phrases_text(&self->lines[i]->unit), number, origin, NULL);
  }
}

static char *
sources(const CasaChartSheet *self, guint n, CasaProvenance *from)
{
  GString *text = g_string_new(NULL);

  for (guint i = 0; i < n; i++) {
    *from |= casa_model_figure(self->model, self->lines[i])->from;
    if (!strstr(text->str, self->lines[i]->id))
      g_string_append_printf(text, "%s%s", text->len ? " · " : "", self->lines[i]->id);
  }
  return g_string_free(text, FALSE);
}

CasaSheet *
casa_chart_sheet(const CasaChartSheet *self)
{
  const CasaChartPicture *picture = casa_chart_picture(self->chart);
  CasaProvenance from = 0;

  if (!picture->theme || picture->n_lines == 0)
    return NULL;
  g_autofree char *source = sources(self, picture->n_lines, &from), *words = casa_sheet_provenance_words(from);
  g_autofree char *head = g_strdup_printf("%s  %s   %s", self->title, casa_phrases_text(&self->lines[0]->unit), words);
  CasaSheet *sheet = casa_sheet_new(picture->theme, picture->font, self->title, source, picture->from_ms, picture->to_ms);

  casa_sheet_add_chart(sheet, head, HEIGHT, self->chart);
  casa_sheet_row(sheet->data, "time", "indicator", "line", "unit", "value", "provenance", NULL);
  for (guint i = 0; i < picture->n_lines; i++)
    add_line(self, sheet, i);
  g_ptr_array_unref(sheet->table);
  sheet->table = casa_chart_table(picture, TABLE_ROWS);
  return sheet;
}
