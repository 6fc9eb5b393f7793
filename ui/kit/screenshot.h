/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Writes what @widget shows (it must be mapped) to @path: .png pixels, .svg and .pdf vectors. When a new layout is
 * pending it iterates the main context until that is there, for at most two seconds. CASA_ERROR_IO names the path. */
gboolean casa_screenshot_save(GtkWidget *widget, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
