/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/desk/diagnose-command.h"

#include "ui/kit/direction.h"
#include "ui/kit/label.h"
#include "ui/text/lang.h"

struct _CasaDiagnoseCommand {
  const CasaDesk *desk;
  GtkWidget *root, *tabs[CASA_N_COMMANDS], *line;
  CasaCommandKind kind;
  char *host, *user, *topic, *payload; /* NULL: nothing is said yet */
  guint16 port;
};

static const char *const names[CASA_N_COMMANDS] = { "mosquitto_pub", "Python", "Arduino" };

/* As C and Python read it; letters of other scripts stay. (transfer full) */
static char *
quoted(const char *text)
{
  char letters[129];

  for (guint i = 0; i < 128; i++)
    letters[i] = (char)(128 + i);
  letters[128] = '\0';
  g_autofree char *escaped = g_strescape(text, letters);
  return g_strdup_printf("\"%s\"", escaped);
}

char *
casa_diagnose_command_line(CasaCommandKind kind, const char *host, guint port, const char *user, const char *topic,
                           const char *payload)
{
  g_autofree char *shell_topic = g_shell_quote(topic), *shell_payload = g_shell_quote(payload);
  g_autofree char *code_topic = quoted(topic), *code_payload = quoted(payload), *code_host = quoted(host);

  switch (kind) {
  case CASA_COMMAND_PYTHON:
    return g_strdup_printf("import getpass, paho.mqtt.publish as mqtt; mqtt.single(%s, %s, hostname=%s, port=%u, "
                           "auth={\"username\": \"%s\", \"password\": getpass.getpass()})",
                           code_topic, code_payload, code_host, port, user);
  case CASA_COMMAND_ARDUINO: return g_strdup_printf("client.publish(%s, %s);", code_topic, code_payload);
  case CASA_COMMAND_PUB:
  default: return g_strdup_printf("mosquitto_pub -h %s -p %u -u %s -t %s -m %s", host, port, user, shell_topic, shell_payload);
  }
}

static void
show(CasaDiagnoseCommand *self)
{
  for (guint i = 0; i < CASA_N_COMMANDS; i++) {
    if (i == self->kind)
      gtk_widget_set_state_flags(self->tabs[i], GTK_STATE_FLAG_CHECKED, FALSE);
    else
      gtk_widget_unset_state_flags(self->tabs[i], GTK_STATE_FLAG_CHECKED);
  }
  if (!self->topic)
    return;
  g_autofree char *line =
    casa_diagnose_command_line(self->kind, self->host, self->port, self->user, self->topic, self->payload);
  casa_label_set(self->line, line);
}

static void
forget(CasaDiagnoseCommand *self)
{
  g_clear_pointer(&self->host, g_free);
  g_clear_pointer(&self->user, g_free);
  g_clear_pointer(&self->topic, g_free);
  g_clear_pointer(&self->payload, g_free);
}

void
casa_diagnose_command_say(CasaDiagnoseCommand *self, const CasaDiagnosis *d, const char *team)
{
  const CasaConfig *config = self->desk->config;
  CasaMend mend = { NULL, NULL, NULL, NULL };

  forget(self);
  self->port = 1883;
  for (guint i = 0; i < d->refused->len && !mend.topic; i++)
    casa_mend(g_ptr_array_index(d->refused, i), &mend);
  if (!casa_broker_url_parse(config->broker_url, NULL, NULL, &self->host, &self->port, NULL)) {
    g_free(self->host);
    self->host = g_strdup("HOST");
  }
  self->user = g_strdup(team);
  self->topic = mend.topic ? g_strdup(mend.topic) : g_strdup_printf("%s/%s/air/toit/temp_c", config->root, team);
  self->payload = g_strdup(mend.topic ? mend.payload : "21.4");
  casa_mend_clear(&mend);
  show(self);
}

void
casa_diagnose_command_copy(CasaDiagnoseCommand *self)
{
  gdk_clipboard_set_text(gtk_widget_get_clipboard(self->root), gtk_label_get_text(GTK_LABEL(self->line)));
}

static void
copy_cb(GtkWidget *button, CasaDiagnoseCommand *self)
{
  casa_diagnose_command_copy(self);
}

static void
tab_cb(GtkWidget *button, CasaDiagnoseCommand *self)
{
  for (guint i = 0; i < CASA_N_COMMANDS; i++)
    if (button == self->tabs[i])
      self->kind = i;
  show(self);
}

static GtkWidget *
build_head(CasaDiagnoseCommand *self)
{
  GtkWidget *head = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 16), *tabs = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *title = casa_label_new("head-title");

  casa_label_set(title, _("La commande corrigée"));
  gtk_widget_add_css_class(tabs, "linked");
  for (guint i = 0; i < CASA_N_COMMANDS; i++) {
    self->tabs[i] = gtk_button_new_with_label(names[i]);
    g_signal_connect(self->tabs[i], "clicked", G_CALLBACK(tab_cb), self);
    gtk_box_append(GTK_BOX(tabs), self->tabs[i]);
  }
  gtk_box_append(GTK_BOX(head), title);
  gtk_box_append(GTK_BOX(head), tabs);
  return head;
}

static void
free_cb(gpointer data)
{
  forget(data);
  g_free(data);
}

CasaDiagnoseCommand *
casa_diagnose_command_new(const CasaDesk *desk)
{
  CasaDiagnoseCommand *self = g_new0(CasaDiagnoseCommand, 1);
  GtkWidget *card = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12), *copy = gtk_button_new_with_label(_("Copier"));

  self->desk = desk;
  self->root = gtk_box_new(GTK_ORIENTATION_VERTICAL, 8);
  gtk_box_append(GTK_BOX(self->root), build_head(self));
  self->line = casa_label_new("code");
  gtk_label_set_xalign(GTK_LABEL(self->line), 0);
  gtk_label_set_selectable(GTK_LABEL(self->line), TRUE);
  gtk_widget_add_css_class(self->line, CASA_CLASS_LTR);
  gtk_widget_set_hexpand(self->line, TRUE);
  gtk_widget_add_css_class(copy, "primary");
  gtk_widget_set_valign(copy, GTK_ALIGN_CENTER);
  g_signal_connect(copy, "clicked", G_CALLBACK(copy_cb), self);
  gtk_widget_add_css_class(card, "card");
  gtk_widget_add_css_class(card, "refused-row");
  gtk_box_append(GTK_BOX(card), self->line);
  gtk_box_append(GTK_BOX(card), copy);
  gtk_box_append(GTK_BOX(self->root), card);
  g_object_set_data_full(G_OBJECT(self->root), "command", self, free_cb);
  show(self);
  return self;
}

GtkWidget *
casa_diagnose_command_widget(CasaDiagnoseCommand *self)
{
  return self->root;
}
