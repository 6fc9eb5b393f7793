/* SPDX-License-Identifier: Apache-2.0 */
#include "team-diagnosis.h"

#include "base/clock.h"
#include "cli.h"

#include <stdio.h>
#include <string.h>

#define SHOWN_MAX 3

static const char *
title_of(const CasaDiagnosis *d)
{
  switch (d->trouble) {
  case CASA_TEAM_WELL: return cli_said("everything arrives", "tout arrive", "كل شيء يصل");
  case CASA_TEAM_NEVER: return cli_said("nothing has arrived yet", "rien n'est encore arrivé", "لم يصل شيء بعد");
  case CASA_TEAM_SHUT: return cli_said("the team is shut out", "l'équipe est mise à l'écart", "الفريق موقوف");
  case CASA_TEAM_LOGIN:
    return cli_said("it asks to be let in, and is not: is the password right?",
                    "elle demande à entrer et n'est pas admise : le mot de passe est-il juste ?",
                    "يطلب الدخول ولا يُقبل: هل كلمة السر صحيحة؟");
  case CASA_TEAM_GONE:
    return cli_said("no device of it is connected", "aucun de ses appareils n'est connecté", "لا جهاز له متصل");
  case CASA_TEAM_SHARED:
    return cli_said("another device uses its user: the two put each other off",
                    "un autre appareil utilise son utilisateur : les deux se déconnectent l'un l'autre",
                    "جهاز آخر يستعمل مستخدمه: يفصل كلٌّ منهما الآخر");
  case CASA_TEAM_DENIED:
    return cli_said("it publishes where it may not; MQTT 3.1.1 does not tell it",
                    "elle publie là où elle n'a pas le droit ; MQTT 3.1.1 ne le lui dit pas",
                    "ينشر حيث لا يحق له؛ وMQTT 3.1.1 لا يخبره");
  case CASA_TEAM_REFUSED:
    return cli_said("its messages arrive, but are not understood", "ses messages arrivent, mais ne sont pas compris",
                    "رسائله تصل، لكنها لا تُفهم");
  case CASA_TEAM_SILENT: return cli_said("it has fallen silent", "elle s'est tue", "صمت");
  case CASA_TEAM_HIDDEN:
  default:
    return cli_said("all is stored; hidden from the hall until you show it",
                    "tout est stocké ; caché à la salle tant que vous ne le montrez pas",
                    "كل شيء محفوظ؛ مخفي عن القاعة إلى أن تُظهروه");
  }
}

static const char *
step_name(guint step)
{
  switch (step) {
  case CASA_STEP_CONNECTED: return cli_said("connected", "connecté", "متصل");
  case CASA_STEP_ALLOWED: return cli_said("allowed", "autorisé", "مسموح له");
  case CASA_STEP_UNDERSTOOD: return cli_said("understood", "compris", "مفهوم");
  case CASA_STEP_STORED: return cli_said("stored", "stocké", "محفوظ");
  default: return cli_said("on screen", "à l'écran", "على الشاشة");
  }
}

/* Whoever is not shown has done nothing wrong: no step of it fails. */
static const char *
state_name(const CasaDiagnosis *d, guint step)
{
  switch (d->steps[step]) {
  case CASA_STEP_WELL: return cli_said("ok", "bien", "جيد");
  case CASA_STEP_WAITS: return "-";
  case CASA_STEP_UNKNOWN: return "?";
  case CASA_STEP_FAILS:
  default: return step == CASA_STEP_SHOWN ? cli_said("hidden", "caché", "مخفي") : cli_said("FAIL", "ÉCHEC", "فشل");
  }
}

static void
print_padded(const char *text, int width)
{
  printf("%s%*s", text, MAX(width - (int)g_utf8_strlen(text, -1), 0), "");
}

static void
print_step(const CasaDiagnosis *d, guint step, const char *detail)
{
  printf("  ");
  print_padded(state_name(d, step), 6);
  printf("  ");
  print_padded(step_name(step), 10);
  printf("  %s\n", detail);
}

static char *
moment(gint64 ms)
{
  char text[32];
  return g_strdup(casa_time_format(ms, text));
}

static char *
connected_words(const CasaDiagnosis *d, const CasaTeam *team)
{
  g_autofree char *when = moment(d->active > 0 ? d->since_ms : d->gone_ms);
  if (d->trouble == CASA_TEAM_SHUT)
    return g_strdup_printf("casa team enable %s %s", team->name, cli_said("lets it in", "la laisse entrer", "يسمح له بالدخول"));
  if (d->trouble == CASA_TEAM_SHARED)
    return g_strdup_printf("%s ×%u: %s %s.2, %s.3…", d->taken_user, d->taken,
                           cli_said("the second device is", "le deuxième appareil est", "الجهاز الثاني هو"), team->name,
                           team->name);
  if (!d->known)
    return g_strdup(cli_said("the broker's guard has said nothing of it", "le gardien du courtier n'en a rien dit",
                             "لم يقل حارس الوسيط عنه شيئًا"));
  if (d->active > 0)
    return g_strdup_printf("%u %s %s", d->active,
                           cli_said(d->active == 1 ? "device, since" : "devices, since", "appareil(s), depuis", "جهاز، منذ"),
                           when);
  return d->gone_ms ? g_strdup_printf("%s %s", cli_said("last seen", "vu pour la dernière fois", "آخر ظهور"), when)
                    : g_strdup(cli_said("never seen", "jamais vu", "لم يظهر قط"));
}

