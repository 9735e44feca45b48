#pragma once

#include <stddef.h>
#include <stdint.h>

#include "CDeflater.h"
#include "CInflater.h"

// Compression as plain functions; no type of a library leaves this target.

/// The most bytes that `count` bytes can take when they are compressed.
size_t cc_zstd_bound(size_t count);
/// Compresses into `output`, which has room for `room` bytes; low levels are quick. How many bytes
/// it took, -1 when that failed.
int64_t cc_zstd_compress(
    void *output, size_t room, const void *input, size_t count, int level);
/// How many bytes a compressed text says that it holds; -1 when it does not say or is none.
int64_t cc_zstd_content_size(const void *input, size_t count);
/// Takes it apart into `output`, never past `room` bytes. How many bytes it was, -1 when it is
/// damaged or holds more.
int64_t cc_zstd_decompress(void *output, size_t room, const void *input, size_t count);

/// 64 bits by which changed bytes are told, eight bytes at a step; not made to withstand somebody
/// who looks for collisions.
uint64_t cc_digest(const void *bytes, size_t count);
