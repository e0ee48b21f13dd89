/* SPDX-License-Identifier: Apache-2.0
   libcrypto's parameters keep pointers to their names; Swift's texts live for one call only. So keys are made here. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <string.h>

/* A key of the SM2 curve from its point (65 bytes) and, when there is one, its private number; NULL when it is none. */
static inline EVP_PKEY *lg_sm2_key(const unsigned char *point, const BIGNUM *number) {
    EVP_PKEY *key = NULL;
    OSSL_PARAM *parameters = NULL;
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "SM2", NULL);
    int selection = number == NULL ? EVP_PKEY_PUBLIC_KEY : EVP_PKEY_KEYPAIR;
    if (builder != NULL && context != NULL
        && OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, "SM2", 0)
        && OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point, 65)
        && (number == NULL || OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PRIV_KEY, number))
        && (parameters = OSSL_PARAM_BLD_to_param(builder)) != NULL && EVP_PKEY_fromdata_init(context) == 1
        && EVP_PKEY_fromdata(context, &key, selection, parameters) != 1)
        key = NULL;
    OSSL_PARAM_free(parameters);
    OSSL_PARAM_BLD_free(builder);
    EVP_PKEY_CTX_free(context);
    return key;
}

/* SHA-256 of short runs, once or more per record. The EVP way makes a context on the heap for each and costs more than
   the digest itself; these functions of OpenSSL 3 run the same code. */
static inline void lg_sha256(const void *bytes, size_t count, unsigned char *out) {
    SHA256_CTX context;
    SHA256_Init(&context);
    SHA256_Update(&context, bytes, count);
    SHA256_Final(out, &context);
}

/* The two states of HMAC-SHA256 after the key, so that a short message costs two blocks and not four (RFC 2104, 4). */
typedef struct {
    SHA256_CTX inner, outer;
} lg_hmac_key;

static inline void lg_hmac_sha256_key(lg_hmac_key *state, const unsigned char *key, size_t count) {
    unsigned char block[64], pad[64];
    memset(block, 0, sizeof block);
    if (count > sizeof block)
        lg_sha256(key, count, block);
    else
        memcpy(block, key, count);
    for (int n = 0; n < 64; n++) pad[n] = block[n] ^ 0x36;
    SHA256_Init(&state->inner);
    SHA256_Update(&state->inner, pad, sizeof pad);
    for (int n = 0; n < 64; n++) pad[n] = block[n] ^ 0x5c;
    SHA256_Init(&state->outer);
    SHA256_Update(&state->outer, pad, sizeof pad);
}

static inline void lg_hmac_sha256(const lg_hmac_key *state, const void *bytes, size_t count, unsigned char *out) {
    SHA256_CTX context = state->inner;
    SHA256_Update(&context, bytes, count);
    SHA256_Final(out, &context);
    context = state->outer;
    SHA256_Update(&context, out, 32);
    SHA256_Final(out, &context);
}
