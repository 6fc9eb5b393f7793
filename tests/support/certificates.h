/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Makes, in @dir, two authorities, `ca` and `other`, and of the first these certificates: `good` for localhost and 127.0.0.1,
 * `wrong-name` for elsewhere.example, `expired`, `future` (not valid yet), `client` (not for servers); and `self`, signed by
 * itself. Each as NAME.pem and NAME.key. Needs openssl; aborts on failure. */
void test_certificates_make(const char *dir);
