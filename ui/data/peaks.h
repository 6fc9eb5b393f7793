/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* The highest that each of some things was since the model began: what is usual, where a page that was just opened would have
 * to guess it. One for all pages of a model, so that a district that is dark stays dark when the page is turned. GTK thread
 * only. */
typedef struct _CasaPeaks CasaPeaks;

CasaPeaks *casa_peaks_new(void);       /* Empty. (transfer full) */
void casa_peaks_free(CasaPeaks *self); /* NULL is fine */

/* Of @what, an address of something static, @n things: 0 each at first. The same numbers every time, to be raised by whoever
 * sees more. (transfer none), for the peaks' life. */
double *casa_peaks_of(CasaPeaks *self, gconstpointer what, guint n);

G_END_DECLS
