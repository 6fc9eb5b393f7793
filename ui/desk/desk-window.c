/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/desk/desk-window.h"
#include "ui/desk/diagnose-page.h"
#include "ui/desk/teams-page.h"
#include "ui/kit/controls.h"
#include "ui/kit/direction.h"
#include "ui/kit/handle.h"
#include "ui/kit/label.h"
#include "ui/kit/style.h"
#include "ui/kit/wrap-layout.h"
#include "ui/text/lang.h"
#include "ui/text/phrases.h"

struct _CasaDeskWindow {
  AdwApplicationWindow parent_instance;
  CasaDesk desk;
  CasaExploreView view;
  CasaDeskPage page;
  char *scope;
  GtkCssProvider *css;
  guint listener;
  GtkWidget *root, *clock, *controls; /* root: what language and theme build anew */
  GtkWidget *badges[CASA_BADGES_MAX];
  CasaExplorePage *explore;   /* NULL: another page is shown */
  CasaDiagnosePage *diagnose; /* the same */
  CasaTeamsPage *teams;       /* the same */
  char *team;                 /* that is diagnosed; NULL: none was chosen */
  gboolean posing;
};

enum { PROP_LANGUAGE = 1, PROP_THEME, N_PROPERTIES };

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE(CasaDeskWindow, casa_desk_window, ADW_TYPE_APPLICATION_WINDOW)

/* --- The bar --- */

