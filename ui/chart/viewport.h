/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib-object.h>

G_BEGIN_DECLS

/* One range of time and one cursor for all charts in view. Charts look on ("changed") and ask for what to show; gestures and
 * keys move it. It knows no widget. GTK thread only.
 *
 * It follows "now" until somebody zooms or pans; then it stands still, until casa_viewport_follow(). Times are UTC ms; the
 * range is [from, to). Always: limits.from ≤ from < to ≤ limits.to where the limits are as long as the shortest range at
 * least. */
#define CASA_TYPE_VIEWPORT (casa_viewport_get_type())
G_DECLARE_FINAL_TYPE(CasaViewport, casa_viewport, CASA, VIEWPORT, GObject)

#define CASA_VIEWPORT_SHORTEST_MS G_GINT64_CONSTANT(10000)

/* What the row of buttons offers, shortest first. */
typedef enum {
  CASA_PRESET_10_MIN,
  CASA_PRESET_1_H,
  CASA_PRESET_24_H,
  CASA_PRESET_7_D,
  CASA_PRESET_30_D,
  CASA_PRESET_1_Y,
  CASA_N_PRESETS,
} CasaViewportPreset;

gint64 casa_viewport_preset_ms(CasaViewportPreset preset); /* How long a preset is */

/* Follows, a day long, from 1970 on at most. "changed" (no arguments): anything below has another answer. */
CasaViewport *casa_viewport_new(gint64 now_ms);

/* Another number after each change. */
guint64 casa_viewport_revision(CasaViewport *self);
void casa_viewport_range(CasaViewport *self, gint64 *from_ms, gint64 *to_ms); /* [*@from_ms, *@to_ms) */

/* --- The clock --- */

/* Once a frame, or whenever the clock has moved. While following, the range ends @ahead_ms after it. */
void casa_viewport_set_now(CasaViewport *self, gint64 now_ms);
gint64 casa_viewport_now(CasaViewport *self); /* What it was told last */
/* Time to come that is shown while following: 0 at first. */
void casa_viewport_set_ahead(CasaViewport *self, gint64 ahead_ms);
gboolean casa_viewport_is_following(CasaViewport *self); /* Whether the range moves with now */
/* Follows again, with the length that it has. */
void casa_viewport_follow(CasaViewport *self);

/* --- Moving --- */

/* How far back there is anything; the end is what follows from now and ahead. */
void casa_viewport_set_first(CasaViewport *self, gint64 first_ms);
/* A range of one's own: clamped, and no longer following. */
void casa_viewport_set_range(CasaViewport *self, gint64 from_ms, gint64 to_ms);
/* So long, following. */
void casa_viewport_set_preset(CasaViewport *self, CasaViewportPreset preset);
/* Which preset the range is as long as; CASA_N_PRESETS: none. */
CasaViewportPreset casa_viewport_preset(CasaViewport *self);
/* The range becomes @factor times as long (< 1: closer), @anchor_ms keeps its place on the screen as far as the limits let it.
 * At either limit of length nothing moves, and it goes on following. */
void casa_viewport_zoom(CasaViewport *self, double factor, gint64 anchor_ms);
/* The same about the cursor; where there is none in sight, about now while it follows, else about the middle. */
void casa_viewport_zoom_here(CasaViewport *self, double factor);
/* By @by_ms, later when positive. */
void casa_viewport_pan(CasaViewport *self, gint64 by_ms);
/* All there is. */
void casa_viewport_show_all(CasaViewport *self);

/* --- The cursor: one moment that all charts mark and read out --- */

/* Where the pointer is; moves nothing while the cursor is pinned. */
void casa_viewport_point(CasaViewport *self, gint64 t_ms);
/* The pointer has left: the cursor goes, unless it is pinned. */
void casa_viewport_unpoint(CasaViewport *self);
/* A click: pins the cursor at @t_ms; one on the pin itself (within @near_ms) takes it off. */
void casa_viewport_pin(CasaViewport *self, gint64 t_ms, gint64 near_ms);
void casa_viewport_unpin(CasaViewport *self); /* Takes the pin off, wherever it is */
/* FALSE: there is none. It may lie outside of the range. */
gboolean casa_viewport_cursor(CasaViewport *self, gint64 *t_ms, gboolean *pinned);

G_END_DECLS
