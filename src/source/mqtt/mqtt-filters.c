/* SPDX-License-Identifier: Apache-2.0 */
#include "source/mqtt/mqtt-source.h"

char **
casa_mqtt_filters(const char *root, const char *const *filters, const char *share)
{
  static const char *const everything[] = { "#", NULL };
  GStrvBuilder *out = g_strv_builder_new();
  if (!filters || !filters[0])
    filters = everything;
  for (guint i = 0; filters[i]; i++) {
    g_autofree char *full =
      share ? g_strdup_printf("$share/%s/%s/%s", share, root, filters[i]) : g_strdup_printf("%s/%s", root, filters[i]);
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

/* The store's note of every filter that its sessions have ever subscribed, one a line. A store older than the note, or a new
 * one, may have everything below @root subscribed. */
static char **
read_note(const char *path, const char *root)
{
  g_autofree char *text = NULL;
  if (!g_file_get_contents(path, &text, NULL, NULL))
    text = g_strdup_printf("%s/#", root);
  return g_strsplit(g_strchomp(text), "\n", -1);
}

static void
write_note(const char *path, char **known, const char *const *filters)
{
  g_autoptr(GString) text = g_string_new(NULL);
  g_autoptr(GError) error = NULL;
  for (guint i = 0; known[i]; i++)
    g_string_append_printf(text, "%s\n", known[i]);
  for (guint i = 0; filters[i]; i++)
    if (!g_strv_contains((const char *const *)known, filters[i]))
      g_string_append_printf(text, "%s\n", filters[i]);
  if (!g_file_set_contents_full(path, text->str, (gssize)text->len, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error))
    g_message("cannot note the subscriptions, other filters may later be received beside these: %s", error->message);
}

char **
casa_mqtt_stale_filters(const char *store_path, const char *root, const char *const *filters)
{
  g_autofree char *path = g_strconcat(store_path, ".filters", NULL);
  g_auto(GStrv) known = read_note(path, root);
  GStrvBuilder *stale = g_strv_builder_new();
  gboolean all_known = g_file_test(path, G_FILE_TEST_EXISTS);
  for (guint i = 0; filters[i]; i++)
    all_known = all_known && g_strv_contains((const char *const *)known, filters[i]);
  if (!all_known)
    write_note(path, known, filters);
  for (guint i = 0; known[i]; i++)
    if (known[i][0] && !g_strv_contains(filters, known[i]))
      g_strv_builder_add(stale, known[i]);
  char **all = g_strv_builder_end(stale);
  g_strv_builder_unref(stale);
  return all;
}
