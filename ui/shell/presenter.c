/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/presenter.h"
#include "base/clock.h"
#include "ui/kit/direction.h"
#include "ui/kit/label.h"
#include "ui/shell/presenter-check.h"
#include "ui/shell/presenter-health.h"
#include "ui/scenes/scene-words.h"
#include "ui/shell/presenter-next.h"
#include "ui/shell/presenter-style.h"
#include "ui/shell/presenter-teams.h"
#include "ui/shell/presenter-unusual.h"
#include "ui/stage/clicker.h"
#include "ui/stage/pace.h"
#include "ui/stage/palette-view.h"
#include "ui/text/lang.h"

#define LOOK_MS 250
#define HEALTH_EVERY 4 /* looks */
#define SCENES_SHOWN 40
#define BACK_SHOWN_MS (10 * 60 * 1000)
#define SIGNALS 128 /* a status above it is a signal, as a shell counts */

typedef struct {
  GtkWindow *window; /* this goes with it */
  CasaWindow *hall;  /* weak */
  CasaModel *model;
  CasaSceneList *scenes;
  char *folder, *language; /* language: of the words that stand there */
  GtkWidget *overlay, *back, *aside, *away, *where, *picture, *host, *cover, *frame, *states[3];
  GtkWidget *timer, *hint, *talk, *pace, *notes, *next, *next_when, *list, *health[CASA_HEALTH_ITEMS];
  CasaNextView *view;       /* of the next scene */
  CasaPaletteView *palette; /* NULL: no events */
  CasaUnusualCard *unusual;
  CasaTeamQueue *teams;
  CasaStageCheck *check; /* NULL: there is no page before the first scene */
  GtkWidget *check_card, *notes_card;
  double spent[SCENES_SHOWN]; /* in each scene, s */
  guint scene;
  gboolean called; /* a team stands before it */
  gint64 looked_us;
  guint tick, looks;
  CasaAwake *awake;
  CasaAside *words; /* what is said to the presenter alone; NULL: nothing */
  int came_back;    /* how the wall before ended; 0: there was none */
  gint64 since_ms;  /* when it opened */
} Presenter;

static const CasaScene *
scene_at(Presenter *self, guint i)
{
  return casa_scene_file_get(casa_scene_list_file(self->scenes), i);
}

static guint
n_scenes(Presenter *self)
{
  return MIN(casa_scene_file_n(casa_scene_list_file(self->scenes)), SCENES_SHOWN);
}

/* What the next press shows. */
static guint
next_scene(Presenter *self)
{
  return self->called ? self->scene : (self->scene + 1) % n_scenes(self);
}

static GtkWidget *
label_in(GtkWidget *box, const char *css_class)
{
  GtkWidget *label = gtk_label_new(NULL);

  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class(label, css_class);
  gtk_box_append(GTK_BOX(box), label);
  return label;
}

static GtkWidget *
box_in(GtkWidget *parent, GtkOrientation way, const char *css_class)
{
  GtkWidget *box = gtk_box_new(way, 8);

  gtk_widget_add_css_class(box, css_class);
  gtk_box_append(GTK_BOX(parent), box);
  return box;
}

static void
state_cb(GtkButton *button, Presenter *self)
{
  static const CasaHallState states[] = { CASA_HALL_LIVE, CASA_HALL_FROZEN, CASA_HALL_BLACK };

  for (guint i = 0; self->hall && i < G_N_ELEMENTS(states); i++)
    if (GTK_WIDGET(button) == self->states[i])
      casa_window_set_hall(self->hall, states[i]);
}

