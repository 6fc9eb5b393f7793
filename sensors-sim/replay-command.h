/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "options.h"

G_BEGIN_DECLS

/* casa-sim --from-csv FILE --map FILE, and casa-sim --print-map FILE: their exit status. */
int casa_sim_replay_command(const CasaSimOptions *options, GError **error);
int casa_sim_print_map_command(const CasaSimOptions *options, GError **error); /* casa-sim --print-map */

G_END_DECLS
