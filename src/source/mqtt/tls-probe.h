/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Why TLS with a broker failed. The MQTT library only says that it did; so the handshake is tried once more by itself,
 * with the same demands, and its verdict is put into words. Nothing but the handshake is ever sent. The only file that
 * names OpenSSL. */

/* Waits at most @timeout_ms. *out_certificate: it is the certificate that is refused. Words on what is wrong and how to mend it (transfer full), or NULL: nothing is wrong with it,
 * or nobody answers there. Blocks. Whoever calls it ignores SIGPIPE, as the MQTT library has the program do once it has made
 * a client: OpenSSL writes to a server that may have gone. */
char *casa_tls_probe(const char *host, guint16 port, const char *ca_file, guint timeout_ms, gboolean *out_certificate);

G_END_DECLS
