#ifndef LOOPDYNO_SLAB_H_
#define LOOPDYNO_SLAB_H_

#include <napi.h>

#include <cstddef>
#include <cstdint>

#include "buffer_pool.h"
#include "completions.h"

namespace loopdyno {

// The memory for incoming bytes. One big uninitialised Buffer is filled from the front. JS gets
// views of it, which it may keep as long as it likes, since no byte of a slab is written twice.
//
//   ┌──────┬───┬─────────┬────────────────────────────┐
//   │ read │ r │  read   │ free                       │   Reserve: all that is free, for one read
//   └──────┴───┴─────────┴────────────────────────────┘   Commit: as much of it as was used,
//                        ^ used_                            rounded up a little
//
// Making an ArrayBuffer costs 1 to 2 µs, a view of one 30 ns. When the rest is too small, a new
// slab is pushed to the JS array `announced`, and a record tells JS at which point to change over.
// The cost: a view that is kept for long keeps its whole slab, so slabs are not larger than this.
class Slab {
 public:
  struct Space {
    char* base;
    size_t length;
  };

  static constexpr size_t kSize = 256 * 1024;

  void Attach(Napi::Array announced, Completions* completions, BufferPool* pool);
  void Detach() { announced_.Reset(); }

  // Returns free space of at least `wanted` bytes (at most kSize). `base` is null if there is no
  // memory, or if the environment is shutting down.
  Space Reserve(size_t wanted);

  // Keeps the first `length` bytes of the reserved space; returns their offset in the slab.
  int32_t Commit(size_t length);

 private:
  bool Renew();

  Napi::Reference<Napi::Array> announced_;
  Completions* completions_ = nullptr;
  BufferPool* pool_ = nullptr;
  char* base_ = nullptr;
  size_t used_ = 0;
  size_t size_ = 0;
};

}  // namespace loopdyno

#endif  // LOOPDYNO_SLAB_H_
