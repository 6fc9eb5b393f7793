/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "sink.h"

static volatile sig_atomic_t stop_requested;

/* `timeout` and terminals may deliver one wish twice; a second one a second later is impatience. */
static void
stop_cb(int signo)
{
  static time_t first; /* only ever touched here, with both signals blocked */
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  if (stop_requested && now.tv_sec > first + 1)
    _exit(128 + signo);
  first = stop_requested ? first : now.tv_sec;
  stop_requested = 1;
}

void
casa_sim_stop_on_signals(void)
{
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = stop_cb;
  sigaddset(&action.sa_mask, SIGINT);
  sigaddset(&action.sa_mask, SIGTERM);
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  signal(SIGPIPE, SIG_IGN);
}

void
casa_sim_stop_request(void)
{
  stop_requested = 1;
}

gboolean
casa_sim_stop_requested(void)
{
  return stop_requested != 0;
}
