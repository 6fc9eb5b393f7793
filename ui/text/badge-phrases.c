/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "ui/text/lang.h"
#include "ui/text/phrases.h"
#include <math.h>

const char *
casa_badge_class(CasaBadgeKind kind)
{
  static const char *const classes[] = { "live", "simulated", "simulated", "replay", "loading", "last", "mute", "lost" };
  return classes[kind];
}

const char *
casa_badge_shape(CasaBadgeKind kind)
{
  static const char *const shapes[] = { "●", "◆", "◆", "▶", "…", "■", "▲", "✕" };
  return shapes[kind];
}

const char *
casa_badge_hint(CasaBadgeKind kind)
{
  switch (kind) {
  case CASA_BADGE_LIVE: return _("Les mesures arrivent au moment où elles sont faites.");
  case CASA_BADGE_SIMULATED: return _("Les mesures de la ville viennent d'un simulateur, casa-sim, et non de capteurs.");
  case CASA_BADGE_REHEARSAL:
    return _("Répétition : l'horloge de tous les programmes est décalée. Pour l'heure vraie : ./demo --at now, ou relancez "
             "sans la variable CASA_CLOCK_SHIFT.");
  case CASA_BADGE_REPLAY:
    return _(
      "Un passé est rejoué : heures et âges sont ceux de ce passé. Ce que les capteurs envoient maintenant est stocké sans "
      "être montré.");
  case CASA_BADGE_LOADING:
    return _("Le passé de la ville arrive, du plus ancien au plus récent : ce qui est affiché devient actuel de soi-même.");
  case CASA_BADGE_LAST: return _("Rien d'actuel : ce qui est affiché date de la dernière mesure reçue.");
  case CASA_BADGE_MUTE: return _("La liaison est là, mais plus aucun capteur n'envoie : vérifiez-les, ou le simulateur.");
  case CASA_BADGE_LOST: return _("La ligne d'état, en bas, dit ce qui manque et comment y remédier.");
  }
  g_return_val_if_reached("");
}

static char *
aged(const char *format_free_word, gint64 age_ms)
{
  g_autofree char *age = casa_lang_age(MAX(age_ms, 0));
  return g_strdup_printf("%s · %s", format_free_word, age);
}

static CasaBadgeWords
link_badge(const CasaSummary *s)
{
  if (s->erased)
    return (CasaBadgeWords){ CASA_BADGE_LOST, g_strdup(_("BASE EFFACÉE")) };
  /* What is not stored is not shown either, though the broker keeps it. */
  if (s->blocked.code)
    return (CasaBadgeWords){ CASA_BADGE_LOST, g_strdup(_("STOCKAGE BLOQUÉ")) };
  if (s->link.state == CASA_LINK_REFUSED)
    return (CasaBadgeWords){ CASA_BADGE_LOST, g_strdup(_("ACCÈS REFUSÉ")) };
  if (s->link.state != CASA_LINK_UP)
    return (CasaBadgeWords){ CASA_BADGE_LOST, s->link.state != CASA_LINK_LOST || s->link.since_ms == 0
                                                ? g_strdup(_("CONNEXION…"))
                                                : aged(_("LIAISON PERDUE"), s->now_ms - s->link.since_ms) };
  if (!casa_summary_is_mute(s))
    return (CasaBadgeWords){ CASA_BADGE_LIVE, g_strdup(_("EN DIRECT")) };
  if (casa_summary_is_loading(s))
    return (CasaBadgeWords){ CASA_BADGE_LOADING, g_strdup(_("CHARGEMENT")) };
  return (CasaBadgeWords){ CASA_BADGE_MUTE, s->live_ms == 0 ? g_strdup(_("MUET")) : aged(_("MUET"), s->now_ms - s->live_ms) };
}

/* "REJEU ×60" */
static char *
replay_words(const CasaReplayState *replay)
{
  g_autofree char *speed = casa_lang_number(replay->speed, replay->speed < 10 && replay->speed != floor(replay->speed) ? 1 : 0);

  if (replay->state == CASA_LINK_REFUSED)
    return g_strdup(_("REJEU INTERROMPU"));
  if (replay->state == CASA_LINK_OFF)
    return g_strdup(_("REJEU TERMINÉ"));
  /* TR: how many times as fast as it was */
  return g_strdup_printf(_("REJEU ×%s"), speed);
}

guint
casa_phrases_badges(const CasaSummary *s, CasaBadgeWords out[CASA_BADGES_MAX])
{
  guint n = 0;

  if (s->replaying)
    out[n++] = (CasaBadgeWords){ CASA_BADGE_REPLAY, replay_words(&s->replay) };
  CasaBadgeWords link = link_badge(s);
  gboolean live = link.kind == CASA_BADGE_LIVE;
  if (live && s->replaying)
    g_free(link.text); /* nothing is: it is a replay */
  else
    out[n++] = link;
  if (!live && link.kind != CASA_BADGE_LOADING && s->newest_ms > 0)
    out[n++] = (CasaBadgeWords){ CASA_BADGE_LAST, aged(_("DERNIÈRE VALEUR"), s->now_ms - s->newest_ms) };
  if (s->simulated)
    out[n++] = (CasaBadgeWords){ CASA_BADGE_SIMULATED, g_strdup(_("SIMULÉ")) };
  if (casa_clock_shift_ms() != 0 && n < CASA_BADGES_MAX)
    out[n++] = (CasaBadgeWords){ CASA_BADGE_REHEARSAL, g_strdup(_("HORLOGE DÉCALÉE")) };
  return n;
}