static GtkWidget *
menu_button(void)
{
  GtkWidget *button = gtk_menu_button_new();
  g_autoptr(GMenu) menu = g_menu_new(), language = g_menu_new(), theme = g_menu_new();

  g_menu_append(language, "Français", "desk.language::fr");
  g_menu_append(language, "العربية", "desk.language::ar");
  g_menu_append(language, "English", "desk.language::en");
  g_menu_append(theme, _("Sombre"), "desk.theme::dark");
  g_menu_append(theme, _("Clair"), "desk.theme::light");
  g_menu_append(theme, _("Contraste élevé"), "desk.theme::contrast");
  g_menu_append_section(menu, _("Langue"), G_MENU_MODEL(language));
  g_menu_append_section(menu, _("Thème"), G_MENU_MODEL(theme));
  gtk_menu_button_set_icon_name(GTK_MENU_BUTTON(button), "open-menu-symbolic");
  gtk_menu_button_set_menu_model(GTK_MENU_BUTTON(button), G_MENU_MODEL(menu));
  gtk_menu_button_set_primary(GTK_MENU_BUTTON(button), TRUE);
  gtk_widget_set_tooltip_text(button, _("Menu"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Menu"), -1);
  return button;
}

static void
say_badges(CasaDeskWindow *self)
{
  CasaBadgeWords words[CASA_BADGES_MAX];
  const guint n = casa_phrases_badges(casa_model_summary(self->desk.model), words);

  for (guint i = 0; i < CASA_BADGES_MAX; i++) {
    GtkWidget *badge = self->badges[i];
    gtk_widget_set_visible(badge, i < n);
    if (i >= n)
      continue;
    g_autofree char *text = g_strdup_printf("%s %s", casa_badge_shape(words[i].kind), words[i].text);
    const gboolean live = words[i].kind == CASA_BADGE_LIVE;
    const gboolean alarm =
      words[i].kind == CASA_BADGE_MUTE || words[i].kind == CASA_BADGE_LOST || words[i].kind == CASA_BADGE_LAST;
    casa_label_set(badge, text);
    gtk_widget_set_css_classes(badge, (const char *[]){ "pill", live ? "live" : alarm ? "silent" : "provenance", NULL });
    g_free(words[i].text);
  }
}

/* One button a page; the one that is shown is pressed. */
static GtkWidget *
page_buttons(CasaDeskWindow *self)
{
  static const struct {
    const char *title, *action;
  } pages[CASA_N_DESK_PAGES] = { { N_("Explorer"), "app.explore" },
                                 { N_("Diagnostic"), "app.diagnose" },
                                 { N_("Équipes"), "app.teams" } };
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_add_css_class(box, "linked");
  gtk_widget_set_valign(box, GTK_ALIGN_CENTER);
  for (guint i = 0; i < CASA_N_DESK_PAGES; i++) {
    GtkWidget *button = gtk_button_new_with_label(casa_tr(pages[i].title));
    gtk_actionable_set_action_name(GTK_ACTIONABLE(button), pages[i].action);
    if (i == self->page)
      gtk_widget_set_state_flags(button, GTK_STATE_FLAG_CHECKED, FALSE);
    gtk_box_append(GTK_BOX(box), button);
  }
  return box;
}

static GtkWidget *
build_bar(CasaDeskWindow *self)
{
  GtkWidget *bar = casa_wrap_box_new(10);
  GtkWidget *end = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 10), *handle = gtk_window_handle_new(),
            *brand = casa_label_new("brand"), *menu = menu_button();

  casa_label_set(brand, "Casa Pulse");
  gtk_box_append(GTK_BOX(bar), brand);
  gtk_box_append(GTK_BOX(bar), page_buttons(self));
  for (guint i = 0; i < CASA_BADGES_MAX; i++)
    gtk_box_append(GTK_BOX(bar), self->badges[i] = casa_label_new("pill"));
  self->clock = casa_label_new("clock");
  gtk_widget_add_css_class(self->clock, CASA_CLASS_LTR);
  gtk_box_append(GTK_BOX(end), self->clock);
  gtk_box_append(GTK_BOX(end), menu);
  casa_handle_own_menu(handle, menu);
  self->controls = casa_window_controls_new();
  gtk_widget_set_visible(self->controls, !self->posing);
  gtk_box_append(GTK_BOX(end), self->controls);
  gtk_box_append(GTK_BOX(bar), end);
  gtk_widget_add_css_class(handle, "bar");
  gtk_window_handle_set_child(GTK_WINDOW_HANDLE(handle), bar);
  return handle;
}

/* --- Pages --- */

static void
update(CasaDeskWindow *self)
{
  CASA_LANG_SCOPE(self->desk.language);
  g_autofree char *clock = casa_lang_clock(casa_model_summary(self->desk.model)->now_ms, TRUE);

  casa_label_set(self->clock, clock);
  say_badges(self);
  if (self->explore)
    casa_explore_page_update(self->explore);
  if (self->teams)
    casa_teams_page_update(self->teams);
}

static void
restyle(CasaDeskWindow *self)
{
  g_autofree char *sheet = casa_desk_css(&self->desk, self->scope);

  gtk_css_provider_load_from_data(self->css, sheet, -1);
  adw_style_manager_set_color_scheme(adw_style_manager_get_default(),
                                     self->desk.theme->dark ? ADW_COLOR_SCHEME_FORCE_DARK : ADW_COLOR_SCHEME_FORCE_LIGHT);
}

static GtkWidget *
build_page(CasaDeskWindow *self)
{
  GtkWidget *page;

  self->explore = NULL;
  self->diagnose = NULL;
  self->teams = NULL;
  if (self->page == CASA_DESK_DIAGNOSE && self->desk.config) {
    self->diagnose = casa_diagnose_page_new(&self->desk, self->team);
    page = casa_diagnose_page_widget(self->diagnose);
  } else if (self->page == CASA_DESK_TEAMS) {
    self->teams = casa_teams_page_new(&self->desk);
    page = casa_teams_page_widget(self->teams);
  } else {
    self->explore = casa_explore_page_new(&self->desk, &self->view);
    page = casa_explore_page_widget(self->explore);
  }
  gtk_widget_set_vexpand(page, TRUE);
  return page;
}

static void
build(CasaDeskWindow *self)
{
  CASA_LANG_SCOPE(self->desk.language);

  restyle(self);
  self->root = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_add_css_class(self->root, "desk");
  gtk_box_append(GTK_BOX(self->root), build_bar(self));
  gtk_box_append(GTK_BOX(self->root), build_page(self));
  casa_direction_apply(self->root);
  adw_application_window_set_content(ADW_APPLICATION_WINDOW(self), self->root);
  gtk_window_set_title(GTK_WINDOW(self), self->explore    ? _("Casa Pulse · Explorer")
                                         : self->diagnose ? _("Casa Pulse · Diagnostic")
                                                          : _("Casa Pulse · Équipes"));
  update(self);
}

static void
changed_cb(gpointer data)
{
  update(data);
}

/* The page goes; its choice stays. */
static void
keep_team(CasaDeskWindow *self)
{
  if (!self->diagnose || !casa_diagnose_page_team(self->diagnose))
    return;
  char *team = g_strdup(casa_diagnose_page_team(self->diagnose));
  g_free(self->team);
  self->team = team;
}

/* Other domains, other colours. */
static void
rebuild_cb(gpointer data)
{
  keep_team(data);
  build(data);
}

/* --- What it is told --- */

/* Where there is another window to go back to. In a text, Escape is for the text. */
static gboolean
is_way_out(CasaDeskWindow *self, guint key, GtkWidget *focus)
{
  GtkApplication *app = gtk_window_get_application(GTK_WINDOW(self));
  GList *windows = app ? gtk_application_get_windows(app) : NULL;

  return key == GDK_KEY_Escape && !(focus && GTK_IS_EDITABLE(focus)) && windows && windows->next;
}

static gboolean
key_cb(GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, CasaDeskWindow *self)
{
  GtkWidget *focus = gtk_window_get_focus(GTK_WINDOW(self));
  CASA_LANG_SCOPE(self->desk.language);

  if (focus && gtk_widget_get_ancestor(focus, GTK_TYPE_POPOVER))
    return GDK_EVENT_PROPAGATE;
  const gboolean used = self->explore    ? casa_explore_page_key(self->explore, key, state)
                        : self->diagnose ? casa_diagnose_page_key(self->diagnose, key, state)
                                         : casa_teams_page_key(self->teams, key, state);
  if (!used && is_way_out(self, key, focus))
    gtk_window_close(GTK_WINDOW(self));
  else if (!used)
    return GDK_EVENT_PROPAGATE;
  return GDK_EVENT_STOP;
}

/* Runs before any widget hears of an event of this window: what they say to it, they say in its language. */
static gboolean
event_cb(GtkEventControllerLegacy *controller, GdkEvent *event, CasaDeskWindow *self)
{
  casa_lang_enter(self->desk.language);
  return GDK_EVENT_PROPAGATE;
}

static void
snapshot(GtkWidget *widget, GtkSnapshot *picture)
{
  CASA_LANG_SCOPE(CASA_DESK_WINDOW(widget)->desk.language);

  GTK_WIDGET_CLASS(casa_desk_window_parent_class)->snapshot(widget, picture);
}

void
casa_desk_window_go(CasaDeskWindow *self, CasaDeskPage page)
{
  if (self->page == page)
    return;
  keep_team(self);
  self->page = page;
  build(self);
}

void
casa_desk_window_diagnose(CasaDeskWindow *self, const CasaConfig *config, const char *team)
{
  keep_team(self);
  self->desk.config = config;
  self->page = CASA_DESK_DIAGNOSE;
  if (team) {
    g_free(self->team);
    self->team = g_strdup(team);
  }
  build(self);
}

void
casa_desk_window_set_view(CasaDeskWindow *self, const CasaExploreView *view)
{
  g_autofree char *link = casa_explore_view_link(view);

  casa_explore_view_clear(&self->view);
  if (!casa_explore_view_parse(&self->view, link, NULL))
    g_warn_if_reached(); /* what we write, we read */
  self->page = CASA_DESK_EXPLORE;
  build(self);
}

const CasaExploreView *
casa_desk_window_view(CasaDeskWindow *self)
{
  return &self->view;
}

CasaExplorePage *
casa_desk_window_explore(CasaDeskWindow *self)
{
  return self->explore;
}

void
casa_desk_window_set_language(CasaDeskWindow *self, const char *language)
{
  const char *own = g_intern_string(language);

  if (own == self->desk.language)
    return;
  self->desk.language = own;
  keep_team(self);
  build(self);
  g_object_notify_by_pspec(G_OBJECT(self), properties[PROP_LANGUAGE]);
}

void
casa_desk_window_set_theme(CasaDeskWindow *self, const char *theme)
{
  self->desk.theme = casa_theme_get(theme);
  keep_team(self);
  build(self);
  g_object_notify_by_pspec(G_OBJECT(self), properties[PROP_THEME]);
}

void
casa_desk_window_pose(CasaDeskWindow *self, int width, int height)
{
  self->posing = TRUE;
  gtk_widget_set_visible(self->controls, FALSE);
  gtk_window_set_default_size(GTK_WINDOW(self), width, height);
  gtk_widget_set_size_request(self->root, width, height);
  gtk_widget_set_halign(self->root, GTK_ALIGN_START);
  gtk_widget_set_valign(self->root, GTK_ALIGN_START);
}

GtkWidget *
casa_desk_window_picture(CasaDeskWindow *self)
{
  return self->root;
}

gboolean
casa_desk_window_is_settled(CasaDeskWindow *self)
{
  return self->diagnose ? casa_diagnose_page_is_settled(self->diagnose)
                        : !self->explore || casa_explore_page_is_settled(self->explore);
}

/* --- The object --- */

static void
set_property(GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_LANGUAGE)
    casa_desk_window_set_language(CASA_DESK_WINDOW(object), g_value_get_string(value));
  else
    casa_desk_window_set_theme(CASA_DESK_WINDOW(object), g_value_get_string(value));
}

