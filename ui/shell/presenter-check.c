/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/presenter-check.h"
#include "ui/kit/direction.h"
#include "ui/kit/label.h"
#include "ui/text/lang.h"
#include <gio/gio.h>
#include <string.h>

typedef enum { FAIL, WARN, PASS } Verdict; /* in the order in which they are shown */

static const char *const WORDS[] = { "fail", "warn", "pass" };

struct _CasaStageCheck {
  char **command;
  GCancellable *cancel;
  GSubprocess *running; /* NULL: it has ended */
  GtkWidget *box, *title, *again, *list;
  guint n[G_N_ELEMENTS(WORDS)]; /* lines of each verdict, of the last run that ended */
  gboolean failed;              /* it could not be run at all */
  const char *language;         /* in which it speaks */
};

char **
casa_stage_check_command(const char *config_dir, const char *broker_url, const char *store_path)
{
  g_autofree char *self = g_file_read_link("/proc/self/exe", NULL), *dir = self ? g_path_get_dirname(self) : g_strdup("/");
  g_autofree char *beside = g_build_filename(dir, "casa", NULL), *built = g_build_filename(dir, "..", "cli", "casa", NULL);
  const char *casa = g_file_test(beside, G_FILE_TEST_IS_EXECUTABLE)  ? beside
                     : g_file_test(built, G_FILE_TEST_IS_EXECUTABLE) ? built
                                                                     : "casa";
  const char *const words[] = { casa,       "doctor",   "--stage", "--config", config_dir,
                                "--broker", broker_url, "--store", store_path, NULL };

  return g_strdupv((char **)words);
}

/* "warn  screen   one screen: …": FALSE when it is no such line. *@what and *@text point into it, which is changed. */
static gboolean
parse(char *line, Verdict *verdict, const char **what, const char **text)
{
  for (guint i = 0; i < G_N_ELEMENTS(WORDS); i++) {
    if (!g_str_has_prefix(line, WORDS[i]) || line[4] != ' ')
      continue;
    char *begin = g_strchug(line + 4), *end = strchr(begin, ' ');
    if (!end)
      return FALSE;
    *end = '\0';
    *verdict = i;
    *what = begin;
    *text = g_strchug(end + 1);
    return TRUE;
  }
  return FALSE;
}

/* What a line is about, for the presenter. An unknown word stays as it is. */
static const char *
name_of(const char *what)
{
  const struct {
    const char *what, *name;
  } names[] = { { "version", _("version") },   { "config", _("configuration") },  { "files", _("fichiers") },
                { "metrics", _("métriques") }, { "clock", _("horloge") },         { "disk", _("disque") },
                { "store", _("base") },        { "senders", _("émetteurs") },     { "gaps", _("lacunes") },
                { "broker", _("broker") },     { "queue", _("file d’attente") },  { "influx", _("InfluxDB") },
                { "screen", _("écran") },      { "power", _("courant") },         { "memory", _("mémoire") },
                { "network", _("réseau") },    { "time", _("serveur de temps") }, { "fonts", _("polices") },
                { "idle", _("veille") },       { "quiet", _("notifications") },   { "portal", _("internet") },
                { "live", _("direct") } };

  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    if (g_str_equal(names[i].what, what))
      return names[i].name;
  return what;
}

static void
add_line(CasaStageCheck *self, Verdict verdict, const char *what, const char *text)
{
  static const char *const marks[] = { "✕", "▲", "✓" }, *const classes[] = { "over", "soon", "good" };
  g_autofree char *words = g_strdup_printf("%s %s · %s", marks[verdict], name_of(what), text);
  GtkWidget *label = casa_label_new(classes[verdict]);

  casa_label_set(label, words);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_NONE);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  casa_direction_apply(label);
  gtk_box_append(GTK_BOX(self->list), label);
}

static void
clear_list(CasaStageCheck *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child(self->list)) != NULL)
    gtk_box_remove(GTK_BOX(self->list), child);
  memset(self->n, 0, sizeof self->n);
}

