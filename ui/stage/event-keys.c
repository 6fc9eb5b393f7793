/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/stage/event-keys.h"
#include "ui/text/fault-messages.h"
#include "ui/text/lang.h"
#include <math.h>
#include <string.h>

#define WORDS_US (8 * G_USEC_PER_SEC) /* how long an answer stays to be read */
#define SENT_US (20 * G_USEC_PER_SEC) /* how long the city may take to tell of what was commanded */

typedef enum { SAYS_NOTHING, SAYS_SENDING, SAYS_DONE, SAYS_CALM, SAYS_ENDED, SAYS_ANSWER, SAYS_NOBODY, SAYS_REPLAY } Saying;

typedef enum { BEGIN, END, CALM } Deed;

#define NO_ROW CASA_PALETTE_KEYS /* an event that is not of the palette */

/* What is not answered yet. */
typedef struct {
  Deed deed;
  guint row;
  gboolean cue; /* nobody pressed a key: the wall says nothing of it */
  char event[64];
} Order;

struct _CasaEventKeys {
  CasaModel *model;
  CasaCommander *commander;
  const CasaPalette *palette;
  int armed; /* row; -1 none */
  gint64 armed_us, zero_us;
  gint64 sent_us[CASA_PALETTE_KEYS]; /* when it was launched, as long as it was not told; 0: it was not */
  GQueue orders;                     /* Order *, oldest first */
  GQueue refusals;                   /* char *: why cues were not obeyed */
  Saying saying;
  gint64 said_us;
  CasaAnswer answer; /* that is said */
};

CasaEventKeys *
casa_event_keys_new(CasaModel *model, CasaCommander *commander)
{
  CasaEventKeys *self = g_new0(CasaEventKeys, 1);

  self->model = model;
  self->commander = commander;
  self->palette = casa_model_city(model)->palette;
  self->armed = -1;
  return self;
}

void
casa_event_keys_free(CasaEventKeys *self)
{
  if (!self)
    return;
  g_queue_clear_full(&self->orders, g_free);
  g_queue_clear_full(&self->refusals, g_free);
  g_free(self);
}

void
casa_event_keys_set_model(CasaEventKeys *self, CasaModel *model)
{
  self->model = model;
}

/* Rows are other events now: what was armed or sent of them is forgotten. */
void
casa_event_keys_take_palette(CasaEventKeys *self)
{
  self->palette = casa_model_city(self->model)->palette;
  self->armed = -1;
  memset(self->sent_us, 0, sizeof self->sent_us);
  for (GList *link = self->orders.head; link; link = link->next)
    ((Order *)link->data)->row = NO_ROW;
}

const CasaCity *
casa_event_keys_city(CasaEventKeys *self)
{
  return casa_model_city(self->model);
}

guint
casa_event_keys_n(CasaEventKeys *self)
{
  return self->palette ? casa_palette_n(self->palette) : 0;
}

gboolean
casa_event_keys_ready(CasaEventKeys *self)
{
  return self->commander && casa_event_keys_n(self) > 0;
}

static void
say(CasaEventKeys *self, Saying saying, gint64 now_us)
{
  self->saying = saying;
  self->said_us = now_us;
}

static gboolean
is_told_as(const CasaEvent *event, const CasaPaletteItem *item, gint64 now_ms)
{
  return g_str_equal(event->event, item->event) && event->start_ms <= now_ms && event->end_ms > now_ms &&
         (!item->place || g_str_equal(event->place, item->place));
}

/* The one that was told; NULL: none runs. */
static const CasaEvent *
told_event(CasaEventKeys *self, const CasaPaletteItem *item)
{
  const GArray *events = casa_model_events(self->model);
  gint64 now_ms = casa_model_summary(self->model)->now_ms;

  for (guint i = 0; i < events->len; i++)
    if (is_told_as(&g_array_index(events, CasaEvent, i), item, now_ms))
      return &g_array_index(events, CasaEvent, i);
  return NULL;
}

