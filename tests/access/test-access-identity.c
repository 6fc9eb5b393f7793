/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <signal.h>
#include <string.h>

static const char *const users[] = { "pulse", "record", "city", "equipe-1", "equipe-2", NULL };

static TestProcess *
start_wall(AccessFixture *fixture, const char *name, const char *store)
{
  g_autofree char *path = g_build_filename(fixture->dir, store, NULL);
  TestProcess *wall = access_start(fixture, name, "record", "--store", path, "--stats", "0.2", NULL);
  g_assert_true(test_process_wait_err(wall, "connected to", 30));
  return wall;
}

static void
end_wall(TestProcess *wall)
{
  test_process_signal(wall, SIGTERM);
  g_assert_cmpint(test_process_wait(wall, 30), ==, 0);
}

/* Values never repeat: the same bytes redelivered without a time of their own would be the same sample (docs/WIRE.md). */
static void
publish(AccessFixture *fixture, guint n)
{
  static guint value;
  for (guint i = 0; i < n; i++) {
    g_autofree char *payload = g_strdup_printf("{\"pm10\":%u}", ++value);
    g_assert_cmpint(access_publish(fixture, "city", NULL, "casa/v1/city/air/a", payload), ==, 0);
  }
}

/* Two programs as one user would put each other off: the second does not even connect, and says what to do. */
static void
test_same_user_is_refused(void)
{
  g_autoptr(AccessFixture) fixture = access_new(users);
  g_autofree char *other = g_build_filename(fixture->dir, "other.db", NULL);
  g_autofree char *out = NULL;
  access_configure(fixture, "pulse", NULL);
  g_autoptr(TestProcess) wall = start_wall(fixture, "wall", "pulse.db");
  g_assert_cmpint(access_run(fixture, &out, "record", "--store", other, "--duration", "5s", NULL), ==, 1);
  g_assert_nonnull(strstr(out, "casa record (process "));
  g_assert_nonnull(strstr(out, "as user \"pulse\": a second connection of a user would put it off"));
  g_assert_nonnull(strstr(out, "[record] user and password_file in pulse.conf"));
  publish(fixture, 1);
  g_assert_true(test_process_wait_out(wall, "\"stored\":1,", 30));
  end_wall(wall);
  g_autofree char *stats = test_process_out(wall);
  g_assert_null(strstr(stats, "\"reconnects\":1"));
  /* It falls free with the program. */
  g_autoptr(TestProcess) next = start_wall(fixture, "next", "other.db");
  test_process_signal(next, SIGKILL);
  test_process_wait(next, 30);
  g_autoptr(TestProcess) after_kill = start_wall(fixture, "after", "other.db");
  end_wall(after_kill);
}

/* With a user of its own, casa record runs beside the wall, and both get everything. */
static void
test_record_beside_wall(void)
{
  g_autoptr(AccessFixture) fixture = access_new(users);
  access_configure(fixture, "pulse", NULL);
  g_autoptr(TestProcess) wall = start_wall(fixture, "wall", "pulse.db");
  access_configure(fixture, "pulse", "[record]\nuser = record\npassword_file = ../record.password\n");
  g_autoptr(TestProcess) record = start_wall(fixture, "record", "other.db");
  publish(fixture, 3);
  g_assert_true(test_process_wait_out(wall, "\"stored\":3,", 30));
  g_assert_true(test_process_wait_out(record, "\"stored\":3,", 30));
  end_wall(wall);
  end_wall(record);
  g_autofree char *stats = test_process_out(wall);
  g_assert_null(strstr(stats, "\"reconnects\":1"));
}

/* The wall is closed and messages wait for it: the doctor is let in as its user, and every message is still there. */
static void
test_doctor_leaves_the_session(void)
{
  g_autoptr(AccessFixture) fixture = access_new(users);
  g_autofree char *store = g_build_filename(fixture->dir, "pulse.db", NULL);
  access_configure(fixture, "pulse", NULL);
  g_autoptr(TestProcess) wall = start_wall(fixture, "wall", "pulse.db");
  publish(fixture, 1);
  g_assert_true(test_process_wait_out(wall, "\"stored\":1,", 30));
  end_wall(wall);
  publish(fixture, 10);
  for (guint i = 0; i < 3; i++) {
    g_autofree char *out = NULL;
    access_run(fixture, &out, "doctor", "--store", store, NULL);
    g_test_message("%s", out);
    g_assert_nonnull(strstr(out, "lets user \"pulse\" in; a session waits there"));
    g_assert_nonnull(strstr(out, "pass  broker"));
  }
  publish(fixture, 1);
  g_autoptr(TestProcess) again = start_wall(fixture, "again", "pulse.db");
  g_assert_true(test_process_wait_out(again, "\"stored\":11,", 30));
  end_wall(again);
  g_autofree char *stats = test_process_out(again);
  g_assert_null(strstr(stats, "\"gaps\":1"));
  g_assert_null(strstr(stats, "\"received\":12"));
}

