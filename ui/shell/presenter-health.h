/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/shell/window.h"
#include "ui/stage/awake.h"

G_BEGIN_DECLS

/* How the house does, as eight words for the presenter. */
#define CASA_HEALTH_ITEMS 8

typedef enum { CASA_HEALTH_OK, CASA_HEALTH_ATTENTION, CASA_HEALTH_BAD, CASA_HEALTH_UNKNOWN } CasaHealthLevel;

typedef struct {
  CasaHealthLevel level;
  char *text; /* in the language of the moment */
} CasaHealthItem;

/* What an item is about: "Liaison". @i < CASA_HEALTH_ITEMS. (transfer none) */
const char *casa_health_name(guint i);
/* p99 of sensor to store, in ms; NAN unknown. */
CasaHealthLevel casa_health_delay(double ms);
/* Bytes that are free; NAN unknown. */
CasaHealthLevel casa_health_disk(double bytes);
/* @folder: whose disk is looked at. @awake may be NULL. (transfer full) texts: g_free(). */
void casa_health_read(CasaModel *model, CasaWindow *hall, const char *folder, CasaAwake *awake,
                      CasaHealthItem out[CASA_HEALTH_ITEMS]);

G_END_DECLS
