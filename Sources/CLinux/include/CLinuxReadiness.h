#pragma once

#include <stdint.h>

// epoll and eventfd. Each function returns -1 and sets errno on failure, as the system call does.

#define CL_READABLE 1u
#define CL_WRITABLE 2u
#define CL_HUNG_UP 4u

typedef struct {
  uint64_t token;
  uint32_t readiness;
} cl_ready;

int cl_epoll_create(void);
int cl_epoll_add(int epoll, int descriptor, uint32_t interest, uint64_t token);
int cl_epoll_change(int epoll, int descriptor, uint32_t interest, uint64_t token);
int cl_epoll_remove(int epoll, int descriptor);

// Waits for at most `capacity` events (64 of them are told at once); -1 milliseconds is for ever.
int cl_epoll_wait(int epoll, cl_ready *ready, int capacity, int milliseconds);

// A counter that is readable while it is not 0; non-blocking, closed on exec.
int cl_eventfd(void);
