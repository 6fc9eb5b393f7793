/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <glib/gstdio.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

static char *
read_shipped(const char *name)
{
  g_autofree char *path = g_build_filename(g_getenv("CASA_CONFIG"), name, NULL);
  char *text = NULL;
  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  return text;
}

/* The line with @mark, and the one after it, are left out. */
static char *
leave_out_pair(char *text, const char *mark)
{
  char *begin = strstr(text, mark);
  g_assert_nonnull(begin);
  while (begin > text && begin[-1] != '\n')
    begin--;
  char *end = strchr(strchr(begin, '\n') + 1, '\n') + 1;
  memmove(begin, end, strlen(end) + 1);
  return text;
}

static void
write_private(const char *dir, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename(dir, name, NULL);
  g_assert_true(g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
}

static char *
replace(char *text, const char *what, const char *by)
{
  g_auto(GStrv) parts = g_strsplit(text, what, -1);
  g_free(text);
  return g_strjoinv(by, parts);
}

static void
write_passwords(AccessFixture *self, const char *const *users)
{
  g_autoptr(GString) text = g_string_new(NULL);
  g_autofree char *path = g_build_filename(self->dir, "passwd", NULL);
  const char *argv[] = { "mosquitto_passwd", "-U", path, NULL };
  for (guint i = 0; users[i]; i++) {
    g_autofree char *password = access_password(users[i]);
    g_autofree char *file = g_strdup_printf("%s.password", users[i]);
    g_string_append_printf(text, "%s:%s\n", users[i], password);
    write_private(self->dir, file, password);
  }
  write_private(self->dir, "passwd", text->str);
  g_assert_cmpint(test_run(argv, NULL, NULL, NULL), ==, 0);
}

char *
access_password(const char *user)
{
  return g_strdup_printf("s3cret-of-%s", user);
}

static gboolean
answers(gpointer data)
{
  AccessFixture *self = data;
  g_autofree char *err = test_process_err(self->broker);
  return strstr(err, "running") || !test_process_running(self->broker);
}

AccessFixture *
access_new(const char *const *users)
{
  AccessFixture *self = g_new0(AccessFixture, 1);
  self->dir = test_dir_new();
  self->port = test_free_port();
  self->url = g_strdup_printf("mqtt://127.0.0.1:%u", self->port);
  self->config = g_build_filename(self->dir, "config", NULL);
  g_autofree char *port = g_strdup_printf("%u", self->port);
  g_autofree char *acl = read_shipped("mosquitto.acl");
  g_autofree char *path = g_build_filename(self->dir, "mosquitto.conf", NULL);
  g_autofree char *metrics = g_build_filename(self->config, "metrics.conf", NULL);
  g_autofree char *shipped_metrics = g_build_filename(g_getenv("CASA_CONFIG"), "metrics.conf", NULL);
  char *conf =
    replace(replace(replace(read_shipped("mosquitto.conf"), "@PORT@", port), "@DIR@", self->dir), "@USER@", g_get_user_name());
  conf = leave_out_pair(replace(conf, "@GUARD@", g_getenv("CASA_GUARD")), "plugin @PLUGIN@"); /* no teams here */
  g_assert_cmpint(g_mkdir(self->config, 0700), ==, 0);
  g_assert_cmpint(symlink(shipped_metrics, metrics), ==, 0);
  write_private(self->dir, "acl", acl);
  write_private(self->dir, "mosquitto.conf", conf);
  g_free(conf);
  write_passwords(self, users);
  const char *program = g_file_test("/usr/sbin/mosquitto", G_FILE_TEST_IS_EXECUTABLE) ? "/usr/sbin/mosquitto" : "mosquitto";
  const char *argv[] = { program, "-c", path, NULL };
  self->broker = test_process_start(self->dir, "mosquitto", argv);
  g_assert_true(test_wait_for(answers, self, 30));
  g_assert_true(test_process_running(self->broker));
  return self;
}

void
access_free(AccessFixture *self)
{
  if (!self)
    return;
  test_process_free(self->broker);
  test_dir_remove(self->dir);
  g_free(self->dir);
  g_free(self->config);
  g_free(self->url);
  g_free(self);
}

void
access_configure(AccessFixture *self, const char *user, const char *more)
{
  g_autofree char *text =
    g_strdup_printf("[broker]\nuser = %s\npassword_file = ../%s.password\n%s", user, user, more ? more : "");
  g_autofree char *path = g_build_filename(self->config, "pulse.conf", NULL);
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static GPtrArray *
arguments(AccessFixture *self, const char *command, va_list args)
{
  GPtrArray *argv = g_ptr_array_new();
  const char *const first[] = { g_getenv("CASA_PROGRAM"), command, "--config", self->config, "--broker", self->url };
  for (guint i = 0; i < G_N_ELEMENTS(first); i++)
    g_ptr_array_add(argv, (char *)first[i]);
  for (char *arg; (arg = va_arg(args, char *));)
    g_ptr_array_add(argv, arg);
  g_ptr_array_add(argv, NULL);
  return argv;
}

TestProcess *
access_start(AccessFixture *self, const char *name, const char *command, ...)
{
  va_list args;
  va_start(args, command);
  g_autoptr(GPtrArray) argv = arguments(self, command, args);
  va_end(args);
  return test_process_start(self->dir, name, (const char *const *)argv->pdata);
}

int
access_run(AccessFixture *self, char **out, const char *command, ...)
{
  g_autofree char *printed = NULL, *said = NULL;
  va_list args;
  va_start(args, command);
  g_autoptr(GPtrArray) argv = arguments(self, command, args);
  va_end(args);
  int status = test_run((const char *const *)argv->pdata, NULL, &printed, &said);
  if (out)
    *out = g_strconcat(printed, said, NULL);
  return status;
}

/* Arguments of the clients of mosquitto. */
static GPtrArray *
client(AccessFixture *self, const char *program, const char *user, const char *id)
{
  GPtrArray *argv = g_ptr_array_new_with_free_func(g_free);
  g_autofree char *password = access_password(user);
  const char *const common[] = { program, "-V", "5", "-h", "127.0.0.1", "-q", "1", "-u", user, "-P", password };
  for (guint i = 0; i < G_N_ELEMENTS(common); i++)
    g_ptr_array_add(argv, g_strdup(common[i]));
  g_ptr_array_add(argv, g_strdup("-p"));
  g_ptr_array_add(argv, g_strdup_printf("%u", self->port));
  if (id) {
    g_ptr_array_add(argv, g_strdup("-i"));
    g_ptr_array_add(argv, g_strdup(id));
  }
  return argv;
}

int
access_publish(AccessFixture *self, const char *user, const char *id, const char *topic, const char *payload)
{
  g_autoptr(GPtrArray) argv = client(self, "mosquitto_pub", user, id);
  const char *const own[] = { "-t", topic, "-m", payload };
  for (guint i = 0; i < G_N_ELEMENTS(own); i++)
    g_ptr_array_add(argv, g_strdup(own[i]));
  g_ptr_array_add(argv, NULL);
  g_autofree char *err = NULL;
  int status = test_run((const char *const *)argv->pdata, NULL, NULL, &err);
  return status == 0 && strstr(err, "Not authorized") ? 135 : status;
}

char *
access_listen(AccessFixture *self, const char *user, const char *id, const char *filter, const char *seconds)
{
  g_autoptr(GPtrArray) argv = client(self, "mosquitto_sub", user, id);
  const char *const own[] = { "-t", filter, "-v", "-C", "1", "-W", seconds };
  char *out = NULL;
  for (guint i = 0; i < G_N_ELEMENTS(own); i++)
    g_ptr_array_add(argv, g_strdup(own[i]));
  g_ptr_array_add(argv, NULL);
  test_run((const char *const *)argv->pdata, NULL, &out, NULL);
  return out;
}

gboolean
found_in_files(const char *dir, const char *word, const char *except)
{
  g_autoptr(GDir) folder = g_dir_open(dir, 0, NULL);
  const char *name;
  gboolean found = FALSE;
  while (folder && !found && (name = g_dir_read_name(folder))) {
    g_autofree char *path = g_build_filename(dir, name, NULL);
    g_autofree char *text = NULL;
    gsize len = 0;
    if (g_file_test(path, G_FILE_TEST_IS_DIR))
      found = found_in_files(path, word, except);
    else if (!g_str_has_suffix(name, except) && g_file_get_contents(path, &text, &len, NULL))
      found = memmem(text, len, word, strlen(word)) != NULL;
    if (found)
      g_test_message("%s holds it", path);
  }
  return found;
}
