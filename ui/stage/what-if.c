/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/stage/what-if-private.h"
#include "base/time-units.h"
#include "city/city-zone.h"
#include "city/palette.h"
#include "ui/scenes/happenings.h"
#include "ui/text/lang.h"
#include "ui/text/phrases.h"
#include <math.h>
#include <string.h>

#define SLOT_MIN 30 /* hours are chosen by halves */
#define SLOTS (24 * 60 / SLOT_MIN)
#define TONIGHT (20 * 60 / SLOT_MIN)
#define BEFORE_MS CASA_HOUR_MS
#define AFTER_MS (2 * CASA_HOUR_MS)      /* what follows an event */
#define DAY_BEGINS_MS (4 * CASA_HOUR_MS) /* when no tram runs: both cities are alike until then */
#define STEPS 160
#define PERCENT_STEP 10

static const CasaCity *
city_of(const CasaWhatIf *self)
{
  return casa_model_city(self->model);
}

static guint
n_events(const CasaWhatIf *self)
{
  return city_of(self)->palette ? casa_palette_n(city_of(self)->palette) : 0;
}

/* NULL: a scenario is chosen. */
static const CasaPaletteItem *
event_of(const CasaWhatIf *self)
{
  return self->choice < n_events(self) ? casa_palette_get(city_of(self)->palette, self->choice) : NULL;
}

/* NULL: an event is. */
static const CasaFuture *
scenario_of(const CasaWhatIf *self)
{
  const guint n = n_events(self);

  return self->choice >= n && self->choice - n < self->scenarios->len ? self->scenarios->pdata[self->choice - n] : NULL;
}

const CasaEventWords *
casa_what_if_words(const CasaWhatIf *self)
{
  const CasaPaletteItem *item = event_of(self);

  return item && city_of(self)->stories ? casa_stories_event(city_of(self)->stories, item->event) : NULL;
}

static void
take_defaults(CasaWhatIf *self)
{
  const CasaPaletteItem *item = event_of(self);

  g_free(self->place);
  self->place = item ? g_strdup(item->place) : NULL;
  self->percent = item ? (guint)lround(item->intensity * 100 / PERCENT_STEP) * PERCENT_STEP : 0;
  if (!item)
    self->field = CASA_WHAT_IF_WHAT;
}

CasaWhatIf *
casa_what_if_new(CasaModel *model, const char *const *command, void (*changed)(gpointer data), gpointer data)
{
  CasaWhatIf *self = g_new0(CasaWhatIf, 1);
  const char *dir = casa_model_config_dir(model);

  self->model = model;
  self->scenarios = casa_futures_load(dir ? dir : ".");
  self->futures = casa_two_futures_new(command, dir ? dir : ".", changed, data);
  take_defaults(self);
  return self;
}

void
casa_what_if_free(CasaWhatIf *self)
{
  if (!self)
    return;
  casa_two_futures_free(self->futures);
  g_ptr_array_unref(self->scenarios);
  g_free(self->place);
  g_free(self);
}

void
casa_what_if_set_model(CasaWhatIf *self, CasaModel *model)
{
  self->model = model;
  memset(self->shown, 0, sizeof self->shown);
  if (self->open)
    casa_what_if_close(self);
}

/* --- What is asked --- */

static void
show(CasaWhatIf *self, guint *n, const CasaIndicator *indicator)
{
  if (indicator && *n < CASA_TWO_FUTURES_FIGURES)
    self->shown[(*n)++] = indicator;
}

/* The highest station is elsewhere in two cities: what a future does to all of them is their mean. */
static void
show_over_stations(CasaWhatIf *self, guint *n, const CasaIndicator *indicator)
{
  if (indicator && indicator->fold == CASA_STATIONS_MAX && *n < CASA_TWO_FUTURES_FIGURES) {
    self->averaged[*n] = *indicator;
    self->averaged[*n].fold = CASA_STATIONS_MEAN;
    indicator = &self->averaged[*n];
  }
  show(self, n, indicator);
}

/* The headline of the domain that an event concerns; what a scenario names. */
static void
choose_figures(CasaWhatIf *self)
{
  const CasaIndicators *set = casa_model_indicators(self->model);
  const CasaEventWords *words = casa_what_if_words(self);
  const CasaFuture *scenario = scenario_of(self);
  const CasaCityDomain *domain = words && words->domain ? casa_indicators_domain(set, words->domain) : NULL;
  guint n = 0;

  memset(self->shown, 0, sizeof self->shown);
  if (domain)
    show(self, &n, domain->headline);
  for (guint i = 0; scenario && scenario->figures[i]; i++)
    show_over_stations(self, &n, casa_indicators_find(set, scenario->figures[i]));
}

