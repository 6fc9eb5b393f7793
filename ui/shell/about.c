/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/about.h"
#include "casa-build.h"
#include "ui/shell/application.h"
#include "ui/kit/direction.h"
#include "ui/text/lang.h"
#include <adwaita.h>

void
casa_about_show(GtkWindow *parent)
{
  GtkWidget *about = adw_about_window_new();
  AdwAboutWindow *self = ADW_ABOUT_WINDOW(about);

  gtk_window_set_transient_for(GTK_WINDOW(about), parent);
  adw_about_window_set_application_name(self, "Casa Pulse");
  adw_about_window_set_application_icon(self, CASA_APPLICATION_ID);
  adw_about_window_set_version(self, CASA_VERSION);
  adw_about_window_set_developer_name(self, _("Les contributeurs de Casa Pulse"));
  adw_about_window_set_comments(self,
                                _("Le pouls de Casablanca, en direct : mobilité, énergie, air. Les données de la ville sont "
                                  "simulées tant qu'aucun vrai capteur ne les remplace."));
  adw_about_window_set_license_type(self, GTK_LICENSE_APACHE_2_0);
  adw_about_window_add_legal_section(self, _("Carte"), "© contributeurs OpenStreetMap, ODbL 1.0", GTK_LICENSE_CUSTOM,
                                     "https://opendatacommons.org/licenses/odbl/1-0/");
  adw_about_window_add_legal_section(self, _("Population"), _("Haut-Commissariat au Plan (HCP), RGPH 2024"), GTK_LICENSE_CUSTOM,
                                     NULL);
  casa_direction_apply(about);
  gtk_window_present(GTK_WINDOW(about));
}
