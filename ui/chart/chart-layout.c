/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/chart/chart-layout.h"
#include "ui/text/lang.h"
#include <math.h>
#include <string.h>

#define MINUTE_MS (60 * 1000)
#define DAY_MS (24 * 60 * MINUTE_MS)

/* Of the outermost panes, what lies outside goes on at their scale. */
static const CasaChartPane *
pane_of(const CasaChartLayout *self, gboolean last)
{
  return &self->panes[last ? self->n_panes - 1 : 0];
}

double
casa_chart_layout_x(const CasaChartLayout *self, gint64 t_ms)
{
  const CasaChartPane *pane = pane_of(self, self->n_panes > 1 && t_ms >= self->split_ms);
  return pane->x + (double)(t_ms - pane->from_ms) / (double)(pane->to_ms - pane->from_ms) * pane->w;
}

double
casa_chart_layout_y(const CasaChartLayout *self, double value)
{
  return self->y + (self->values.high - value) / (self->values.high - self->values.low) * self->h;
}

gint64
casa_chart_layout_time(const CasaChartLayout *self, double x)
{
  const gboolean last = self->n_panes > 1 && x >= self->panes[1].x - 0.5 / self->scale;
  const CasaChartPane *pane = pane_of(self, last);
  const gint64 t = pane->from_ms + llround((x - pane->x) / pane->w * (double)(pane->to_ms - pane->from_ms));
  if (self->n_panes < 2)
    return t;
  return last ? MAX(t, self->split_ms) : MIN(t, self->split_ms - 1); /* between both it is neither's */
}

double
casa_chart_layout_value(const CasaChartLayout *self, double y)
{
  return self->values.high - (y - self->y) / self->h * (self->values.high - self->values.low);
}

static double
snap(const CasaChartLayout *self, double user)
{
  return round(user * self->scale) / self->scale;
}

/* A limit joins the range when the data come near: 60 % of it, so that a clean day is not flattened by a far line. */
static void
find_values(CasaChartLayout *self, const CasaChartPicture *picture, guint lines_max)
{
  double low = INFINITY, high = -INFINITY, min, max;
  for (guint i = 0; i < picture->n_lines; i++)
    if (casa_pyramid_range(picture->lines[i].data, picture->from_ms, picture->to_ms, &min, &max)) {
      low = MIN(low, min);
      high = MAX(high, max);
    }
  const CasaPyramid *const band[] = { picture->ahead.low, picture->ahead.high };
  for (guint i = 0; i < G_N_ELEMENTS(band); i++)
    if (band[i] && casa_pyramid_range(band[i], MAX(picture->from_ms, picture->now_ms), picture->to_ms, &min, &max)) {
      low = MIN(low, min);
      high = MAX(high, max);
    }
  self->empty = low > high;
  if (self->empty)
    low = 0, high = 1;
  const double data_high = high;
  for (guint i = 0; i < picture->n_limits; i++)
    if (!self->empty && data_high >= 0.6 * picture->limits[i].value) {
      low = MIN(low, picture->limits[i].value);
      high = MAX(high, picture->limits[i].value);
    }
  if (picture->zero_based) {
    low = MIN(low, 0);
    high = MAX(high, 0);
  }
  casa_axis_values(low, high, pow(10, -(double)picture->decimals), lines_max, &self->values);
}

/* An earlier day goes on to the right of "now", where it is cut off: it ends there, between two samples. FALSE: it does not. */
static gboolean
cut_off_at(const CasaChartPicture *picture, const CasaChartLine *line, gint64 end_ms, double *value)
{
  const guint i = casa_pyramid_search(line->data, end_ms);
  gint64 before_ms, after_ms;
  double before, after;
  if (i == 0 || i == casa_pyramid_length(line->data))
    return FALSE;
  casa_pyramid_get(line->data, i - 1, &before_ms, &before);
  casa_pyramid_get(line->data, i, &after_ms, &after);
  if (isnan(before) || isnan(after) || (picture->gap_ms > 0 && after_ms - before_ms > picture->gap_ms))
    return FALSE;
  *value = before + (after - before) * (double)(end_ms - before_ms) / (double)(after_ms - before_ms);
  return TRUE;
}

/* Latest value of a line within the window. */
static gboolean
line_end(const CasaChartPicture *picture, const CasaChartLine *line, gint64 *t_ms, double *value)
{
  const gint64 end = line->behind && picture->now_ms != 0 ? MIN(picture->now_ms, picture->to_ms) : picture->to_ms;
  if (line->behind && picture->now_ms != 0 && cut_off_at(picture, line, end, value)) {
    *t_ms = end;
    return TRUE;
  }
  for (guint i = casa_pyramid_search(line->data, end + 1); i > 0; i--) {
    casa_pyramid_get(line->data, i - 1, t_ms, value);
    if (*t_ms < picture->from_ms)
      return FALSE;
    if (!isnan(*value))
      return TRUE;
  }
  return FALSE;
}

