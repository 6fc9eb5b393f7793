/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/member.h"

#include <math.h>
#include <string.h>

CasaMember
casa_member_of_json(const char *name, gsize name_len, json_t *value)
{
  CasaMember m = { .name = name, .name_len = name_len, .type = CASA_MEMBER_NULL };
  switch (json_typeof(value)) {
  case JSON_INTEGER:
  case JSON_REAL:
    m.type = CASA_MEMBER_NUMBER;
    m.number = json_number_value(value);
    break;
  case JSON_TRUE:
  case JSON_FALSE:
    m.type = CASA_MEMBER_BOOL;
    m.number = json_is_true(value) ? 1 : 0;
    break;
  case JSON_STRING:
    m.type = CASA_MEMBER_TEXT;
    m.text = json_string_value(value);
    m.text_len = json_string_length(value);
    break;
  case JSON_ARRAY:
    m.type = CASA_MEMBER_ARRAY;
    m.json = value;
    break;
  case JSON_OBJECT:
    m.type = CASA_MEMBER_OBJECT;
    m.json = value;
    break;
  case JSON_NULL: break;
  }
  return m;
}

CasaMember
casa_member_of_text(const char *name, const char *text, gsize text_len)
{
  return (CasaMember){ .name = name, .name_len = strlen(name), .type = CASA_MEMBER_TEXT, .text = text, .text_len = text_len };
}

CasaMember
casa_member_of_number(const char *name, double number)
{
  return (CasaMember){ .name = name, .name_len = strlen(name), .type = CASA_MEMBER_NUMBER, .number = number };
}

CasaNumberResult
casa_member_number(const CasaMember *member, double *out)
{
  if (member->type == CASA_MEMBER_TEXT)
    return casa_number_parse(member->text, member->text_len, out);
  if (member->type != CASA_MEMBER_NUMBER && member->type != CASA_MEMBER_BOOL)
    return CASA_NUMBER_NOT;
  *out = member->number + 0.0; /* jansson keeps -0 */
  return isfinite(*out) ? CASA_NUMBER_OK : CASA_NUMBER_NON_FINITE;
}

const char *
casa_member_type_name(const CasaMember *member)
{
  switch (member->type) {
  case CASA_MEMBER_NUMBER: return "number";
  case CASA_MEMBER_BOOL: return "boolean";
  case CASA_MEMBER_TEXT: return "text";
  case CASA_MEMBER_NULL: return "null";
  case CASA_MEMBER_ARRAY: return "array";
  case CASA_MEMBER_OBJECT: return "object";
  }
  return "value";
}

gboolean
casa_member_is(const CasaMember *member, const char *name)
{
  return member->name_len == strlen(name) && memcmp(member->name, name, member->name_len) == 0;
}

gboolean
casa_member_is_like(const CasaMember *member, const char *name)
{
  /* Most names differ in their first letter already; those that are alike but for the case differ in one bit. */
  if (member->name_len > 0 && ((member->name[0] ^ name[0]) & ~('a' ^ 'A')) != 0)
    return FALSE;
  return member->name_len == strlen(name) && g_ascii_strncasecmp(member->name, name, member->name_len) == 0;
}
