/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "teams/join-card.h"

G_BEGIN_DECLS

/* Writes @card to @path, readable by its owner only, since it holds a password: a page of A4 on its side (PDF) or the same in
 * 1684 × 1190 pixels (PNG). FALSE: CASA_ERROR_IO. Any thread. */
gboolean casa_card_write(const CasaJoinCard *card, const char *path, gboolean pdf, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