static guint
seconds_left(gint64 left)
{
  return left > 0 ? (guint)((left + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC) : 0;
}

void
casa_event_keys_row(CasaEventKeys *self, guint i, gint64 now_us, CasaEventRow *out)
{
  const CasaPaletteItem *item = casa_palette_get(self->palette, i);
  const CasaEvent *event = told_event(self, item);
  gboolean armed = self->armed == (int)i && now_us < self->armed_us + CASA_EVENT_ARMED_US;

  *out = (CasaEventRow){ .item = item };
  if (event && event->end_ms != CASA_EVENT_OPEN) {
    double left_ms = (double)(event->end_ms - casa_model_summary(self->model)->now_ms);
    out->left_s = (guint)ceil(left_ms / 1000);
    out->share = left_ms / MAX(1, (double)(event->end_ms - event->start_ms));
  }
  if (armed)
    out->left_s = seconds_left(self->armed_us + CASA_EVENT_ARMED_US - now_us);
  if (event)
    out->state = armed ? CASA_EVENT_END_ARMED : CASA_EVENT_RUNNING;
  else if (armed)
    out->state = CASA_EVENT_ARMED;
  else if (self->sent_us[i])
    out->state = CASA_EVENT_SENT;
}

static void
send(CasaEventKeys *self, const char *text, const Order *order)
{
  casa_commander_send(self->commander, text);
  g_queue_push_tail(&self->orders, g_memdup2(order, sizeof *order));
}

/* By a key: what comes of it is said. */
static void
command(CasaEventKeys *self, const char *text, guint row, Deed deed, gint64 now_us)
{
  send(self, text, &(Order){ .deed = deed, .row = row });
  self->armed = -1;
  say(self, SAYS_SENDING, now_us);
}

/* FALSE: nothing can be commanded now, which is said. */
static gboolean
may_command(CasaEventKeys *self, gint64 now_us)
{
  gboolean replaying = casa_model_summary(self->model)->replaying;

  if (self->commander && !replaying)
    return TRUE;
  say(self, replaying ? SAYS_REPLAY : SAYS_NOBODY, now_us);
  return FALSE;
}

static void
launch(CasaEventKeys *self, guint i, gint64 now_us)
{
  g_autofree char *text = casa_palette_begin_command(casa_palette_get(self->palette, i));

  self->sent_us[i] = now_us;
  command(self, text, i, BEGIN, now_us);
}

static void
end_early(CasaEventKeys *self, guint i, gint64 now_us)
{
  g_autofree char *text = casa_palette_end_command(casa_palette_get(self->palette, i));

  command(self, text, i, END, now_us);
}

void
casa_event_keys_press(CasaEventKeys *self, guint i, gint64 now_us)
{
  CasaEventRow row;

  if (i >= casa_event_keys_n(self) || !may_command(self, now_us))
    return;
  casa_event_keys_row(self, i, now_us, &row);
  switch (row.state) {
  case CASA_EVENT_ARMED: launch(self, i, now_us); return;
  case CASA_EVENT_END_ARMED: end_early(self, i, now_us); return;
  case CASA_EVENT_SENT: return; /* it would begin twice */
  case CASA_EVENT_IDLE:
  case CASA_EVENT_RUNNING: break;
  }
  self->armed = (int)i;
  self->armed_us = now_us;
  self->saying = SAYS_NOTHING;
}

void
casa_event_keys_press_digit(CasaEventKeys *self, guint digit, gint64 now_us)
{
  for (guint i = 0; i < casa_event_keys_n(self); i++)
    if (casa_palette_get(self->palette, i)->key == digit)
      casa_event_keys_press(self, i, now_us);
}

/* -1: there is none. */
static int
find_row(CasaEventKeys *self, guint key, const char *name)
{
  for (guint i = 0; i < casa_event_keys_n(self); i++) {
    const CasaPaletteItem *item = casa_palette_get(self->palette, i);
    if (key ? item->key == key : g_str_equal(item->event, name))
      return (int)i;
  }
  return -1;
}

/* CASA_CUE_SENT: a cue may be commanded. */
static CasaCueAnswer
may_cue(CasaEventKeys *self)
{
  if (!self->commander)
    return CASA_CUE_NOBODY;
  return casa_model_summary(self->model)->replaying ? CASA_CUE_PAST : CASA_CUE_SENT;
}

/* The row of the palette that is the same event there; NO_ROW: none. */
static guint
row_of(CasaEventKeys *self, const CasaPaletteItem *what)
{
  for (guint i = 0; i < casa_event_keys_n(self); i++) {
    const CasaPaletteItem *item = casa_palette_get(self->palette, i);
    if (g_str_equal(item->event, what->event) && g_strcmp0(item->place, what->place) == 0)
      return i;
  }
  return NO_ROW;
}

CasaCueAnswer
casa_event_keys_begin(CasaEventKeys *self, const CasaPaletteItem *what, gint64 now_us)
{
  CasaCueAnswer answer = may_cue(self);
  guint row = row_of(self, what);
  Order order = { .deed = BEGIN, .row = row, .cue = TRUE };

  if (answer != CASA_CUE_SENT)
    return answer;
  if (told_event(self, what) || (row != NO_ROW && self->sent_us[row]))
    return CASA_CUE_RUNS;
  if (row != NO_ROW)
    self->sent_us[row] = now_us;
  g_strlcpy(order.event, what->event, sizeof order.event);
  g_autofree char *text = casa_palette_begin_command(what);
  send(self, text, &order);
  return CASA_CUE_SENT;
}

CasaCueAnswer
casa_event_keys_cue_calm(CasaEventKeys *self, gint64 now_us)
{
  CasaCueAnswer answer = may_cue(self);

  if (answer == CASA_CUE_SENT)
    send(self, CASA_PALETTE_CALM_COMMAND, &(Order){ .deed = CALM, .row = NO_ROW, .cue = TRUE, .event = "calm" });
  return answer;
}

const char *
casa_event_keys_cue(CasaEventKeys *self, guint key, const char *name, gint64 now_us)
{
  gboolean calm = !key && g_str_equal(name, "calm");
  int i = calm ? -1 : find_row(self, key, name);

  if (!calm && i < 0)
    return "no such event: palette.conf lists them";
  switch (calm ? casa_event_keys_cue_calm(self, now_us)
               : casa_event_keys_begin(self, casa_palette_get(self->palette, (guint)i), now_us)) {
  case CASA_CUE_SENT: break;
  case CASA_CUE_NOBODY: return "nobody commands the city from here: see [stage] of pulse.conf";
  case CASA_CUE_PAST: return "a past is shown: events are commanded live";
  case CASA_CUE_RUNS: return "that event runs already";
  }
  return NULL;
}

void
casa_event_keys_calm(CasaEventKeys *self, gint64 now_us)
{
  if (may_command(self, now_us))
    command(self, CASA_PALETTE_CALM_COMMAND, 0, CALM, now_us);
}

void
casa_event_keys_press_zero(CasaEventKeys *self, gint64 now_us)
{
  gboolean second = self->zero_us && now_us - self->zero_us <= CASA_EVENT_CALM_US;

  self->zero_us = second ? 0 : now_us;
  if (second && self->commander)
    casa_event_keys_calm(self, now_us);
}

gboolean
casa_event_keys_disarm(CasaEventKeys *self, gint64 now_us)
{
  gboolean was = self->armed >= 0 && now_us < self->armed_us + CASA_EVENT_ARMED_US;

  self->armed = -1;
  return was;
}

static char *
answer_words(const CasaAnswer *answer)
{
  switch (answer->kind) {
  case CASA_ANSWER_NO_LINK: {
    gboolean absent = answer->fault.code == CASA_FAULT_LINK_NO_ANSWER;
    /* TR: the wall could not reach the broker as the user that commands events; why */
    return g_strdup_printf(_("Commande non envoyée : %s"),
                           absent ? _("le courtier MQTT ne répond pas") : casa_fault_message(answer->fault.code));
  }
  case CASA_ANSWER_SILENT: return g_strdup(_("Le simulateur ne répond pas : est-il lancé ?"));
  case CASA_ANSWER_REFUSED: {
    g_autofree char *text = g_utf8_make_valid(answer->text, -1); /* it may have been cut within a letter */
    /* TR: the simulator said no to a command; its own words, in English */
    return g_strdup_printf(_("Le simulateur refuse : %s"), text);
  }
  case CASA_ANSWER_DONE: break;
  }
  return g_strdup("");
}

static void
refuse_cue(CasaEventKeys *self, const char *event, const char *why)
{
  /* TR: a scene of the talk asked for an event (its name in the files), and nothing came of it; why */
  g_queue_push_tail(&self->refusals, g_strdup_printf(_("Événement « %s » : %s"), event, why));
}

static void
take_answer(CasaEventKeys *self, const CasaAnswer *answer, gint64 now_us)
{
  static const Saying done[] = { [BEGIN] = SAYS_DONE, [END] = SAYS_ENDED, [CALM] = SAYS_CALM };
  g_autofree Order *order = g_queue_pop_head(&self->orders);
  gboolean obeyed = answer->kind == CASA_ANSWER_DONE;

  if (!order)
    return;
  if (!obeyed && order->deed == BEGIN && order->row != NO_ROW)
    self->sent_us[order->row] = 0;
  if (!order->cue) {
    self->answer = *answer;
    say(self, obeyed ? done[order->deed] : SAYS_ANSWER, now_us);
  } else if (!obeyed) {
    g_autofree char *why = answer_words(answer);
    refuse_cue(self, order->event, why);
  }
}

char *
casa_event_keys_take_refusal(CasaEventKeys *self)
{
  return g_queue_pop_head(&self->refusals);
}

char *
casa_event_keys_cue_words(CasaCueAnswer answer, const char *event)
{
  const char *why = NULL;

  switch (answer) {
  case CASA_CUE_SENT: return NULL;
  case CASA_CUE_NOBODY: why = _("Personne ne commande la ville d’ici : indiquez [stage] dans pulse.conf."); break;
  case CASA_CUE_PAST: why = _("Rejeu : les événements se commandent en direct."); break;
  case CASA_CUE_RUNS: why = _("il est déjà en cours."); break;
  }
  return g_strdup_printf(_("Événement « %s » : %s"), event, why);
}

gboolean
casa_event_keys_tick(CasaEventKeys *self, gint64 now_us)
{
  CasaAnswer answer;
  gboolean sent = FALSE;

  while (self->commander && casa_commander_take(self->commander, &answer))
    take_answer(self, &answer, now_us);
  if (self->armed >= 0 && now_us >= self->armed_us + CASA_EVENT_ARMED_US)
    self->armed = -1;
  for (guint i = 0; i < casa_event_keys_n(self); i++) {
    gboolean over = now_us - self->sent_us[i] > SENT_US;
    if (self->sent_us[i] && (over || told_event(self, casa_palette_get(self->palette, i))))
      self->sent_us[i] = 0;
    sent = sent || self->sent_us[i];
  }
  if (self->saying != SAYS_SENDING && now_us - self->said_us > WORDS_US)
    self->saying = SAYS_NOTHING;
  return sent || self->armed >= 0 || self->saying != SAYS_NOTHING;
}

char *
casa_event_keys_words(CasaEventKeys *self)
{
  switch (self->saying) {
  case SAYS_NOTHING: break;
  case SAYS_SENDING: return g_strdup(_("Commande envoyée…"));
  case SAYS_DONE: return g_strdup(_("Lancé : la ville va le montrer."));
  case SAYS_ENDED: return g_strdup(_("Fin demandée."));
  case SAYS_CALM: return g_strdup(_("Calme : tout ce qui a été lancé s’achève."));
  case SAYS_ANSWER: return answer_words(&self->answer);
  case SAYS_NOBODY: return g_strdup(_("Personne ne commande la ville d’ici : indiquez [stage] dans pulse.conf."));
  case SAYS_REPLAY: return g_strdup(_("Rejeu : les événements se commandent en direct."));
  }
  return g_strdup("");
}
