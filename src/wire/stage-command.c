/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/stage-command.h"

#include "wire/tree.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What each deed says beside "do" and "id". */
static const struct {
  const char *name;
  const char *argument; /* NULL: nothing */
  gboolean needed;
} DEEDS[] = {
  [CASA_STAGE_STATE] = { "state", NULL, FALSE },       [CASA_STAGE_NEXT] = { "next", NULL, FALSE },
  [CASA_STAGE_PREVIOUS] = { "previous", NULL, FALSE }, [CASA_STAGE_SCENE] = { "scene", "scene", TRUE },
  [CASA_STAGE_FREEZE] = { "freeze", "on", FALSE },     [CASA_STAGE_BLACK] = { "black", "on", FALSE },
  [CASA_STAGE_WHITE] = { "white", "on", FALSE },       [CASA_STAGE_LANGUAGE] = { "language", "language", TRUE },
  [CASA_STAGE_CUE] = { "cue", "cue", TRUE },           [CASA_STAGE_PARACHUTE] = { "parachute", "on", FALSE },
};

#define ALL_DEEDS "state, next, previous, scene, freeze, black, white, language, cue, parachute"

static gboolean G_GNUC_PRINTF(2, 3) refuse(char why[CASA_STAGE_REASON_SIZE], const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_vsnprintf(why, CASA_STAGE_REASON_SIZE, format, args);
  va_end(args);
  return FALSE;
}

static gboolean
copy_id(const json_t *root, CasaStageCommand *out, char *why)
{
  const json_t *value = json_object_get(root, "id");
  if (!value)
    return TRUE;
  if (!json_is_string(value) || strlen(json_string_value(value)) > CASA_STAGE_NAME_MAX)
    return refuse(why, "\"id\" is not a text of at most %d bytes", CASA_STAGE_NAME_MAX);
  g_strlcpy(out->id, json_string_value(value), sizeof out->id);
  return TRUE;
}

static gboolean
find_deed(const json_t *root, CasaStageCommand *out, char *why)
{
  const char *word = json_string_value(json_object_get(root, "do"));
  if (!word)
    return refuse(why, "there is no \"do\", or it is no text; it is one of " ALL_DEEDS);
  for (guint i = 0; i < G_N_ELEMENTS(DEEDS); i++)
    if (strcmp(word, DEEDS[i].name) == 0) {
      out->deed = (CasaStageDeed)i;
      return TRUE;
    }
  return refuse(why, "\"do\" is one of " ALL_DEEDS ", not \"%.40s\"", word);
}

/* A member that nobody reads is a mistake of the sender's, who should hear of it. */
static gboolean
check_members(json_t *root, const char *argument, char *why)
{
  const char *key;
  json_t *value;
  json_object_foreach (root, key, value)
    if (strcmp(key, "do") != 0 && strcmp(key, "id") != 0 && g_strcmp0(key, argument) != 0)
      return refuse(why, "\"%.40s\" is not known here; beside \"do\" and \"id\": %s", key, argument ? argument : "nothing");
  return TRUE;
}

static gboolean
read_name_or_number(const json_t *value, const char *argument, CasaStageCommand *out, char *why)
{
  double number = json_is_real(value) ? json_real_value(value) : 0;
  const char *name = json_string_value(value);
  if (out->deed != CASA_STAGE_LANGUAGE && number >= 1 && number <= 999 && number == floor(number)) {
    out->number = (guint)number;
    return TRUE;
  }
  if (!name || !*name || strlen(name) > CASA_STAGE_NAME_MAX)
    return refuse(why, "\"%s\" is %s", argument,
                  out->deed == CASA_STAGE_LANGUAGE ? "fr, ar or en" : "a name, or a number from 1");
  g_strlcpy(out->name, name, sizeof out->name);
  return TRUE;
}

static gboolean
read_argument(const json_t *root, CasaStageCommand *out, char *why)
{
  const char *argument = DEEDS[out->deed].argument;
  const json_t *value = argument ? json_object_get(root, argument) : NULL;
  if (!value)
    return !DEEDS[out->deed].needed || refuse(why, "\"%s\" is missing: which one?", argument);
  if (strcmp(argument, "on") != 0)
    return read_name_or_number(value, argument, out, why);
  if (!json_is_boolean(value))
    return refuse(why, "\"on\" is true or false; without it: what it is not now");
  out->on = json_is_true(value) ? CASA_STAGE_ON : CASA_STAGE_OFF;
  return TRUE;
}

static gboolean
read_command(json_t *root, CasaStageCommand *out, char *why)
{
  if (!json_is_object(root))
    return refuse(why, "a command is an object: {\"do\":\"next\"}");
  return copy_id(root, out, why) && find_deed(root, out, why) && check_members(root, DEEDS[out->deed].argument, why) &&
         read_argument(root, out, why);
}

gboolean
casa_stage_command_parse(const void *payload, gsize len, CasaStageCommand *out, char why[CASA_STAGE_REASON_SIZE])
{
  const CasaWireLimits limits = { .max_depth = 2 };
  CasaReason reason = { 0 };
  char words[CASA_REASON_SIZE];
  *out = (CasaStageCommand){ 0 };
  if (len > CASA_STAGE_COMMAND_BYTES)
    return refuse(why, "%" G_GSIZE_FORMAT " bytes; a command has at most %d", len, CASA_STAGE_COMMAND_BYTES);
  json_t *root = casa_tree_load(&limits, payload, len, &reason);
  if (!root)
    return refuse(why, "%s", casa_reason_text(&reason, words));
  gboolean ok = read_command(root, out, why);
  json_decref(root);
  return ok;
}

const char *
casa_stage_deed_name(CasaStageDeed deed)
{
  return DEEDS[deed].name;
}

static void
add_stand(json_t *root, const CasaStageStand *stand)
{
  json_object_set_new(root, "scene", json_string(stand->scene));
  json_object_set_new(root, "number", json_integer(stand->number));
  json_object_set_new(root, "scenes", json_integer(stand->n));
  json_object_set_new(root, "hall", json_string(stand->hall));
  json_object_set_new(root, "language", json_string(stand->language));
  json_object_set_new(root, "shows", json_string(stand->replay ? "replay" : "live"));
}

char *
casa_stage_answer(const CasaStageCommand *command, const char *why, const CasaStageStand *stand)
{
  json_t *root = json_object();
  json_object_set_new(root, "ok", json_boolean(why == NULL));
  if (command->id[0])
    json_object_set_new(root, "id", json_string(command->id));
  if (why) {
    g_autofree char *valid = g_utf8_make_valid(why, -1); /* it may have been cut within a letter */
    json_object_set_new(root, "error", json_string(valid));
  } else {
    json_object_set_new(root, "do", json_string(casa_stage_deed_name(command->deed)));
  }
  if (stand)
    add_stand(root, stand);
  char *text = json_dumps(root, JSON_COMPACT);
  char *copy = g_strdup(text);
  free(text);
  json_decref(root);
  return copy;
}
