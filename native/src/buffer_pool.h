#ifndef LOOPDYNO_BUFFER_POOL_H_
#define LOOPDYNO_BUFFER_POOL_H_

#include <node_api.h>

#include <cstddef>
#include <map>
#include <memory>
#include <vector>

namespace loopdyno {

// Buffers whose memory is reused:
//
//   Make ─▶ a Buffer over it ─▶ JS drops the last view ─▶ V8 collects the Buffer ─▶ kept for Make
//
// V8's own allocator would give large memory back to the system in between. Then every page of it
// is a page fault again: more than half the cost of reading a file of 4 MiB, and a sixth of that of
// an echo of 100 KiB.
//
// The cost: a loop that has had much in flight keeps that memory, up to 96 MiB, until it is closed.
//
// A Buffer may outlive the loop, so each Buffer holds the pool. All of it runs on the environment's
// own thread.
class BufferPool : public std::enable_shared_from_this<BufferPool> {
 public:
  BufferPool() = default;
  BufferPool(const BufferPool&) = delete;
  BufferPool& operator=(const BufferPool&) = delete;
  ~BufferPool();

  // A Buffer of `size` uninitialised bytes; null when there is no memory, or the environment is
  // shutting down.
  napi_value Make(napi_env env, size_t size, void** memory);

 private:
  struct Lease {
    std::shared_ptr<BufferPool> pool;
    size_t capacity;
  };

  void* Take(size_t capacity);
  void GiveBack(void* memory, size_t capacity);

  std::map<size_t, std::vector<void*>> free_;  // by capacity
  size_t free_bytes_ = 0;
};

}  // namespace loopdyno

#endif  // LOOPDYNO_BUFFER_POOL_H_
