/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/config.h"
#include "options.h"
#include "publish/publisher.h"

G_BEGIN_DECLS

/* From the command line and pulse.conf to a publisher for @source. @control: it takes commands, and looks for events that an
 * earlier run left. */
CasaSimPublisher *casa_sim_session_new(const CasaSimOptions *options, const CasaConfig *config, const char *source,
                                       gboolean control, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The last line on stderr: what was published, and what became of it. */
void casa_sim_session_say_end(CasaSimPublisher *publisher, guint qos);

G_END_DECLS
