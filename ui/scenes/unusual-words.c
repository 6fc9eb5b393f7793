/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/unusual-words.h"
#include "base/time-units.h"
#include "ui/data/teams.h"
#include "ui/scenes/happenings.h"
#include "ui/text/lang.h"
#include "ui/text/phrases.h"

#define BESIDE_MS (15 * CASA_MINUTE_MS) /* an event may have begun so long before it shows */
#define NAMED 2                         /* events that are named */

char *
casa_unusual_place(const CasaCity *city, const CasaUnusualAlert *alert)
{
  CasaHappening at = { 0 };

  if (!*alert->place)
    return g_strdup("");
  casa_happening_locate(&at, city, alert->place);
  return g_strdup(casa_happening_place(&at));
}

char *
casa_unusual_rarity(const CasaUnusualAlert *alert)
{
  const guint n = alert->of / MAX(alert->rank, 1);

  if (n < 2)
    return g_strdup(_("rare à cette heure"));
  switch (alert->day) {
  case CASA_DAY_WORKING: break;
  /* TR: how unusual: so far off was one Friday of so many */
  case CASA_DAY_FRIDAY: return g_strdup_printf(_("1 vendredi sur %u"), n);
  case CASA_DAY_SATURDAY: return g_strdup_printf(_("1 samedi sur %u"), n);
  case CASA_DAY_SUNDAY: return g_strdup_printf(_("1 dimanche ou jour férié sur %u"), n);
  }
  return g_strdup_printf(_("1 jour ouvrable sur %u"), n);
}

/* Where it is, or what it is about. */
static gboolean
concerns(const CasaEvent *event, const CasaEventWords *words, const CasaUnusualAlert *alert)
{
  const gboolean here = *alert->place && (g_str_equal(event->place, alert->place) ||
                                          g_str_equal(event->district, alert->place) || g_str_equal(event->line, alert->place));

  return here || !*event->place || (words && g_strcmp0(words->domain, alert->indicator->domain) == 0);
}

static void
name_event(CasaModel *model, const CasaEvent *event, GString *text)
{
  const CasaStories *stories = casa_model_city(model)->stories;
  const CasaEventWords *words = stories ? casa_stories_event(stories, event->event) : NULL;
  CasaHappening at = { 0 };

  casa_happening_locate(&at, casa_model_city(model), event->place);
  const char *place = casa_happening_place(&at);
  g_string_append_printf(text, "%s%s%s%s", text->len ? ", " : "", words ? casa_phrases_text(&words->what) : event->event,
                         *place ? " · " : "", place);
}

char *
casa_unusual_with(CasaModel *model, const CasaUnusualAlert *alert)
{
  const GArray *events = casa_model_events(model);
  const CasaStories *stories = casa_model_city(model)->stories;
  g_autoptr(GString) named = g_string_new(NULL);
  guint n = 0;

  for (guint i = 0; i < events->len && n < NAMED; i++) {
    const CasaEvent *event = &g_array_index(events, CasaEvent, i);
    if (!casa_teams_may_be_seen(model, event->source) || event->start_ms > alert->until_ms ||
        event->end_ms < alert->since_ms - BESIDE_MS ||
        !concerns(event, stories ? casa_stories_event(stories, event->event) : NULL, alert))
      continue;
    name_event(model, event, named);
    n++;
  }
  /* TR: of something unusual: what happens at the same time, as somebody announced it; or nothing does */
  return n ? g_strdup_printf(_("en même temps : %s"), named->str) : g_strdup(_("aucun événement annoncé"));
}

char *
casa_unusual_not(const CasaUnusualAlert *alert)
{
  if (alert->n_stations <= 1)
    return g_strdup(_("un seul capteur le dit : lui ou la ville"));
  if (alert->n_agree >= 2)
    /* TR: of something unusual: how many sensors of how many saw it */
    return g_strdup_printf(_("%u capteurs sur %u l’ont vu : pas un capteur en panne"), alert->n_agree, alert->n_stations);
  return g_strdup_printf(_("%u capteur sur %u : peut-être une panne"), alert->n_agree, alert->n_stations);
}

char *
casa_unusual_line(CasaModel *model, const CasaUnusualAlert *alert)
{
  g_autofree char *place = casa_unusual_place(casa_model_city(model), alert), *rarity = casa_unusual_rarity(alert),
                  *with = casa_unusual_with(model, alert), *not = casa_unusual_not(alert);
  g_autofree char *value = casa_phrases_value(alert->indicator, alert->value),
                  *usual = casa_phrases_value(alert->indicator, alert->expected),
                  *since = casa_lang_clock(alert->since_ms, FALSE), *until = casa_lang_clock(alert->until_ms, FALSE);
  g_autofree char *when = alert->lasts ? g_strdup_printf(_("depuis %s"), since)
                                       /* TR: from when to when */
                                       : g_strdup_printf(_("de %s à %s"), since, until);

  g_autofree char *what = g_strdup_printf("%s%s%s", casa_phrases_text(&alert->indicator->curve), *place ? " · " : "", place),
                  *usually = g_strdup_printf("%s %s", usual, casa_phrases_text(&alert->indicator->unit));

  /* TR: what and where, the value, what is usual, since when, how rare, what happens at the same time, what it is not */
  return g_strdup_printf(_("%s : %s au lieu de %s, %s, %s ; %s ; %s"), what, value, usually, when, rarity, with, not );
}

void
casa_unusual_flags_put(CasaModel *model)
{
  const GArray *alerts = casa_model_unusual(model);
  const CasaStories *stories = casa_model_city(model)->stories;
  const CasaEventWords *words = stories ? casa_stories_event(stories, CASA_NOTICED_UNUSUAL) : NULL;

  for (guint i = 0; words && i < alerts->len; i++) {
    const CasaUnusualAlert *alert = &g_array_index(alerts, CasaUnusualAlert, i);
    g_autofree char *id =
      g_strdup_printf("unusual/%s-%s-%" G_GINT64_FORMAT, alert->indicator->id, alert->place, alert->since_ms);
    casa_flags_put(casa_model_flags(model), &(CasaFlag){ .id = id,
                                                         .domain = alert->indicator->domain,
                                                         .from_ms = alert->since_ms,
                                                         .to_ms = alert->lasts ? CASA_FLAG_OPEN : alert->until_ms,
                                                         .sign = "≠",
                                                         .text = words->what });
  }
}
