/* SPDX-License-Identifier: Apache-2.0 */
#include "teams/diagnosis.h"

#include "wire/mend.h"

#include <string.h>

#define REFUSED_MAX 10
/* The guard writes every two seconds at most (WRITE_EVERY_US): a login that is younger may have gone well since. */
#define GUARD_WRITES_MS 3000
#define SHARED_AT_LEAST 2             /* once is a device that came back before the broker missed it */
#define LOOK_BACK_MS (24 * 3600000LL) /* values older than that are not looked for */
#define RECENT_MS CASA_TEAM_SILENCE_MS

void
casa_diagnosis_free(CasaDiagnosis *self)
{
  if (!self)
    return;
  g_free(self->denied_topic);
  g_free(self->taken_user);
  g_free(self->newest);
  g_clear_pointer(&self->refused, g_ptr_array_unref);
  g_free(self);
}

gboolean
casa_team_is_shown(const CasaConfig *config, const char *team)
{
  g_autofree char *path = g_strconcat(config->store_path, ".choices", NULL);
  g_autoptr(GKeyFile) file = g_key_file_new();
  if (!g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, NULL))
    return FALSE;
  g_auto(GStrv) shown = g_key_file_get_string_list(file, "teams", "shown", NULL, NULL);
  return shown && g_strv_contains((const char *const *)shown, team);
}

/* ---- what the guard saw ---- */

typedef struct {
  gint64 seen_ms, tried_ms; /* when a device of it last did something, and last asked to be let in */
  guint n;                  /* how often it asked since it did something */
} Tries;

static void
read_guard(CasaDiagnosis *self, const CasaConfig *config, const char *team, Tries *tries)
{
  g_autofree char *path = config->teams_folder ? g_build_filename(config->teams_folder, "teams-seen", NULL) : NULL;
  g_autoptr(GKeyFile) file = g_key_file_new();
  *tries = (Tries){ 0, 0, 0 };
  if (!path || !g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, NULL) || !g_key_file_has_group(file, team))
    return;
  self->known = TRUE;
  self->active = (guint)MAX(g_key_file_get_integer(file, team, "active", NULL), 0);
  self->denied = (guint)MAX(g_key_file_get_integer(file, team, "denied", NULL), 0);
  self->taken = (guint)MAX(g_key_file_get_integer(file, team, "taken", NULL), 0);
  self->since_ms = g_key_file_get_int64(file, team, "since_ms", NULL);
  self->gone_ms = g_key_file_get_int64(file, team, "gone_ms", NULL);
  self->denied_ms = g_key_file_get_int64(file, team, "denied_ms", NULL);
  self->qos2_ms = g_key_file_get_int64(file, team, "qos2_ms", NULL);
  self->taken_ms = g_key_file_get_int64(file, team, "taken_ms", NULL);
  tries->seen_ms = g_key_file_get_int64(file, team, "seen_ms", NULL);
  tries->tried_ms = g_key_file_get_int64(file, team, "tried_ms", NULL);
  tries->n = (guint)MAX(g_key_file_get_integer(file, team, "tries", NULL), 0);
  self->denied_topic = g_key_file_get_string(file, team, "denied_topic", NULL);
  self->taken_user = g_key_file_get_string(file, team, "taken_user", NULL);
}

/* ---- what the store has ---- */

typedef struct {
  CasaDiagnosis *self;
  gint64 from_ms;
} Count;

static gboolean
count_cb(const CasaExportRow *row, gpointer data)
{
  Count *c = data;
  c->self->n_stored += row->received_ms >= c->from_ms;
  if (row->received_ms < c->self->stored_ms)
    return TRUE;
  c->self->stored_ms = row->received_ms;
  c->self->value = row->value;
  g_free(c->self->newest);
  c->self->newest = g_strdup_printf("%s/%s", row->station, row->metric);
  return TRUE;
}

/* The window first; a team that was silent in it is looked for in a day of hours. */
static gboolean
read_store(CasaDiagnosis *self, const CasaConfig *config, CasaReader *reader, const char *team, gint64 now_ms, GError **error)
{
  Count count = { self, now_ms - CASA_TEAM_WINDOW_MS };
  CasaExportQuery query = { .source = team, .from_ms = count.from_ms, .to_ms = now_ms + config->future_ms };
  if (!casa_reader_export(reader, &query, count_cb, &count, error))
    return FALSE;
  query.from_ms = now_ms - LOOK_BACK_MS;
  if (self->stored_ms == 0 && !casa_reader_export(reader, &query, count_cb, &count, error))
    return FALSE;
  self->refused = casa_reader_refused_of(reader, config->root, team, REFUSED_MAX, count.from_ms, &self->n_refused, error);
  if (self->refused && self->refused->len > 0)
    self->refused_ms = ((const CasaRefusedMessage *)g_ptr_array_index(self->refused, 0))->received_ms;
  return self->refused != NULL;
}

