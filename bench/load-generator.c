/* SPDX-License-Identifier: Apache-2.0 */
#include "load-generator.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WORDS (1 << 17) /* 1 MiB: what a server touches, not what fits into the nearest cache */

struct _Burner {
  pid_t child;
};

static guint64 memory[WORDS];

static double
now(clockid_t clock)
{
  struct timespec t;
  clock_gettime(clock, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
burn_block(void)
{
  static guint64 sum = 1;
  for (guint i = 0; i < WORDS / 8; i++) {
    sum = sum * 6364136223846793005u + 1442695040888963407u; /* Knuth's MMIX */
    memory[sum >> 47] ^= sum;
  }
}

/* After fork of a process with threads: system calls only. */
static void
burn(double share)
{
  const struct timespec pause = { .tv_nsec = 1000000 };
  double begun = now(CLOCK_MONOTONIC), used = now(CLOCK_PROCESS_CPUTIME_ID);
  for (;;) {
    if (now(CLOCK_PROCESS_CPUTIME_ID) - used < share * (now(CLOCK_MONOTONIC) - begun))
      burn_block();
    else
      nanosleep(&pause, NULL);
  }
}

LoadGenerator *
load_generator_new(double share, int niceness)
{
  LoadGenerator *self = g_new0(LoadGenerator, 1);
  self->child = fork();
  if (self->child < 0)
    g_error("cannot fork");
  if (self->child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setpriority(PRIO_PROCESS, 0, niceness);
    burn(share);
  }
  return self;
}

void
load_generator_free(LoadGenerator *self)
{
  if (!self)
    return;
  kill(self->child, SIGKILL);
  waitpid(self->child, NULL, 0);
  g_free(self);
}
