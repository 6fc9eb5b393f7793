/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "app-fixture.h"
#include "base/clock.h"
#include "broker.h"
#include "process.h"
#include "pulse.h"
#include "replay.h"
#include "ui/scenes/scene-world.h"
#include "ui/shell/ticker.h"
#include "ui/shell/window.h"

G_BEGIN_DECLS

/* End to end: a real broker, the simulator, and the application in this process, so that its words can be read. */

typedef struct {
  TestBroker *broker;
  TestProcess *sim;
  char *dir, *store;
  char *config; /* folder; the test may write another pulse.conf into it */
} LiveCity;

/* @extra: further lines for the broker, or NULL. */
void live_city_open(LiveCity *city, const char *extra);
void live_city_close(LiveCity *city);

typedef struct {
  CasaConfig *config;
  CasaCity *city;
  CasaIndicators *indicators;
  CasaPulse *pulse;
  CasaReplay *replay; /* NULL: live */
  CasaModel *model;
  CasaTicker *ticker;
  CasaSceneList *scenes; /* of the file in the folder */
  CasaWindow *window;
} LiveWall;

/* @influx may be NULL. In French. The first wall starts the simulator, with six hours of past. */
void live_wall_open(LiveWall *wall, LiveCity *city, const char *influx);
/* The same without InfluxDB, showing a past. */
void live_wall_open_past(LiveWall *wall, LiveCity *city, const CasaReplayOptions *past);
void live_wall_close(LiveWall *wall);
void live_wall_speak(LiveWall *wall, const char *language);

/* Seconds until @text stands on the wall; the test ends when it does not within @limit_s. */
double live_wall_wait(LiveWall *wall, const char *text, double limit_s);
/* …until it stands there no more. */
void live_wall_wait_gone(LiveWall *wall, const char *text, double limit_s);
/* …until the load's curve has that many points. */
void live_wall_wait_curve(LiveWall *wall, guint points, double limit_s);

/* Between g_test_init() and g_test_run(): GTK, the application, and both gone at the end. Exit status. */
int live_main(void);

G_END_DECLS
