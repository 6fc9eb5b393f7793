/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/parachute.h"
#include "base/time-units.h"
#include "source/replay/store-source.h"
#include "ui/text/lang.h"

#define LOOK_MS 250
#define BACK_US (2 * G_USEC_PER_SEC)    /* live data must stay so long to be back */
#define ENOUGH_MS (2 * CASA_MINUTE_MS)  /* of a stored stretch something must be in its first minutes */
#define MARGIN_MS (10 * CASA_MINUTE_MS) /* a stretch that is shorter is not worth a day's name */
#define DAYS 7                          /* how far back the same hour is looked for */

struct _CasaParachute {
  CasaParachuteFacts facts;
  char *recording, *store_path;
  gboolean open, declined, ever; /* declined: a hand closed it while live was away; ever: there were live data */
  gint64 live_ms;                /* of the last live sample that was seen to come */
  guint64 received;
  gint64 arrived_us, since_us; /* monotonic: the last live data; since when they come without a pause */
  char *failure;               /* why it could not be opened, NULL: it could, or was not tried */
  guint timer;
};

static const CasaParachutePlan *
plan_of(CasaParachute *self)
{
  return casa_scene_file_parachute(casa_scene_list_file(self->facts.scenes));
}

/* --- Is live well? -------------------------------------------------------------------------------------------------- */

static gint64
patience_us(CasaParachute *self)
{
  return (gint64)(plan_of(self)->after_s * G_USEC_PER_SEC);
}

/* The broker was never reached: there is nothing to wait for. */
static gboolean
never_was(CasaParachute *self)
{
  const CasaLink *link = &casa_model_summary(self->facts.live)->link;

  return !self->ever && link->state != CASA_LINK_UP && link->connections == 0 && link->fault.code != CASA_FAULT_NONE;
}

static gboolean
is_lost(CasaParachute *self, gint64 now_us)
{
  return never_was(self) || now_us - self->arrived_us >= patience_us(self);
}

static gboolean
is_back(CasaParachute *self, gint64 now_us)
{
  return self->ever && !is_lost(self, now_us) && now_us - self->since_us >= BACK_US;
}

/* Before the first live sample the past that comes in is a sign of life, too. */
static void
listen(CasaParachute *self, gint64 now_us)
{
  const CasaSummary *s = casa_model_summary(self->facts.live);
  gboolean live = s->live_ms != self->live_ms, any = !self->ever && s->counts.received != self->received;

  self->received = s->counts.received;
  if (s->link.state != CASA_LINK_UP || !(live || any))
    return;
  self->live_ms = s->live_ms;
  if (is_lost(self, now_us) || !self->ever)
    self->since_us = now_us;
  self->ever = self->ever || live;
  self->arrived_us = now_us;
  if (is_back(self, now_us))
    self->declined = FALSE;
}

/* --- What is shown instead ------------------------------------------------------------------------------------------ */

static gboolean
is_stored(CasaParachute *self, gint64 from_ms)
{
  const CasaStoreSourceOptions options = { .store_path = self->store_path, .from_ms = from_ms, .to_ms = from_ms + ENOUGH_MS };

  return casa_store_source_check(&options, NULL);
}

/* The same hour of the last day that has it, else the last hour, or less, that is stored. FALSE: there is nothing. */
static gboolean
choose_stretch(CasaParachute *self, gint64 now_ms, CasaReplayOptions *out)
{
  const gint64 newest_ms = casa_model_summary(self->facts.live)->newest_ms;
  const gint64 last[] = { CASA_HOUR_MS, MARGIN_MS, ENOUGH_MS };
  const gint64 same_ms = newest_ms ? casa_replay_same_hour(now_ms, 0, newest_ms - MARGIN_MS) : 0;

  for (guint i = 0; same_ms && i < DAYS; i++)
    if (is_stored(self, same_ms - i * CASA_DAY_MS)) {
      out->from_ms = same_ms - i * CASA_DAY_MS;
      out->to_ms = MIN(out->from_ms + CASA_DAY_MS, newest_ms);
      return TRUE;
    }
  for (guint i = 0; newest_ms && i < G_N_ELEMENTS(last); i++)
    if (is_stored(self, newest_ms - last[i])) {
      out->from_ms = newest_ms - last[i];
      out->to_ms = newest_ms;
      return TRUE;
    }
  return FALSE;
}

