#pragma once

#include <stddef.h>
#include <stdint.h>

// Stream sockets over TCP and Unix paths. Every descriptor made here is non-blocking and closed on
// exec. Functions return -1 and set errno on failure unless they say otherwise.

// An Internet address with its port, opaque to Swift.
typedef struct {
  uint32_t length;
  uint32_t padding;
  uint64_t storage[4];
} cl_address;

// Looks a host and port up. Blocks on the network unless `numeric_only`. `for_listening` takes an
// empty host as every address. Returns the number of addresses, or a negative EAI code.
int cl_resolve(const char *host, const char *port, int numeric_only, int for_listening,
               cl_address *addresses, int capacity);

// Words for a negative result of `cl_resolve`.
void cl_resolve_error_text(int code, char *text, size_t capacity);

// The numeric host and the port of an address. Returns 0 on success.
int cl_address_text(const cl_address *address, char *host, size_t capacity, uint16_t *port);

// Begins to connect; `in_progress` says whether writability must be awaited.
int cl_tcp_connect(const cl_address *address, int *in_progress);
int cl_unix_connect(const char *path);

int cl_tcp_listen(const cl_address *address, int backlog);
int cl_unix_listen(const char *path, int backlog);

// The next connection. TCP_NODELAY and keep-alive are set on one over TCP.
int cl_accept(int listener);

// SO_ERROR: 0, or the errno that the last asynchronous step ended with.
int cl_socket_error(int descriptor);

// The address of this side or the other one; -1 when it is not an Internet address.
int cl_local_address(int descriptor, cl_address *address);
int cl_peer_address(int descriptor, cl_address *address);

// send(2) and recv(2) without SIGPIPE.
ptrdiff_t cl_send(int descriptor, const void *bytes, size_t count);
ptrdiff_t cl_receive(int descriptor, void *bytes, size_t count);

// A pipe, non-blocking when asked; closed on exec.
int cl_pipe(int descriptors[2], int non_blocking);

// Two connected stream sockets, closed on exec; the first does not block.
int cl_socket_pair(int ends[2]);
