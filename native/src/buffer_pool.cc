#include "buffer_pool.h"

#include <algorithm>
#include <new>

#include "live_count.h"

namespace loopdyno {

namespace {

// V8 collects young Buffers once they hold 32 MiB, and old ones after 64 MiB more. So this much may
// come back at once and be wanted again. With 48 MiB, 4 MiB files at concurrency 8 had three times
// as many page faults.
constexpr size_t kKeptBytes = 96 * 1024 * 1024;

// Larger blocks are not kept: they have their page faults.
constexpr size_t kLargest = 8 * 1024 * 1024;

constexpr size_t kSmallestStep = 64 * 1024;

// Aligned to a page, and so to a cache line: the kernel copies a message of 100 KiB a fifth faster
// than to the address 16 bytes further on that malloc gives.
constexpr std::align_val_t kAlignment{4096};

void* Allocate(size_t capacity) {
  void* memory = ::operator new(capacity, kAlignment, std::nothrow);
  if (memory != nullptr) LiveCount::Add(Live::kBlock, 1);
  return memory;
}

void Free(void* memory) {
  ::operator delete(memory, kAlignment);
  LiveCount::Add(Live::kBlock, -1);
}

// Sizes in between share a capacity that is at most a quarter larger: four steps between one power
// of two and the next.
size_t CapacityFor(size_t size) {
  size_t step = kSmallestStep;
  while (step * 8 <= size) step *= 2;
  return (size + step - 1) / step * step;
}

}  // namespace

BufferPool::~BufferPool() {
  for (auto& [capacity, blocks] : free_) {
    for (void* memory : blocks) Free(memory);
  }
}

napi_value BufferPool::Make(napi_env env, size_t size, void** memory) {
  napi_value buffer = nullptr;
  if (size <= kLargest) {
    // V8 checks how much memory young Buffers hold only when it allocates the memory of a Buffer
    // itself. So a tiny one is allocated here; otherwise Buffers pile up until a full collection.
    void* tiny = nullptr;
    if (napi_create_buffer(env, 1, &tiny, &buffer) != napi_ok) return nullptr;

    const size_t capacity = CapacityFor(size);
    *memory = Take(capacity);
    if (*memory == nullptr) return nullptr;
    auto* lease = new Lease{shared_from_this(), capacity};
    const napi_status status = napi_create_external_buffer(
        env, size, *memory,
        [](napi_env, void* released, void* hint) {
          auto* ended = static_cast<Lease*>(hint);
          ended->pool->GiveBack(released, ended->capacity);
          delete ended;
        },
        lease, &buffer);
    if (status == napi_ok) return buffer;
    delete lease;
    GiveBack(*memory, capacity);
    // Some hosts do not let V8 use memory that is not its own (Electron).
  }
  return napi_create_buffer(env, size, memory, &buffer) == napi_ok ? buffer : nullptr;
}

void* BufferPool::Take(size_t capacity) {
  const auto found = free_.find(capacity);
  if (found == free_.end() || found->second.empty()) {
    return Allocate(capacity);
  }
  void* latest = found->second.back();  // the most likely one to be in a cache
  found->second.pop_back();
  free_bytes_ -= capacity;
  return latest;
}

void BufferPool::GiveBack(void* memory, size_t capacity) {
  if (free_bytes_ + capacity > kKeptBytes) {
    Free(memory);
    return;
  }
  free_[capacity].push_back(memory);
  free_bytes_ += capacity;
}

}  // namespace loopdyno
