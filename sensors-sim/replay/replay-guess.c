/* SPDX-License-Identifier: Apache-2.0 */
#include "replay-guess.h"

#include <string.h>

#include "base/time-units.h"
#include "replay-time.h"

#define EARLIEST_MS G_GINT64_CONSTANT(946684800000) /* 2000-01-01: 20260521120000 is no epoch in microseconds */
#define LEARN 20                                    /* cells that may still bring a form which none before had */
#define FAR 4                                       /* so much longer are the jumps of the wrong order, when order tells it */

/* A form that read a cell. */
typedef struct {
  guint form;
  guint n_read, n_back;
  gint64 last_ms, gap_ms;
} Live;

struct _CasaSimTimeGuess {
  gboolean clock;
  guint n_cells, n_any;
  GArray *live; /* Live */
};

typedef struct {
  char *format;
  guint other; /* form with day and month changed; NONE */
} Form;

#define NONE G_MAXUINT

static void
add_form(GArray *forms, char *format, guint other)
{
  Form form = { format, other };
  g_array_append_val(forms, form);
}

/* A date as it stands, with every usual clock behind it. Forms of day and month in either order are neighbours. */
static void
add_dates(GArray *forms, const char *date, const char *swapped)
{
  static const char *const clocks[] = { " %H:%M:%S",    "T%H:%M:%S",    " %H:%M",    "T%H:%M", " %H:%M:%S.%f",
                                        "T%H:%M:%S.%f", " %I:%M:%S %p", " %I:%M %p", " %Hh%M", " %H:%M:%S %z",
                                        " %H:%M:%S%z",  "T%H:%M:%S%z",  " %H:%M %z", " %H.%M" };
  for (guint i = 0; i <= G_N_ELEMENTS(clocks); i++) {
    const char *clock = i < G_N_ELEMENTS(clocks) ? clocks[i] : "";
    add_form(forms, g_strconcat(date, clock, NULL), swapped ? forms->len + 1 : NONE);
    if (swapped)
      add_form(forms, g_strconcat(swapped, clock, NULL), forms->len - 1);
  }
}

static const GArray *
date_forms(void)
{
  static GArray *forms;
  if (forms)
    return forms;
  forms = g_array_new(FALSE, FALSE, sizeof(Form));
  add_form(forms, g_strdup("rfc3339"), NONE);
  add_form(forms, g_strdup("epoch"), NONE);
  add_dates(forms, "%Y-%m-%d", NULL);
  add_dates(forms, "%Y/%m/%d", NULL);
  add_dates(forms, "%Y.%m.%d", NULL);
  add_dates(forms, "%d/%m/%Y", "%m/%d/%Y");
  add_dates(forms, "%d-%m-%Y", "%m-%d-%Y");
  add_dates(forms, "%d.%m.%Y", "%m.%d.%Y");
  add_dates(forms, "%d/%m/%y", "%m/%d/%y");
  add_dates(forms, "%d.%m.%y", "%m.%d.%y");
  add_dates(forms, "%Y%m%d", NULL);
  add_form(forms, g_strdup("%Y%m%d%H%M%S"), NONE);
  add_form(forms, g_strdup("%Y%m%d%H%M"), NONE);
  add_form(forms, g_strdup("excel"), NONE);
  return forms;
}

static const GArray *
clock_forms(void)
{
  static const char *const clocks[] = { "%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%I %p", "%Hh%M", "%Hh", "%H" };
  static GArray *forms;
  if (forms)
    return forms;
  forms = g_array_new(FALSE, FALSE, sizeof(Form));
  for (guint i = 0; i < G_N_ELEMENTS(clocks); i++)
    add_form(forms, g_strdup(clocks[i]), NONE);
  return forms;
}

static const Form *
form_at(const CasaSimTimeGuess *self, guint i)
{
  return &g_array_index(self->clock ? clock_forms() : date_forms(), Form, i);
}

CasaSimTimeGuess *
casa_sim_time_guess_new(gboolean clock)
{
  CasaSimTimeGuess *self = g_new0(CasaSimTimeGuess, 1);
  self->clock = clock;
  self->live = g_array_new(FALSE, FALSE, sizeof(Live));
  return self;
}

void
casa_sim_time_guess_free(CasaSimTimeGuess *self)
{
  if (!self)
    return;
  g_array_unref(self->live);
  g_free(self);
}

