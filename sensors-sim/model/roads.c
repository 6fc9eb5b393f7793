/* SPDX-License-Identifier: Apache-2.0 */
#include "roads.h"

#include <string.h>

#include "maths/rng.h"
#include "base/time-units.h"

#define STANDING 0.165   /* density equivalent of red lights and crossings: an empty city drives at 0.835 vf */
#define BUSY 0.150       /* added by a weekday evening where pull is 1: the city then needs 1.45-1.5 of the best time */
#define JAM_PER_KM 130.0 /* vehicles per km and lane at standstill */
#define DENSITY_MAX 0.72
#define EVENT_PULL 1.2 /* demand that a crowd of 1 adds: an evening peak at any hour */

/* The most crowded quarters have an evening index of 1.6-1.9, the outer ones least (facts: most_congested_quarters);
 * those between are estimates. */
static const struct {
  const char *district;
  double pull;
} pulls[] = { { "maarif", 1.50 },     { "sidi-belyout", 1.50 },  { "mers-sultan", 1.45 },    { "hay-mohammadi", 1.35 },
              { "al-fida", 1.40 },    { "roches-noires", 1.20 }, { "anfa", 1.05 },           { "ain-sebaa", 1.00 },
              { "ben-m-sick", 1.00 }, { "hay-hassani", 0.95 },   { "sidi-bernoussi", 0.95 }, { "moulay-rachid", 0.95 },
              { "sbata", 0.90 },      { "sidi-othmane", 0.80 },  { "ain-chock", 0.80 },      { "sidi-moumen", 0.75 } };

double
casa_sim_district_pull(const char *district)
{
  for (guint i = 0; district && i < G_N_ELEMENTS(pulls); i++) {
    if (strcmp(district, pulls[i].district) == 0)
      return pulls[i].pull;
  }
  return 0.85;
}

void
casa_sim_axis_init(CasaSimAxis *self, const CasaRoad *road)
{
  gboolean motorway = strcmp(road->klass, "motorway") == 0;
  gboolean primary = strcmp(road->klass, "primary") == 0;
  self->free_kmh = motorway ? 84 : primary ? 40 : 33;
  self->lanes = motorway ? 6 : 4;
  self->pull = motorway ? 1.15 : casa_sim_district_pull(road->district);
  if (strstr(road->id, "zerktouni")) /* named as a chronic jam in 2017 */
    self->pull *= 1.12;
}

void
casa_sim_axis_use(const CasaSimAxis *self, double demand, CasaSimRoadUse *out)
{
  double moving = MIN(BUSY * self->pull * MAX(demand, 0), DENSITY_MAX - STANDING);
  out->density = STANDING + moving;
  out->speed_kmh = self->free_kmh * (1 - out->density);
  out->flow_vph = JAM_PER_KM * moving * self->lanes * out->speed_kmh;
}

void
casa_sim_axis_report(const CasaSimAxis *axis, CasaSimReport *r)
{
  guint64 s = r->station->stream;
  double own =
    1 + 0.06 * casa_sim_noise(s, r->t_ms, 45 * CASA_MINUTE_MS) + 0.05 * casa_sim_noise(s + 1, r->t_ms, 6 * CASA_MINUTE_MS);
  CasaSimRoadUse use;
  CasaSimPull pull = casa_sim_events_pull(r->events, r->station->at, r->station->district, r->t_ms);
  casa_sim_axis_use(axis, (r->state->people.traffic * (1 - pull.closed) + pull.crowd * EVENT_PULL) * own, &use);
  double wet = 1 - 0.14 * r->state->rain; /* people drive slower, and no more of them get through */
  use.speed_kmh *= wet;
  use.flow_vph *= wet;
  /* Loops see platoons between two lights: the flow of ten seconds scatters more than the speed. */
  double platoon = 1 + 0.07 * casa_sim_noise(s + 2, r->t_ms, CASA_MINUTE_MS);
  casa_sim_report_add(r, "speed_kmh", use.speed_kmh + 0.5 * casa_sim_noise(s + 3, r->t_ms, CASA_MINUTE_MS), 1, 120, 1);
  casa_sim_report_add(r, "flow_vph", use.flow_vph * platoon, 0, 15000, 0);
}
