/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* A locale that writes 1,5 for one and a half, whether or not the machine has one installed: French, compiled into @dir (an
 * existing folder), and LOCPATH set to that, for this process and those it starts. Returns its name, for LC_ALL or
 * setlocale(). NULL: it cannot be compiled here (Debian: package locales); the test says so with g_test_skip(). Call it
 * before there are threads. */
const char *test_comma_locale(const char *dir);

/* Words for g_test_skip(). */
#define TEST_NO_COMMA "no locale with a decimal comma can be compiled here (apt-get install locales)"

G_END_DECLS
