/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#include "model/air.h"
#include "catalogue.h"
#include "model/energy.h"
#include "model/parking-bikes.h"
#include "maths/rng.h"
#include "model/civic.h"
#include "model/roads.h"
#include "model/waste.h"
#include "model/water.h"
#include "wire/encode.h"

struct _CasaSimWorld {
  CasaSimModel *model;
  CasaSimTransit *transit;
  GArray *stations; /* CasaSimStation */
  char *root;
  CasaSimAxis *axes;           /* by the city's road index */
  CasaSimGrid *grids;          /* by the city's district index */
  CasaSimSite *sites;          /* by station index; only air and weather stations use theirs */
  CasaSimSite *quarters;       /* by the city's district index */
  CasaSimStation *inhabitants; /* the same: who breathes there, no station that publishes */
  gint64 t_ms;
  CasaSimState state; /* at t_ms */
  guint faults;
  CasaSimWater *water;
  CasaSimWaste *waste;
  CasaSimCivic *civic;
  CasaSimBoxModel *box_model;
  CasaSimBox *boxes; /* at t_ms, by the city's district index */
  double leighton_ppb;
};

static void
init_sites(CasaSimWorld *self)
{
  const CasaCity *city = casa_sim_model_city(self->model);
  self->sites = g_new0(CasaSimSite, self->stations->len + 1);
  for (guint i = 0; i < self->stations->len; i++) {
    const CasaSimStation *s = casa_sim_world_station(self, i);
    if (s->kind == CASA_SIM_AIR)
      casa_sim_site_init(&self->sites[i], city, s->at, city->places[s->a].category);
    else if (s->kind == CASA_SIM_AIR_MICRO || s->kind == CASA_SIM_WEATHER_STATION)
      casa_sim_site_init(&self->sites[i], city, s->at, NULL);
  }
}

static void
init_quarters(CasaSimWorld *self)
{
  const CasaCity *city = casa_sim_model_city(self->model);
  self->quarters = g_new0(CasaSimSite, city->n_districts + 1);
  self->inhabitants = g_new0(CasaSimStation, city->n_districts + 1);
  for (guint i = 0; i < city->n_districts; i++) {
    const CasaDistrict *d = &city->districts[i];
    g_autofree char *name = g_strdup_printf("quarter/%s", d->id);
    casa_sim_site_init(&self->quarters[i], city, d->centroid, NULL);
    self->inhabitants[i] = (CasaSimStation){ .kind = CASA_SIM_AIR,
                                             .at = d->centroid,
                                             .district = d->id,
                                             .stream = casa_sim_stream(casa_sim_model_seed(self->model), name) };
  }
}

CasaSimWorld *
casa_sim_world_new(CasaSimModel *model, const char *root, guint n_stations)
{
  const CasaCity *city = casa_sim_model_city(model);
  CasaSimWorld *self = g_new0(CasaSimWorld, 1);
  self->model = model;
  self->root = g_strdup(root);
  self->transit = casa_sim_transit_new(model);
  self->axes = g_new0(CasaSimAxis, city->n_roads + 1);
  for (guint i = 0; i < city->n_roads; i++)
    casa_sim_axis_init(&self->axes[i], &city->roads[i]);
  self->grids = g_new0(CasaSimGrid, city->n_districts + 1);
  casa_sim_grid_init(self->grids, city);
  casa_sim_grid_presume(self->grids, city, casa_sim_model_scenario(model));
  self->water = casa_sim_water_new(model, self->grids);
  self->waste = casa_sim_waste_new(model, self->grids);
  self->civic = casa_sim_civic_new(model);
  self->box_model = casa_sim_box_model_new(model);
  self->boxes = g_new0(CasaSimBox, city->n_districts + 1);
  self->stations = casa_sim_catalogue_new(model, self->transit, root, n_stations);
  init_sites(self);
  init_quarters(self);
  return self;
}

void
casa_sim_world_keep_part(CasaSimWorld *self, guint part, guint n_parts)
{
  CasaSimStation *stations = (CasaSimStation *)(gpointer)self->stations->data;
  guint kept = 0;

  for (guint i = part; i < self->stations->len; i += n_parts) {
    CasaSimStation other = stations[kept];
    stations[kept++] = stations[i];
    stations[i] = other;
  }
  g_array_set_size(self->stations, kept); /* frees the others */
  g_free(self->sites);
  init_sites(self);
}

void
casa_sim_world_free(CasaSimWorld *self)
{
  if (!self)
    return;
  g_clear_pointer(&self->stations, g_array_unref);
  casa_sim_transit_free(self->transit);
  casa_sim_box_model_free(self->box_model);
  casa_sim_water_free(self->water);
  casa_sim_waste_free(self->waste);
  casa_sim_civic_free(self->civic);
  g_free(self->boxes);
  g_free(self->root);
  g_free(self->axes);
  g_free(self->grids);
  g_free(self->sites);
  g_free(self->quarters);
  g_free(self->inhabitants);
  g_free(self);
}

