/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/card/card-file.h"

#include "base/error.h"
#include "ui/card/card-paint.h"

#include <cairo-pdf.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define PIXELS 2 /* a point of the PNG */

static cairo_status_t
append(void *closure, const unsigned char *bytes, unsigned int len)
{
  g_byte_array_append(closure, bytes, len);
  return CAIRO_STATUS_SUCCESS;
}

static gboolean
write_bytes(const char *path, const GByteArray *bytes)
{
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0)
    return FALSE;
  gsize done = 0;
  while (done < bytes->len) {
    gssize n = write(fd, bytes->data + done, bytes->len - done);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      break;
    done += (gsize)n;
  }
  return close(fd) == 0 && done == bytes->len;
}

gboolean
casa_card_write(const CasaJoinCard *card, const char *path, gboolean pdf, GError **error)
{
  g_autoptr(GByteArray) bytes = g_byte_array_new();
  cairo_surface_t *surface =
    pdf ? cairo_pdf_surface_create_for_stream(append, bytes, CASA_CARD_WIDTH, CASA_CARD_HEIGHT)
        : cairo_image_surface_create(CAIRO_FORMAT_RGB24, CASA_CARD_WIDTH * PIXELS, CASA_CARD_HEIGHT * PIXELS);
  cairo_t *cr = cairo_create(surface);
  if (!pdf)
    cairo_scale(cr, PIXELS, PIXELS);
  casa_card_paint(cr, card);
  cairo_status_t status = cairo_status(cr);
  cairo_destroy(cr);
  if (status == CAIRO_STATUS_SUCCESS && !pdf)
    status = cairo_surface_write_to_png_stream(surface, append, bytes);
  cairo_surface_finish(surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status(surface);
  cairo_surface_destroy(surface);
  if (status != CAIRO_STATUS_SUCCESS)
    g_set_error(error, CASA_ERROR, CASA_ERROR_IO, "%s: the card could not be painted: %s", path,
                cairo_status_to_string(status));
  else if (!write_bytes(path, bytes))
    g_set_error(error, CASA_ERROR, CASA_ERROR_IO, "%s: %s", path, g_strerror(errno));
  else
    return TRUE;
  return FALSE;
}
