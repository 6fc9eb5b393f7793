/* SPDX-License-Identifier: Apache-2.0 */
/* casa-hostile: does to a broker what one hostile team could, for whoever runs a hall and wants to know. */
#include "hostile.h"

#include <locale.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

/* Unacknowledged messages under way. */
#define WINDOW 500

gboolean
hostile_over(const Hostile *self)
{
  return g_get_monotonic_time() >= self->until_us;
}

static gboolean
send_one(Hostile *self, Link *link, const Attack *attack, guint i, Message *message)
{
  g_string_truncate(message->topic, 0);
  g_string_truncate(message->payload, 0);
  g_byte_array_set_size(message->properties, 0);
  message->qos = 1;
  message->retain = FALSE;
  attack->make(self, i, message);
  g_autofree char *topic = message->topic->str[0] == '/'
                             ? g_strdup(message->topic->str + 1)
                             : g_strdup_printf("%s/%s/%s", self->root, self->team, message->topic->str);
  if (!link_publish(link, topic, message->payload->str, message->payload->len, message->qos, message->retain,
                    message->properties))
    return FALSE;
  gboolean there = link_take(link, 0);
  while (there && link->waiting >= WINDOW && !hostile_over(self))
    there = link_take(link, 10);
  return there;
}

void
hostile_flood(Hostile *self, const Attack *attack)
{
  Message message = { .topic = g_string_new(NULL), .payload = g_string_new(NULL), .properties = g_byte_array_new() };
  LinkLogin login = self->login;
  gint64 begun = g_get_monotonic_time();
  Link *link = NULL;
  login.version = attack->version ? attack->version : 4;
  for (guint i = 0; !hostile_over(self); i++) {
    while (!link && !hostile_over(self)) {
      link = link_open(&login, &self->counts);
      if (!link)
        g_usleep(20000);
    }
    if (!link)
      break;
    if (!send_one(self, link, attack, i, &message)) {
      link_drop(link);
      link = NULL;
      g_usleep(1000);
    }
    gint64 ahead = self->rate > 0 ? begun + (gint64)((i + 1) / self->rate * 1e6) - g_get_monotonic_time() : 0;
    if (ahead > 0)
      g_usleep((gulong)MIN(ahead, 200000));
  }
  link_drop(link);
  g_string_free(message.topic, TRUE);
  g_string_free(message.payload, TRUE);
  g_byte_array_unref(message.properties);
}

static const Attack *
find_attack(const char *name)
{
  const Attack *const tables[] = { hostile_floods, hostile_sessions, hostile_pages };
  for (guint t = 0; t < G_N_ELEMENTS(tables); t++)
    for (const Attack *at = tables[t]; at->name; at++)
      if (strcmp(at->name, name) == 0)
        return at;
  return NULL;
}

static gboolean
is_of_page(const Attack *attack)
{
  const Attack *at = hostile_pages;
  while (at->name && at != attack)
    at++;
  return at->name != NULL;
}

static void
print_list(void)
{
  const Attack *const tables[] = { hostile_floods, hostile_sessions, hostile_pages };
  for (guint t = 0; t < G_N_ELEMENTS(tables); t++)
    for (const Attack *at = tables[t]; at->name; at++)
      g_print("%-18s %s\n", at->name, at->what);
}

