/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/happenings.h"
#include "ui/data/teams.h"
#include "ui/text/lang.h"
#include <math.h>
#include <string.h>

#define SILENT_SHARE 0.9 /* of the sensors that were heard at once: when fewer are, many are silent */

static const CasaStop *
find_stop(const CasaCity *city, const char *id)
{
  for (guint l = 0; l < city->n_lines; l++)
    for (guint s = 0; s < city->lines[l].n_stops; s++)
      if (g_str_equal(city->lines[l].stops[s].id, id))
        return &city->lines[l].stops[s];
  return NULL;
}

static const CasaPlace *
find_landmark(const CasaCity *city, const char *id)
{
  for (guint i = 0; i < city->n_places; i++)
    if (city->places[i].kind == CASA_PLACE_LANDMARK && g_str_equal(city->places[i].id, id))
      return &city->places[i];
  return NULL;
}

void
casa_happening_locate(CasaHappening *self, const CasaCity *city, const char *place)
{
  self->district = casa_city_district(city, place);
  self->line = casa_city_line(city, place);
  self->stop = find_stop(city, place);
  self->landmark = find_landmark(city, place);
}

static gboolean
read_event(CasaModel *model, const CasaEvent *event, CasaHappening *out)
{
  const CasaCity *city = casa_model_city(model);
  gint64 now_ms = casa_model_summary(model)->now_ms;

  *out = (CasaHappening){ .words = city->stories ? casa_stories_event(city->stories, event->event) : NULL,
                          .from = event->simulated ? CASA_HAPPENING_SIMULATED : CASA_HAPPENING_ANNOUNCED,
                          .district = casa_city_district(city, *event->district ? event->district : event->place),
                          .line = casa_city_line(city, *event->line ? event->line : event->place),
                          .stop = find_stop(city, event->place),
                          .landmark = find_landmark(city, event->place),
                          .start_ms = event->start_ms,
                          .end_ms = event->end_ms,
                          .over = event->end_ms <= now_ms,
                          .share = NAN };
  g_strlcpy(out->kind, event->event, sizeof out->kind);
  g_strlcpy(out->source, event->source, sizeof out->source);
  return out->words && event->start_ms <= now_ms && event->end_ms > now_ms - CASA_HAPPENING_TOLD_MS;
}

static gboolean
is_same_place(const CasaHappening *a, const CasaHappening *noticed)
{
  if (noticed->district)
    return a->district == noticed->district || !a->district;
  return !noticed->line || a->line == noticed->line || !a->line;
}

/* Whether something that is announced explains what was noticed; also a little after its end, while things go back. */
static gboolean
is_explained(const GArray *all, const CasaHappening *noticed)
{
  for (guint i = 0; i < all->len; i++) {
    const CasaHappening *h = &g_array_index(all, CasaHappening, i);
    if (h->from != CASA_HAPPENING_NOTICED && is_same_place(h, noticed) &&
        g_strv_contains((const char *const *)h->words->also, noticed->kind))
      return TRUE;
  }
  return FALSE;
}

static void
add_noticed(CasaModel *model, GArray *all, const char *kind, CasaHappening h)
{
  const CasaCity *city = casa_model_city(model);

  h.words = city->stories ? casa_stories_event(city->stories, kind) : NULL;
  h.from = CASA_HAPPENING_NOTICED;
  h.end_ms = CASA_EVENT_OPEN;
  g_strlcpy(h.kind, kind, sizeof h.kind);
  if (h.words && !is_explained(all, &h))
    g_array_append_val(all, h);
}

/* Those that were never heard on this page are not missed: a wall that has just started waits for the first report of each. */
static gboolean
are_many_silent(const CasaSummary *summary, CasaPageNotice *notice)
{
  notice->most_heard = MAX(notice->most_heard, summary->sensors_alive);
  if (summary->link.state != CASA_LINK_UP || summary->sensors_alive >= notice->most_heard * SILENT_SHARE)
    notice->silent_ms = 0;
  else if (notice->silent_ms == 0)
    notice->silent_ms = summary->now_ms;
  return notice->silent_ms > 0;
}

static void
add_all_noticed(CasaModel *model, CasaPageNotice *notice, GArray *all)
{
  const CasaSummary *summary = casa_model_summary(model);

  if (notice->dark)
    add_noticed(model, all, CASA_NOTICED_DARK,
                (CasaHappening){ .district = notice->dark, .share = notice->share, .start_ms = notice->dark_ms });
  if (notice->stands)
    add_noticed(model, all, CASA_NOTICED_LINE_STANDS,
                (CasaHappening){ .line = notice->stands, .share = NAN, .start_ms = notice->stands_ms });
  if (summary->replaying)
    return;
  if (summary->link.state == CASA_LINK_LOST)
    add_noticed(model, all, CASA_NOTICED_LINK_LOST, (CasaHappening){ .share = NAN, .start_ms = summary->link.since_ms });
  if (are_many_silent(summary, notice))
    add_noticed(model, all, CASA_NOTICED_SILENCE, (CasaHappening){ .share = NAN, .start_ms = notice->silent_ms });
}

static gint
compare(gconstpointer a, gconstpointer b)
{
  const CasaHappening *x = a, *y = b;

  if (x->over != y->over)
    return x->over - y->over;
  if (x->words->gravity != y->words->gravity)
    return x->words->gravity < y->words->gravity ? 1 : -1;
  return x->start_ms < y->start_ms ? 1 : x->start_ms > y->start_ms ? -1 : strcmp(x->kind, y->kind);
}

GArray *
casa_happenings_read(CasaModel *model, CasaPageNotice *notice)
{
  GArray *all = g_array_new(FALSE, FALSE, sizeof(CasaHappening));
  const GArray *events = casa_model_events(model);

  for (guint i = 0; i < events->len; i++) {
    CasaHappening h;
    const CasaEvent *event = &g_array_index(events, CasaEvent, i);
    if (casa_teams_may_be_seen(model, event->source) && read_event(model, event, &h))
      g_array_append_val(all, h);
  }
  add_all_noticed(model, notice, all);
  g_array_sort(all, compare);
  return all;
}

static const char *
name_in(const char *fr, const char *ar)
{
  return casa_lang_rtl() && ar && *ar ? ar : fr;
}

const char *
casa_happening_place(const CasaHappening *self)
{
  if (self->landmark)
    return name_in(self->landmark->name_fr, self->landmark->name_ar);
  if (self->stop)
    return name_in(self->stop->name_fr, self->stop->name_ar);
  if (self->district)
    return name_in(self->district->name_fr, self->district->name_ar);
  return self->line ? self->line->name : "";
}
