/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/config.h"
#include "ui/scenes/scene-list.h"
#include "ui/shell/window.h"

G_BEGIN_DECLS

/* Does to the hall's window what companions of the show ask for (docs/WIRE.md), and answers them. GTK thread. */
typedef struct _CasaPrompter CasaPrompter;

/* NULL: @config names nobody, or the connection cannot be made, which is told in the log. @scenes and @keys (NULL: no events)
 * outlive it; @window is weak. */
CasaPrompter *casa_prompter_new(const CasaConfig *config, CasaWindow *window, CasaSceneList *scenes, CasaEventKeys *keys);
void casa_prompter_free(CasaPrompter *self); /* At most some seconds, when the broker hangs. NULL is fine */

G_END_DECLS
