/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/desk/diagnose-page.h"

#include "base/clock.h"
#include "ui/desk/diagnose-command.h"
#include "ui/desk/diagnose-try.h"
#include "ui/desk/diagnose-words.h"
#include "ui/kit/direction.h"
#include "ui/kit/label.h"
#include "ui/text/lang.h"

#include <string.h>

#define AGAIN_S 2
#define ROWS 3

typedef struct {
  GtkWidget *box, *sign, *name, *detail;
} Step;

/* A refused message. */
typedef struct {
  GtkWidget *box, *clock, *topic, *payload, *mend, *why;
} Row;

struct _CasaDiagnosePage {
  const CasaDesk *desk;
  char *team;
  char **teams;
  GtkWidget *root, *title, *chooser, *list, *foot, *call;
  CasaDiagnoseCommand *command;
  CasaDiagnoseTry *try;
  Step steps[CASA_N_STEPS];
  Row rows[ROWS];
  GCancellable *gone;
  guint timer;
  gboolean asked, settled;
};

/* --- What is read, on a thread of its own --- */

typedef struct {
  const CasaConfig *config;
  char *team;
  CasaTeamStanding standing;
} Question;

static void
question_free(gpointer data)
{
  Question *q = data;

  g_free(q->team);
  g_free(q);
}

static void
read_cb(GTask *task, gpointer source, gpointer data, GCancellable *gone)
{
  const Question *q = data;
  GError *error = NULL;
  g_autoptr(CasaReader) reader = casa_reader_open(q->config->store_path, &error);
  CasaDiagnosis *d =
    reader ? casa_diagnosis_new(q->config, reader, q->team, &q->standing, casa_reader_now_ms(reader), &error) : NULL;

  if (d)
    g_task_return_pointer(task, d, (GDestroyNotify)casa_diagnosis_free);
  else
    g_task_return_error(task, error);
}

/* The dashboard's own users have passwords there, too. */
static gboolean
is_own(const CasaConfig *config, const char *name)
{
  const char *const own[] = { config->broker_user,     config->record_user, config->teams_user, config->stage_user,
                              config->companions_user, config->own,         "companion",        "join" };

  for (guint i = 0; i < G_N_ELEMENTS(own); i++)
    if (g_strcmp0(own[i], name) == 0)
      return TRUE;
  return FALSE;
}

static int
by_name(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char **
casa_diagnose_teams(const CasaConfig *config)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  g_autoptr(GDir) folder = config->teams_folder ? g_dir_open(config->teams_folder, 0, NULL) : NULL;

  for (const char *file = folder ? g_dir_read_name(folder) : NULL; file; file = g_dir_read_name(folder)) {
    if (!g_str_has_suffix(file, ".password"))
      continue;
    char *name = g_strndup(file, strlen(file) - strlen(".password"));
    if (is_own(config, name))
      g_free(name);
    else
      g_ptr_array_add(names, name);
  }
  g_ptr_array_sort(names, by_name);
  g_ptr_array_add(names, NULL);
  return (char **)g_ptr_array_free(g_steal_pointer(&names), FALSE);
}

/* --- What is shown --- */

static void
say_steps(CasaDiagnosePage *self, const CasaDiagnosis *d, gint64 now_ms)
{
  static const char *const signs[] = { "✓", "✕", "…", "?" };
  static const char *const classes[] = { "good", "bad", "quiet", "quiet" };

  for (guint i = 0; i < CASA_N_STEPS; i++) {
    const CasaStepState state = d->steps[i];
    g_autofree char *detail = casa_diagnose_detail(d, i, self->desk->config, self->team, now_ms);
    g_autofree char *all = g_strdup_printf("%s : %s. %s", casa_diagnose_step_name(i), casa_diagnose_state_name(state), detail);
    casa_label_set(self->steps[i].sign, signs[state]);
    casa_label_set(self->steps[i].name, casa_diagnose_step_name(i));
    casa_label_set(self->steps[i].detail, detail);
    gtk_widget_set_css_classes(self->steps[i].sign, (const char *[]){ "step-sign", classes[state], NULL });
    gtk_widget_set_css_classes(self->steps[i].name, (const char *[]){ "head-title", classes[state], NULL });
    gtk_accessible_update_property(GTK_ACCESSIBLE(self->steps[i].box), GTK_ACCESSIBLE_PROPERTY_LABEL, all, -1);
  }
}