void
casa_what_if_hours(const CasaWhatIf *self, gint64 *from_ms, gint64 *to_ms, gint64 *start_ms, gint64 *end_ms)
{
  const CasaPaletteItem *item = event_of(self);

  *from_ms = self->midnight_ms + DAY_BEGINS_MS;
  *to_ms = *from_ms + CASA_DAY_MS;
  *start_ms = *end_ms = 0;
  if (!item)
    return;
  *start_ms = self->midnight_ms + (gint64)self->slot * SLOT_MIN * CASA_MINUTE_MS;
  *end_ms = *start_ms + (gint64)item->minutes * CASA_MINUTE_MS;
  *from_ms = *start_ms - BEFORE_MS;
  *to_ms = *end_ms + AFTER_MS;
}

/* Whole minutes, so that nothing is asked that no chart can show. */
static gint64
step_of(gint64 span_ms)
{
  return MAX((span_ms / STEPS + CASA_MINUTE_MS - 1) / CASA_MINUTE_MS, 1) * CASA_MINUTE_MS;
}

static void
ask(CasaWhatIf *self)
{
  const CasaPaletteItem *item = event_of(self);
  const CasaFuture *scenario = scenario_of(self);
  CasaTwoFuturesQuestion question = { .what = scenario ? scenario->id : NULL };
  g_autofree char *command = NULL;
  gint64 end_ms;

  choose_figures(self);
  if (item) {
    CasaPaletteItem chosen = *item;
    chosen.place = self->place;
    chosen.intensity = self->percent / 100.0;
    question.what = command = casa_palette_begin_command(&chosen);
  }
  if (!question.what)
    return;
  casa_what_if_hours(self, &question.from_ms, &question.to_ms, &question.start_ms, &end_ms);
  question.start_ms = item ? question.start_ms : question.from_ms;
  question.step_ms = step_of(question.to_ms - question.from_ms);
  memcpy(question.figures, self->shown, sizeof question.figures);
  casa_two_futures_ask(self->futures, &question);
}

/* Tonight's; where that is over, the next half hour. */
static void
choose_hour(CasaWhatIf *self)
{
  const gint64 now_ms = casa_model_summary(self->model)->now_ms;
  GTimeZone *zone = casa_city_zone(now_ms);
  const gint64 offset_ms = g_time_zone_get_offset(zone, g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, now_ms / 1000)) *
                           G_GINT64_CONSTANT(1000);
  const gint64 local_ms = (now_ms + offset_ms) % CASA_DAY_MS;

  self->midnight_ms = now_ms - local_ms;
  self->slot = MAX(TONIGHT, MIN((guint)(local_ms / (SLOT_MIN * CASA_MINUTE_MS)) + 1, SLOTS - 1));
}

void
casa_what_if_open(CasaWhatIf *self)
{
  if (!self->open)
    choose_hour(self);
  self->open = TRUE;
  ask(self);
}

void
casa_what_if_close(CasaWhatIf *self)
{
  self->open = FALSE;
  casa_two_futures_forget(self->futures);
}

gboolean
casa_what_if_is_open(const CasaWhatIf *self)
{
  return self->open;
}

/* --- Choosing --- */

/* Ids of the places that may stand instead of the event's own; NULL: there is no choice. */
static GPtrArray *
places_of(const CasaWhatIf *self)
{
  const CasaPaletteItem *item = event_of(self);
  const CasaCity *city = city_of(self);

  if (!item || !item->place)
    return NULL;
  GPtrArray *ids = g_ptr_array_new();
  if (casa_city_district(city, item->place))
    for (guint i = 0; i < city->n_districts; i++)
      g_ptr_array_add(ids, city->districts[i].id);
  else if (casa_city_line(city, item->place))
    for (guint i = 0; i < city->n_lines; i++)
      g_ptr_array_add(ids, city->lines[i].id);
  if (ids->len > 0)
    return ids;
  g_ptr_array_unref(ids);
  return NULL;
}

static gboolean
has_field(const CasaWhatIf *self, CasaWhatIfField field)
{
  g_autoptr(GPtrArray) places = field == CASA_WHAT_IF_PLACE ? places_of(self) : NULL;

  return field == CASA_WHAT_IF_WHAT || (field == CASA_WHAT_IF_PLACE ? places != NULL : event_of(self) != NULL);
}

CasaWhatIfField
casa_what_if_field(const CasaWhatIf *self)
{
  return self->field;
}

void
casa_what_if_step_field(CasaWhatIf *self, int by)
{
  do
    self->field = (CasaWhatIfField)(((int)self->field + by + CASA_WHAT_IF_FIELDS) % CASA_WHAT_IF_FIELDS);
  while (!has_field(self, self->field));
}

static guint
stepped(guint value, int by, guint n)
{
  return (guint)(((int)value + by % (int)n + (int)n) % (int)n);
}

static void
step_choice(CasaWhatIf *self, int by)
{
  const guint n = n_events(self) + self->scenarios->len;

  if (n == 0)
    return;
  self->choice = stepped(self->choice, by, n);
  take_defaults(self);
}

