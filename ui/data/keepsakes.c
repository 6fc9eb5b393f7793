/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/keepsakes.h"
#include <string.h>

struct _CasaKeepsakes {
  GObject parent_instance;
  char *path;             /* NULL: nothing is kept */
  GHashTable *favourites; /* set of texts */
  GHashTable *shown;      /* set of texts */
  GHashTable *called;     /* set of texts: teams that asked for help */
  char *featured;
  GPtrArray *notes; /* CasaNote, as they were written */
  guint n_old;      /* so many of them were there at the start */
  gboolean told;    /* that it cannot be written */
};

G_DEFINE_FINAL_TYPE(CasaKeepsakes, casa_keepsakes, G_TYPE_OBJECT)

static guint changed_signal;

static void
finalize(GObject *object)
{
  CasaKeepsakes *self = CASA_KEEPSAKES(object);

  g_free(self->path);
  g_free(self->featured);
  g_hash_table_unref(self->favourites);
  g_hash_table_unref(self->shown);
  g_hash_table_unref(self->called);
  g_ptr_array_unref(self->notes);
  G_OBJECT_CLASS(casa_keepsakes_parent_class)->finalize(object);
}

static void
casa_keepsakes_class_init(CasaKeepsakesClass *class)
{
  G_OBJECT_CLASS(class)->finalize = finalize;
  changed_signal = g_signal_new("changed", CASA_TYPE_KEEPSAKES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
note_free(gpointer data)
{
  CasaNote *note = data;

  g_free(note->id);
  g_free(note->text);
  g_free(note);
}

static void
casa_keepsakes_init(CasaKeepsakes *self)
{
  self->notes = g_ptr_array_new_with_free_func(note_free);
  self->favourites = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  self->shown = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  self->called = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

static void
read_set(GKeyFile *file, const char *group, const char *key, GHashTable *set)
{
  g_auto(GStrv) texts = g_key_file_get_string_list(file, group, key, NULL, NULL);

  for (guint i = 0; texts && texts[i]; i++)
    g_hash_table_add(set, g_strdup(texts[i]));
}

static int
compare(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Rising. (transfer container): the texts are the set's. */
static GPtrArray *
sorted(GHashTable *set)
{
  GPtrArray *texts = g_ptr_array_new();
  GHashTableIter iter;
  gpointer text;

  g_hash_table_iter_init(&iter, set);
  while (g_hash_table_iter_next(&iter, &text, NULL))
    g_ptr_array_add(texts, text);
  g_ptr_array_sort(texts, compare);
  return texts;
}

static void
write_set(GKeyFile *file, const char *group, const char *key, GHashTable *set)
{
  g_autoptr(GPtrArray) texts = sorted(set);

  g_key_file_set_string_list(file, group, key, (const char *const *)texts->pdata, texts->len);
}

/* A note is "from;to;text", under its number. */
static void
write_notes(GKeyFile *file, const GPtrArray *notes)
{
  for (guint i = 0; i < notes->len; i++) {
    const CasaNote *note = notes->pdata[i];
    g_autofree char *key = g_strdup_printf("%u", i + 1), *from = g_strdup_printf("%" G_GINT64_FORMAT, note->from_ms);
    g_autofree char *to = g_strdup_printf("%" G_GINT64_FORMAT, note->to_ms);
    const char *const parts[] = { from, to, note->text };
    g_key_file_set_string_list(file, "notes", key, parts, G_N_ELEMENTS(parts));
  }
}

static void
append_note(CasaKeepsakes *self, gint64 from_ms, gint64 to_ms, const char *text)
{
  CasaNote *note = g_new0(CasaNote, 1);

  note->from_ms = MIN(from_ms, to_ms);
  note->to_ms = MAX(from_ms, to_ms);
  note->text = g_utf8_substring(text, 0, MIN(g_utf8_strlen(text, -1), CASA_NOTE_MOST));
  note->id = g_strdup_printf("note/%u", self->notes->len + 1);
  g_ptr_array_add(self->notes, note);
}

/* What is no note is left out. */
static void
read_notes(CasaKeepsakes *self, GKeyFile *file)
{
  g_auto(GStrv) keys = g_key_file_get_keys(file, "notes", NULL, NULL);

  for (guint i = 0; keys && keys[i]; i++) {
    g_auto(GStrv) parts = g_key_file_get_string_list(file, "notes", keys[i], NULL, NULL);
    gint64 from_ms, to_ms;
    if (parts && g_strv_length(parts) == 3 && g_ascii_string_to_signed(parts[0], 10, 0, G_MAXINT64, &from_ms, NULL) &&
        g_ascii_string_to_signed(parts[1], 10, 0, G_MAXINT64, &to_ms, NULL) && *parts[2] && g_utf8_validate(parts[2], -1, NULL))
      append_note(self, from_ms, to_ms, parts[2]);
  }
  self->n_old = self->notes->len;
}

static void
changed(CasaKeepsakes *self)
{
  g_autoptr(GKeyFile) file = g_key_file_new();
  g_autoptr(GError) error = NULL;

  write_set(file, "explore", "favourites", self->favourites);
  write_set(file, "teams", "shown", self->shown);
  write_set(file, "teams", "called", self->called);
  g_key_file_set_string(file, "teams", "featured", self->featured ? self->featured : "");
  write_notes(file, self->notes);
  if (self->path && !g_key_file_save_to_file(file, self->path, &error) && !self->told) {
    g_warning("choices of the desk are not kept: %s", error->message);
    self->told = TRUE;
  }
  g_signal_emit(self, changed_signal, 0);
}

char *
casa_keepsakes_path(const char *store_path)
{
  return g_strconcat(store_path, ".choices", NULL);
}

CasaKeepsakes *
casa_keepsakes_new(const char *path)
{
  CasaKeepsakes *self = g_object_new(CASA_TYPE_KEEPSAKES, NULL);
  g_autoptr(GKeyFile) file = g_key_file_new();

  self->path = g_strdup(path);
  if (!path || !g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, NULL))
    return self;
  read_set(file, "explore", "favourites", self->favourites);
  read_set(file, "teams", "shown", self->shown);
  read_set(file, "teams", "called", self->called);
  read_notes(self, file);
  g_autofree char *featured = g_key_file_get_string(file, "teams", "featured", NULL);
  if (featured && g_hash_table_contains(self->shown, featured))
    self->featured = g_steal_pointer(&featured);
  return self;
}

/* TRUE: it was otherwise. */
static gboolean
put(GHashTable *set, const char *text, gboolean on)
{
  return on ? g_hash_table_add(set, g_strdup(text)) : g_hash_table_remove(set, text);
}

gboolean
casa_keepsakes_is_favourite(CasaKeepsakes *self, const char *series)
{
  return g_hash_table_contains(self->favourites, series);
}

void
casa_keepsakes_set_favourite(CasaKeepsakes *self, const char *series, gboolean on)
{
  if (put(self->favourites, series, on))
    changed(self);
}

gboolean
casa_keepsakes_is_shown(CasaKeepsakes *self, const char *team)
{
  return g_hash_table_contains(self->shown, team);
}

void
casa_keepsakes_show(CasaKeepsakes *self, const char *team, gboolean on)
{
  if (!put(self->shown, team, on))
    return;
  if (!on && g_strcmp0(self->featured, team) == 0)
    g_clear_pointer(&self->featured, g_free);
  changed(self);
}

gboolean
casa_keepsakes_is_called(CasaKeepsakes *self, const char *team)
{
  return g_hash_table_contains(self->called, team);
}

void
casa_keepsakes_call(CasaKeepsakes *self, const char *team, gboolean on)
{
  if (put(self->called, team, on))
    changed(self);
}

const char *
casa_keepsakes_featured(CasaKeepsakes *self)
{
  return self->featured;
}

void
casa_keepsakes_feature(CasaKeepsakes *self, const char *team)
{
  g_autofree char *name = g_strdup(team); /* it may be our own */

  if (g_strcmp0(self->featured, name) == 0)
    return;
  g_free(self->featured);
  self->featured = g_steal_pointer(&name);
  if (self->featured)
    put(self->shown, self->featured, TRUE);
  changed(self);
}

GPtrArray *
casa_keepsakes_shown(CasaKeepsakes *self)
{
  g_autoptr(GPtrArray) texts = sorted(self->shown);
  GPtrArray *copy = g_ptr_array_new_with_free_func(g_free);

  for (guint i = 0; i < texts->len; i++)
    g_ptr_array_add(copy, g_strdup(texts->pdata[i]));
  return copy;
}

guint
casa_keepsakes_n_notes(CasaKeepsakes *self)
{
  return self->notes->len;
}

const CasaNote *
casa_keepsakes_note(CasaKeepsakes *self, guint i)
{
  return i < self->notes->len ? self->notes->pdata[i] : NULL;
}

void
casa_keepsakes_add_note(CasaKeepsakes *self, gint64 from_ms, gint64 to_ms, const char *text)
{
  g_autofree char *stripped = g_strstrip(g_strdup(text));

  if (!*stripped)
    return;
  append_note(self, from_ms, to_ms, stripped);
  changed(self);
}

gboolean
casa_keepsakes_undo_note(CasaKeepsakes *self)
{
  if (self->notes->len <= self->n_old)
    return FALSE;
  g_ptr_array_set_size(self->notes, (gint)self->notes->len - 1);
  changed(self);
  return TRUE;
}