/* The part that is wrong is underlined, wherever it stands: the text itself is plain. */
static void
underline(GtkWidget *label, const char *text, const char *wrong)
{
  g_autoptr(PangoAttrList) marks = pango_attr_list_new();
  const char *at = wrong && *wrong ? strstr(text, wrong) : NULL;

  if (at) {
    PangoAttribute *line = pango_attr_underline_new(PANGO_UNDERLINE_SINGLE), *bold = pango_attr_weight_new(PANGO_WEIGHT_BOLD);
    line->start_index = bold->start_index = (guint)(at - text);
    line->end_index = bold->end_index = (guint)(at - text + (gssize)strlen(wrong));
    pango_attr_list_insert(marks, line);
    pango_attr_list_insert(marks, bold);
  }
  casa_label_set(label, text);
  gtk_label_set_attributes(GTK_LABEL(label), marks);
}

static void
say_row(Row *row, const CasaRefusedMessage *r)
{
  gsize len;
  const char *bytes = g_bytes_get_data(r->payload, &len);
  g_autofree char *topic = casa_safe_text(r->topic, strlen(r->topic), 120),
                  *payload = casa_safe_text(bytes ? bytes : "", len, 200);
  g_autofree char *clock = casa_lang_clock(r->received_ms, TRUE);
  CasaMend mend;

  casa_label_set(row->clock, clock);
  const gboolean mended = casa_mend(r, &mend);
  underline(row->topic, topic, mended && !strstr(payload, mend.wrong) ? mend.wrong : NULL);
  underline(row->payload, payload, mended ? mend.wrong : r->why.got);
  g_autofree char *words = mended ? g_strdup_printf("%s → %s", mend.wrong, mend.right) : g_strdup("");
  casa_label_set(row->mend, words);
  gtk_widget_set_visible(row->mend, mended);
  char said[CASA_REASON_SIZE];
  casa_label_set(row->why, casa_diagnose_reason(&r->why, r->code, said));
  casa_mend_clear(&mend);
}

static void
say_refused(CasaDiagnosePage *self, const CasaDiagnosis *d)
{
  for (guint i = 0; i < ROWS; i++) {
    gtk_widget_set_visible(self->rows[i].box, i < d->refused->len);
    if (i < d->refused->len)
      say_row(&self->rows[i], g_ptr_array_index(d->refused, i));
  }
  gtk_widget_set_visible(self->list, d->refused->len > 0);
}

static void
say_call(CasaDiagnosePage *self)
{
  const gboolean called = self->team && casa_keepsakes_is_called(self->desk->keepsakes, self->team);

  gtk_button_set_label(GTK_BUTTON(self->call),
                       called ? _("✓ L'organisateur est appelé · F2 : annuler") : _("Appeler un organisateur · F2"));
}

static void
say(CasaDiagnosePage *self, const CasaDiagnosis *d)
{
  const gint64 now_ms = casa_clock_now_ms(), newest_ms = MAX(d->stored_ms, d->refused_ms);
  g_autofree char *title = casa_diagnose_title(d, now_ms), *age = casa_lang_age(MAX(now_ms - newest_ms, 0));
  g_autofree char *last =
    newest_ms ? g_strdup_printf(_("dernier message il y a %s"), age) : g_strdup(_("aucun message encore"));
  g_autofree char *foot = g_strdup_printf(_("J'attends le prochain message · %s · cette page se met à jour seule"), last);

  casa_label_set(self->title, title);
  gtk_widget_set_css_classes(self->title, (const char *[]){ "big", d->trouble == CASA_TEAM_WELL ? "good" : "bad", NULL });
  say_steps(self, d, now_ms);
  say_refused(self, d);
  casa_diagnose_command_say(self->command, d, self->team);
  say_call(self);
  casa_label_set(self->foot, foot);
}

