#ifndef LOOPDYNO_HOT_BUFFER_H_
#define LOOPDYNO_HOT_BUFFER_H_

#include <napi.h>

#include <cstddef>
#include <cstdint>

#include "buffer_pool.h"

namespace loopdyno {

// A buffer for bytes that JS reads in the call that brings them, and does not keep. It is reused
// for every call, so it stays in the processor's cache, and nothing is left to be collected.
//
//   uv_run ─▶ read ─▶ [ bytes of a │ bytes of b │ free ] ─▶ one call into JS ─▶ all free again
//
// When it is full, sockets keep their bytes until the next run.
class HotBuffer {
 public:
  static constexpr size_t kSize = 256 * 1024;

  // Returns the Buffer, made at the first call. Empty if there is no memory.
  Napi::Value Get(Napi::Env env, BufferPool* pool);

  // Returns free space of at least `wanted` bytes, or a null base.
  char* Reserve(size_t wanted, size_t* length) {
    if (base_ == nullptr || kSize - used_ < wanted) return nullptr;
    *length = kSize - used_;
    return base_ + used_;
  }

  // Keeps the first `length` bytes of what was reserved, until `Clear`; returns their offset. After
  // a long read the next one begins on a page, where the kernel copies fastest.
  int32_t Commit(size_t length) {
    const auto offset = static_cast<int32_t>(used_);
    const size_t rounding = (length < kPage ? size_t{64} : kPage) - 1;
    used_ = (used_ + length + rounding) & ~rounding;
    if (used_ > kSize) used_ = kSize;
    return offset;
  }

  // JS has read everything.
  void Clear() { used_ = 0; }

  void Detach() { buffer_.Reset(); }

 private:
  static constexpr size_t kPage = 4096;

  Napi::ObjectReference buffer_;
  char* base_ = nullptr;
  size_t used_ = 0;
};

}  // namespace loopdyno

#endif  // LOOPDYNO_HOT_BUFFER_H_
