/* SPDX-License-Identifier: Apache-2.0 */
#include "base/keyfile.h"
#include "base/clock.h"
#include "base/error.h"

#include <math.h>
#include <string.h>

#define FILE_MAX (1024 * 1024)

/* GKeyFile reads the values but knows no line numbers, and lets the last of two equal keys win in silence. Hence a
 * first pass over the lines that checks their form and remembers where each key stands. */
typedef struct {
  char *group, *key, *value;
  const char *file; /* one of names */
  guint line;
} Entry;

typedef struct {
  const char *file; /* one of names */
  guint line;
} Place;

struct _CasaKeyfile {
  GPtrArray *names;  /* of char *: the file's own first, then those of the files added */
  char *text;        /* until it is read */
  GPtrArray *groups; /* of char *, NULL-terminated */
  GArray *places;    /* of Place, one a group */
  GArray *entries;   /* of Entry, in file order; a key file has tens of them, so a linear search is enough */
};

typedef enum { LINE_EMPTY, LINE_GROUP, LINE_KEY, LINE_WRONG } LineKind;

/* One line; @name: its group or key (new string), NULL for the other kinds. */
static LineKind
read_line(const char *start, gsize len, char **name)
{
  *name = NULL;
  g_autofree char *line = g_strstrip(g_strndup(start, len));
  if (*line == '\0' || *line == '#')
    return LINE_EMPTY;
  gsize n = strlen(line);
  if (*line == '[') {
    if (n < 3 || line[n - 1] != ']' || strcspn(line + 1, "[]") != n - 2)
      return LINE_WRONG;
    *name = g_strndup(line + 1, n - 2);
    return LINE_GROUP;
  }
  char *equals = strchr(line, '=');
  if (!equals || equals == line)
    return LINE_WRONG;
  *name = g_strchomp(g_strndup(line, (gsize)(equals - line)));
  return LINE_KEY;
}

static gsize
line_length(const char *p)
{
  return strcspn(p, "\n");
}

static void
clear_entry(gpointer data)
{
  Entry *entry = data;
  g_free(entry->group);
  g_free(entry->key);
  g_free(entry->value);
}

void
casa_keyfile_free(CasaKeyfile *self)
{
  if (!self)
    return;
  g_free(self->text);
  g_ptr_array_unref(self->groups);
  g_array_unref(self->places);
  g_array_unref(self->entries);
  g_ptr_array_unref(self->names);
  g_free(self);
}

static const Entry *
find(const CasaKeyfile *self, const char *group, const char *key)
{
  for (guint i = 0; i < self->entries->len; i++) {
    const Entry *entry = &g_array_index(self->entries, Entry, i);
    if (strcmp(entry->group, group) == 0 && strcmp(entry->key, key) == 0)
      return entry;
  }
  return NULL;
}

static const char *
own_name(const CasaKeyfile *self)
{
  return g_ptr_array_index(self->names, 0);
}

/* Where [@group] begins; NULL: nowhere. */
static const Place *
place_of(const CasaKeyfile *self, const char *group)
{
  for (guint i = 0; self->groups->pdata[i]; i++)
    if (strcmp(self->groups->pdata[i], group) == 0)
      return &g_array_index(self->places, Place, i);
  return NULL;
}

static void
add_group(CasaKeyfile *self, const char *group, const char *file, guint line)
{
  const Place place = { file, line };

  g_ptr_array_insert(self->groups, (int)self->groups->len - 1, g_strdup(group));
  g_array_append_val(self->places, place);
}

static gboolean
fail_line(const CasaKeyfile *self, guint line, GError **error, const char *message)
{
  g_set_error(error, CASA_ERROR, CASA_ERROR_CONFIG, "%s:%u: %s", own_name(self), line, message);
  casa_error_set_place(error ? *error : NULL, own_name(self), line, NULL);
  return FALSE;
}

static gboolean
add_key(CasaKeyfile *self, const char *group, const char *key, guint line, GError **error)
{
  const Entry *before = find(self, group, key);
  if (before) {
    g_set_error(error, CASA_ERROR, CASA_ERROR_CONFIG, "%s:%u: [%s] %s: written twice, first on line %u; keep one of them",
                own_name(self), line, group, key, before->line);
    casa_error_set_place(error ? *error : NULL, own_name(self), line, key);
    return FALSE;
  }
  Entry entry = { g_strdup(group), g_strdup(key), NULL, own_name(self), line };
  g_array_append_val(self->entries, entry);
  return TRUE;
}

