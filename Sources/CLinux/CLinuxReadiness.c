#include "CLinux.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>

enum { batch = 64 };

static uint32_t events_of(uint32_t interest) {
  uint32_t events = 0;
  if (interest & CL_READABLE) events |= EPOLLIN | EPOLLRDHUP;
  if (interest & CL_WRITABLE) events |= EPOLLOUT;
  return events;
}

static uint32_t readiness_of(uint32_t events) {
  uint32_t readiness = 0;
  if (events & (EPOLLIN | EPOLLRDHUP)) readiness |= CL_READABLE;
  if (events & EPOLLOUT) readiness |= CL_WRITABLE;
  if (events & (EPOLLHUP | EPOLLERR)) readiness |= CL_HUNG_UP;
  return readiness;
}

static int control(int epoll, int operation, int descriptor, uint32_t interest, uint64_t token) {
  struct epoll_event event = {.events = events_of(interest), .data.u64 = token};
  return epoll_ctl(epoll, operation, descriptor, &event);
}

int cl_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

int cl_epoll_add(int epoll, int descriptor, uint32_t interest, uint64_t token) {
  return control(epoll, EPOLL_CTL_ADD, descriptor, interest, token);
}

int cl_epoll_change(int epoll, int descriptor, uint32_t interest, uint64_t token) {
  return control(epoll, EPOLL_CTL_MOD, descriptor, interest, token);
}

int cl_epoll_remove(int epoll, int descriptor) {
  return control(epoll, EPOLL_CTL_DEL, descriptor, 0, 0);
}

int cl_epoll_wait(int epoll, cl_ready *ready, int capacity, int milliseconds) {
  struct epoll_event events[batch];
  if (capacity > batch) capacity = batch;
  int count = epoll_wait(epoll, events, capacity, milliseconds);
  for (int i = 0; i < count; i++) {
    ready[i].token = events[i].data.u64;
    ready[i].readiness = readiness_of(events[i].events);
  }
  return count;
}

int cl_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }
