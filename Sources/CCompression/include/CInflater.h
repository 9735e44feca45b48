#pragma once

#include <stddef.h>
#include <stdint.h>

// Taking compressed streams apart, a piece at a time, whatever library knows the format.

enum {
  CC_FORMAT_ZLIB = 0,
  CC_FORMAT_GZIP = 1,
  CC_FORMAT_XZ = 2,
  CC_FORMAT_BZ2 = 3,
  CC_FORMAT_ZSTD = 4,
  CC_FORMAT_LZ4 = 5,
};

enum {
  /// There may be more: either the output is full or the input is used up.
  CC_INFLATE_MORE = 0,
  /// The stream has ended and was whole.
  CC_INFLATE_END = 1,
  CC_INFLATE_CORRUPT = -1,
  /// It asks for more memory than it may have.
  CC_INFLATE_MEMORY = -2,
};

typedef struct cc_inflater cc_inflater;

/// Begins a stream; NULL when there is no memory or no such format. `memory_limit` bounds what a
/// library keeps for itself, where the format lets a stream choose that.
cc_inflater *cc_inflater_open(int format, uint64_t memory_limit);
/// Takes from `input` and gives to `output`, and says how much of each. One of CC_INFLATE_….
int cc_inflater_step(
    cc_inflater *inflater, const void *input, size_t count, size_t *taken, void *output,
    size_t room, size_t *given);
void cc_inflater_close(cc_inflater *inflater);