static gboolean
scan(CasaKeyfile *self, GError **error)
{
  const char *group = NULL;
  guint number = 0;
  for (const char *p = self->text; *p;) {
    g_autofree char *name = NULL;
    gsize len = line_length(p);
    number++;
    switch (read_line(p, len, &name)) {
    case LINE_GROUP:
      if (casa_keyfile_has_group(self, name))
        return fail_line(self, number, error, "this [group] stands twice in the file; write its keys in one place");
      add_group(self, name, own_name(self), number);
      group = g_ptr_array_index(self->groups, self->groups->len - 2);
      break;
    case LINE_KEY:
      if (!group)
        return fail_line(self, number, error, "a key before the first [group]; put a [group] line above it");
      if (!add_key(self, group, name, number, error))
        return FALSE;
      break;
    case LINE_WRONG:
      return fail_line(self, number, error, "neither a comment (# …), a [group] nor key = value; mend or delete the line");
    case LINE_EMPTY:
    default: break;
    }
    p += len + (p[len] == '\n');
  }
  return TRUE;
}

static gboolean
read_values(CasaKeyfile *self, GError **error)
{
  g_autoptr(GKeyFile) file = g_key_file_new();
  g_autoptr(GError) local = NULL;
  if (!g_key_file_load_from_data(file, self->text, (gsize)-1, G_KEY_FILE_NONE, &local)) {
    g_set_error(error, CASA_ERROR, CASA_ERROR_CONFIG, "%s: %s", own_name(self), local->message);
    return FALSE;
  }
  for (guint i = 0; i < self->entries->len; i++) {
    Entry *entry = &g_array_index(self->entries, Entry, i);
    entry->value = g_key_file_get_string(file, entry->group, entry->key, &local);
    if (local || !entry->value)
      return casa_keyfile_fail(self, entry->group, entry->key, error,
                               "cannot be read; write a backslash as \\ and use no brackets in the key");
    g_strchomp(entry->value); /* GKeyFile keeps blanks at the end, which nobody sees */
  }
  return TRUE;
}

static guint
line_of_offset(const char *text, gsize offset)
{
  guint line = 1;
  for (gsize i = 0; i < offset; i++)
    line += text[i] == '\n';
  return line;
}

CasaKeyfile *
casa_keyfile_parse(const char *text, gsize len, const char *name, GError **error)
{
  g_autoptr(CasaKeyfile) self = g_new0(CasaKeyfile, 1);
  self->names = g_ptr_array_new_with_free_func(g_free);
  g_ptr_array_add(self->names, g_strdup(name));
  self->places = g_array_new(FALSE, FALSE, sizeof(Place));
  self->groups = g_ptr_array_new_with_free_func(g_free);
  g_ptr_array_add(self->groups, NULL);
  self->entries = g_array_new(FALSE, FALSE, sizeof(Entry));
  g_array_set_clear_func(self->entries, clear_entry);

  const char *bad = NULL;
  if (len > FILE_MAX) {
    g_set_error(error, CASA_ERROR, CASA_ERROR_CONFIG, "%s: larger than 1 MiB; this is not a configuration file", name);
    return NULL;
  }
  /* g_utf8_validate_len() also refuses NUL bytes. */
  if (!g_utf8_validate_len(text, len, &bad)) {
    fail_line(self, line_of_offset(text, (gsize)(bad - text)), error, "not UTF-8 text; save the file as UTF-8");
    return NULL;
  }
  gsize skip = len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0; /* a byte order mark some editors write */
  self->text = g_strndup(text + skip, len - skip);
  if (!scan(self, error) || !read_values(self, error))
    return NULL;
  g_clear_pointer(&self->text, g_free);
  return g_steal_pointer(&self);
}

CasaKeyfile *
casa_keyfile_load(const char *path, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr(GError) local = NULL;
  gsize len = 0;
  if (!g_file_get_contents(path, &text, &len, &local)) {
    g_set_error(error, CASA_ERROR, CASA_ERROR_CONFIG, "%s: cannot be read: %s", path, local->message);
    casa_error_set_place(error ? *error : NULL, path, 0, NULL);
    return NULL;
  }
  return casa_keyfile_parse(text, len, path, error);
}

