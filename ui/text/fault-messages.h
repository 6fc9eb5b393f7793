/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/fault.h"

G_BEGIN_DECLS

/* A fault as a hall reads it, in the language of the moment: what is wrong and how to mend it, without paths, addresses or
 * anything that only the log should hold. By its code alone. "" for none. (transfer none) */
const char *casa_fault_message(CasaFaultCode code);

/* @text with every path cut to its last part. (transfer full) */
char *casa_text_without_paths(const char *text);

G_END_DECLS
