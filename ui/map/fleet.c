/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/fleet.h"
#include "city/track.h"
#include <math.h>

#define STALE_MS 30000
#define SET_BACK_MS 60000 /* less is the jitter of a quick replay's clock */
#define FADE_MS 2000
#define LONGEST_GLIDE_MS 45000 /* after a longer silence the way in between is unknown: no invented movement */
#define LONGEST_JUMP_KM 3.0
#define OFF_TRACK_M 250        /* further from the track than this, the position is taken as it is */
#define REACH_KM 2.5           /* a report is looked for so far along the track first */
#define NOISE_KM 0.06          /* a step back by less is the receiver's error */
#define LONGEST_DELAY_MS 30000 /* drawn so late at most */
#define STILL_KM 0.03
#define TERMINUS_KM 0.25 /* waiting so near an end of the line is service, not trouble */

typedef struct {
  gint64 t_ms;
  double km;     /* along the track; NAN off it */
  CasaLonLat at; /* on the track, or as reported */
  gboolean cut;  /* the way to here from the one before is unknown */
} Fix;

typedef struct {
  guint key;
  const CasaLine *line;
  guint32 rgb;
  GArray *fixes; /* Fix, rising in time, at least one; covers the tail */
  double interval_ms;
  gint64 shown_ms; /* data time that is drawn: never goes back */
  int way;         /* +1 from terminus A to B, -1 back, 0 not known */
} Vehicle;

struct _CasaMapFleet {
  GHashTable *vehicles; /* key → Vehicle */
  GPtrArray *order;     /* Vehicle by key, not owned */
  gint64 stale_ms;
  gint64 read_ms; /* when it was read last */
  gboolean glide;
};

static void
vehicle_free(gpointer data)
{
  Vehicle *v = data;

  g_array_unref(v->fixes);
  g_free(v);
}

CasaMapFleet *
casa_map_fleet_new(void)
{
  CasaMapFleet *self = g_new0(CasaMapFleet, 1);

  self->vehicles = g_hash_table_new_full(NULL, NULL, NULL, vehicle_free);
  self->order = g_ptr_array_new();
  self->stale_ms = STALE_MS;
  self->glide = TRUE;
  return self;
}

void
casa_map_fleet_free(CasaMapFleet *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref(self->order);
  g_hash_table_unref(self->vehicles);
  g_free(self);
}

void
casa_map_fleet_set_glide(CasaMapFleet *self, gboolean glide)
{
  self->glide = glide;
}

void
casa_map_fleet_set_stale(CasaMapFleet *self, gint64 stale_ms)
{
  self->stale_ms = MAX(stale_ms, 0);
}

static const Fix *
last_fix(const Vehicle *v)
{
  return &g_array_index(v->fixes, Fix, v->fixes->len - 1);
}

/* Where @report lies on its line: near the last place first, for tracks pass some places twice. */
static Fix
match(const Vehicle *v, const CasaMapReport *report)
{
  Fix fix = { .t_ms = report->t_ms, .km = NAN, .at = report->at };
  CasaTrackFix near;
  gboolean found = FALSE;

  if (report->line == NULL)
    return fix;
  if (v != NULL && isfinite(last_fix(v)->km))
    found = casa_track_match_between(&report->line->track, report->line->track_km, report->at, last_fix(v)->km - REACH_KM,
                                     last_fix(v)->km + REACH_KM, &near) &&
            near.off_m < OFF_TRACK_M;
  if (!found)
    found = casa_track_match(&report->line->track, report->line->track_km, report->at, &near) && near.off_m < OFF_TRACK_M;
  if (!found)
    return fix;
  fix.km = near.km;
  fix.at = near.at;
  return fix;
}

static gboolean
may_glide(const CasaMapFleet *self, const Fix *from, const Fix *to)
{
  return self->glide && to->t_ms - from->t_ms <= LONGEST_GLIDE_MS && isfinite(from->km) == isfinite(to->km) &&
         casa_distance_km(from->at, to->at) < LONGEST_JUMP_KM;
}

