/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* What `casa doctor --stage` looks at beside configuration, store and servers: the machine and its desktop. */

typedef enum { CLI_PASS, CLI_WARN, CLI_FAIL } CliVerdict;

/* @what: a word; @text: what was found, and when it is not well what to do. */
typedef void (*CliSay)(CliVerdict verdict, const char *what, const char *text, gpointer data);

/* Screens, power, memory, network, clock: read below @root ("/"; tests have another), no program is started. */
void cli_doctor_machine(const char *root, CliSay say, gpointer data);
/* Whether the kernel's clock is kept by a time server. */
void cli_doctor_time(CliSay say, gpointer data);
/* Fonts, idle lock, notifications, captive portal: asked of fontconfig, the session's settings and NetworkManager, the last at
 * most two seconds. */
void cli_doctor_desktop(CliSay say, gpointer data);

G_END_DECLS
