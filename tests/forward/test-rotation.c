/* SPDX-License-Identifier: Apache-2.0 */
/* The token or password is changed at the server while the program runs, and then in its file. */
#include "fixture.h"
#include "process.h"
#include "stub-http.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct {
  const char *wanted; /* constant: Authorization of what is let in */
  gint strict;        /* atomic; else everybody is let in */
  gint written;       /* atomic; samples that were written, a line each */
} Guard;

static StubAnswer
guard_cb(const StubRequest *request, guint number, gpointer data)
{
  Guard *self = data;
  g_autofree char *said = stub_http_header(request, "Authorization");

  if (g_atomic_int_get(&self->strict) && g_strcmp0(said, self->wanted) != 0)
    return (StubAnswer){ .status = 401, .body = "{\"error\":\"unauthorized access\"}" };
  if (!strstr(request->target, "/write"))
    return (StubAnswer){ .status = 404 };
  if (!strstr(request->body, "casa_pulse"))
    for (const char *p = request->body; (p = strchr(p, '\n')); p++)
      g_atomic_int_inc(&self->written);
  return (StubAnswer){ .status = 204 };
}

static void
write_secret(const char *path, const char *text, int mode)
{
  g_autofree char *part = g_strconcat(path, ".part", NULL);

  g_assert_true(g_file_set_contents(part, text, -1, NULL));
  g_assert_cmpint(g_chmod(part, mode), ==, 0);
  g_assert_cmpint(g_rename(part, path), ==, 0); /* at once, with its mode: a later GLib keeps that of a file it writes over */
}

static void
rotate(const char *parameters, char *user, const char *wanted)
{
  g_autofree char *dir = test_dir_new(), *path = g_build_filename(dir, "secret", NULL);
  char old[] = "old";
  Guard guard = { .wanted = wanted };
  StubHttp *stub = stub_http_new(guard_cb, &guard);
  g_autofree char *address = g_strdup_printf("http://127.0.0.1:%u", stub_http_port(stub));
  Fixture f;

  fixture_open(&f, address, parameters);
  f.config.influx_user = user;
  *(user ? &f.config.influx_password : &f.config.influx_token) = old;
  f.config.influx_secret_file = path;
  write_secret(path, "old\n", 0600);
  fixture_put_many(&f, 0, 10);
  fixture_start(&f);
  fixture_wait_forwarded(&f, 10);

  g_atomic_int_set(&guard.strict, TRUE);
  fixture_put_many(&f, 10, 20);
  fixture_wait_state(&f, CASA_FORWARD_DENIED);
  fixture_assert_says(&f, "check the token or user and password");
  write_secret(path, "new\n", 0644); /* others could read it: not taken */
  guint before = stub_http_n_requests(stub);
  while (stub_http_n_requests(stub) < before + 4)
    g_usleep(2000);
  g_assert_cmpint(fixture_status(&f).state, ==, CASA_FORWARD_DENIED);
  write_secret(path, "new\n", 0600);
  fixture_wait_forwarded(&f, 20);
  fixture_wait_state(&f, CASA_FORWARD_OK);
  g_assert_cmpint(g_atomic_int_get(&guard.written), ==, 20);
  fixture_stop(&f, 1000);
  stub_http_free(stub);
  fixture_close(&f);
  test_dir_remove(dir);
}

static void
test_token(void)
{
  rotate("?db=casa", NULL, "Token new");
  rotate("?database=casa", NULL, "Bearer new");
}

static void
test_password(void)
{
  char user[] = "pulse";

  rotate("?db=casa", user, "Basic cHVsc2U6bmV3"); /* pulse:new, RFC 4648 */
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/forward/rotation/token", test_token);
  g_test_add_func("/forward/rotation/password", test_password);
  return g_test_run();
}
