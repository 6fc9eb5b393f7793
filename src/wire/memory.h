/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* What formats remember of sources from one message to the next: which topic a discovery announced, which alias a birth gave.
 * Bounded in all ways, so that no source can fill the memory: a source has CASA_MEMORY_NOTES notes of at most CASA_MEMORY_BYTES
 * together, and there are CASA_MEMORY_SOURCES sources; beyond each, the oldest go. Nothing outlives the process: a format must
 * do without a note that is gone. One thread. */
#define CASA_MEMORY_SOURCES 1024
#define CASA_MEMORY_NOTES 2048
#define CASA_MEMORY_BYTES (256 * 1024)

typedef struct _CasaMemory CasaMemory;

CasaMemory *casa_memory_new(void);       /* No notes. (transfer full) */
void casa_memory_free(CasaMemory *self); /* NULL is fine */

/* Keeps a copy of @len bytes under @key, in place of what was there. Keys of different formats do not meet: @format is the
 * format's id. What is larger than CASA_MEMORY_BYTES is not kept. */
void casa_memory_put(CasaMemory *self, const char *source, const char *format, const char *key, const void *bytes, gsize len);
/* The bytes (followed by a NUL, which *len does not count), valid until the next put of that source. NULL: there is no such
 * note. @len may be NULL. */
const char *casa_memory_get(CasaMemory *self, const char *source, const char *format, const char *key, gsize *len);
/* Removes a note, if there is one. */
void casa_memory_forget(CasaMemory *self, const char *source, const char *format, const char *key);

G_END_DECLS