static void
build_sight(Presenter *self, GtkWidget *parent)
{
  GtkWidget *line = box_in(parent, GTK_ORIENTATION_HORIZONTAL, "line"), *group, *overlay = gtk_overlay_new();
  g_autoptr(GdkPaintable) sight = gtk_widget_paintable_new(casa_window_sight(self->hall));
  GtkWidget *picture = gtk_picture_new_for_paintable(sight);

  self->where = label_in(line, "strong");
  gtk_widget_set_hexpand(self->where, TRUE);
  group = box_in(line, GTK_ORIENTATION_HORIZONTAL, "linked");
  gtk_box_set_spacing(GTK_BOX(group), 0);
  for (guint i = 0; i < G_N_ELEMENTS(self->states); i++) {
    self->states[i] = gtk_button_new();
    gtk_widget_set_focusable(self->states[i], FALSE);
    g_signal_connect(self->states[i], "clicked", G_CALLBACK(state_cb), self);
    gtk_box_append(GTK_BOX(group), self->states[i]);
  }
  casa_marks_follow(casa_window_marks(self->hall), picture);
  gtk_picture_set_content_fit(GTK_PICTURE(picture), GTK_CONTENT_FIT_CONTAIN);
  gtk_widget_set_size_request(picture, 320, 180);
  gtk_overlay_set_child(GTK_OVERLAY(overlay), picture);
  self->picture = picture;
  self->host = adw_bin_new();
  gtk_widget_set_visible(self->host, FALSE);
  gtk_overlay_add_overlay(GTK_OVERLAY(overlay), self->host);
  self->cover = gtk_label_new(NULL);
  gtk_widget_add_css_class(self->cover, "cover");
  gtk_widget_set_can_target(self->cover, FALSE);
  gtk_overlay_add_overlay(GTK_OVERLAY(overlay), self->cover);
  self->frame = box_in(parent, GTK_ORIENTATION_VERTICAL, "sight");
  gtk_widget_set_vexpand(self->frame, TRUE);
  gtk_widget_set_vexpand(overlay, TRUE);
  gtk_box_append(GTK_BOX(self->frame), overlay);
}

static void
build_notes(Presenter *self, GtkWidget *parent)
{
  GtkWidget *card = box_in(parent, GTK_ORIENTATION_VERTICAL, "card"), *scroller = gtk_scrolled_window_new();

  self->notes_card = card;
  self->notes = gtk_box_new(GTK_ORIENTATION_VERTICAL, 10);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), self->notes);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_widget_set_size_request(scroller, -1, 200);
  gtk_box_append(GTK_BOX(card), scroller);
}

/* In the place of the notes, until a scene is turned. */
static void
build_check(Presenter *self, GtkWidget *parent, const char *const *command)
{
  GtkWidget *scroller = gtk_scrolled_window_new();

  if (!command)
    return;
  self->check_card = box_in(parent, GTK_ORIENTATION_VERTICAL, "card");
  self->check = casa_stage_check_new(command);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), casa_stage_check_widget(self->check));
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_widget_set_size_request(scroller, -1, 200);
  gtk_box_append(GTK_BOX(self->check_card), scroller);
  gtk_widget_set_visible(self->notes_card, FALSE);
}

/* The curtain is up: the notes have their place. */
static void
end_check(Presenter *self)
{
  self->check = NULL; /* it goes with its widget */
  gtk_box_remove(GTK_BOX(gtk_widget_get_parent(self->check_card)), self->check_card);
  gtk_widget_set_visible(self->notes_card, TRUE);
}

static void
build_timer(Presenter *self, GtkWidget *parent)
{
  GtkWidget *card = box_in(parent, GTK_ORIENTATION_HORIZONTAL, "card"), *end;

  self->timer = label_in(card, "timer");
  gtk_widget_add_css_class(self->timer, CASA_CLASS_LTR);
  self->hint = label_in(card, "hint");
  gtk_widget_set_hexpand(self->hint, TRUE);
  end = box_in(card, GTK_ORIENTATION_VERTICAL, "line");
  gtk_widget_set_valign(end, GTK_ALIGN_CENTER);
  self->talk = label_in(end, "strong");
  self->pace = label_in(end, "hint");
}

