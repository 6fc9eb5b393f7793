/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>
#include <stddef.h>
#include <stdint.h>

G_BEGIN_DECLS

/* What libFuzzer calls and what main.c calls in its place. A target asserts what must hold for any input at all: a verdict,
 * a reason in UTF-8, values that keep their promises. Returns 0. @data has exactly @size bytes. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
/* Once, before the first input: a g_critical() is as bad as a crash. */
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* A folder of this process, gone when it ends, for decoders that read files. @name is written anew each time. */
const char *fuzz_scratch(void);
void fuzz_scratch_write(const char *name, const void *data, gsize size);

/* FALSE must come with an error whose message is UTF-8 text; TRUE with none. Frees @error. */
void fuzz_check_error(gboolean ok, GError *error);

G_END_DECLS