static void
step_place(CasaWhatIf *self, int by)
{
  g_autoptr(GPtrArray) places = places_of(self);

  for (guint i = 0; places && i < places->len; i++)
    if (g_strcmp0(places->pdata[i], self->place) == 0) {
      g_free(self->place);
      self->place = g_strdup(places->pdata[stepped(i, by, places->len)]);
      return;
    }
}

void
casa_what_if_step_value(CasaWhatIf *self, int by)
{
  switch (self->field) {
  case CASA_WHAT_IF_WHAT: step_choice(self, by); break;
  case CASA_WHAT_IF_PLACE: step_place(self, by); break;
  case CASA_WHAT_IF_STRENGTH: self->percent = (guint)CLAMP((int)self->percent + by * PERCENT_STEP, PERCENT_STEP, 100); break;
  case CASA_WHAT_IF_HOUR: self->slot = stepped(self->slot, by, SLOTS); break;
  case CASA_WHAT_IF_FIELDS: break;
  }
  ask(self);
}

void
casa_what_if_choose(CasaWhatIf *self, guint digit)
{
  for (guint i = 0; i < n_events(self); i++)
    if (casa_palette_get(city_of(self)->palette, i)->key == digit) {
      self->choice = i;
      take_defaults(self);
      ask(self);
    }
}

/* --- Words --- */

static char *
place_name(const CasaWhatIf *self)
{
  CasaHappening at = { 0 };

  if (self->place)
    casa_happening_locate(&at, city_of(self), self->place);
  return g_strdup(self->place ? casa_happening_place(&at) : "");
}

static char *
what_name(const CasaWhatIf *self)
{
  const CasaEventWords *words = casa_what_if_words(self);
  const CasaFuture *scenario = scenario_of(self);

  if (scenario)
    return g_strdup(casa_phrases_text(&scenario->title));
  const CasaPaletteItem *item = event_of(self);
  if (!item)
    return g_strdup("");
  return g_strdup(words && g_str_equal(words->kind, item->event) ? casa_phrases_text(&words->what) : item->event);
}

static char *
hour_name(const CasaWhatIf *self)
{
  gint64 from_ms, to_ms, start_ms, end_ms;

  casa_what_if_hours(self, &from_ms, &to_ms, &start_ms, &end_ms);
  return casa_lang_clock(start_ms, FALSE);
}

gboolean
casa_what_if_field_words(CasaWhatIf *self, CasaWhatIfField field, char **out_name, char **out_value)
{
  if (!has_field(self, field))
    return FALSE;
  switch (field) {
  case CASA_WHAT_IF_WHAT:
    *out_name = g_strdup(_("Quoi"));
    *out_value = what_name(self);
    break;
  case CASA_WHAT_IF_PLACE:
    *out_name = g_strdup(_("Où"));
    *out_value = place_name(self);
    break;
  case CASA_WHAT_IF_STRENGTH:
    *out_name = g_strdup(_("Force"));
    *out_value = g_strdup_printf(_("%u %%"), self->percent);
    break;
  default:
    *out_name = g_strdup(_("Heure"));
    *out_value = hour_name(self);
    break;
  }
  return TRUE;
}

char *
casa_what_if_title(CasaWhatIf *self)
{
  g_autofree char *what = what_name(self), *place = place_name(self);
  g_autofree char *whole = *place ? g_strdup_printf("%s · %s", what, place) : g_strdup(what);

  /* TR: the headline of a simulated "what if"; %s: what happens, and where */
  return g_strdup_printf(_("Et si… %s ?"), whole);
}

char *
casa_what_if_note(CasaWhatIf *self)
{
  const CasaFuture *scenario = scenario_of(self);

  if (!scenario)
    return g_strdup(_("La même ville simulée, deux fois : avec et sans. Ce n’est ni une mesure ni une prévision."));
  if (!*scenario->source)
    return g_strdup(casa_phrases_text(&scenario->limits));
  /* TR: what a future assumes; who says so */
  return g_strdup_printf(_("%s (source : %s)"), casa_phrases_text(&scenario->limits), scenario->source);
}

char *
casa_what_if_waiting(CasaWhatIf *self)
{
  switch (casa_two_futures_state(self->futures)) {
  case CASA_TWO_FUTURES_KNOWN: return NULL;
  case CASA_TWO_FUTURES_FAILED:
    /* TR: the simulator could not play what was asked; its own words, in English */
    return g_strdup_printf(_("Le simulateur ne peut pas le jouer : %s"), casa_two_futures_fault(self->futures));
  case CASA_TWO_FUTURES_IDLE:
  case CASA_TWO_FUTURES_ASKED: break;
  }
  return g_strdup(_("Deux avenirs se calculent…"));
}

const CasaIndicator *
casa_what_if_indicator(const CasaWhatIf *self)
{
  return self->shown[0];
}

const CasaTwoFutures *
casa_what_if_futures(const CasaWhatIf *self)
{
  return self->futures;
}
