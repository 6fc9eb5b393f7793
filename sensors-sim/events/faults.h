/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* What is wrong with real sensors and their links. Each fault is its own bit and draws from its own stream of each
 * station: switching one on changes neither another nor the city. What befalls a message is a pure function of (faults,
 * seed, station, time); rates and sizes stand in faults.c and docs/SIMULATOR.md. */
typedef enum {
  CASA_SIM_FAULT_RESOLUTION = 1 << 0, /* values come in the sensor's steps */
  CASA_SIM_FAULT_NOISE = 1 << 1,
  CASA_SIM_FAULT_DRIFT = 1 << 2,      /* slow error, new at each calibration */
  CASA_SIM_FAULT_OUTLIERS = 1 << 3,   /* spikes and error codes */
  CASA_SIM_FAULT_STUCK = 1 << 4,      /* the same values for hours */
  CASA_SIM_FAULT_DROPOUTS = 1 << 5,   /* silent for a while */
  CASA_SIM_FAULT_BATTERY = 1 << 6,    /* every second report missing, then silent for days */
  CASA_SIM_FAULT_LATE = 1 << 7,       /* arrives later, with its own time */
  CASA_SIM_FAULT_DUPLICATES = 1 << 8, /* arrives twice */
  CASA_SIM_FAULT_CLOCK = 1 << 9,      /* the station's clock is off */
} CasaSimFault;

#define CASA_SIM_CLEAN 0u
#define CASA_SIM_FIELD ((1u << 10) - 1)

/* No message is later than this, ms. */
#define CASA_SIM_LATEST_MS G_GINT64_CONSTANT(660000)

/* What the faults do to one message. */
typedef struct {
  gboolean silent; /* it is never sent */
  gboolean frozen; /* its values are those of frozen_ms */
  gint64 frozen_ms;
  gint64 said_ms;  /* the time it claims; below 1e9: seconds since the station was switched on */
  gint64 delay_ms; /* it arrives so much later, at most CASA_SIM_LATEST_MS */
  gint64 again_ms; /* and once more so long after that; -1 = it comes once */
} CasaSimFate;

/* Who carries what: sensors that no battery feeds do not die of one, vehicles and counters do not freeze. */
typedef struct {
  gboolean on_battery, freezes;
} CasaSimMakeup;

/* @stream: the station's own. */
void casa_sim_fate(guint faults, guint64 stream, CasaSimMakeup makeup, gint64 t_ms, CasaSimFate *out);

/* "clean", "field", or names of faults parted by commas. CASA_ERROR_USAGE lists what may be written. */
gboolean casa_sim_faults_parse(const char *text, guint *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same text back. (transfer full) */
char *casa_sim_faults_text(guint faults);

/* Sub-stream of a station's stream that fault @fault may draw from, for purpose @k < 64. */
guint64 casa_sim_fault_stream(guint64 stream, CasaSimFault fault, guint k);

G_END_DECLS
