/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/story.h"
#include "ui/text/lang.h"
#include "ui/text/phrases.h"
#include <math.h>

static const CasaCityDomain *
domain_of(CasaModel *model, const char *id)
{
  const CasaCityDomain *domain = casa_indicators_domain(casa_model_indicators(model), id);

  return domain && domain->headline ? domain : NULL;
}

/* How bad its figure is, 0: not. */
static guint
badness(CasaModel *model, const CasaCityDomain *domain)
{
  const CasaScale *scale = domain->headline->scale;
  guint class = casa_model_figure(model, domain->headline)->class;

  return !scale || class == G_MAXUINT || class < scale->bad_from ? 0 : 1 + class - scale->bad_from;
}

static const CasaCityDomain *
worst_of(CasaModel *model, const char *const *domains)
{
  const CasaCityDomain *worst = NULL;

  for (guint i = 0; domains[i]; i++) {
    const CasaCityDomain *domain = domain_of(model, domains[i]);
    if (domain && badness(model, domain) > (worst ? badness(model, worst) : 0))
      worst = domain;
  }
  return worst;
}

/* " vitesse moyenne 27,4 km/h", the number with its unit marked. */
static void
tell_figure(CasaModel *model, const CasaCityDomain *domain, GString *text, CasaStory *out)
{
  const CasaIndicator *indicator = domain->headline;
  g_autofree char *value = casa_phrases_value(indicator, casa_model_figure(model, indicator)->value);
  const char *unit = casa_phrases_text(&indicator->unit);
  CasaStoryNumber *number = &out->numbers[out->n_numbers++];

  g_string_append_printf(text, "%s ", casa_phrases_text(&indicator->what));
  number->start = (guint)text->len;
  g_string_append_printf(text, "%s%s%s", value, *unit ? "\u00a0" : "", unit);
  number->end = (guint)text->len;
  number->domain = g_strdup(domain->id);
}

static const char *
calm_words(gint64 now_ms)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(now_ms / 1000);
  g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, casa_lang_zone());
  int hour = g_date_time_get_hour(local);

  if (hour < 5 || hour >= 23)
    return _("Nuit calme");
  return hour < 12 ? _("Matinée calme") : hour < 18 ? _("Après-midi calme") : _("Soirée calme");
}

static void
tell_calm(CasaModel *model, const char *const *domains, GString *text, CasaStory *out)
{
  for (guint i = 0; domains[i] && out->n_numbers < G_N_ELEMENTS(out->numbers); i++) {
    const CasaCityDomain *domain = domain_of(model, domains[i]);
    if (!domain || casa_model_figure(model, domain->headline)->state != CASA_STATE_LIVE)
      continue;
    if (out->n_numbers == 0)
      g_string_append_printf(text, C_("story", "%s : "), calm_words(casa_model_summary(model)->now_ms));
    else
      g_string_append(text, C_("story", ", "));
    tell_figure(model, domain, text, out);
  }
  if (out->n_numbers)
    g_string_append_c(text, '.');
}

static void
tell_worst(CasaModel *model, const CasaCityDomain *domain, GString *text, CasaStory *out)
{
  const CasaIndicator *indicator = domain->headline;
  guint class = casa_model_figure(model, indicator)->class;

  g_string_append_printf(text, C_("story", "%s : "), casa_phrases_text(&domain->name));
  tell_figure(model, domain, text, out);
  g_string_append_printf(text, "%s%s.", C_("story", ", "), casa_phrases_text(&indicator->scale->words[class]));
}

char *
casa_story_dark_words(double share)
{
  g_autofree char *percent = casa_lang_number(round((1 - share) * 100), 0);

  if (share < 0.05)
    return g_strdup(_("sans courant"));
  /* TR: a district takes so many percent less current than is usual now */
  return g_strdup_printf(_("charge −%s %%"), percent);
}

static void
tell_dark(const CasaPageNotice *notice, GString *text)
{
  g_autofree char *words = casa_story_dark_words(notice->share);
  const char *arabic = casa_lang_rtl() ? notice->dark->name_ar : NULL;

  g_string_append_printf(text, C_("story", "%s : "), arabic && *arabic ? arabic : notice->dark->name_fr);
  g_string_append_printf(text, "%s.", words);
}

void
casa_story_read(CasaModel *model, const CasaPageNotice *notice, const char *const *domains, CasaStory *out)
{
  const CasaCityDomain *worst = worst_of(model, domains);
  GString *text = g_string_new(NULL);

  *out = (CasaStory){ 0 };
  if (notice->dark)
    tell_dark(notice, text);
  else if (worst)
    tell_worst(model, worst, text, out);
  else
    tell_calm(model, domains, text, out);
  out->text = g_string_free(text, FALSE);
}

void
casa_story_clear(CasaStory *self)
{
  for (guint i = 0; i < self->n_numbers; i++)
    g_free(self->numbers[i].domain);
  g_free(self->text);
  *self = (CasaStory){ 0 };
}