static void
build_scenes(Presenter *self, GtkWidget *parent)
{
  GtkWidget *line = box_in(parent, GTK_ORIENTATION_HORIZONTAL, "pair"), *card, *scroller = gtk_scrolled_window_new();

  gtk_box_set_homogeneous(GTK_BOX(line), TRUE);
  gtk_widget_set_vexpand(line, TRUE);
  card = box_in(line, GTK_ORIENTATION_VERTICAL, "card");
  self->view = CASA_NEXT_VIEW(casa_next_view_new(self->model));
  gtk_box_append(GTK_BOX(card), GTK_WIDGET(self->view));
  self->next = label_in(card, "strong");
  self->next_when = label_in(card, "muted");
  card = box_in(line, GTK_ORIENTATION_VERTICAL, "card");
  gtk_widget_set_vexpand(scroller, TRUE);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  self->list = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), self->list);
  gtk_box_append(GTK_BOX(card), scroller);
}

static void
build_side(Presenter *self, GtkWidget *parent, CasaEventKeys *keys)
{
  build_timer(self, parent);
  build_scenes(self, parent);
  if (keys && casa_event_keys_n(keys) > 0) {
    self->palette = casa_palette_view_new_for_desk(keys);
    gtk_box_append(GTK_BOX(parent), casa_palette_view_widget(self->palette));
  }
  self->teams = casa_team_queue_new(self->model, self->hall);
  gtk_box_append(GTK_BOX(box_in(parent, GTK_ORIENTATION_VERTICAL, "card")), casa_team_queue_widget(self->teams));
}

static void
build(Presenter *self, const CasaPresenterFacts *facts)
{
  GtkWidget *all = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0), *columns = box_in(all, GTK_ORIENTATION_HORIZONTAL, "columns");
  GtkWidget *left = box_in(columns, GTK_ORIENTATION_VERTICAL, "column"), *right;
  GtkWidget *strip = box_in(all, GTK_ORIENTATION_HORIZONTAL, "strip");

  gtk_widget_set_hexpand(left, TRUE);
  self->back = label_in(left, "soon");
  self->away = label_in(left, "soon");
  self->aside = label_in(left, "soon");
  gtk_label_set_wrap(GTK_LABEL(self->aside), TRUE);
  gtk_label_set_lines(GTK_LABEL(self->aside), 4);
  build_sight(self, left);
  build_notes(self, left);
  self->unusual = casa_unusual_card_new(self->model);
  gtk_box_append(GTK_BOX(left), casa_unusual_card_widget(self->unusual));
  build_check(self, left, facts->check);
  GtkWidget *scroller = gtk_scrolled_window_new(); /* a laptop may be lower than all cards */
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  right = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
  gtk_widget_add_css_class(right, "column");
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), right);
  gtk_box_append(GTK_BOX(columns), scroller);
  gtk_widget_set_size_request(right, 520, -1);
  build_side(self, right, facts->keys);
  gtk_box_insert_child_after(GTK_BOX(left), casa_team_queue_gate(self->teams), self->aside);
  gtk_box_set_homogeneous(GTK_BOX(strip), TRUE);
  for (guint i = 0; i < CASA_HEALTH_ITEMS; i++) {
    self->health[i] = label_in(strip, "item");
    gtk_label_set_wrap(GTK_LABEL(self->health[i]), TRUE);
    gtk_label_set_lines(GTK_LABEL(self->health[i]), 2);
  }
  gtk_widget_add_css_class(all, "casa-presenter"); /* its ground, in a picture of it too */
  self->overlay = all;
  gtk_window_set_child(self->window, all);
}

/* "4:05", "-1:12" */
static char *
minutes(double s)
{
  guint whole = (guint)ABS(s);

  return g_strdup_printf("%s%u:%02u", s < 0 ? "+" : "", whole / 60, whole % 60);
}

/* A paragraph that begins with '!' is said aloud for honesty, one with '>' is a cue. */
static void
write_notes(Presenter *self)
{
  const char *text = casa_scene_notes(scene_at(self, self->scene));
  g_auto(GStrv) parts = g_strsplit(text ? text : "", "|", -1);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child(self->notes)) != NULL)
    gtk_box_remove(GTK_BOX(self->notes), child);
  for (guint i = 0; parts[i]; i++) {
    char *part = g_strstrip(parts[i]);
    gboolean honest = *part == '!', cue = *part == '>';
    GtkWidget *label = label_in(self->notes, honest ? "honest" : cue ? "cue" : "say");
    g_autofree char *words = g_strconcat(cue ? "→ " : "", g_strstrip(part + (honest || cue)), NULL);
    gtk_label_set_text(GTK_LABEL(label), words);
    gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_NONE);
    gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  }
}