/* What is to be mended comes first. */
static void
take_lines(CasaStageCheck *self, const char *out)
{
  clear_list(self);
  for (guint wanted = 0; wanted < G_N_ELEMENTS(WORDS); wanted++) {
    g_auto(GStrv) lines = g_strsplit(out, "\n", -1);
    for (guint i = 0; lines[i]; i++) {
      const char *what, *text;
      Verdict verdict;
      if (!parse(lines[i], &verdict, &what, &text) || verdict != wanted || g_str_equal(what, "curtain"))
        continue;
      self->n[verdict]++;
      add_line(self, verdict, what, text);
    }
  }
}

static void
ended_cb(GObject *source, GAsyncResult *result, gpointer data)
{
  CasaStageCheck *self = data;
  g_autofree char *out = NULL;
  g_autoptr(GError) error = NULL;

  if (!g_subprocess_communicate_utf8_finish(G_SUBPROCESS(source), result, &out, NULL, &error)) {
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
      return; /* the page is gone */
    g_message("casa doctor: %s", error->message);
  }
  g_clear_object(&self->running);
  CASA_LANG_SCOPE(self->language);
  take_lines(self, out ? out : "");
  self->failed = self->n[FAIL] + self->n[WARN] + self->n[PASS] == 0;
}

static void
run(CasaStageCheck *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocessLauncher) launcher =
    g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);

  if (self->running)
    return;
  self->language = casa_lang_get();
  g_subprocess_launcher_setenv(launcher, "LC_ALL", "C.UTF-8", TRUE); /* LANGUAGE counts in any locale but C */
  g_subprocess_launcher_setenv(launcher, "LANGUAGE", self->language, TRUE);
  self->running = g_subprocess_launcher_spawnv(launcher, (const char *const *)self->command, &error);
  self->failed = self->running == NULL;
  if (self->running)
    g_subprocess_communicate_utf8_async(self->running, NULL, self->cancel, ended_cb, self);
  else
    g_message("casa doctor: %s", error->message);
}

static void
again_cb(GtkButton *button, CasaStageCheck *self)
{
  run(self);
  casa_stage_check_look(self);
}

static void
free_cb(gpointer data)
{
  CasaStageCheck *self = data;

  g_cancellable_cancel(self->cancel);
  g_object_unref(self->cancel);
  if (self->running)
    g_subprocess_force_exit(self->running);
  g_clear_object(&self->running);
  g_strfreev(self->command);
  g_free(self);
}

CasaStageCheck *
casa_stage_check_new(const char *const *command)
{
  CasaStageCheck *self = g_new0(CasaStageCheck, 1);
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);

  self->command = g_strdupv((char **)command);
  self->cancel = g_cancellable_new();
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  self->title = casa_label_new("strong");
  gtk_label_set_xalign(GTK_LABEL(self->title), 0);
  gtk_widget_set_hexpand(self->title, TRUE);
  self->again = gtk_button_new();
  gtk_widget_add_css_class(self->again, "off");
  gtk_widget_set_focusable(self->again, FALSE);
  g_signal_connect(self->again, "clicked", G_CALLBACK(again_cb), self);
  self->list = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4);
  gtk_box_append(GTK_BOX(line), self->title);
  gtk_box_append(GTK_BOX(line), self->again);
  gtk_box_append(GTK_BOX(self->box), line);
  gtk_box_append(GTK_BOX(self->box), self->list);
  g_object_set_data_full(G_OBJECT(self->box), "casa-stage-check", self, free_cb);
  run(self);
  return self;
}

GtkWidget *
casa_stage_check_widget(CasaStageCheck *self)
{
  return self->box;
}

void
casa_stage_check_look(CasaStageCheck *self)
{
  if (!self->running && !g_str_equal(self->language, casa_lang_get()))
    run(self); /* the words are the other program's */
  /* TR: before the first scene; how many things are to be mended, to be looked at, well */
  g_autofree char *found = g_strdup_printf(_("Avant le lever de rideau : %u à réparer, %u à regarder, %u en ordre"),
                                           self->n[FAIL], self->n[WARN], self->n[PASS]);

  casa_label_set(self->title, self->running  ? _("Avant le lever de rideau : vérification…")
                              : self->failed ? _("Avant le lever de rideau : « casa doctor --stage » ne répond pas")
                                             : found);
  gtk_button_set_label(GTK_BUTTON(self->again), _("Vérifier encore"));
  gtk_widget_set_sensitive(self->again, self->running == NULL);
}
