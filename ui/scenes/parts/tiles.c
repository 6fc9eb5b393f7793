/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/kit/tile.h"
#include "ui/scenes/parts.h"
#include "ui/text/phrases.h"

#define GAP (16 / 1856.0) /* between two tiles, of the row that a window of 1920 holds */
#define ROW_MAX 8         /* more in one row could not be read from the last seat */

/* Figures side by side, as many as asked for: each has its share of the row, and more than a row holds make a second one. */
typedef struct {
  CasaModel *model;
  GPtrArray *tiles;      /* GtkWidget *, not owned */
  GPtrArray *indicators; /* const CasaIndicator *, one for each tile */
} Tiles;

static void
tiles_free(gpointer data)
{
  Tiles *self = data;

  g_ptr_array_unref(self->tiles);
  g_ptr_array_unref(self->indicators);
  g_free(self);
}

static void
update(CasaPart *part)
{
  Tiles *self = part->state;

  for (guint i = 0; i < self->tiles->len; i++) {
    CasaTilePhrases words;
    casa_phrases_tile(self->model, self->indicators->pdata[i], &words);
    casa_tile_set(g_ptr_array_index(self->tiles, i), &words);
    casa_tile_phrases_clear(&words);
  }
}

/* Place of tile @i of @n. */
static CasaFractions
place(guint i, guint n)
{
  guint rows = (n + ROW_MAX - 1) / ROW_MAX, columns = (n + rows - 1) / rows;
  double width = (1 + GAP) / columns, height = 1.0 / rows;

  return (CasaFractions){ i % columns * width, i / columns * height, width - GAP, rows > 1 ? height * 0.94 : 1 };
}

static void
build(CasaPart *part, const CasaPartSpec *spec, const CasaPartContext *context)
{
  Tiles *self = part->state = g_new0(Tiles, 1);

  part->free_state = tiles_free;
  self->model = context->model;
  self->tiles = g_ptr_array_new();
  self->indicators = casa_part_indicators(spec, "indicators", context->model);
  part->widget = casa_fraction_layout_new();
  for (guint i = 0; i < self->indicators->len; i++) {
    GtkWidget *tile = casa_tile_new();
    g_ptr_array_add(self->tiles, tile);
    casa_fraction_layout_add(CASA_FRACTION_LAYOUT(part->widget), tile, place(i, self->indicators->len));
  }
  part->update = update;
}

static const CasaPartOption OPTIONS[] = { { "indicators", CASA_OPTION_INDICATORS, TRUE }, { NULL } };
const CasaPartClass casa_part_tiles = { "tiles", OPTIONS, build };