static void
write_list(Presenter *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child(self->list)) != NULL)
    gtk_box_remove(GTK_BOX(self->list), child);
  for (guint i = 0; i < n_scenes(self); i++) {
    GtkWidget *line = box_in(self->list, GTK_ORIENTATION_HORIZONTAL, i == self->scene ? "current" : "line");
    GtkWidget *name = label_in(line, i < self->scene ? "muted" : "say-small");
    g_autofree char *text = g_strdup_printf("%s %u  %s",
                                            i == self->scene      ? "▶"
                                            : self->spent[i] >= 1 ? "✓"
                                                                  : " ",
                                            i + 1, casa_scene_title(scene_at(self, i)));
    g_autofree char *real = minutes(self->spent[i]);
    g_autofree char *plan = self->spent[i] >= 1 ? g_strdup_printf("%s / %g", real, scene_at(self, i)->minutes)
                                                : g_strdup_printf("%g", scene_at(self, i)->minutes);
    casa_label_set(name, text);
    gtk_widget_set_hexpand(name, TRUE);
    casa_label_set(label_in(line, "muted"), plan);
  }
}

/* Why the wall is a new one: the presenter may have looked elsewhere. */
static void
write_back(Presenter *self)
{
  g_autofree char *clock = casa_lang_clock(self->since_ms, TRUE);
  g_autofree char *text =
    self->came_back > SIGNALS
      /* TR: a clock; a number of Linux */
      ? g_strdup_printf(_("▲ Le mur est revenu à %s : le précédent a été tué (signal %d)."), clock, self->came_back - SIGNALS)
      : g_strdup_printf(_("▲ Le mur est revenu à %s : le précédent s’est arrêté (code %d)."), clock, self->came_back);

  casa_label_set(self->back, text);
}

static void
write_scene(Presenter *self)
{
  guint n = n_scenes(self), next = next_scene(self);
  const char *title = casa_scene_title(casa_window_scene_of(self->hall));
  g_autofree char *where = self->called ? g_strdup_printf(_("La salle voit : %s"), title)
                                        : g_strdup_printf(_("La salle voit : scène %u sur %u · %s"), self->scene + 1, n, title);
  g_autofree char *then = g_strdup_printf(_("Ensuite : %u · %s"), next + 1, casa_scene_title(scene_at(self, next)));
  g_autofree char *when = g_strdup_printf(_("%g min prévues · Espace"), scene_at(self, next)->minutes);

  casa_label_set(self->where, where);
  casa_label_set(self->next, then);
  casa_label_set(self->next_when, when);
  write_notes(self);
  write_list(self);
  if (self->came_back)
    write_back(self);
}

static void
write_state(Presenter *self)
{
  CasaHallState state = casa_window_hall(self->hall);
  const char *words[] = { _("EN DIRECT"), _("Figer (F)"), _("Noir (B)") };
  const CasaHallState states[] = { CASA_HALL_LIVE, CASA_HALL_FROZEN, CASA_HALL_BLACK };
  static const char *const classes[] = { "live", "frozen", "dark", "dark" };

  for (guint i = 0; i < G_N_ELEMENTS(states); i++) {
    gtk_button_set_label(GTK_BUTTON(self->states[i]), words[i]);
    gtk_widget_set_css_classes(self->states[i], (const char *[]){ "state", state == states[i] ? classes[i] : "off", NULL });
  }
  const CasaAudience audience = casa_window_audience(self->hall);
  const gboolean away = audience != CASA_AUDIENCE_SEES;

  gtk_widget_set_visible(self->host, away);
  gtk_widget_set_opacity(self->picture, away ? 0 : 1);
  casa_label_set(self->away, audience == CASA_AUDIENCE_UNPLUGGED
                               ? _("▲ Projecteur débranché : la salle ne voit rien, le spectacle continue ici.")
                               : _("▲ Fenêtre de la salle cachée : H ou Échap la rend."));
  gtk_widget_set_visible(self->away, away); /* after its words, which show it */
  gtk_widget_set_css_classes(self->frame, (const char *[]){ "sight", away ? "dark" : classes[state], NULL });
  casa_label_set(self->cover, state == CASA_HALL_BLACK ? _("NOIR") : state == CASA_HALL_WHITE ? _("BLANC") : "");
}

