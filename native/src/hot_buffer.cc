#include "hot_buffer.h"

namespace loopdyno {

Napi::Value HotBuffer::Get(Napi::Env env) {
  if (base_ == nullptr) {
    void* memory = nullptr;
    napi_value buffer = nullptr;
    if (napi_create_buffer(env, kSize, &memory, &buffer) != napi_ok) return env.Undefined();
    buffer_ = Napi::Persistent(Napi::Object(env, buffer));
    base_ = static_cast<char*>(memory);
  }
  return buffer_.Value();
}

}  // namespace loopdyno
