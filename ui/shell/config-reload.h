/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/city.h"
#include "ui/data/model.h"
#include "ui/scenes/scene-list.h"

G_BEGIN_DECLS

/* Takes saved indicators, stories, palettes and maps over to the screen; what is wrong leaves what there was, and the status
 * line says where the mistake is. Indicators with which the scenes cannot be shown wait until scenes are saved that they fit:
 * no panel is ever without its domain. GTK thread only. */
typedef struct _CasaConfigReload CasaConfigReload;

/* Whom it tells, each with `data`; NULL: nobody. */
typedef struct {
  void (*before)(gpointer data);  /* the model is about to take other indicators */
  void (*palette)(gpointer data); /* the city has another palette, perhaps */
  gpointer data;
} CasaConfigReloadFuncs;

/* Watches @dir from now on, and tells the model what is wrong there already. @model, @city (the model's), @scenes and what
 * @funcs name must outlive it. */
CasaConfigReload *casa_config_reload_new(const char *dir, CasaModel *model, CasaCity *city, CasaSceneList *scenes,
                                         const CasaConfigReloadFuncs *funcs);
void casa_config_reload_free(CasaConfigReload *self); /* NULL is fine */

G_END_DECLS
