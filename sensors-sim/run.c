/* SPDX-License-Identifier: Apache-2.0 */
#include "run.h"

#include <stdio.h>

#include "base/clock.h"
#include "control.h"
#include "kept-events.h"
#include "publish/pace.h"
#include "publish/stored-past.h"
#include "stations/event-announcer.h"
#include "stations/schedule.h"
#include "stations/twin.h"

typedef struct {
  CasaSimWorld *world;
  const CasaSimPlan *plan;
  CasaSimSink *sink;
  CasaSimRunStats *stats;
  CasaSimFaultInjector *injector;
  CasaSimEventAnnouncer *announcer;
  CasaSimTwin *twin; /* NULL: none is asked for */
  CasaSimPace *pace;
  GString *line;
  gint64 mono_start_us;
} Run;

static guint64
sent_messages(const Run *run)
{
  CasaSimFaultCounts counts;
  casa_sim_fault_injector_counts(run->injector, &counts);
  return counts.messages;
}

static void
say(const char *line)
{
  fputs(line, stderr);
  fflush(stderr);
}

static void
show_progress(const Run *run, gint64 done, gint64 all)
{
  if (run->plan->progress &&
      casa_sim_pace_fill(run->pace, casa_clock_mono_us(), all ? (double)done / (double)all : 1, sent_messages(run), run->line))
    say(run->line->str);
}

/* What of the past is stored already. */
typedef struct {
  gint64 from_ms, to_ms;
  CasaSimStoredPast *past; /* NULL: not known, or nothing */
} Stored;

static gboolean
is_answer_cb(const char *answer, gpointer data)
{
  Stored *stored = data;
  stored->past = casa_sim_stored_past_parse(answer, CASA_SIM_SOURCE, stored->from_ms, stored->to_ms);
  return stored->past != NULL;
}

/* A run that was there before need not say all of it again: the keeper of the store is asked. Nobody answers: all is said, and
 * what comes twice is stored once. (transfer full) */
static CasaSimStoredPast *
ask_what_is_stored(Run *run)
{
  const CasaSimPlan *plan = run->plan;
  Stored stored = { plan->start_ms - plan->backfill_ms, plan->start_ms + 1, NULL };
  if (!run->sink->ask_store || plan->backfill_ms < plan->backfill_step_ms)
    return NULL;
  g_autofree char *question =
    casa_sim_stored_past_question(CASA_SIM_SOURCE, stored.from_ms, stored.to_ms, plan->backfill_step_ms);
  if (!run->sink->ask_store(run->sink, question, is_answer_cb, &stored) && plan->progress && !casa_sim_stop_requested())
    say("casa-sim: nobody says what is stored: all of the past is sent\n");
  return stored.past;
}

static void
say_what_lacks(const Run *run, const CasaSimStoredPast *past)
{
  const CasaSimPlan *plan = run->plan;
  gint64 steps = plan->backfill_ms / plan->backfill_step_ms, lacking = 0;
  for (gint64 k = steps; k >= 0; k--)
    lacking += !casa_sim_stored_past_has(past, plan->start_ms - k * plan->backfill_step_ms);
  g_autofree char *line = g_strdup_printf("casa-sim: of %" G_GINT64_FORMAT " moments of the past %" G_GINT64_FORMAT
                                          " are stored already, %" G_GINT64_FORMAT " are sent\n",
                                          steps + 1, steps + 1 - lacking, lacking);
  if (plan->progress && past)
    say(line);
}

static gboolean
announce(Run *run, gint64 t_ms)
{
  return run->plan->silent || casa_sim_event_announcer_say(run->announcer, t_ms);
}

