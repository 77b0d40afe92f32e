// The addon's entry. There is no state here or anywhere else outside of objects: each environment
// (the main thread, every worker) loads the addon anew and gets classes of its own.
#include <napi.h>

#include "guest_drive.h"
#include "io_loop.h"
#include "load_generator.h"

namespace {

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  exports.Set("IoLoop", loopdyno::IoLoop::Define(env));
  exports.Set("LoadGenerator", loopdyno::LoadGenerator::Define(env));
  exports.Set("probeGuest", Napi::Function::New(env, [](const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), loopdyno::GuestDrive::Probe());
  }));
  return exports;
}

}  // namespace

NODE_API_MODULE(NODE_GYP_MODULE_NAME, Init)
