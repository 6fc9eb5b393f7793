/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/stage/palette-view.h"
#include "ui/kit/label.h"
#include "ui/kit/sign.h"
#include "ui/scenes/happenings.h"
#include "ui/text/lang.h"
#include "ui/text/phrases.h"
#include <math.h>

#define LOOK_US 200000
#define DESK_SIGN 26 /* px */

typedef struct {
  CasaPaletteView *view;
  guint i;
  GtkWidget *button, *key, *sign, *name, *strength, *state, *bar;
} Row;

struct _CasaPaletteView {
  CasaEventKeys *keys;
  GtkWidget *box, *title, *list, *hint, *words, *calm;
  Row rows[CASA_PALETTE_KEYS];
  gboolean desk; /* a card of a desk window: always open, two rows side by side */
  gboolean open;
  gint64 looked_us;
};

/* --- One row -------------------------------------------------------------------------------------------------------- */

static void
click_cb(GtkButton *button, Row *row)
{
  casa_event_keys_press(row->view->keys, row->i, g_get_monotonic_time());
  casa_palette_view_tick(row->view, TRUE);
}

static GtkWidget *
start_label(const char *class)
{
  GtkWidget *label = casa_label_new(class);

  gtk_label_set_xalign(GTK_LABEL(label), 0);
  return label;
}

/* In a hall's window: key, sign, names, and the state at the end. */
static void
fill_wide(Row *row, GtkWidget *line, GtkWidget *names)
{
  GtkWidget *states = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2);

  gtk_label_set_xalign(GTK_LABEL(row->state), 1);
  gtk_widget_set_valign(states, GTK_ALIGN_CENTER);
  gtk_box_append(GTK_BOX(states), row->state);
  gtk_box_append(GTK_BOX(states), row->bar);
  gtk_box_append(GTK_BOX(line), row->key);
  gtk_box_append(GTK_BOX(line), row->sign);
  gtk_box_append(GTK_BOX(line), names);
  gtk_box_append(GTK_BOX(line), states);
}

/* On a desk: the state below the name, the key at the end. */
static void
fill_narrow(Row *row, GtkWidget *line, GtkWidget *names)
{
  gtk_label_set_xalign(GTK_LABEL(row->state), 0);
  gtk_box_append(GTK_BOX(names), row->state);
  gtk_box_append(GTK_BOX(names), row->bar);
  gtk_box_append(GTK_BOX(line), row->sign);
  gtk_box_append(GTK_BOX(line), names);
  gtk_box_append(GTK_BOX(line), row->key);
}

static void
build_row(CasaPaletteView *self, guint i)
{
  Row *row = &self->rows[i];
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, self->desk ? 8 : 12),
            *names = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);

  *row = (Row){ self,
                i,
                gtk_button_new(),
                casa_label_new("casa-palette-key"),
                casa_sign_new(),
                start_label("casa-palette-name"),
                start_label("casa-palette-strength"),
                casa_label_new("casa-palette-state"),
                gtk_progress_bar_new() };
  gtk_widget_add_css_class(row->button, "casa-palette-row");
  gtk_widget_set_overflow(row->sign, GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_hexpand(names, TRUE);
  gtk_widget_set_valign(names, GTK_ALIGN_CENTER);
  gtk_box_append(GTK_BOX(names), row->name);
  gtk_box_append(GTK_BOX(names), row->strength);
  (self->desk ? fill_narrow : fill_wide)(row, line, names);
  gtk_button_set_child(GTK_BUTTON(row->button), line);
  gtk_widget_set_focus_on_click(row->button, FALSE);
  g_signal_connect(row->button, "clicked", G_CALLBACK(click_cb), row);
  if (self->desk)
    gtk_grid_attach(GTK_GRID(self->list), row->button, (int)i % 2, (int)i / 2, 1, 1);
  else
    gtk_box_append(GTK_BOX(self->list), row->button);
}

static const CasaEventWords *
words_of(CasaPaletteView *self, const CasaPaletteItem *item)
{
  const CasaCity *city = casa_event_keys_city(self->keys);

  return city->stories ? casa_stories_event(city->stories, item->event) : NULL;
}

/* "Coupure de courant · Maârif" (transfer full) */
static char *
name_of(CasaPaletteView *self, const CasaPaletteItem *item, const CasaEventWords *words)
{
  CasaHappening at = { 0 };
  const char *what = words && g_str_equal(words->kind, item->event) ? casa_phrases_text(&words->what) : item->event;

  if (item->place)
    casa_happening_locate(&at, casa_event_keys_city(self->keys), item->place);
  const char *place = item->place ? casa_happening_place(&at) : "";
  return *place ? g_strdup_printf("%s · %s", what, place) : g_strdup(what);
}