/* A group that @self has too is told where it stands for the second time. */
static gboolean
take_group(CasaKeyfile *self, const CasaKeyfile *more, const char *group, const char *file, GError **error)
{
  const Place *before = place_of(self, group), *place = place_of(more, group);

  if (before)
    return casa_keyfile_fail(more, group, NULL, error, "stands in %s:%u, too; keep one of them", before->file, before->line);
  add_group(self, group, file, place->line);
  for (guint i = 0; i < more->entries->len; i++) {
    const Entry *entry = &g_array_index(more->entries, Entry, i);
    if (strcmp(entry->group, group) != 0)
      continue;
    const Entry copy = { g_strdup(group), g_strdup(entry->key), g_strdup(entry->value), file, entry->line };
    g_array_append_val(self->entries, copy);
  }
  return TRUE;
}

gboolean
casa_keyfile_add(CasaKeyfile *self, const CasaKeyfile *more, gboolean (*wanted)(const char *group, gpointer data),
                 gpointer data, GError **error)
{
  char *file = g_strdup(own_name(more));

  g_ptr_array_add(self->names, file);
  for (guint i = 0; more->groups->pdata[i]; i++)
    if (wanted(more->groups->pdata[i], data) && !take_group(self, more, more->groups->pdata[i], file, error))
      return FALSE;
  return TRUE;
}

const char *const *
casa_keyfile_groups(const CasaKeyfile *self)
{
  return (const char *const *)self->groups->pdata;
}

gboolean
casa_keyfile_has_group(const CasaKeyfile *self, const char *group)
{
  return g_strv_contains((const char *const *)self->groups->pdata, group);
}

char **
casa_keyfile_keys(const CasaKeyfile *self, const char *group)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
  for (guint i = 0; i < self->entries->len; i++) {
    const Entry *entry = &g_array_index(self->entries, Entry, i);
    if (strcmp(entry->group, group) == 0)
      g_strv_builder_add(builder, entry->key);
  }
  return g_strv_builder_end(builder);
}

guint
casa_keyfile_line_of(const CasaKeyfile *self, const char *group, const char *key)
{
  const Entry *entry = key ? find(self, group, key) : NULL;
  const Place *place = key ? NULL : place_of(self, group);

  return entry ? entry->line : place ? place->line : 0;
}

const char *
casa_keyfile_get(const CasaKeyfile *self, const char *group, const char *key)
{
  const Entry *entry = find(self, group, key);
  return entry && *entry->value ? entry->value : NULL;
}

char **
casa_keyfile_get_list(const CasaKeyfile *self, const char *group, const char *key)
{
  const char *value = casa_keyfile_get(self, group, key);
  if (!value)
    return NULL;
  g_auto(GStrv) parts = g_strsplit(value, ";", -1);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
  for (guint i = 0; parts[i]; i++)
    if (*g_strstrip(parts[i]))
      g_strv_builder_add(builder, parts[i]);
  return g_strv_builder_end(builder);
}

gboolean
casa_keyfile_fail(const CasaKeyfile *self, const char *group, const char *key, GError **error, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_autofree char *message = g_strdup_vprintf(format, args);
  va_end(args);
  const Entry *entry = key ? find(self, group, key) : NULL;
  const Place *place = place_of(self, group); /* a key that is missing is to be written below its group */
  const char *file = entry ? entry->file : place ? place->file : own_name(self);
  guint line = entry ? entry->line : place ? place->line : 0;
  g_autofree char *where = line ? g_strdup_printf("%s:%u", file, line) : g_strdup(file);
  g_set_error(error, CASA_ERROR, CASA_ERROR_CONFIG, "%s: [%s]%s%s: %s", where, group, key ? " " : "", key ? key : "", message);
  casa_error_set_place(error ? *error : NULL, file, line, key);
  return FALSE;
}

gboolean
casa_keyfile_get_double(const CasaKeyfile *self, const char *group, const char *key, double min, double max, double *out,
                        GError **error)
{
  const char *text = casa_keyfile_get(self, group, key);
  if (!text)
    return TRUE;
  char *end = NULL;
  double value = g_ascii_strtod(text, &end);
  if (end == text || *end != '\0' || !isfinite(value))
    return casa_keyfile_fail(self, group, key, error, "\"%s\" is not a number; write one with a decimal point", text);
  if (value < min || value > max) {
    char low[G_ASCII_DTOSTR_BUF_SIZE], high[G_ASCII_DTOSTR_BUF_SIZE];
    return casa_keyfile_fail(self, group, key, error, "%s is outside %s to %s", text,
                             g_ascii_formatd(low, sizeof low, "%.9g", min), g_ascii_formatd(high, sizeof high, "%.9g", max));
  }
  *out = value;
  return TRUE;
}

