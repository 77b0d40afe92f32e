#include "slab.h"

namespace loopdyno {

namespace {

// Shorter reads are packed to 8 bytes, longer ones to cache lines, which the kernel copies best.
constexpr size_t kDense = 512;

}  // namespace

void Slab::Attach(Napi::Array announced, Completions* completions, BufferPool* pool) {
  pool_ = pool;
  announced_ = Napi::Persistent(announced);
  completions_ = completions;
}

Slab::Space Slab::Reserve(size_t wanted) {
  if (size_ - used_ < wanted && !Renew()) return {nullptr, 0};
  return {base_ + used_, size_ - used_};
}

int32_t Slab::Commit(size_t length) {
  const auto offset = static_cast<int32_t>(used_);
  const size_t rounding = (length < kDense ? 8 : 64) - 1;
  used_ = (used_ + length + rounding) & ~rounding;
  return offset;
}

// JS holds the slab: first through `announced`, then as its current one, until the record of the
// next slab. So the memory exists for as long as we fill it.
bool Slab::Renew() {
  Napi::Env env = announced_.Env();
  Napi::HandleScope scope(env);
  void* memory = nullptr;
  napi_value buffer = pool_->Make(env, kSize, &memory);
  if (buffer == nullptr) return false;
  Napi::Array announced = announced_.Value();
  if (napi_set_element(env, announced, announced.Length(), buffer) != napi_ok) return false;
  base_ = static_cast<char*>(memory);
  used_ = 0;
  size_ = kSize;
  completions_->Add(Op::kSlab);
  return true;
}

}  // namespace loopdyno
