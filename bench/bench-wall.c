/* SPDX-License-Identifier: Apache-2.0 */
/* The wall itself, with a watch on its frames: takes casa-pulse's options, and appends lines to the file CASA_BENCH_WALL: its
 * process number, seconds from its start to the first frame and to the full history, then of as many seconds as
 * CASA_BENCH_SECONDS says, after CASA_BENCH_SETTLE of them: frames a second, intervals between frames, processor time. For
 * wall-rate.sh. */
#include "ui/shell/application.h"
#include "ui/shell/window-private.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define LOOK_MS 10

typedef struct {
  const char *path;
  gint64 start_us, first_us, ready_us, painted_us; /* monotonic; 0: not yet */
  gint64 begin_us, end_us;                         /* of the measurement */
  double cpu_s;                                    /* at its begin */
  CasaWindow *window;                              /* weak */
  gboolean painting, done;
  GArray *intervals; /* double, ms */
} Watch;

static double
processor_s(void)
{
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void G_GNUC_PRINTF(2, 3) tell(Watch *self, const char *format, ...)
{
  FILE *file = fopen(self->path, "a");
  va_list arguments;

  if (!file)
    return;
  va_start(arguments, format);
  vfprintf(file, format, arguments);
  va_end(arguments);
  fclose(file);
}

static double
since_start_s(Watch *self)
{
  return (double)(g_get_monotonic_time() - self->start_us) / 1e6;
}

static void
paint_cb(GdkFrameClock *clock, Watch *self)
{
  self->painting = TRUE;
}

static void
after_paint_cb(GdkFrameClock *clock, Watch *self)
{
  const gint64 now_us = g_get_monotonic_time();

  if (!self->painting)
    return;
  self->painting = FALSE;
  if (self->first_us == 0) {
    self->first_us = now_us;
    tell(self, "first-frame %.2f\n", since_start_s(self));
  }
  if (self->painted_us >= self->begin_us && now_us < self->end_us) {
    const double ms = (double)(now_us - self->painted_us) / 1000;
    g_array_append_val(self->intervals, ms);
  }
  self->painted_us = now_us;
}

static int
compare(gconstpointer a, gconstpointer b)
{
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double
part_of(Watch *self, double part)
{
  const guint n = self->intervals->len;
  return n > 0 ? g_array_index(self->intervals, double, MIN((guint)(n * part), n - 1)) : 0;
}

static void
tell_frames(Watch *self)
{
  const double seconds = (double)(self->end_us - self->begin_us) / 1e6;

  g_array_sort(self->intervals, compare);
  tell(self, "frames %.1f p50 %.1f p99 %.1f longest %.1f cpu %.1f\n", self->intervals->len / seconds, part_of(self, 0.5),
       part_of(self, 0.99), part_of(self, 1), 100 * (processor_s() - self->cpu_s) / seconds);
}

static void
find_window(Watch *self)
{
  GListModel *windows = gtk_window_get_toplevels();

  for (guint i = 0; i < g_list_model_get_n_items(windows); i++) {
    g_autoptr(GtkWindow) window = g_list_model_get_item(windows, i);
    GdkFrameClock *clock = gtk_widget_get_frame_clock(GTK_WIDGET(window));
    if (!CASA_IS_WINDOW(window) || !clock)
      continue;
    g_set_weak_pointer(&self->window, CASA_WINDOW(window));
    g_signal_connect(clock, "paint", G_CALLBACK(paint_cb), self);
    g_signal_connect(clock, "after-paint", G_CALLBACK(after_paint_cb), self);
    return;
  }
}

static gboolean
look_cb(gpointer data)
{
  Watch *self = data;
  const gint64 now_us = g_get_monotonic_time();

  if (!self->window && self->first_us == 0)
    find_window(self);
  if (self->window && self->ready_us == 0 && self->first_us > 0 && casa_model_ready(self->window->model)) {
    self->ready_us = now_us;
    tell(self, "history %.2f\n", since_start_s(self));
  }
  if (self->cpu_s < 0 && now_us >= self->begin_us)
    self->cpu_s = processor_s();
  if (!self->done && now_us >= self->end_us) {
    self->done = TRUE;
    tell_frames(self);
  }
  return G_SOURCE_CONTINUE;
}

static gint64
seconds_us(const char *name, gint64 otherwise)
{
  const char *text = g_getenv(name);
  return (text ? g_ascii_strtoll(text, NULL, 10) : otherwise) * G_USEC_PER_SEC;
}

int
main(int argc, char **argv)
{
  Watch watch = { .path = g_getenv("CASA_BENCH_WALL"), .start_us = g_get_monotonic_time(), .cpu_s = -1 };
  int status;

  if (!watch.path) {
    fprintf(stderr, "usage: CASA_BENCH_WALL=FILE bench-wall [casa-pulse's options]\n");
    return 2;
  }
  watch.begin_us = watch.start_us + seconds_us("CASA_BENCH_SETTLE", 40);
  watch.end_us = watch.begin_us + seconds_us("CASA_BENCH_SECONDS", 20);
  watch.intervals = g_array_new(FALSE, FALSE, sizeof(double));
  tell(&watch, "process %d\n", (int)getpid());
  guint source = g_timeout_add(LOOK_MS, look_cb, &watch);
  status = casa_application_run(argc, argv);
  g_source_remove(source);
  g_clear_weak_pointer(&watch.window);
  g_array_unref(watch.intervals);
  return status;
}
