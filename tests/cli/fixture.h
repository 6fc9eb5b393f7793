/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "broker.h"
#include "process.h"

#include <jansson.h>

G_BEGIN_DECLS

/* What the tests of `casa` share: asking it one thing, and a broker, a folder and a store for `casa record`. */

/* The programs under test and the configuration they ship with; set by cli_test_init(). */
extern const char *casa, *casa_sim, *config;

/* g_test_init(), and the paths above from the environment. */
void cli_test_init(int *argc, char ***argv);

typedef struct {
  int status;
  char *out, *err;
} Answer;
void answer_clear(Answer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Answer, answer_clear)

/* Runs `casa` with these arguments to its end. @input (or NULL) is its standard input. */
Answer ask(const char *input, ...) G_GNUC_NULL_TERMINATED;
/* The same with a line of shell, where $CASA, $CONFIG and $STORE stand for program, configuration and store. */
Answer ask_shell(const char *store, const char *line);
guint lines_of(const char *text);

typedef struct {
  TestBroker *broker;
  char *dir, *store;
} CliFixture;
void cli_fixture_set_up(CliFixture *fixture, gconstpointer data);
void cli_fixture_tear_down(CliFixture *fixture, gconstpointer data);
/* `casa record` on the fixture's broker and store; @name names its logs, @stats is its --stats. */
TestProcess *cli_fixture_record(CliFixture *fixture, const char *name, const char *stats);
/* The first number of the first row of @sql on the store. */
gint64 cli_fixture_query(CliFixture *fixture, const char *sql);
/* Waits until @sql gives @wanted or more. */
gboolean cli_fixture_wait_query(CliFixture *fixture, const char *sql, gint64 wanted, double seconds);

/* The newest whole line of what `casa record` has printed, NULL when there is none yet. */
json_t *record_line(TestProcess *process);
gint64 record_count(json_t *line, const char *key);
/* received = stored + duplicates + rejected + ignored */
void assert_adds_up(json_t *line);
/* Waits until its count of @key is @n or more; every line on the way must add up. */
gboolean record_wait_count(TestProcess *process, const char *key, gint64 n, double seconds);
/* The same of the messages that it has received. */
gboolean record_wait_received(TestProcess *process, gint64 n, double seconds);

G_END_DECLS