static char *
strength_of(const CasaPaletteItem *item)
{
  /* TR: how strong an event is, and for how many minutes of the city's clock */
  return g_strdup_printf(_("force %d %% · %u min"), (int)lround(item->intensity * 100), item->minutes);
}

/* "8 s", "18 min" */
static char *
left_of(guint seconds)
{
  return seconds < 60 ? g_strdup_printf(_("%u s"), seconds) : g_strdup_printf(_("%u min"), (seconds + 59) / 60);
}

/* A mark is shape, word and colour. */
static char *
state_of(const CasaEventRow *row)
{
  g_autofree char *left = left_of(row->left_s);

  switch (row->state) {
  case CASA_EVENT_IDLE: break;
  case CASA_EVENT_ARMED:
    /* TR: the same key again within so long launches the event; %u: the key */
    return g_strdup_printf(_("◇ armé : encore %u pour lancer, %s"), row->item->key, left);
  case CASA_EVENT_END_ARMED: return g_strdup_printf(_("◇ encore %u pour arrêter, %s"), row->item->key, left);
  case CASA_EVENT_SENT: return g_strdup(_("○ lancé"));
  case CASA_EVENT_RUNNING:
    if (row->left_s == 0)
      return g_strdup(_("● en cours"));
    /* TR: an event runs; how long still */
    return g_strdup_printf(_("● en cours, reste %s"), left);
  }
  return g_strdup("");
}

static void
show_row(CasaPaletteView *self, guint i, gint64 now_us)
{
  static const char *const classes[] = { "idle", "armed", "sent", "running", "armed" };
  Row *row = &self->rows[i];
  CasaEventRow state;

  casa_event_keys_row(self->keys, i, now_us, &state);
  const CasaEventWords *words = words_of(self, state.item);
  g_autofree char *name = name_of(self, state.item, words), *strength = strength_of(state.item), *said = state_of(&state);
  g_autofree char *key = g_strdup_printf("%u", state.item->key);
  g_autofree char *all = g_strdup_printf("%s, %s, %s%s%s", key, name, strength, *said ? ", " : "", said);

  casa_label_set(row->key, key);
  casa_label_set(row->name, name);
  casa_label_set(row->strength, strength);
  casa_label_set(row->state, said);
  casa_sign_set(row->sign, words ? words->sign : "dot", words ? words->gravity : 1);
  gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(row->bar), CLAMP(state.share, 0, 1));
  gtk_widget_set_visible(row->bar, state.state == CASA_EVENT_RUNNING && state.left_s > 0);
  gtk_widget_set_visible(row->strength, !self->desk || *said == '\0');
  gtk_widget_set_visible(row->state, !self->desk || *said != '\0');
  gtk_widget_set_css_classes(row->button, (const char *[]){ "casa-palette-row", classes[state.state], NULL });
  gtk_accessible_update_property(GTK_ACCESSIBLE(row->button), GTK_ACCESSIBLE_PROPERTY_LABEL, all, -1);
  gtk_widget_set_visible(row->button,
                         self->desk || self->open || (state.state != CASA_EVENT_IDLE && state.state != CASA_EVENT_RUNNING));
}

/* --- All of it ------------------------------------------------------------------------------------------------------ */

static void
calm_cb(GtkButton *button, CasaPaletteView *self)
{
  casa_event_keys_calm(self->keys, g_get_monotonic_time());
  casa_palette_view_tick(self, TRUE);
}

static void
free_cb(gpointer data)
{
  g_free(data);
}

static GtkWidget *
build_list(CasaPaletteView *self)
{
  if (!self->desk)
    return self->box;
  GtkWidget *grid = gtk_grid_new();
  gtk_grid_set_column_homogeneous(GTK_GRID(grid), TRUE);
  gtk_grid_set_column_spacing(GTK_GRID(grid), 8);
  gtk_grid_set_row_spacing(GTK_GRID(grid), 6);
  gtk_box_append(GTK_BOX(self->box), grid);
  return grid;
}