/* MQTT 3.1.1 tells a client nothing but that the connection is gone. */
static const char *
qos2_words(const CasaDiagnosis *d)
{
  return d->qos2_ms == 0 ? ""
                         : cli_said("; hung up on, as it sent with QoS 2: take 0 or 1",
                                    " ; coupée, car elle envoyait en QoS 2 : prenez 0 ou 1",
                                    "؛ قُطع اتصاله لأنه أرسل بجودة QoS 2: استعملوا 0 أو 1");
}

static char *
allowed_words(const CasaDiagnosis *d, const CasaConfig *config, const CasaTeam *team)
{
  g_autofree char *denied = d->denied_topic ? casa_safe_text(d->denied_topic, strlen(d->denied_topic), 100) : NULL;
  if (d->denied == 0)
    return g_strdup_printf("%s %s/%s/%s", cli_said("below", "sous", "تحت"), config->root, team->name, qos2_words(d));
  return g_strdup_printf(
    "×%u %s \"%s\"; %s %s/%s/%s", d->denied, cli_said("refused, last", "refusé, dernier", "مرفوض، آخره"), denied ? denied : "",
    cli_said("its topics begin with", "ses sujets commencent par", "مواضيعه تبدأ بـ"), config->root, team->name, qos2_words(d));
}

static char *
shown_words(const CasaDiagnosis *d)
{
  if (!d->newest)
    return g_strdup(cli_said("nothing yet", "rien encore", "لا شيء بعد"));
  return g_strdup_printf("%s %.6g%s", d->newest, d->value,
                         d->steps[CASA_STEP_SHOWN] == CASA_STEP_FAILS
                           ? cli_said("; show it: G on the wall, or Shift+D and Return",
                                      " ; la montrer : G sur le mur, ou Maj+D et Entrée",
                                      "؛ لإظهاره: G على الجدار، أو Shift+D ثم Enter")
                           : "");
}

static void
print_steps(const CasaDiagnosis *d, const CasaConfig *config, const CasaTeam *team)
{
  g_autofree char *connected = connected_words(d, team), *allowed = allowed_words(d, config, team), *shown = shown_words(d);
  g_autofree char *understood =
    g_strdup_printf("%u %s, %u %s", d->n_refused, cli_said("refused", "refus", "مرفوضة"), d->n_stored,
                    cli_said("values stored in ten minutes", "mesures stockées en dix minutes", "قياسًا محفوظًا في عشر دقائق"));
  g_autofree char *when = moment(d->stored_ms);
  g_autofree char *stored = d->stored_ms ? g_strdup_printf("%s %s", cli_said("last", "dernière", "آخرها"), when)
                                         : g_strdup(cli_said("nothing yet", "rien encore", "لا شيء بعد"));
  print_step(d, CASA_STEP_CONNECTED, connected);
  print_step(d, CASA_STEP_ALLOWED, allowed);
  print_step(d, CASA_STEP_UNDERSTOOD, understood);
  print_step(d, CASA_STEP_STORED, stored);
  print_step(d, CASA_STEP_SHOWN, shown);
}

static void
print_refused(const CasaRefusedMessage *r)
{
  gsize len;
  const char *bytes = g_bytes_get_data(r->payload, &len);
  g_autofree char *topic = casa_safe_text(r->topic, strlen(r->topic), 120),
                  *payload = casa_safe_text(bytes ? bytes : "", len, 200);
  g_autofree char *when = moment(r->received_ms);
  CasaMend mend;
  char words[CASA_REASON_SIZE];
  printf("%s %s  %s  %s\n", cli_said("refused", "refusé", "مرفوض"), when, topic, payload);
  if (casa_mend(r, &mend))
    printf("        %s   %s  ->  %s:  %s  %s\n", cli_said("write", "écrire", "اكتبوا"), mend.wrong, mend.right, mend.topic,
           mend.payload);
  casa_mend_clear(&mend);
  printf("        %s\n", r->why.why != CASA_WHY_NONE ? casa_reason_text_in(&r->why, cli_language(), words) : r->reason);
}

gboolean
cli_team_diagnosis(const CasaConfig *config, const CasaTeam *team, GError **error)
{
  g_autoptr(CasaReader) reader = casa_reader_open(config->store_path, error);
  if (!reader)
    return FALSE;
  CasaTeamStanding standing = { .shut = !team->enabled, .shown = casa_team_is_shown(config, team->name) };
  g_autoptr(CasaDiagnosis) d = casa_diagnosis_new(config, reader, team->name, &standing, casa_reader_now_ms(reader), error);
  if (!d)
    return FALSE;
  printf("%s: %s\n", team->name, title_of(d));
  print_steps(d, config, team);
  for (guint i = 0; i < d->refused->len && i < SHOWN_MAX; i++)
    print_refused(g_ptr_array_index(d->refused, i));
  return TRUE;
}
