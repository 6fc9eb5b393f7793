/* SPDX-License-Identifier: Apache-2.0 */
#include "base/config.h"
#include "fuzz.h"

#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  GError *error = NULL;
  fuzz_scratch_write("pulse.conf", data, size);
  /* The store stays here whatever the input says: the client id is kept beside it. */
  g_autofree char *store = g_build_filename(fuzz_scratch(), "pulse.db", NULL);
  const CasaConfigOverrides overrides = { .dir = fuzz_scratch(), .store = store, .without_keyring = TRUE };
  g_autoptr(CasaConfig) config = casa_config_load(&overrides, &error);
  fuzz_check_error(config != NULL, error);
  if (!config)
    return 0;
  g_assert_cmpstr(config->store_path, ==, store);
  g_assert_true(*config->root && strlen(config->client_id) > 0 && config->keepalive_s >= 1);
  g_assert_true(config->retention_ms > 0);
  g_assert_true(config->max_depth >= 1 && config->max_depth <= 64 && config->max_fields >= 1 && config->max_fields <= 64);
  g_assert_true(casa_broker_url_parse(config->broker_url, NULL, NULL, NULL, NULL, NULL));
  return 0;
}
