/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/chart/chart-revision.h"
#include <math.h>
#include <string.h>

#define MINUTE_MS (60 * 1000)

/* FNV-1a, 64 bit (Fowler, Noll, Vo). */
static guint64
mix(guint64 hash, gconstpointer data, gsize size)
{
  const guint8 *bytes = data;
  for (gsize i = 0; i < size; i++)
    hash = (hash ^ bytes[i]) * G_GUINT64_CONSTANT(0x100000001b3);
  return hash;
}

/* The pointer itself is among the picture's bytes; this is what stands there. */
static guint64
mix_text(guint64 hash, const char *text)
{
  return text == NULL ? hash : mix(hash, text, strlen(text) + 1);
}

static gint64
column_of(gint64 t_ms, double column_ms)
{
  return (gint64)floor((double)t_ms / column_ms);
}

/* The window is painted from a whole column on (see chart-layout.c), and "now" at a whole one. */
static void
tell_times_in_columns(CasaChartPicture *picture, double column_ms)
{
  const gint64 span = picture->to_ms - picture->from_ms;
  if (picture->now_ms != 0)
    picture->now_ms = 1 + llround((double)(picture->now_ms - picture->from_ms) / column_ms);
  picture->from_ms = (gint64)ceil((double)picture->from_ms / column_ms - 1e-6);
  picture->to_ms = span;
}

static guint64
mix_texts(guint64 hash, const CasaChartPicture *picture)
{
  for (guint i = 0; i < picture->n_lines; i++)
    hash = mix_text(hash, picture->lines[i].name);
  for (guint i = 0; i < picture->n_limits; i++)
    hash = mix_text(mix_text(hash, picture->limits[i].name), picture->limits[i].short_name);
  const char *const texts[] = { picture->ahead.badge, picture->gap_text, picture->unit, picture->font, picture->empty_text };
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    hash = mix_text(hash, texts[i]);
  return hash;
}

static guint64
mix_gaps(guint64 hash, const CasaChartPicture *picture, double column_ms)
{
  for (guint i = 0; i < picture->n_gaps; i++) {
    const gint64 ends[] = { column_of(picture->gaps[i].from_ms, column_ms), column_of(picture->gaps[i].to_ms, column_ms) };
    hash = mix(hash, ends, sizeof ends);
  }
  return hash;
}

static guint64
mix_flags(guint64 hash, const CasaChartPicture *picture, double column_ms)
{
  for (guint i = 0; i < picture->n_flags; i++) {
    const CasaChartFlag *flag = &picture->flags[i];
    const gint64 ends[] = { column_of(flag->from_ms, column_ms), column_of(flag->to_ms, column_ms) };
    hash = mix(hash, ends, sizeof ends);
    hash = mix(hash, &flag->colour, sizeof flag->colour);
    hash = mix_text(mix_text(hash, flag->sign), flag->text);
  }
  return hash;
}

/* The last of two panes takes no less than a third of the columns, and says the minute. */
static double
column_of_picture(const CasaChartPicture *picture, guint columns)
{
  const double span = (double)(picture->to_ms - picture->from_ms), last = (double)picture->last_pane_ms;
  if (last <= 0 || last >= span)
    return MAX(1, span / MAX(columns, 1));
  return CLAMP(last / MAX(columns / 3.0, 1), 1, MINUTE_MS);
}

static guint64
revision_of(const CasaChartPicture *picture, guint columns, guint64 (*of_line)(const CasaPyramid *data))
{
  const double column_ms = column_of_picture(picture, columns);
  CasaChartPicture told;
  memcpy(&told, picture, sizeof told); /* with its padding: told twice, it is the same */
  tell_times_in_columns(&told, column_ms);
  guint64 hash = mix(G_GUINT64_CONSTANT(0xcbf29ce484222325), &told, sizeof told);
  hash = mix(hash, &columns, sizeof columns);
  hash = mix_flags(mix_gaps(mix_texts(hash, picture), picture, column_ms), picture, column_ms);
  for (guint i = 0; i < picture->n_lines; i++) {
    const guint64 revision = picture->lines[i].data ? of_line(picture->lines[i].data) : 0;
    hash = mix(hash, &revision, sizeof revision);
  }
  const CasaPyramid *const band[] = { picture->ahead.low, picture->ahead.high };
  for (guint i = 0; i < G_N_ELEMENTS(band); i++) {
    const guint64 revision = band[i] ? casa_pyramid_revision(band[i]) : 0;
    hash = mix(hash, &revision, sizeof revision);
  }
  return MAX(hash, 1);
}

guint64
casa_chart_revision(const CasaChartPicture *picture, guint columns)
{
  return revision_of(picture, columns, casa_pyramid_revision);
}

guint64
casa_chart_body_revision(const CasaChartPicture *picture, guint columns)
{
  return revision_of(picture, columns, casa_pyramid_body_revision);
}
