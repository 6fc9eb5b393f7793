/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/scenes/scene-list.h"
#include "ui/shell/window.h"

G_BEGIN_DECLS

/* What a window shows and how, kept in a file so that a wall that was killed comes back as it was. GTK thread. */
typedef struct _CasaWallState CasaWallState;

/* Writes @path whenever scene, language, theme, full screen or screen of @window have changed, within half a second, as long as
 * it is open. A file that cannot be written is told once in the log. @scenes and @window (weak) are those that are watched. */
CasaWallState *casa_wall_state_new(const char *path, CasaWindow *window, CasaSceneList *scenes);
void casa_wall_state_free(CasaWallState *self); /* NULL is fine */

/* Puts @window as @path says; what is not there, or wrong, is left as it is. FALSE: there is no such file. */
gboolean casa_wall_state_restore(const char *path, CasaWindow *window, CasaSceneList *scenes);

/* The screen on which the window of @path stood, by connector and model, or that model elsewhere; NULL: it is not here.
 * (transfer none) */
GdkMonitor *casa_wall_state_monitor(const char *path, GdkDisplay *display);

G_END_DECLS
