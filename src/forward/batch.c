/* SPDX-License-Identifier: Apache-2.0 */
#include "forward/batch.h"

#include "forward/line-protocol.h"

struct _CasaBatch {
  GArray *items;      /* CasaBatchItem, by group, then series */
  GArray *unwritable; /* CasaBatchItem */
  GArray *fields;     /* CasaLineField, of the line being written */
};

CasaBatch *
casa_batch_new(void)
{
  CasaBatch *self = g_new0(CasaBatch, 1);

  self->items = g_array_new(FALSE, FALSE, sizeof(CasaBatchItem));
  self->unwritable = g_array_new(FALSE, FALSE, sizeof(CasaBatchItem));
  self->fields = g_array_new(FALSE, FALSE, sizeof(CasaLineField));
  return self;
}

void
casa_batch_free(CasaBatch *self)
{
  if (!self)
    return;
  g_array_unref(self->items);
  g_array_unref(self->unwritable);
  g_array_unref(self->fields);
  g_free(self);
}

static CasaBatchItem *
item_at(CasaBatch *self, guint i)
{
  return &g_array_index(self->items, CasaBatchItem, i);
}

static gboolean
can_write(const CasaBatchItem *item)
{
  CasaLineField field = { item->metric, item->value };

  return casa_line_can_write(item->station->domain, item->station->source, item->station->station, &field);
}

static gboolean
read_row(CasaCatalogue *catalogue, const CasaOutboxRow *row, guint order, CasaBatchItem *out)
{
  const CasaSeriesInfo *series = casa_catalogue_series(catalogue, row->series);
  const CasaStation *station = series ? casa_catalogue_identity(catalogue, series->station) : NULL;

  if (!station)
    return FALSE;
  *out = (CasaBatchItem){ .station = station,
                          .metric = series->metric,
                          .series = row->series,
                          .order = order,
                          .weight = 1,
                          .id = row->id,
                          .t_ms = row->t_ms,
                          .value = row->value };
  return TRUE;
}

static guint
line_hash(gconstpointer key)
{
  const CasaBatchItem *item = key;

  return item->station->id * 2654435761u ^ g_int64_hash(&item->t_ms);
}

static gboolean
line_equal(gconstpointer a, gconstpointer b)
{
  const CasaBatchItem *x = a, *y = b;

  return x->station->id == y->station->id && x->t_ms == y->t_ms;
}

static int
compare_items(gconstpointer a, gconstpointer b)
{
  const CasaBatchItem *x = a, *y = b;

  if (x->group != y->group)
    return x->group < y->group ? -1 : 1;
  if (x->series != y->series)
    return x->series < y->series ? -1 : 1;
  return x->order < y->order ? -1 : 1;
}

/* Samples of one message stand together in the journal, so most of the time the one before is of the same line. TRUE when
 * the items are in their final order already. */
static gboolean
group_items(CasaBatch *self)
{
  g_autoptr(GHashTable) groups = g_hash_table_new(line_hash, line_equal);
  gboolean in_order = TRUE;

  for (guint i = 0; i < self->items->len; i++) {
    CasaBatchItem *item = item_at(self, i), *before = i > 0 ? item_at(self, i - 1) : NULL;
    if (before && line_equal(before, item)) {
      item->group = before->group;
      in_order = in_order && before->series < item->series;
      continue;
    }
    CasaBatchItem *first = g_hash_table_lookup(groups, item);
    item->group = first ? first->group : i;
    in_order = in_order && !first;
    if (!first)
      g_hash_table_add(groups, item);
  }
  return in_order;
}

/* After the sort, values of one series and time are neighbours, newest last. */
static void
keep_last_values(CasaBatch *self)
{
  guint n = 0;

  for (guint i = 0; i < self->items->len; i++) {
    CasaBatchItem *item = item_at(self, i), *before = n > 0 ? item_at(self, n - 1) : NULL;
    if (before && before->group == item->group && before->series == item->series) {
      item->weight += before->weight;
      n--;
    }
    *item_at(self, n++) = *item;
  }
  g_array_set_size(self->items, n);
}

guint
casa_batch_load(CasaBatch *self, CasaCatalogue *catalogue, const CasaOutboxRow *rows, guint n)
{
  CasaBatchItem item;
  guint taken = 0;

  g_array_set_size(self->items, 0);
  g_array_set_size(self->unwritable, 0);
  for (; taken < n && read_row(catalogue, &rows[taken], taken, &item); taken++)
    g_array_append_val(can_write(&item) ? self->items : self->unwritable, item);
  if (!group_items(self)) {
    g_array_sort(self->items, compare_items);
    keep_last_values(self);
  }
  return taken;
}

guint
casa_batch_n_items(CasaBatch *self)
{
  return self->items->len;
}

const CasaBatchItem *
casa_batch_item(CasaBatch *self, guint i)
{
  return item_at(self, i);
}

guint
casa_batch_weight(CasaBatch *self, guint lo, guint hi)
{
  guint weight = 0;

  for (guint i = lo; i < hi; i++)
    weight += item_at(self, i)->weight;
  return weight;
}

guint
casa_batch_n_unwritable(CasaBatch *self)
{
  return self->unwritable->len;
}

const CasaBatchItem *
casa_batch_unwritable(CasaBatch *self, guint i)
{
  return &g_array_index(self->unwritable, CasaBatchItem, i);
}

static guint
line_end(CasaBatch *self, guint lo, guint hi)
{
  guint end = lo + 1;

  while (end < hi && item_at(self, end)->group == item_at(self, lo)->group)
    end++;
  return end;
}

void
casa_batch_encode(CasaBatch *self, guint lo, guint hi, GString *out)
{
  g_string_truncate(out, 0);
  for (guint i = lo, end; i < hi; i = end) {
    const CasaBatchItem *first = item_at(self, i);
    end = line_end(self, i, hi);
    g_array_set_size(self->fields, 0);
    for (guint k = i; k < end; k++) {
      CasaLineField field = { item_at(self, k)->metric, item_at(self, k)->value };
      g_array_append_val(self->fields, field);
    }
    casa_line_append(out, first->station->domain, first->station->source, first->station->station,
                     &g_array_index(self->fields, CasaLineField, 0), self->fields->len, first->t_ms);
  }
}

guint
casa_batch_middle(CasaBatch *self, guint lo, guint hi)
{
  guint middle = lo + (hi - lo) / 2, cut = middle;

  /* Back to the beginning of the line in the middle, else on to its end, else through it. */
  while (cut > lo && item_at(self, cut - 1)->group == item_at(self, middle)->group)
    cut--;
  if (cut == lo)
    cut = line_end(self, lo, hi);
  return cut < hi ? cut : middle;
}
