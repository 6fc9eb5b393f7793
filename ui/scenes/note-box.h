/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/chart/chart.h"
#include "ui/data/keepsakes.h"

G_BEGIN_DECLS

/* Asks for the words of a note beside @chart whenever somebody wants to write one there: Enter keeps it, Escape does not. Takes
 * the last one back when it is asked to. @keepsakes is held; NULL: nothing can be kept, and nothing is asked. */
void casa_note_box_attach(CasaChart *chart, CasaKeepsakes *keepsakes);

G_END_DECLS
