/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/data/flags.h"
#include "ui/data/keepsakes.h"

G_BEGIN_DECLS

/* Notes are flags of all charts: now, and whenever @keepsakes changes, until the handler that is returned is disconnected from
 * it. @flags outlives that. NULL @keepsakes: nothing, 0. */
gulong casa_note_flags_follow(CasaFlags *flags, CasaKeepsakes *keepsakes);

G_END_DECLS
