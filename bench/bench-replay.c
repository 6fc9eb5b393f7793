/* SPDX-License-Identifier: Apache-2.0 */
/* What pace a replay of a stretch of a store reaches, with what `casa-pulse --replay FROM/TO --speed X` runs below the screen:
 * the reader, the decoder, the hub, and somebody who drains it 60 times a second. bench-replay STORE FROM/TO [SPEED]; with
 * --fill the store is a new one, and takes from standard input what `casa-sim --stdout` prints first. */
#include "ingest/ingest.h"
#include "replay.h"
#include <stdio.h>
#include <string.h>
#include <time.h>

#define FRAME_US 16667
#define BATCH 1024

typedef struct {
  gint64 moved_us, moved_ms;   /* when the replayed clock was last seen to move (monotonic), and to what */
  gint64 still_us, longest_us; /* it stood that long, all in all and at most */
  guint64 samples;
} Look;

static double
processor_s(void)
{
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
drain(CasaHub *hub, Look *look)
{
  static CasaLive batch[BATCH];
  guint n;
  do {
    n = casa_hub_drain(hub, batch, BATCH);
    look->samples += n;
  } while (n == BATCH);
}

/* A frame is no standstill. */
static void
look_at_clock(Look *look, gint64 clock_ms)
{
  const gint64 now_us = g_get_monotonic_time();
  const gint64 stood_us = now_us - look->moved_us;
  if (clock_ms == look->moved_ms)
    return;
  if (stood_us > 3 * FRAME_US)
    look->still_us += stood_us;
  look->longest_us = MAX(look->longest_us, stood_us);
  look->moved_us = now_us;
  look->moved_ms = clock_ms;
}

static void
play(CasaReplay *replay, const CasaReplayOptions *options)
{
  CasaReplayState state;
  CasaCounts counts;
  const gint64 begin_us = g_get_monotonic_time();
  const double cpu_s = processor_s();
  Look look = { .moved_us = begin_us };
  do {
    g_usleep(FRAME_US);
    drain(casa_replay_hub(replay), &look);
    look_at_clock(&look, casa_clock_ms(casa_replay_clock(replay)));
    casa_replay_read(replay, &state);
  } while (state.state == CASA_LINK_UP || state.state == CASA_LINK_CONNECTING);
  const double s = (double)(g_get_monotonic_time() - begin_us) / 1e6,
               past_s = (double)(options->to_ms - options->from_ms) / 1e3;
  casa_replay_read_counts(replay, &counts);
  printf("asked %.0f times, reached %.0f (%.1f s of the past in %.1f s); stood still %.1f s, at most %.2f s; "
         "%.0f samples/s to the screen, %" G_GUINT64_FORMAT " dropped; %.0f %% of a core\n",
         options->speed, past_s / s, past_s, s, (double)look.still_us / 1e6, (double)look.longest_us / 1e6,
         (double)look.samples / s, counts.dropped_display, 100 * (processor_s() - cpu_s) / s);
}

/* Lines of a topic, a tabulator and a payload. */
static gboolean
fill(const CasaConfig *config, CasaPulse *pulse, GError **error)
{
  static char line[65536];
  CasaHub *hub = casa_hub_new(BATCH);
  CasaCounters *counters = casa_counters_new();
  CasaStore *store = casa_pulse_store(pulse);
  CasaIngest *ingest = casa_ingest_new(config, casa_pulse_metrics(pulse), store, hub, counters);
  while (fgets(line, sizeof line, stdin)) {
    const char *payload = strchr(line, '\t');
    if (!payload)
      continue;
    const CasaMessage message = {
      .topic = line, .topic_len = (gsize)(payload - line), .payload = payload + 1, .payload_len = strcspn(payload + 1, "\n")
    };
    casa_ingest_message(&message, ingest);
  }
  casa_ingest_stop(ingest);
  casa_ingest_free(ingest);
  casa_hub_free(hub);
  casa_counters_free(counters);
  return casa_store_upkeep(store, casa_clock_now_ms(), error);
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;
  const gboolean filled = argc > 1 && strcmp(argv[1], "--fill") == 0;
  argc -= filled;
  argv += filled;
  CasaReplayOptions options = { .speed = argc > 3 ? g_ascii_strtod(argv[3], NULL) : 600 };
  if (argc < 3 || !casa_replay_options_parse(&options, argv[2], &error)) {
    fprintf(stderr, "usage: bench-replay [--fill] STORE FROM/TO [SPEED]%s%s\n", error ? ": " : "", error ? error->message : "");
    return 2;
  }
  const CasaConfigOverrides overrides = { .store = argv[1] };
  g_autoptr(CasaConfig) config = casa_config_load(&overrides, &error);
  g_autoptr(CasaPulse) pulse = config ? casa_pulse_new(config, FALSE, &error) : NULL;
  if (!pulse || (filled && !fill(config, pulse, &error))) {
    fprintf(stderr, "bench-replay: %s\n", error->message);
    return 1;
  }
  g_autoptr(CasaReplay) replay = pulse ? casa_replay_new(config, pulse, &options, &error) : NULL;
  if (!replay || !casa_replay_start(replay, &error)) {
    fprintf(stderr, "bench-replay: %s\n", error->message);
    return 1;
  }
  play(replay, &options);
  casa_replay_options_clear(&options);
  return 0;
}