/* Where the dotted lines end that go on beyond "now"; "now" itself when none does. */
static gint64
future_end(const CasaChartPicture *picture)
{
  gint64 end = MIN(picture->now_ms, picture->to_ms), t;
  double value;
  for (guint i = 0; i < picture->n_lines; i++)
    if (picture->lines[i].dotted && line_end(picture, &picture->lines[i], &t, &value))
      end = MAX(end, t);
  return end;
}

/* A name stands right of its line's end; of the line "now" and of what is dotted beyond it as well, when its line reaches up
 * to now, or ends so near that the name, @share of the plot, would lie across it. */
static double
name_fraction(const CasaChartPicture *picture, gint64 end_ms, double share)
{
  const double span = (double)(picture->to_ms - picture->from_ms);
  const gboolean up_to_now = end_ms <= picture->now_ms && (double)(picture->now_ms - end_ms) < span * MAX(0.04, share);
  const gint64 from = up_to_now ? future_end(picture) : end_ms;
  return CLAMP((double)(from - picture->from_ms) / span, 0.0, 1.0);
}

/* A line for comparison is named in a lighter hand than those that were measured now. */
const CasaChartType *
casa_chart_layout_name_type(const CasaChartLayout *self, const CasaChartLine *line)
{
  return line->dotted || line->behind ? &self->small : &self->strong;
}

static double
name_gap(const CasaChartLayout *self)
{
  return self->small.px * 0.4;
}

/* Of the picture's width. A name is read or it is not, but where there is a shorter one the curve has the room. */
#define NAME_MOST 0.45
#define NAME_SHORT 0.36

static CasaChartName *
add_name(CasaChartLayout *self, const CasaChartType *type, const char *text, double value, double x)
{
  CasaChartName *name = &self->names[self->n_names++];
  double width, height;
  casa_chart_text_measure(type, text, &width, &height);
  *name = (CasaChartName){ .width = MIN(ceil(width) + 1, self->width * NAME_MOST), .x = x, .middle = value };
  return name;
}

/* Limits are named at the end of the plot, on no line and no fill. */
static void
add_limit_names(CasaChartLayout *self, const CasaChartPicture *picture)
{
  for (guint i = 0; i < picture->n_limits; i++) {
    const CasaChartLimit *limit = &picture->limits[i];
    if (limit->name == NULL || self->empty || limit->value < self->values.low || limit->value > self->values.high)
      continue;
    double width, height;
    casa_chart_text_measure(&self->small, limit->name, &width, &height);
    const gboolean is_short = limit->short_name != NULL && width > self->width * NAME_SHORT;
    CasaChartName *name = add_name(self, &self->small, is_short ? limit->short_name : limit->name, limit->value, 1);
    name->is_short = is_short;
    name->is_limit = TRUE;
    name->line = i;
  }
}

/* The plot ends so that the longest name still fits, on the time to come when the window shows some. */
static double
plot_right(CasaChartLayout *self, const CasaChartPicture *picture, double left)
{
  const double pad = MAX(picture->line_px, self->small.px * 0.15);
  double right = self->width - pad;
  if (self->width < 8 * self->small.px)
    return right;
  for (guint i = 0; i < picture->n_lines; i++) {
    const CasaChartLine *line = &picture->lines[i];
    gint64 t;
    double value;
    if (line->name == NULL || !line_end(picture, line, &t, &value))
      continue;
    CasaChartName *name = add_name(self, casa_chart_layout_name_type(self, line), line->name, value, 1);
    const double beside = name->width + 2 * name_gap(self), plot = MAX(self->width - pad - beside - left, 1);
    name->line = i;
    name->x = picture->last_pane_ms > 0 ? 1 : name_fraction(picture, t, MIN(beside / plot, 1));
  }
  add_limit_names(self, picture);
  for (guint i = 0; i < self->n_names; i++)
    if (self->names[i].x > 0)
      right = MIN(right, left + (self->width - pad - name_gap(self) - self->names[i].width - left) / self->names[i].x);
  return right;
}

static double
widest_value(const CasaChartLayout *self)
{
  double widest = 0, width, height;
  for (guint i = 0; i < self->values.n_ticks; i++) {
    g_autofree char *label = casa_lang_number(self->values.ticks[i], self->values.decimals);
    casa_chart_text_measure(&self->small, label, &width, &height);
    widest = MAX(widest, width);
  }
  return widest;
}

char *
casa_chart_layout_time_label(gint64 t_ms, gint64 step_ms)
{
  if (step_ms < MINUTE_MS)
    return casa_lang_clock(t_ms, TRUE);
  if (step_ms < DAY_MS)
    return casa_lang_hour(t_ms);
  return casa_lang_date(t_ms);
}

