#pragma once

#include <stddef.h>

// The client's side of TLS as plain functions over memory: bytes in, bytes out, no socket, no file and
// no terminal; no type of a library leaves this target. TLS 1.2 is the least that is spoken.

/// What sessions have in common: whom they believe and who they are. Sessions that were made of it
/// may outlive it, and after its making it is only read.
typedef struct co_context co_context;
/// One connection. Not for two threads at a time.
typedef struct co_session co_session;

/// NULL when there is no memory.
co_context *co_context_create(void);
void co_context_free(co_context *context);

/// Believes the authorities that this system believes; 0 when there are none to be read.
int co_trust_system(co_context *context);
/// Believes the certificates of a text in PEM; how many were in it.
size_t co_trust(co_context *context, const void *pem, size_t count);

typedef enum co_identity_result {
  CO_IDENTITY_TAKEN,
  CO_NO_CERTIFICATE,
  CO_NO_KEY,
  /// The key is behind a pass phrase, which nobody is asked for.
  CO_KEY_LOCKED,
  CO_KEY_OF_ANOTHER
} co_identity_result;

/// Who the client is: a certificate with those that lead to its authority, and its key, in PEM.
co_identity_result co_identity(
    co_context *context, const void *certificate, size_t certificate_count, const void *key,
    size_t key_count);

/// A session with the server of a name or a numeric address, which its certificate must carry. A
/// name is told to the server too. Without `verifies` anybody is believed. NULL when the name cannot
/// be one or there is no memory.
co_session *co_session_create(co_context *context, const char *name, int verifies);
void co_session_free(co_session *session);

typedef enum co_result {
  CO_DONE,
  /// More bytes are needed from the other side.
  CO_WAITS,
  /// The other side has said that nothing more comes.
  CO_ENDED,
  CO_FAILED
} co_result;

/// Goes on with the agreement as far as the bytes go.
co_result co_handshake(co_session *session);
/// Gives bytes that have come; 0 when there is no memory.
int co_put(co_session *session, const void *bytes, size_t count);
/// Bytes that are to be sent.
size_t co_waiting(co_session *session);
/// Takes of them what there is room for.
size_t co_take(co_session *session, void *output, size_t room);
/// Takes what the other side wrote.
co_result co_read(co_session *session, void *output, size_t room, size_t *count);
/// Writes to the other side.
co_result co_write(co_session *session, const void *bytes, size_t count);
/// Says that nothing more comes.
void co_end(co_session *session);

typedef enum co_doubt {
  CO_NO_DOUBT,
  CO_EXPIRED,
  CO_NOT_YET_VALID,
  CO_SELF_SIGNED,
  CO_UNKNOWN_AUTHORITY,
  CO_OTHER_NAME,
  CO_REVOKED,
  CO_OTHER_DOUBT
} co_doubt;

/// Why the other side's certificate is not believed.
co_doubt co_certificate_doubt(const co_session *session);
/// The same in words of the library.
const char *co_certificate_words(const co_session *session);
/// For whom the certificate that is not believed was made, and until or from when it is valid, as far
/// as that is the reason; printable ASCII.
const char *co_certificate_names(const co_session *session);
const char *co_certificate_date(const co_session *session);
/// The number of the alert by which the other side ended the session; -1 without one.
int co_alert(const co_session *session);
/// What went wrong, in words of the library; empty when nothing is known.
const char *co_words(const co_session *session);
/// `TLSv1.3`
const char *co_version(const co_session *session);
