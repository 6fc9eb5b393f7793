/* SPDX-License-Identifier: Apache-2.0 */
#include "teams/welcome.h"

#include "base/error.h"
#include "teams/team-secret.h"

#include <jansson.h>
#include <string.h>

/* (transfer full) */
static char *
dump(json_t *object)
{
  char *text = json_dumps(object, JSON_COMPACT | JSON_ENSURE_ASCII), *own = g_strdup(text ? text : "{}");
  if (text)
    explicit_bzero(text, strlen(text));
  free(text);
  json_decref(object);
  return own;
}

static char *
refuse(const char *error, const char *reason)
{
  return dump(json_pack("{s:b,s:s,s:s}", "ok", 0, "error", error, "reason", reason));
}

static char *
welcome(const CasaConfig *config, const char *name)
{
  g_autofree char *topic = g_strdup_printf("%s/%s/", config->root, name);
  char *secret = casa_team_secret_read(config->teams_folder, name, NULL);
  json_t *object =
    json_pack("{s:b,s:s,s:s,s:i,s:s,s:s*,s:s*}", "ok", 1, "user", name, "password", secret ? secret : "", "devices",
              CASA_TEAM_DEVICES, "topic", topic, "address", config->teams_address, "page", config->teams_page);
  if (secret)
    explicit_bzero(secret, strlen(secret));
  g_free(secret);
  return dump(object);
}

/* What is asked for; @name NULL: nothing. */
typedef struct {
  json_t *object;
  const char *name, *title;
} Asked;

static Asked
read_asked(const char *payload, gsize len)
{
  Asked asked = { .object = json_loadb(payload, len, JSON_REJECT_DUPLICATES, NULL) };
  asked.name = json_string_value(json_object_get(asked.object, "team"));
  asked.title = json_string_value(json_object_get(asked.object, "title"));
  return asked;
}

static char *
name_refusal(const CasaConfig *config, const char *name)
{
  const char *fault = name ? casa_team_name_fault(config, name) : "send {\"team\": \"a-name\"}";
  if (fault)
    return refuse("name", fault);
  if (casa_team_secret_is_known(config->teams_folder, name))
    return refuse("taken", "is the name of another team; choose another, or ask the organisers for that team's card");
  return NULL;
}

char *
casa_welcome_refusal(const CasaConfig *config, const char *payload, gsize len)
{
  Asked asked = read_asked(payload, len);
  char *answer = name_refusal(config, asked.name);
  json_decref(asked.object);
  return answer;
}

static char *
add(const CasaConfig *config, CasaTeams *teams, const Asked *asked, guint most)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) all = teams ? casa_teams_list(teams, NULL) : NULL;
  if (!all)
    return refuse("busy", "the broker does not answer; try again");
  if (all->len >= most)
    return refuse("full", "there are as many teams as there may be; ask the organisers");
  if (!casa_teams_add(teams, asked->name, asked->title && *asked->title ? asked->title : NULL, CASA_TEAM_DEVICES, &error))
    return refuse(g_error_matches(error, CASA_ERROR, CASA_ERROR_USAGE) ? "title" : "busy", error->message);
  return welcome(config, asked->name);
}

char *
casa_welcome_answer(const CasaConfig *config, CasaTeams *teams, const char *payload, gsize len, guint most)
{
  Asked asked = read_asked(payload, len);
  char *answer = name_refusal(config, asked.name);
  if (!answer)
    answer = add(config, teams, &asked, most);
  json_decref(asked.object);
  return answer;
}
