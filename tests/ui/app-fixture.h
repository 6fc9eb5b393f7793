/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/city.h"
#include "series/hub.h"
#include "store/store.h"
#include "ui/data/model.h"

G_BEGIN_DECLS

/* A store in a folder of its own, a hub, and the city of the source tree: what a model needs, without a broker. */
typedef struct {
  char *dir, *path;
  CasaStore *store;
  CasaHub *hub;
  CasaCity *city;
  CasaIndicators *indicators;
} AppFixture;

void app_fixture_init(AppFixture *self);
void app_fixture_clear(AppFixture *self);
CasaModel *app_fixture_model(AppFixture *self); /* (transfer full) */
/* The figure of the shipped indicator @id. */
const CasaFigure *app_figure(CasaModel *model, const char *id);
const CasaIndicator *app_indicator(CasaModel *model, const char *id);

typedef enum { APP_STORED, APP_LIVE, APP_RETAINED } AppArrival; /* STORED: the hub does not hear of it */

/* One value of one station at @t_ms. */
void app_fixture_put(AppFixture *self, const char *source, const char *domain, const char *station, const char *metric,
                     double value, gint64 t_ms, AppArrival arrival);
/* The same, stored only, of a sensor whose clock says @t_ms when it is @received_ms. */
void app_fixture_put_arrived(AppFixture *self, const char *source, const char *domain, const char *station, const char *metric,
                             double value, gint64 t_ms, gint64 received_ms);
/* Described by whom: a team's station is not simulated. */
void app_fixture_describe_of(AppFixture *self, const char *source, const char *domain, const char *station, const char *name,
                             double lat, double lon);
void app_fixture_describe(AppFixture *self, const char *domain, const char *station, const char *name, double lat, double lon);

/* A small city with every domain: stations described, @minutes of history each two minutes up to @now_ms. */
void app_fixture_fill(AppFixture *self, gint64 now_ms, guint minutes);
/* The same city, one live report of every station. */
void app_fixture_report(AppFixture *self, gint64 now_ms);

/* Iterates the main loop and the model until @ready, at most @seconds. FALSE: too late. */
gboolean app_fixture_wait(CasaModel *model, gboolean (*ready)(CasaModel *model), double seconds);

G_END_DECLS
