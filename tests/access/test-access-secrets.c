/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"
#include "fixture.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define SECRET "s3cret-of-pulse"

static const char *const users[] = { "pulse", "city", "record", NULL };

static void
assert_not_in_proc(TestProcess *process, const char *store)
{
  g_autoptr(GDir) proc = g_dir_open("/proc", 0, NULL);
  const char *name;
  guint seen = 0;
  while ((name = g_dir_read_name(proc))) {
    g_autofree char *path = g_strdup_printf("/proc/%s/cmdline", name);
    g_autofree char *environ_path = g_strdup_printf("/proc/%s/environ", name);
    g_autofree char *text = NULL, *variables = NULL;
    gsize len = 0, n = 0;
    if (!g_ascii_isdigit(*name) || !g_file_get_contents(path, &text, &len, NULL) || !memmem(text, len, store, strlen(store)))
      continue;
    seen++;
    g_assert_null(memmem(text, len, SECRET, strlen(SECRET)));
    g_assert_true(g_file_get_contents(environ_path, &variables, &n, NULL));
    g_assert_null(memmem(variables, n, SECRET, strlen(SECRET)));
  }
  g_assert_cmpuint(seen, ==, 1);
}

/* Not in the arguments, the environment, what it says, or any file it writes. */
static void
test_nowhere_to_be_seen(void)
{
  g_autoptr(AccessFixture) fixture = access_new(users);
  g_autofree char *store = g_build_filename(fixture->dir, "pulse.db", NULL);
  access_configure(fixture, "pulse",
                   "[influx]\nurl = http://127.0.0.1:9/?db=x\nuser = pulse\npassword_file = ../pulse.password\n");
  g_autoptr(TestProcess) record = access_start(fixture, "record", "record", "--store", store, "--stats", "1", NULL);
  g_assert_true(test_process_wait_err(record, "connected to", 30));
  g_assert_cmpint(access_publish(fixture, "city", NULL, "casa/v1/city/air/a", "{\"pm10\":\"x\"}"), ==, 0);
  g_assert_true(test_process_wait_out(record, "\"rejected\":1", 30));
  g_assert_true(test_process_wait_err(record, "influx:", 30));
  assert_not_in_proc(record, store);
  test_process_signal(record, SIGTERM);
  g_assert_cmpint(test_process_wait(record, 30), ==, 0);
  /* The broker's own password file is hashed; the .password files are where it comes from. */
  g_assert_false(found_in_files(fixture->dir, SECRET, ".password"));
}