static void
answer_cb(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaDiagnosis) d = g_task_propagate_pointer(G_TASK(result), &error);

  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* the page is gone */
  CasaDiagnosePage *self = data;
  CASA_LANG_SCOPE(self->desk->language);
  self->asked = FALSE;
  self->settled = TRUE;
  if (d)
    say(self, d);
  else
    casa_label_set(self->title, error->message);
}

static gboolean
ask_cb(gpointer data)
{
  CasaDiagnosePage *self = data;

  if (self->asked || !self->team || (self->settled && !gtk_widget_get_mapped(self->root)))
    return G_SOURCE_CONTINUE;
  Question *q = g_new0(Question, 1);
  q->config = self->desk->config;
  q->team = g_strdup(self->team);
  q->standing.shown = casa_keepsakes_is_shown(self->desk->keepsakes, self->team);
  g_autoptr(GTask) task = g_task_new(NULL, self->gone, answer_cb, self);
  g_task_set_task_data(task, q, question_free);
  g_task_set_check_cancellable(task, TRUE);
  self->asked = TRUE;
  g_task_run_in_thread(task, read_cb);
  return G_SOURCE_CONTINUE;
}

/* --- Widgets --- */

static GtkWidget *
line_label(const char *css_class, gboolean wraps)
{
  GtkWidget *label = casa_label_new(css_class);

  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_wrap(GTK_LABEL(label), wraps);
  if (wraps)
    gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_NONE);
  return label;
}

static GtkWidget *
build_steps(CasaDiagnosePage *self)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);

  gtk_box_set_homogeneous(GTK_BOX(box), TRUE);
  gtk_widget_add_css_class(box, "steps");
  for (guint i = 0; i < CASA_N_STEPS; i++) {
    Step *s = &self->steps[i];
    s->box = g_object_new(GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 4, "accessible-role",
                          GTK_ACCESSIBLE_ROLE_GROUP, NULL);
    s->sign = casa_label_new("step-sign");
    s->name = casa_label_new("head-title");
    s->detail = casa_label_new("quiet");
    gtk_widget_set_halign(s->sign, GTK_ALIGN_CENTER);
    gtk_label_set_xalign(GTK_LABEL(s->sign), 0.5f);
    gtk_label_set_xalign(GTK_LABEL(s->name), 0.5f);
    gtk_label_set_xalign(GTK_LABEL(s->detail), 0.5f);
    gtk_box_append(GTK_BOX(s->box), s->sign);
    gtk_box_append(GTK_BOX(s->box), s->name);
    gtk_box_append(GTK_BOX(s->box), s->detail);
    gtk_box_append(GTK_BOX(box), s->box);
  }
  return box;
}

static void
build_row(Row *row, GtkWidget *list)
{
  GtkWidget *what = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2), *mend = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *halves = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 16);

  row->box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 16);
  row->clock = line_label("quiet", FALSE);
  gtk_label_set_width_chars(GTK_LABEL(row->clock), 9);
  row->topic = line_label("code", FALSE);
  row->payload = line_label("refusal", FALSE);
  row->mend = line_label("mended", FALSE);
  row->why = line_label("quiet", TRUE);
  gtk_label_set_selectable(GTK_LABEL(row->payload), TRUE);
  gtk_widget_add_css_class(row->topic, CASA_CLASS_LTR);
  gtk_widget_add_css_class(row->payload, CASA_CLASS_LTR);
  gtk_widget_add_css_class(row->mend, CASA_CLASS_LTR);
  gtk_box_append(GTK_BOX(what), row->topic);
  gtk_box_append(GTK_BOX(what), row->payload);
  gtk_box_append(GTK_BOX(mend), row->mend);
  gtk_box_append(GTK_BOX(mend), row->why);
  gtk_box_set_homogeneous(GTK_BOX(halves), TRUE);
  gtk_widget_set_hexpand(halves, TRUE);
  gtk_widget_add_css_class(row->box, "refused-row");
  gtk_box_append(GTK_BOX(halves), what);
  gtk_box_append(GTK_BOX(halves), mend);
  gtk_box_append(GTK_BOX(row->box), row->clock);
  gtk_box_append(GTK_BOX(row->box), halves);
  gtk_box_append(GTK_BOX(list), row->box);
}

