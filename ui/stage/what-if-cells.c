/* SPDX-License-Identifier: Apache-2.0 */
#include "base/time-units.h"
#include "ui/stage/what-if-private.h"
#include "ui/text/lang.h"
#include "ui/text/phrases.h"
#include <math.h>
#include <string.h>

void
casa_what_if_cell_clear(CasaWhatIfCell *self)
{
  g_clear_pointer(&self->number, g_free);
  g_clear_pointer(&self->words, g_free);
}

/* "−52", "+1,3": the sign that people write. */
static char *
signed_number(double value, guint decimals)
{
  g_autofree char *number = casa_lang_number(fabs(value), decimals);

  return g_strdup_printf("%s%s", value < 0 ? "\u2212" : "+", number);
}

static guint
decimals_of(double value)
{
  return fabs(value) < 10 ? 1 : 0;
}

static gboolean
is_nothing(double value)
{
  return !isfinite(value) || round(value * pow(10, decimals_of(value))) == 0;
}

/* An amount adds up over hours; anything else is told by its mean. FALSE: there is no difference. */
static gboolean
difference_cell(const CasaWhatIf *self, guint i, CasaWhatIfCell *out)
{
  const CasaIndicator *of = self->shown[i];
  gint64 from_ms, to_ms, start_ms, end_ms;
  double sum, share;

  if (!of || !casa_two_futures_difference(self->futures, i, &sum, &share))
    return FALSE;
  casa_what_if_hours(self, &from_ms, &to_ms, &start_ms, &end_ms);
  const gboolean amount = of->fold == CASA_STATIONS_SUM;
  const double value = amount ? sum : sum * CASA_HOUR_MS / (double)(to_ms - from_ms);
  const char *name = casa_phrases_text(&of->curve), *unit = casa_phrases_text(&of->unit);
  g_autofree char *percent = isfinite(share) ? signed_number(share * 100, decimals_of(share * 100)) : g_strdup("–");
  if (is_nothing(value))
    return FALSE;
  out->number = signed_number(value, decimals_of(value));
  out->words = amount
                 /* TR: unit (MW) times hours; what it is of; how many percent of all that is */
                 ? g_strdup_printf(_("%sh · %s (%s %%)"), unit, name, percent)
                 /* TR: unit; what it is of; how many percent that is, in the mean over the hours shown */
                 : g_strdup_printf(_("%s · %s, en moyenne (%s %%)"), unit, name, percent);
  return TRUE;
}

/* The words of a consequence, with what it goes by; NULL: they speak of something else besides. */
static char *
words_by(const CasaText *words)
{
  g_auto(GStrv) parts = g_strsplit(casa_phrases_text(words), "{", 3);
  const char *close = parts[0] && parts[1] ? strchr(parts[1], '}') : NULL;

  if (parts[0] && !parts[1])
    return g_strdup(parts[0]);
  if (!close || parts[2] || !strstr(parts[1], ":basis}"))
    return NULL;
  return g_strconcat(parts[0], _("simulé"), close + 1, NULL);
}

/* As an event's banner tells it: "MWh not served". FALSE: stories.conf has no such words for what the chart shows. */
static gboolean
told_cell(const CasaWhatIf *self, CasaWhatIfCell *out)
{
  const CasaEventWords *words = casa_what_if_words(self);
  double sum, share;

  if (!words || !self->shown[0] || !casa_two_futures_difference(self->futures, 0, &sum, &share) || is_nothing(sum))
    return FALSE;
  for (guint i = 0; i < CASA_EVENT_FIGURES && words->figures[i]; i++) {
    g_auto(GStrv) parts = g_strsplit(words->figures[i], ":", 2);
    const gboolean lacking = parts[1] && g_str_equal(parts[1], "lacking") && sum < 0;
    if (!g_str_equal(parts[0], self->shown[0]->id) || !(lacking || (parts[1] && g_str_equal(parts[1], "sum"))))
      continue;
    out->words = words_by(&words->words[i]);
    if (!out->words)
      continue;
    out->number = lacking ? casa_lang_number(-sum, decimals_of(sum)) : signed_number(sum, decimals_of(sum));
    return TRUE;
  }
  return FALSE;
}

static const char *
minutes_words(const char *cost, gboolean more)
{
  if (g_str_equal(cost, "waiting_min"))
    return more ? _("min d’attente de plus, en tout") : _("min d’attente de moins, en tout");
  return more ? _("min perdues par les voyageurs") : _("min gagnées par les voyageurs");
}

static gboolean
minutes_cell(const CasaWhatIf *self, const char *cost, CasaWhatIfCell *out)
{
  const double minutes = casa_two_futures_cost(self->futures, cost, NULL);

  if (is_nothing(minutes) || fabs(minutes) < 1)
    return FALSE;
  out->number = casa_lang_number(fabs(round(minutes)), 0);
  out->words = g_strdup(minutes_words(cost, minutes > 0));
  return TRUE;
}

static gboolean
dose_cell(const CasaWhatIf *self, CasaWhatIfCell *out)
{
  double people;
  const double dose = casa_two_futures_cost(self->futures, "pm10_ugm3_h", &people);

  if (is_nothing(dose) || people < 1)
    return FALSE;
  g_autofree char *number = casa_lang_number(people, 0);
  out->number = signed_number(dose, decimals_of(dose));
  /* TR: dose of dust, times how many inhabitants */
  out->words = g_strdup_printf(_("µg/m³·h de PM10 × %s habitants"), number);
  return TRUE;
}

guint
casa_what_if_cells(CasaWhatIf *self, CasaWhatIfCell cells[CASA_WHAT_IF_CELLS])
{
  guint n = 0;

  if (casa_two_futures_state(self->futures) != CASA_TWO_FUTURES_KNOWN)
    return 0;
  n += told_cell(self, &cells[n]) || difference_cell(self, 0, &cells[n]);
  n += minutes_cell(self, "passenger_min", &cells[n]) || minutes_cell(self, "waiting_min", &cells[n]);
  n += dose_cell(self, &cells[n]);
  for (guint i = 1; i < CASA_TWO_FUTURES_FIGURES && n < CASA_WHAT_IF_CELLS; i++)
    n += difference_cell(self, i, &cells[n]);
  return n;
}