/* A small step against the way is noise: the vehicle stands. A larger one turns it round. */
static void
keep_forward(Vehicle *v, Fix *fix)
{
  double step = fix->km - last_fix(v)->km;

  if (!isfinite(step) || fix->cut)
    return;
  if (v->way * step < 0 && fabs(step) < NOISE_KM) {
    fix->km = last_fix(v)->km;
    fix->at = last_fix(v)->at;
  } else if (fabs(step) > 1e-6) {
    v->way = step > 0 ? 1 : -1;
  }
}

/* What is older than the tail is forgotten, but for the one fix that its end lies behind. */
static void
forget_old(Vehicle *v)
{
  gint64 keep_ms = last_fix(v)->t_ms - CASA_MAP_TAIL_MS - LONGEST_DELAY_MS;
  guint n = 0;

  while (n + 2 < v->fixes->len && g_array_index(v->fixes, Fix, n + 1).t_ms < keep_ms)
    n++;
  if (n > 32 || (n > 0 && v->fixes->len > 512))
    g_array_remove_range(v->fixes, 0, n);
}

static void
resort(CasaMapFleet *self)
{
  GHashTableIter iter;
  gpointer value;

  g_ptr_array_set_size(self->order, 0);
  g_hash_table_iter_init(&iter, self->vehicles);
  while (g_hash_table_iter_next(&iter, NULL, &value))
    g_ptr_array_add(self->order, value);
}

static gint
compare_keys(gconstpointer a, gconstpointer b)
{
  guint ka = (*(Vehicle *const *)a)->key, kb = (*(Vehicle *const *)b)->key;

  return ka < kb ? -1 : ka > kb;
}

static Vehicle *
add_vehicle(CasaMapFleet *self, const CasaMapReport *report)
{
  Vehicle *v = g_new0(Vehicle, 1);

  v->key = report->key;
  v->fixes = g_array_new(FALSE, FALSE, sizeof(Fix));
  v->shown_ms = G_MININT64;
  g_hash_table_insert(self->vehicles, GUINT_TO_POINTER(report->key), v);
  resort(self);
  g_ptr_array_sort(self->order, compare_keys);
  return v;
}

void
casa_map_fleet_set(CasaMapFleet *self, const CasaMapReport *report)
{
  Vehicle *v = g_hash_table_lookup(self->vehicles, GUINT_TO_POINTER(report->key));
  Fix fix;

  if (!isfinite(report->at.lon) || !isfinite(report->at.lat) || (v != NULL && report->t_ms <= last_fix(v)->t_ms))
    return;
  fix = match(v != NULL && v->line == report->line ? v : NULL, report);
  if (v == NULL) {
    v = add_vehicle(self, report);
    fix.cut = TRUE;
  } else {
    double step_ms = (double)(fix.t_ms - last_fix(v)->t_ms);

    fix.cut = v->line != report->line || !may_glide(self, last_fix(v), &fix);
    if (!fix.cut)
      v->interval_ms = v->interval_ms > 0 ? v->interval_ms * 0.8 + step_ms * 0.2 : step_ms;
    keep_forward(v, &fix);
  }
  v->line = report->line;
  v->rgb = report->line != NULL ? report->line->rgb : report->rgb;
  g_array_append_val(v->fixes, fix);
  forget_old(v);
}

/* How late it is drawn: a little more than its reports are apart, so that the next one is there in time. */
static gint64
delay_ms(const CasaMapFleet *self, const Vehicle *v)
{
  return self->glide ? (gint64)CLAMP(v->interval_ms * 1.15 + 150, 0, LONGEST_DELAY_MS) : 0;
}

/* Index of the last fix that is not later than @t_ms; 0 when all are. */
static guint
index_at(const Vehicle *v, gint64 t_ms)
{
  guint low = 0, high = v->fixes->len;

  while (high - low > 1) {
    guint mid = low + (high - low) / 2;

    if (g_array_index(v->fixes, Fix, mid).t_ms <= t_ms)
      low = mid;
    else
      high = mid;
  }
  return low;
}