static GtkWidget *
build_refused(CasaDiagnosePage *self)
{
  GtkWidget *title = line_label("head-title", FALSE), *card = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);

  self->list = gtk_box_new(GTK_ORIENTATION_VERTICAL, 8);
  casa_label_set(title, _("Derniers messages refusés"));
  gtk_widget_add_css_class(card, "card");
  for (guint i = 0; i < ROWS; i++)
    build_row(&self->rows[i], card);
  gtk_box_append(GTK_BOX(self->list), title);
  gtk_box_append(GTK_BOX(self->list), card);
  return self->list;
}

/* In the organiser's queue, or out of it again. */
static void
call_cb(GtkWidget *button, CasaDiagnosePage *self)
{
  CASA_LANG_SCOPE(self->desk->language);

  if (self->team)
    casa_keepsakes_call(self->desk->keepsakes, self->team, !casa_keepsakes_is_called(self->desk->keepsakes, self->team));
  say_call(self);
}

static void
try_cb(GtkWidget *button, CasaDiagnosePage *self)
{
  casa_diagnose_try_toggle(self->try);
}

gboolean
casa_diagnose_page_key(CasaDiagnosePage *self, guint key, GdkModifierType state)
{
  GtkRoot *window = gtk_widget_get_root(self->root);
  GtkWidget *focus = window ? gtk_root_get_focus(window) : NULL;
  const gboolean taken = focus && !GTK_IS_WINDOW(focus) && !GTK_IS_LABEL(focus); /* buttons and entries have their own Return */

  if (state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK))
    return FALSE;
  if (key == GDK_KEY_F2)
    call_cb(NULL, self);
  else if (key == GDK_KEY_F3)
    casa_diagnose_try_toggle(self->try);
  else if ((key == GDK_KEY_Return || key == GDK_KEY_KP_Enter) && !taken)
    casa_diagnose_command_copy(self->command);
  else
    return FALSE;
  return TRUE;
}

static GtkWidget *
build_foot(CasaDiagnosePage *self)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12), *button;

  self->foot = line_label("quiet", FALSE);
  gtk_widget_set_hexpand(self->foot, TRUE);
  gtk_box_append(GTK_BOX(box), self->foot);
  button = gtk_button_new_with_label(_("Essayer sans envoyer · F3"));
  g_signal_connect(button, "clicked", G_CALLBACK(try_cb), self);
  gtk_box_append(GTK_BOX(box), button);
  self->call = gtk_button_new();
  g_signal_connect(self->call, "clicked", G_CALLBACK(call_cb), self);
  gtk_box_append(GTK_BOX(box), self->call);
  gtk_widget_set_vexpand(box, TRUE);
  gtk_widget_set_valign(box, GTK_ALIGN_END);
  return box;
}

static void
chosen_cb(GtkDropDown *chooser, GParamSpec *pspec, CasaDiagnosePage *self)
{
  const guint i = gtk_drop_down_get_selected(chooser);

  if (i >= g_strv_length(self->teams) || g_strcmp0(self->team, self->teams[i]) == 0)
    return;
  g_free(self->team);
  self->team = g_strdup(self->teams[i]);
  g_cancellable_cancel(self->gone); /* the answer that is under way is another team's */
  g_object_unref(self->gone);
  self->gone = g_cancellable_new();
  self->asked = FALSE;
  casa_diagnose_try_set_team(self->try, self->team);
  say_call(self);
  ask_cb(self);
}