static void
write_pace(Presenter *self)
{
  static const char *const colours[] = { "calm", "soon", "over" };
  double planned[SCENES_SHOWN];
  guint n = n_scenes(self);

  for (guint i = 0; i < n; i++)
    planned[i] = scene_at(self, i)->minutes * 60;
  CasaPace pace = casa_pace(planned, self->spent, n, self->scene);
  const char *hints[] = { _("avant la fin prévue de la scène"), _("▲ bientôt la suite"), _("▲ temps de la scène dépassé") };
  const char *paces[] = { _("● à l'heure"), _("▼ en avance"), _("▲ en retard") };
  g_autofree char *left = minutes(planned[self->scene] > 0 ? pace.left : self->spent[self->scene]);
  g_autofree char *elapsed = minutes(pace.elapsed), *total = minutes(pace.total), *off = minutes(ABS(pace.late));
  g_autofree char *talk = g_strdup_printf(_("%s sur %s"), elapsed, total);
  g_autofree char *late = g_strdup_printf("%s, %s%s", paces[pace.word], pace.late < 0 ? "-" : "+", off);

  gtk_widget_set_css_classes(self->timer, (const char *[]){ "timer", CASA_CLASS_LTR, colours[pace.colour], NULL });
  casa_label_set(self->timer, left);
  casa_label_set(self->hint, planned[self->scene] > 0 ? hints[pace.colour] : _("sans durée prévue"));
  casa_label_set(self->talk, talk);
  gtk_widget_set_css_classes(self->pace, (const char *[]){ pace.word == CASA_PACE_ON_TIME ? "good" : "soon", NULL });
  casa_label_set(self->pace, late);
}

static void
write_health(Presenter *self)
{
  static const char *const marks[] = { "✓", "▲", "✕", "·" }, *const classes[] = { "good", "soon", "over", "muted" };
  CasaHealthItem items[CASA_HEALTH_ITEMS];

  casa_health_read(self->model, self->hall, self->folder, self->awake, items);
  for (guint i = 0; i < CASA_HEALTH_ITEMS; i++) {
    g_autofree char *text = g_strdup_printf("%s %s\n%s", marks[items[i].level], casa_health_name(i), items[i].text);
    gtk_widget_set_css_classes(self->health[i], (const char *[]){ "item", classes[items[i].level], NULL });
    casa_label_set(self->health[i], text);
    g_free(items[i].text);
  }
}

static void
write_aside(Presenter *self, gint64 now_us)
{
  g_autofree char *said = self->words ? casa_aside_text(self->words, now_us) : g_strdup("");
  g_autofree char *fault = casa_scene_words_fault(self->scenes); /* the hall's line does not have it, then */
  g_autofree char *text = g_strjoin(fault && *said ? "\n" : "", fault ? fault : "", said, NULL);

  casa_label_set(self->aside, text);
  gtk_widget_set_visible(self->aside, *text != '\0');
}

