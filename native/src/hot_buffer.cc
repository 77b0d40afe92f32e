#include "hot_buffer.h"

namespace loopdyno {

Napi::Value HotBuffer::Get(Napi::Env env, BufferPool* pool) {
  if (base_ == nullptr) {
    void* memory = nullptr;
    napi_value buffer = pool->Make(env, kSize, &memory);
    if (buffer == nullptr) return env.Undefined();
    buffer_ = Napi::Persistent(Napi::Object(env, buffer));
    base_ = static_cast<char*>(memory);
  }
  return buffer_.Value();
}

}  // namespace loopdyno
