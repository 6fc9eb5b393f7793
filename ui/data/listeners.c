/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/listeners.h"

typedef struct {
  guint id;
  CasaModelListener listener;
} Entry;

struct _CasaListeners {
  GArray *entries; /* Entry, ids rising */
  guint last_id;
};

CasaListeners *
casa_listeners_new(void)
{
  CasaListeners *self = g_new0(CasaListeners, 1);

  self->entries = g_array_new(FALSE, FALSE, sizeof(Entry));
  return self;
}

void
casa_listeners_free(CasaListeners *self)
{
  if (!self)
    return;
  g_array_unref(self->entries);
  g_free(self);
}

guint
casa_listeners_add(CasaListeners *self, const CasaModelListener *listener)
{
  Entry entry = { ++self->last_id, *listener };

  g_array_append_val(self->entries, entry);
  return entry.id;
}

void
casa_listeners_remove(CasaListeners *self, guint id)
{
  for (guint i = 0; i < self->entries->len; i++) {
    if (g_array_index(self->entries, Entry, i).id != id)
      continue;
    g_array_remove_index(self->entries, i);
    return;
  }
}

/* The first listener after @id and not after @last into *@out; its id, 0 at the end. Ids rise, so the list may change
 * meanwhile. */
static guint
next_after(CasaListeners *self, guint id, guint last, CasaModelListener *out)
{
  for (guint i = 0; i < self->entries->len; i++) {
    const Entry *entry = &g_array_index(self->entries, Entry, i);
    if (entry->id <= id || entry->id > last)
      continue;
    *out = entry->listener;
    return entry->id;
  }
  return 0;
}

void
casa_listeners_tell_changed(CasaListeners *self)
{
  CasaModelListener listener;
  guint last = self->last_id;

  for (guint id = 0; (id = next_after(self, id, last, &listener)) != 0;)
    if (listener.changed)
      listener.changed(listener.data);
}

void
casa_listeners_tell_rebuild(CasaListeners *self)
{
  CasaModelListener listener;
  guint last = self->last_id;

  for (guint id = 0; (id = next_after(self, id, last, &listener)) != 0;)
    if (listener.rebuild)
      listener.rebuild(listener.data);
}

void
casa_listeners_tell_vehicle(CasaListeners *self, guint key, CasaLonLat at, gint64 t_ms, guint32 rgb)
{
  CasaModelListener listener;
  guint last = self->last_id;

  for (guint id = 0; (id = next_after(self, id, last, &listener)) != 0;)
    if (listener.vehicle)
      listener.vehicle(key, at, t_ms, rgb, listener.data);
}
