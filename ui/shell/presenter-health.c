/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/presenter-health.h"
#include "ui/shell/full-screen.h"
#include "ui/text/lang.h"
#include <math.h>
#include <sys/statvfs.h>

#define DELAY_OK_MS 250
#define DELAY_BAD_MS 1000
#define DISK_OK 5e9
#define DISK_BAD 1e9

static const char *const NAMES[CASA_HEALTH_ITEMS] = { N_("Liaison"), N_("Débit"),          N_("Capteur → base, p99"),
                                                      N_("Disque"),  N_("Équipes"),        N_("Projection"),
                                                      N_("Veille"),  N_("Ne pas déranger") };

const char *
casa_health_name(guint i)
{
  return casa_tr(NAMES[i]);
}

CasaHealthLevel
casa_health_delay(double ms)
{
  if (isnan(ms))
    return CASA_HEALTH_UNKNOWN;
  return ms < DELAY_OK_MS ? CASA_HEALTH_OK : ms < DELAY_BAD_MS ? CASA_HEALTH_ATTENTION : CASA_HEALTH_BAD;
}

CasaHealthLevel
casa_health_disk(double bytes)
{
  if (isnan(bytes))
    return CASA_HEALTH_UNKNOWN;
  return bytes >= DISK_OK ? CASA_HEALTH_OK : bytes >= DISK_BAD ? CASA_HEALTH_ATTENTION : CASA_HEALTH_BAD;
}

static CasaHealthItem
item(CasaHealthLevel level, char *text)
{
  return (CasaHealthItem){ level, text };
}

static CasaHealthItem
link_item(const CasaSummary *s)
{
  if (s->link.state == CASA_LINK_UP)
    return item(CASA_HEALTH_OK, g_strdup_printf(_("%u coupures"), (guint)s->counts.reconnects));
  if (s->link.state == CASA_LINK_CONNECTING)
    return item(CASA_HEALTH_ATTENTION, g_strdup(_("connexion…")));
  return item(CASA_HEALTH_BAD, g_strdup(_("coupée")));
}

static CasaHealthItem
rate_item(const CasaSummary *s)
{
  return item(s->counts.rate > 0 ? CASA_HEALTH_OK : CASA_HEALTH_ATTENTION,
              g_strdup_printf(_("%.0f mesures/s"), s->counts.rate));
}

static CasaHealthItem
delay_item(const CasaSummary *s)
{
  double ms = s->counts.latency_p99_ms;

  return item(casa_health_delay(ms), isnan(ms) ? g_strdup("—") : g_strdup_printf("%.0f ms", ms));
}

static CasaHealthItem
disk_item(const char *folder)
{
  struct statvfs disk;
  double free = folder && statvfs(folder, &disk) == 0 ? (double)disk.f_bavail * (double)disk.f_frsize : NAN;

  return item(casa_health_disk(free), isnan(free) ? g_strdup("—") : g_strdup_printf(_("%.0f Go libres"), free / 1e9));
}

/* Where the hall's window stands, how large that screen is, and what became of the wish to fill it. */
static CasaHealthItem
projection_item(CasaWindow *hall)
{
  GdkMonitor *monitor = casa_full_screen_monitor(GTK_WINDOW(hall));
  GdkRectangle area;

  if (casa_window_audience(hall) == CASA_AUDIENCE_UNPLUGGED)
    return item(CASA_HEALTH_BAD, g_strdup(_("projecteur débranché")));
  if (!monitor)
    return item(CASA_HEALTH_BAD, g_strdup(casa_window_audience(hall) == CASA_AUDIENCE_HIDDEN ? _("cachée : H") : _("absente")));
  switch (casa_full_screen_fault(GTK_WINDOW(hall))) {
  case CASA_FULL_SCREEN_REFUSED: return item(CASA_HEALTH_BAD, g_strdup(_("plein écran refusé : F11 encore")));
  case CASA_FULL_SCREEN_ELSEWHERE: return item(CASA_HEALTH_BAD, g_strdup(_("sur un autre écran : Ctrl+Maj+S")));
  case CASA_FULL_SCREEN_AWAITED: return item(CASA_HEALTH_ATTENTION, g_strdup(_("plein écran demandé…")));
  case CASA_FULL_SCREEN_FINE: break;
  }
  if (!gtk_window_is_fullscreen(GTK_WINDOW(hall)))
    return item(CASA_HEALTH_ATTENTION, g_strdup(_("fenêtre : F5 pour le plein écran")));
  gdk_monitor_get_geometry(monitor, &area);
  const char *name = gdk_monitor_get_connector(monitor);
  return item(CASA_HEALTH_OK, g_strdup_printf("%s · %d×%d", name ? name : "?", area.width, area.height));
}

/* Whether notifications are off, where the desktop says so (GNOME). */
static CasaHealthItem
quiet_item(void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default();
  g_autoptr(GSettingsSchema) schema =
    source ? g_settings_schema_source_lookup(source, "org.gnome.desktop.notifications", TRUE) : NULL;

  if (!schema || !g_settings_schema_has_key(schema, "show-banners"))
    return item(CASA_HEALTH_UNKNOWN, g_strdup(_("à vérifier")));
  g_autoptr(GSettings) settings = g_settings_new_full(schema, NULL, NULL);
  gboolean banners = g_settings_get_boolean(settings, "show-banners");
  return item(banners ? CASA_HEALTH_ATTENTION : CASA_HEALTH_OK, g_strdup(banners ? _("inactif") : _("actif")));
}

/* The weaker of the two: neither dark nor asleep. */
static CasaHealthItem
awake_item(CasaAwake *awake)
{
  switch (MIN(casa_awake_idle(awake), casa_awake_suspend(awake))) {
  case CASA_AWAKE_SURE: return item(CASA_HEALTH_OK, g_strdup(_("bloquée")));
  case CASA_AWAKE_ASKED: return item(CASA_HEALTH_ATTENTION, g_strdup(_("demandée, non confirmée")));
  case CASA_AWAKE_NO: break;
  }
  return item(CASA_HEALTH_ATTENTION, g_strdup(_("non bloquée")));
}

void
casa_health_read(CasaModel *model, CasaWindow *hall, const char *folder, CasaAwake *awake,
                 CasaHealthItem out[CASA_HEALTH_ITEMS])
{
  const CasaSummary *s = casa_model_summary(model);
  guint i = 0;

  out[i++] = link_item(s);
  out[i++] = rate_item(s);
  out[i++] = delay_item(s);
  out[i++] = disk_item(folder);
  out[i++] = item(CASA_HEALTH_OK, g_strdup_printf(_("%u en direct"), s->teams_active));
  out[i++] = projection_item(hall);
  out[i++] = awake_item(awake);
  out[i++] = quiet_item();
}
