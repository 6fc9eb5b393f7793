/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/memory.h"

#include <string.h>

typedef struct {
  char *key; /* "format\nkey" */
  char *bytes;
  gsize len;
  GList link; /* in its source's `age` */
} Note;

typedef struct {
  char *name;
  GHashTable *notes; /* key → Note, owned */
  GQueue age;        /* Note; the newest at the head */
  gsize bytes;       /* of all notes, with their keys */
  GList link;        /* in the memory's `age` */
} Source;

struct _CasaMemory {
  GHashTable *sources; /* name → Source, owned */
  GQueue age;          /* Source; the one used last at the head */
};

static void
free_note(gpointer data)
{
  Note *note = data;
  g_free(note->key);
  g_free(note->bytes);
  g_free(note);
}

static void
free_source(gpointer data)
{
  Source *source = data;
  g_hash_table_unref(source->notes);
  g_free(source->name);
  g_free(source);
}

CasaMemory *
casa_memory_new(void)
{
  CasaMemory *self = g_new0(CasaMemory, 1);
  self->sources = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_source);
  g_queue_init(&self->age);
  return self;
}

void
casa_memory_free(CasaMemory *self)
{
  if (!self)
    return;
  g_hash_table_unref(self->sources);
  g_free(self);
}

static Source *
find_source(CasaMemory *self, const char *name)
{
  Source *source = g_hash_table_lookup(self->sources, name);
  if (source && self->age.head != &source->link) {
    g_queue_unlink(&self->age, &source->link);
    g_queue_push_head_link(&self->age, &source->link);
  }
  return source;
}

static Source *
add_source(CasaMemory *self, const char *name)
{
  if (g_hash_table_size(self->sources) >= CASA_MEMORY_SOURCES) {
    Source *oldest = g_queue_peek_tail(&self->age);
    g_queue_unlink(&self->age, &oldest->link);
    g_hash_table_remove(self->sources, oldest->name);
  }
  Source *source = g_new0(Source, 1);
  source->name = g_strdup(name);
  source->notes = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_note);
  g_queue_init(&source->age);
  source->link.data = source;
  g_hash_table_insert(self->sources, source->name, source);
  g_queue_push_head_link(&self->age, &source->link);
  return source;
}

static void
drop(Source *source, Note *note)
{
  source->bytes -= note->len + strlen(note->key);
  g_queue_unlink(&source->age, &note->link);
  g_hash_table_remove(source->notes, note->key);
}

void
casa_memory_put(CasaMemory *self, const char *source_name, const char *format, const char *key, const void *bytes, gsize len)
{
  g_autofree char *full = g_strdup_printf("%s\n%s", format, key);
  Source *source = find_source(self, source_name);
  if (!source)
    source = add_source(self, source_name);
  Note *old = g_hash_table_lookup(source->notes, full);
  if (old)
    drop(source, old);
  gsize size = len + strlen(full);
  if (size > CASA_MEMORY_BYTES)
    return;
  while (source->bytes + size > CASA_MEMORY_BYTES || g_hash_table_size(source->notes) >= CASA_MEMORY_NOTES)
    drop(source, g_queue_peek_tail(&source->age));
  Note *note = g_new0(Note, 1);
  note->bytes = g_malloc(len + 1);
  if (len > 0)
    memcpy(note->bytes, bytes, len);
  note->bytes[len] = '\0';
  note->len = len;
  note->key = g_steal_pointer(&full);
  note->link.data = note;
  g_hash_table_insert(source->notes, note->key, note);
  g_queue_push_head_link(&source->age, &note->link);
  source->bytes += size;
}

static Note *
find_note(CasaMemory *self, const char *source_name, const char *format, const char *key, Source **source)
{
  g_autofree char *full = g_strdup_printf("%s\n%s", format, key);
  *source = find_source(self, source_name);
  return *source ? g_hash_table_lookup((*source)->notes, full) : NULL;
}

const char *
casa_memory_get(CasaMemory *self, const char *source_name, const char *format, const char *key, gsize *len)
{
  Source *source;
  Note *note = find_note(self, source_name, format, key, &source);
  if (!note)
    return NULL;
  if (source->age.head != &note->link) {
    g_queue_unlink(&source->age, &note->link);
    g_queue_push_head_link(&source->age, &note->link);
  }
  if (len)
    *len = note->len;
  return note->bytes;
}

void
casa_memory_forget(CasaMemory *self, const char *source_name, const char *format, const char *key)
{
  Source *source;
  Note *note = find_note(self, source_name, format, key, &source);
  if (note)
    drop(source, note);
}
