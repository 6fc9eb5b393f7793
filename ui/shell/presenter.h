/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/shell/window.h"

G_BEGIN_DECLS

/* The presenter's own window, never for the audience: what @hall shows, live and small, its state, the notes, time and pace, the
 * scenes, how the house does. Keys pressed here drive @hall. It goes when @hall goes. GTK thread only.
 * @model and @scenes outlive it. @folder: whose disk is watched, the store's. (transfer none): owned by GTK as any window. */
GtkWindow *casa_presenter_new(AdwApplication *app, CasaWindow *hall, CasaModel *model, CasaSceneList *scenes,
                              const char *folder);

G_END_DECLS
