/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "store/reader.h"
#include <pthread.h>

G_BEGIN_DECLS

/* How a thread that reads the store waits for work: what its reader keeps for reading on goes back when nothing was read for a
 * while. Each reader keeps a copy of all that is in no block yet, some 5 MB of a city, and pages of the file. */

/* After so long without a reading, microseconds: reading that copy anew takes some 30 ms. What a curve of the last hour asks
 * every ten seconds goes on with what it has. */
#define CASA_READER_WAIT_US (20 * G_USEC_PER_SEC)

void casa_reader_wait_init(pthread_cond_t *wake); /* As pthread_cond_init(); destroyed as usual */
/* As pthread_cond_wait(): may return for no reason, and @lock is open meanwhile. @reader: of the calling thread, rests once
 * nothing was read for @patience_us; NULL: there is none yet. */
void casa_reader_wait(CasaReader *reader, gint64 patience_us, pthread_cond_t *wake, pthread_mutex_t *lock);

G_END_DECLS
