/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/template.h"

#include <math.h>
#include <string.h>

typedef struct {
  const char *p;
  gboolean unknown, absent;
} Reader;

static void
skip_space(Reader *r)
{
  while (g_ascii_isspace(*r->p))
    r->p++;
}

static gboolean
take(Reader *r, const char *word)
{
  skip_space(r);
  if (!g_str_has_prefix(r->p, word))
    return FALSE;
  r->p += strlen(word);
  return TRUE;
}

static gboolean
is_name_byte(char c)
{
  return g_ascii_isalnum(c) || c == '_';
}

static gboolean
take_word(Reader *r, const char *word)
{
  skip_space(r);
  gsize n = strlen(word);
  if (!g_str_has_prefix(r->p, word) || is_name_byte(r->p[n]))
    return FALSE;
  r->p += n;
  return TRUE;
}

/* --- Paths ------------------------------------------------------------------------------------------------------- */

static void
step_name(Reader *r, json_t **at, const char *name, gsize len)
{
  g_autofree char *key = g_strndup(name, len);
  *at = json_object_get(*at, key);
}

static void
step_bracket(Reader *r, json_t **at)
{
  skip_space(r);
  if (*r->p == '\'' || *r->p == '"') {
    const char quote = *r->p++, *end = strchr(r->p, quote);
    if (!end) {
      r->unknown = TRUE;
      return;
    }
    step_name(r, at, r->p, (gsize)(end - r->p));
    r->p = end + 1;
  } else if (g_ascii_isdigit(*r->p)) {
    char *end;
    guint64 i = g_ascii_strtoull(r->p, &end, 10);
    *at = json_array_get(*at, (size_t)i);
    r->p = end;
  } else {
    r->unknown = TRUE;
  }
  if (!take(r, "]"))
    r->unknown = TRUE;
}

static json_t *
read_path(Reader *r, json_t *at)
{
  while (!r->unknown) {
    if (*r->p == '.' && is_name_byte(r->p[1])) {
      const char *name = ++r->p;
      while (is_name_byte(*r->p))
        r->p++;
      if (*r->p == '(') /* a method */
        r->unknown = TRUE;
      step_name(r, &at, name, (gsize)(r->p - name));
    } else if (*r->p == '[') {
      r->p++;
      step_bracket(r, &at);
    } else {
      break;
    }
  }
  return at;
}

/* --- Filters and sums -------------------------------------------------------------------------------------------- */

static gboolean
read_number(Reader *r, double *out)
{
  skip_space(r);
  char *end;
  *out = g_ascii_strtod(r->p, &end);
  if (end == r->p || !isfinite(*out))
    return FALSE;
  r->p = end;
  return TRUE;
}

/* "(1)", or nothing. */
static double
read_argument(Reader *r, double otherwise)
{
  double number = otherwise;
  if (!take(r, "("))
    return otherwise;
  if (!take(r, ")") && (!read_number(r, &number) || !take(r, ")")))
    r->unknown = TRUE;
  return number;
}

static gboolean
number_of(const CasaMember *value, double *out)
{
  return value->type != CASA_MEMBER_BOOL && casa_member_number(value, out) == CASA_NUMBER_OK;
}

static void
set_number(CasaMember *value, double number)
{
  value->type = CASA_MEMBER_NUMBER;
  value->number = number;
}

static void
apply_filter(Reader *r, CasaMember *value)
{
  double number = NAN, argument;
  gboolean has = number_of(value, &number);
  if (take_word(r, "float") || take_word(r, "int")) {
    gboolean whole = r->p[-1] == 't' && r->p[-2] == 'n';
    read_argument(r, 0); /* what to take in place of a value: a made-up reading is none */
    if (has)
      set_number(value, whole ? trunc(number) : number);
  } else if (take_word(r, "round")) {
    argument = read_argument(r, 0);
    double power = pow(10, CLAMP(argument, 0, 15));
    if (has)
      set_number(value, round(number * power) / power);
  } else if (take_word(r, "abs")) {
    if (has)
      set_number(value, fabs(number));
  } else if (take_word(r, "default") || take_word(r, "is_defined")) {
    if (r->p[0] == '(') {
      const char *end = strchr(r->p, ')');
      r->p = end ? end + 1 : r->p + strlen(r->p);
    }
  } else {
    r->unknown = TRUE;
  }
}

static gboolean
apply_sum(Reader *r, CasaMember *value)
{
  double number, operand;
  skip_space(r);
  char op = *r->p;
  if ((op != '*' && op != '/' && op != '+' && op != '-') || g_str_has_prefix(r->p, "-}}"))
    return FALSE;
  r->p++;
  gboolean has = number_of(value, &number);
  if (!read_number(r, &operand) || (op == '/' && operand == 0)) {
    r->unknown = TRUE;
    return TRUE;
  }
  if (has)
    set_number(value, op == '*'   ? number * operand
                      : op == '/' ? number / operand
                      : op == '+' ? number + operand
                                  : number - operand);
  return TRUE;
}

static void
read_value(Reader *r, const char *text, gsize len, json_t *root, CasaMember *value)
{
  guint open = 0;
  while (take(r, "("))
    open++;
  if (take_word(r, "value_json")) {
    json_t *at = read_path(r, root);
    r->absent = !at;
    if (at)
      *value = casa_member_of_json(value->name, value->name_len, at);
  } else if (take_word(r, "value")) {
    value->type = CASA_MEMBER_TEXT;
    value->text = text;
    value->text_len = len;
  } else {
    r->unknown = TRUE;
  }
  while (!r->unknown) {
    if (open > 0 && take(r, ")"))
      open--;
    else if (take(r, "|"))
      apply_filter(r, value);
    else if (!apply_sum(r, value))
      break;
  }
  r->unknown |= open > 0;
}

CasaTemplateResult
casa_template_eval(const char *template, const char *text, gsize len, json_t *root, CasaMember *value)
{
  Reader r = { .p = template };
  value->type = CASA_MEMBER_NULL;
  if (!take(&r, "{{"))
    return CASA_TEMPLATE_UNKNOWN;
  if (*r.p == '-')
    r.p++;
  read_value(&r, text, len, root, value);
  if (!take(&r, "}}") && !take(&r, "-}}"))
    return CASA_TEMPLATE_UNKNOWN;
  skip_space(&r);
  if (r.unknown || *r.p)
    return CASA_TEMPLATE_UNKNOWN;
  return r.absent ? CASA_TEMPLATE_ABSENT : CASA_TEMPLATE_OK;
}
