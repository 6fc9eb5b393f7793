/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/city.h"

G_BEGIN_DECLS

/* Where each vehicle was in the last minutes: a scene that is turned to shows the ways that were travelled before it, and its
 * vehicles glide at once. One thread at a time. */
typedef struct _CasaTrails CasaTrails;

#define CASA_TRAILS_MS (5 * 60 * 1000)

CasaTrails *casa_trails_new(void);        /* Of no vehicle. (transfer full) */
void casa_trails_free(CasaTrails *self);  /* NULL is fine */
void casa_trails_clear(CasaTrails *self); /* The clock was set to another time */
/* @key was at @at; one that is not later than its last is ignored. */
void casa_trails_put(CasaTrails *self, guint key, CasaLonLat at, gint64 t_ms);

typedef void (*CasaTrailsTell)(CasaLonLat at, gint64 t_ms, gpointer data);
/* Where @key was before @before_ms, as far back as is kept, the earliest first. */
void casa_trails_each(const CasaTrails *self, guint key, gint64 before_ms, CasaTrailsTell tell, gpointer data);

G_END_DECLS
