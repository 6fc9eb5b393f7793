/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/data/model.h"
#include <adwaita.h>

G_BEGIN_DECLS

/* The window: one scene at a time, sized to fit, in the language and theme of the moment; keys of the stage. */
#define CASA_TYPE_WINDOW (casa_window_get_type())
G_DECLARE_FINAL_TYPE(CasaWindow, casa_window, CASA, WINDOW, AdwApplicationWindow)

/* @model NULL: nothing can be shown but an error. It outlives the window. */
CasaWindow *casa_window_new(AdwApplication *app, CasaModel *model, const char *theme);
void casa_window_set_theme(CasaWindow *self, const char *theme);
void casa_window_rebuild(CasaWindow *self); /* after the language changed */
void casa_window_go(CasaWindow *self, guint scene);
guint casa_window_scene(CasaWindow *self);
void casa_window_toast(CasaWindow *self, const char *text);                         /* plain text; stays until dismissed */
void casa_window_show_error(CasaWindow *self, const char *title, const char *text); /* plain text */

/* Shows the scene at exactly this size, whatever the screen's; no menu, no window buttons: for pictures. */
void casa_window_pose(CasaWindow *self, int width, int height);
GtkWidget *casa_window_picture(CasaWindow *self); /* what a picture is taken of */

G_END_DECLS
