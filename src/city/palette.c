/* SPDX-License-Identifier: Apache-2.0 */
#include "city/palette.h"
#include "base/keyfile.h"
#include "city/city-resources.h"
#include <string.h>

#define SHIPPED "/casa-pulse/palette.conf"

struct _CasaPalette {
  GPtrArray *items; /* CasaPaletteItem, by rising key */
};

static const char *const KEYS[] = { "event", "place", "intensity", "minutes", NULL };

static void
item_free(gpointer data)
{
  CasaPaletteItem *self = data;

  g_free(self->event);
  g_free(self->place);
  g_free(self);
}

/* Ids stand in JSON and in topics as they are. */
static gboolean
is_id(const char *text)
{
  for (const char *c = text; *c; c++)
    if (!g_ascii_isalnum(*c) && *c != '-' && *c != '_' && *c != '.')
      return FALSE;
  return *text != '\0' && strlen(text) < 64;
}

static gboolean
read_id(const CasaKeyfile *file, const char *group, const char *key, char **out, GError **error)
{
  *out = g_strdup(casa_keyfile_get(file, group, key));
  return !*out || is_id(*out) || casa_keyfile_fail(file, group, key, error, "\"%s\" is no id: write a-z, 0-9, - and _", *out);
}

static gboolean
read_item(const CasaKeyfile *file, const char *group, CasaPaletteItem *out, GError **error)
{
  const char *digit = g_str_has_prefix(group, "key ") ? group + strlen("key ") : "";

  if (strlen(digit) != 1 || *digit < '1' || *digit > '9')
    return casa_keyfile_fail(file, group, NULL, error, "write [key 1] to [key 9]");
  out->key = (guint)(*digit - '0');
  out->intensity = 0.7;
  out->minutes = 30;
  if (!casa_keyfile_get(file, group, "event"))
    return casa_keyfile_fail(file, group, NULL, error, "event is missing");
  return casa_keyfile_check_keys(file, group, KEYS, error) && read_id(file, group, "event", &out->event, error) &&
         read_id(file, group, "place", &out->place, error) &&
         casa_keyfile_get_double(file, group, "intensity", 0.05, 1, &out->intensity, error) &&
         casa_keyfile_get_uint(file, group, "minutes", 1, 1440, &out->minutes, error);
}

static gint
compare(gconstpointer a, gconstpointer b)
{
  return (gint)(*(CasaPaletteItem *const *)a)->key - (gint)(*(CasaPaletteItem *const *)b)->key;
}

static CasaPalette *
palette_new(void)
{
  CasaPalette *self = g_new0(CasaPalette, 1);

  self->items = g_ptr_array_new_with_free_func(item_free);
  return self;
}

/* Takes @file; NULL and @error where it is NULL or wrong. */
static CasaPalette *
read_file(CasaKeyfile *file, GError **error)
{
  g_autoptr(CasaPalette) self = palette_new();
  g_autoptr(CasaKeyfile) owned = file;

  if (!owned)
    return NULL;
  const char *const *groups = casa_keyfile_groups(owned);
  for (guint i = 0; groups[i]; i++) {
    CasaPaletteItem *item = g_new0(CasaPaletteItem, 1);
    g_ptr_array_add(self->items, item);
    if (!read_item(owned, groups[i], item, error))
      return NULL;
  }
  g_ptr_array_sort(self->items, compare);
  return g_steal_pointer(&self);
}

static CasaPalette *
shipped(void)
{
  g_autoptr(GBytes) bytes = g_resource_lookup_data(casa_city_get_resource(), SHIPPED, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  gsize len = 0;
  const char *text = bytes ? g_bytes_get_data(bytes, &len) : "";
  CasaPalette *self = read_file(casa_keyfile_parse(text, len, "palette.conf", NULL), NULL);

  return self ? self : palette_new();
}

CasaPalette *
casa_palette_load(const char *dir, GError **out_fault)
{
  g_autofree char *path = g_build_filename(dir, "palette.conf", NULL);
  GError *error = NULL;

  if (!g_file_test(path, G_FILE_TEST_EXISTS))
    return shipped();
  CasaPalette *self = read_file(casa_keyfile_load(path, &error), &error);
  if (self)
    return self;
  g_propagate_error(out_fault, error);
  return shipped();
}

void
casa_palette_free(CasaPalette *self)
{
  if (!self)
    return;
  g_ptr_array_unref(self->items);
  g_free(self);
}

guint
casa_palette_n(const CasaPalette *self)
{
  return self->items->len;
}

const CasaPaletteItem *
casa_palette_get(const CasaPalette *self, guint i)
{
  return self->items->pdata[i];
}

static void
append_place(GString *out, const CasaPaletteItem *item)
{
  if (item->place)
    g_string_append_printf(out, ",\"place\":\"%s\"", item->place);
  g_string_append_c(out, '}');
}

char *
casa_palette_begin_command(const CasaPaletteItem *item)
{
  GString *out = g_string_new(NULL);
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd(number, sizeof number, "%.2f", item->intensity);
  g_string_printf(out, "{\"event\":\"%s\",\"intensity\":%s,\"minutes\":%u", item->event, number, item->minutes);
  append_place(out, item);
  return g_string_free(out, FALSE);
}

char *
casa_palette_end_command(const CasaPaletteItem *item)
{
  GString *out = g_string_new(NULL);

  g_string_printf(out, "{\"event\":\"calm\",\"of\":\"%s\"", item->event);
  append_place(out, item);
  return g_string_free(out, FALSE);
}
