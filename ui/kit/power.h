/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Whether the wall should spare the machine: asked for, or it runs on a battery. GTK thread only. */

/* Asked for by whoever starts it: from now on, whatever feeds the machine. */
void casa_power_set_frugal(gboolean frugal);
/* Looks at the batteries at most every ten seconds. */
gboolean casa_power_is_frugal(void);
/* Whether @dir (as /sys/class/power_supply, see Linux' Documentation/ABI/testing/sysfs-class-power) has a battery of the
 * machine that is being emptied; those of a mouse or a headset (scope Device) do not count. FALSE: none, or it cannot be
 * read. */
gboolean casa_power_on_battery(const char *dir);

G_END_DECLS
