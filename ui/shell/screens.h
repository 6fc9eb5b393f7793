/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/shell/window.h"

G_BEGIN_DECLS

/* Which screen the hall's window fills, and which the presenter's has, while screens come and go. A screen is known by its
 * connector and model, never by its number. When the hall's screen goes and a presenter's window is there, the hall's window
 * goes with it and the show goes on in the presenter's; when it comes back, or another one comes, the hall's window fills that.
 * The presenter's window never stays on the screen that the hall's fills while there is another. GTK thread only. */
typedef struct _CasaScreens CasaScreens;

CasaScreens *casa_screens_new(CasaWindow *hall); /* @hall is weak */
void casa_screens_free(CasaScreens *self);       /* NULL is fine */

/* The hall's window goes, and the show goes on in the presenter's; or it comes back as it was. Without a presenter's window:
 * nothing. */
void casa_screens_hide(CasaScreens *self);
/* The hall's window fills the next screen, and the presenter's has the one that it filled. FALSE: there is one screen only. */
gboolean casa_screens_swap(CasaScreens *self);
/* The presenter's window comes to the front. On the only screen, where the hall's window fills it, the key must come twice
 * within a second, and once more takes it away again. NULL: there is no presenter's window; else the one that was asked for
 * (transfer none). */
GtkWindow *casa_screens_view(CasaScreens *self);
/* Whether another window may come to the front now: where it would come before the hall, only if that is asked for twice within
 * four seconds. FALSE: this was the first time. */
gboolean casa_screens_may_cover(CasaScreens *self);
/* Whether the hall's window fills, or asked to fill, the only screen: whatever opens there opens before the hall. */
gboolean casa_screens_is_shared(CasaScreens *self);
/* The screen for the hall at the first start: the first that is no part of the machine, when another is. NULL: it cannot be
 * told. (transfer none) */
GdkMonitor *casa_screens_guess(GdkDisplay *display);

G_END_DECLS
