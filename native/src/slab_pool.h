#ifndef LOOPDYNO_SLAB_POOL_H_
#define LOOPDYNO_SLAB_POOL_H_

#include <napi.h>

#include <cstddef>
#include <memory>
#include <vector>

namespace loopdyno {

// The memory of slabs, which goes round:
//
//   Make ─▶ a Buffer over it ─▶ JS drops the last view ─▶ V8 collects the Buffer ─▶ kept for Make
//
// V8's own allocator would give it back to the system in between; then every slab is page faults
// once more, 3 for each message of 100 KiB, a sixth of the cost of its echo.
//
// A Buffer may outlive the loop, so each one holds the pool. All of it runs on the environment's
// own thread.
class SlabPool : public std::enable_shared_from_this<SlabPool> {
 public:
  static constexpr size_t kSlabSize = 256 * 1024;

  SlabPool() = default;
  SlabPool(const SlabPool&) = delete;
  SlabPool& operator=(const SlabPool&) = delete;
  ~SlabPool();

  // A Buffer of kSlabSize uninitialised bytes; null when there is no memory, or the environment is
  // shutting down.
  napi_value Make(napi_env env, void** memory);

 private:
  void* Take();
  void GiveBack(void* memory);

  std::vector<void*> free_;
};

}  // namespace loopdyno

#endif  // LOOPDYNO_SLAB_POOL_H_