static void
get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CasaDeskWindow *self = CASA_DESK_WINDOW(object);

  g_value_set_string(value, id == PROP_LANGUAGE ? self->desk.language : self->desk.theme->id);
}

static void
dispose(GObject *object)
{
  CasaDeskWindow *self = CASA_DESK_WINDOW(object);

  if (self->css) {
    casa_model_unlisten(self->desk.model, self->listener);
    gtk_style_context_remove_provider_for_display(gdk_display_get_default(), GTK_STYLE_PROVIDER(self->css));
  }
  g_clear_object(&self->css);
  G_OBJECT_CLASS(casa_desk_window_parent_class)->dispose(object);
}

/* After the widgets, which look at it until they go. */
static void
finalize(GObject *object)
{
  CasaDeskWindow *self = CASA_DESK_WINDOW(object);

  casa_explore_view_clear(&self->view);
  g_free(self->scope);
  g_free(self->team);
  G_OBJECT_CLASS(casa_desk_window_parent_class)->finalize(object);
}

static void
casa_desk_window_class_init(CasaDeskWindowClass *class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass *object = G_OBJECT_CLASS(class);

  object->dispose = dispose;
  object->finalize = finalize;
  object->set_property = set_property;
  object->get_property = get_property;
  properties[PROP_LANGUAGE] = g_param_spec_string("language", NULL, NULL, NULL, flags);
  properties[PROP_THEME] = g_param_spec_string("theme", NULL, NULL, NULL, flags);
  g_object_class_install_properties(object, N_PROPERTIES, properties);
  GTK_WIDGET_CLASS(class)->snapshot = snapshot;
  gtk_widget_class_install_property_action(GTK_WIDGET_CLASS(class), "desk.language", "language");
  gtk_widget_class_install_property_action(GTK_WIDGET_CLASS(class), "desk.theme", "theme");
}

