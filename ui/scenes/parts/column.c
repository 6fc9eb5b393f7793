/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/kit/direction.h"
#include "ui/scenes/happenings.h"
#include "ui/scenes/parts.h"

#define REORDER_MS (60 * 1000) /* sooner would be a dance */
#define GAP 0.018              /* of the column's height */

/* Panels of several domains, one above the other, the one that matters most first and largest: a bad figure before a good one,
 * the worse before the less bad, else in the order in which they are listed. While an event lasts, the domain that it concerns
 * is first and larger still, its chart is of that time, and the others step back. */
typedef struct {
  CasaPartContext context;
  CasaFractions slot; /* of the column, in the window */
  CasaLook look;      /* theme NULL: not styled yet */
  GtkWidget *root;
  char **domains;
  GArray *order;     /* guint: index in domains, as shown */
  GPtrArray *panels; /* CasaPart *, as shown */
  gint64 ordered_ms; /* when the order last changed */
  char *concerned;   /* domain of the event that lasts; NULL: none */
  gint64 event_ms;   /* when it began */
  char *placed;      /* … that the panels were placed for */
} Column;

static void
panel_free(gpointer data)
{
  CasaPart *panel = data;

  gtk_widget_unparent(panel->widget);
  if (panel->free_state)
    panel->free_state(panel->state);
  else
    g_free(panel->state);
  g_free(panel);
}

static void
column_free(gpointer data)
{
  Column *self = data;

  g_ptr_array_set_free_func(self->panels, NULL); /* the widgets have gone before */
  for (guint i = 0; i < self->panels->len; i++) {
    CasaPart *panel = g_ptr_array_index(self->panels, i);
    if (panel->free_state)
      panel->free_state(panel->state);
    g_free(panel);
  }
  g_ptr_array_unref(self->panels);
  g_array_unref(self->order);
  g_strfreev(self->domains);
  g_free(self->concerned);
  g_free(self->placed);
  g_free(self);
}

/* How much the domain matters now: 0 nothing is wrong. */
static guint
weight_of(Column *self, const char *id)
{
  const CasaCityDomain *domain = casa_indicators_domain(casa_model_indicators(self->context.model), id);
  const CasaIndicator *headline = domain ? domain->headline : NULL;

  if (headline && g_strcmp0(self->concerned, id) == 0)
    return G_MAXUINT;
  if (!headline || !headline->scale)
    return 0;
  guint class = casa_model_figure(self->context.model, headline)->class, bad = headline->scale->bad_from;
  return class == G_MAXUINT || class < bad ? 0 : 1 + class - bad;
}

/* (transfer full) */
static GArray *
order_now(Column *self)
{
  GArray *order = g_array_new(FALSE, FALSE, sizeof(guint));

  for (guint i = 0; self->domains[i]; i++) {
    guint at = order->len, weight = weight_of(self, self->domains[i]);
    while (at > 0 && weight_of(self, self->domains[g_array_index(order, guint, at - 1)]) < weight)
      at--;
    g_array_insert_val(order, at, i);
  }
  return order;
}

/* Share of the height that panel @i of @n gets, of what the gaps leave. */
static double
share(guint i, guint n, gboolean event, gboolean narrow)
{
  /* The column of an upright window is not so high: its least panel needs more of it. */
  static const double shares[][3] = { { 0.49, 0.29, 0.22 }, { 0.61, 0.23, 0.16 }, { 0.42, 0.30, 0.28 }, { 0.48, 0.27, 0.25 } };

  if (n == 3)
    return shares[event + 2 * narrow][i];
  return i == 0 ? 1.6 / (n + 0.6) : 1 / (n + 0.6);
}

static void
add_panel(Column *self, const char *domain, double y, double h, gboolean first)
{
  g_autoptr(CasaPartSpec) spec = casa_part_spec_new(g_strdup(domain), g_strdup("panel"));
  CasaPart *panel = g_new0(CasaPart, 1);

  g_hash_table_insert(spec->options, g_strdup("domain"), g_strdup(domain));
  spec->slot = (CasaFractions){ self->slot.x, self->slot.y + y * self->slot.h, self->slot.w, h * self->slot.h };
  self->context.event_ms = first && self->concerned ? self->event_ms : 0;
  casa_part_class("panel")->build(panel, spec, &self->context);
  gtk_widget_set_name(panel->widget, domain);
  if (first)
    gtk_widget_add_css_class(panel->widget, "casa-lead");
  else if (self->concerned)
    gtk_widget_add_css_class(panel->widget, "casa-dimmed");
  casa_fraction_layout_add(CASA_FRACTION_LAYOUT(self->root), panel->widget, (CasaFractions){ 0, y, 1, h });
  g_ptr_array_add(self->panels, panel);
  if (panel->restyle && self->look.theme)
    panel->restyle(panel, &self->look);
}

