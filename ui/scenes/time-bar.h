/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/scenes/time-view.h"

G_BEGIN_DECLS

/* A small bar for who explores the time of a page: what is shown, that following is paused, how to go on, and lengths to choose
 * from. Hidden at rest. Made in the language of the moment. @view outlives it. (transfer floating) */
GtkWidget *casa_time_bar_new(CasaTimeView *view);

G_END_DECLS
