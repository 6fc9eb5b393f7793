/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/config.h"
#include "source/mqtt/mqtt-source.h"

G_BEGIN_DECLS

/* A connection to the broker beside the recorder's: with a user and a client id of its own, and without a session, so that
 * nothing waits at the broker for it, and nothing that was said while it was away is heard late. It comes back by itself when
 * it breaks. For the little that is said beside measurements: commands and their answers, a look at what a source sends. */
typedef struct _CasaSideLink CasaSideLink;

/* How many messages wait to be taken by casa_side_link_hear() at most; then the oldest is forgotten. */
#define CASA_SIDE_LINK_WAITING 64

typedef struct {
  const char *name;           /* what it is for, in the client id and the log: casa-NAME-1a2b3c4d */
  const char *user;           /* NULL: that of the broker's URL, or nobody */
  const char *password;       /* NULL: none */
  const char *root;           /* what the topics stand below; NULL: the configuration's */
  const char *const *topics;  /* NULL-terminated filters below root, heard with QoS 1 */
  CasaMessageFunc on_message; /* NULL: messages wait for casa_side_link_hear(); else as CasaReceiver.on_message */
  CasaLinkFunc on_link;       /* NULL: nobody is told; else as CasaReceiver.on_link */
  gpointer data;              /* of both */
} CasaSideLinkOptions;

/* Connects nothing yet. Nothing of @config or @options is kept but copies. (transfer full) */
CasaSideLink *casa_side_link_new(const CasaConfig *config, const CasaSideLinkOptions *options);
/* Disconnects first, and says no more of what waits to be said. At most some seconds, when the broker hangs. NULL is fine. */
void casa_side_link_free(CasaSideLink *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaSideLink, casa_side_link_free)

/* Begins to connect, and returns at once: a broker that is not there is no error, casa_side_link_wait() and on_link tell of it.
 * FALSE: the URL is wrong or a certificate cannot be read, *@error says which. Not while it is connected. The caller's thread,
 * as the next two. */
gboolean casa_side_link_connect(CasaSideLink *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Says goodbye: at most two seconds, when the broker hangs. Afterwards no callback runs. Nobody may be saying anything
 * meanwhile. Without a connection nothing happens. */
void casa_side_link_disconnect(CasaSideLink *self);
/* Waits until the broker has let us in, has said no, or @until_us (monotonic). FALSE: not let in; *@out_link (may be NULL) is
 * then how the link is, with the fault. */
gboolean casa_side_link_wait(CasaSideLink *self, gint64 until_us, CasaLink *out_link);

/* Says @payload on @topic, a whole one (QoS 0, not retained). Lost when the link is down. May wait a moment: not on GTK's
 * thread. Any other, also from on_message. */
void casa_side_link_say(CasaSideLink *self, const char *topic, const char *payload);
/* The same from a thread of its own, in order; does not wait. Any thread. */
void casa_side_link_say_later(CasaSideLink *self, const char *topic, const char *payload);
/* Forgets what waits to be taken, then says it: what is heard next came after the question. */
void casa_side_link_ask(CasaSideLink *self, const char *topic, const char *payload);
/* The oldest message that waits to be taken, or the next one until @until_us (monotonic); retained ones are never among them.
 * NULL: none came. Not with on_message. (transfer full) */
GBytes *casa_side_link_hear(CasaSideLink *self, gint64 until_us);
/* Ends casa_side_link_wait() and casa_side_link_hear(), those to come too. Any thread. */
void casa_side_link_interrupt(CasaSideLink *self);

G_END_DECLS
