/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* A QR code (ISO/IEC 18004), error correction M: a seventh of it may be unreadable. */
typedef struct {
  guint width;  /* modules on a side, without the quiet zone of 4 that a reader needs around it */
  guint8 *dark; /* width × width, row by row: 1 a dark module */
} CasaQr;

/* NULL: @text is longer than a code holds (some 2,300 bytes). (transfer full) */
CasaQr *casa_qr_new(const char *text);
void casa_qr_free(CasaQr *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaQr, casa_qr_free)

/* For a terminal, two modules a letter, light ones drawn, with its quiet zone. @colours: white on black by escape sequences, so
 * that it can be read whatever colours the terminal has. (transfer full) */
char *casa_qr_text(const CasaQr *self, gboolean colours);

G_END_DECLS
