/* SPDX-License-Identifier: Apache-2.0 */
#include "source/mqtt/tls-probe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int
left_ms(gint64 until_us)
{
  gint64 left = (until_us - g_get_monotonic_time()) / 1000;
  return left > 0 ? (int)left : 0;
}

static int
dial_one(const struct addrinfo *to, gint64 until_us)
{
  int fd = socket(to->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), failure = 0;
  socklen_t len = sizeof failure;
  if (fd < 0)
    return -1;
  struct pollfd ready = { fd, POLLOUT, 0 };
  if (connect(fd, to->ai_addr, to->ai_addrlen) == 0 ||
      (errno == EINPROGRESS && poll(&ready, 1, left_ms(until_us)) == 1 &&
       getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure, &len) == 0 && failure == 0))
    return fd;
  close(fd);
  return -1;
}

static int
dial(const char *host, guint16 port, gint64 until_us)
{
  struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *found = NULL;
  char service[8];
  int fd = -1;
  g_snprintf(service, sizeof service, "%u", port);
  if (getaddrinfo(host, service, &hints, &found) != 0)
    return -1;
  for (struct addrinfo *to = found; to && fd < 0; to = to->ai_next)
    fd = dial_one(to, until_us);
  freeaddrinfo(found);
  return fd;
}

static void
demand(SSL *ssl, const char *host)
{
  unsigned char address[sizeof(struct in6_addr)];
  X509_VERIFY_PARAM *param = SSL_get0_param(ssl);
  if (inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1) {
    X509_VERIFY_PARAM_set1_ip_asc(param, host);
    return;
  }
  X509_VERIFY_PARAM_set1_host(param, host, 0);
  SSL_set_tlsext_host_name(ssl, host);
}

/* The names a certificate is for, as far as they fit. */
static void
append_names(GString *out, X509 *certificate)
{
  GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names) && out->len < 60; i++) {
    const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
    if (name->type != GEN_DNS)
      continue;
    const ASN1_STRING *dns = name->d.dNSName;
    g_autofree char *text = g_strndup((const char *)ASN1_STRING_get0_data(dns), (gsize)ASN1_STRING_length(dns));
    g_autofree char *printable = g_strescape(text, NULL);
    g_string_append_printf(out, "%s%s", out->len ? ", " : "", printable);
  }
  GENERAL_NAMES_free(names);
}

/* While the handshake runs: afterwards a certificate that was refused is no longer there to look at. */
static int
verify_cb(int ok, X509_STORE_CTX *chain)
{
  SSL *ssl = X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx());
  GString *names = SSL_get_app_data(ssl);
  X509 *certificate = X509_STORE_CTX_get0_cert(chain);
  if (!ok && certificate && names->len == 0)
    append_names(names, certificate);
  return ok;
}

static char *
words_for(long verdict, const char *host, const GString *names)
{
  switch (verdict) {
  case X509_V_ERR_HOSTNAME_MISMATCH:
  case X509_V_ERR_IP_ADDRESS_MISMATCH:
    return g_strdup_printf("its certificate is not for \"%s\"%s%s%s; connect by a name that it is for", host,
                           names->len ? " (but " : "", names->str, names->len ? ")" : "");
  case X509_V_ERR_CERT_HAS_EXPIRED:
    return g_strdup("its certificate has expired; renew it at the broker (or is the clock of this machine wrong?)");
  case X509_V_ERR_CERT_NOT_YET_VALID: return g_strdup("its certificate is not valid yet; check the clock of this machine");
  case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
  case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
  case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
  case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
  case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    return g_strdup("its certificate is signed by an authority that is not trusted here; set [broker] ca_file to that "
                    "authority's PEM file");
  default: return g_strdup_printf("its certificate is refused: %s", X509_verify_cert_error_string(verdict));
  }
}

/* What the handshake ended with, once it has failed. */
static char *
words_for_failure(SSL *ssl, const char *host)
{
  long verdict = SSL_get_verify_result(ssl);
  unsigned long error = ERR_peek_error();
  int reason = ERR_GET_REASON(error);
  const char *text = ERR_reason_error_string(error);
  if (verdict != X509_V_OK)
    return words_for(verdict, host, SSL_get_app_data(ssl));
  if (reason == 0 || reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_UNEXPECTED_EOF_WHILE_READING)
    return g_strdup("it does not speak TLS on this port; use its TLS port (mostly 8883)");
  return g_strdup_printf("the handshake failed: %s", text ? text : "no reason was given");
}

/* TRUE: it ended, well or badly (*out_ok). */
static gboolean
shake_hands(SSL *ssl, int fd, gint64 until_us, gboolean *out_ok)
{
  *out_ok = FALSE;
  for (;;) {
    ERR_clear_error();
    int rc = SSL_connect(ssl), why = SSL_get_error(ssl, rc);
    *out_ok = rc == 1;
    if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
      return TRUE;
    struct pollfd ready = { fd, why == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, 0 };
    if (poll(&ready, 1, left_ms(until_us)) != 1)
      return FALSE;
  }
}

static char *
try_it(SSL_CTX *context, int fd, const char *host, gint64 until_us, gboolean *out_certificate)
{
  gboolean ok;
  char *words = NULL;
  g_autoptr(GString) names = g_string_new(NULL);
  SSL *ssl = SSL_new(context);
  demand(ssl, host);
  SSL_set_app_data(ssl, names);
  SSL_set_verify(ssl, SSL_VERIFY_PEER, verify_cb);
  SSL_set_fd(ssl, fd);
  if (!shake_hands(ssl, fd, until_us, &ok))
    words = g_strdup("it does not answer as a TLS server would; use its TLS port (mostly 8883)");
  else if (!ok)
    words = words_for_failure(ssl, host);
  *out_certificate = words && SSL_get_verify_result(ssl) != X509_V_OK;
  SSL_free(ssl);
  return words;
}

char *
casa_tls_probe(const char *host, guint16 port, const char *ca_file, guint timeout_ms, gboolean *out_certificate)
{
  gint64 until_us = g_get_monotonic_time() + (gint64)timeout_ms * 1000;
  SSL_CTX *context = SSL_CTX_new(TLS_client_method());
  char *words = NULL;
  *out_certificate = FALSE;
  if ((ca_file ? SSL_CTX_load_verify_locations(context, ca_file, NULL) : SSL_CTX_set_default_verify_paths(context)) != 1) {
    words =
      g_strdup_printf("%s holds no certificate in PEM; correct [broker] ca_file", ca_file ? ca_file : "the system's store");
    *out_certificate = TRUE;
  } else {
    int fd = dial(host, port, until_us);
    if (fd >= 0) {
      words = try_it(context, fd, host, until_us, out_certificate);
      close(fd);
    }
  }
  ERR_clear_error();
  SSL_CTX_free(context);
  return words;
}
