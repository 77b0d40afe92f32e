#include "slab_pool.h"

#include <new>

namespace loopdyno {

namespace {

// V8 collects young Buffers once they hold 32 MiB: so many slabs are on their way at least.
constexpr size_t kKept = 40 * 1024 * 1024 / SlabPool::kSlabSize;

// On a page, and by that on a cache line: the kernel copies a message of 100 KiB a fifth faster
// than to the address 16 bytes further on that malloc gives.
constexpr std::align_val_t kAlignment{4096};

void Free(void* memory) { ::operator delete(memory, kAlignment); }

}  // namespace

SlabPool::~SlabPool() {
  for (void* memory : free_) Free(memory);
}

napi_value SlabPool::Make(napi_env env, void** memory) {
  // V8 only looks how much young Buffers hold when it allocates the memory of one itself. So that
  // it does, it is asked for a tiny one each time; else the slabs pile up until a full collection.
  void* tiny = nullptr;
  napi_value buffer = nullptr;
  if (napi_create_buffer(env, 1, &tiny, &buffer) != napi_ok) return nullptr;

  *memory = Take();
  if (*memory == nullptr) return nullptr;
  auto* owner = new std::shared_ptr<SlabPool>(shared_from_this());
  const napi_status status = napi_create_external_buffer(
      env, kSlabSize, *memory,
      [](napi_env, void* released, void* hint) {
        auto* pool = static_cast<std::shared_ptr<SlabPool>*>(hint);
        (*pool)->GiveBack(released);
        delete pool;
      },
      owner, &buffer);
  if (status == napi_ok) return buffer;
  delete owner;
  GiveBack(*memory);
  // Some hosts do not let V8 lend memory (Electron): there it is V8's own.
  return napi_create_buffer(env, kSlabSize, memory, &buffer) == napi_ok ? buffer : nullptr;
}

void* SlabPool::Take() {
  if (free_.empty()) return ::operator new(kSlabSize, kAlignment, std::nothrow);
  void* latest = free_.back();  // the likeliest to be in a cache
  free_.pop_back();
  return latest;
}

void SlabPool::GiveBack(void* memory) {
  if (free_.size() < kKept) {
    free_.push_back(memory);
  } else {
    Free(memory);
  }
}

}  // namespace loopdyno
