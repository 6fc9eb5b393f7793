/* SPDX-License-Identifier: Apache-2.0 */
#include "breakage.h"

#include <string.h>

typedef struct {
  CasaStatements *statements; /* of the connection under test */
  const char *const *sound;   /* its own SQL */
  const char *broken[MAX((int)CASA_SQL_N, (int)CASA_READ_N)];
  gint64 countdown; /* of steps, 0: none is broken off */
  gint64 steps;
  gboolean fired, committed;
} Fault;

static Fault fault;

static int
commit_cb(gpointer data)
{
  fault.committed = TRUE;
  return 0;
}

/* What has just ended is committed, and cannot fail any more: no transaction is open, or only the one to read that the store
 * keeps after a commit. */
static gboolean
may_fail(void)
{
  int state = sqlite3_txn_state(fault.statements->db, "main");
  if (state != SQLITE_TXN_READ)
    fault.committed = FALSE;
  return state != SQLITE_TXN_NONE && !fault.committed;
}

static int
step_cb(gpointer data)
{
  fault.steps++;
  if (fault.countdown == 0 || !may_fail() || --fault.countdown > 0)
    return 0;
  fault.fired = TRUE;
  return 1;
}

void
forget_prepared(CasaStatements *statements)
{
  for (guint i = 0; i < statements->n; i++)
    g_clear_pointer(&statements->prepared[i], sqlite3_finalize);
}

void
arm(CasaStatements *statements, int refuse, gint64 countdown)
{
  fault = (Fault){ .statements = statements, .sound = statements->sql, .countdown = countdown };
  if (refuse >= 0) {
    forget_prepared(statements);
    memcpy(fault.broken, statements->sql, statements->n * sizeof *fault.broken);
    fault.broken[refuse] = "THIS IS REFUSED";
    statements->sql = fault.broken;
  }
  sqlite3_progress_handler(statements->db, 1, step_cb, NULL);
  sqlite3_commit_hook(statements->db, commit_cb, NULL);
}

void
disarm(void)
{
  sqlite3_progress_handler(fault.statements->db, 0, NULL, NULL);
  sqlite3_commit_hook(fault.statements->db, NULL, NULL);
  fault.statements->sql = fault.sound;
  fault.countdown = 0;
}

gboolean
has_broken(void)
{
  return fault.fired;
}

gint64
steps_taken(void)
{
  return fault.steps;
}
