/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Why TLS with a broker failed. The MQTT library only says that it did; so the handshake is tried once more by itself,
 * with the same demands, and its verdict is put into words. Nothing but the handshake is ever sent. The only file that
 * names OpenSSL. */

/* Blocks for at most @timeout_ms. Returns what is wrong and how to mend it (transfer full), or NULL: nothing is wrong, or
 * nothing answers there. *out_certificate: the certificate is what is refused. The caller must have SIGPIPE ignored, because
 * OpenSSL may write to a server that is gone; the MQTT library ignores it for the program once it has made a client. */
char *casa_tls_probe(const char *host, guint16 port, const char *ca_file, guint timeout_ms, gboolean *out_certificate);

G_END_DECLS
