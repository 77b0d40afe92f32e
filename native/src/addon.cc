// The addon's entry. Each environment (the main thread, every worker) loads the addon anew and gets
// classes of its own. There is no state outside of objects, except counters (see live_count.h).
#include <napi.h>

#include "guest_drive.h"
#include "io_loop.h"
#include "live_count.h"
#include "load_generator.h"

namespace {

using loopdyno::Live;
using loopdyno::LiveCount;

Napi::Value ProbeGuest(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), loopdyno::GuestDrive::Probe());
}

Napi::Value LiveCounts(const Napi::CallbackInfo& info) {
  Napi::Object counts = Napi::Object::New(info.Env());
  const auto set = [&counts](const char* name, Live kind) {
    counts.Set(name, static_cast<double>(LiveCount::Of(kind)));
  };
  set("loops", Live::kLoop);
  set("handles", Live::kHandle);
  set("requests", Live::kRequest);
  set("blocks", Live::kBlock);
  return counts;
}

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  exports.Set("IoLoop", loopdyno::IoLoop::Define(env));
  exports.Set("LoadGenerator", loopdyno::LoadGenerator::Define(env));
  exports.Set("probeGuest", Napi::Function::New<ProbeGuest>(env, "probeGuest"));
  exports.Set("liveCounts", Napi::Function::New<LiveCounts>(env, "liveCounts"));
  return exports;
}

}  // namespace

NODE_API_MODULE(NODE_GYP_MODULE_NAME, Init)