static gboolean
reads(const CasaSimTimeGuess *self, guint form, const char *cell, gint64 *out_ms)
{
  const char *format = form_at(self, form)->format;
  if (!self->clock) {
    CasaSimTimeFormat as = { .format = (char *)format, .zone = (char *)"UTC" };
    return casa_sim_time_read(&as, cell, out_ms) && *out_ms >= EARLIEST_MS;
  }
  g_autofree char *dated = g_strconcat("2000-01-01 ", cell, NULL), *pattern = g_strconcat("%Y-%m-%d ", format, NULL);
  CasaSimTimeFormat as = { .format = pattern, .zone = (char *)"UTC" };
  return casa_sim_time_read(&as, dated, out_ms);
}

static Live *
live_of(const CasaSimTimeGuess *self, guint form)
{
  for (guint i = 0; form != NONE && i < self->live->len; i++) {
    Live *l = &g_array_index(self->live, Live, i);
    if (l->form == form)
      return l;
  }
  return NULL;
}

static void
advance(Live *l, gint64 t_ms)
{
  if (l->n_read++ > 0) {
    gint64 gap = ABS(t_ms - l->last_ms);
    l->n_back += t_ms < l->last_ms;
    l->gap_ms = MAX(l->gap_ms, gap);
  }
  l->last_ms = t_ms;
}

void
casa_sim_time_guess_look(CasaSimTimeGuess *self, const char *cell)
{
  gint64 t_ms;
  gboolean any = FALSE;
  for (guint i = 0; i < self->live->len; i++) {
    Live *l = &g_array_index(self->live, Live, i);
    if (reads(self, l->form, cell, &t_ms)) {
      advance(l, t_ms);
      any = TRUE;
    }
  }
  guint n_forms = (self->clock ? clock_forms() : date_forms())->len;
  for (guint i = 0; self->n_cells < LEARN && i < n_forms; i++) {
    if (live_of(self, i) || !reads(self, i, cell, &t_ms))
      continue;
    Live l = { .form = i };
    advance(&l, t_ms);
    g_array_append_val(self->live, l);
    any = TRUE;
  }
  self->n_cells++;
  self->n_any += any;
}

/* Those read by most; of equals, the one that is first in the list of forms. */
static const Live *
best_of(const CasaSimTimeGuess *self)
{
  const Live *best = NULL;
  for (guint i = 0; i < self->live->len; i++) {
    const Live *l = &g_array_index(self->live, Live, i);
    if (!best || l->n_read > best->n_read || (l->n_read == best->n_read && l->form < best->form))
      best = l;
  }
  return best;
}

/* Which of two orders of day and month it is, when both read all cells. */
static const Live *
by_order(const Live *a, const Live *b, CasaSimDay *out)
{
  *out = CASA_SIM_DAY_BY_ORDER;
  if (a->n_back != b->n_back)
    return a->n_back < b->n_back ? a : b;
  if (a->gap_ms != b->gap_ms && MAX(a->gap_ms, b->gap_ms) >= FAR * MIN(a->gap_ms, b->gap_ms) && MIN(a->gap_ms, b->gap_ms) > 0)
    return a->gap_ms < b->gap_ms ? a : b;
  *out = CASA_SIM_DAY_OPEN;
  return a;
}

gboolean
casa_sim_time_guess_found(const CasaSimTimeGuess *self, CasaSimTimeFound *out)
{
  const Live *best = best_of(self);
  *out = (CasaSimTimeFound){ .n_cells = self->n_cells };
  if (!best || self->n_any * 10 < self->n_cells * 7) /* a wrong cell or two are no reason to know nothing */
    return FALSE;
  const Live *other = live_of(self, form_at(self, best->form)->other);
  if (other && other->n_read == best->n_read)
    best = by_order(best, other, &out->day);
  else if (other && self->n_any > best->n_read)
    out->day = CASA_SIM_DAY_MIXED;
  else
    out->day = CASA_SIM_DAY_CERTAIN;
  const Form *form = form_at(self, best->form);
  other = live_of(self, form->other);
  out->format = form->format;
  out->other = form->other == NONE ? NULL : form_at(self, form->other)->format;
  out->needs_zone = strcmp(form->format, "rfc3339") != 0 && strcmp(form->format, "epoch") != 0 && !strstr(form->format, "%z");
  out->has_hour = !strchr(form->format, '%') || strstr(form->format, "%H") || strstr(form->format, "%I");
  out->n_read = best->n_read;
  out->gap_ms = best->gap_ms;
  out->other_gap_ms = other ? other->gap_ms : 0;
  return best->n_read * 10 >= self->n_cells * (out->day == CASA_SIM_DAY_MIXED ? 3 : 7);
}
