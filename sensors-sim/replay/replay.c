/* SPDX-License-Identifier: Apache-2.0 */
#include "replay.h"

#include <math.h>

#include "base/clock.h"
#include "publish/delay-queue.h"
#include "wire/encode.h"

/* Shown behind the names of stations whose times are not those of the measurement. */
#define REPLAYED_FR " (rejoué)"
#define REPLAYED_AR " (إعادة)"

typedef struct {
  CasaSimRows *rows;
  const CasaSimMap *map;
  const char *root, *source;
  const CasaSimReplayPlan *plan;
  CasaSimSink *sink;
  CasaSimReplayCounts *counts;
  CasaSimDelayQueue *window;
  GString *payload;
  gint64 mono_start_us, now_start_ms;
  gboolean begun, stopped;
  guint n_announced;
} Replay;

/* What was measured at another time than its date says must not pass for live: such a station says so in its name, and is
 * marked like one that is made up. */
static void
describe(const Replay *r, const CasaSimReplayStation *s, GString *topic, GString *payload)
{
  gboolean dated = r->plan->dating != CASA_SIM_REPLAY_RECORDED;
  g_autofree char *name = g_strconcat(s->name, dated ? REPLAYED_FR : "", NULL);
  g_autofree char *name_ar = dated ? g_strconcat(s->name, REPLAYED_AR, NULL) : NULL;
  g_string_printf(topic, "%s/%s/$station/%s", r->root, r->source, s->id);
  casa_encode_descriptor(payload, name, name_ar, r->map->kind ? r->map->kind : "replay", r->map->domain,
                         s->has_position ? s->at.lat : NAN, s->has_position ? s->at.lon : NAN, dated || r->map->simulated);
}

static gboolean
announce_new(Replay *r)
{
  g_autoptr(GString) topic = g_string_new(NULL), payload = g_string_new(NULL);
  gboolean ok = TRUE;
  for (; ok && r->n_announced < casa_sim_rows_n_news(r->rows); r->n_announced++) {
    describe(r, casa_sim_rows_news(r->rows, r->n_announced), topic, payload);
    ok = r->sink->announce ? r->sink->announce(r->sink, topic->str, payload) : r->sink->send(r->sink, topic->str, payload, 0);
  }
  return ok;
}

/* Reads on until the window is full: so rows come out in order that are not too far from their place. */
static gboolean
fill_window(Replay *r, gboolean *more)
{
  CasaSimRow row;
  while (*more && casa_sim_delay_queue_waiting(r->window) < CASA_SIM_REPLAY_WINDOW && !casa_sim_stop_requested()) {
    *more = casa_sim_rows_next(r->rows, &row);
    if (r->n_announced < casa_sim_rows_n_news(r->rows) && !announce_new(r))
      return FALSE;
    if (!*more)
      break;
    if (row.t_ms < r->plan->from_ms || row.t_ms >= r->plan->to_ms)
      r->counts->outside++;
    else
      casa_sim_delay_queue_put(r->window, row.t_ms, row.topic, row.values, row.n_values);
  }
  return TRUE;
}

/* Simulated milliseconds since the first row, at the speed of playing. */
static double
played_ms(const Replay *r, gint64 t_ms)
{
  double since = (double)(t_ms - r->counts->first_ms);
  return r->plan->speed > 0 ? since / r->plan->speed : since;
}

static gint64
date_of(const Replay *r, gint64 t_ms)
{
  switch (r->plan->dating) {
  case CASA_SIM_REPLAY_START: return r->plan->start_ms + (t_ms - r->counts->first_ms);
  case CASA_SIM_REPLAY_NOW: return r->now_start_ms + (gint64)played_ms(r, t_ms);
  case CASA_SIM_REPLAY_RECORDED:
  default: return t_ms;
  }
}

static void
begin(Replay *r, gint64 t_ms)
{
  r->begun = TRUE;
  r->counts->first_ms = r->counts->last_ms = t_ms;
  r->mono_start_us = casa_clock_mono_us();
  r->now_start_ms = casa_clock_now_ms();
}

static gboolean
play(Replay *r, const CasaSimParcel *p)
{
  if (!r->begun)
    begin(r, p->due_ms);
  if (p->due_ms < r->counts->last_ms)
    r->counts->out_of_order++;
  r->counts->last_ms = MAX(r->counts->last_ms, p->due_ms);
  if (r->plan->speed > 0 && r->sink->wait)
    r->sink->wait(r->sink, r->mono_start_us + (gint64)(played_ms(r, p->due_ms) * 1000));
  if (casa_sim_stop_requested())
    return FALSE;
  g_string_printf(r->payload, "{\"t\":%" G_GINT64_FORMAT, date_of(r, p->due_ms));
  g_string_append_len(r->payload, p->payload, (gssize)p->len);
  g_string_append_c(r->payload, '}');
  r->counts->messages++;
  r->counts->samples += p->n_values;
  return r->sink->send(r->sink, p->topic, r->payload, p->n_values);
}

gboolean
casa_sim_replay(CasaSimRows *rows, const CasaSimMap *map, const char *root, const char *source, const CasaSimReplayPlan *plan,
                CasaSimSink *sink, CasaSimReplayCounts *out)
{
  Replay r = { .rows = rows, .map = map, .root = root, .source = source, .plan = plan, .sink = sink, .counts = out };
  CasaSimParcel parcel;
  gboolean more = TRUE, ok = TRUE;
  *out = (CasaSimReplayCounts){ 0 };
  r.window = casa_sim_delay_queue_new();
  r.payload = g_string_sized_new(512);
  while (ok && fill_window(&r, &more) && casa_sim_delay_queue_take(r.window, G_MAXINT64, &parcel)) {
    ok = play(&r, &parcel);
    g_free(parcel.payload);
  }
  casa_sim_delay_queue_free(r.window);
  g_string_free(r.payload, TRUE);
  return sink->finish(sink);
}