static CasaPaletteView *
build(CasaEventKeys *keys, gboolean desk)
{
  CasaPaletteView *self = g_new0(CasaPaletteView, 1);

  self->keys = keys;
  self->desk = self->open = desk;
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, desk ? 6 : 0);
  gtk_widget_add_css_class(self->box, "casa-palette");
  self->title = start_label("casa-palette-title");
  self->hint = start_label("casa-palette-strength");
  self->words = start_label("casa-palette-words");
  gtk_label_set_wrap(GTK_LABEL(self->words), TRUE);
  gtk_label_set_lines(GTK_LABEL(self->words), 3);
  gtk_label_set_max_width_chars(GTK_LABEL(self->words), 64);
  gtk_box_append(GTK_BOX(self->box), self->title);
  self->list = build_list(self);
  for (guint i = 0; i < CASA_PALETTE_KEYS; i++) /* as many as another palette may have */
    build_row(self, i);
  self->calm = gtk_button_new();
  gtk_button_set_child(GTK_BUTTON(self->calm), start_label("casa-palette-name"));
  gtk_widget_add_css_class(self->calm, "casa-palette-row");
  gtk_widget_set_focus_on_click(self->calm, FALSE);
  g_signal_connect(self->calm, "clicked", G_CALLBACK(calm_cb), self);
  gtk_box_append(GTK_BOX(self->box), self->calm);
  gtk_box_append(GTK_BOX(self->box), self->words);
  gtk_box_append(GTK_BOX(self->box), self->hint);
  g_object_set_data_full(G_OBJECT(self->box), "casa-palette-view", self, free_cb);
  return self;
}

CasaPaletteView *
casa_palette_view_new(CasaEventKeys *keys)
{
  CasaPaletteView *self = build(keys, FALSE);

  gtk_widget_set_halign(self->box, GTK_ALIGN_CENTER);
  gtk_widget_set_valign(self->box, GTK_ALIGN_END);
  gtk_widget_set_visible(self->box, FALSE);
  return self;
}

CasaPaletteView *
casa_palette_view_new_for_desk(CasaEventKeys *keys)
{
  CasaPaletteView *self = build(keys, TRUE);

  for (guint i = 0; i < CASA_PALETTE_KEYS; i++) {
    casa_sign_set_colours(self->rows[i].sign, casa_theme_get("dark"));
    gtk_widget_set_size_request(self->rows[i].sign, DESK_SIGN, DESK_SIGN);
    gtk_widget_set_valign(self->rows[i].sign, GTK_ALIGN_CENTER);
  }
  return self;
}

GtkWidget *
casa_palette_view_widget(CasaPaletteView *self)
{
  return self->box;
}

void
casa_palette_view_restyle(CasaPaletteView *self, const CasaLook *look)
{
  int side = (int)lround(casa_look_px(look, 44));

  for (guint i = 0; i < CASA_PALETTE_KEYS; i++) {
    casa_sign_set_colours(self->rows[i].sign, look->theme);
    gtk_widget_set_size_request(self->rows[i].sign, side, side);
  }
}

void
casa_palette_view_open(CasaPaletteView *self, gboolean open)
{
  self->open = open;
  casa_palette_view_tick(self, TRUE);
}

gboolean
casa_palette_view_is_open(CasaPaletteView *self)
{
  return self->open;
}

void
casa_palette_view_tick(CasaPaletteView *self, gboolean pressed)
{
  gint64 now_us = g_get_monotonic_time();

  if (!pressed && now_us - self->looked_us < LOOK_US)
    return;
  self->looked_us = now_us;
  gboolean told = casa_event_keys_tick(self->keys, now_us);
  gtk_widget_set_visible(self->box, told || self->open);
  if (!told && !self->open)
    return;
  g_autofree char *words = casa_event_keys_words(self->keys);
  for (guint i = 0; i < casa_event_keys_n(self->keys); i++)
    show_row(self, i, now_us);
  for (guint i = casa_event_keys_n(self->keys); i < CASA_PALETTE_KEYS; i++)
    gtk_widget_set_visible(self->rows[i].button, FALSE);
  casa_label_set(self->title, _("Événements de la ville simulée"));
  /* TR: 0 0: the key 0, twice */
  casa_label_set(gtk_button_get_child(GTK_BUTTON(self->calm)), _("0 0 · Calme : tout s’achève"));
  casa_label_set(self->hint, self->desk ? _("Un chiffre arme, le même lance ou arrête")
                                        : _("Un chiffre arme, le même lance ou arrête · E ferme"));
  casa_label_set(self->words, words);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->box), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Événements de la ville simulée"),
                                 -1);
  gtk_widget_set_visible(self->title, self->open);
  gtk_widget_set_visible(self->calm, self->open);
  gtk_widget_set_visible(self->hint, self->open);
  gtk_widget_set_visible(self->words, *words != '\0');
}
