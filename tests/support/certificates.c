/* SPDX-License-Identifier: Apache-2.0 */
#include "certificates.h"

#include "process.h"

static const char script[] =
  "set -e; cd \"$0\"\n"
  "key='-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'\n"
  "for ca in ca other; do openssl req -x509 $key -days 2 -subj /CN=Test-$ca -keyout $ca.key -out $ca.pem; done\n"
  "mkdir db; : >db/index; echo 01 >db/serial\n"
  "printf '[ca]\\ndefault_ca=x\\n[x]\\ndatabase=db/index\\nserial=db/serial\\nnew_certs_dir=db\\ndefault_md=sha256\\npolicy=p\\n"
  "unique_subject=no\\ncopy_extensions=copy\\n[p]\\ncommonName=supplied\\n' >ca.conf\n"
  "make() { openssl req $key -subj /CN=broker -addext \"subjectAltName=$2\" -addext extendedKeyUsage=${5:-serverAuth} "
  "-keyout $1.key -out $1.csr; openssl ca -batch -config ca.conf -cert ca.pem -keyfile ca.key -in $1.csr -out $1.pem -notext "
  "-startdate $3 -enddate $4; }\n"
  "here=DNS:localhost,IP:127.0.0.1\n"
  "make good $here 20200101000000Z 20990101000000Z\n"
  "make wrong-name DNS:elsewhere.example 20200101000000Z 20990101000000Z\n"
  "make expired $here 20200101000000Z 20210101000000Z\n"
  "make future $here 20980101000000Z 20990101000000Z\n"
  "make client $here 20200101000000Z 20990101000000Z clientAuth\n"
  "openssl req -x509 $key -days 2 -subj /CN=broker -addext subjectAltName=$here -keyout self.key -out self.pem\n";

void
test_certificates_make(const char *dir)
{
  const char *make[] = { "sh", "-c", script, dir, NULL };
  g_autofree char *err = NULL;
  if (test_run(make, NULL, NULL, &err) != 0)
    g_error("openssl: %s", err);
}
