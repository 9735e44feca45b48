#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "Internal.h"

static void note_alert(const SSL *ssl, int where, int value) {
  co_session *session = SSL_get_app_data(ssl);
  int is_warning = value >> 8 == SSL3_AL_WARNING;
  if (session && where & SSL_CB_READ && where & SSL_CB_ALERT && !is_warning) {
    session->alert = value & 0xff;
  }
}

static int set_name(SSL *ssl, const char *name) {
  X509_VERIFY_PARAM *wanted = SSL_get0_param(ssl);
  X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  int is_address = X509_VERIFY_PARAM_set1_ip_asc(wanted, name) == 1;
  ERR_clear_error();
  if (is_address) return 1;
  return *name && SSL_set1_host(ssl, name) == 1 && SSL_set_tlsext_host_name(ssl, name) == 1;
}

static int prepare(co_session *session, const char *name) {
  if (!session->ssl || !session->incoming || !session->outgoing) return 0;
  if (!set_name(session->ssl, name)) return 0;
  // An empty memory is a wait and not an end.
  BIO_set_mem_eof_return(session->incoming, -1);
  BIO_set_mem_eof_return(session->outgoing, -1);
  SSL_set_app_data(session->ssl, session);
  SSL_set_verify(
      session->ssl, session->verifies ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, co_note_certificate);
  SSL_set_info_callback(session->ssl, note_alert);
  SSL_set_connect_state(session->ssl);
  return 1;
}

co_session *co_session_create(co_context *context, const char *name, int verifies) {
  co_session *session = calloc(1, sizeof *session);
  if (!session) return NULL;
  session->alert = -1;
  session->words = "";
  session->verifies = verifies;
  session->ssl = SSL_new(context->ssl);
  session->incoming = BIO_new(BIO_s_mem());
  session->outgoing = BIO_new(BIO_s_mem());
  int is_ready = prepare(session, name);
  if (session->ssl && session->incoming && session->outgoing) {
    SSL_set_bio(session->ssl, session->incoming, session->outgoing);
  } else {
    BIO_free(session->incoming);
    BIO_free(session->outgoing);
  }
  ERR_clear_error();
  if (is_ready) return session;
  co_session_free(session);
  return NULL;
}

void co_session_free(co_session *session) {
  if (!session) return;
  SSL_free(session->ssl);
  free(session);
}

// What a call came to that did not succeed. The library's list of errors is empty before each call
// and after it.
static co_result outcome(co_session *session, int answer) {
  int reason = SSL_get_error(session->ssl, answer);
  const char *words = ERR_reason_error_string(ERR_peek_error());
  ERR_clear_error();
  if (reason == SSL_ERROR_WANT_READ || reason == SSL_ERROR_WANT_WRITE) return CO_WAITS;
  if (reason == SSL_ERROR_ZERO_RETURN) return CO_ENDED;
  session->is_over = 1;
  if (words) session->words = words;
  return CO_FAILED;
}

co_result co_handshake(co_session *session) {
  ERR_clear_error();
  int answer = SSL_do_handshake(session->ssl);
  return answer == 1 ? CO_DONE : outcome(session, answer);
}

int co_put(co_session *session, const void *bytes, size_t count) {
  size_t taken = 0;
  if (count == 0) return 1;
  return BIO_write_ex(session->incoming, bytes, count, &taken) == 1 && taken == count;
}

size_t co_waiting(co_session *session) { return BIO_ctrl_pending(session->outgoing); }

size_t co_take(co_session *session, void *output, size_t room) {
  size_t count = 0;
  if (room == 0 || BIO_read_ex(session->outgoing, output, room, &count) != 1) return 0;
  return count;
}

co_result co_read(co_session *session, void *output, size_t room, size_t *count) {
  ERR_clear_error();
  *count = 0;
  int answer = SSL_read_ex(session->ssl, output, room, count);
  return answer == 1 ? CO_DONE : outcome(session, answer);
}

co_result co_write(co_session *session, const void *bytes, size_t count) {
  if (count == 0) return CO_DONE;
  ERR_clear_error();
  size_t written = 0;
  int answer = SSL_write_ex(session->ssl, bytes, count, &written);
  return answer == 1 ? CO_DONE : outcome(session, answer);
}

void co_end(co_session *session) {
  // After a failure the library forbids it, and before the agreement there is nothing to end.
  if (session->is_over || !SSL_is_init_finished(session->ssl)) return;
  SSL_shutdown(session->ssl);
  ERR_clear_error();
}

int co_alert(const co_session *session) { return session->alert; }

const char *co_words(const co_session *session) { return session->words; }

const char *co_version(const co_session *session) { return SSL_get_version(session->ssl); }