/* Time goes to the scene that is shown; a change of scene, language or file writes all words anew. */
static gboolean
look_cb(gpointer data)
{
  Presenter *self = data;
  gint64 now_us = g_get_monotonic_time();

  if (!self->hall)
    return G_SOURCE_CONTINUE;
  guint scene = MIN(casa_window_scene(self->hall), n_scenes(self) - 1);
  CASA_LANG_SCOPE(casa_window_language(self->hall));
  self->spent[self->scene] += (double)(now_us - self->looked_us) / G_USEC_PER_SEC;
  self->looked_us = now_us;
  if (self->check && scene != self->scene)
    end_check(self);
  gboolean called = casa_window_scene_of(self->hall) != scene_at(self, scene);
  if (scene != self->scene || called != self->called || g_strcmp0(self->language, casa_lang_get()) != 0) {
    self->scene = scene;
    self->called = called;
    g_free(self->language);
    self->language = g_strdup(casa_lang_get());
    write_scene(self);
    gtk_window_set_title(self->window, _("Présentation : fenêtre privée, jamais projetée"));
  }
  gtk_widget_set_visible(self->back, self->came_back && casa_clock_now_ms() - self->since_ms < BACK_SHOWN_MS);
  casa_next_view_show(self->view, scene_at(self, next_scene(self)), casa_window_language(self->hall),
                      casa_window_theme(self->hall));
  write_aside(self, now_us);
  write_state(self);
  write_pace(self);
  if (self->palette)
    casa_palette_view_tick(self->palette, FALSE);
  if (self->looks++ % HEALTH_EVERY == 0) {
    write_health(self);
    write_list(self);
    casa_team_queue_look(self->teams);
    casa_unusual_card_look(self->unusual);
    if (self->check)
      casa_stage_check_look(self->check);
  }
  casa_direction_apply(self->overlay);
  return G_SOURCE_CONTINUE;
}

static void
help_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Presenter *self = data;

  if (self->hall)
    gtk_widget_activate_action(GTK_WIDGET(self->hall), "win.shortcuts", NULL);
}

static void
changed_cb(CasaSceneList *scenes, Presenter *self)
{
  g_clear_pointer(&self->language, g_free); /* all words are written at the next look */
  casa_next_view_forget(self->view);
  self->scene = MIN(self->scene, n_scenes(self) - 1);
}

static void
presenter_free(gpointer data)
{
  Presenter *self = data;

  g_source_remove(self->tick);
  g_signal_handlers_disconnect_by_data(self->scenes, self);
  if (self->hall)
    casa_window_set_presenter(self->hall, NULL, NULL);
  g_clear_weak_pointer(&self->hall);
  g_object_unref(self->scenes);
  g_free(self->folder);
  g_free(self->language);
  g_free(self);
}

GtkWindow *
casa_presenter_new(AdwApplication *app, CasaWindow *hall, CasaModel *model, CasaSceneList *scenes,
                   const CasaPresenterFacts *facts)
{
  Presenter *self = g_new0(Presenter, 1);

  casa_presenter_style();
  self->window = GTK_WINDOW(gtk_application_window_new(GTK_APPLICATION(app)));
  g_set_weak_pointer(&self->hall, hall);
  self->model = model;
  self->scenes = g_object_ref(scenes);
  self->folder = g_strdup(facts->folder);
  self->awake = facts->awake;
  self->words = facts->aside;
  self->came_back = facts->came_back;
  self->since_ms = casa_clock_now_ms();
  self->looked_us = g_get_monotonic_time();
  gtk_widget_add_css_class(GTK_WIDGET(self->window), "casa-presenter");
  gtk_window_set_default_size(self->window, 1280, 800);
  build(self, facts);
  g_action_map_add_action_entries(G_ACTION_MAP(self->window), (const GActionEntry[]){ { "shortcuts", help_cb } }, 1, self);
  casa_clicker_attach_for(self->window, GTK_WINDOW(hall));
  g_signal_connect_object(hall, "destroy", G_CALLBACK(gtk_window_destroy), self->window, G_CONNECT_SWAPPED);
  g_signal_connect(scenes, "changed", G_CALLBACK(changed_cb), self);
  self->tick = g_timeout_add(LOOK_MS, look_cb, self);
  casa_window_set_presenter(hall, self->window, ADW_BIN(self->host));
  look_cb(self);
  g_object_set_data_full(G_OBJECT(self->window), "casa-presenter", self, presenter_free);
  return self->window;
}
