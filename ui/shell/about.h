/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Who made it, from what, under which licences. */
void casa_about_show(GtkWindow *parent);

G_END_DECLS
