/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/stage/hall.h"
#include "ui/kit/direction.h"
#include "ui/kit/label.h"
#include "ui/text/lang.h"

struct _CasaHall {
  CasaHallState state;
  GtkWidget *overlay, *scene, *picture; /* not owned: they go with the window */
  GtkWidget *still, *blank, *badge, *marks;
  GdkPaintable *last;   /* the last picture of the scene when it was covered; NULL none */
  gint64 last_ms;       /* of when it is */
  graphene_rect_t live; /* where its badge "live" stood, in the overlay */
  gboolean has_live;
};

/* The widget of CSS classes "casa-badge" and "live" that is seen below @root; NULL none. */
static GtkWidget *
live_badge(GtkWidget *root)
{
  if (gtk_widget_has_css_class(root, "casa-badge") && gtk_widget_has_css_class(root, "live"))
    return gtk_widget_get_mapped(root) ? root : NULL;
  for (GtkWidget *child = gtk_widget_get_first_child(root); child; child = gtk_widget_get_next_sibling(child)) {
    GtkWidget *found = live_badge(child);
    if (found)
      return found;
  }
  return NULL;
}

static GdkPaintable *
image_of(GtkWidget *widget)
{
  g_autoptr(GdkPaintable) moving = gtk_widget_paintable_new(widget);

  return gdk_paintable_get_current_image(moving);
}

/* Remembers what is seen now, for whoever freezes it later. */
static void
keep_picture(CasaHall *self, gint64 now_ms)
{
  GtkWidget *badge = live_badge(self->picture);

  g_clear_object(&self->last);
  self->last = image_of(self->picture);
  self->last_ms = now_ms;
  self->has_live = badge && gtk_widget_compute_bounds(badge, self->overlay, &self->live);
}

static void
show_frozen(CasaHall *self)
{
  g_autofree char *clock = casa_lang_clock(self->last_ms, TRUE);
  g_autofree char *text = g_strdup_printf("‖ %s · %s", _("FIGÉ"), clock);

  casa_label_set(self->badge, text);
  casa_direction_apply(self->badge);
  /* An overlay aligns a child within the place that it was given: here it fills it, to cover what stands below. */
  gtk_widget_set_halign(self->badge, self->has_live ? GTK_ALIGN_FILL : GTK_ALIGN_CENTER);
  gtk_widget_set_valign(self->badge, self->has_live ? GTK_ALIGN_FILL : GTK_ALIGN_START);
  gtk_picture_set_paintable(GTK_PICTURE(self->still), self->last);
}

/* What the magnifier shows: the scene as it moves, or the picture that stands still. */
static void
magnify(CasaHall *self)
{
  casa_marks_set_sight(CASA_MARKS(self->marks), self->picture, self->state == CASA_HALL_LIVE ? NULL : self->last);
}

void
casa_hall_set(CasaHall *self, CasaHallState state, gint64 now_ms)
{
  gboolean covered = state != CASA_HALL_LIVE;

  if (state == self->state)
    return;
  if (self->state == CASA_HALL_LIVE)
    keep_picture(self, now_ms);
  self->state = state;
  if (state == CASA_HALL_FROZEN)
    show_frozen(self);
  else
    gtk_picture_set_paintable(GTK_PICTURE(self->still), NULL);
  gtk_widget_set_css_classes(self->blank, (const char *[]){ state == CASA_HALL_WHITE ? "casa-white" : "casa-black", NULL });
  gtk_widget_set_visible(self->blank, state == CASA_HALL_BLACK || state == CASA_HALL_WHITE);
  gtk_widget_set_visible(self->still, state == CASA_HALL_FROZEN);
  gtk_widget_set_visible(self->badge, state == CASA_HALL_FROZEN);
  gtk_widget_set_child_visible(self->scene, !covered);
  magnify(self);
  if (!covered)
    g_clear_object(&self->last);
}

CasaHallState
casa_hall_state(CasaHall *self)
{
  return self->state;
}

CasaMarks *
casa_hall_marks(CasaHall *self)
{
  return CASA_MARKS(self->marks);
}

/* FIGÉ stands on what says that the picture is live, from its end backwards: a still picture must not call itself live. */
static gboolean
place_cb(GtkOverlay *overlay, GtkWidget *child, GdkRectangle *place, gpointer data)
{
  CasaHall *self = data;
  int width, height;

  if (child != self->badge || !self->has_live)
    return FALSE;
  gtk_widget_measure(child, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &width, NULL, NULL);
  gtk_widget_measure(child, GTK_ORIENTATION_VERTICAL, -1, NULL, &height, NULL, NULL);
  width = MAX(width, (int)(self->live.size.width + 2));
  height = MAX(height, (int)(self->live.size.height + 8));
  place->width = width;
  place->height = height;
  place->x = (int)self->live.origin.x - 1;
  if (gtk_widget_get_direction(child) != GTK_TEXT_DIR_RTL)
    place->x += (int)self->live.size.width + 2 - width;
  place->x = CLAMP(place->x, 0, MAX(0, gtk_widget_get_width(GTK_WIDGET(overlay)) - width));
  place->y = MAX(0, (int)(self->live.origin.y + self->live.size.height / 2 - height / 2.0));
  return TRUE;
}

static void
build(CasaHall *self)
{
  self->blank = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  self->still = gtk_picture_new();
  gtk_picture_set_content_fit(GTK_PICTURE(self->still), GTK_CONTENT_FIT_FILL);
  gtk_widget_set_can_target(self->still, FALSE);
  self->badge = casa_label_new("casa-badge");
  gtk_widget_add_css_class(self->badge, "frozen");
  self->overlay = gtk_overlay_new();
  gtk_overlay_set_child(GTK_OVERLAY(self->overlay), self->scene);
  self->marks = casa_marks_new();
  GtkWidget *const covers[] = { self->still, self->badge, self->marks, self->blank };
  for (guint i = 0; i < G_N_ELEMENTS(covers); i++) {
    gtk_widget_set_visible(covers[i], covers[i] == self->marks);
    gtk_overlay_add_overlay(GTK_OVERLAY(self->overlay), covers[i]);
  }
  g_signal_connect(self->overlay, "get-child-position", G_CALLBACK(place_cb), self);
}

CasaHall *
casa_hall_new(GtkWidget *scene, GtkWidget *picture)
{
  CasaHall *self = g_new0(CasaHall, 1);

  self->scene = scene;
  self->picture = picture;
  build(self);
  magnify(self);
  return self;
}

GtkWidget *
casa_hall_widget(CasaHall *self)
{
  return self->overlay;
}

void
casa_hall_free(CasaHall *self)
{
  if (!self)
    return;
  g_signal_handlers_disconnect_by_data(self->overlay, self);
  g_clear_object(&self->last);
  g_free(self);
}
