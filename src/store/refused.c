/* SPDX-License-Identifier: Apache-2.0 */
#include "store/refused.h"

#include <string.h>

#include "wire/reading.h"

/* What SQLite needs for a row beside its bytes: header, key, its share of a page. */
#define ROW_BYTES 64

typedef struct {
  gint64 id;
  gsize bytes;
} Row;

typedef struct {
  char source[CASA_NAME_MAX + 1];
  GArray *rows; /* Row, by id, from `first` on */
  guint first;
  gint64 bytes;
} Account;

struct _CasaRefusedLedger {
  char *root;
  GHashTable *accounts; /* source → Account */
  guint rows;
  gint64 bytes;
};

static void
free_account(gpointer data)
{
  Account *account = data;
  g_array_unref(account->rows);
  g_free(account);
}

CasaRefusedLedger *
casa_refused_new(const char *root)
{
  CasaRefusedLedger *self = g_new0(CasaRefusedLedger, 1);
  self->root = g_strdup(root);
  self->accounts = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_account);
  return self;
}

void
casa_refused_free(CasaRefusedLedger *self)
{
  if (!self)
    return;
  g_hash_table_unref(self->accounts);
  g_free(self->root);
  g_free(self);
}

/* "" when the topic names nobody. A device of a team ("equipe-7.4") is the team. */
static void
source_of(const CasaRefusedLedger *self, const char *topic, gsize len, char out[CASA_NAME_MAX + 1])
{
  gsize root = self->root ? strlen(self->root) : 0, n = 0;
  out[0] = '\0';
  if (root == 0 || len <= root + 1 || memcmp(topic, self->root, root) != 0 || topic[root] != '/')
    return;
  const char *name = topic + root + 1;
  for (gsize left = len - root - 1; n < left && n <= CASA_NAME_MAX && name[n] != '/' && name[n] != '.'; n++)
    if (!g_ascii_islower(name[n]) && !g_ascii_isdigit(name[n]) && name[n] != '_' && name[n] != '-')
      return;
  if (n > CASA_NAME_MAX)
    return;
  memcpy(out, name, n);
  out[n] = '\0';
}

static Account *
account_of(CasaRefusedLedger *self, const char *topic, gsize len)
{
  char source[CASA_NAME_MAX + 1];
  source_of(self, topic, len, source);
  Account *account = g_hash_table_lookup(self->accounts, source);
  if (!account && g_hash_table_size(self->accounts) >= CASA_REFUSED_SOURCES) {
    source[0] = '\0';
    account = g_hash_table_lookup(self->accounts, source);
  }
  if (account)
    return account;
  account = g_new0(Account, 1);
  g_strlcpy(account->source, source, sizeof account->source);
  account->rows = g_array_new(FALSE, FALSE, sizeof(Row));
  g_hash_table_insert(self->accounts, account->source, account);
  return account;
}

void
casa_refused_add(CasaRefusedLedger *self, const char *topic, gsize topic_len, gint64 id, gsize bytes)
{
  Account *account = account_of(self, topic ? topic : "", topic ? topic_len : 0);
  Row row = { id, bytes + ROW_BYTES };
  g_array_append_val(account->rows, row);
  account->bytes += row.bytes;
  self->bytes += row.bytes;
  self->rows++;
}

static guint
n_rows(const Account *account)
{
  return account->rows->len - account->first;
}

static gint64
take_oldest(CasaRefusedLedger *self, Account *account)
{
  Row row = g_array_index(account->rows, Row, account->first++);
  account->bytes -= row.bytes;
  self->bytes -= row.bytes;
  self->rows--;
  if (account->first >= 1024 && account->first * 2 >= account->rows->len) {
    g_array_remove_range(account->rows, 0, account->first);
    account->first = 0;
  }
  if (n_rows(account) == 0)
    g_hash_table_remove(self->accounts, account->source);
  return row.id;
}

/* Who has most, of rows or of bytes. */
static Account *
largest(const CasaRefusedLedger *self, gboolean by_rows)
{
  GHashTableIter iter;
  gpointer one;
  Account *most = NULL;
  g_hash_table_iter_init(&iter, self->accounts);
  while (g_hash_table_iter_next(&iter, NULL, &one)) {
    Account *account = one;
    if (!most || (by_rows ? n_rows(account) > n_rows(most) : account->bytes > most->bytes))
      most = account;
  }
  return most;
}

/* Whose oldest row has to go; NULL: none has to. */
static Account *
whose_turn(const CasaRefusedLedger *self, gint64 max_bytes)
{
  if (self->rows == 0)
    return NULL;
  Account *by_bytes = largest(self, FALSE), *by_rows = largest(self, TRUE);
  if (self->bytes > max_bytes || by_bytes->bytes > max_bytes / CASA_REFUSED_SHARE)
    return by_bytes;
  if (self->rows > CASA_REFUSED_ROWS || n_rows(by_rows) > CASA_REFUSED_ROWS / CASA_REFUSED_SHARE)
    return by_rows;
  return NULL;
}

gboolean
casa_refused_is_over(const CasaRefusedLedger *self, gint64 max_bytes)
{
  return whose_turn(self, max_bytes) != NULL;
}

gboolean
casa_refused_take(CasaRefusedLedger *self, gint64 max_bytes, gint64 *out_id)
{
  Account *account = whose_turn(self, max_bytes);
  if (!account)
    return FALSE;
  *out_id = take_oldest(self, account);
  return TRUE;
}

void
casa_refused_forget(CasaRefusedLedger *self)
{
  g_hash_table_remove_all(self->accounts);
  self->rows = 0;
  self->bytes = 0;
}