/* ---- the verdict ---- */

/* It asked to be let in, and it cannot be told yet whether it was. */
static gboolean
is_coming(const Tries *tries, gint64 now_ms)
{
  return tries->tried_ms > tries->seen_ms && tries->n < 2 && now_ms - tries->tried_ms < GUARD_WRITES_MS;
}

static CasaTeamTrouble
first_trouble(const CasaDiagnosis *d, const CasaTeamStanding *standing, const Tries *tries, gint64 now_ms)
{
  gint64 arrived = MAX(d->stored_ms, d->refused_ms);
  gboolean recent = arrived > 0 && now_ms - arrived < RECENT_MS;
  gboolean absent = !recent && d->known && d->active == 0 && !is_coming(tries, now_ms);
  if (standing->shut)
    return CASA_TEAM_SHUT;
  if (d->taken >= SHARED_AT_LEAST && now_ms - d->taken_ms < RECENT_MS)
    return CASA_TEAM_SHARED;
  if (d->denied > 0 && d->denied_ms >= arrived && now_ms - d->denied_ms < CASA_TEAM_WINDOW_MS)
    return CASA_TEAM_DENIED;
  if (absent && tries->tried_ms > tries->seen_ms && tries->tried_ms > arrived)
    return CASA_TEAM_LOGIN;
  if (absent)
    return CASA_TEAM_GONE;
  if (arrived == 0)
    return CASA_TEAM_NEVER;
  if (d->refused_ms > d->stored_ms)
    return CASA_TEAM_REFUSED;
  if (!recent)
    return CASA_TEAM_SILENT;
  return standing->shown ? CASA_TEAM_WELL : CASA_TEAM_HIDDEN;
}

static CasaTeamStep
step_of(CasaTeamTrouble trouble)
{
  switch (trouble) {
  case CASA_TEAM_WELL: return CASA_N_STEPS;
  case CASA_TEAM_DENIED: return CASA_STEP_ALLOWED;
  case CASA_TEAM_REFUSED: return CASA_STEP_UNDERSTOOD;
  case CASA_TEAM_SILENT: return CASA_STEP_STORED;
  case CASA_TEAM_HIDDEN: return CASA_STEP_SHOWN;
  case CASA_TEAM_NEVER:
  case CASA_TEAM_SHUT:
  case CASA_TEAM_LOGIN:
  case CASA_TEAM_GONE:
  case CASA_TEAM_SHARED:
  default: return CASA_STEP_CONNECTED;
  }
}

/* Two devices with one user harm each other, and what they send between that arrives all the same: then no step fails. */
static gboolean
gets_through(const CasaDiagnosis *d, gint64 now_ms)
{
  return d->trouble == CASA_TEAM_SHARED && d->stored_ms > d->refused_ms && now_ms - d->stored_ms < RECENT_MS;
}

static void
judge(CasaDiagnosis *self, const CasaTeamStanding *standing, const Tries *tries, gint64 now_ms)
{
  self->trouble = first_trouble(self, standing, tries, now_ms);
  guint failing = step_of(self->trouble);
  if (gets_through(self, now_ms))
    failing = standing->shown ? CASA_N_STEPS : CASA_STEP_SHOWN;
  if (self->trouble == CASA_TEAM_NEVER && self->active > 0)
    failing = CASA_STEP_UNDERSTOOD; /* it is there, and may say something at any moment */
  for (guint i = 0; i < CASA_N_STEPS; i++)
    self->steps[i] = i < failing ? CASA_STEP_WELL : i == failing ? CASA_STEP_FAILS : CASA_STEP_WAITS;
  if (self->trouble == CASA_TEAM_NEVER && (!self->known || is_coming(tries, now_ms)))
    self->steps[CASA_STEP_CONNECTED] = CASA_STEP_UNKNOWN;
}

