/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/city.h"

G_BEGIN_DECLS

/* Those who look on at a model: any number of windows. GTK thread only. */

typedef struct {
  void (*changed)(gpointer data); /* once a second, and when history arrived; may be NULL */
  void (*vehicle)(guint key, CasaLonLat at, gint64 t_ms, guint32 rgb, gpointer data); /* one moved; may be NULL */
  gpointer data;
  void (*rebuild)(gpointer data); /* what is shown is another: see casa_model_indicators(); may be NULL */
} CasaModelListener;

typedef struct _CasaListeners CasaListeners;

CasaListeners *casa_listeners_new(void);       /* Nobody listens. (transfer full) */
void casa_listeners_free(CasaListeners *self); /* NULL is fine */
/* Copies @listener; returns its id, never 0. */
guint casa_listeners_add(CasaListeners *self, const CasaModelListener *listener);
/* 0, or an id that is gone already, changes nothing. */
void casa_listeners_remove(CasaListeners *self, guint id);

/* All tell everybody who listened when they were called. A listener may add and remove listeners, itself too. */
void casa_listeners_tell_changed(CasaListeners *self);
void casa_listeners_tell_rebuild(CasaListeners *self); /* Calls `rebuild` of each */
/* Calls `vehicle` of each. */
void casa_listeners_tell_vehicle(CasaListeners *self, guint key, CasaLonLat at, gint64 t_ms, guint32 rgb);

G_END_DECLS
