/* SPDX-License-Identifier: Apache-2.0 */
#include "home-assistant.h"
#include "figures-read.h"

#include "casa-build.h"
#include "source/mqtt/side-link.h"
#include "wire/encode.h"

#include <glib-unix.h>

#define NODE "casa_pulse"
#define EXPIRE_ROUNDS 3 /* what is not told again for so many rounds is unknown there, not the last value for ever */

typedef struct {
  const CasaConfig *config;
  const char *prefix;
  gint64 every_ms;
  GMainLoop *loop;
  CasaSideLink *link;
  GHashTable *told; /* (element-type utf8) ids of figures that there were, for one word on each */
  char *fault;      /* what was said last of a store that cannot be read; NULL: it can */
} Teller;

static void
append_word(GString *out, const char *key, const char *text)
{
  if (out->str[out->len - 1] != '{')
    g_string_append_c(out, ',');
  g_string_append_printf(out, "\"%s\":", key);
  casa_encode_string(out, text);
}

/* What Home Assistant asks of a sensor that it has never heard of. It is said again and again, not retained: nothing stays in
 * the broker of a city that is not told any more. */
static char *
discovery(const Teller *self, const CasaFigureNow *figure)
{
  const CasaIndicator *indicator = figure->indicator;
  const char *lang = cli_language(), *unit = cli_figures_unit(indicator, lang);
  g_autofree char *topic = g_strdup_printf("%s/sensor/" NODE "/%s/state", self->prefix, indicator->id);
  g_autofree char *id = g_strdup_printf(NODE "_%s", indicator->id);
  g_autofree char *name = g_strdup_printf("%s%s", casa_text_in(&indicator->name, lang),
                                          figure->simulated ? cli_said(" (simulated)", " (simulé)", " (محاكاة)") : "");
  GString *out = g_string_new("{");

  append_word(out, "name", name);
  append_word(out, "unique_id", id);
  append_word(out, "object_id", id);
  append_word(out, "state_topic", topic);
  append_word(out, "value_template", "{{ value_json.value }}");
  append_word(out, "json_attributes_topic", topic);
  if (*unit)
    append_word(out, "unit_of_measurement", unit);
  append_word(out, "state_class", "measurement");
  g_string_append_printf(out, ",\"suggested_display_precision\":%u,\"expire_after\":%" G_GINT64_FORMAT, indicator->decimals,
                         MAX(self->every_ms * EXPIRE_ROUNDS / 1000, 1));
  g_string_append(out, ",\"device\":{\"identifiers\":[\"" NODE "\"]");
  append_word(out, "name", "Casa Pulse");
  append_word(out, "sw_version", CASA_VERSION);
  g_string_append(out, "},\"origin\":{");
  append_word(out, "name", "Casa Pulse");
  append_word(out, "sw_version", CASA_VERSION);
  g_string_append(out, "}}");
  return g_string_free(out, FALSE);
}

static void
tell_one(Teller *self, const CasaFigureNow *figure)
{
  g_autofree char *config_topic = g_strdup_printf("%s/sensor/" NODE "/%s/config", self->prefix, figure->indicator->id);
  g_autofree char *state_topic = g_strdup_printf("%s/sensor/" NODE "/%s/state", self->prefix, figure->indicator->id);
  g_autofree char *what = discovery(self, figure);
  g_autoptr(GString) state = g_string_new(NULL);

  cli_figures_state(state, figure);
  casa_side_link_say(self->link, config_topic, what);
  casa_side_link_say(self->link, state_topic, state->str);
  if (g_hash_table_add(self->told, g_strdup(figure->indicator->id)))
    g_message("told: %s", figure->indicator->id);
}

static gboolean
tell_cb(gpointer data)
{
  Teller *self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaIndicators) set = NULL;
  g_autoptr(GArray) figures = cli_figures_read(self->config, &set, &error);

  /* The store may come later, or be put back: that is waited for. */
  if (!figures && g_strcmp0(self->fault, error->message) != 0)
    g_message("nothing is told: %s", error->message);
  g_free(self->fault);
  self->fault = figures ? NULL : g_strdup(error->message);
  for (guint i = 0; figures && i < figures->len; i++)
    tell_one(self, &g_array_index(figures, CasaFigureNow, i));
  return G_SOURCE_CONTINUE;
}

static void
link_cb(const CasaLink *link, gpointer data)
{
  g_autofree char *text = casa_link_text(link);
  g_message("%s", text);
}

static gboolean
quit_cb(gpointer data)
{
  g_main_loop_quit(data);
  return G_SOURCE_CONTINUE;
}

static void
tell_until_asked(Teller *self)
{
  /* The first round waits for the broker, so that nobody waits a whole round for it. */
  casa_side_link_wait(self->link, g_get_monotonic_time() + 5 * G_USEC_PER_SEC, NULL);
  const guint watches[] = {
    g_unix_signal_add(SIGINT, quit_cb, self->loop),
    g_unix_signal_add(SIGTERM, quit_cb, self->loop),
    g_timeout_add((guint)self->every_ms, tell_cb, self),
  };
  tell_cb(self);
  g_main_loop_run(self->loop);
  for (guint i = 0; i < G_N_ELEMENTS(watches); i++)
    g_source_remove(watches[i]);
}

int
cli_home_assistant(const CliCommand *command, const CasaConfig *config, const char *prefix, gint64 every_ms)
{
  g_autoptr(GError) error = NULL;
  Teller self = { .config = config, .prefix = prefix, .every_ms = every_ms };
  int status = CLI_OK;

  self.loop = g_main_loop_new(NULL, FALSE);
  self.told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  self.link = casa_side_link_new(config, &(CasaSideLinkOptions){ .name = "figures",
                                                                 .user = config->broker_user,
                                                                 .password = config->broker_password,
                                                                 .topics = (const char *const[]){ NULL },
                                                                 .on_link = link_cb });
  if (casa_side_link_connect(self.link, &error)) {
    tell_until_asked(&self);
    casa_side_link_disconnect(self.link);
  } else {
    status = cli_fail(command, error);
  }
  casa_side_link_free(self.link);
  g_hash_table_unref(self.told);
  g_main_loop_unref(self.loop);
  g_free(self.fault);
  return status;
}