static GtkWidget *
build_head(CasaDiagnosePage *self)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6), *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *question = line_label("quiet", FALSE);
  guint chosen = 0;

  self->chooser = gtk_drop_down_new_from_strings((const char *const *)self->teams);
  while (self->teams[chosen] && g_strcmp0(self->teams[chosen], self->team) != 0)
    chosen++;
  gtk_drop_down_set_selected(GTK_DROP_DOWN(self->chooser), chosen);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->chooser), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Équipe"), -1);
  g_signal_connect(self->chooser, "notify::selected", G_CALLBACK(chosen_cb), self);
  casa_label_set(question, _("Pourquoi mes données n'apparaissent-elles pas ?"));
  gtk_box_append(GTK_BOX(line), self->chooser);
  gtk_box_append(GTK_BOX(line), question);
  self->title = line_label("big", TRUE);
  gtk_box_append(GTK_BOX(box), line);
  gtk_box_append(GTK_BOX(box), self->title);
  return box;
}

static void
free_cb(gpointer data)
{
  CasaDiagnosePage *self = data;

  g_cancellable_cancel(self->gone);
  g_object_unref(self->gone);
  g_clear_handle_id(&self->timer, g_source_remove);
  g_strfreev(self->teams);
  g_free(self->team);
  g_free(self);
}

/* The team that was asked for stands in the list, also when its password lies elsewhere. */
static void
list_teams(CasaDiagnosePage *self, const char *team)
{
  self->teams = casa_diagnose_teams(self->desk->config);
  const guint n = g_strv_length(self->teams);
  if (team && !g_strv_contains((const char *const *)self->teams, team)) {
    self->teams = g_renew(char *, self->teams, n + 2);
    self->teams[n] = g_strdup(team);
    self->teams[n + 1] = NULL;
  }
  self->team = g_strdup(team ? team : self->teams[0]);
}

CasaDiagnosePage *
casa_diagnose_page_new(const CasaDesk *desk, const char *team)
{
  CasaDiagnosePage *self = g_new0(CasaDiagnosePage, 1);

  self->desk = desk;
  self->gone = g_cancellable_new();
  list_teams(self, team);
  self->root = gtk_box_new(GTK_ORIENTATION_VERTICAL, 18);
  gtk_widget_add_css_class(self->root, "diagnose");
  gtk_box_append(GTK_BOX(self->root), build_head(self));
  gtk_box_append(GTK_BOX(self->root), build_steps(self));
  gtk_box_append(GTK_BOX(self->root), build_refused(self));
  self->command = casa_diagnose_command_new(desk);
  gtk_box_append(GTK_BOX(self->root), casa_diagnose_command_widget(self->command));
  self->try = casa_diagnose_try_new(desk);
  gtk_box_append(GTK_BOX(self->root), casa_diagnose_try_widget(self->try));
  gtk_box_append(GTK_BOX(self->root), build_foot(self));
  say_call(self);
  if (self->team)
    casa_diagnose_try_set_team(self->try, self->team);
  gtk_widget_set_visible(self->list, FALSE);
  if (!self->team)
    casa_label_set(self->title, _("Il n'y a pas encore d'équipe : casa team add NOM"));
  g_object_set_data_full(G_OBJECT(self->root), "page", self, free_cb);
  self->timer = g_timeout_add_seconds(AGAIN_S, ask_cb, self);
  ask_cb(self);
  return self;
}

GtkWidget *
casa_diagnose_page_widget(CasaDiagnosePage *self)
{
  return self->root;
}

const char *
casa_diagnose_page_team(CasaDiagnosePage *self)
{
  return self->team;
}

gboolean
casa_diagnose_page_is_settled(CasaDiagnosePage *self)
{
  return self->settled || !self->team;
}