const char *
casa_sim_world_root(const CasaSimWorld *self)
{
  return self->root;
}

guint
casa_sim_world_size(const CasaSimWorld *self)
{
  return self->stations->len;
}

const CasaSimStation *
casa_sim_world_station(const CasaSimWorld *self, guint i)
{
  return &g_array_index(self->stations, CasaSimStation, i);
}

CasaSimModel *
casa_sim_world_model(CasaSimWorld *self)
{
  return self->model;
}

CasaSimTransit *
casa_sim_world_transit(CasaSimWorld *self)
{
  return self->transit;
}

gint64
casa_sim_kind_interval_ms(CasaSimKind kind)
{
  return casa_sim_kind_info(kind)->interval_ms;
}

void
casa_sim_world_descriptor(const CasaSimWorld *self, guint i, GString *topic, GString *payload)
{
  const CasaSimStation *s = casa_sim_world_station(self, i);
  const CasaSimKindInfo *info = casa_sim_kind_info(s->kind);
  g_string_printf(topic, "%s/city/$station/%s", self->root, s->id);
  casa_encode_descriptor(payload, s->name, s->name_ar, info->kind, info->domain, s->at.lat, s->at.lon, TRUE);
}

void
casa_sim_world_set_time(CasaSimWorld *self, gint64 t_ms)
{
  self->t_ms = t_ms;
  casa_sim_model_at(self->model, t_ms, &self->state);
  self->state.frequency_hz += casa_sim_grid_swing_hz(self->grids, casa_sim_model_city(self->model)->n_districts, &self->state,
                                                     casa_sim_model_events(self->model, t_ms), t_ms);
  casa_sim_box_model_at(self->box_model, t_ms, self->boxes);
  self->leighton_ppb = casa_sim_leighton_ppb(&self->state.weather);
}

void
casa_sim_world_set_faults(CasaSimWorld *self, guint faults)
{
  self->faults = faults;
}

static void
fill(CasaSimWorld *self, guint i, CasaSimReport *r)
{
  const CasaSimStation *s = r->station;
  switch (s->kind) {
  case CASA_SIM_VEHICLE: casa_sim_transit_report_vehicle(self->transit, r); break;
  case CASA_SIM_STOP: casa_sim_transit_report_stop(self->transit, r); break;
  case CASA_SIM_ROAD: casa_sim_axis_report(&self->axes[s->a], r); break;
  case CASA_SIM_PARKING: casa_sim_parking_report(&casa_sim_parkings(NULL)[s->a], r); break;
  case CASA_SIM_BIKES: casa_sim_bikes_report(&casa_sim_bikes(NULL)[s->a], r); break;
  case CASA_SIM_SUBSTATION: casa_sim_grid_report_substation(&self->grids[s->a], r); break;
  case CASA_SIM_SOLAR: casa_sim_grid_report_solar(&self->grids[s->a], r); break;
  case CASA_SIM_LIGHTING: casa_sim_grid_report_lighting(&self->grids[s->a], r); break;
  case CASA_SIM_CHARGING: casa_sim_grid_report_charging(r, casa_sim_chargers(NULL)[s->a].size); break;
  case CASA_SIM_AIR: casa_sim_site_report(&self->sites[i], r); break;
  case CASA_SIM_AIR_MICRO: casa_sim_site_report_micro(&self->sites[i], r); break;
  case CASA_SIM_WEATHER_STATION: casa_sim_site_report_weather(&self->sites[i], r); break;
  case CASA_SIM_WATER: casa_sim_water_report_district(self->water, s->a, r); break;
  case CASA_SIM_RESERVOIR: casa_sim_water_report_reservoir(self->water, s->a, r); break;
  case CASA_SIM_CONTAINER: casa_sim_waste_report(self->waste, s->a, s->b, r); break;
  case CASA_SIM_REPORTS: casa_sim_civic_report(self->civic, s->a, r); break;
  case CASA_SIM_N_KINDS: break;
  }
}

static CasaSimReport
report_of(CasaSimWorld *self, const CasaSimStation *station, gint64 since_ms, GString *payload)
{
  return (CasaSimReport){ .model = self->model,
                          .state = &self->state,
                          .station = station,
                          .events = casa_sim_model_events(self->model, self->t_ms),
                          .boxes = self->boxes,
                          .leighton_ppb = self->leighton_ppb,
                          .since_ms = since_ms,
                          .t_ms = self->t_ms,
                          .out = payload,
                          .faults = self->faults };
}

void
casa_sim_world_air(CasaSimWorld *self, guint district, CasaSimAir *out)
{
  CasaSimReport r = report_of(self, &self->inhabitants[district], self->t_ms, NULL);
  casa_sim_site_air(&self->quarters[district], &r, out);
}

guint
casa_sim_world_report(CasaSimWorld *self, guint i, gint64 since_ms, GString *payload)
{
  CasaSimReport r = report_of(self, casa_sim_world_station(self, i), since_ms, payload);
  casa_encode_begin(payload, self->t_ms);
  fill(self, i, &r);
  casa_encode_end(payload);
  return r.n;
}
