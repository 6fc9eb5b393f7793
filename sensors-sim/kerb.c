/* SPDX-License-Identifier: Apache-2.0 */
#include "kerb.h"

#include "rng.h"

#define MINUTE_MS G_GINT64_CONSTANT(60000)

static const CasaSimKerb parkings[] = {
  {"park-nations-unies", "Parking Place des Nations Unies", "موقف ساحة الأمم المتحدة", {-7.6187, 33.5945}, 700, .72, .30},
  {"park-casa-port", "Parking Gare Casa-Port", "موقف محطة الدار البيضاء الميناء", {-7.6122, 33.5980}, 480, .78, .20},
  {"park-casa-voyageurs", "Parking Gare Casa-Voyageurs", "موقف محطة الدار البيضاء المسافرين", {-7.5919, 33.5900}, 600, .74, .25},
  {"park-twin-center", "Parking Twin Center", NULL, {-7.6323, 33.5866}, 900, .80, .35},
  {"park-ligue-arabe", "Parking Parc de la Ligue Arabe", "موقف حديقة الجامعة العربية", {-7.6236, 33.5890}, 850, .55, .52},
  {"park-ain-diab", "Parking Aïn Diab", "موقف عين الذياب", {-7.6808, 33.5874}, 520, .22, .78},
  {"park-cfc", "Parking Casablanca Finance City", "موقف القطب المالي", {-7.6609, 33.5623}, 1100, .84, .10},
};

static const CasaSimKerb bikes[] = {
  {"bike-nations-unies", "Vélos Place des Nations Unies", "دراجات ساحة الأمم المتحدة", {-7.6189, 33.5951}, 24, .30, .15},
  {"bike-ligue-arabe", "Vélos Parc de la Ligue Arabe", "دراجات حديقة الجامعة العربية", {-7.6232, 33.5894}, 30, -.10, .40},
  {"bike-casa-port", "Vélos Gare Casa-Port", "دراجات محطة الدار البيضاء الميناء", {-7.6118, 33.5984}, 24, .35, -.05},
  {"bike-mosquee-hassan-ii", "Vélos Mosquée Hassan II", "دراجات مسجد الحسن الثاني", {-7.6325, 33.6078}, 28, .05, .45},
  {"bike-ain-diab", "Vélos Aïn Diab", "دراجات عين الذياب", {-7.6812, 33.5876}, 30, .05, .50},
  {"bike-cfc", "Vélos Casablanca Finance City", "دراجات القطب المالي", {-7.6605, 33.5626}, 26, -.40, .05},
};

static const CasaSimKerb chargers[] = {
  {"ev-twin-center", "Bornes Twin Center", NULL, {-7.6321, 33.5868}, 264, 0, 0},
  {"ev-casa-port", "Bornes Gare Casa-Port", "شحن محطة الدار البيضاء الميناء", {-7.6124, 33.5982}, 176, 0, 0},
  {"ev-cfc", "Bornes Casablanca Finance City", "شحن القطب المالي", {-7.6611, 33.5620}, 352, 0, 0},
  {"ev-casanearshore", "Bornes Casanearshore", "شحن كازا نيرشور", {-7.6387, 33.5303}, 308, 0, 0},
  {"ev-technopark", "Bornes Technopark", "شحن تكنوبارك", {-7.6380, 33.5448}, 132, 0, 0},
  {"ev-ain-diab", "Bornes Aïn Diab", "شحن عين الذياب", {-7.6805, 33.5872}, 176, 0, 0},
  {"ev-ain-sebaa", "Bornes Gare Aïn Sebaâ", "شحن محطة عين السبع", {-7.5243, 33.6074}, 132, 0, 0},
};

const CasaSimKerb *casa_sim_parkings(guint *n) {
  if (n)
    *n = G_N_ELEMENTS(parkings);
  return parkings;
}

const CasaSimKerb *casa_sim_bikes(guint *n) {
  if (n)
    *n = G_N_ELEMENTS(bikes);
  return bikes;
}

const CasaSimKerb *casa_sim_chargers(guint *n) {
  if (n)
    *n = G_N_ELEMENTS(chargers);
  return chargers;
}

/* Filled share of the size: those who always stand there, the working day, the evening, and chance. */
static double taken(const CasaSimKerb *self, const CasaSimReport *r, double always) {
  const CasaSimActivity *p = &r->state->people;
  guint64 s = r->station->stream;
  double share = always + self->office * p->work + self->evening * p->evening +
                 0.05 * casa_sim_noise(s, r->t_ms, 100 * MINUTE_MS) + 0.012 * casa_sim_noise(s + 1, r->t_ms, 6 * MINUTE_MS);
  return CLAMP(share, 0, 1);
}

void casa_sim_kerb_report_parking(const CasaSimKerb *self, CasaSimReport *r) {
  casa_sim_report_add(r, "parking_free", self->size * (1 - taken(self, r, 0.06)), 0, self->size, 0);
}

void casa_sim_kerb_report_bikes(const CasaSimKerb *self, CasaSimReport *r) {
  casa_sim_report_add(r, "bikes_free", self->size * (1 - taken(self, r, 0.45)), 0, self->size, 0);
}
