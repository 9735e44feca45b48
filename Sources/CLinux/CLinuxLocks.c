#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static struct flock of_byte(short type, int64_t position) {
  struct flock lock = {0};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = position;
  lock.l_len = 1;
  return lock;
}

int cl_lock_byte(int descriptor, int64_t position) {
  struct flock lock = of_byte(F_WRLCK, position);
  if (fcntl(descriptor, F_OFD_SETLK, &lock) == 0) return 0;
  return errno == EAGAIN || errno == EACCES ? 1 : -1;
}

int cl_unlock_byte(int descriptor, int64_t position) {
  struct flock lock = of_byte(F_UNLCK, position);
  return fcntl(descriptor, F_OFD_SETLK, &lock);
}

int cl_is_byte_locked(int descriptor, int64_t position) {
  struct flock lock = of_byte(F_WRLCK, position);
  if (fcntl(descriptor, F_OFD_GETLK, &lock) != 0) return -1;
  return lock.l_type == F_UNLCK ? 0 : 1;
}
