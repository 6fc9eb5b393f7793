/* SPDX-License-Identifier: Apache-2.0 */
#include "parking-bikes.h"

#include <math.h>

#include "maths/rng.h"
#include "base/time-units.h"

static const CasaSimFacility parkings[] = {
  { "park-nations-unies", "Parking Place des Nations Unies", "موقف ساحة الأمم المتحدة", { -7.6187, 33.5945 }, 700, .72, .30 },
  { "park-casa-port", "Parking Gare Casa-Port", "موقف محطة الدار البيضاء الميناء", { -7.6122, 33.5980 }, 480, .78, .20 },
  { "park-casa-voyageurs",
    "Parking Gare Casa-Voyageurs",
    "موقف محطة الدار البيضاء المسافرين",
    { -7.5919, 33.5900 },
    600,
    .74,
    .25 },
  { "park-twin-center", "Parking Twin Center", NULL, { -7.6323, 33.5866 }, 900, .80, .35 },
  { "park-ligue-arabe", "Parking Parc de la Ligue Arabe", "موقف حديقة الجامعة العربية", { -7.6236, 33.5890 }, 850, .55, .52 },
  { "park-ain-diab", "Parking Aïn Diab", "موقف عين الذياب", { -7.6808, 33.5874 }, 520, .22, .78 },
  { "park-cfc", "Parking Casablanca Finance City", "موقف القطب المالي", { -7.6609, 33.5623 }, 1100, .84, .10 },
};

static const CasaSimFacility bikes[] = {
  { "bike-nations-unies", "Vélos Place des Nations Unies", "دراجات ساحة الأمم المتحدة", { -7.6189, 33.5951 }, 24, .30, .15 },
  { "bike-ligue-arabe", "Vélos Parc de la Ligue Arabe", "دراجات حديقة الجامعة العربية", { -7.6232, 33.5894 }, 30, -.10, .40 },
  { "bike-casa-port", "Vélos Gare Casa-Port", "دراجات محطة الدار البيضاء الميناء", { -7.6118, 33.5984 }, 24, .35, -.05 },
  { "bike-mosquee-hassan-ii", "Vélos Mosquée Hassan II", "دراجات مسجد الحسن الثاني", { -7.6325, 33.6078 }, 28, .05, .45 },
  { "bike-ain-diab", "Vélos Aïn Diab", "دراجات عين الذياب", { -7.6812, 33.5876 }, 30, .05, .50 },
  { "bike-cfc", "Vélos Casablanca Finance City", "دراجات القطب المالي", { -7.6605, 33.5626 }, 26, -.40, .05 },
};

static const CasaSimFacility chargers[] = {
  { "ev-twin-center", "Bornes Twin Center", NULL, { -7.6321, 33.5868 }, 264, 0, 0 },
  { "ev-casa-port", "Bornes Gare Casa-Port", "شحن محطة الدار البيضاء الميناء", { -7.6124, 33.5982 }, 176, 0, 0 },
  { "ev-cfc", "Bornes Casablanca Finance City", "شحن القطب المالي", { -7.6611, 33.5620 }, 352, 0, 0 },
  { "ev-casanearshore", "Bornes Casanearshore", "شحن كازا نيرشور", { -7.6387, 33.5303 }, 308, 0, 0 },
  { "ev-technopark", "Bornes Technopark", "شحن تكنوبارك", { -7.6380, 33.5448 }, 132, 0, 0 },
  { "ev-ain-diab", "Bornes Aïn Diab", "شحن عين الذياب", { -7.6805, 33.5872 }, 176, 0, 0 },
  { "ev-ain-sebaa", "Bornes Gare Aïn Sebaâ", "شحن محطة عين السبع", { -7.5243, 33.6074 }, 132, 0, 0 },
};

const CasaSimFacility *
casa_sim_parkings(guint *n)
{
  if (n)
    *n = G_N_ELEMENTS(parkings);
  return parkings;
}

const CasaSimFacility *
casa_sim_bikes(guint *n)
{
  if (n)
    *n = G_N_ELEMENTS(bikes);
  return bikes;
}

const CasaSimFacility *
casa_sim_chargers(guint *n)
{
  if (n)
    *n = G_N_ELEMENTS(chargers);
  return chargers;
}

/* Filled share of the size: those who always stand there, the working day, the evening, and chance; of the cars those
 * that streets closed to them keep away go, and spectators take what is left. */
static double
parked(const CasaSimFacility *self, const CasaSimReport *r)
{
  const CasaSimActivity *p = &r->state->people;
  guint64 s = r->station->stream;
  double share = 0.06 + self->office * p->work + self->evening * p->evening +
                 0.05 * casa_sim_noise(s, r->t_ms, 100 * CASA_MINUTE_MS) +
                 0.012 * casa_sim_noise(s + 1, r->t_ms, 6 * CASA_MINUTE_MS);
  CasaSimPull pull = casa_sim_events_pull(r->events, r->station->at, r->station->district, r->t_ms);
  double fans = casa_sim_events_spectators(r->events, r->station->at, r->t_ms);
  share = CLAMP(share, 0, 1) * (1 - pull.closed);
  return share + (1 - share) * 0.9 * fans;
}

void
casa_sim_parking_report(const CasaSimFacility *self, CasaSimReport *r)
{
  double taken = floor(self->size * parked(self, r) + 0.5);
  casa_sim_report_add(r, "parking_free", self->size - taken, 0, self->size, 0);
}

/* How much a dock draws bicycles at this hour; within bounds that keep any dock from overflowing. */
static double
bike_weight(guint i, const CasaSimReport *r)
{
  const CasaSimFacility *dock = &bikes[i];
  const CasaSimActivity *p = &r->state->people;
  guint64 s = casa_sim_stream(casa_sim_model_seed(r->model), dock->id);
  double share = 0.55 - 0.5 * (dock->office * p->work + dock->evening * p->evening) +
                 0.08 * casa_sim_noise(s, r->t_ms, 100 * CASA_MINUTE_MS) +
                 0.03 * casa_sim_noise(s + 1, r->t_ms, 9 * CASA_MINUTE_MS);
  return dock->size * CLAMP(share, 0.25, 0.75);
}

double
casa_sim_bikes_ridden(const CasaSimReport *r)
{
  double streets = casa_sim_events_level(r->events, CASA_SIM_CAR_FREE_DAY, r->t_ms);
  double share = (0.04 + 0.14 * r->state->people.transit) * (1 + streets) * (1 - 0.8 * r->state->rain);
  return floor(CASA_SIM_BIKE_FLEET * CLAMP(share, 0, 0.5) + 0.5);
}

/* The fleet is of a fixed size: what is not ridden stands in the docks, shared out by their weights. */
void
casa_sim_bikes_report(const CasaSimFacility *self, CasaSimReport *r)
{
  double docked = CASA_SIM_BIKE_FLEET - casa_sim_bikes_ridden(r), sum = 0, before = 0, mine = 0;
  for (guint i = 0; i < G_N_ELEMENTS(bikes); i++) {
    double weight = bike_weight(i, r);
    before += &bikes[i] < self ? weight : 0;
    mine = &bikes[i] == self ? weight : mine;
    sum += weight;
  }
  /* Rounded as a running sum, so that not one is lost or found. */
  double here = floor(docked * (before + mine) / sum + 0.5) - floor(docked * before / sum + 0.5);
  casa_sim_report_add(r, "bikes_free", here, 0, CASA_SIM_BIKE_FLEET, 0);
}
