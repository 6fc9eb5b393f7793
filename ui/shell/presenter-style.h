/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* The style sheet of everything below a widget of CSS class "casa-presenter", for the default display: desk letters, nothing
 * under 13 px. Once is enough, more does nothing. GTK thread. */
void casa_presenter_style(void);

G_END_DECLS