gboolean
casa_keyfile_get_uint(const CasaKeyfile *self, const char *group, const char *key, guint min, guint max, guint *out,
                      GError **error)
{
  const char *text = casa_keyfile_get(self, group, key);
  guint64 value;
  if (!text)
    return TRUE;
  if (!g_ascii_string_to_unsigned(text, 10, min, max, &value, NULL))
    return casa_keyfile_fail(self, group, key, error, "\"%s\" is not a whole number from %u to %u", text, min, max);
  *out = (guint)value;
  return TRUE;
}

gboolean
casa_keyfile_get_bool(const CasaKeyfile *self, const char *group, const char *key, gboolean *out, GError **error)
{
  const char *text = casa_keyfile_get(self, group, key);
  if (!text)
    return TRUE;
  if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
    return casa_keyfile_fail(self, group, key, error, "\"%s\" is neither true nor false", text);
  *out = *text == 't';
  return TRUE;
}

gboolean
casa_keyfile_get_duration(const CasaKeyfile *self, const char *group, const char *key, gint64 min_ms, gint64 max_ms,
                          gint64 *out_ms, GError **error)
{
  const char *text = casa_keyfile_get(self, group, key);
  g_autoptr(GError) local = NULL;
  gint64 value = 0;
  if (!text)
    return TRUE;
  if (!casa_duration_parse(text, &value, &local))
    return casa_keyfile_fail(self, group, key, error, "%s", local->message);
  if (value < min_ms || value > max_ms)
    return casa_keyfile_fail(self, group, key, error, "%s is outside %" G_GINT64_FORMAT "s to %" G_GINT64_FORMAT "s", text,
                             min_ms / 1000, max_ms / 1000);
  *out_ms = value;
  return TRUE;
}

/* The factor that a unit after a number stands for; 0: it is none. */
static double
size_unit(const char *unit)
{
  static const struct {
    const char *name;
    double factor;
  } units[] = { { "B", 1 }, { "kB", 1e3 }, { "KB", 1e3 }, { "MB", 1e6 }, { "GB", 1e9 }, { "TB", 1e12 } };
  while (g_ascii_isspace(*unit))
    unit++;
  for (guint i = 0; i < G_N_ELEMENTS(units); i++)
    if (strcmp(unit, units[i].name) == 0)
      return units[i].factor;
  return 0;
}

gboolean
casa_keyfile_get_size(const CasaKeyfile *self, const char *group, const char *key, gint64 min, gint64 max, gint64 *out,
                      GError **error)
{
  const char *text = casa_keyfile_get(self, group, key);
  if (!text)
    return TRUE;
  char *end = NULL;
  double value = g_ascii_strtod(text, &end);
  double factor = value == 0 && *end == '\0' ? 1 : size_unit(end);
  if (end == text || !isfinite(value) || factor == 0)
    return casa_keyfile_fail(self, group, key, error, "\"%s\" is not a size; write a number and MB, GB or TB, such as 20 GB",
                             text);
  value *= factor;
  if (value != 0 && (value < (double)min || value > (double)max))
    return casa_keyfile_fail(self, group, key, error, "%s is outside %" G_GINT64_FORMAT " MB to %" G_GINT64_FORMAT " MB", text,
                             min / 1000000, max / 1000000);
  *out = (gint64)value;
  return TRUE;
}

gboolean
casa_keyfile_check_keys(const CasaKeyfile *self, const char *group, const char *const *known, GError **error)
{
  for (guint i = 0; i < self->entries->len; i++) {
    const Entry *entry = &g_array_index(self->entries, Entry, i);
    if (strcmp(entry->group, group) != 0 || g_strv_contains(known, entry->key))
      continue;
    g_autofree char *list = g_strjoinv(", ", (char **)known);
    return casa_keyfile_fail(self, group, entry->key, error, "unknown key; known here: %s", list);
  }
  return TRUE;
}