/* One line of JSON: what it did, what the broker said to it, and what it cost its author. */
static void
print_counts(const Hostile *self, const char *name, double seconds)
{
  struct rusage used;
  const LinkCounts *c = &self->counts;
  char spent[G_ASCII_DTOSTR_BUF_SIZE], took[G_ASCII_DTOSTR_BUF_SIZE];
  getrusage(RUSAGE_SELF, &used);
  double processor =
    (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
  g_print("{\"attack\":\"%s\",\"seconds\":%s,\"processor_s\":%s", name, g_ascii_formatd(took, sizeof took, "%.3f", seconds),
          g_ascii_formatd(spent, sizeof spent, "%.3f", processor));
  g_print(",\"sent\":%" G_GUINT64_FORMAT ",\"acked\":%" G_GUINT64_FORMAT ",\"refused\":%" G_GUINT64_FORMAT
          ",\"bytes\":%" G_GUINT64_FORMAT,
          c->sent, c->acked, c->refused, c->bytes);
  g_print(",\"opened\":%" G_GUINT64_FORMAT ",\"refused_logins\":%" G_GUINT64_FORMAT ",\"closed\":%" G_GUINT64_FORMAT, c->opened,
          c->refused_logins, c->closed);
  g_print(",\"received\":%" G_GUINT64_FORMAT ",\"granted\":%" G_GUINT64_FORMAT ",\"denied\":%" G_GUINT64_FORMAT "}\n",
          c->received, c->granted, c->denied);
}

/* mqtt://HOST:PORT */
static gboolean
read_url(const char *url, char **host, guint16 *port)
{
  g_autoptr(GUri) uri = url ? g_uri_parse(url, G_URI_FLAGS_NONE, NULL) : NULL;
  if (!uri || strcmp(g_uri_get_scheme(uri), "mqtt") != 0 || !g_uri_get_host(uri))
    return FALSE;
  *host = g_strdup(g_uri_get_host(uri));
  *port = (guint16)(g_uri_get_port(uri) > 0 ? g_uri_get_port(uri) : 1883);
  return TRUE;
}

static int
wrong(const char *what)
{
  g_printerr("casa-hostile: %s; casa-hostile --help explains\n", what);
  return 2;
}

int
main(int argc, char **argv)
{
  gboolean list = FALSE;
  double seconds = 5, rate = 0;
  int page = 0;
  g_autofree char *run = NULL, *url = NULL, *user = NULL, *file = NULL, *password = NULL, *team = NULL, *host = NULL;
  guint16 port = 0;
  const GOptionEntry options[] = {
    { "list", 0, 0, G_OPTION_ARG_NONE, &list, "Say what attacks there are", NULL },
    { "run", 0, 0, G_OPTION_ARG_STRING, &run, "The attack", "NAME" },
    { "url", 0, 0, G_OPTION_ARG_STRING, &url, "The broker, mqtt://HOST:PORT: yours, or one whose owner asked you", "URL" },
    { "user", 0, 0, G_OPTION_ARG_STRING, &user, "A team's user", "USER" },
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &file, "A file with its password", "FILE" },
    { "page", 0, 0, G_OPTION_ARG_INT, &page, "Where the same broker serves its page and websockets, for attacks on those",
      "PORT" },
    { "seconds", 0, 0, G_OPTION_ARG_DOUBLE, &seconds, "How long (default 5)", "N" },
    { "rate", 0, 0, G_OPTION_ARG_DOUBLE, &rate, "Messages a second (default 0: as fast as the broker takes them)", "N" },
    { NULL },
  };
  g_autoptr(GOptionContext) context = g_option_context_new("- what one hostile team can do to a hall");
  g_autoptr(GError) error = NULL;
  setlocale(LC_ALL, "C.UTF-8");
  signal(SIGPIPE, SIG_IGN);
  g_option_context_add_main_entries(context, options, NULL);
  if (!g_option_context_parse(context, &argc, &argv, &error))
    return wrong(error->message);
  if (list) {
    print_list();
    return 0;
  }
  const Attack *attack = run ? find_attack(run) : NULL;
  if (!attack)
    return wrong("--run wants one of --list");
  if (!read_url(url, &host, &port))
    return wrong("--url wants mqtt://HOST:PORT");
  if (!user || !file || !g_file_get_contents(file, &password, NULL, NULL))
    return wrong("--user and --password-file are needed, and the file must be readable");
  if (page < 0 || page > G_MAXUINT16 || (page == 0 && is_of_page(attack)))
    return wrong("this attack wants --page PORT, a number up to 65535");
  g_strchomp(password);
  team = g_strndup(user, strcspn(user, "."));
  gint64 begun = g_get_monotonic_time();
  Hostile self = { .login = { .host = host, .port = port, .user = user, .client_id = user, .password = password, .version = 4 },
                   .team = team,
                   .root = "casa/v1",
                   .page = (guint16)page,
                   .until_us = begun + (gint64)(seconds * 1e6),
                   .rate = rate,
                   .rand = g_rand_new_with_seed(1) };
  if (attack->run)
    attack->run(&self);
  else
    hostile_flood(&self, attack);
  print_counts(&self, attack->name, (double)(g_get_monotonic_time() - begun) / 1e6);
  g_rand_free(self.rand);
  return 0;
}
