/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/mqtt-source.h"

char **
casa_mqtt_filters(const char *root, const char *const *filters, const char *share)
{
  static const char *const everything[] = {"#", NULL};
  GStrvBuilder *out = g_strv_builder_new();
  if (!filters || !filters[0])
    filters = everything;
  for (guint i = 0; filters[i]; i++) {
    g_autofree char *full = share ? g_strdup_printf("$share/%s/%s/%s", share, root, filters[i])
                                  : g_strdup_printf("%s/%s", root, filters[i]);
    g_strv_builder_add(out, full);
  }
  if (share) {
    g_autofree char *descriptors = g_strdup_printf("%s/+/$station/+", root);
    g_strv_builder_add(out, descriptors);
  }
  char **all = g_strv_builder_end(out);
  g_strv_builder_unref(out);
  return all;
}
