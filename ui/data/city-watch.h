/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/city-files.h"

G_BEGIN_DECLS

/* Looks after stories.conf, palette.conf and map.conf of a folder, and lets the city read each again when it was saved, in
 * place or by renaming another over it. GTK thread only. */
typedef struct _CasaCityWatch CasaCityWatch;

/* One of them was saved. @read: what it says is the city's now, at least of one; FALSE: they are wrong, casa_city_fault() says
 * where. */
typedef void (*CasaCityFunc)(gboolean read, gpointer data);

/* @func is called when they have changed, never at once. @city must outlive it. */
CasaCityWatch *casa_city_watch_new(CasaCity *city, const char *dir, CasaCityFunc func, gpointer data);
void casa_city_watch_free(CasaCityWatch *self); /* NULL is fine */
/* Looks now; it does so by itself once a second. */
void casa_city_watch_check(CasaCityWatch *self);

G_END_DECLS
