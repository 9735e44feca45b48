#include "CLinux.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

_Static_assert(sizeof(struct sockaddr_in6) <= sizeof(((cl_address *)0)->storage), "address size");

static const struct sockaddr *plain(const cl_address *address) {
  return (const struct sockaddr *)address->storage;
}

static int failed(int descriptor) {
  int reason = errno;
  close(descriptor);
  errno = reason;
  return -1;
}

static int stream_socket(int family) {
  return socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

// Small commands go out at once, and a peer that vanished is noticed: probes after 30 s of
// silence, and data that is not acknowledged within 20 s ends the connection.
static void tune(int descriptor) {
  int on = 1, idle = 30, interval = 10, probes = 3;
  unsigned int unacknowledged = 20000;
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
  setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof interval);
  setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
  setsockopt(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, &unacknowledged, sizeof unacknowledged);
}

static int keep(cl_address *address, const struct sockaddr *from, socklen_t length) {
  if (length > sizeof address->storage) return -1;
  memset(address, 0, sizeof *address);
  memcpy(address->storage, from, length);
  address->length = length;
  return 0;
}

int cl_resolve(const char *host, const char *port, int numeric_only, int for_listening,
               cl_address *addresses, int capacity) {
  struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
  hints.ai_flags = AI_NUMERICSERV;
  if (numeric_only) hints.ai_flags |= AI_NUMERICHOST;
  if (for_listening) hints.ai_flags |= AI_PASSIVE;
  struct addrinfo *found = NULL;
  int code = getaddrinfo(host[0] ? host : NULL, port, &hints, &found);
  if (code != 0) return code < 0 ? code : -code;
  int count = 0;
  for (struct addrinfo *at = found; at && count < capacity; at = at->ai_next) {
    if (keep(&addresses[count], at->ai_addr, at->ai_addrlen) == 0) count++;
  }
  freeaddrinfo(found);
  return count;
}

void cl_resolve_error_text(int code, char *text, size_t capacity) {
  strncpy(text, gai_strerror(code), capacity - 1);
  text[capacity - 1] = 0;
}

int cl_address_text(const cl_address *address, char *host, size_t capacity, uint16_t *port) {
  const struct sockaddr *from = plain(address);
  if (from->sa_family == AF_INET) {
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)from;
    *port = ntohs(v4->sin_port);
    return inet_ntop(AF_INET, &v4->sin_addr, host, (socklen_t)capacity) ? 0 : -1;
  }
  if (from->sa_family == AF_INET6) {
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)from;
    *port = ntohs(v6->sin6_port);
    return inet_ntop(AF_INET6, &v6->sin6_addr, host, (socklen_t)capacity) ? 0 : -1;
  }
  errno = EAFNOSUPPORT;
  return -1;
}

int cl_tcp_connect(const cl_address *address, int *in_progress) {
  int descriptor = stream_socket(plain(address)->sa_family);
  if (descriptor < 0) return -1;
  tune(descriptor);
  *in_progress = 0;
  if (connect(descriptor, plain(address), address->length) == 0) return descriptor;
  if (errno != EINPROGRESS && errno != EINTR) return failed(descriptor);
  *in_progress = 1;
  return descriptor;
}

static int unix_address(const char *path, struct sockaddr_un *address) {
  memset(address, 0, sizeof *address);
  address->sun_family = AF_UNIX;
  if (strlen(path) >= sizeof address->sun_path) {
    errno = ENAMETOOLONG;
    return -1;
  }
  strcpy(address->sun_path, path);
  return 0;
}

int cl_unix_connect(const char *path) {
  struct sockaddr_un address;
  if (unix_address(path, &address) < 0) return -1;
  int descriptor = stream_socket(AF_UNIX);
  if (descriptor < 0) return -1;
  if (connect(descriptor, (struct sockaddr *)&address, sizeof address) < 0) {
    return failed(descriptor);
  }
  return descriptor;
}

int cl_tcp_listen(const cl_address *address, int backlog) {
  int on = 1;
  int descriptor = stream_socket(plain(address)->sa_family);
  if (descriptor < 0) return -1;
  setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (plain(address)->sa_family == AF_INET6) {
    setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  }
  if (bind(descriptor, plain(address), address->length) < 0) return failed(descriptor);
  if (listen(descriptor, backlog) < 0) return failed(descriptor);
  return descriptor;
}

// The rights are set before anybody can connect: listen comes after chmod.
int cl_unix_listen(const char *path, int backlog) {
  struct sockaddr_un address;
  if (unix_address(path, &address) < 0) return -1;
  int descriptor = stream_socket(AF_UNIX);
  if (descriptor < 0) return -1;
  if (bind(descriptor, (struct sockaddr *)&address, sizeof address) < 0) return failed(descriptor);
  if (chmod(path, 0600) < 0) return failed(descriptor);
  if (listen(descriptor, backlog) < 0) return failed(descriptor);
  return descriptor;
}

int cl_accept(int listener) {
  struct sockaddr_storage address;
  socklen_t length = sizeof address;
  int descriptor =
      accept4(listener, (struct sockaddr *)&address, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (descriptor >= 0 && address.ss_family != AF_UNIX) tune(descriptor);
  return descriptor;
}

int cl_socket_error(int descriptor) {
  int error = 0;
  socklen_t length = sizeof error;
  if (getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length) < 0) return errno;
  return error;
}

static int named(int failed, const struct sockaddr_storage *from, socklen_t length,
                 cl_address *address) {
  if (failed) return -1;
  if (from->ss_family != AF_INET && from->ss_family != AF_INET6) {
    errno = EAFNOSUPPORT;
    return -1;
  }
  return keep(address, (const struct sockaddr *)from, length);
}

int cl_local_address(int descriptor, cl_address *address) {
  struct sockaddr_storage from;
  socklen_t length = sizeof from;
  int failed = getsockname(descriptor, (struct sockaddr *)&from, &length);
  return named(failed, &from, length, address);
}

int cl_peer_address(int descriptor, cl_address *address) {
  struct sockaddr_storage from;
  socklen_t length = sizeof from;
  int failed = getpeername(descriptor, (struct sockaddr *)&from, &length);
  return named(failed, &from, length, address);
}

ptrdiff_t cl_send(int descriptor, const void *bytes, size_t count) {
  return send(descriptor, bytes, count, MSG_NOSIGNAL);
}

ptrdiff_t cl_receive(int descriptor, void *bytes, size_t count) {
  return recv(descriptor, bytes, count, 0);
}

int cl_pipe(int descriptors[2], int non_blocking) {
  return pipe2(descriptors, O_CLOEXEC | (non_blocking ? O_NONBLOCK : 0));
}

int cl_socket_pair(int ends[2]) {
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return -1;
  // The other end may be that of a program which expects its streams to wait.
  if (fcntl(ends[0], F_SETFL, fcntl(ends[0], F_GETFL) | O_NONBLOCK) == 0) return 0;
  int reason = errno;
  close(ends[0]);
  close(ends[1]);
  errno = reason;
  return -1;
}
