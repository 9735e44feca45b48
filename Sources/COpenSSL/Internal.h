#pragma once

#include <openssl/ssl.h>

#include "COpenSSL.h"

struct co_context {
  SSL_CTX *ssl;
};

struct co_session {
  SSL *ssl;
  BIO *incoming, *outgoing;
  int verifies, is_over, alert;
  int verify_error;
  char names[256];
  char date[16];
  const char *words;
};

// Called for each certificate of the other side: keeps what is known of the first doubt.
int co_note_certificate(int is_right, X509_STORE_CTX *store);
