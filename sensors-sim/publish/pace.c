/* SPDX-License-Identifier: Apache-2.0 */
#include "pace.h"

#define BAR_EVERY_US 200000 /* a bar that moves five times a second is as smooth as anybody needs */
#define LINE_EVERY_US 10000000
#define BAR_CELLS 30
#define BEHIND_MS 1000 /* less is the ordinary jitter of a shared machine */
#define BEHIND_EVERY_US 15000000

struct _CasaSimPace {
  gboolean terminal, filling, live, was_behind;
  gint64 every_us;
  gint64 begin_us, said_us, behind_said_us;
  /* At the last line about the load. */
  gint64 t_ms;
  guint64 messages;
  CasaSimSinkCounts counts;
};

CasaSimPace *
casa_sim_pace_new(gboolean terminal, gint64 every_us)
{
  CasaSimPace *self = g_new0(CasaSimPace, 1);
  self->terminal = terminal;
  self->every_us = every_us;
  return self;
}

void
casa_sim_pace_free(CasaSimPace *self)
{
  g_free(self);
}

/* "0:42", "1:02:03" */
static void
append_clock(GString *out, double seconds)
{
  guint64 s = (guint64)(seconds + 0.5);
  if (s >= 3600)
    g_string_append_printf(out, "%" G_GUINT64_FORMAT ":%02u:%02u", s / 3600, (guint)(s / 60 % 60), (guint)(s % 60));
  else
    g_string_append_printf(out, "%u:%02u", (guint)(s / 60), (guint)(s % 60));
}

static void
append_bar(GString *out, double share)
{
  guint full = (guint)(share * BAR_CELLS);
  g_string_append(out, "\r\033[Kcasa-sim: filling the past [");
  for (guint i = 0; i < BAR_CELLS; i++)
    g_string_append_c(out, i < full ? '#' : '.');
  g_string_append(out, "] ");
}

gboolean
casa_sim_pace_fill(CasaSimPace *self, gint64 now_us, double share, guint64 messages, GString *out)
{
  gint64 every_us = self->terminal ? BAR_EVERY_US : LINE_EVERY_US;
  if (!self->filling) {
    self->filling = TRUE;
    self->begin_us = self->said_us = now_us;
  }
  double seconds = (double)(now_us - self->begin_us) / 1e6, rate = seconds > 0 ? (double)messages / seconds : 0;
  g_string_truncate(out, 0);
  if (share >= 1) {
    g_string_append_printf(out, "%scasa-sim: the past is filled: %" G_GUINT64_FORMAT " messages in %.1f s (%.0f/s)\n",
                           self->terminal ? "\r\033[K" : "", messages, seconds, rate);
    return TRUE;
  }
  if (now_us - self->said_us < every_us)
    return FALSE;
  self->said_us = now_us;
  if (self->terminal)
    append_bar(out, share);
  else
    g_string_append(out, "casa-sim: filling the past: ");
  g_string_append_printf(out, "%3.0f %%, %" G_GUINT64_FORMAT " messages, %.0f/s", 100 * share, messages, rate);
  if (share > 0) {
    g_string_append(out, ", left ");
    append_clock(out, seconds * (1 - share) / share);
  }
  if (!self->terminal)
    g_string_append_c(out, '\n');
  return TRUE;
}

static void
remember(CasaSimPace *self, gint64 now_us, gint64 t_ms, guint64 messages, const CasaSimSinkCounts *counts)
{
  self->said_us = now_us;
  self->t_ms = t_ms;
  self->messages = messages;
  if (counts)
    self->counts = *counts;
}

/* Without load lines too: falling behind is told, and having caught up. */
static gboolean
say_behind(CasaSimPace *self, gint64 now_us, gint64 behind_ms, GString *out)
{
  if (behind_ms > 5 * BEHIND_MS && (!self->was_behind || now_us - self->behind_said_us >= BEHIND_EVERY_US)) {
    self->was_behind = TRUE;
    self->behind_said_us = now_us;
    g_string_printf(out, "casa-sim: %.1f s behind the clock, catching up: the readings keep their own times\n",
                    (double)behind_ms / 1000);
    return TRUE;
  }
  if (self->was_behind && behind_ms < BEHIND_MS) {
    self->was_behind = FALSE;
    g_string_assign(out, "casa-sim: caught up with the clock\n");
    return TRUE;
  }
  return FALSE;
}

gboolean
casa_sim_pace_live(CasaSimPace *self, gint64 now_us, gint64 t_ms, double speed, guint64 messages, gint64 behind_ms,
                   const CasaSimSinkCounts *counts, GString *out)
{
  if (self->every_us == 0)
    return say_behind(self, now_us, behind_ms, out);
  if (!self->live) {
    self->live = TRUE;
    remember(self, now_us, t_ms, messages, counts);
    return FALSE;
  }
  if (now_us - self->said_us < self->every_us || t_ms <= self->t_ms)
    return FALSE;
  double seconds = (double)(now_us - self->said_us) / 1e6, sent = (double)(messages - self->messages);
  /* What the simulated time that passed held, had it passed at the speed that was asked for. */
  g_string_printf(out, "casa-sim: asked %.0f/s, sent %.0f/s", sent * 1000 / (double)(t_ms - self->t_ms) * speed,
                  sent / seconds);
  if (counts)
    g_string_append_printf(out, ", acknowledged %.0f/s, refused %.0f/s, on their way %u",
                           (double)(counts->acked - self->counts.acked) / seconds,
                           (double)(counts->refused - self->counts.refused) / seconds, counts->in_flight);
  if (behind_ms > BEHIND_MS)
    g_string_append_printf(out, ", behind by %.1f s\n", (double)behind_ms / 1000);
  else
    g_string_append(out, ", keeping up\n");
  remember(self, now_us, t_ms, messages, counts);
  return TRUE;
}