/* Every station at every backfill step that is not stored, the last of them at the start of live time. */
static gboolean
fill_past(Run *run)
{
  const CasaSimPlan *plan = run->plan;
  gint64 steps = plan->backfill_ms / plan->backfill_step_ms;
  g_autoptr(CasaSimStoredPast) past = ask_what_is_stored(run);
  say_what_lacks(run, past);
  for (gint64 k = steps; k >= 0; k--) {
    gint64 t_ms = plan->start_ms - k * plan->backfill_step_ms;
    if (casa_sim_stored_past_has(past, t_ms)) {
      run->stats->last_backfill_ms = t_ms;
      continue;
    }
    casa_sim_world_set_time(run->world, t_ms);
    if (!announce(run, t_ms) || !casa_sim_fault_injector_deliver(run->injector, t_ms))
      return FALSE;
    for (guint i = 0; i < casa_sim_world_size(run->world); i++) {
      if (!casa_sim_fault_injector_say(run->injector, i, t_ms - plan->backfill_step_ms, t_ms))
        return FALSE;
    }
    run->stats->last_backfill_ms = t_ms;
    show_progress(run, steps - k, steps);
    if (casa_sim_stop_requested())
      return FALSE;
  }
  return TRUE;
}

/* Live time flows from the moment the run began, also while the past was being filled: what is due meanwhile follows at
 * once, so that there is no hole between the two. */
static void
keep_pace(Run *run, gint64 t_ms)
{
  if (!run->sink->wait)
    return;
  gint64 due_us = run->mono_start_us + (gint64)((double)(t_ms - run->plan->start_ms) * 1000 / run->plan->speed);
  if (casa_clock_mono_us() < due_us)
    run->sink->wait(run->sink, due_us);
  gint64 now_us = casa_clock_mono_us();
  CasaSimSinkCounts counts = { 0 };
  if (!run->plan->progress)
    return;
  if (run->sink->counts)
    run->sink->counts(run->sink, &counts);
  if (casa_sim_pace_live(run->pace, now_us, t_ms, run->plan->speed, sent_messages(run), MAX(now_us - due_us, 0) / 1000,
                         run->sink->counts ? &counts : NULL, run->line))
    say(run->line->str);
}

/* Commands count from the moment whose reports come next: what was said stands. */
static void
obey(Run *run, gint64 t_ms)
{
  char *command;
  while (run->sink->take_command && (command = run->sink->take_command(run->sink))) {
    g_autoptr(GString) reply = g_string_new(NULL);
    guint faults = casa_sim_fault_injector_faults(run->injector);
    if (casa_sim_control_sensors(command, &faults, reply))
      casa_sim_fault_injector_set_faults(run->injector, faults);
    else if (casa_sim_control(casa_sim_world_model(run->world), command, t_ms, reply) && run->plan->keep)
      casa_sim_kept_events_save(run->plan->keep, casa_sim_world_model(run->world), t_ms);
    if (!run->plan->silent)
      run->sink->answer(run->sink, reply);
    g_free(command);
  }
}

/* The moment of the reports that follow, and what is due at it beside them. */
static gboolean
begin_moment(Run *run, gint64 t_ms)
{
  keep_pace(run, t_ms);
  obey(run, t_ms);
  casa_sim_world_set_time(run->world, t_ms);
  return announce(run, t_ms) && casa_sim_fault_injector_deliver(run->injector, t_ms) &&
         (!run->twin || casa_sim_twin_set_time(run->twin, t_ms, casa_sim_fault_injector_faults(run->injector)));
}

static gboolean
say_station(Run *run, guint i, gint64 since_ms, gint64 t_ms)
{
  /* The twin first: who draws both then has it when the station's own report comes. */
  return (!run->twin || casa_sim_twin_say(run->twin, i, since_ms)) &&
         casa_sim_fault_injector_say(run->injector, i, since_ms, t_ms);
}

static gboolean
live_step(Run *run, const CasaSimSchedule *schedule, gint64 step)
{
  gint64 t_ms = step * run->plan->step_ms, interval = 0;
  gboolean timed = FALSE;
  for (guint g = 0; g < casa_sim_schedule_n_groups(schedule); g++) {
    guint n;
    const guint *due = casa_sim_schedule_due(schedule, g, step, &n, &interval);
    if (n > 0 && !timed) { /* most steps of a small city have nobody: no state is worked out for them */
      if (!begin_moment(run, t_ms))
        return FALSE;
      timed = TRUE;
    }
    for (guint i = 0; i < n; i++) {
      if (!say_station(run, due[i], MAX(t_ms - interval, run->plan->start_ms), t_ms))
        return FALSE;
    }
  }
  if (timed) {
    run->stats->first_live_ms = run->stats->first_live_ms ? run->stats->first_live_ms : t_ms;
    run->stats->last_live_ms = t_ms;
  }
  return !casa_sim_stop_requested();
}

