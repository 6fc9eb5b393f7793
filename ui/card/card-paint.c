/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/card/card-paint.h"

#include "teams/qr.h"

#include <pango/pangocairo.h>

#define MARGIN 36
#define QR_SIZE 236
#define QUIET 4 /* modules around a code that must be light */

void
casa_card_paint_qr(cairo_t *cr, const char *text, double x, double y, double size)
{
  g_autoptr(CasaQr) qr = casa_qr_new(text);
  if (!qr)
    return;
  double module = size / (qr->width + 2 * QUIET);
  cairo_save(cr);
  cairo_set_antialias(cr, CAIRO_ANTIALIAS_NONE);
  cairo_set_source_rgb(cr, 1, 1, 1);
  cairo_rectangle(cr, x, y, size, size);
  cairo_fill(cr);
  cairo_set_source_rgb(cr, 0, 0, 0);
  for (guint row = 0; row < qr->width; row++)
    for (guint column = 0; column < qr->width; column++)
      if (qr->dark[row * qr->width + column])
        cairo_rectangle(cr, x + (column + QUIET) * module, y + (row + QUIET) * module, module, module);
  cairo_fill(cr);
  cairo_restore(cr);
}

typedef struct {
  cairo_t *cr;
  gboolean rtl;
} Pen;

/* Which way a text runs, and where it stands. */
typedef enum {
  WORDS, /* as the card's language does */
  NAME,  /* a stranger's words: as they do themselves, on the card's side */
  FACT,  /* an address: from left to right, on the card's side */
  PASTE, /* a line to paste: from left to right, at the left */
} Kind;

/* A text at (@x, @y), @width wide, and how high it became. Always plain text, never markup. */
static double
put(const Pen *pen, const char *font, const char *text, Kind kind, double x, double y, double width)
{
  PangoLayout *layout = pango_cairo_create_layout(pen->cr);
  PangoFontDescription *description = pango_font_description_from_string(font);
  pango_layout_set_font_description(layout, description);
  pango_layout_set_text(layout, text, -1);
  pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
  pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_auto_dir(layout, kind == NAME);
  pango_context_set_base_dir(pango_layout_get_context(layout),
                             pen->rtl && kind == WORDS ? PANGO_DIRECTION_RTL : PANGO_DIRECTION_LTR);
  pango_layout_context_changed(layout);
  pango_layout_set_alignment(layout, pen->rtl && kind != PASTE ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
  cairo_move_to(pen->cr, x, y);
  pango_cairo_show_layout(pen->cr, layout);
  int height;
  pango_layout_get_size(layout, NULL, &height);
  pango_font_description_free(description);
  g_object_unref(layout);
  return (double)height / PANGO_SCALE;
}

static void
put_facts(const Pen *pen, const CasaJoinCard *card, double x, double width)
{
  static const CasaCardWord names[] = { CASA_CARD_ADDRESS, CASA_CARD_USER, CASA_CARD_PASSWORD, CASA_CARD_TOPIC,
                                        CASA_CARD_BROWSER };
  const char *const facts[] = { card->address, card->user, card->password, card->topic, card->page };
  double y = MARGIN;
  y += put(pen, "Inter, Noto Sans Arabic 15", card->words[CASA_CARD_JOIN], WORDS, x, y, width);
  y += put(pen, "Inter, Noto Sans Arabic Bold 24", card->title, NAME, x, y, width) + 4;
  for (guint i = 0; i < G_N_ELEMENTS(facts); i++) {
    if (!facts[i])
      continue;
    double column = 110, at = pen->rtl ? x : x + column;
    put(pen, "Inter, Noto Sans Arabic 11", card->words[names[i]], WORDS, pen->rtl ? x + width - column : x,
        y + (pen->rtl ? -3 : 2), column);
    y += put(pen, "DejaVu Sans Mono, Noto Sans Mono, monospace Bold 12", facts[i], FACT, at, y, width - column) + 3;
  }
  y += put(pen, "Inter, Noto Sans Arabic 10", card->words[CASA_CARD_DEVICES], WORDS, x, y + 2, width) + 2;
  put(pen, "monospace 10", card->devices, FACT, x, y, width);
}

void
casa_card_paint(cairo_t *cr, const CasaJoinCard *card)
{
  Pen pen = { cr, card->rtl };
  double qr_x = card->rtl ? CASA_CARD_WIDTH - MARGIN - QR_SIZE : MARGIN;
  double text_x = card->rtl ? MARGIN : MARGIN + QR_SIZE + 24, width = CASA_CARD_WIDTH - 2 * MARGIN - QR_SIZE - 24;
  cairo_set_source_rgb(cr, 1, 1, 1);
  cairo_paint(cr);
  casa_card_paint_qr(cr, card->link, qr_x, MARGIN - 12, QR_SIZE);
  cairo_set_source_rgb(cr, 0.06, 0.09, 0.16);
  if (card->page)
    put(&pen, "Inter, Noto Sans Arabic 9", card->words[CASA_CARD_SCAN], WORDS, qr_x, MARGIN + QR_SIZE - 8, QR_SIZE);
  put_facts(&pen, card, text_x, width);
  double y = MARGIN + QR_SIZE + 30;
  for (guint i = 0; i < CASA_CARD_LINES; i++) {
    y += put(&pen, "Inter Bold 9", casa_join_card_line_name(i), PASTE, MARGIN, y, CASA_CARD_WIDTH - 2 * MARGIN);
    y += put(&pen, "monospace 8", card->lines[i], PASTE, MARGIN, y, CASA_CARD_WIDTH - 2 * MARGIN) + 5;
  }
}
