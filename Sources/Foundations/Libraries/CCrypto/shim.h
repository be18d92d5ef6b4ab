// SPDX-License-Identifier: Apache-2.0
// The hash contexts live on the caller's stack here; the replacement API allocates one for each hash.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