static gboolean
play(CasaParachute *self)
{
  const char *recording = self->recording ? self->recording : plan_of(self)->from;
  const gint64 now_ms = casa_clock_now_ms();
  CasaReplayOptions options = { .path = (char *)recording, .speed = 1, .loop = TRUE, .bare = TRUE, .same_hour_ms = now_ms };
  g_autoptr(GError) error = NULL;

  g_clear_pointer(&self->failure, g_free);
  if (!recording && !choose_stretch(self, now_ms, &options))
    self->failure = g_strdup(_("la base n’a encore rien à montrer"));
  else if (!casa_time_machine_play(self->facts.machine, &options, &error)) {
    g_message("parachute: %s", error->message);
    self->failure = g_strdup(recording ? _("l’enregistrement est illisible") : _("la base est illisible"));
  }
  return !self->failure;
}

/* --- What the presenter is told ------------------------------------------------------------------------------------- */

static char *
words_of_loss(CasaParachute *self, gint64 now_us)
{
  guint s = (guint)((now_us - self->arrived_us) / G_USEC_PER_SEC);

  if (self->failure)
    /* TR: why there is no rehearsal to show */
    return g_strdup_printf(_("▲ Rien du direct depuis %u s, et le parachute n’est pas prêt : %s"), s, self->failure);
  return g_strdup_printf(_("▲ Rien du direct depuis %u s · P une seconde : parachute (REJEU de la même heure)"), s);
}

static void
hold_words(CasaParachute *self, gint64 now_us)
{
  g_autofree char *words = NULL;

  if (self->open && is_back(self, now_us))
    words = g_strdup(_("● Le direct est revenu : il reprend à la prochaine scène, ou P une seconde"));
  else if (self->open)
    words = g_strdup(_("▲ Parachute : la salle voit un REJEU · P une seconde : revenir au direct"));
  else if (is_lost(self, now_us))
    words = words_of_loss(self, now_us);
  casa_aside_hold(self->facts.aside, words);
}

/* --- Opening and closing -------------------------------------------------------------------------------------------- */

static gboolean
look_cb(gpointer data)
{
  CasaParachute *self = data;
  gint64 now_us = g_get_monotonic_time();

  if (!self->facts.window)
    return G_SOURCE_CONTINUE;
  CASA_LANG_SCOPE(casa_window_language(self->facts.window));
  listen(self, now_us);
  if (plan_of(self)->itself && !self->open && !self->declined && is_lost(self, now_us) &&
      !casa_time_machine_is_away(self->facts.machine))
    self->open = play(self);
  hold_words(self, now_us);
  return G_SOURCE_CONTINUE;
}

gboolean
casa_parachute_is_open(CasaParachute *self)
{
  return self->open;
}

static void
say_why_not(CasaParachute *self)
{
  g_autofree char *words = g_strdup_printf(_("Le parachute n’est pas prêt : %s"), self->failure);

  casa_aside_say(self->facts.aside, words, g_get_monotonic_time());
}

void
casa_parachute_set(CasaParachute *self, gboolean open)
{
  if (open == self->open || !self->facts.window)
    return;
  CASA_LANG_SCOPE(casa_window_language(self->facts.window));
  self->open = open && play(self);
  if (!open) {
    self->declined = TRUE;
    casa_time_machine_back(self->facts.machine);
  } else if (!self->open) {
    say_why_not(self);
  }
  hold_words(self, g_get_monotonic_time());
}

void
casa_parachute_leave_scene(CasaParachute *self)
{
  if (!self->open || !is_back(self, g_get_monotonic_time()))
    return;
  self->open = FALSE;
  casa_time_machine_back(self->facts.machine);
}

gboolean
casa_parachute_take_over(CasaParachute *self)
{
  gint64 now_us = g_get_monotonic_time();

  if (is_back(self, now_us))
    self->open = FALSE;
  else if (plan_of(self)->itself && !self->declined && is_lost(self, now_us))
    self->open = TRUE;
  self->open = self->open && play(self);
  return self->open;
}

CasaParachute *
casa_parachute_new(const CasaParachuteFacts *facts)
{
  CasaParachute *self = g_new0(CasaParachute, 1);

  self->facts = *facts;
  self->facts.window = NULL;
  g_set_weak_pointer(&self->facts.window, facts->window);
  self->store_path = g_strdup(facts->store_path);
  self->recording = g_strdup(facts->recording);
  self->live_ms = casa_model_summary(facts->live)->live_ms;
  self->arrived_us = self->since_us = g_get_monotonic_time();
  self->timer = g_timeout_add(LOOK_MS, look_cb, self);
  return self;
}

void
casa_parachute_free(CasaParachute *self)
{
  if (!self)
    return;
  g_source_remove(self->timer);
  g_clear_weak_pointer(&self->facts.window);
  g_free(self->recording);
  g_free(self->store_path);
  g_free(self->failure);
  g_free(self);
}