static double
widest_time(const CasaChartLayout *self, const CasaChartPane *pane, gint64 step_ms)
{
  double widest = 0, width, height;
  for (guint i = 0; i < pane->n_times; i++) {
    g_autofree char *label = casa_chart_layout_time_label(pane->times[i], step_ms);
    casa_chart_text_measure(&self->small, label, &width, &height);
    widest = MAX(widest, width);
  }
  return widest;
}

/* The finest round step at which labels stand well apart. One day has no dates: of its hours those are drawn that have room. */
static void
find_times(const CasaChartLayout *self, CasaChartPane *pane)
{
  const gint64 span = pane->to_ms - pane->from_ms;
  const double pixel_ms = (double)span / pane->w;
  for (gint64 step = casa_axis_time_step_after(0); step > 0; step = casa_axis_time_step_after(step)) {
    const double apart = (double)step / pixel_ms;
    const gboolean last_of_day = span <= DAY_MS + MINUTE_MS && step == DAY_MS / 2;
    if (apart < 2.5 * self->small.px && !last_of_day)
      continue;
    pane->n_times = casa_axis_times(pane->from_ms, pane->to_ms, step, casa_lang_zone(), pane->times, CASA_CHART_TIMES_MAX);
    if ((last_of_day && pane->n_times > 0) || widest_time(self, pane, step) + self->small.px * 0.55 <= apart) {
      pane->time_step = step;
      return;
    }
    if (last_of_day)
      break;
  }
  pane->n_times = 0;
}

/* A pane that ends at now says from when to when it is. */
static gboolean
find_ends(const CasaChartLayout *self, const CasaChartPicture *picture, CasaChartPane *pane)
{
  const gint64 column_ms = (pane->to_ms - pane->from_ms) / pane->columns + 1;
  if (picture->now_ms == 0 || ABS(picture->to_ms - picture->now_ms) > column_ms)
    return FALSE;
  g_autofree char *begin = casa_lang_clock(self->split_ms, FALSE), *now = casa_lang_clock(picture->now_ms, FALSE);
  double begin_width, now_width, height;
  casa_chart_text_measure(&self->small, begin, &begin_width, &height);
  casa_chart_text_measure(&self->strong, now, &now_width, &height);
  const double now_x = MIN(pane->x + pane->w - now_width / 2, self->width - now_width);
  if (pane->x + begin_width + self->small.px * 0.35 <= now_x)
    pane->times[pane->n_times++] = self->split_ms;
  pane->times[pane->n_times++] = picture->now_ms;
  pane->time_step = MINUTE_MS;
  return TRUE;
}

/* Moves the window to whole pixel columns counted from 1970: samples then keep their column while the window scrolls, and
 * the line moves as one piece instead of shimmering. */
static void
align_pane(CasaChartPane *pane, gint64 from_ms, gint64 to_ms)
{
  const double span = (double)MAX(to_ms - from_ms, 1);
  const double column_ms = span / pane->columns;
  /* Up, so that what has just arrived at the right end is in. */
  const double from = ceil((double)from_ms / column_ms - 1e-6) * column_ms;
  pane->from_ms = (gint64)llround(from);
  pane->to_ms = MAX((gint64)llround(from + span), pane->from_ms + 1);
}

static void
place_pane(CasaChartLayout *self, double x, double w, gint64 from_ms, gint64 to_ms)
{
  CasaChartPane *pane = &self->panes[self->n_panes++];
  *pane = (CasaChartPane){ .x = x, .w = MAX(w, 1 / self->scale) };
  pane->columns = (guint)MAX(1, lround(pane->w * self->scale));
  align_pane(pane, from_ms, to_ms);
}

/* Two panes share the width 3 : 2; what lies between them tells that the scale of time is another. */
static void
place_panes(CasaChartLayout *self, const CasaChartPicture *picture)
{
  const double gap = snap(self, self->small.px * 0.57), first = snap(self, (self->w - gap) * 0.6);
  self->split_ms = picture->to_ms - picture->last_pane_ms;
  if (picture->last_pane_ms <= 0 || self->split_ms <= picture->from_ms || self->w < 10 * self->small.px) {
    place_pane(self, self->x, self->w, picture->from_ms, picture->to_ms);
    return;
  }
  place_pane(self, self->x, first, picture->from_ms, self->split_ms);
  place_pane(self, self->x + first + gap, self->w - first - gap, self->split_ms, picture->to_ms);
}

static void
find_all_times(CasaChartLayout *self, const CasaChartPicture *picture)
{
  for (guint i = 0; i < self->n_panes; i++) {
    CasaChartPane *pane = &self->panes[i];
    pane->ends = i > 0 && find_ends(self, picture, pane);
    if (!pane->ends)
      find_times(self, pane);
  }
}

