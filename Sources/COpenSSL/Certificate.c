#include <arpa/inet.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#include "Internal.h"

co_doubt co_certificate_doubt(const co_session *session) {
  switch (session->verify_error) {
    case X509_V_OK: return CO_NO_DOUBT;
    case X509_V_ERR_CERT_HAS_EXPIRED: return CO_EXPIRED;
    case X509_V_ERR_CERT_NOT_YET_VALID: return CO_NOT_YET_VALID;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT: return CO_SELF_SIGNED;
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_UNTRUSTED: return CO_UNKNOWN_AUTHORITY;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH: return CO_OTHER_NAME;
    case X509_V_ERR_CERT_REVOKED: return CO_REVOKED;
    default: return CO_OTHER_DOUBT;
  }
}

const char *co_certificate_words(const co_session *session) {
  return X509_verify_cert_error_string(session->verify_error);
}

const char *co_certificate_names(const co_session *session) { return session->names; }

const char *co_certificate_date(const co_session *session) { return session->date; }

// Adds a name to the list as far as there is room. Bytes of a stranger: only what prints is kept.
static void add_name(co_session *session, const unsigned char *text, int count) {
  size_t end = strlen(session->names);
  if (count <= 0 || end + (size_t)count + 3 > sizeof session->names) return;
  if (end > 0) {
    memcpy(session->names + end, ", ", 2);
    end += 2;
  }
  for (int place = 0; place < count; place++) {
    session->names[end + (size_t)place] = text[place] > 0x20 && text[place] < 0x7f ? (char)text[place] : '?';
  }
  session->names[end + (size_t)count] = 0;
}

static void add_address(co_session *session, const ASN1_OCTET_STRING *address) {
  const unsigned char *bytes = ASN1_STRING_get0_data(address);
  int count = ASN1_STRING_length(address);
  char text[48] = "";
  if (count == 4) inet_ntop(AF_INET, bytes, text, sizeof text);
  if (count == 16) inet_ntop(AF_INET6, bytes, text, sizeof text);
  add_name(session, (const unsigned char *)text, (int)strlen(text));
}

static void note_names(co_session *session, X509 *certificate) {
  session->names[0] = 0;
  GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
  for (int place = 0; place < sk_GENERAL_NAME_num(names); place++) {
    const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, place);
    if (name->type == GEN_DNS) {
      add_name(
          session, ASN1_STRING_get0_data(name->d.dNSName), ASN1_STRING_length(name->d.dNSName));
    } else if (name->type == GEN_IPADD) {
      add_address(session, name->d.iPAddress);
    }
  }
  GENERAL_NAMES_free(names);
  if (session->names[0]) return;
  char common[64] = "";
  X509_NAME *subject = X509_get_subject_name(certificate);
  int count = X509_NAME_get_text_by_NID(subject, NID_commonName, common, sizeof common);
  add_name(session, (const unsigned char *)common, count);
}

static void note_date(co_session *session, X509 *certificate) {
  int is_expired = session->verify_error == X509_V_ERR_CERT_HAS_EXPIRED;
  struct tm time;
  const ASN1_TIME *moment =
      is_expired ? X509_get0_notAfter(certificate) : X509_get0_notBefore(certificate);
  if (ASN1_TIME_to_tm(moment, &time) == 1 && time.tm_year >= 0 && time.tm_year < 8100) {
    strftime(session->date, sizeof session->date, "%Y-%m-%d", &time);
  }
}

int co_note_certificate(int is_right, X509_STORE_CTX *store) {
  SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
  co_session *session = ssl ? SSL_get_app_data(ssl) : NULL;
  X509 *certificate = X509_STORE_CTX_get_current_cert(store);
  if (is_right || !session || session->verify_error != X509_V_OK) return is_right;
  session->verify_error = X509_STORE_CTX_get_error(store);
  if (certificate) {
    note_names(session, certificate);
    note_date(session, certificate);
  }
  return is_right;
}
