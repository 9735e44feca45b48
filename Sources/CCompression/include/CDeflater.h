#pragma once

#include <stddef.h>
#include <stdint.h>

// Compressing into one whole stream of one of the formats CC_FORMAT_….

/// The most bytes that `count` bytes can take; 0 for an unknown format.
size_t cc_compress_bound(int format, size_t count);
/// How many bytes it took, -1 when that failed or `count` is over 2 GiB. `level` counts for zlib and
/// gzip; the others use their usual one.
int64_t cc_compress(
    int format, int level, const void *input, size_t count, void *output, size_t room);