/* A recorder that was stopped has a queue in the broker that grows: it is named, and what is said against it helps. */
static void
test_doctor_names_the_hoarder(void)
{
  g_autoptr(AccessFixture) fixture = access_new(users);
  g_autofree char *store = g_build_filename(fixture->dir, "pulse.db", NULL);
  g_autofree char *out = NULL, *after = NULL, *password = NULL, *file = g_build_filename(fixture->dir, "record.password", NULL);
  access_configure(fixture, "pulse", "[record]\nuser = record\npassword_file = ../record.password\n");
  g_autoptr(TestProcess) record = start_wall(fixture, "record", "pulse.db");
  publish(fixture, 1);
  g_assert_true(test_process_wait_out(record, "\"stored\":1,", 30));
  end_wall(record);
  access_run(fixture, &out, "doctor", "--store", store, NULL);
  g_test_message("%s", out);
  g_assert_nonnull(strstr(out, "warn  queue    nobody runs as user \"record\""));

  g_assert_true(g_file_get_contents(file, &password, NULL, NULL));
  g_autoptr(GString) cure = g_string_new(strstr(out, "mosquitto_sub -h "));
  g_string_truncate(cure, strcspn(cure->str, "\n"));
  g_string_replace(cure, "PASSWORD", g_strstrip(password), 1);
  int status;
  g_assert_true(g_spawn_command_line_sync(cure->str, NULL, NULL, &status, NULL));
  access_run(fixture, &after, "doctor", "--store", store, NULL);
  g_assert_null(strstr(after, "warn  queue"));
  g_assert_null(strstr(after, "a session waits there"));
}

/* Before the first evening the doctor makes no session either: a wall would take it for its own and miss a gap. */
static void
test_doctor_leaves_no_session(void)
{
  g_autoptr(AccessFixture) fixture = access_new(users);
  g_autofree char *store = g_build_filename(fixture->dir, "pulse.db", NULL);
  g_autofree char *out = NULL;
  access_configure(fixture, "pulse", NULL);
  access_run(fixture, &out, "doctor", "--store", store, NULL);
  g_assert_nonnull(strstr(out, "answers and takes the subscription to casa/v1/#"));
  publish(fixture, 5);
  g_autoptr(TestProcess) wall = start_wall(fixture, "wall", "pulse.db");
  g_assert_cmpint(access_publish(fixture, "city", NULL, "casa/v1/city/air/last", "{\"pm10\":1}"), ==, 0);
  g_assert_true(test_process_wait_out(wall, "\"stored\":1,", 30));
  end_wall(wall);
  g_autofree char *stats = test_process_out(wall);
  g_assert_null(strstr(stats, "\"received\":2"));
}

static void
test_doctor_beside_wall(void)
{
  g_autoptr(AccessFixture) fixture = access_new(users);
  g_autofree char *store = g_build_filename(fixture->dir, "pulse.db", NULL);
  g_autofree char *out = NULL, *own = NULL;
  access_configure(fixture, "pulse", NULL);
  g_autoptr(TestProcess) wall = start_wall(fixture, "wall", "pulse.db");
  access_run(fixture, &out, "doctor", "--store", store, NULL);
  g_assert_nonnull(strstr(out, "warn  broker   not asked: casa record (process "));
  access_configure(fixture, "pulse", "[record]\nuser = record\npassword_file = ../record.password\n");
  access_run(fixture, &own, "doctor", "--store", store, NULL);
  g_assert_nonnull(strstr(own, "answers and takes the subscription"));
  publish(fixture, 1);
  g_assert_true(test_process_wait_out(wall, "\"stored\":1,", 30));
  end_wall(wall);
  g_autofree char *stats = test_process_out(wall);
  g_assert_null(strstr(stats, "\"reconnects\":1"));
}

#define REFUSED 135 /* MQTT 5's reason code */

