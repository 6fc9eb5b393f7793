/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/config.h"
#include "doctor-machine.h"

G_BEGIN_DECLS

/* The files of @config, where each comes from, and which of them are wrong: metrics, feeds, city, and those that the wall does
 * without. The caller's thread; @say is called before it returns. */
void cli_doctor_config(const CasaConfig *config, CliSay say, gpointer data);

G_END_DECLS
