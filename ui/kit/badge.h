/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/text/phrases.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A provenance badge: shape, words, colour. Hidden until it says something. */
GtkWidget *casa_badge_new(void);
void casa_badge_set(GtkWidget *badge, const CasaBadgeWords *words); /* NULL hides it */

G_END_DECLS
