/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/data/model.h"
#include "ui/scenes/scene-list.h"

G_BEGIN_DECLS

/* Takes saved indicators over to the screen. Those with which the scenes cannot be shown wait until scenes are saved that they
 * fit: no panel is ever without its domain. GTK thread only. */
typedef struct _CasaConfigReload CasaConfigReload;

/* Watches @dir from now on; @before (may be NULL) is called just before the model takes other indicators. @model, @scenes and
 * @data must outlive it. */
CasaConfigReload *casa_config_reload_new(const char *dir, CasaModel *model, CasaSceneList *scenes,
                                         void (*before)(gpointer data), gpointer data);
void casa_config_reload_free(CasaConfigReload *self); /* NULL is fine */

G_END_DECLS