static void
take_pane(CasaChartLayout *self, const CasaChartPane *pane)
{
  self->x = pane->x;
  self->w = pane->w;
  self->columns = pane->columns;
  self->from_ms = pane->from_ms;
  self->to_ms = pane->to_ms;
  self->n_times = pane->n_times;
  self->time_step = pane->time_step;
  memcpy(self->times, pane->times, sizeof self->times);
}

CasaChartLayout
casa_chart_layout_pane(const CasaChartLayout *self, guint i)
{
  CasaChartLayout one = *self;
  take_pane(&one, &self->panes[i]);
  one.panes[0] = self->panes[i];
  one.n_panes = 1;
  return one;
}

static void
place_names(CasaChartLayout *self, const CasaChartPicture *picture)
{
  double middles[CASA_CHART_NAMES_MAX];
  /* Within the picture, and above the hours. Letters are less high than their line. */
  const double spacing = self->text_height * 0.92, half = self->text_height * 0.46;
  const double top = MAX(half, self->y), floor_y = self->y + self->h + (self->time_step > 0 ? self->small.px * 0.3 : 0);
  const double bottom = MAX(top, MIN(floor_y, self->height) - half);
  const guint fitting = (guint)MAX(0, floor((bottom - top) / spacing + 1e-9) + 1);
  self->n_names = MIN(self->n_names, fitting);
  for (guint i = 1; i < self->n_names; i++) /* by value, highest first: few, so by insertion */
    for (guint k = i; k > 0 && self->names[k].middle > self->names[k - 1].middle; k--) {
      const CasaChartName swapped = self->names[k];
      self->names[k] = self->names[k - 1];
      self->names[k - 1] = swapped;
    }
  for (guint i = 0; i < self->n_names; i++)
    middles[i] = casa_chart_layout_y(self, self->names[i].middle);
  casa_axis_spread(middles, self->n_names, spacing, top, bottom);
  for (guint i = 0; i < self->n_names; i++) {
    CasaChartName *name = &self->names[i];
    name->middle = middles[i];
    name->x = self->x + name->x * self->w + name_gap(self) + picture->line_px / 2;
    name->width = MIN(name->width, self->width - name->x);
  }
}

/* Margins: what stands beside the plot decides them. */
static void
find_plot(CasaChartLayout *self, const CasaChartPicture *picture)
{
  const double half = self->text_height / 2, px = self->small.px, line = picture->line_px;
  const gboolean times = self->height >= 3.2 * px && self->width >= 5 * px;
  const gboolean unit = picture->unit != NULL && self->height >= 5 * px;
  const double top = (unit ? self->text_height + px * 0.25 : 0) + MAX(line, picture->show_values || unit ? half : half * 0.5);
  const double bottom = times ? self->text_height + px * 0.35 : MAX(line, picture->show_values ? half : 1);
  self->y = snap(self, top);
  self->h = MAX(snap(self, self->height - bottom) - self->y, 1 / self->scale);
  find_values(self, picture, (guint)CLAMP(self->h / (1.5 * px), 2, CASA_AXIS_LINES_MAX));
  double left = MAX(line, times ? px * 1.4 : 0);
  if (picture->show_values && !self->empty)
    left = MAX(left, ceil(widest_value(self) + px * 0.5) + 1);
  self->x = snap(self, MIN(MAX(left, picture->left_px), self->width / 3));
  const double own_right = plot_right(self, picture, self->x);
  const double right = MIN(own_right, MAX(self->width - picture->right_px, self->width / 2));
  self->w = MAX(snap(self, right) - self->x, 1 / self->scale);
  place_panes(self, picture);
  if (times)
    find_all_times(self, picture);
  if (self->n_panes == 1) {
    take_pane(self, &self->panes[0]);
    return;
  }
  self->columns = (guint)MAX(1, lround(self->w * self->scale));
  self->from_ms = self->panes[0].from_ms;
  self->to_ms = self->panes[1].to_ms;
  self->time_step = self->panes[0].time_step;
}

void
casa_chart_layout_init(CasaChartLayout *self, PangoContext *pango, double width, double height, double scale,
                       const CasaChartPicture *picture)
{
  const double px = picture->font_px > 0 ? picture->font_px : 14;
  double ignored;
  *self = (CasaChartLayout){
    .width = width,
    .height = height,
    .scale = scale,
    .small = { pango, picture->font, px, FALSE },
    .strong = { pango, picture->font, px, TRUE },
  };
  casa_chart_text_measure(&self->strong, "0", &ignored, &self->text_height);
  find_plot(self, picture);
  place_names(self, picture);
}