/* The shipped ACL: a team writes in its own branch and reads its own feedback, and nothing else. */
static void
test_teams_are_apart(void)
{
  static const struct {
    const char *user, *topic;
    gboolean may;
  } writes[] = {
    { "equipe-1", "casa/v1/equipe-1/air/a", TRUE },   { "equipe-1", "casa/v1/equipe-1/$station/a", TRUE },
    { "equipe-1", "casa/v1/equipe-1/$status", TRUE }, { "equipe-1", "casa/v1/equipe-2/air/a", FALSE },
    { "equipe-1", "casa/v1/city/air/a", FALSE },      { "equipe-1", "casa/v1/$control/sim", FALSE },
    { "equipe-1", "casa/v1/pulse/air/a", FALSE },     { "equipe-1", "elsewhere", FALSE },
    { "city", "casa/v1/equipe-1/air/a", FALSE },      { "record", "casa/v1/city/air/a", FALSE },
    { "pulse", "casa/v1/city/air/a", FALSE },         { "pulse", "casa/v1/equipe-1/$feedback", TRUE },
  };
  g_autoptr(AccessFixture) fixture = access_new(users);
  for (guint i = 0; i < G_N_ELEMENTS(writes); i++) {
    int status = access_publish(fixture, writes[i].user, NULL, writes[i].topic, "1");
    g_test_message("%s to %s: %d", writes[i].user, writes[i].topic, status);
    g_assert_cmpint(status, ==, writes[i].may ? 0 : REFUSED);
  }
  /* Retained, so that who may read it gets it at once. */
  const char *argv[] = { "mosquitto_pub",
                         "-h",
                         "127.0.0.1",
                         "-p",
                         fixture->url + strlen("mqtt://127.0.0.1:"),
                         "-u",
                         "equipe-2",
                         "-P",
                         "s3cret-of-equipe-2",
                         "-q",
                         "1",
                         "-r",
                         "-t",
                         "casa/v1/equipe-2/air/a",
                         "-m",
                         "theirs",
                         NULL };
  g_assert_cmpint(test_run(argv, NULL, NULL, NULL), ==, 0);
  g_autofree char *reader = access_listen(fixture, "record", NULL, "casa/v1/#", "20");
  g_assert_nonnull(strstr(reader, "theirs"));
  g_autofree char *thief = access_listen(fixture, "equipe-1", NULL, "casa/v1/equipe-2/#", "2");
  g_assert_cmpstr(thief, ==, "");
  g_autofree char *all = access_listen(fixture, "equipe-1", NULL, "#", "2");
  g_assert_cmpstr(all, ==, "");
}

/* A team that publishes where it may not is told so, and stays connected. */
static void
test_refused_and_still_there(void)
{
  g_autoptr(AccessFixture) fixture = access_new(users);
  const char *argv[] = { "mosquitto_pub",
                         "-h",
                         "127.0.0.1",
                         "-p",
                         fixture->url + strlen("mqtt://127.0.0.1:"),
                         "-u",
                         "equipe-1",
                         "-P",
                         "s3cret-of-equipe-1",
                         "-V",
                         "mqttv5",
                         "-q",
                         "1",
                         "-t",
                         "casa/v1/equipe-2/air/a",
                         "-l",
                         NULL };
  g_autofree char *err = NULL;
  test_run(argv, "1\n2\n3\n", NULL, &err);
  g_test_message("%s", err);
  g_assert_nonnull(strstr(err, "Publish 3 failed: Not authorized"));
}

/* A team that calls itself pulse gets neither the wall's place nor what waits for it. */
static void
test_session_cannot_be_taken(void)
{
  g_autoptr(AccessFixture) fixture = access_new(users);
  access_configure(fixture, "pulse", NULL);
  g_autoptr(TestProcess) wall = start_wall(fixture, "wall", "pulse.db");
  g_autofree char *beside = access_listen(fixture, "equipe-1", "pulse", "casa/v1/#", "1");
  g_assert_cmpstr(beside, ==, "");
  publish(fixture, 1);
  g_assert_true(test_process_wait_out(wall, "\"stored\":1,", 30));
  end_wall(wall);
  g_autofree char *stats = test_process_out(wall);
  g_assert_null(strstr(stats, "\"reconnects\":1"));
  publish(fixture, 5);
  g_autofree char *closed = access_listen(fixture, "equipe-1", "pulse", "casa/v1/#", "1");
  g_assert_cmpstr(closed, ==, "");
  g_autoptr(TestProcess) again = start_wall(fixture, "again", "pulse.db");
  g_assert_true(test_process_wait_out(again, "\"stored\":5,", 30));
  end_wall(again);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/access/identity/same-user-is-refused", test_same_user_is_refused);
  g_test_add_func("/access/identity/record-beside-wall", test_record_beside_wall);
  g_test_add_func("/access/identity/doctor-leaves-the-session", test_doctor_leaves_the_session);
  g_test_add_func("/access/identity/doctor-names-the-hoarder", test_doctor_names_the_hoarder);
  g_test_add_func("/access/identity/doctor-leaves-no-session", test_doctor_leaves_no_session);
  g_test_add_func("/access/identity/doctor-beside-wall", test_doctor_beside_wall);
  g_test_add_func("/access/identity/teams-are-apart", test_teams_are_apart);
  g_test_add_func("/access/identity/refused-and-still-there", test_refused_and_still_there);
  g_test_add_func("/access/identity/session-cannot-be-taken", test_session_cannot_be_taken);
  return g_test_run();
}
