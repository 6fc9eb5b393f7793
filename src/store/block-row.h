/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <sqlite3.h>

#include "store/block.h"

G_BEGIN_DECLS

/* Blocks as rows of table `block`. A row's key holds its series (row id) and first time, so that the blocks of a series
 * stand in a row by time. Private to src/store. */

#define CASA_BLOCK_COLUMNS "id, n, span, t_add, t_step, r_base, r_follows, v_base, v_div, t, r, v"
/* Series that a key has room for. */
#define CASA_SERIES_LIMIT ((1u << 20) - 1)

/* Where a block lies, without what it holds. */
typedef struct {
  gint64 key; /* 0: there is none */
  gint64 t_first, t_last;
  guint n;
} CasaSpot;

/* Key of a block of series @row that begins at @t_ms (clamped to what keys can say). */
static inline gint64
casa_block_key(gint64 row, gint64 t_ms)
{
  return (row << 43) + CLAMP(t_ms, -CASA_TIME_LIMIT, CASA_TIME_LIMIT - 1) + CASA_TIME_LIMIT;
}

/* The time in a key, UTC ms. */
static inline gint64
casa_block_key_time(gint64 key)
{
  return (key & ((CASA_TIME_LIMIT << 1) - 1)) - CASA_TIME_LIMIT;
}

/* Parameters 1 to 12 of an INSERT, in the order of CASA_BLOCK_COLUMNS; the planes must live until it has run. */
void casa_block_bind(sqlite3_stmt *stmt, gint64 row, const CasaBlock *block);

/* From a row of CASA_BLOCK_COLUMNS; the planes live until the next step. */
void casa_block_column(sqlite3_stmt *stmt, CasaBlock *out);

/* Steps "SELECT id, n, span …" once, and resets it. FALSE: SQLite said no. */
gboolean casa_spot_read(sqlite3_stmt *stmt, CasaSpot *out);

G_END_DECLS