/* A wrong password is said without saying it. */
static void
test_wrong_password(void)
{
  g_autoptr(AccessFixture) fixture = access_new(users);
  g_autofree char *file = g_build_filename(fixture->dir, "pulse.password", NULL);
  g_autofree char *store = g_build_filename(fixture->dir, "pulse.db", NULL);
  g_autofree char *out = NULL, *doctor = NULL;
  g_assert_true(g_file_set_contents_full(file, "wr0ng\n", -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
  access_configure(fixture, "pulse", NULL);
  int status = access_run(fixture, &out, "record", "--store", store, "--duration", "8s", NULL); /* time enough to be refused */
  g_test_message("%s", out);
  g_assert_cmpint(status, ==, 1);
  g_assert_nonnull(strstr(out, "not authorised; set [broker] user and password_file"));
  g_assert_null(strstr(out, "wr0ng"));
  g_assert_cmpint(access_run(fixture, &doctor, "doctor", "--store", store, NULL), ==, 1);
  g_assert_nonnull(strstr(doctor, "not authorised"));
  g_assert_null(strstr(doctor, "wr0ng"));
}

/* The file must be ours alone; the message is the command that mends it. */
static void
test_file_must_be_ours(void)
{
  static const int modes[] = { 0640, 0604, 0660, 0601 };
  g_autoptr(AccessFixture) fixture = access_new(users);
  g_autofree char *file = g_build_filename(fixture->dir, "pulse.password", NULL);
  g_autofree char *mend = g_strdup_printf("run: chmod 600 %s", file);
  access_configure(fixture, "pulse", NULL);
  for (guint i = 0; i < G_N_ELEMENTS(modes); i++) {
    g_autofree char *out = NULL;
    g_assert_cmpint(g_chmod(file, modes[i]), ==, 0);
    g_assert_cmpint(access_run(fixture, &out, "doctor", NULL), ==, 2);
    g_assert_nonnull(strstr(out, mend));
    g_assert_nonnull(strstr(out, "pulse.conf:3: [broker] password_file: "));
    g_assert_null(strstr(out, SECRET));
  }
  g_assert_cmpint(g_chmod(file, 0600), ==, 0);
  if (geteuid() != 0) {
    g_test_skip("only root can give a file to another user");
    return;
  }
  g_autofree char *out = NULL;
  g_assert_cmpint(chown(file, 65534, 65534), ==, 0);
  g_assert_cmpint(access_run(fixture, &out, "doctor", NULL), ==, 2);
  g_assert_nonnull(strstr(out, "belongs to another user (65534)"));
}

static void
test_not_in_addresses(void)
{
  g_autoptr(AccessFixture) fixture = access_new(users);
  access_configure(fixture, "pulse", NULL);
  static const char *const options[][2] = { { "--broker", "mqtt://pulse:" SECRET "@127.0.0.1" },
                                            { "--broker", "mqtts://:" SECRET "@127.0.0.1:1" },
                                            { "--influx", "http://u:" SECRET "@127.0.0.1/?db=x" },
                                            { "--influx", "http://127.0.0.1/?db=x&p=" SECRET },
                                            { "--influx", "http://127.0.0.1/?org=x&bucket=y&token=" SECRET } };
  for (guint i = 0; i < G_N_ELEMENTS(options); i++) {
    g_autofree char *out = NULL;
    g_assert_cmpint(access_run(fixture, &out, "record", "--duration", "1s", options[i][0], options[i][1], NULL), ==, 2);
    g_assert_nonnull(strstr(out, "password_file"));
    g_assert_null(strstr(out, SECRET));
  }
}

/* A real keyring: the secret goes in by `casa secret`, and `casa doctor` is let in by the broker with it. */
static void
test_keyring(void)
{
  g_autofree char *daemon = g_find_program_in_path("gnome-keyring-daemon");
  g_autofree char *session = g_find_program_in_path("dbus-run-session");
  if (!daemon || !session) {
    g_test_skip("gnome-keyring or dbus is not installed");
    return;
  }
  g_autoptr(AccessFixture) fixture = access_new(users);
  g_autofree char *conf = g_build_filename(fixture->config, "pulse.conf", NULL);
  g_autofree char *store = g_build_filename(fixture->dir, "pulse.db", NULL);
  g_autofree char *password = access_password("record");
  g_autofree char *script = g_strdup_printf(
    "export HOME='%s' XDG_RUNTIME_DIR='%s' XDG_DATA_HOME='%s/data'\n"
    "printf unlock | gnome-keyring-daemon --unlock --components=secrets >/dev/null || exit 77\n"
    "gdbus wait --session --timeout 30 org.freedesktop.secrets || exit 77\n" /* or the bus starts another, which is locked */
    "\"$CASA_PROGRAM\" doctor --config '%s' --broker %s --store '%s'; echo before $?\n"
    "printf '" SECRET "\\n' | \"$CASA_PROGRAM\" secret set broker --config '%s' --broker %s; echo set $?\n"
    "\"$CASA_PROGRAM\" doctor --config '%s' --broker %s --store '%s'; echo after $?\n"
    "printf '[record]\nuser = record\npassword_keyring = true\n' >>'%s'\n"
    "\"$CASA_PROGRAM\" doctor --config '%s' --broker %s --store '%s'; echo half $?\n"
    "printf '%s\\n' | \"$CASA_PROGRAM\" secret set record --config '%s' --broker %s; echo second $?\n"
    "\"$CASA_PROGRAM\" doctor --config '%s' --broker %s --store '%s'; echo beside $?\n"
    "\"$CASA_PROGRAM\" check --config '%s' -t casa/v1/t/air/a - </dev/null; echo check $?\n",
    fixture->dir, fixture->dir, fixture->dir, fixture->config, fixture->url, store, fixture->config, fixture->url,
    fixture->config, fixture->url, store, conf, fixture->config, fixture->url, store, password, fixture->config, fixture->url,
    fixture->config, fixture->url, store, fixture->config);
  g_assert_true(g_file_set_contents(conf, "[broker]\nuser = pulse\npassword_keyring = true\n", -1, NULL));
  const char *argv[] = { "dbus-run-session", "--", "sh", "-c", script, NULL };
  g_autofree char *out = NULL, *err = NULL;
  int status = test_run(argv, NULL, &out, &err);
  g_test_message("%s%s", out, err);
  if (status == 77) {
    g_test_skip("gnome-keyring-daemon does not start here");
    return;
  }
  g_assert_nonnull(strstr(err, "[broker] password_keyring: the keyring holds none for pulse at 127.0.0.1:"));
  g_assert_nonnull(strstr(err, "run: casa secret set broker"));
  g_assert_nonnull(strstr(out, "before 2"));
  g_assert_nonnull(strstr(out, "set 0"));
  g_assert_nonnull(strstr(err, "set password_keyring = true in pulse.conf, [broker]"));
  const char *after = strstr(out, "answers and takes the subscription"), *beside = strstr(out, "second 0");
  g_assert_nonnull(after);
  g_assert_nonnull(strstr(err, "[record] password_keyring: the keyring holds none for record at 127.0.0.1:"));
  g_assert_nonnull(strstr(err, "run: casa secret set record"));
  g_assert_nonnull(strstr(out, "half 2"));
  g_assert_nonnull(beside);
  g_assert_nonnull(strstr(beside, "answers and takes the subscription"));
  g_assert_null(strstr(out, SECRET));
  g_assert_null(strstr(err, SECRET));
  g_assert_false(found_in_files(fixture->dir, SECRET, ".password")); /* the keyring's own file is encrypted */
}

/* No keyring in this session: said, with both ways out; and what needs no server is not disturbed. */
static void
test_no_keyring(void)
{
  g_autoptr(AccessFixture) fixture = access_new(users);
  g_autofree char *conf = g_build_filename(fixture->config, "pulse.conf", NULL);
  g_autofree char *out = NULL, *checked = NULL;
  g_assert_true(g_file_set_contents(conf, "[broker]\nuser = pulse\npassword_keyring = true\n", -1, NULL));
  g_assert_true(g_setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere", TRUE));
  g_assert_cmpint(access_run(fixture, &out, "record", "--duration", "1s", NULL), ==, 2);
  g_assert_nonnull(strstr(out, "pulse.conf: [broker] password_keyring: no keyring answers: "));
  g_assert_nonnull(strstr(out, "or keep the secret in a file of mode 0600"));
  g_assert_cmpint(access_run(fixture, &checked, "check", "-t", "casa/v1/t/air/a", "/dev/null", NULL), ==, 0);
  g_unsetenv("DBUS_SESSION_BUS_ADDRESS");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/access/secrets/nowhere-to-be-seen", test_nowhere_to_be_seen);
  g_test_add_func("/access/secrets/wrong-password", test_wrong_password);
  g_test_add_func("/access/secrets/file-must-be-ours", test_file_must_be_ours);
  g_test_add_func("/access/secrets/not-in-addresses", test_not_in_addresses);
  g_test_add_func("/access/secrets/keyring", test_keyring);
  g_test_add_func("/access/secrets/no-keyring", test_no_keyring);
  return g_test_run();
}
