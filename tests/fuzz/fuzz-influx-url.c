/* SPDX-License-Identifier: Apache-2.0 */
#include "forward/influx-url.h"
#include "fuzz.h"

#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup((const char *)data, size);
  CasaInfluxUrl url;
  GError *error = NULL;
  if (!g_utf8_validate(text, -1, NULL)) /* GOption and CasaKeyfile let only UTF-8 through */
    return 0;
  gboolean ok = casa_influx_url_parse(text, &url, &error);
  fuzz_check_error(ok, error);
  if (ok) {
    g_assert_true(url.name && url.database && *url.database && url.write_url);
    g_assert_true(g_str_has_prefix(url.write_url, "http") && strstr(url.write_url, "precision=m"));
    g_assert_true((url.query_url != NULL) == (url.api == CASA_INFLUX_V1));
    /* It goes to a server: nothing may break out of the request line. */
    for (const char *p = url.write_url; *p; p++)
      g_assert_true((guchar)*p > ' ' && *p != 0x7f);
  }
  casa_influx_url_clear(&url);
  return 0;
}
