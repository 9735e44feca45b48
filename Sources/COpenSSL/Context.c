#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdlib.h>

#include "Internal.h"

co_context *co_context_create(void) {
  co_context *context = calloc(1, sizeof *context);
  if (!context) return NULL;
  context->ssl = SSL_CTX_new(TLS_client_method());
  if (!context->ssl || !SSL_CTX_set_min_proto_version(context->ssl, TLS1_2_VERSION)) {
    co_context_free(context);
    return NULL;
  }
  // A new agreement in the middle of a session is refused: nothing here needs one.
  SSL_CTX_set_options(context->ssl, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(context->ssl, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(context->ssl, SSL_SESS_CACHE_OFF);
  return context;
}

void co_context_free(co_context *context) {
  if (!context) return;
  SSL_CTX_free(context->ssl);
  free(context);
}

int co_trust_system(co_context *context) {
  int is_set = SSL_CTX_set_default_verify_paths(context->ssl);
  ERR_clear_error();
  return is_set == 1;
}

static BIO *text(const void *bytes, size_t count) {
  return count > 1 << 30 ? NULL : BIO_new_mem_buf(bytes, (int)count);
}

// Nobody is asked for a pass phrase; that one was wanted is noted.
static int no_pass_phrase(char *room, int size, int is_writing, void *wanted) {
  (void)room, (void)size, (void)is_writing;
  if (wanted) *(int *)wanted = 1;
  return -1;
}

size_t co_trust(co_context *context, const void *pem, size_t count) {
  BIO *input = text(pem, count);
  X509_STORE *store = SSL_CTX_get_cert_store(context->ssl);
  size_t found = 0;
  X509 *certificate;
  while (input && (certificate = PEM_read_bio_X509_AUX(input, NULL, no_pass_phrase, NULL))) {
    found += X509_STORE_add_cert(store, certificate) == 1;
    X509_free(certificate);
  }
  BIO_free(input);
  ERR_clear_error();
  return found;
}

static int take_certificates(SSL_CTX *ssl, BIO *input) {
  X509 *own = input ? PEM_read_bio_X509_AUX(input, NULL, no_pass_phrase, NULL) : NULL;
  int is_taken = own && SSL_CTX_use_certificate(ssl, own) == 1;
  X509_free(own);
  X509 *next;
  while (is_taken && (next = PEM_read_bio_X509(input, NULL, no_pass_phrase, NULL))) {
    // The context owns it now, unless that failed.
    if (SSL_CTX_add0_chain_cert(ssl, next) != 1) {
      X509_free(next);
      is_taken = 0;
    }
  }
  return is_taken;
}

static co_identity_result take_key(SSL_CTX *ssl, BIO *input) {
  int is_locked = 0;
  EVP_PKEY *key =
      input ? PEM_read_bio_PrivateKey(input, NULL, no_pass_phrase, &is_locked) : NULL;
  if (!key) return is_locked ? CO_KEY_LOCKED : CO_NO_KEY;
  int is_own = SSL_CTX_use_PrivateKey(ssl, key) == 1 && SSL_CTX_check_private_key(ssl) == 1;
  EVP_PKEY_free(key);
  return is_own ? CO_IDENTITY_TAKEN : CO_KEY_OF_ANOTHER;
}

co_identity_result co_identity(
    co_context *context, const void *certificate, size_t certificate_count, const void *key,
    size_t key_count) {
  BIO *certificates = text(certificate, certificate_count);
  BIO *keys = text(key, key_count);
  co_identity_result result = take_certificates(context->ssl, certificates)
                                  ? take_key(context->ssl, keys)
                                  : CO_NO_CERTIFICATE;
  BIO_free(certificates);
  BIO_free(keys);
  ERR_clear_error();
  return result;
}
