/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include <string.h>

#include "sink.h"

static volatile sig_atomic_t stop_requested;

static void stop_cb(int signo) {
  stop_requested = 1;
}

void casa_sim_stop_on_signals(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = stop_cb;
  action.sa_flags = (int)SA_RESETHAND; /* a second Ctrl-C ends at once */
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  signal(SIGPIPE, SIG_IGN);
}

void casa_sim_stop_request(void) {
  stop_requested = 1;
}

gboolean casa_sim_stop_requested(void) {
  return stop_requested != 0;
}
