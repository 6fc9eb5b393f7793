/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "fuzz.h"

#include <string.h>

/* 0000-01-01 and the end of 9999, which a zone may overstep by a day: only within can be written again. */
#define WRITABLE(t) ((t) >= G_GINT64_CONSTANT(-62167219200000) && (t) <= G_GINT64_CONSTANT(253402300799999))

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  char buf[32];
  gint64 t = 0, again = 0;
  if (casa_time_parse_rfc3339((const char *)data, size, &t)) {
    casa_time_format(t, buf);
    g_assert_true(casa_time_parse_rfc3339(buf, strlen(buf), &again));
    g_assert_true(!WRITABLE(t) || again == t);
  }
  /* What a person types: a string, in UTF-8 as GOption hands it on. */
  g_autofree char *text = g_strndup((const char *)data, size);
  if (!g_utf8_validate(text, -1, NULL))
    return 0;
  GError *error = NULL;
  gboolean ok = casa_time_parse(text, &t, &error);
  fuzz_check_error(ok, g_steal_pointer(&error));
  ok = casa_duration_parse(text, &t, &error);
  g_assert_true(!ok || t >= 0);
  fuzz_check_error(ok, error);
  return 0;
}
