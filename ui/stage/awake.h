/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Asks the session neither to go idle (dark, locked) nor to sleep, the two apart, as a common request is refused silently by
 * some. What was granted is asked again every ten seconds: a number that a service gives back is no proof. GTK thread; never
 * waits. */
typedef struct _CasaAwake CasaAwake;

typedef enum {
  CASA_AWAKE_NO,    /* nobody took the request */
  CASA_AWAKE_ASKED, /* somebody took it, and nobody confirms that it holds */
  CASA_AWAKE_SURE,  /* the session, or the system, confirms it */
} CasaAwakeState;

/* @window: for whom it is asked; it may be NULL. */
CasaAwake *casa_awake_new(GtkApplication *app, GtkWindow *window);
void casa_awake_free(CasaAwake *self); /* Lets it sleep again. NULL is fine */

CasaAwakeState casa_awake_idle(CasaAwake *self);    /* NULL: NO */
CasaAwakeState casa_awake_suspend(CasaAwake *self); /* NULL: NO */

G_END_DECLS
