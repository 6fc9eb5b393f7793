/* SPDX-License-Identifier: Apache-2.0 */
#include "source/mqtt/link-watch.h"

#define ASK_US (1000 * 1000)
#define SILENT_US (2200 * 1000)
#define DEAD_US (6000 * 1000)
#define ASLEEP_US (1000 * 1000)

void
casa_link_watch_begin(CasaLinkWatch *self, gint64 now_us)
{
  self->looked_us = self->next_ask_us = now_us;
  self->silent = FALSE;
  casa_link_watch_heard(self, now_us);
  casa_link_watch_settle(self);
}

void
casa_link_watch_heard(CasaLinkWatch *self, gint64 now_us)
{
  __atomic_store_n(&self->heard_us, now_us, __ATOMIC_RELAXED);
}

gint64
casa_link_watch_heard_us(const CasaLinkWatch *self)
{
  return __atomic_load_n(&self->heard_us, __ATOMIC_RELAXED);
}

void
casa_link_watch_settle(CasaLinkWatch *self)
{
  g_atomic_int_set(&self->asking, 0);
}

CasaWatchVerdict
casa_link_watch_look(CasaLinkWatch *self, gint64 now_us, gboolean busy)
{
  if (busy || now_us - self->looked_us > ASLEEP_US)
    casa_link_watch_heard(self, now_us);
  self->looked_us = now_us;
  gint64 silence_us = now_us - __atomic_load_n(&self->heard_us, __ATOMIC_RELAXED);
  gboolean was_silent = self->silent;
  self->silent = silence_us >= SILENT_US;
  if (silence_us >= DEAD_US)
    return CASA_WATCH_DEAD;
  return self->silent == was_silent ? CASA_WATCH_FINE : self->silent ? CASA_WATCH_SILENT : CASA_WATCH_BACK;
}

gboolean
casa_link_watch_ask(CasaLinkWatch *self, gint64 now_us, gboolean busy)
{
  if (now_us < self->next_ask_us)
    return FALSE;
  self->next_ask_us = now_us + ASK_US;
  return !busy && g_atomic_int_compare_and_exchange(&self->asking, 0, 1);
}