/* Messages that were under way when live time begins without a past: so a run begun in the middle of another says the
 * same from there on. */
static void
recall(Run *run, const CasaSimSchedule *schedule)
{
  const CasaSimPlan *plan = run->plan;
  gint64 first = (plan->start_ms - CASA_SIM_LATEST_MS) / plan->step_ms, last = plan->start_ms / plan->step_ms, interval = 0;
  for (gint64 step = first; step <= last; step++) {
    for (guint g = 0; g < casa_sim_schedule_n_groups(schedule); g++) {
      guint n;
      const guint *due = casa_sim_schedule_due(schedule, g, step, &n, &interval);
      for (guint i = 0; i < n; i++)
        casa_sim_fault_injector_recall(run->injector, due[i], step * plan->step_ms - interval, step * plan->step_ms,
                                       plan->start_ms);
    }
  }
}

static void
live(Run *run)
{
  const CasaSimPlan *plan = run->plan;
  g_autoptr(CasaSimSchedule) schedule = casa_sim_schedule_new(run->world, plan->step_ms, plan->rate_hz);
  if (plan->backfill_ms == 0 && (plan->faults & (CASA_SIM_FAULT_LATE | CASA_SIM_FAULT_DUPLICATES)))
    recall(run, schedule);
  gint64 end_ms = plan->duration_ms < 0 ? G_MAXINT64 : plan->start_ms + plan->duration_ms;
  /* The first step after the start: the start itself belongs to the past. */
  for (gint64 step = plan->start_ms / plan->step_ms + 1; step * plan->step_ms <= end_ms; step++) {
    if (!live_step(run, schedule, step))
      return;
  }
  if (plan->duration_ms >= 0)
    keep_pace(run, end_ms);
}

/* Before anything of the past is said: events that go on were there then, too. */
static void
take_up_kept(const Run *run)
{
  CasaSimModel *model = casa_sim_world_model(run->world);
  const gint64 now_ms = run->plan->start_ms;
  if (!run->plan->keep || casa_sim_kept_events_load(run->plan->keep, model, now_ms) == 0)
    return;
  casa_sim_event_announcer_expect(run->announcer, now_ms);
  if (run->plan->progress)
    say("casa-sim: events that were commanded before go on\n");
}

gboolean
casa_sim_run(CasaSimWorld *world, const CasaSimPlan *plan, CasaSimSink *sink, CasaSimRunStats *out)
{
  *out = (CasaSimRunStats){ 0 };
  Run run = { .world = world, .plan = plan, .sink = sink, .stats = out };
  run.injector = casa_sim_fault_injector_new(world, sink, plan->faults);
  run.announcer = casa_sim_event_announcer_new(world, sink);
  take_up_kept(&run);
  run.twin = plan->twin ? casa_sim_twin_new(world, sink) : NULL;
  run.pace = casa_sim_pace_new(plan->terminal, plan->report_ms * 1000);
  run.line = g_string_new(NULL);
  run.mono_start_us = casa_clock_mono_us();
  if (sink->set_end && plan->duration_ms >= 0)
    sink->set_end(sink, run.mono_start_us + (gint64)((double)plan->duration_ms * 1000 / plan->speed));
  if (plan->backfill_ms == 0 || fill_past(&run))
    live(&run);
  /* Kept events go on with the next run: it says when they are over. */
  if (!plan->silent && !plan->keep)
    casa_sim_event_announcer_end(run.announcer);
  casa_sim_event_announcer_free(run.announcer);
  casa_sim_twin_free(run.twin);
  casa_sim_fault_injector_counts(run.injector, &out->sent);
  casa_sim_fault_injector_free(run.injector);
  casa_sim_pace_free(run.pace);
  g_string_free(run.line, TRUE);
  return sink->finish(sink);
}
