/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/desk/diagnose-words.h"

#include "ui/text/lang.h"

#include <string.h>

char *
casa_diagnose_title(const CasaDiagnosis *d, gint64 now_ms)
{
  g_autofree char *age = casa_lang_age(MAX(now_ms - d->stored_ms, 0)), *n = casa_lang_number(d->n_stored, 0);

  switch (d->trouble) {
  case CASA_TEAM_WELL: return g_strdup_printf(_("Tout arrive : %s mesures en dix minutes."), n);
  case CASA_TEAM_NEVER: return g_strdup(_("J'attends votre premier message."));
  case CASA_TEAM_SHUT: return g_strdup(_("Cette équipe est mise à l'écart."));
  case CASA_TEAM_LOGIN: return g_strdup(_("L'équipe demande à entrer, et n'est pas admise : le mot de passe ?"));
  case CASA_TEAM_GONE: return g_strdup(_("Aucun appareil de l'équipe n'est connecté."));
  case CASA_TEAM_SHARED: return g_strdup(_("Un autre appareil utilise votre utilisateur."));
  case CASA_TEAM_DENIED: return g_strdup(_("Vos messages vont à un sujet qui n'est pas à vous."));
  case CASA_TEAM_REFUSED: return g_strdup(_("Vos messages arrivent, mais ne sont pas compris."));
  case CASA_TEAM_SILENT: return g_strdup_printf(_("Plus rien n'arrive depuis %s."), age);
  case CASA_TEAM_HIDDEN:
  default: return g_strdup(_("Tout est stocké ; la salle ne le voit pas encore."));
  }
}

const char *
casa_diagnose_step_name(guint step)
{
  static const char *const names[CASA_N_STEPS] = { N_("Connecté"), N_("Autorisé"), N_("Compris"), N_("Stocké"),
                                                   N_("À l'écran") };

  return casa_tr(names[step]);
}

const char *
casa_diagnose_state_name(CasaStepState state)
{
  static const char *const names[] = { N_("bien"), N_("échoue"), N_("en attente"), N_("inconnu") };

  return casa_tr(names[state]);
}

static char *
connected(const CasaDiagnosis *d, const char *team)
{
  if (d->trouble == CASA_TEAM_SHARED)
    return g_strdup_printf(_("%s : deux à la fois ; prenez %s.2"), d->taken_user ? d->taken_user : team, team);
  if (!d->known)
    return g_strdup(_("le broker n'en dit rien"));
  if (d->active > 0) {
    g_autofree char *since = casa_lang_clock(d->since_ms, TRUE);
    return g_strdup_printf(_("depuis %s"), since);
  }
  if (d->gone_ms == 0)
    return g_strdup(_("jamais vu"));
  g_autofree char *gone = casa_lang_clock(d->gone_ms, TRUE);
  return g_strdup_printf(_("vu à %s"), gone);
}

char *
casa_diagnose_detail(const CasaDiagnosis *d, guint step, const CasaConfig *config, const char *team, gint64 now_ms)
{
  g_autofree char *n = NULL, *of = NULL, *clock = NULL;

  switch (step) {
  case CASA_STEP_CONNECTED: return connected(d, team);
  case CASA_STEP_ALLOWED:
    return d->trouble == CASA_TEAM_DENIED && d->denied_topic ? casa_safe_text(d->denied_topic, strlen(d->denied_topic), 40)
                                                             : g_strdup_printf("%s/%s/…", config->root, team);
  case CASA_STEP_UNDERSTOOD:
    n = casa_lang_number(d->n_refused, 0);
    of = casa_lang_number(d->n_stored, 0);
    return g_strdup_printf(_("%s refus, %s mesures en 10 min"), n, of);
  case CASA_STEP_STORED:
    if (d->stored_ms == 0)
      return g_strdup(_("rien encore"));
    clock = casa_lang_clock(d->stored_ms, TRUE);
    return g_strdup_printf(_("dernière à %s"), clock);
  case CASA_STEP_SHOWN:
  default:
    if (!d->newest)
      return g_strdup("");
    n = casa_lang_number(d->value, 2);
    return g_strdup_printf("%s %s", d->newest, n);
  }
}

const char *
casa_diagnose_reason(const CasaReason *why, const char *code, char out[CASA_REASON_SIZE])
{
  static const struct {
    const char *code, *words;
  } reasons[] = {
    { "topic", N_("Le sujet (topic) ne suit pas la règle : a-z, 0-9, _ et - seulement, sous votre branche.") },
    { "domain", N_("Ce domaine n'existe pas : mobility, energy, air, water, waste ou civic.") },
    { "number", N_("Texte reçu, nombre attendu.") },
    { "type", N_("Nombre attendu, autre chose reçu.") },
    { "json", N_("Ce n'est pas du JSON.") },
    { "empty", N_("Le message est vide.") },
    { "non-finite", N_("Ce n'est pas un nombre fini : sans mesure, n'envoyez rien.") },
    { "out-of-range", N_("La valeur est impossible pour cette grandeur : l'unité est-elle juste ?") },
    { "unit", N_("Cette unité n'est pas connue pour cette grandeur.") },
    { "time", N_("Cette heure ne se lit pas : RFC 3339 avec fuseau, ou epoch.") },
    { "time-future", N_("L'heure est dans le futur : réglez l'horloge, ou n'envoyez pas d'heure.") },
    { "time-past", N_("L'heure est trop ancienne.") },
    { "quota", N_("Trop de messages à la fois.") },
    { "series-limit", N_("Trop de séries.") },
    { "utf8", N_("Ce n'est pas du texte UTF-8.") },
    { "no-metric", N_("Aucune grandeur dans ce message.") },
    { "no-fix", N_("0, 0 : le récepteur n'a pas de position.") },
    { "payload-size", N_("Le message est trop long.") },
    { "undecoded", N_("Le message est codé : il faut le décoder d'abord.") },
    { "format", N_("Aucun format connu ne lit ce message.") },
  };

  if (why->why != CASA_WHY_NONE)
    return casa_reason_text_in(why, casa_lang_get(), out);
  for (guint i = 0; i < G_N_ELEMENTS(reasons); i++)
    if (strcmp(code, reasons[i].code) == 0)
      return casa_tr(reasons[i].words);
  return _("Ce message ne peut être utilisé.");
}
