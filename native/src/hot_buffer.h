#ifndef LOOPDYNO_HOT_BUFFER_H_
#define LOOPDYNO_HOT_BUFFER_H_

#include <napi.h>

#include <cstddef>
#include <cstdint>

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
  Napi::Value Get(Napi::Env env);

  // Returns free space of at least `wanted` bytes, or a null base.
  char* Reserve(size_t wanted, size_t* length) {
    if (base_ == nullptr || kSize - used_ < wanted) return nullptr;
    *length = kSize - used_;
    return base_ + used_;
  }

  // Keeps the first `length` bytes of what was reserved, until `Clear`; returns their offset.
  int32_t Commit(size_t length) {
    const auto offset = static_cast<int32_t>(used_);
    used_ = (used_ + length + 63) & ~size_t{63};
    if (used_ > kSize) used_ = kSize;
    return offset;
  }

  // JS has read everything.
  void Clear() { used_ = 0; }

  void Detach() { buffer_.Reset(); }

 private:
  Napi::ObjectReference buffer_;
  char* base_ = nullptr;
  size_t used_ = 0;
};

}  // namespace loopdyno

#endif  // LOOPDYNO_HOT_BUFFER_H_
