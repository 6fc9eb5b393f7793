/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* A real database for tests: Debian's influxd or victoria-metrics on 127.0.0.1, a free port and a private folder. It
 * dies with the test process, whatever ends that. Test thread only. */
typedef struct _TestInfluxd TestInfluxd;

/* Makes folder and configuration and starts the server; returns when it answers. Aborts the test, with the server's
 * log, when it does not within a minute. */
TestInfluxd *test_influxd_new(void);
TestInfluxd *test_influxd_new_victoria(void);
TestInfluxd *test_influxd_new_victoria_with(const char *flag); /* one more of its command line */
/* Kills, deletes the folder. NULL is fine. */
void test_influxd_free(TestInfluxd *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TestInfluxd, test_influxd_free)

/* Same port and folder again, after stop or kill. */
void test_influxd_start(TestInfluxd *self);
void test_influxd_stop(TestInfluxd *self); /* SIGTERM */
void test_influxd_kill(TestInfluxd *self); /* SIGKILL */

double test_influxd_cpu_s(TestInfluxd *self); /* as test_process_cpu_s() */

/* "http://127.0.0.1:port" */
const char *test_influxd_address(TestInfluxd *self);

/* GET @path_and_query (already escaped). Returns: (transfer full) the body whatever the status; NULL when nobody
 * answered. */
char *test_influxd_get(TestInfluxd *self, const char *path_and_query);
/* InfluxQL on @db (1.x); the answer as CSV. */
char *test_influxd_query(TestInfluxd *self, const char *db, const char *q);
/* The last value of the answer's last row, NAN when there is none: for count(), sum(), last(). */
double test_influxd_number(TestInfluxd *self, const char *db, const char *q);

G_END_DECLS
