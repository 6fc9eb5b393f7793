/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Opens the window that lists every key, in the language of the moment: in the colours of @parent, and no larger. (transfer
 * none) */
GtkWindow *casa_shortcuts_show(GtkWindow *parent, guint n_scenes);

G_END_DECLS