/* The vehicle as it was at @t_ms, between the two fixes around it. */
static Fix
fix_at(const Vehicle *v, gint64 t_ms)
{
  guint i = index_at(v, t_ms);
  Fix a = g_array_index(v->fixes, Fix, i), b;
  double t;

  if (i + 1 >= v->fixes->len || t_ms <= a.t_ms)
    return a;
  b = g_array_index(v->fixes, Fix, i + 1);
  if (b.cut)
    return a;
  t = (double)(t_ms - a.t_ms) / (double)(b.t_ms - a.t_ms);
  a.t_ms = t_ms;
  a.at = (CasaLonLat){ a.at.lon + (b.at.lon - a.at.lon) * t, a.at.lat + (b.at.lat - a.at.lat) * t };
  if (!isfinite(a.km))
    return a;
  a.km += (b.km - a.km) * t;
  a.at = casa_track_at(&v->line->track, v->line->track_km, a.km);
  return a;
}

static gint64
shown_ms(const CasaMapFleet *self, Vehicle *v, gint64 now_ms)
{
  v->shown_ms = MAX(v->shown_ms, MIN(now_ms - delay_ms(self, v), last_fix(v)->t_ms));
  return v->shown_ms;
}

/* 1 while the report is fresh, then down to 0 within the fade. */
static double
freshness(const CasaMapFleet *self, const Vehicle *v, gint64 now_ms)
{
  gint64 over_ms = now_ms - last_fix(v)->t_ms - self->stale_ms;

  if (self->stale_ms == 0 || over_ms <= 0)
    return 1;
  return MAX(0, 1 - (double)over_ms / FADE_MS);
}

static gboolean
at_terminus(const Vehicle *v, double km)
{
  return km < TERMINUS_KM || km > v->line->length_km - TERMINUS_KM;
}

/* Known for long enough, on its track, and not moved. */
static gboolean
is_held(const Vehicle *v, const Fix *head)
{
  const Fix *first = &g_array_index(v->fixes, Fix, 0);
  Fix before;

  if (!isfinite(head->km) || at_terminus(v, head->km) || first->t_ms > head->t_ms - CASA_MAP_HELD_MS)
    return FALSE;
  before = fix_at(v, head->t_ms - CASA_MAP_HELD_MS);
  return fabs(before.km - head->km) < STILL_KM;
}

static double
heading(const Vehicle *v, const Fix *head, CasaLonLat *ahead)
{
  double km = head->km + v->way * 0.03;

  if (!isfinite(head->km) || v->way == 0)
    return 0;
  if (km < 0 || km > v->line->length_km)
    km = head->km - v->way * 0.03;
  *ahead = casa_track_at(&v->line->track, v->line->track_km, km);
  return km == head->km + v->way * 0.03 ? 1 : -1;
}

/* Unit vector of the way it goes, on a plane whose unit is a degree of latitude; 0, 0 unknown. */
static void
set_course(CasaMapVehicle *shown, const Vehicle *v, const Fix *head)
{
  double k = cos(head->at.lat * G_PI / 180), dx, dy, length, sign;
  CasaLonLat ahead = head->at;

  sign = heading(v, head, &ahead);
  dx = (ahead.lon - head->at.lon) * k * sign;
  dy = (ahead.lat - head->at.lat) * sign;
  length = hypot(dx, dy);
  shown->course_x = length > 0 ? dx / length : 0;
  shown->course_y = length > 0 ? dy / length : 0;
}

static gboolean
show(CasaMapFleet *self, Vehicle *v, gint64 now_ms, GArray *out)
{
  gint64 t_ms = shown_ms(self, v, now_ms), due_ms = last_fix(v)->t_ms + delay_ms(self, v);
  Fix head = fix_at(v, t_ms);
  CasaMapVehicle shown = { .at = head.at, .rgb = v->rgb, .alpha = freshness(self, v, now_ms), .key = v->key, .line = v->line };

  if (shown.alpha <= 0)
    return FALSE;
  shown.hollow = self->stale_ms > 0 && now_ms > due_ms + CASA_MAP_HOLLOW_MS;
  shown.held = is_held(v, &head);
  shown.km = head.km;
  set_course(&shown, v, &head);
  g_array_append_val(out, shown);
  return TRUE;
}