static void
casa_desk_window_init(CasaDeskWindow *self)
{
  static guint n_windows;
  GtkEventController *events = gtk_event_controller_legacy_new(), *keys = gtk_event_controller_key_new();

  self->scope = g_strdup_printf("casa-desk-%u", ++n_windows);
  gtk_widget_add_css_class(GTK_WIDGET(self), self->scope);
  self->css = gtk_css_provider_new();
  gtk_style_context_add_provider_for_display(gdk_display_get_default(), GTK_STYLE_PROVIDER(self->css),
                                             GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  casa_explore_view_init(&self->view);
  gtk_window_set_icon_name(GTK_WINDOW(self), "io.github.casapulse.CasaPulse");
  gtk_window_set_default_size(GTK_WINDOW(self), 1280, 800);
  gtk_event_controller_set_propagation_phase(events, GTK_PHASE_CAPTURE);
  g_signal_connect(events, "event", G_CALLBACK(event_cb), self);
  gtk_widget_add_controller(GTK_WIDGET(self), events);
  gtk_event_controller_set_propagation_phase(keys, GTK_PHASE_CAPTURE);
  g_signal_connect(keys, "key-pressed", G_CALLBACK(key_cb), self);
  gtk_widget_add_controller(GTK_WIDGET(self), keys);
}

CasaDeskWindow *
casa_desk_window_new(AdwApplication *app, CasaModel *model, CasaKeepsakes *keepsakes, const char *theme)
{
  CasaDeskWindow *self = g_object_new(CASA_TYPE_DESK_WINDOW, "application", app, NULL);

  self->desk = (CasaDesk){ .model = model,
                           .keepsakes = keepsakes,
                           .theme = casa_theme_get(theme),
                           .font = casa_look_font(),
                           .language = g_intern_string(casa_lang_get()) };
  build(self);
  self->listener = casa_model_listen(model, &(CasaModelListener){ .changed = changed_cb, .data = self, .rebuild = rebuild_cb });
  return self;
}
