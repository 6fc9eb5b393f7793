/* SPDX-License-Identifier: Apache-2.0 */
#include "base/config.h"
#include "fuzz.h"

#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup((const char *)data, size);
  g_autofree char *user = NULL;
  g_autofree char *host = NULL;
  gboolean tls;
  guint16 port = 0;
  GError *error = NULL;
  gboolean ok = casa_broker_url_parse(text, &tls, &user, &host, &port, &error);
  fuzz_check_error(ok, error);
  if (ok) {
    g_assert_true(host && *host && !strpbrk(host, "/?#@ \t") && port > 0);
    g_assert_true(!user || *user);
  } else {
    g_assert_true(!user && !host && port == 0);
  }
  return 0;
}