static gboolean
is_busy(const CasaMapFleet *self, const Vehicle *v, gint64 now_ms)
{
  return v->shown_ms < last_fix(v)->t_ms || freshness(self, v, now_ms) < 1;
}

/* The clock was set back, as when a replay begins again: all that is known is of a time that has not come yet. */
static void
forget_future(CasaMapFleet *self, gint64 now_ms)
{
  if (now_ms < self->read_ms - SET_BACK_MS) {
    g_ptr_array_set_size(self->order, 0);
    g_hash_table_remove_all(self->vehicles);
  }
  self->read_ms = now_ms;
}

gboolean
casa_map_fleet_read(CasaMapFleet *self, gint64 now_ms, GArray *out)
{
  gboolean busy = FALSE;

  forget_future(self, now_ms);
  g_array_set_size(out, 0);
  for (guint i = 0; i < self->order->len; i++) {
    Vehicle *v = self->order->pdata[i];

    if (show(self, v, now_ms, out)) {
      busy = busy || is_busy(self, v, now_ms);
      continue;
    }
    g_ptr_array_remove_index(self->order, i--);
    g_hash_table_remove(self->vehicles, GUINT_TO_POINTER(v->key));
  }
  return busy;
}

guint
casa_map_fleet_size(const CasaMapFleet *self)
{
  return g_hash_table_size(self->vehicles);
}

/* The moment at which the way that the tail shows begins: no earlier than the last cut. */
static gint64
tail_start_ms(const Vehicle *v, gint64 head_ms)
{
  gint64 start_ms = MAX(head_ms - CASA_MAP_TAIL_MS, g_array_index(v->fixes, Fix, 0).t_ms);

  for (guint i = index_at(v, head_ms); i > 0 && g_array_index(v->fixes, Fix, i).t_ms > start_ms; i--)
    if (g_array_index(v->fixes, Fix, i).cut)
      return g_array_index(v->fixes, Fix, i).t_ms;
  return start_ms;
}

/* Along the track when the whole way goes one way on it: evenly in km. Else evenly in time. */
guint
casa_map_fleet_tail(CasaMapFleet *self, guint key, gint64 now_ms, CasaLonLat *points, guint n)
{
  Vehicle *v = g_hash_table_lookup(self->vehicles, GUINT_TO_POINTER(key));
  gint64 head_ms, start_ms;
  Fix head, end;
  gboolean straight;

  if (v == NULL || n < 2)
    return 0;
  head_ms = shown_ms(self, v, now_ms);
  start_ms = tail_start_ms(v, head_ms);
  head = fix_at(v, head_ms);
  end = fix_at(v, start_ms);
  if (casa_distance_km(head.at, end.at) < 0.005)
    return 0;
  straight = isfinite(head.km) && isfinite(end.km) && v->way * (head.km - end.km) > 0;
  for (guint i = 0; i < n; i++) {
    double u = (double)i / (n - 1);

    points[i] = straight ? casa_track_at(&v->line->track, v->line->track_km, head.km + (end.km - head.km) * u)
                         : fix_at(v, head_ms - (gint64)((double)(head_ms - start_ms) * u)).at;
  }
  return n;
}

gboolean
casa_map_fleet_line_stands(CasaMapFleet *self, const CasaLine *line, gint64 now_ms)
{
  guint n = 0, held = 0;

  for (guint i = 0; i < self->order->len; i++) {
    Vehicle *v = self->order->pdata[i];
    Fix head;

    if (v->line != line || freshness(self, v, now_ms) < 1)
      continue;
    head = fix_at(v, shown_ms(self, v, now_ms));
    if (!isfinite(head.km) || at_terminus(v, head.km))
      continue;
    n++;
    held += is_held(v, &head);
  }
  return n >= 3 && held * 2 > n;
}

guint
casa_map_fleet_n_held(CasaMapFleet *self, gint64 now_ms)
{
  guint n = 0;

  for (guint i = 0; i < self->order->len; i++) {
    Vehicle *v = self->order->pdata[i];
    Fix head;

    if (freshness(self, v, now_ms) < 1)
      continue;
    head = fix_at(v, shown_ms(self, v, now_ms));
    n += is_held(v, &head);
  }
  return n;
}
