/* SPDX-License-Identifier: Apache-2.0 */
/* The input is five parts, each ended by NUL: domain, source, station, metric and a number (as text; a part of exactly eight
 * bytes is a double as it lies in memory). What was written is read back by the published rules and must be the same. */
#include "forward/line-protocol.h"
#include "fuzz.h"

#include <math.h>
#include <string.h>

#define T_MS G_GINT64_CONSTANT(1779385328000)

static char *
take_part(const uint8_t **p, const uint8_t *end, gsize *len)
{
  const uint8_t *stop = *p < end ? memchr(*p, '\0', (gsize)(end - *p)) : NULL;
  const uint8_t *start = *p;
  *len = (gsize)((stop ? stop : end) - start);
  *p = stop ? stop + 1 : end;
  char *text = g_malloc0(*len + 1);
  if (*len)
    memcpy(text, start, *len);
  return text;
}

/* Reads up to an unescaped byte of @until: a backslash stands for the byte after it when that is one of @special, else
 * for itself. */
static char *
read_escaped(const char **p, const char *special, const char *until)
{
  GString *out = g_string_new(NULL);
  for (; **p && !strchr(until, **p); (*p)++) {
    if (**p == '\\' && (*p)[1] && strchr(special, (*p)[1]))
      (*p)++;
    g_string_append_c(out, **p);
  }
  return g_string_free(out, FALSE);
}

static void
expect(const char **p, const char *special, const char *until, const char *wanted)
{
  g_autofree char *got = read_escaped(p, special, until);
  g_assert_cmpstr(got, ==, wanted);
  (*p)++; /* the separator */
}

/* The same where a name that is reserved has got a prefix. */
static void
expect_own(const char **p, const char *special, const char *until, const char *wanted, const char *own(const char *name))
{
  g_autofree char *got = read_escaped(p, special, until);
  g_assert_true(got[0] != '_');
  g_assert_cmpstr(own(got), ==, own(wanted));
  (*p)++;
}

static void
check_line(const char *line, const char *const names[4], double value)
{
  const char *p = line;
  expect_own(&p, ", ", ", ", names[0], casa_line_domain);
  expect(&p, ",= ", "=", "source");
  expect(&p, ",= ", ", ", names[1]);
  expect(&p, ",= ", "=", "station");
  expect(&p, ",= ", ", ", names[2]);
  expect_own(&p, ",= ", "=", names[3], casa_line_metric);
  char *end;
  g_assert_true(g_ascii_strtod(p, &end) == value && *end == ' ');
  g_assert_cmpint(g_ascii_strtoll(end, &end, 10), ==, T_MS);
  g_assert_cmpstr(end, ==, "\n");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  const uint8_t *p = data, *end = data + size;
  char *names[4];
  gsize len;
  for (guint i = 0; i < 4; i++)
    names[i] = take_part(&p, end, &len);
  g_autofree char *number = take_part(&p, end, &len);
  CasaLineField field = { names[3], 0 };
  if (len == sizeof field.value)
    memcpy(&field.value, number, sizeof field.value);
  else
    field.value = g_ascii_strtod(number, NULL);

  g_autoptr(GString) out = g_string_new("before\n");
  gboolean written = casa_line_append(out, names[0], names[1], names[2], &field, 1, T_MS);
  g_assert_true(written == casa_line_can_write(names[0], names[1], names[2], &field));
  if (written)
    check_line(out->str + strlen("before\n"), (const char *const *)names, field.value);
  else
    g_assert_cmpstr(out->str, ==, "before\n");
  for (guint i = 0; i < 4; i++)
    g_free(names[i]);
  return 0;
}