CasaDiagnosis *
casa_diagnosis_new(const CasaConfig *config, CasaReader *reader, const char *team, const CasaTeamStanding *standing,
                   gint64 now_ms, GError **error)
{
  g_autoptr(CasaDiagnosis) self = g_new0(CasaDiagnosis, 1);
  Tries tries;
  read_guard(self, config, team, &tries);
  if (!read_store(self, config, reader, team, now_ms, error))
    return NULL;
  judge(self, standing, &tries, now_ms);
  return g_steal_pointer(&self);
}

/* ---- the mended text ---- */

char *
casa_safe_text(const char *bytes, gsize len, guint max)
{
  g_autoptr(GString) out = g_string_new(NULL);
  const char *end = bytes + len;
  guint n = 0;
  for (; bytes < end && n < max; n++) {
    gunichar c = g_utf8_get_char_validated(bytes, end - bytes);
    if (c == (gunichar)-1 || c == (gunichar)-2 || c == 0 || (!g_unichar_isprint(c) && !g_unichar_isspace(c))) {
      g_string_append_printf(out, "\\x%02x", (guint)(guchar)*bytes++);
    } else {
      g_string_append_unichar(out, g_unichar_isspace(c) ? ' ' : c);
      bytes = g_utf8_next_char(bytes);
    }
  }
  if (bytes < end)
    g_string_append(out, "…");
  return g_strdup(out->str);
}

/* "Air" → "air"; what may not stand in a topic becomes a hyphen. (transfer full) */
static char *
topic_level(const char *text)
{
  g_autofree char *ascii = g_str_to_ascii(text, "C");
  char *level = g_ascii_strdown(ascii, -1);
  for (char *p = level; *p; p++) {
    if (!g_ascii_isalnum(*p) && *p != '_' && *p != '-')
      *p = '-';
  }
  return level;
}

static char *
with_first(const char *text, const char *wrong, const char *right)
{
  const char *at = strstr(text, wrong);
  return at ? g_strdup_printf("%.*s%s%s", (int)(at - text), text, right, at + strlen(wrong)) : g_strdup(text);
}

gboolean
casa_mend(const CasaRefusedMessage *refused, CasaMend *out)
{
  const CasaReason *why = &refused->why;
  gsize len;
  const char *bytes = g_bytes_get_data(refused->payload, &len);
  g_autofree char *payload = casa_safe_text(bytes ? bytes : "", len, 2000);
  const char *topic = refused->topic ? refused->topic : "";
  *out = (CasaMend){ NULL, NULL, NULL, NULL };
  if (!*why->got)
    return FALSE;
  g_autofree char *json = NULL;
  switch (why->why) {
  case CASA_WHY_COMMA:
  case CASA_WHY_THOUSANDS:
  case CASA_WHY_LOOSE:
  case CASA_WHY_UNIT_BEHIND:
    if (!*why->wanted)
      return FALSE;
    out->right = g_strdup(why->wanted);
    out->payload = with_first(payload, why->got, why->wanted);
    break;
  case CASA_WHY_JSON:
  case CASA_WHY_JSON_COMMA:
  case CASA_WHY_JSON_LOOSE:
  case CASA_WHY_JSON_NAME:
  case CASA_WHY_JSON_WORD:
  case CASA_WHY_JSON_CUT:
    json = casa_mend_json(bytes ? bytes : "", len);
    if (!json)
      return FALSE;
    out->right = g_strdup(*why->wanted ? why->wanted : json);
    out->payload = casa_safe_text(json, strlen(json), 2000);
    break;
  case CASA_WHY_TOPIC_DEVICE:
  case CASA_WHY_TOPIC_CHARS:
    out->right = why->why == CASA_WHY_TOPIC_DEVICE ? g_strdup(why->wanted) : topic_level(why->got);
    out->topic = with_first(topic, why->got, out->right);
    break;
  default: return FALSE;
  }
  out->wrong = g_strdup(why->why == CASA_WHY_JSON ? payload : why->got); /* of which got is the reader's words */
  if (!out->topic)
    out->topic = g_strdup(topic);
  if (!out->payload)
    out->payload = g_steal_pointer(&payload);
  return TRUE;
}

void
casa_mend_clear(CasaMend *self)
{
  g_clear_pointer(&self->wrong, g_free);
  g_clear_pointer(&self->right, g_free);
  g_clear_pointer(&self->topic, g_free);
  g_clear_pointer(&self->payload, g_free);
}
