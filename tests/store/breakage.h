/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "store/reader-private.h"
#include "store/store-private.h"

/* Makes SQLite say no: refuses a statement, or breaks one off in its middle. One connection at a time. */

/* @refuse: the statement of @statements that is refused, -1 none. @countdown: the step of all at which the one that runs is
 * broken off, 0 never. Until disarm(). */
void arm(CasaStatements *statements, int refuse, gint64 countdown);
void disarm(void);
void forget_prepared(CasaStatements *statements); /* They are prepared anew, and may be refused */
gboolean has_broken(void);                        /* Since arm(): one was broken off */
gint64 steps_taken(void);                         /* Since arm() */