/* Takes @order. */
static void
place(Column *self, GArray *order)
{
  guint n = order->len;
  double y = 0, room = 1 - GAP * (n - 1);

  g_ptr_array_set_size(self->panels, 0);
  for (guint i = 0; i < n; i++) {
    double h = share(i, n, self->concerned != NULL, self->context.narrow) * room;
    add_panel(self, self->domains[g_array_index(order, guint, i)], y, h, i == 0);
    y += h + GAP;
  }
  casa_direction_apply(self->root);
  g_clear_pointer(&self->order, g_array_unref);
  self->order = order;
}

/* Which domain the gravest event concerns, of those that are in the column. */
static void
find_concerned(Column *self)
{
  g_autoptr(GArray) happenings = casa_happenings_read(self->context.model, self->context.notice);

  g_clear_pointer(&self->concerned, g_free);
  for (guint i = 0; i < happenings->len && !self->concerned; i++) {
    const CasaHappening *h = &g_array_index(happenings, CasaHappening, i);
    if (h->over || !h->words->domain || !g_strv_contains((const char *const *)self->domains, h->words->domain))
      continue;
    self->concerned = g_strdup(h->words->domain);
    self->event_ms = h->start_ms;
  }
}

/* TRUE: an event has begun or ended: the panels are placed at once. */
static gboolean
is_event_new(Column *self)
{
  find_concerned(self);
  g_autofree char *now = self->concerned ? g_strdup_printf("%s %" G_GINT64_FORMAT, self->concerned, self->event_ms) : NULL;
  if (g_strcmp0(now, self->placed) == 0)
    return FALSE;
  g_free(self->placed);
  self->placed = g_steal_pointer(&now);
  return TRUE;
}

static gboolean
is_same(const GArray *a, const GArray *b)
{
  for (guint i = 0; i < a->len; i++)
    if (g_array_index(a, guint, i) != g_array_index(b, guint, i))
      return FALSE;
  return TRUE;
}

static void
reorder(Column *self)
{
  gint64 now_ms = casa_model_summary(self->context.model)->now_ms;

  if (is_event_new(self)) {
    self->ordered_ms = now_ms;
    place(self, order_now(self));
    return;
  }
  if (self->ordered_ms && ABS(now_ms - self->ordered_ms) < REORDER_MS)
    return;
  GArray *order = order_now(self);
  if (is_same(order, self->order)) {
    g_array_unref(order);
    return;
  }
  self->ordered_ms = now_ms;
  place(self, order);
}

static void
update(CasaPart *part)
{
  Column *self = part->state;

  reorder(self);
  for (guint i = 0; i < self->panels->len; i++) {
    CasaPart *panel = g_ptr_array_index(self->panels, i);
    if (panel->update)
      panel->update(panel);
  }
}

static void
restyle(CasaPart *part, const CasaLook *look)
{
  Column *self = part->state;

  self->look = *look;
  for (guint i = 0; i < self->panels->len; i++) {
    CasaPart *panel = g_ptr_array_index(self->panels, i);
    if (panel->restyle)
      panel->restyle(panel, look);
  }
}

static void
build(CasaPart *part, const CasaPartSpec *spec, const CasaPartContext *context)
{
  Column *self = part->state = g_new0(Column, 1);

  part->free_state = column_free;
  self->context = *context;
  self->context.parts = NULL; /* what lives only while the page is built */
  self->context.hint = self->context.fault = NULL;
  self->slot = spec->slot;
  self->domains = casa_part_spec_list(spec, "domains");
  self->panels = g_ptr_array_new_with_free_func(panel_free);
  self->root = part->widget = casa_fraction_layout_new();
  place(self, order_now(self));
  part->update = update;
  part->restyle = restyle;
}

static const CasaPartOption OPTIONS[] = { { "domains", CASA_OPTION_DOMAINS, TRUE }, { NULL } };
const CasaPartClass casa_part_column = { "column", OPTIONS, build };
