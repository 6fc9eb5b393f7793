/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/chart/viewport.h"
#include "base/time-units.h"
#include <math.h>

struct _CasaViewport {
  GObject parent_instance;
  gint64 from_ms, to_ms;
  gint64 first_ms, now_ms, ahead_ms;
  gboolean following;
  gint64 cursor_ms;
  gboolean has_cursor, pinned;
  guint64 revision;
};

G_DEFINE_FINAL_TYPE(CasaViewport, casa_viewport, G_TYPE_OBJECT)

static guint changed_signal;

gint64
casa_viewport_preset_ms(CasaViewportPreset preset)
{
  static const gint64 lengths[CASA_N_PRESETS] = { 10 * CASA_MINUTE_MS, 60 * CASA_MINUTE_MS, CASA_DAY_MS,
                                                  7 * CASA_DAY_MS,     30 * CASA_DAY_MS,    365 * CASA_DAY_MS };
  return lengths[MIN(preset, CASA_N_PRESETS - 1)];
}

static void
casa_viewport_class_init(CasaViewportClass *class)
{
  changed_signal = g_signal_new("changed", CASA_TYPE_VIEWPORT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
casa_viewport_init(CasaViewport *self)
{
  self->following = TRUE;
}

static void
tell(CasaViewport *self)
{
  self->revision++;
  g_signal_emit(self, changed_signal, 0);
}

static gint64
last_ms(const CasaViewport *self)
{
  return MAX(self->now_ms + self->ahead_ms, self->first_ms + CASA_VIEWPORT_SHORTEST_MS);
}

/* Moves a range into the limits: its length first, then its place. */
static void
clamp_range(const CasaViewport *self, gint64 *from_ms, gint64 *to_ms)
{
  const gint64 last = last_ms(self), longest = last - self->first_ms;
  const gint64 length = CLAMP(*to_ms - *from_ms, CASA_VIEWPORT_SHORTEST_MS, longest);
  *from_ms = CLAMP(*from_ms, self->first_ms, last - length);
  *to_ms = *from_ms + length;
}

static void
move_to(CasaViewport *self, gint64 from_ms, gint64 to_ms, gboolean following)
{
  clamp_range(self, &from_ms, &to_ms);
  if (from_ms == self->from_ms && to_ms == self->to_ms && following == self->following)
    return;
  self->from_ms = from_ms;
  self->to_ms = to_ms;
  self->following = following;
  tell(self);
}

static void
catch_up(CasaViewport *self, gint64 length)
{
  const gint64 end = last_ms(self);
  move_to(self, end - length, end, TRUE);
}

CasaViewport *
casa_viewport_new(gint64 now_ms)
{
  CasaViewport *self = g_object_new(CASA_TYPE_VIEWPORT, NULL);
  self->now_ms = now_ms;
  self->to_ms = last_ms(self);
  self->from_ms = self->to_ms - CASA_DAY_MS;
  clamp_range(self, &self->from_ms, &self->to_ms);
  return self;
}

guint64
casa_viewport_revision(CasaViewport *self)
{
  return self->revision;
}

void
casa_viewport_range(CasaViewport *self, gint64 *from_ms, gint64 *to_ms)
{
  *from_ms = self->from_ms;
  *to_ms = self->to_ms;
}

/* A clock that was set back takes a range that stands beyond it along. */
void
casa_viewport_set_now(CasaViewport *self, gint64 now_ms)
{
  if (now_ms == self->now_ms)
    return;
  self->now_ms = now_ms;
  if (self->following)
    catch_up(self, self->to_ms - self->from_ms);
  else
    move_to(self, self->from_ms, self->to_ms, FALSE);
}

gint64
casa_viewport_now(CasaViewport *self)
{
  return self->now_ms;
}

void
casa_viewport_set_ahead(CasaViewport *self, gint64 ahead_ms)
{
  self->ahead_ms = MAX(ahead_ms, 0);
  if (self->following)
    catch_up(self, self->to_ms - self->from_ms);
  else
    move_to(self, self->from_ms, self->to_ms, FALSE);
}

gboolean
casa_viewport_is_following(CasaViewport *self)
{
  return self->following;
}

void
casa_viewport_follow(CasaViewport *self)
{
  catch_up(self, self->to_ms - self->from_ms);
}

void
casa_viewport_set_first(CasaViewport *self, gint64 first_ms)
{
  self->first_ms = first_ms;
  move_to(self, self->from_ms, self->to_ms, self->following);
}

void
casa_viewport_set_range(CasaViewport *self, gint64 from_ms, gint64 to_ms)
{
  /* Far ends must not overflow when their difference is taken. */
  from_ms = CLAMP(from_ms, G_MININT64 / 4, G_MAXINT64 / 4);
  to_ms = CLAMP(to_ms, G_MININT64 / 4, G_MAXINT64 / 4);
  move_to(self, MIN(from_ms, to_ms), MAX(from_ms, to_ms), FALSE);
}

void
casa_viewport_set_preset(CasaViewport *self, CasaViewportPreset preset)
{
  catch_up(self, casa_viewport_preset_ms(preset));
}

CasaViewportPreset
casa_viewport_preset(CasaViewport *self)
{
  CasaViewportPreset preset = CASA_PRESET_10_MIN;
  while (preset < CASA_N_PRESETS && casa_viewport_preset_ms(preset) != self->to_ms - self->from_ms)
    preset++;
  return preset;
}

void
casa_viewport_zoom(CasaViewport *self, double factor, gint64 anchor_ms)
{
  const double length = (double)(self->to_ms - self->from_ms), longest = (double)(last_ms(self) - self->first_ms);
  if (!(factor > 0))
    return;
  const double wanted = CLAMP(length * factor, (double)CASA_VIEWPORT_SHORTEST_MS, longest);
  if (llround(wanted) == llround(length))
    return;
  const gint64 anchor = CLAMP(anchor_ms, self->from_ms, self->to_ms);
  const gint64 from = anchor - llround((double)(anchor - self->from_ms) * (wanted / length));
  move_to(self, from, from + llround(wanted), FALSE);
}

void
casa_viewport_pan(CasaViewport *self, gint64 by_ms)
{
  const gint64 reach = last_ms(self) - self->first_ms;
  const gint64 by = CLAMP(by_ms, -reach, reach), from = self->from_ms;
  gint64 to_from = from + by, to_to = self->to_ms + by;
  clamp_range(self, &to_from, &to_to);
  if (to_from != from) /* at the end already, it goes on following */
    move_to(self, to_from, to_to, FALSE);
}

void
casa_viewport_show_all(CasaViewport *self)
{
  move_to(self, self->first_ms, last_ms(self), FALSE);
}

static void
set_cursor(CasaViewport *self, gboolean has, gint64 t_ms, gboolean pinned)
{
  if (self->has_cursor == has && self->pinned == pinned && (!has || self->cursor_ms == t_ms))
    return;
  self->has_cursor = has;
  self->cursor_ms = t_ms;
  self->pinned = pinned;
  tell(self);
}

void
casa_viewport_point(CasaViewport *self, gint64 t_ms)
{
  if (!self->pinned)
    set_cursor(self, TRUE, t_ms, FALSE);
}

void
casa_viewport_unpoint(CasaViewport *self)
{
  if (!self->pinned)
    set_cursor(self, FALSE, 0, FALSE);
}

void
casa_viewport_pin(CasaViewport *self, gint64 t_ms, gint64 near_ms)
{
  const gboolean on_pin = self->pinned && ABS(t_ms - self->cursor_ms) <= near_ms;
  set_cursor(self, TRUE, t_ms, !on_pin);
}

void
casa_viewport_unpin(CasaViewport *self)
{
  set_cursor(self, FALSE, 0, FALSE);
}

gboolean
casa_viewport_cursor(CasaViewport *self, gint64 *t_ms, gboolean *pinned)
{
  if (t_ms && self->has_cursor)
    *t_ms = self->cursor_ms;
  if (pinned)
    *pinned = self->pinned;
  return self->has_cursor;
}

void
casa_viewport_zoom_here(CasaViewport *self, double factor)
{
  gint64 from, to, anchor;
  casa_viewport_range(self, &from, &to);
  if (!casa_viewport_cursor(self, &anchor, NULL) || anchor < from || anchor > to)
    anchor = casa_viewport_is_following(self) ? to : from + (to - from) / 2;
  casa_viewport_zoom(self, factor, anchor);
}
