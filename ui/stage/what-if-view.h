/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/kit/style.h"
#include "ui/stage/what-if.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The card of a "what if" over a window: what is asked, two curves with what lies between them, what that is in numbers,
 * what it assumes, and the fields that the arrows change. It always says that it is a simulation. GTK thread. */
typedef struct _CasaWhatIfView CasaWhatIfView;

CasaWhatIfView *casa_what_if_view_new(CasaWhatIf *what_if); /* @what_if outlives it. It goes with its widget. */
GtkWidget *casa_what_if_view_widget(
  CasaWhatIfView *self); /* (transfer none), floating at first; hidden while nothing is asked */
void casa_what_if_view_restyle(CasaWhatIfView *self, const CasaLook *look); /* Another theme or size */
void casa_what_if_view_show(CasaWhatIfView *self); /* All that it says, in the language of the moment */
/* Where it stands in a window of @width × @height, mirrored where words are. */
void casa_what_if_view_place(int width, int height, GdkRectangle *out);
/* What a key does while it is open. FALSE: nothing, it is the window's. */
gboolean casa_what_if_view_key(CasaWhatIfView *self, guint keyval);

G_END_DECLS
