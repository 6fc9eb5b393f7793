/* SPDX-License-Identifier: Apache-2.0 */
#include "teams/qr.h"

#include <qrencode.h>

#define QUIET 4

CasaQr *
casa_qr_new(const char *text)
{
  QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
  if (!code)
    return NULL;
  CasaQr *self = g_new0(CasaQr, 1);
  self->width = (guint)code->width;
  self->dark = g_new(guint8, (gsize)self->width * self->width);
  for (guint i = 0; i < self->width * self->width; i++)
    self->dark[i] = code->data[i] & 1; /* the other bits tell what a module is for */
  QRcode_free(code);
  return self;
}

void
casa_qr_free(CasaQr *self)
{
  if (!self)
    return;
  g_free(self->dark);
  g_free(self);
}

static gboolean
is_light(const CasaQr *self, int x, int y)
{
  int width = (int)self->width;
  return x < 0 || y < 0 || x >= width || y >= width || !self->dark[y * width + x];
}

char *
casa_qr_text(const CasaQr *self, gboolean colours)
{
  static const char *const letters[] = { " ", "▄", "▀", "█" }; /* upper light: 2, lower light: 1 */
  GString *out = g_string_new(NULL);
  int width = (int)self->width;
  for (int y = -QUIET; y < width + QUIET; y += 2) {
    g_string_append(out, colours ? "\033[97;40m" : "");
    for (int x = -QUIET; x < width + QUIET; x++)
      g_string_append(out, letters[is_light(self, x, y) * 2 + is_light(self, x, y + 1)]);
    g_string_append(out, colours ? "\033[0m\n" : "\n");
  }
  return g_string_free(out, FALSE);
}
